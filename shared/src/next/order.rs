//! Which services come after which: those start when the others serve, and stop before them.

use super::up::readiness;
use crate::model::*;

/// Whether all that a service comes after serve. What each of them lacks is waited for on its own account.
pub(super) fn may_start(tier: &RuntimeTier, seen: &Observation, wanted: &Service) -> bool {
    wanted.after.iter().all(|name| serves(tier, seen, name))
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

/// Whether no task is left of all that come after a service.
pub(super) fn may_stop(tier: &RuntimeTier, seen: &Observation, name: &ServiceName) -> bool {
    let followers = tier.services.iter().filter(|(_, service)| service.after.contains(name));
    followers.filter_map(|(follower, _)| seen.services.get(follower)?.standing()).all(|found| {
        let over = found.configuration.desired_count == 0 && !found.tasks.any();
        // Somebody else's is not stopped, and so not waited for.
        over || found.ownership.owned().is_none()
    })
}
