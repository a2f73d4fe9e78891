//! What is told of alarms that watch a load balancer that goes at night: which of them watch nothing from then on, and
//! which fire.

use std::collections::BTreeMap;

use crate::model::*;

/// What a person should know before these actions, which delete load balancers or do not.
pub fn notes<'a>(tier: &RuntimeTier, seen: &Observation, actions: impl Iterator<Item = &'a Action>) -> Vec<String> {
    let deleted = actions
        .filter_map(|action| if let Action::DeleteLoadBalancer { name, .. } = action { Some(name) } else { None });
    deleted.flat_map(|name| of_load_balancer(tier, seen, name)).collect()
}

/// The same of every load balancer of the tier.
pub fn of_tier(tier: &RuntimeTier, seen: &Observation) -> Vec<String> {
    tier.load_balancers.keys().flat_map(|name| of_load_balancer(tier, seen, name)).collect()
}

fn of_load_balancer(tier: &RuntimeTier, seen: &Observation, name: &LoadBalancerName) -> Vec<String> {
    let Some(declared) = tier.load_balancers.get(name) else { return Vec::new() };
    match seen.alarms.get(name) {
        Some(Seen::Ready(alarms)) => {
            [left(name, declared.alarms, alarms), firing(name, alarms)].into_iter().flatten().collect()
        }
        Some(Seen::Unknown(why)) => {
            vec![format!("which alarms watch load balancer {name} could not be seen: {why}")]
        }
        Some(Seen::Absent | Seen::Pending(_) | Seen::Leaving(_)) | None => Vec::new(),
    }
}

fn left(name: &LoadBalancerName, declared: Alarms, alarms: &BTreeMap<String, MetricAlarm>) -> Option<String> {
    match declared {
        Alarms::Repoint => None,
        Alarms::Leave => Some(format!(
            "these alarms will watch a load balancer that is gone, because {name} is another one each morning: {}; \
             `alarms: repoint` in the blueprint lets each morning put them again",
            listed(alarms.keys())
        )),
    }
}

fn firing(name: &LoadBalancerName, alarms: &BTreeMap<String, MetricAlarm>) -> Option<String> {
    let firing: Vec<&String> = alarms
        .iter()
        .filter(|(_, one)| one.actions_enabled && one.fires_without_data())
        .map(|(name, _)| name)
        .collect();
    (!firing.is_empty()).then(|| {
        format!(
            "these alarms treat missing data as breaching, so they fire while load balancer {name} is gone: {}",
            listed(firing)
        )
    })
}

fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
