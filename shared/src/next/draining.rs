//! Clients that still know where names led: services behind load balancers keep running for them through the grace.

use std::collections::BTreeSet;

use super::{Waiting, Work};
use crate::model::*;

/// The services that are not stopped yet, with the wait for that.
///
/// Names move first, and reach all servers within a minute (facts §2); whoever has looked one up keeps it for its time to live.
/// A service that no name leads to stops at once, and so do all if no name moves.
pub(super) fn hold(tier: &RuntimeTier, seen: &Observation, work: &mut Work) -> BTreeSet<ServiceName> {
    let grace = tier.draining.grace;
    if seen.going_down_for >= grace.duration() || !some_name_moves(tier) {
        return BTreeSet::new();
    }
    let of_tier = tier.target_groups();
    let serves = |found: &ObservedService| {
        found.configuration.desired_count > 0 && found.target_groups.iter().any(|group| of_tier.contains(group))
    };
    let standing = seen.services.iter().filter_map(|(name, found)| Some((name, found.standing()?)));
    let services: BTreeSet<ServiceName> =
        standing.filter(|(_, found)| serves(found)).map(|(name, _)| name.clone()).collect();
    if !services.is_empty() {
        work.wait(Waiting::GraceOver { services: services.clone(), grace });
    }
    services
}

fn some_name_moves(tier: &RuntimeTier) -> bool {
    tier.dns_records.values().any(|record| match record.while_down {
        RecordWhileDown::Park => true,
        RecordWhileDown::Leave => false,
    })
}
