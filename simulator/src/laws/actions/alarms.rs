//! The law of alarms: only those that the blueprint lets be repointed are put, as they were but for what they watch.

use curfew_core::model::*;

use super::Judge;
use crate::account::{Account, parsed};

/// An alarm is put as it was, watching a load balancer or a NAT gateway that is there.
pub(super) fn put(judge: &mut Judge, account: &Account, tier: &RuntimeTier, on: &AlarmOn, wanted: &MetricAlarm) {
    let (declared, works) = match on {
        AlarmOn::LoadBalancer { name, load_balancer } => {
            let there = account.load_balancers.get(load_balancer.id());
            (tier.load_balancers.get(name).map(|meant| meant.alarms), there.is_some_and(|one| one.is_active))
        }
        AlarmOn::NatGateway { name, nat_gateway } => {
            let there = account.nat_gateways.get(nat_gateway.id());
            let works =
                there.is_some_and(|one| one.state.is_alive()) && wanted.nat_gateways().contains(nat_gateway.id());
            (tier.nat_gateways.get(name).map(|meant| meant.alarms), works)
        }
    };
    judge.must(declared == Some(Alarms::Repoint), "the blueprint leaves alarms alone");
    judge.must_as_seen(works, "what it is to watch does not work");
    let Some(there) = account.alarms.get(&wanted.name) else {
        judge.must_as_seen(false, "there is no such alarm");
        return;
    };
    let same = watching_nothing(there) == watching_nothing(wanted);
    judge.must_as_seen(same, "more of it than what it watches is another");
}

/// An alarm without what it watches.
fn watching_nothing(alarm: &MetricAlarm) -> MetricAlarm {
    let alarm = alarm.clone().leaving_by(&parsed("nat-0".to_owned()), &alarm.nat_gateways());
    let balancer = |one: &WatchedLoadBalancer| parsed(format!("app/{}/0", one.name));
    alarm.watched().iter().fold(alarm, |alarm, one| alarm.pointed_at(&balancer(one)))
}
