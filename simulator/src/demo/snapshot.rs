//! What is there, read from the account itself, to compare a morning with the evening before it.

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::model::*;
use serde::Serialize;
use serde_json::{Value, json};

use crate::account::{Account, RouteTo};

/// The runtime tier as a person would compare it: every value by its place. Ids and names that AWS gives anew each time
/// are left out, and so are Curfew's own tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    values: BTreeMap<String, Value>,
    /// The revisions that run, by service.
    pub revisions: BTreeMap<ServiceName, BTreeSet<u32>>,
}

/// A value that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which.
    pub place: String,
    /// What it was; null if it was not there.
    pub before: Value,
    /// What it is; null if it is not there.
    pub after: Value,
}

impl Snapshot {
    /// Takes one.
    pub fn of(account: &Account) -> Self {
        let mut values = BTreeMap::new();
        for (name, value) in resources(account) {
            flatten(&name, &value, &mut values);
        }
        let mut revisions: BTreeMap<ServiceName, BTreeSet<u32>> = BTreeMap::new();
        for task in account.tasks.values() {
            revisions.entry(task.service.clone()).or_default().insert(task.revision);
        }
        Self { values, revisions }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether there is anything at a place or below it.
    pub fn has(&self, place: &str) -> bool {
        let below = format!("{place}/");
        self.values.contains_key(place)
            || self.values.range(below.clone()..).next().is_some_and(|(first, _)| first.starts_with(&below))
    }

    /// What is not as it was before.
    pub fn differences_since(&self, before: &Self) -> Vec<Difference> {
        let places: BTreeSet<&String> = before.values.keys().chain(self.values.keys()).collect();
        let value = |of: &Self, place: &String| of.values.get(place).cloned().unwrap_or_default();
        let pairs = places.into_iter().map(|place| (place, value(before, place), value(self, place)));
        pairs
            .filter(|(_, before, after)| before != after)
            .map(|(place, before, after)| Difference { place: place.clone(), before, after })
            .collect()
    }
}

/// A rule's place.
pub fn rule_place(load_balancer: &LoadBalancerName, port: u16, priority: u16) -> String {
    format!("load balancer {load_balancer}/listeners/{port}/rules/{priority}")
}

fn resources(account: &Account) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let ip = |id: &AllocationId| account.addresses.get(id).map(|address| address.public_ip.clone());
    for address in account.addresses.values() {
        found.push((format!("address {}", address.public_ip), json!({ "tags": address.tags })));
    }
    for one in account.nat_gateways.values().filter(|one| one.state.is_alive()) {
        let place = format!("NAT gateway in {}", one.subnet);
        found.push((place, json!({ "address": ip(&one.allocation), "tags": one.tags })));
    }
    for (key, to) in &account.routes {
        let to = match to {
            RouteTo::NatGateway(id) => account.nat_gateways.get(id).map(|one| format!("NAT gateway in {}", one.subnet)),
            RouteTo::Other(target) => Some(target.clone()),
        };
        found.push((format!("route {key}"), json!(to)));
    }
    for one in account.vpc_endpoints.values().filter(|one| one.state.is_alive()) {
        let mut value = json!(one.configuration);
        value["tags"] = json!(one.tags);
        found.push((format!("VPC endpoint of {}", one.configuration.service), value));
    }
    for one in account.load_balancers.values() {
        let mut value = json!(one.configuration);
        value["tags"] = json!(one.tags);
        // A rule may name the load balancer's own DNS name, which is another one each morning.
        let text = value.to_string().replace(&one.dns_name, one.name.as_str());
        found.push((format!("load balancer {}", one.name), serde_json::from_str(&text).unwrap_or(value)));
    }
    for (key, record) in &account.records {
        found.push((format!("DNS {key}"), destination(account, &record.target)));
    }
    for (name, service) in &account.services {
        let value = json!({
            "desiredCount": service.desired_count,
            "taskDefinition": service.family,
            "targetGroups": service.target_groups,
            "definition": service.definition,
            "tags": service.tags,
        });
        found.push((format!("service {name}"), value));
    }
    for (name, target) in &account.scalable_targets {
        let policies: BTreeMap<&String, String> =
            target.policies.iter().map(|(name, one)| (name, one.words())).collect();
        let value = json!({
            "bounds": target.bounds,
            "suspended": target.suspended,
            "policies": policies,
            "scheduledActions": target.scheduled_actions,
        });
        found.push((format!("auto scaling of service {name}"), value));
    }
    found
}

