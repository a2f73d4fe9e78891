//! Which tier a run works with: whose configuration counts depends on how far the environment has come.

use crate::blueprint::Blueprint;
use crate::merge::merge;
use crate::model::*;
use crate::next::{Step, next};
use crate::recording::{Recording, absorb, capture};
use crate::state::{Phase, State};

/// The tier that blueprint and recording make.
pub fn base(blueprint: &Blueprint, phase: Option<Phase>, recording: Option<&Recording>) -> RuntimeTier {
    match (phase, recording) {
        (Some(_), Some(recording)) => merge(&blueprint.tier, &recording.declared, &recording.observed),
        (None, _) | (Some(_), None) => blueprint.tier.clone(),
    }
}

/// Whether all that was recorded is there. While nobody knows how far an environment had come, one that lacks something of
/// it may be half raised, and would be recorded so.
pub fn is_whole(blueprint: &Blueprint, recording: Option<&Recording>, seen: &Observation) -> bool {
    let recorded = base(blueprint, Some(Phase::Raising), recording);
    match next(&blueprint.environment, &recorded, seen, Target::Up) {
        Step::Done | Step::Wait { .. } => true,
        Step::Act(_) | Step::Blocked(_) | Step::Missing(_) => false,
    }
}

/// The tier that is wanted: by day, what is there counts, and only what is missing comes from the base.
pub fn effective(base: &RuntimeTier, seen: &Observation, phase: Option<Phase>) -> RuntimeTier {
    match phase {
        Some(Phase::Raising | Phase::Lowering | Phase::Down) => base.clone(),
        Some(Phase::Raised | Phase::Up) => overlaid(base, capture(base, seen)),
        None => {
            let mut there = capture(base, seen);
            // Before Curfew's first morning, a service at 0 is one that the base tier made and nobody has started.
            there.services.retain(|_, service| service.desired_count > 0);
            // And a database that is stopped is one that Curfew stopped, if its state was lost.
            there.databases.retain(|_, database| database.while_up == DatabaseWhileUp::Running);
            // Likewise an instance, and a group without any.
            there.instances.retain(|_, instance| instance.while_up == InstanceWhileUp::Running);
            there.auto_scaling_groups.retain(|_, group| !group.capacity.is_asleep());
            overlaid(base, there)
        }
    }
}

fn overlaid(base: &RuntimeTier, there: RuntimeTier) -> RuntimeTier {
    let mut tier = base.clone();
    tier.addresses.extend(there.addresses);
    tier.nat_gateways.extend(there.nat_gateways);
    tier.load_balancers.extend(there.load_balancers);
    tier.dns_records.extend(there.dns_records);
    tier.services.extend(there.services);
    tier.databases.extend(there.databases);
    tier.vpc_endpoints.extend(there.vpc_endpoints);
    tier.instances.extend(there.instances);
    tier.auto_scaling_groups.extend(there.auto_scaling_groups);
    tier
}

/// The tier that the next morning would build, if the environment went down as it is: what would be recorded now, or what
/// is recorded already, with the blueprint's edits.
pub fn morning(
    blueprint: &Blueprint,
    state: &State,
    recording: Option<&Recording>,
    tier: &RuntimeTier,
    seen: &Observation,
) -> RuntimeTier {
    match recording.filter(|_| state.has_set_out_down()) {
        Some(recording) => base(blueprint, state.phase, Some(recording)),
        None => {
            let recorded = to_record(tier, seen, state.phase, recording.cloned());
            merge(&blueprint.tier, &declared(blueprint, state), &recorded)
        }
    }
}

/// The blueprint's tier when it was last applied.
pub(super) fn declared(blueprint: &Blueprint, state: &State) -> RuntimeTier {
    let applied = state.applied.as_ref().and_then(|document| crate::recording::tier(document).ok());
    applied.unwrap_or_else(|| blueprint.tier.clone())
}

/// What the recording is to say. Of a tier that is only half raised, the recording before it, and what people put on it.
pub(super) fn to_record(
    tier: &RuntimeTier,
    seen: &Observation,
    phase: Option<Phase>,
    previous: Option<Recording>,
) -> RuntimeTier {
    match (phase, previous) {
        (Some(Phase::Raising), Some(previous)) => {
            let mut recorded = previous.observed;
            absorb(&mut recorded, &capture(tier, seen));
            recorded
        }
        (Some(Phase::Raising | Phase::Raised | Phase::Up | Phase::Lowering | Phase::Down) | None, _) => tier.clone(),
    }
}
