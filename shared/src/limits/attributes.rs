//! The attributes of load balancers and listeners, and their values.
//!
//! AWS adds attributes. One that this Curfew does not know is a mistake in a blueprint that somebody wrote; what AWS itself shows of a
//! load balancer is recorded and brought back whatever it is called.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Field, packed, unknown, wrong};

/// Whose attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// Those of an application load balancer.
    LoadBalancer,
    /// Those of its listeners.
    Listener,
}

/// By name, what values each has.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    load_balancer: BTreeMap<String, Values>,
    listener: BTreeMap<String, Values>,
}

#[derive(Deserialize)]
struct Values {
    range: Option<(u32, u32)>,
    #[serde(default)]
    values: Vec<String>,
}

fn known(kind: AttributeKind) -> &'static BTreeMap<String, Values> {
    match kind {
        AttributeKind::LoadBalancer => &packed().attributes.load_balancer,
        AttributeKind::Listener => &packed().attributes.listener,
    }
}

/// Whether the models have an attribute of this name.
pub fn is_known_attribute(kind: AttributeKind, name: &str) -> bool {
    known(kind).contains_key(name)
}

/// What is wrong with an attribute: nothing, or a sentence.
pub fn wrong_attribute(kind: AttributeKind, name: &str, value: &str) -> Option<String> {
    let known = known(kind);
    let Some(Values { range, values }) = known.get(name) else {
        return Some(unknown("an attribute", name, known.keys().map(String::as_str)));
    };
    if let Some((first, last)) = range {
        let is_within = value.parse().is_ok_and(|number: u32| (*first..=*last).contains(&number));
        return (!is_within).then(|| format!("`{value}` is not a number from {first} to {last}"));
    }
    // By its documentation, cross-zone load balancing cannot be changed on an application load balancer.
    if name == "load_balancing.cross_zone.enabled" && value != "true" {
        return Some("it is `true` of every application load balancer, and cannot be changed".to_owned());
    }
    if !values.is_empty() && !values.iter().any(|one| one == value) {
        return Some(format!("`{value}` is not one of {}", values.join(", ")));
    }
    wrong(Field::AttributeValue, value)
}
