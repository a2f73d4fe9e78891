//! Which services come after which: those start when the others serve, and stop before them.

use std::collections::BTreeSet;

use super::up::readiness;
use super::{Waiting, Work};
use crate::model::*;

/// Whether all that a service comes after serve; the first that does not is waited for. That each of them waits on its own
/// account would not do: it only delays that *they* serve, and this one is not even started.
pub(super) fn is_its_turn(tier: &RuntimeTier, seen: &Observation, name: &ServiceName, work: &mut Work) -> bool {
    let mut after = tier.services.get(name).into_iter().flat_map(|wanted| &wanted.after);
    let first = after.find(|first| !serves(tier, seen, first));
    if let Some(first) = first {
        work.wait(Waiting::Turn { service: name.clone(), first: first.clone() });
    }
    first.is_none()
}

fn serves(tier: &RuntimeTier, seen: &Observation, name: &ServiceName) -> bool {
    // One that is to have no tasks, or is in the blueprint no more, is not waited for: it would be for ever.
    if tier.services.get(name).is_none_or(|wanted| wanted.desired_count == 0) {
        return true;
    }
    let found = seen.services.get(name).and_then(Seen::standing);
    found.is_some_and(|found| {
        found.configuration.desired_count > 0 && readiness(tier, seen, name, found).next().is_none()
    })
}

/// The services that wait for something and have not been started: while there are any, the morning is not over.
pub(super) fn not_started(
    tier: &RuntimeTier,
    seen: &Observation,
    waits: impl Fn(&Service) -> bool,
) -> BTreeSet<ServiceName> {
    let has_none = |name: &ServiceName| {
        let there = seen.services.get(name).and_then(Seen::standing);
        there.is_none_or(|found| found.configuration.desired_count == 0)
    };
    let wanted = tier.services.iter().filter(|(_, wanted)| wanted.desired_count > 0 && waits(wanted));
    wanted.map(|(name, _)| name).filter(|name| has_none(name)).cloned().collect()
}

/// Whether no task is left of all that come after a service.
pub(super) fn may_stop(tier: &RuntimeTier, seen: &Observation, name: &ServiceName) -> bool {
    let followers = tier.services.iter().filter(|(_, service)| service.after.contains(name));
    followers.filter_map(|(follower, _)| seen.services.get(follower)?.standing()).all(|found| {
        let over = found.configuration.desired_count == 0 && !found.tasks.any();
        // Somebody else's is not stopped, and so not waited for.
        over || found.ownership.owned().is_none()
    })
}
