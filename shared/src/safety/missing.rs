//! What is gone that Curfew never makes: a target group, a route table, a hosted zone, the cluster; and in the morning a
//! service, a database, an instance or a group that somebody deleted.
//!
//! It blocks what depends on it and nothing else: [`of`] answers with the reasons, and with the tier that is possible
//! without it. AWS refuses to delete a route table with associated subnets and a target group that a rule forwards to,
//! so what depends on either is what the tier itself says of it.

use std::collections::BTreeSet;

use super::{Reason, ReasonKind};
use crate::model::*;

/// What is missing, and what is possible all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// What is missing and what to do about it, sorted.
    pub reasons: Vec<Reason>,
    /// The tier without what depends on it. Only for what is done next: the recording keeps all of it.
    pub possible: RuntimeTier,
}

/// What is missing for a target; none if nothing is.
pub fn of(tier: &RuntimeTier, seen: &Observation, target: Target) -> Option<Missing> {
    let gone = seen.missing_base();
    let super::Standing { services, rest } = super::standing_all(tier, seen, target);
    // The cluster's reason names them all; in the evening they block everything (see `reasons`).
    let services = services.into_iter().filter(|_| target == Target::Up && cluster(seen).is_none());
    let mut reasons: Vec<Reason> = services.chain(rest).filter(|reason| reason.kind == ReasonKind::Missing).collect();
    if gone.is_empty() && reasons.is_empty() {
        return None;
    }
    let mut possible = tier.clone();
    match target {
        Target::Up => {
            possible.dns_records.retain(|key, _| !gone.contains(&BaseResource::HostedZone(key.zone.clone())));
            possible.routes.retain(|key, _| !gone.contains(&BaseResource::RouteTable(key.route_table.clone())));
            possible.load_balancers.values_mut().for_each(|one| without_target_groups(one, &gone));
            let held = held_services(tier, seen, &gone);
            possible.services.retain(|name, _| !held.contains(name));
        }
        // Whatever runs is stopped and waited for as ever; only a record of a zone that is gone cannot be moved.
        Target::Down => {}
    }
    reasons.extend(gone.iter().map(|one| reason(one, tier, seen)));
    reasons.sort();
    Some(Missing { reasons, possible })
}

/// The cluster, if it does not exist.
pub(super) fn cluster(seen: &Observation) -> Option<BaseResource> {
    seen.missing_base().into_iter().find(|one| matches!(one, BaseResource::Cluster(_)))
}

/// A load balancer without the listeners and rules that forward to a target group that is gone. A rule that would have
/// authenticated takes its listener with it: nobody gets past it to the next rule.
fn without_target_groups(load_balancer: &mut LoadBalancer, gone: &BTreeSet<BaseResource>) {
    let is_possible = |actions: &[RuleAction]| {
        let mut groups = actions.iter().flat_map(RuleAction::target_groups);
        !groups.any(|group| gone.contains(&BaseResource::TargetGroup(group.clone())))
    };
    load_balancer.listeners.retain(|_, listener| {
        let guards = |rule: &Rule| !is_possible(&rule.actions) && rule.actions.iter().any(authenticates);
        is_possible(&listener.default_actions) && !listener.rules.values().any(guards)
    });
    for listener in load_balancer.listeners.values_mut() {
        listener.rules.retain(|_, rule| is_possible(&rule.actions));
    }
}

fn authenticates(action: &RuleAction) -> bool {
    match action {
        RuleAction::AuthenticateCognito { .. } | RuleAction::JwtValidation { .. } => true,
        RuleAction::Forward { .. } | RuleAction::Redirect { .. } | RuleAction::FixedResponse { .. } => false,
    }
}

/// The services that have no tasks and cannot be started, with those that come after them.
fn held_services(tier: &RuntimeTier, seen: &Observation, gone: &BTreeSet<BaseResource>) -> BTreeSet<ServiceName> {
    let no_way_out = !tier.routes.is_empty()
        && tier.routes.keys().all(|key| gone.contains(&BaseResource::RouteTable(key.route_table.clone())));
    let no_cluster = cluster(seen).is_some();
    let asleep = |name: &ServiceName| {
        let there = seen.services.get(name).and_then(Seen::standing);
        there.is_none_or(|found| found.configuration.desired_count == 0)
    };
    let has_tasks = |name: &ServiceName| tier.services.get(name).is_some_and(|wanted| wanted.desired_count > 0);
    let mut held: BTreeSet<ServiceName> = BTreeSet::new();
    loop {
        let depends = |name: &ServiceName, wanted: &Service| {
            no_way_out
                || no_cluster
                || groups_of(seen, name, wanted).any(|arn| gone.contains(&BaseResource::TargetGroup(arn.clone())))
                || lacks_a_database(tier, seen, wanted)
                || super::cannot_be_made(wanted, seen.services.get(name), Target::Up)
                || wanted.after.iter().any(|first| held.contains(first) && has_tasks(first))
        };
        let more = tier
            .services
            .iter()
            .filter(|(name, wanted)| !held.contains(*name) && asleep(name) && depends(name, wanted));
        let more: Vec<ServiceName> = more.map(|(name, _)| name.clone()).collect();
        if more.is_empty() {
            return held;
        }
        held.extend(more);
    }
}

