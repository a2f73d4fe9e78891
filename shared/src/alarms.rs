//! What is told of alarms that watch a load balancer or a NAT gateway that goes at night: which of them watch nothing from
//! then on, and which fire.

use std::collections::BTreeMap;

use crate::model::*;

/// What a person should know before these actions, which delete such or do not.
pub fn notes<'a>(tier: &RuntimeTier, seen: &Observation, actions: impl Iterator<Item = &'a Action>) -> Vec<String> {
    let mut notes = Vec::new();
    for action in actions {
        if let Action::DeleteLoadBalancer { name, .. } = action {
            notes.extend(of_load_balancer(tier, seen, name));
        }
        if let Action::DeleteNatGateway { name, .. } = action {
            notes.extend(of_nat_gateway(tier, seen, name));
        }
    }
    notes
}

/// The same of all of the tier.
pub fn of_tier(tier: &RuntimeTier, seen: &Observation) -> Vec<String> {
    let balancers = tier.load_balancers.keys().flat_map(|name| of_load_balancer(tier, seen, name));
    balancers.chain(tier.nat_gateways.keys().flat_map(|name| of_nat_gateway(tier, seen, name))).collect()
}

fn of_load_balancer(tier: &RuntimeTier, seen: &Observation, name: &LoadBalancerName) -> Vec<String> {
    let Some(declared) = tier.load_balancers.get(name) else { return Vec::new() };
    of(&Watched { kind: "load balancer", name: name.as_str() }, declared.alarms, seen.alarms.get(name), |found| found)
}

fn of_nat_gateway(tier: &RuntimeTier, seen: &Observation, name: &LogicalName) -> Vec<String> {
    let Some(declared) = tier.nat_gateways.get(name) else { return Vec::new() };
    let watched = Watched { kind: "NAT gateway", name: name.as_str() };
    of(&watched, declared.alarms, seen.gateway_alarms.get(name), |found| &found.alarms)
}

/// What goes, in words.
struct Watched<'a> {
    kind: &'static str,
    name: &'a str,
}

fn of<T>(
    watched: &Watched<'_>,
    declared: Alarms,
    found: Option<&Seen<T>>,
    alarms: impl Fn(&T) -> &BTreeMap<String, MetricAlarm>,
) -> Vec<String> {
    let Watched { kind, name } = watched;
    match found {
        Some(Seen::Ready(found)) => {
            let alarms = alarms(found);
            [left(watched, declared, alarms), firing(watched, alarms)].into_iter().flatten().collect()
        }
        Some(Seen::Unknown(why)) => vec![format!("which alarms watch {kind} {name} could not be seen: {why}")],
        Some(Seen::Absent | Seen::Pending(_) | Seen::Leaving(_)) | None => Vec::new(),
    }
}

fn left(watched: &Watched<'_>, declared: Alarms, alarms: &BTreeMap<String, MetricAlarm>) -> Option<String> {
    let Watched { kind, name } = watched;
    match declared {
        Alarms::Repoint => None,
        Alarms::Leave => Some(format!(
            "these alarms will watch a {kind} that is gone, because {name} is another one each morning: {}; \
             `alarms: repoint` in the blueprint lets each morning put them again",
            listed(alarms.keys())
        )),
    }
}

fn firing(watched: &Watched<'_>, alarms: &BTreeMap<String, MetricAlarm>) -> Option<String> {
    let Watched { kind, name } = watched;
    let firing: Vec<&String> = alarms
        .iter()
        .filter(|(_, one)| one.actions_enabled && one.fires_without_data())
        .map(|(name, _)| name)
        .collect();
    (!firing.is_empty()).then(|| {
        format!(
            "these alarms treat missing data as breaching, so they fire while {kind} {name} is gone: {}",
            listed(firing)
        )
    })
}

fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
