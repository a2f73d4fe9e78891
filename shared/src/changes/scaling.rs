//! What changed of a service's auto scaling: bounds and what is suspended by value, policies and scheduled actions by name.

use super::compare::{Changes, things};
use super::{Change, Difference};
use crate::model::{Bounds, Scaling, ServiceName};

pub(super) fn scaling(name: &ServiceName, from: Option<&Scaling>, to: Option<&Scaling>, found: &mut Vec<Change>) {
    let subject = format!("auto scaling of service {name}");
    let (from, to) = match (from, to) {
        (Some(from), Some(to)) => (from, to),
        (None, None) => return,
        (None, Some(_)) => return found.push(Change { subject, difference: Difference::Added }),
        (Some(_), None) => return found.push(Change { subject, difference: Difference::Removed }),
    };
    let Scaling { suspended, bounds, policies, scheduled_actions } = from;
    let minimum = |bounds: &Option<Bounds>| bounds.map(|bounds| bounds.minimum);
    let maximum = |bounds: &Option<Bounds>| bounds.map(|bounds| bounds.maximum);
    let mut changes = Changes::of(&subject, found);
    changes.value("minimum", &minimum(bounds), &minimum(&to.bounds));
    changes.value("maximum", &maximum(bounds), &maximum(&to.bounds));
    changes.set("suspended", suspended, &to.suspended);
    for (kind, from, to) in
        [("policy", policies, &to.policies), ("scheduled action", scheduled_actions, &to.scheduled_actions)]
    {
        let named = |name: &String| format!("{kind} {name} of {subject}");
        things(from, to, found, named, |name, from, to, found| {
            Changes::of(named(name), found).content("configuration", from, to);
        });
    }
}
