//! Elastic IPs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::*;

/// Addresses as they were found, by allocation.
type Found = BTreeMap<AllocationId, ObservedAddress>;

/// Gives each name its address; what is ours, has no place and is held by nothing, is an orphan.
pub fn place_addresses(environment: &EnvironmentName, tier: &RuntimeTier, found: &Found) -> Observation {
    let mut observation = Observation::default();
    let mut placed = BTreeSet::new();
    for (name, address) in &tier.addresses {
        let chosen = choose(environment, name, address, found);
        placed.extend(chosen.cloned());
        let seen = chosen.and_then(|id| found.get(id)).cloned().map_or(Seen::Absent, Seen::Ready);
        observation.addresses.insert(name.clone(), seen);
    }
    let left = found.iter().filter(|(id, address)| !placed.contains(*id) && !address.associated);
    let orphans = left.filter_map(|(_, address)| orphan(environment, address)).collect();
    observation.orphans.insert(Part::Addresses, orphans);
    observation
}

/// By tag first (one that is held, then the lowest id), else the adopted one.
fn choose<'a>(
    environment: &EnvironmentName,
    name: &LogicalName,
    address: &'a Address,
    found: &'a Found,
) -> Option<&'a AllocationId> {
    let tagged = found.iter().filter(|(_, one)| is_named(environment, name.as_str(), &one.tags));
    let best = tagged.min_by_key(|(id, one)| (!one.associated, *id)).map(|(id, _)| id);
    best.or_else(|| address.adopted.as_ref().filter(|id| found.contains_key(*id)))
}

fn orphan(environment: &EnvironmentName, address: &ObservedAddress) -> Option<Orphan> {
    let name = address.tags.get(NAME_TAG)?.parse().ok()?;
    let allocation = address.ownership.owned().filter(|_| is_of(environment, &address.tags))?.clone();
    Some(Orphan::Address { allocation, name })
}
