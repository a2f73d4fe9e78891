//! The law of alarms: only those that the blueprint lets be repointed are put, as they were but for the load balancer.

use curfew_core::model::*;

use super::Judge;
use crate::account::Account;

/// An alarm is put as it was, watching a load balancer that is there.
pub(super) fn put(
    judge: &mut Judge,
    account: &Account,
    tier: &RuntimeTier,
    name: &LoadBalancerName,
    arn: &LoadBalancerArn,
    wanted: &MetricAlarm,
) {
    let may = tier.load_balancers.get(name).is_some_and(|meant| meant.alarms == Alarms::Repoint);
    judge.must(may, "the blueprint leaves alarms alone");
    let active = account.load_balancers.get(arn).is_some_and(|one| one.is_active);
    judge.must_as_seen(active, "its load balancer is not active");
    let Some(there) = account.alarms.get(&wanted.name) else {
        judge.must_as_seen(false, "there is no such alarm");
        return;
    };
    let pointed = wanted.watched().into_iter().fold(there.clone(), |alarm, watched| alarm.pointed_at(&watched));
    judge.must_as_seen(pointed == *wanted, "more of it than the load balancer is another");
}
