//! The order of services: each comes after services that there are, and none after itself.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::problems::Problems;
use crate::model::{Service, ServiceName};

/// Finds names that lead nowhere, and circles, of which each service tells its own.
pub(super) fn check(services: &BTreeMap<ServiceName, Service>, problems: &mut Problems) {
    for (name, service) in services {
        let place = format!("services.{name}.after");
        for missing in service.after.iter().filter(|first| !services.contains_key(*first)) {
            problems.add(&place, format!("there is no service `{missing}` under `services`"));
        }
        if let Some(circle) = circle(services, name) {
            let circle = circle.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" after ");
            problems.add(&place, format!("none of these would ever start: {circle}"));
        }
    }
}

/// The shortest way from a service back to it, if there is one.
fn circle<'a>(services: &'a BTreeMap<ServiceName, Service>, name: &'a ServiceName) -> Option<Vec<&'a ServiceName>> {
    let mut known = BTreeSet::new();
    let mut ways = VecDeque::from([vec![name]]);
    while let Some(way) = ways.pop_front() {
        let last = services.get(*way.last()?);
        for next in last.iter().flat_map(|service| &service.after) {
            let further = [way.as_slice(), &[next]].concat();
            if next == name {
                return Some(further);
            }
            if known.insert(next) {
                ways.push_back(further);
            }
        }
    }
    None
}
