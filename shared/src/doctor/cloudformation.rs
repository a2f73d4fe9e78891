//! What CloudFormation claims: it tags what a stack makes, where AWS lets it.
//!
//! Routes, records, listeners and rules carry no such tags, and neither does what a morning made in the place of what a
//! stack made. Of those nobody can tell but the stack itself.

use std::collections::BTreeSet;

use super::claims::{Claim, Claimant, Effect, Thing, Which};
use super::place::Place;
use crate::model::*;

const STACK_TAG: &str = "aws:cloudformation:stack-name";
const LOGICAL_ID_TAG: &str = "aws:cloudformation:logical-id";

/// Who made something, if its tags say that a stack did.
pub(super) fn maker(tags: &Tags) -> Option<Claimant> {
    let stack = tags.get(STACK_TAG)?.clone();
    Some(Claimant::CloudFormation { stack, logical_id: tags.get(LOGICAL_ID_TAG).cloned() })
}

/// What stacks claim of an environment, by the tags of what is there.
pub(super) fn claims(place: Place<'_>) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut claim = |tags: Option<&Tags>, id: &str, thing: Thing, effect: Effect| {
        let by = tags.and_then(maker);
        claims.extend(by.map(|by| Claim { thing, by, id: id.to_owned(), which: Which::Current, effect }));
    };
    // What stands in a place and is not Curfew's is a duplicate, and told as that.
    for (name, found) in &place.seen.nat_gateways {
        if let Some(one) = found.standing().filter(|one| one.ownership.owned().is_some()) {
            claim(Some(&one.tags), one.ownership.id().as_str(), Thing::NatGateway(name.clone()), Effect::Replaced);
        }
    }
    for (name, found) in &place.seen.load_balancers {
        if let Some(owned) = found.standing().and_then(|one| one.ownership.owned()) {
            let tags = place.load_balancers().iter().find(|one| one.arn == *owned.id()).map(|one| &one.tags);
            claim(tags, owned.id().as_str(), Thing::LoadBalancer(name.clone()), Effect::Replaced);
        }
    }
    for (name, found) in &place.seen.addresses {
        if let Some(one) = found.present() {
            let effect = place.effect_on_address(name, &Tags::new());
            claim(Some(&one.tags), one.ownership.id().as_str(), Thing::Address(name.clone()), effect);
        }
    }
    for service in place.tier.services.keys().filter_map(|name| place.service(name)) {
        let effect = place.effect_on_service(&service.name, &Tags::new(), None);
        claim(Some(&service.tags), service.arn.as_str(), Thing::Service(service.name.clone()), effect);
    }
    for (name, database) in &place.tier.databases {
        let id = database.id();
        let found = place.found.databases.iter().flatten().find(|one| one.id == id);
        let identifier = id.identifier.as_str();
        claim(found.map(|one| &one.tags), identifier, Thing::Database(name.clone()), Effect::Stopped);
    }
    for (name, found) in &place.seen.vpc_endpoints {
        if let Some(owned) = found.standing().and_then(|one| one.ownership.owned()) {
            let found = place.found.vpc_endpoints.iter().flatten().find(|one| one.id == *owned.id());
            let tags = found.map(|one| &one.tags);
            claim(tags, owned.id().as_str(), Thing::VpcEndpoint(name.clone()), Effect::Replaced);
        }
    }
    let compute = place.found.compute.as_ref();
    for (name, instance) in &place.tier.instances {
        let found = compute.and_then(|all| all.instances.iter().find(|one| one.id == instance.id));
        claim(found.map(|one| &one.tags), instance.id.as_str(), Thing::Instance(name.clone()), Effect::Stopped);
    }
    for (name, group) in &place.tier.auto_scaling_groups {
        let found = compute.and_then(|all| all.groups.iter().find(|one| one.name == group.name));
        let thing = Thing::AutoScalingGroup(name.clone());
        claim(found.map(|one| &one.tags), group.name.as_str(), thing, place.effect_on_group());
    }
    let cluster = place.cluster;
    claim(place.cluster_tags(), cluster.as_str(), Thing::Cluster(cluster.clone()), place.effect_on_cluster());
    claims
}

/// What a stack may have in its template and no tag tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Untold {
    /// The stacks that made anything of the environment or of the network it runs in.
    pub(super) stacks: BTreeSet<String>,
    /// What carries none of their tags and may be theirs.
    pub(super) things: Vec<String>,
}

/// What tags do not tell, if there is a stack at all.
pub(super) fn untold(place: Place<'_>, claims: &[Claim]) -> Option<Untold> {
    let stacks = stacks(place, claims);
    if stacks.is_empty() {
        return None;
    }
    let claimed = |thing: &Thing| {
        claims.iter().any(|claim| claim.thing == *thing && matches!(claim.by, Claimant::CloudFormation { .. }))
    };
    let tier = place.tier;
    let nat_gateways = tier.nat_gateways.keys().cloned().map(Thing::NatGateway);
    let load_balancers = tier.load_balancers.keys().cloned().map(Thing::LoadBalancer);
    let deleted = tier.services.iter().filter(|(_, service)| service.while_down == ServiceWhileDown::Delete);
    let services = deleted.map(|(name, _)| Thing::Service(name.clone()));
    let endpoints = tier.vpc_endpoints.keys().cloned().map(Thing::VpcEndpoint);
    let routes = tier.routes.keys().cloned().map(Thing::Route);
    let records = tier.dns_records.keys().cloned().map(Thing::Record);
    let listeners = tier.load_balancers.keys().cloned().map(Thing::ListenerOf);
    let all = nat_gateways
        .chain(routes)
        .chain(load_balancers)
        .chain(listeners)
        .chain(records)
        .chain(services)
        .chain(endpoints);
    let things: Vec<String> = all.filter(|thing| !claimed(thing)).map(|thing| thing.to_string()).collect();
    (!things.is_empty()).then_some(Untold { stacks, things })
}

fn stacks(place: Place<'_>, claims: &[Claim]) -> BTreeSet<String> {
    let of_claims = claims.iter().map(|claim| claim.by.clone());
    let tables = place.found.network.iter().flat_map(|network| &network.route_tables);
    let ours = tables.filter(|table| place.tier.routes.keys().any(|key| key.route_table == table.id));
    let of_tables = ours.filter_map(|table| maker(&table.tags));
    let stack = |by: Claimant| match by {
        Claimant::CloudFormation { stack, .. } => Some(stack),
        Claimant::Terraform { .. } => None,
    };
    of_claims.chain(of_tables).filter_map(stack).collect()
}
