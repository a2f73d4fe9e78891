//! Blueprint and recording into one tier, like `kubectl apply`: what changed in the blueprint since it was last applied
//! comes from the blueprint, everything else from the recording.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::*;

/// The tier that a morning brings back.
///
/// `now` is the blueprint's, `declared` the blueprint's when it was last applied, `observed` what was there in the evening.
/// Which resources there are is the blueprint's to say; what they are like, down to a listener's rules, is the recording's
/// unless the blueprint was edited there. A task definition never comes from a recording (invariant 6).
pub fn merge(now: &RuntimeTier, declared: &RuntimeTier, observed: &RuntimeTier) -> RuntimeTier {
    RuntimeTier {
        addresses: resources(&now.addresses, &declared.addresses, &observed.addresses),
        nat_gateways: resources(&now.nat_gateways, &declared.nat_gateways, &observed.nat_gateways),
        routes: now.routes.clone(),
        load_balancers: resources(&now.load_balancers, &declared.load_balancers, &observed.load_balancers),
        dns_records: resources(&now.dns_records, &declared.dns_records, &observed.dns_records),
        services: resources(&now.services, &declared.services, &observed.services),
        databases: resources(&now.databases, &declared.databases, &observed.databases),
        draining: now.draining,
        standalone_tasks: now.standalone_tasks,
        other_users: now.other_users.clone(),
        vpc_endpoints: resources(&now.vpc_endpoints, &declared.vpc_endpoints, &observed.vpc_endpoints),
        instances: resources(&now.instances, &declared.instances, &observed.instances),
        auto_scaling_groups: resources(
            &now.auto_scaling_groups,
            &declared.auto_scaling_groups,
            &observed.auto_scaling_groups,
        ),
    }
}

/// Something that can be merged out of what is declared now, what was declared before, and what was observed.
trait Merge: Sized {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self;
}

/// What is one thing: the blueprint's if it was edited, else what was observed.
fn whole<T: Clone + PartialEq>(now: &T, declared: &T, observed: &T) -> T {
    if now == declared { observed.clone() } else { now.clone() }
}

/// Resources: exactly those that the blueprint names.
fn resources<K: Ord + Clone, T: Merge + Clone>(
    now: &BTreeMap<K, T>,
    declared: &BTreeMap<K, T>,
    observed: &BTreeMap<K, T>,
) -> BTreeMap<K, T> {
    let merged = |key: &K, value: &T| match observed.get(key) {
        Some(seen) => T::merge(value, declared.get(key).unwrap_or(value), seen),
        None => value.clone(),
    };
    now.iter().map(|(key, value)| (key.clone(), merged(key, value))).collect()
}

/// Parts of a resource: those that were there, with the blueprint's edits of the list itself.
fn entries<K: Ord + Clone, T: Clone + PartialEq>(
    now: &BTreeMap<K, T>,
    declared: &BTreeMap<K, T>,
    observed: &BTreeMap<K, T>,
    merge_one: impl Fn(&T, &T, &T) -> T,
) -> BTreeMap<K, T> {
    let keys: BTreeSet<&K> = now.keys().chain(observed.keys()).collect();
    let merged = |key: &K| match (now.get(key), declared.get(key), observed.get(key)) {
        (Some(now), Some(declared), Some(observed)) => Some(merge_one(now, declared, observed)),
        // Declared as before and gone: a person took it away, and it stays away.
        (Some(now), Some(declared), None) => (now != declared).then(|| now.clone()),
        // New in the blueprint.
        (Some(now), None, _) => Some(now.clone()),
        // No longer in the blueprint.
        (None, Some(_), _) => None,
        // Never in the blueprint: a person's.
        (None, None, observed) => observed.cloned(),
    };
    keys.into_iter().filter_map(|key| Some((key.clone(), merged(key)?))).collect()
}

fn set<T: Ord + Clone>(now: &BTreeSet<T>, declared: &BTreeSet<T>, observed: &BTreeSet<T>) -> BTreeSet<T> {
    let map = |set: &BTreeSet<T>| set.iter().map(|entry| (entry.clone(), ())).collect::<BTreeMap<_, _>>();
    entries(&map(now), &map(declared), &map(observed), |(), (), ()| ()).into_keys().collect()
}

impl Merge for Address {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            while_down: now.while_down,
            tags: entries(&now.tags, &declared.tags, &observed.tags, whole),
            adopted: now.adopted.clone(),
        }
    }
}

impl Merge for NatGateway {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            subnet: whole(&now.subnet, &declared.subnet, &observed.subnet),
            address: whole(&now.address, &declared.address, &observed.address),
            tags: entries(&now.tags, &declared.tags, &observed.tags, whole),
            adopted: now.adopted.clone(),
            alarms: now.alarms,
        }
    }
}