/// Where a record points, by the load balancer's own name: its DNS name is another one each morning.
fn destination(account: &Account, target: &RecordTarget) -> Value {
    let RecordTarget::Alias { dns_name, evaluate_target_health, .. } = target else { return json!(target) };
    let named = account.load_balancers.values().find(|one| dns_name.ends_with(&one.dns_name));
    let form = named.map(|one| dns_name.replace(&one.dns_name, one.name.as_str()));
    json!({ "alias": form.as_ref().unwrap_or(dns_name), "evaluateTargetHealth": evaluate_target_health })
}

fn flatten(place: &str, value: &Value, values: &mut BTreeMap<String, Value>) {
    let mut below = |key: &str, value: &Value| flatten(&format!("{place}/{key}"), value, values);
    match value {
        Value::Object(map) => map.iter().filter(|(key, _)| !key.starts_with("curfew:")).for_each(|(k, v)| below(k, v)),
        Value::Array(list) => list.iter().enumerate().for_each(|(number, value)| below(&number.to_string(), value)),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            values.insert(place.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use curfew_core::model::LoadBalancerName;

    use super::*;
    use crate::environment::{Example, by_day};
    use crate::latency::Draw;

    fn laid(example: Example) -> Account {
        let blueprint = example.blueprint().expect("a blueprint");
        let now: DateTime<Utc> = "2026-10-26T04:00:00Z".parse().expect("an instant");
        by_day(&blueprint, example.base_tier(), now, Draw::Median)
    }

    #[test]
    fn whatever_is_lost_or_changed_is_a_difference() {
        let name: LoadBalancerName = "platform-dev-alb".parse().expect("a name");
        let before = Snapshot::of(&laid(Example::Platform));
        assert_eq!(before.differences_since(&Snapshot::of(&laid(Example::Platform))), []);
        assert!(before.has(&rule_place(&name, 443, 30)) && !before.has(&rule_place(&name, 443, 3)));
        let mut account = laid(Example::Platform);
        let one = account.load_balancers.values_mut().next().expect("a load balancer");
        one.configuration.listeners.get_mut(&443).expect("a listener").rules.remove(&30);
        one.configuration.attributes.insert("idle_timeout.timeout_seconds".to_owned(), "61".to_owned());
        account.services.values_mut().next().expect("a service").desired_count = 3;
        account.routes.pop_first();
        let after = Snapshot::of(&account);
        assert!(!after.has(&rule_place(&name, 443, 30)));
        let differences = after.differences_since(&before);
        let places: BTreeSet<&str> = differences.iter().map(|one| one.place.split('/').next().unwrap_or("")).collect();
        assert_eq!(places.len(), 3, "{differences:#?}");
        assert!(differences.iter().any(|one| one.before == "60" && one.after == "61"));
    }

    #[test]
    fn names_that_aws_gives_anew_are_no_difference() {
        let before = Snapshot::of(&laid(Example::Durable));
        let mut account = laid(Example::Durable);
        for one in account.load_balancers.values_mut() {
            one.dns_name = format!("another-{}", one.dns_name);
        }
        // The record still names the old one: that is a difference, until it follows.
        assert_eq!(Snapshot::of(&account).differences_since(&before).len(), 1);
        for record in account.records.values_mut() {
            if let RecordTarget::Alias { dns_name, .. } = &mut record.target {
                *dns_name = format!("another-{dns_name}");
            }
        }
        assert_eq!(Snapshot::of(&account).differences_since(&before), []);
    }
}
