//! Targets behind load balancers that belong to nobody in the blueprint.

use std::collections::BTreeSet;

use super::{FoundInterface, Surroundings, add, is_declared, owner};
use crate::model::*;

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// An address.
    Address,
    /// An instance.
    Instance,
    /// A Lambda function or another load balancer, by its ARN.
    Arn,
}

/// A target that is registered and not on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTarget {
    /// In which group.
    pub target_group: TargetGroupArn,
    /// What it is.
    pub kind: TargetKind,
    /// Its address, id or ARN.
    pub id: String,
}

/// Everybody who stands behind a load balancer that goes, and that the blueprint does not name.
pub(super) fn users(tier: &RuntimeTier, known: &Observation, found: &Surroundings, users: &mut OtherUsers) {
    // ECS registers the instances of a service that shares their network; so nobody can tell them from others.
    let of_services: BTreeSet<&TargetGroupArn> =
        known.services.values().filter_map(Seen::present).flat_map(|service| &service.target_groups).collect();
    for (name, targets) in &found.targets {
        for target in targets {
            let user = match target.kind {
                TargetKind::Address => address(tier, &target.id, found),
                TargetKind::Instance if of_services.contains(&target.target_group) => None,
                TargetKind::Instance => instance(tier, &target.id, found),
                TargetKind::Arn => Some((OtherUserId::Target(target.id.clone()), format!("target {}", target.id))),
            };
            if let Some((id, called)) = user {
                let called = format!("{called} in target group {}", target.target_group.name());
                add(users, id, called, [Used::LoadBalancer(name.clone())]);
            }
        }
    }
}

/// A task's of the cluster is its service's matter.
fn address(tier: &RuntimeTier, address: &str, found: &Surroundings) -> Option<(OtherUserId, String)> {
    if found.tasks.iter().any(|task| task.addresses.contains(address)) {
        return None;
    }
    let of_instance = found.interfaces.iter().find(|one| one.addresses.contains(address));
    if let Some(id) = of_instance.and_then(|one| one.instance.as_ref()) {
        return instance(tier, id.as_str(), found);
    }
    let whose = of_instance.map(described).unwrap_or_default();
    Some((OtherUserId::Target(address.to_owned()), format!("target {address}{whose}")))
}

fn described(one: &FoundInterface) -> String {
    if one.description.is_empty() { owner(&one.tags) } else { format!(" (\"{}\")", one.description) }
}

fn instance(tier: &RuntimeTier, id: &str, found: &Surroundings) -> Option<(OtherUserId, String)> {
    let one = found.instances.iter().find(|one| one.id.as_str() == id);
    match one {
        Some(one) if is_declared(tier, one) => None,
        Some(one) => Some((OtherUserId::Instance(one.id.clone()), format!("instance {id}{}", owner(&one.tags)))),
        None => Some((OtherUserId::Target(id.to_owned()), format!("target {id}"))),
    }
}
