//! Others who use what goes: they block, unless the blueprint allows them to be without it; then people are told.

use std::collections::BTreeSet;

use super::{Reason, ReasonKind};
use crate::model::*;

/// Everybody who would be without something, and may not.
pub(super) fn other_users(tier: &RuntimeTier, seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    match target {
        // On the way up nothing goes that somebody could use.
        Target::Up => {}
        Target::Down => {
            let barred = users(seen).filter(|(id, _)| !tier.other_users.allows(id));
            reasons.extend(barred.filter_map(|(id, user)| reason(id, user, &standing(seen, &user.uses))));
        }
    }
}

/// What a person should know before these actions: who is without what they take away, as the blueprint allows.
pub fn notes<'a>(tier: &RuntimeTier, seen: &Observation, actions: impl Iterator<Item = &'a Action>) -> Vec<String> {
    let gone: BTreeSet<Used> = actions.filter_map(taken).collect();
    let note = |(id, user): (&OtherUserId, &OtherUser)| {
        let lost: Vec<String> = user.uses.intersection(&gone).map(ToString::to_string).collect();
        let allowed = tier.other_users.allows(id) && !lost.is_empty();
        allowed.then(|| format!("{} is without {} from now on, as `otherUsers` allows", user.called, lost.join(", ")))
    };
    users(seen).filter_map(note).collect()
}

fn users(seen: &Observation) -> impl Iterator<Item = (&OtherUserId, &OtherUser)> {
    seen.other_users.iter().filter_map(Seen::present).flatten()
}

/// What an action takes away from whoever uses it.
fn taken(action: &Action) -> Option<Used> {
    match action {
        Action::DeleteNatGateway { name, .. } => Some(Used::NatGateway(name.clone())),
        Action::DeleteLoadBalancer { name, .. } => Some(Used::LoadBalancer(name.clone())),
        Action::StopDbInstance { name, .. } | Action::StopDbCluster { name, .. } => Some(Used::Database(name.clone())),
        _ => None,
    }
}

/// Those that have not gone since somebody was seen to use them.
fn standing<'a>(seen: &Observation, uses: &'a BTreeSet<Used>) -> Vec<&'a Used> {
    let orphans = || seen.orphans.values().flatten();
    let stands = |used: &&Used| match used {
        Used::NatGateway(name) => {
            let second = |orphan: &Orphan| matches!(orphan, Orphan::NatGateway { name: one, .. } if one == name);
            seen.nat_gateways.get(name).is_some_and(|found| found.standing().is_some()) || orphans().any(second)
        }
        Used::LoadBalancer(name) => {
            let second = |orphan: &Orphan| matches!(orphan, Orphan::LoadBalancer { name: one, .. } if one == name);
            seen.load_balancers.get(name).is_some_and(|found| found.standing().is_some()) || orphans().any(second)
        }
        Used::Database(name) => {
            let found = seen.databases.get(name).and_then(Seen::standing);
            found.is_some_and(|one| one.status.doing() != Doing::Stopped)
        }
    };
    uses.iter().filter(stands).collect()
}

fn reason(id: &OtherUserId, user: &OtherUser, uses: &[&Used]) -> Option<Reason> {
    if uses.is_empty() {
        return None;
    }
    let allow = format!("write `otherUsers: {{ allow: [{id}] }}`");
    let (problem, remedy) = match id {
        OtherUserId::RouteTable(_) => (
            "is not in the blueprint, and would lead nowhere without",
            format!("add it under `routes`, and each morning leads it back; if it may lead nowhere, {allow}"),
        ),
        OtherUserId::Service(_) => (
            "is not in the blueprint, and would be without",
            format!(
                "add it under `services`, so that it stops and starts with the rest; if it may run without, {allow}"
            ),
        ),
        OtherUserId::Instance(_) => (
            "is not in the blueprint, and would be without",
            format!("add it under `instances`, or its group under `autoScalingGroups`; if it may run without, {allow}"),
        ),
        OtherUserId::Function(_) | OtherUserId::Target(_) | OtherUserId::Interface(_) => (
            "is not in the blueprint, and would be without",
            format!("let it use another one; if it may be without, {allow}"),
        ),
    };
    let uses: Vec<String> = uses.iter().map(ToString::to_string).collect();
    Some(Reason {
        kind: ReasonKind::OtherUser,
        resource: user.called.clone(),
        problem: format!("{problem} {}", uses.join(", ")),
        remedy,
    })
}