impl Merge for LoadBalancer {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            scheme: whole(&now.scheme, &declared.scheme, &observed.scheme),
            ip_address_type: whole(&now.ip_address_type, &declared.ip_address_type, &observed.ip_address_type),
            subnets: whole(&now.subnets, &declared.subnets, &observed.subnets),
            security_groups: whole(&now.security_groups, &declared.security_groups, &observed.security_groups),
            attributes: entries(&now.attributes, &declared.attributes, &observed.attributes, whole),
            tags: entries(&now.tags, &declared.tags, &observed.tags, whole),
            web_acl: whole(&now.web_acl, &declared.web_acl, &observed.web_acl),
            deletion_protection: now.deletion_protection,
            listeners: entries(&now.listeners, &declared.listeners, &observed.listeners, Listener::merge),
            adopted: now.adopted.clone(),
            alarms: now.alarms,
        }
    }
}

impl Merge for Listener {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            protocol: whole(&now.protocol, &declared.protocol, &observed.protocol),
            ssl_policy: whole(&now.ssl_policy, &declared.ssl_policy, &observed.ssl_policy),
            certificate: whole(&now.certificate, &declared.certificate, &observed.certificate),
            additional_certificates: set(
                &now.additional_certificates,
                &declared.additional_certificates,
                &observed.additional_certificates,
            ),
            mutual_authentication: whole(
                &now.mutual_authentication,
                &declared.mutual_authentication,
                &observed.mutual_authentication,
            ),
            attributes: entries(&now.attributes, &declared.attributes, &observed.attributes, whole),
            default_actions: whole(&now.default_actions, &declared.default_actions, &observed.default_actions),
            tags: entries(&now.tags, &declared.tags, &observed.tags, whole),
            rules: entries(&now.rules, &declared.rules, &observed.rules, Rule::merge),
        }
    }
}

impl Merge for Rule {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            conditions: whole(&now.conditions, &declared.conditions, &observed.conditions),
            actions: whole(&now.actions, &declared.actions, &observed.actions),
            transforms: whole(&now.transforms, &declared.transforms, &observed.transforms),
            tags: entries(&now.tags, &declared.tags, &observed.tags, whole),
        }
    }
}

impl Merge for DnsRecord {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            load_balancer: now.load_balancer.clone(),
            evaluate_target_health: whole(
                &now.evaluate_target_health,
                &declared.evaluate_target_health,
                &observed.evaluate_target_health,
            ),
            alias_form: whole(&now.alias_form, &declared.alias_form, &observed.alias_form),
            while_down: now.while_down,
            sleeping_page: now.sleeping_page.clone(),
        }
    }
}

impl Merge for Service {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        let desired_count = whole(&now.desired_count, &declared.desired_count, &observed.desired_count);
        Self {
            desired_count: if now.singleton { desired_count.min(1) } else { desired_count },
            while_down: now.while_down,
            singleton: now.singleton,
            after: now.after.clone(),
            task_definition: now.task_definition.clone(),
            definition: whole(&now.definition, &declared.definition, &observed.definition),
            scaling: scaling(now, declared, observed),
            tasks: now.tasks,
            databases: now.databases.clone(),
            adopted: now.adopted.clone(),
        }
    }
}

impl Merge for Database {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            kind: now.kind,
            identifier: now.identifier.clone(),
            while_up: whole(&now.while_up, &declared.while_up, &observed.while_up),
            size: whole(&now.size, &declared.size, &observed.size),
        }
    }
}

impl Merge for VpcEndpoint {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self {
            service: whole(&now.service, &declared.service, &observed.service),
            vpc: whole(&now.vpc, &declared.vpc, &observed.vpc),
            subnets: whole(&now.subnets, &declared.subnets, &observed.subnets),
            security_groups: whole(&now.security_groups, &declared.security_groups, &observed.security_groups),
            private_dns: whole(&now.private_dns, &declared.private_dns, &observed.private_dns),
            ip_address_type: whole(&now.ip_address_type, &declared.ip_address_type, &observed.ip_address_type),
            dns_record_type: whole(&now.dns_record_type, &declared.dns_record_type, &observed.dns_record_type),
            policy: whole(&now.policy, &declared.policy, &observed.policy),
            tags: entries(&now.tags, &declared.tags, &observed.tags, whole),
            adopted: now.adopted.clone(),
        }
    }
}

impl Merge for Instance {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self { id: now.id.clone(), while_up: whole(&now.while_up, &declared.while_up, &observed.while_up) }
    }
}

/// A capacity is one thing: a minimum of the evening beside a maximum of the blueprint might be none that AWS takes.
impl Merge for AutoScalingGroup {
    fn merge(now: &Self, declared: &Self, observed: &Self) -> Self {
        Self { name: now.name.clone(), capacity: whole(&now.capacity, &declared.capacity, &observed.capacity) }
    }
}

/// What is suspended may be declared; everything else of a scalable target is as it was observed.
fn scaling(now: &Service, declared: &Service, observed: &Service) -> Option<Scaling> {
    let suspended = |service: &Service| service.scaling.as_ref().map(|scaling| scaling.suspended.clone());
    let edited = suspended(now) != suspended(declared);
    match &observed.scaling {
        Some(there) if edited => Some(Scaling { suspended: suspended(now).unwrap_or_default(), ..there.clone() }),
        Some(there) => Some(there.clone()),
        None => now.scaling.clone(),
    }
}
