//! Nobody whom the blueprint does not name is without what it uses, unless the blueprint allows that.

use curfew_core::model::*;

use super::Judge;
use crate::account::{Account, Lodger};

/// A NAT gateway goes in the evening. One of two that a name has by day is told by what the environment's routes say.
pub(super) fn nat_gateway(judge: &mut Judge, account: &Account, tier: &RuntimeTier, id: &NatGatewayId) {
    let wants = |name: &ServiceName| account.services.get(name).map_or(0, |service| service.desired_count);
    if tier.services.keys().all(|name| wants(name) == 0) {
        nobody(judge, account, tier, |lodger| account.leaves_by(lodger, id));
    }
}

/// A load balancer goes.
pub(super) fn load_balancer(
    judge: &mut Judge,
    account: &Account,
    tier: &RuntimeTier,
    one: &crate::account::LoadBalancer,
) {
    let behind = one.configuration.target_groups();
    nobody(judge, account, tier, |lodger| !lodger.target_groups().is_disjoint(&behind));
}

/// A database stops: whoever else needs it nobody can see, but for the services beside those that do.
pub(super) fn database(judge: &mut Judge, account: &Account, tier: &RuntimeTier) {
    nobody(judge, account, tier, |lodger| matches!(lodger, Lodger::Service { .. }));
}

fn nobody(judge: &mut Judge, account: &Account, tier: &RuntimeTier, uses: impl Fn(&Lodger) -> bool) {
    let barred = account.lodgers.iter().filter(|(id, _)| !tier.other_users.allows(id));
    for (id, _) in barred.filter(|(_, lodger)| uses(lodger)) {
        judge.must_as_seen(false, format!("{id} uses it, and the blueprint does not allow that it is without"));
    }
}
