//! What is there, in the blueprint's own words.

use std::collections::BTreeMap;

use crate::model::*;

/// The tier as it is observed: every resource of `tier` that is there, as it is; those that are not are left out.
pub fn capture(tier: &RuntimeTier, seen: &Observation) -> RuntimeTier {
    RuntimeTier {
        addresses: captured(&tier.addresses, &seen.addresses, |declared, found| Address {
            tags: own_tags(&found.tags),
            ..declared.clone()
        }),
        nat_gateways: captured(&tier.nat_gateways, &seen.nat_gateways, |declared, found| NatGateway {
            subnet: found.subnet.clone().unwrap_or_else(|| declared.subnet.clone()),
            address: address_of(found, seen).unwrap_or_else(|| declared.address.clone()),
            tags: own_tags(&found.tags),
            adopted: declared.adopted.clone(),
            alarms: declared.alarms,
        }),
        routes: tier.routes.clone(),
        load_balancers: captured(&tier.load_balancers, &seen.load_balancers, |declared, found| {
            let mut captured = found.configuration.clone();
            captured.adopted = declared.adopted.clone();
            captured.deletion_protection = declared.deletion_protection;
            captured.alarms = declared.alarms;
            captured
        }),
        dns_records: captured(&tier.dns_records, &seen.records, captured_record),
        services: captured(&tier.services, &seen.services, |declared, found| {
            let definition = found.configuration.definition.clone().or_else(|| declared.definition.clone());
            Service {
                desired_count: found.configuration.desired_count,
                definition: definition
                    .map(|definition| ServiceDefinition { tags: own_tags(&definition.tags), ..definition }),
                scaling: found.configuration.scaling.clone(),
                ..declared.clone()
            }
        }),
        databases: captured(&tier.databases, &seen.databases, |declared, found| Database {
            while_up: match found.status.doing() {
                Doing::Stopped | Doing::Stopping => DatabaseWhileUp::Stopped,
                Doing::Available | Doing::Serving | Doing::Starting | Doing::Busy | Doing::Broken | Doing::Deleting => {
                    DatabaseWhileUp::Running
                }
            },
            size: found.size.clone().or_else(|| declared.size.clone()),
            ..declared.clone()
        }),
        draining: tier.draining,
        standalone_tasks: tier.standalone_tasks,
        other_users: tier.other_users.clone(),
        vpc_endpoints: captured(&tier.vpc_endpoints, &seen.vpc_endpoints, |declared, found| VpcEndpoint {
            adopted: declared.adopted.clone(),
            ..found.configuration.clone()
        }),
        instances: captured(&tier.instances, &seen.instances, |declared, found| Instance {
            while_up: match found.state {
                InstanceState::Stopped | InstanceState::Stopping => InstanceWhileUp::Stopped,
                InstanceState::Pending
                | InstanceState::Running
                | InstanceState::ShuttingDown
                | InstanceState::Terminated => InstanceWhileUp::Running,
            },
            ..declared.clone()
        }),
        auto_scaling_groups: captured(&tier.auto_scaling_groups, &seen.auto_scaling_groups, |declared, found| {
            AutoScalingGroup { capacity: found.capacity, ..declared.clone() }
        }),
    }
}

fn captured<K: Ord + Clone, D, T>(
    declared: &BTreeMap<K, D>,
    seen: &BTreeMap<K, Seen<T>>,
    one: impl Fn(&D, &T) -> D,
) -> BTreeMap<K, D> {
    let standing = |key: &K| seen.get(key).and_then(Seen::standing);
    declared.iter().filter_map(|(key, value)| Some((key.clone(), one(value, standing(key)?)))).collect()
}

fn address_of(found: &ObservedNatGateway, seen: &Observation) -> Option<LogicalName> {
    let allocation = found.allocation.as_ref()?;
    let holds = |address: &Seen<ObservedAddress>| address.present().is_some_and(|a| a.ownership.id() == allocation);
    seen.addresses.iter().find(|(_, address)| holds(address)).map(|(name, _)| name.clone())
}

fn captured_record(declared: &DnsRecord, found: &ObservedRecord) -> DnsRecord {
    match &found.target {
        RecordTarget::Alias { dns_name, evaluate_target_health, .. } => DnsRecord {
            evaluate_target_health: *evaluate_target_health,
            alias_form: if dns_name.starts_with("dualstack.") { AliasForm::Dualstack } else { AliasForm::Plain },
            ..declared.clone()
        },
        RecordTarget::Values(_) => declared.clone(),
    }
}

/// Adds to a recording what people put on a load balancer that is only partly back: nothing of theirs is lost when the
/// evening comes before a morning that never finished.
pub fn absorb(recorded: &mut RuntimeTier, present: &RuntimeTier) {
    for (name, there) in &present.load_balancers {
        let Some(load_balancer) = recorded.load_balancers.get_mut(name) else {
            recorded.load_balancers.insert(name.clone(), there.clone());
            continue;
        };
        add_missing(&mut load_balancer.tags, &there.tags);
        load_balancer.web_acl = load_balancer.web_acl.take().or_else(|| there.web_acl.clone());
        add_missing(&mut load_balancer.listeners, &there.listeners);
        for (port, listener) in &there.listeners {
            let Some(recorded) = load_balancer.listeners.get_mut(port) else { continue };
            add_missing(&mut recorded.rules, &listener.rules);
            recorded.additional_certificates.extend(listener.additional_certificates.iter().cloned());
        }
    }
}

fn add_missing<K: Ord + Clone, V: Clone>(to: &mut BTreeMap<K, V>, from: &BTreeMap<K, V>) {
    for (key, value) in from {
        to.entry(key.clone()).or_insert_with(|| value.clone());
    }
}
