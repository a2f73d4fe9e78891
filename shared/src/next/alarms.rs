//! Alarms that watch a load balancer or a NAT gateway: where the blueprint lets them, they are put again to watch the one that
//! is there.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{Waiting, Work};
use crate::model::*;

/// The alarms to put, each once, whatever it watches besides; and what could not be seen.
#[derive(Default)]
struct Wrong<'a> {
    put: BTreeMap<&'a String, (AlarmOn, MetricAlarm)>,
    unknown: Vec<Waiting>,
}

/// Up: once what an alarm watches works, so that one on silence does not find it before anybody can ask it anything.
pub(super) fn repoint(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let mut wrong = Wrong::default();
    of_load_balancers(tier, seen, &mut wrong);
    of_nat_gateways(tier, seen, &mut wrong);
    for (on, alarm) in wrong.put.into_values() {
        work.act(Action::PutMetricAlarm { on, alarm: Box::new(alarm) });
    }
    // They are the last thing that anybody waits for.
    if work.actions.is_empty() && work.waiting.is_empty() {
        work.waiting = wrong.unknown;
    }
}

fn of_load_balancers<'a>(tier: &RuntimeTier, seen: &'a Observation, wrong: &mut Wrong<'a>) {
    for name in tier.load_balancers.iter().filter_map(|(name, one)| repointed(name, one.alarms)) {
        let Some(load_balancer) = seen.load_balancers.get(name).and_then(Seen::ready) else { continue };
        let Some(owned) = load_balancer.ownership.owned() else { continue };
        let Some(there) = WatchedLoadBalancer::of(owned.id()) else { continue };
        let Some(alarms) = known(seen.alarms.get(name), name, wrong) else { continue };
        let on = AlarmOn::LoadBalancer { name: name.clone(), load_balancer: owned.clone() };
        let is_wrong = |alarm: &MetricAlarm| alarm.watched().iter().any(|one| one.name == there.name && *one != there);
        wrong.add(seen, alarms, &on, is_wrong, |alarm| alarm.pointed_at(&there));
    }
}

fn of_nat_gateways<'a>(tier: &RuntimeTier, seen: &'a Observation, wrong: &mut Wrong<'a>) {
    for name in tier.nat_gateways.iter().filter_map(|(name, one)| repointed(name, one.alarms)) {
        let Some(nat_gateway) = seen.nat_gateways.get(name).and_then(Seen::ready) else { continue };
        let Some(owned) = nat_gateway.ownership.owned() else { continue };
        let Some(found) = known(seen.gateway_alarms.get(name), name, wrong) else { continue };
        let before = found.before(owned.id());
        let on = AlarmOn::NatGateway { name: name.clone(), nat_gateway: owned.clone() };
        let is_wrong = |alarm: &MetricAlarm| !alarm.nat_gateways().is_disjoint(&before);
        wrong.add(seen, &found.alarms, &on, is_wrong, |alarm| alarm.leaving_by(owned.id(), &before));
    }
}

fn repointed<T>(name: &T, alarms: Alarms) -> Option<&T> {
    match alarms {
        Alarms::Repoint => Some(name),
        Alarms::Leave => None,
    }
}

fn known<'a, T>(found: Option<&'a Seen<T>>, name: &impl Display, wrong: &mut Wrong<'_>) -> Option<&'a T> {
    match found? {
        Seen::Ready(alarms) => Some(alarms),
        Seen::Unknown(why) => {
            let subject = format!("alarms on {name}");
            wrong.unknown.push(Waiting::Observed { subject, why: why.clone() });
            None
        }
        Seen::Absent | Seen::Pending(_) | Seen::Leaving(_) => None,
    }
}

impl<'a> Wrong<'a> {
    /// An alarm may watch two things that are others: then it is put once, for both.
    fn add(
        &mut self,
        seen: &Observation,
        alarms: &'a BTreeMap<String, MetricAlarm>,
        on: &AlarmOn,
        is_wrong: impl Fn(&MetricAlarm) -> bool,
        put: impl Fn(MetricAlarm) -> MetricAlarm,
    ) {
        let may_be_put = |name: &String| !seen.unput_alarms.contains(name);
        for (name, found) in alarms.iter().filter(|(name, found)| is_wrong(found) && may_be_put(name)) {
            let again = &mut self.put.entry(name).or_insert_with(|| (on.clone(), found.clone())).1;
            *again = put(again.clone());
        }
    }
}
