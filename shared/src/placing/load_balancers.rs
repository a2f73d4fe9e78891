//! Load balancers. A name is unique in a region, so it is the place; what is judged is whether the one that has it is meant.

use std::collections::BTreeSet;

use crate::model::*;
use crate::ports::Scope;

/// A load balancer as far as it matters whose it is.
#[derive(Debug, Clone, Copy)]
pub struct FoundLoadBalancer<'a> {
    /// Which.
    pub arn: &'a LoadBalancerArn,
    /// What it is called.
    pub name: &'a LoadBalancerName,
    /// Its tags.
    pub tags: &'a Tags,
    /// Where it stands.
    pub subnets: &'a BTreeSet<SubnetId>,
}

/// Whose the load balancer is that has a name of the tier: the adopted one, the one that is remembered or that a run made, or
/// where none ever was remembered, one with the tag that stands in a subnet of the one that is meant.
pub fn whose_load_balancer(
    scope: Scope<'_>,
    one: FoundLoadBalancer<'_>,
    meant: &LoadBalancer,
) -> Ownership<LoadBalancerArn> {
    let adopted = meant.adopted.as_ref();
    let ownership = Ownership::prove(scope.environment, one.arn.clone(), one.tags, adopted);
    if scope.identities.load_balancers.id_of(one.name) == Some(one.arn) {
        return ownership.remembered();
    }
    let is_known = scope.identities.load_balancers.known.contains_key(one.name);
    // A capture asks for a name alone: it has no subnets to compare with.
    let is_meant_place = meant.subnets.is_empty() || one.subnets.intersection(&meant.subnets).next().is_some();
    let stands_there = !is_known && is_meant_place;
    match adopted == Some(one.arn) || is_made(scope, one) || stands_there {
        true => ownership,
        false => ownership.disowned(),
    }
}

/// What a load balancer with the environment's tag is whose name the tier does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placeless {
    /// Curfew made it.
    Orphan(Owned<LoadBalancerArn>),
    /// It only carries the tag.
    Foreign(Foreign),
}

/// Judges a load balancer whose name the tier does not have; nothing if it does not carry the environment's tag.
pub fn placeless_load_balancer(scope: Scope<'_>, one: FoundLoadBalancer<'_>) -> Option<Placeless> {
    let owned = Ownership::prove(scope.environment, one.arn.clone(), one.tags, None).owned().cloned()?;
    if is_made(scope, one) {
        return Some(Placeless::Orphan(owned));
    }
    let what = ForeignResource::LoadBalancer { arn: one.arn.clone(), name: one.name.clone() };
    Some(Placeless::Foreign(Foreign { what, position: ForeignPosition::Beside }))
}

/// A name is unique, so the mark of a creation for this name is no copy.
fn is_made(scope: Scope<'_>, one: FoundLoadBalancer<'_>) -> bool {
    let registry = &scope.identities.load_balancers;
    let creation = Mark::of(one.tags)
        .and_then(|mark| registry.creations.iter().find(|known| known.mark == mark && known.name == *one.name));
    registry.is_made(one.arn) || creation.is_some_and(|known| known.id.as_ref().is_none_or(|id| id == one.arn))
}
