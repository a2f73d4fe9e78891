//! From a tier as it is to one as a person would declare it: without what AWS sets by itself, and with the tags that
//! everything has in one place.

use std::collections::BTreeMap;

use crate::model::*;

/// Takes away the attributes that a new load balancer or listener has anyway, and what stays in AWS of auto scaling.
pub(super) fn without_defaults(mut tier: RuntimeTier) -> RuntimeTier {
    for load_balancer in tier.load_balancers.values_mut() {
        take_away(&mut load_balancer.attributes, &attributes_of_new_load_balancer());
        for listener in load_balancer.listeners.values_mut() {
            take_away(&mut listener.attributes, &attributes_of_new_listener(listener.protocol));
        }
    }
    for service in tier.services.values_mut() {
        let suspended = service.scaling.take().map(|scaling| scaling.suspended).filter(|all| !all.is_empty());
        service.scaling = suspended.map(|suspended| Scaling { suspended, ..Scaling::default() });
    }
    tier
}

fn take_away(attributes: &mut BTreeMap<String, String>, defaults: &BTreeMap<String, String>) {
    attributes.retain(|key, value| defaults.get(key) != Some(value));
}

/// The tags that everything has that can have tags; those are taken away from each. A name is each one's own.
pub(super) fn common_tags(tier: &mut RuntimeTier) -> Tags {
    let mut all = tags_of(tier);
    let mut common: Tags = all.first().map(|tags| (**tags).clone()).unwrap_or_default();
    common.retain(|key, value| key != "Name" && all.iter().all(|tags| tags.get(key) == Some(value)));
    for tags in &mut all {
        tags.retain(|key, _| !common.contains_key(key));
    }
    common
}

/// What [`RuntimeTier::with_tags`] would add to.
fn tags_of(tier: &mut RuntimeTier) -> Vec<&mut Tags> {
    let addresses = tier.addresses.values_mut().map(|address| &mut address.tags);
    let mut all: Vec<&mut Tags> = addresses.collect();
    all.extend(tier.nat_gateways.values_mut().map(|gateway| &mut gateway.tags));
    for load_balancer in tier.load_balancers.values_mut() {
        all.push(&mut load_balancer.tags);
        for listener in load_balancer.listeners.values_mut() {
            all.push(&mut listener.tags);
            all.extend(listener.rules.values_mut().map(|rule| &mut rule.tags));
        }
    }
    all.extend(tier.vpc_endpoints.values_mut().map(|endpoint| &mut endpoint.tags));
    all.extend(tier.services.values_mut().filter_map(|one| one.definition.as_mut()).map(|one| &mut one.tags));
    all
}

/// Takes away what leads to something that could not be captured, so that no name leads nowhere.
pub(super) fn without_loose_ends(mut tier: RuntimeTier) -> RuntimeTier {
    let addresses = &tier.addresses;
    tier.nat_gateways.retain(|_, gateway| addresses.contains_key(&gateway.address));
    let gateways = &tier.nat_gateways;
    tier.routes.retain(|_, name| gateways.contains_key(name));
    let load_balancers = &tier.load_balancers;
    tier.dns_records.retain(|_, record| load_balancers.contains_key(&record.load_balancer));
    tier
}
