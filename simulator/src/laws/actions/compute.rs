//! What must be true of instances and Auto Scaling groups.

use curfew_core::model::*;
use curfew_core::ports::Scope;

use super::Judge;
use crate::account::Account;

/// An instance that the blueprint has and no other environment's tag claims.
pub(super) fn instance_is_ours<'a>(
    judge: &mut Judge,
    account: &Account,
    scope: Scope<'a>,
    id: &InstanceId,
) -> Option<&'a Instance> {
    let named = scope.tier.instances.values().find(|wanted| wanted.id == *id);
    let foreign = account.instances.get(id).is_some_and(|one| is_foreign(scope, &one.tags));
    judge.must(named.is_some() && !foreign, "it is somebody else's");
    named
}

/// Tasks start when every instance runs that routes lead through, unless it is to stay stopped.
pub(super) fn ways_out_run(judge: &mut Judge, account: &Account, tier: &RuntimeTier) {
    let wanted = tier.instances.values().filter(|one| one.while_up == InstanceWhileUp::Running);
    for wanted in wanted.filter(|one| account.leads_through(&one.id)) {
        let state = account.instances.get(&wanted.id).map(|one| one.state);
        let runs = state == Some(InstanceState::Running);
        judge.must_as_seen(runs, format!("the instance {} leads nowhere yet: {state:?}", wanted.id));
    }
}

/// Likewise a group.
pub(super) fn group_is_ours(judge: &mut Judge, account: &Account, scope: Scope<'_>, name: &AutoScalingGroupName) {
    let named = scope.tier.auto_scaling_groups.values().any(|wanted| wanted.name == *name);
    let foreign = account.auto_scaling_groups.get(name).is_some_and(|one| is_foreign(scope, &one.tags));
    judge.must(named && !foreign, "it is somebody else's");
}

fn is_foreign(scope: Scope<'_>, tags: &Tags) -> bool {
    tags.contains_key(ENVIRONMENT_TAG) && !is_of(scope.environment, tags)
}

/// A group is put to sleep with its maximum as it is, and woken only from its sleep.
pub(super) fn resize(judge: &mut Judge, account: &Account, name: &AutoScalingGroupName, capacity: GroupCapacity) {
    let Some(one) = account.auto_scaling_groups.get(name) else { return };
    if capacity.is_asleep() {
        judge.must_as_seen(capacity.max == one.capacity.max, "its maximum is another one");
    } else {
        // Said again after an answer was lost, it changes nothing.
        let may = one.capacity.is_asleep() || one.capacity == capacity;
        judge.must_as_seen(may, "it has a capacity that somebody gave it");
    }
}
