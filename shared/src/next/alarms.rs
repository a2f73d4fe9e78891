//! Alarms that watch a load balancer: where the blueprint lets them, they are put again to watch the one that is there.

use std::collections::BTreeMap;

use super::{Waiting, Work};
use crate::model::*;

/// Up: once a load balancer is active, so that an alarm on silence does not find it before anybody can ask it anything.
pub(super) fn repoint(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    // An alarm may watch two load balancers: then it is put once, for both.
    let mut put: BTreeMap<&String, (&LoadBalancerName, &Owned<LoadBalancerArn>, MetricAlarm)> = BTreeMap::new();
    let mut unknown = Vec::new();
    for name in repointed(tier) {
        let Some(load_balancer) = seen.load_balancers.get(name).and_then(Seen::ready) else { continue };
        let Some(owned) = load_balancer.ownership.owned() else { continue };
        let Some(there) = WatchedLoadBalancer::of(owned.id()) else { continue };
        match seen.alarms.get(name) {
            Some(Seen::Ready(alarms)) => {
                let may_be_put = |alarm: &String| !seen.unput_alarms.contains(alarm);
                let wrong = alarms.iter().filter(|(_, found)| watches_another(found, &there));
                for (alarm, found) in wrong.filter(|(alarm, _)| may_be_put(alarm)) {
                    let again = &mut put.entry(alarm).or_insert_with(|| (name, owned, found.clone())).2;
                    *again = again.clone().pointed_at(&there);
                }
            }
            Some(Seen::Unknown(why)) => {
                unknown.push(Waiting::Observed { subject: format!("alarms on {name}"), why: why.clone() });
            }
            Some(Seen::Absent | Seen::Pending(_) | Seen::Leaving(_)) | None => {}
        }
    }
    for (name, load_balancer, alarm) in put.into_values() {
        let (name, load_balancer, alarm) = (name.clone(), load_balancer.clone(), Box::new(alarm));
        work.act(Action::PutMetricAlarm { name, load_balancer, alarm });
    }
    // They are the last thing that anybody waits for.
    if work.actions.is_empty() && work.waiting.is_empty() {
        work.waiting = unknown;
    }
}

fn repointed(tier: &RuntimeTier) -> impl Iterator<Item = &LoadBalancerName> {
    tier.load_balancers.iter().filter_map(|(name, wanted)| match wanted.alarms {
        Alarms::Repoint => Some(name),
        Alarms::Leave => None,
    })
}

/// Whether an alarm watches one that had the name of this load balancer before it.
fn watches_another(alarm: &MetricAlarm, there: &WatchedLoadBalancer) -> bool {
    alarm.watched().iter().any(|watched| watched.name == there.name && watched != there)
}
