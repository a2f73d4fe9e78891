//! What differs between what the two sides tell, leaf by leaf.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use curfew_core::model::*;
use curfew_core::ports::ActionError;
use serde::Serialize;
use serde_json::Value;

use crate::both::Both;
use crate::names::Names;

/// A difference that is known and has a reason.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Where: all words must be in the place, in this order.
    pub place: &'static [&'static str],
    /// Why both may be right, with the fact, or why nobody knows.
    pub why: &'static str,
}

impl Known {
    /// Whether a place is meant.
    pub fn covers(&self, place: &str) -> bool {
        let mut rest = place;
        self.place.iter().all(|word| match rest.split_once(word) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    }
}

/// Something that the two sides tell differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub place: String,
    /// What the simulator says.
    pub simulated: String,
    /// What the emulator says.
    pub emulated: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} in the simulator, {} in the emulator", self.place, self.simulated, self.emulated)
    }
}

type Leaves = BTreeMap<String, String>;

/// What differs between two things of the same kind, with their ids named.
pub fn differences<T: Serialize>(things: &Both<T>, names: &Both<Names>) -> Vec<Difference> {
    let Both { simulated, emulated } = things.with(names, leaves);
    let places: BTreeSet<&String> = simulated.keys().chain(emulated.keys()).collect();
    let leaf = |leaves: &Leaves, place: &String| leaves.get(place).cloned().unwrap_or_else(|| "nothing".to_owned());
    let differ = |place: &&String| simulated.get(*place) != emulated.get(*place);
    let told = |place: &String| Difference {
        place: place.clone(),
        simulated: leaf(&simulated, place),
        emulated: leaf(&emulated, place),
    };
    places.into_iter().filter(differ).map(told).collect()
}

fn leaves<T: Serialize>(thing: &T, names: &Names) -> Leaves {
    let mut leaves = Leaves::new();
    let value = serde_json::to_value(thing).expect("it serializes");
    flatten(String::new(), &value, names, &mut leaves);
    leaves
}

fn flatten(place: String, value: &Value, names: &Names, leaves: &mut Leaves) {
    let below = |key: &str| if place.is_empty() { names.of(key) } else { format!("{place} / {}", names.of(key)) };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(key, value)| flatten(below(key), value, names, leaves));
        }
        Value::Array(items) if !items.is_empty() => {
            items
                .iter()
                .enumerate()
                .for_each(|(number, item)| flatten(below(&number.to_string()), item, names, leaves));
        }
        Value::Object(_) | Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            leaves.insert(place, names.of(&value.to_string()));
        }
    }
}

/// An observation without what differs by its nature: of failures the codes are left, sorted; orphans come by name, not
/// by id.
pub fn for_machines(seen: &Observation) -> Observation {
    let mut seen = seen.clone();
    // What holds an address is told by a network interface, of which the simulated account has none.
    seen.addresses.values_mut().for_each(|found| {
        if let Seen::Ready(address) = found {
            address.holder = None;
        }
    });
    for failures in seen.failed_nat_gateways.values_mut() {
        failures.iter_mut().for_each(|why| *why = why.split(':').next().unwrap_or_default().to_owned());
        failures.sort();
    }
    seen.orphans.values_mut().for_each(|orphans| orphans.sort_by_key(name_of));
    seen
}

fn name_of(orphan: &Orphan) -> String {
    match orphan {
        Orphan::Address(one) => one.name().to_string(),
        Orphan::NatGateway { name, .. } | Orphan::VpcEndpoint { name, .. } => name.to_string(),
        Orphan::LoadBalancer { name, .. } => name.to_string(),
    }
}

/// What an action was answered, in a word.
pub fn answer(result: &Result<(), ActionError>) -> String {
    match result {
        Ok(()) => "ok".to_owned(),
        Err(error) => match error.retry {
            Retry::NextRun => format!("{}, in the next run", error.code),
            Retry::Later => format!("{}, look again", error.code),
            Retry::Never => format!("{}, refused", error.code),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_that_differs_is_told_by_its_place() {
        let simulated = serde_json::json!({ "same": 1, "list": [1, 2], "only": {}, "state": { "ready": "a" } });
        let emulated = serde_json::json!({ "same": 1, "list": [1, 3], "state": { "pending": "a" } });
        let names = Both { simulated: Names::default(), emulated: Names::default() };
        let told = differences(&Both { simulated, emulated }, &names);
        let places: Vec<&str> = told.iter().map(|difference| difference.place.as_str()).collect();
        assert_eq!(places, ["list / 1", "only", "state / pending", "state / ready"]);
        assert_eq!(told[0].to_string(), "list / 1: 2 in the simulator, 3 in the emulator");
    }

    #[test]
    fn a_known_difference_covers_its_place_alone() {
        let known = Known { place: &["natGateways", "tags"], why: "" };
        let covered =
            ["natGateways / a / ready / tags / Name", "natGateways / tags / natGateways", "tags / natGateways"];
        assert_eq!(covered.map(|place| known.covers(place)), [true, true, false]);
    }
}