/// The target groups that a service's tasks register in, or would if it were made.
fn groups_of<'a>(
    seen: &'a Observation,
    name: &ServiceName,
    wanted: &'a Service,
) -> impl Iterator<Item = &'a TargetGroupArn> {
    let found = seen.services.get(name).and_then(Seen::present);
    let declared = wanted.definition.iter().filter(move |_| found.is_none());
    let declared = declared.flat_map(|definition| &definition.attachments).map(|attachment| &attachment.target_group);
    found.into_iter().flat_map(|found| &found.target_groups).chain(declared)
}

fn lacks_a_database(tier: &RuntimeTier, seen: &Observation, wanted: &Service) -> bool {
    let needed = tier
        .databases
        .iter()
        .filter(|(name, database)| wanted.databases.contains(name) && database.while_up == DatabaseWhileUp::Running);
    needed.map(|(name, _)| name).any(|name| matches!(seen.databases.get(name), Some(Seen::Absent | Seen::Leaving(_))))
}

pub(super) fn reason(gone: &BaseResource, tier: &RuntimeTier, seen: &Observation) -> Reason {
    let remedy = match gone {
        BaseResource::Cluster(_) => "create it and its services again, or name another one in the blueprint",
        BaseResource::HostedZone(_) => "create another one and name it in the blueprint, or take its records out",
        BaseResource::RouteTable(_) => "create another one and name it in the blueprint, or take its routes out",
        BaseResource::TargetGroup(_) => {
            "create another one and name it in the blueprint (its rules and services too), or take out what names it"
        }
    };
    let waiting = dependents(gone, tier, seen);
    let problem = match &waiting[..] {
        [] => "does not exist".to_owned(),
        waiting => format!("does not exist, and these wait for it: {}", waiting.join(", ")),
    };
    Reason { kind: ReasonKind::Missing, resource: gone.to_string(), problem, remedy: remedy.to_owned() }
}

/// What names it directly, in words.
fn dependents(gone: &BaseResource, tier: &RuntimeTier, seen: &Observation) -> Vec<String> {
    match gone {
        BaseResource::Cluster(_) => tier.services.keys().map(|name| format!("service {name}")).collect(),
        BaseResource::HostedZone(zone) => {
            let records = tier.dns_records.keys().filter(|key| key.zone == *zone);
            records.map(|key| format!("DNS record {} {}", key.name, key.kind.as_str())).collect()
        }
        BaseResource::RouteTable(table) => {
            let routes = tier.routes.keys().filter(|key| key.route_table == *table);
            routes.map(|key| format!("route {}", key.destination)).collect()
        }
        BaseResource::TargetGroup(arn) => {
            let services =
                tier.services.iter().filter(|(name, wanted)| groups_of(seen, name, wanted).any(|g| g == arn));
            forwarders(arn, tier).chain(services.map(|(name, _)| format!("service {name}"))).collect()
        }
    }
}

fn forwarders<'a>(arn: &'a TargetGroupArn, tier: &'a RuntimeTier) -> impl Iterator<Item = String> + 'a {
    let forwards = move |actions: &[RuleAction]| actions.iter().flat_map(RuleAction::target_groups).any(|g| g == arn);
    let listeners = tier.load_balancers.iter().flat_map(|(name, one)| one.listeners.iter().map(move |l| (name, l)));
    listeners.flat_map(move |(name, (port, listener))| {
        let itself = forwards(&listener.default_actions).then(|| format!("listener {port} of {name}"));
        let rules = listener.rules.iter().filter(move |(_, rule)| forwards(&rule.actions));
        itself
            .into_iter()
            .chain(rules.map(move |(priority, _)| format!("rule {priority} of listener {port} of {name}")))
    })
}
