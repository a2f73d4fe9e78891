//! What is not the blueprint's, however it is tagged, and where it stands in the way; what has lost its tag.

use super::{Reason, ReasonKind, foreign};
use crate::model::*;

/// Why something is not touched, if it is not this environment's or cannot be shown to be.
pub(super) fn not_ours<Id: AsRef<str> + Clone + PartialEq>(
    resource: &str,
    ownership: &Ownership<Id>,
) -> Option<Reason> {
    match ownership {
        Ownership::Ours(_) => None,
        Ownership::Foreign { id, environment } => Some(foreign(resource.to_owned(), id.as_ref(), environment.as_ref())),
        Ownership::Untagged(id) => Some(Reason {
            kind: ReasonKind::Untagged,
            resource: resource.to_owned(),
            problem: format!("({}) is remembered as this environment's, and carries its tag no more", id.as_ref()),
            remedy: format!(
                "tag it with {ENVIRONMENT_TAG} and {NAME_TAG} again; nothing else is put in its place, and it is not touched \
                 before"
            ),
        }),
    }
}

/// The reasons against a target that come from foreign resources with the environment's names.
pub(super) fn foreign_resources(tier: &RuntimeTier, seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for one in seen.foreign.values().flatten() {
        let stands_in_the_way = match (&one.what, one.position, target) {
            (_, ForeignPosition::Beside, _) => false,
            // What is to be kept is needed only for a NAT gateway that is not there.
            (ForeignResource::Address { name, .. }, _, Target::Up) => needs_address(tier, seen, name),
            (ForeignResource::Address { name, .. }, _, Target::Down) => is_released(tier, name),
            (_, ForeignPosition::InItsPlace, target) => target == Target::Up,
            (_, ForeignPosition::Contested, Target::Up | Target::Down) => true,
        };
        if stands_in_the_way {
            reasons.push(reason(one));
        }
    }
}

fn reason(foreign: &Foreign) -> Reason {
    let (problem, remedy) = match foreign.position {
        ForeignPosition::Contested => (
            "carries the same name as another one, and nothing says which of them is this environment's",
            format!("take {NAME_TAG} away from all but one, or name that one as `adopted` in the blueprint"),
        ),
        ForeignPosition::Beside | ForeignPosition::InItsPlace => (
            "stands where this environment's should, carries its name, and is not the one that is remembered",
            format!(
                "name it as `adopted` in the blueprint if it is this environment's, else take {NAME_TAG} away or remove it"
            ),
        ),
    };
    let kind = ReasonKind::Foreign;
    Reason { kind, resource: foreign.what.to_string(), problem: problem.to_owned(), remedy }
}

/// Whether a NAT gateway has to be made that leaves by an address.
pub(super) fn needs_address(tier: &RuntimeTier, seen: &Observation, address: &LogicalName) -> bool {
    let mut users = tier.nat_gateways.iter().filter(|(_, gateway)| gateway.address == *address).peekable();
    let is_missing = |name: &LogicalName| seen.nat_gateways.get(name).is_none_or(|found| found.standing().is_none());
    users.peek().is_none() || users.any(|(name, _)| is_missing(name))
}

pub(super) fn is_released(tier: &RuntimeTier, name: &LogicalName) -> bool {
    tier.addresses.get(name).is_some_and(|address| address.while_down == AddressWhileDown::Release)
}

/// What people should hear of although it stands in nobody's way: what carries the environment's names and is not its own,
/// and what has lost its tag.
pub fn notes(seen: &Observation) -> Vec<String> {
    let foreign = seen.foreign.values().flatten().map(|one| {
        format!(
            "{} carries this environment's tags and is not what the blueprint means by them: it is not touched; take \
             {ENVIRONMENT_TAG} away from it",
            one.what
        )
    });
    let addresses = seen.addresses.iter().filter_map(|(name, found)| {
        let found = found.present()?;
        untagged(&found.ownership).then(|| format!("address {name} ({}, {})", found.ownership.id(), found.public_ip))
    });
    let nat_gateways = seen.nat_gateways.iter().filter_map(|(name, found)| {
        let found = found.present()?;
        untagged(&found.ownership).then(|| format!("NAT gateway {name} ({})", found.ownership.id()))
    });
    let untagged = addresses.chain(nat_gateways).map(|what| {
        format!("{what} is remembered as this environment's and carries its tag no more: tag it again, or Curfew cannot work with it")
    });
    foreign.chain(untagged).collect()
}

fn untagged<Id>(ownership: &Ownership<Id>) -> bool {
    matches!(ownership, Ownership::Untagged(_))
}
