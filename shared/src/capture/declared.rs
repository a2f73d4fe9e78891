//! From a tier as it is to one as a person would declare it: without what AWS sets by itself, and with the tags that
//! everything has in one place.

use std::collections::BTreeMap;

use super::left_out::{LeftOut, LeftOutKind};
use crate::limits::{AttributeKind, is_known_attribute, is_known_tls_policy};
use crate::model::*;

/// Takes away what AWS describes and this Curfew cannot check in a blueprint: attributes and TLS policies that are new. A
/// recording has them as they are, so they come back all the same.
pub(super) fn without_what_is_new(mut tier: RuntimeTier, left_out: &mut Vec<LeftOut>) -> RuntimeTier {
    for (name, load_balancer) in &mut tier.load_balancers {
        let place = format!("load balancer {name}");
        known_only(AttributeKind::LoadBalancer, &mut load_balancer.attributes, &place, left_out);
        for (port, listener) in &mut load_balancer.listeners {
            let place = format!("listener {port} of {name}");
            known_only(AttributeKind::Listener, &mut listener.attributes, &place, left_out);
            if let Some(policy) = listener.ssl_policy.take_if(|policy| !is_known_tls_policy(policy)) {
                left_out.push(new(&place, &format!("the TLS policy {policy}")));
            }
        }
    }
    tier
}

fn known_only(
    kind: AttributeKind,
    attributes: &mut BTreeMap<String, String>,
    place: &str,
    left_out: &mut Vec<LeftOut>,
) {
    attributes.retain(|name, _| {
        let is_known = is_known_attribute(kind, name);
        if !is_known {
            left_out.push(new(place, &format!("the attribute {name}")));
        }
        is_known
    });
}

fn new(place: &str, what: &str) -> LeftOut {
    let problem = format!("has {what}, which this Curfew does not know: the recording has it, and brings it back");
    LeftOut::new(LeftOutKind::UnknownKind, place, problem)
}

/// Takes away the attributes that a new load balancer or listener has anyway, and what stays in AWS of auto scaling.
pub(super) fn without_defaults(mut tier: RuntimeTier) -> RuntimeTier {
    for load_balancer in tier.load_balancers.values_mut() {
        take_away(&mut load_balancer.attributes, &attributes_of_new_load_balancer(load_balancer.scheme));
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

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::blueprint::Blueprint;

    #[test]
    fn what_is_new_is_left_to_the_recording() {
        let blueprint = Blueprint::parse(include_str!("../../../examples/durable.yaml")).expect("an example");
        let mut seen = blueprint.tier.clone();
        let load_balancer = seen.load_balancers.values_mut().next().expect("one");
        load_balancer.attributes.insert("routing.http3.enabled".to_owned(), "true".to_owned());
        let listener = load_balancer.listeners.get_mut(&443).expect("one");
        listener.attributes.insert("routing.http.new".to_owned(), "x".to_owned());
        listener.ssl_policy = Some("ELBSecurityPolicy-TLS14-2031-01".to_owned());
        let mut left_out = Vec::new();
        let mut tier = without_what_is_new(seen, &mut left_out);
        let told: Vec<String> = left_out.iter().map(|one| one.to_string()).collect();
        assert!(told[0].starts_with("load balancer durable-dev-alb has the attribute routing.http3.enabled, which"));
        assert!(told[1].starts_with("listener 443 of durable-dev-alb has the attribute routing.http.new, which"));
        assert!(told[2].contains("has the TLS policy ELBSecurityPolicy-TLS14-2031-01, which"));
        assert_eq!(told.len(), 3);
        // All else is as it was.
        let listener = tier.load_balancers.values_mut().find_map(|one| one.listeners.get_mut(&443)).expect("one");
        assert_eq!(listener.ssl_policy.replace("ELBSecurityPolicy-TLS13-1-2-2021-06".to_owned()), None);
        assert_eq!(tier, blueprint.tier);
    }
}
