//! Elastic IPs.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{Choice, Judge};
use crate::model::*;
use crate::ports::Scope;

/// Addresses as they were found, by allocation.
type Found = BTreeMap<AllocationId, ObservedAddress>;
type AddressJudge<'a> = Judge<'a, LogicalName, AllocationId>;

/// Gives each name its address. What a run allocated and nobody ever used is an orphan; what else carries a name is foreign.
pub fn place_addresses(scope: Scope<'_>, found: &Found) -> Observation {
    let judge = Judge::new(&scope.identities.addresses, found.values().map(|one| &one.tags));
    let mut observation = Observation::default();
    let mut placed = BTreeSet::new();
    let mut vacant = BTreeMap::new();
    for (name, address) in &scope.tier.addresses {
        let seen = match choose(scope, &judge, name, address, found) {
            Choice::One(id) => {
                placed.insert(id);
                found.get(id).map_or(Seen::Absent, |one| Seen::Ready(as_placed(scope, name, one)))
            }
            Choice::Nobody => {
                // One that is released is another one each morning: there is room beside what is there.
                let is_kept = address.while_down == AddressWhileDown::Keep;
                vacant.insert(name, if is_kept { ForeignPosition::InItsPlace } else { ForeignPosition::Beside });
                Seen::Absent
            }
            Choice::Contested => {
                vacant.insert(name, ForeignPosition::Contested);
                Seen::Absent
            }
        };
        observation.addresses.insert(name.clone(), seen);
    }
    let left = || found.iter().filter(|(id, _)| !placed.contains(*id));
    let orphans = left().filter_map(|(_, one)| orphan(scope, &judge, one)).collect();
    let foreign = left().filter_map(|(id, one)| foreign(scope, &judge, &vacant, id, one)).collect();
    observation.orphans.insert(Part::Addresses, orphans);
    observation.foreign.insert(Part::Addresses, foreign);
    observation
}

/// The remembered addresses that a look by tag and adoption did not show: whether they are gone, only a look by id tells.
/// Those that are known to be gone are not asked for.
pub fn unseen_addresses(scope: Scope<'_>, found: &Found) -> BTreeSet<AllocationId> {
    let known = scope.identities.addresses.known.iter().filter(|(name, _)| scope.tier.addresses.contains_key(*name));
    known.filter(|(_, one)| !one.gone && !found.contains_key(&one.id)).map(|(_, one)| one.id.clone()).collect()
}

/// The adopted one, then the one that is remembered, then one that a run made. Where none ever was remembered, the only one with
/// the name; of several the only one that is in use. One that would be released at night has to be in use.
fn choose<'a>(
    scope: Scope<'a>,
    judge: &AddressJudge<'_>,
    name: &LogicalName,
    address: &'a Address,
    found: &'a Found,
) -> Choice<&'a AllocationId> {
    let adopted = address.adopted.as_ref().filter(|id| found.contains_key(*id));
    let candidates = || {
        let named = found.iter().filter(|(_, one)| is_named(scope.environment, name.as_str(), &one.tags));
        named.filter(|(id, _)| !judge.is_of_another(name, id, |other| scope.tier.addresses.contains_key(other)))
    };
    let made = || {
        let made = candidates().filter(|(id, one)| judge.was_created_for(name, id, &one.tags));
        made.min_by_key(|(id, one)| (!one.associated, *id)).map(|(id, _)| id)
    };
    let in_use = || Choice::only(candidates().filter(|(_, one)| one.associated).map(|(id, _)| id));
    let by_name = || match address.while_down {
        AddressWhileDown::Release => in_use(),
        AddressWhileDown::Keep => match (Choice::only(candidates().map(|(id, _)| id)), in_use()) {
            (Choice::Contested, Choice::One(id)) => Choice::One(id),
            (choice, _) => choice,
        },
    };
    match adopted.or_else(|| remembered(scope, name, found)).or_else(made) {
        Some(id) => Choice::One(id),
        None if scope.identities.addresses.known.contains_key(name) => Choice::Nobody,
        None => by_name(),
    }
}

/// The remembered one: by its allocation, or by the address itself, which may have been recovered under another.
fn remembered<'a>(scope: Scope<'_>, name: &LogicalName, found: &'a Found) -> Option<&'a AllocationId> {
    let by_id = scope.identities.addresses.id_of(name).and_then(|id| found.get_key_value(id));
    let public_ip = scope.identities.public_addresses.get(name).map(|known| &known.public_ip);
    let by_address = || found.iter().find(|(_, one)| Some(&one.public_ip) == public_ip);
    by_id.or_else(by_address).map(|(id, _)| id)
}

fn as_placed(scope: Scope<'_>, name: &LogicalName, one: &ObservedAddress) -> ObservedAddress {
    let is_remembered = scope.identities.addresses.id_of(name) == Some(one.ownership.id());
    match is_remembered {
        true => ObservedAddress { ownership: one.ownership.clone().remembered(), ..one.clone() },
        false => one.clone(),
    }
}

/// The name that an address carries, if it carries this environment's.
fn carried(environment: &EnvironmentName, one: &ObservedAddress) -> Option<LogicalName> {
    one.tags.get(NAME_TAG).filter(|_| is_of(environment, &one.tags))?.parse().ok()
}

fn proven(scope: Scope<'_>, judge: &AddressJudge<'_>, one: &ObservedAddress) -> Option<OrphanAddress> {
    let name = carried(scope.environment, one)?;
    OrphanAddress::prove(scope.identities, one.ownership.owned()?, &name, &one.tags, judge.copies(&one.tags))
}

fn orphan(scope: Scope<'_>, judge: &AddressJudge<'_>, one: &ObservedAddress) -> Option<Orphan> {
    proven(scope, judge, one).filter(|_| !one.associated).map(Orphan::Address)
}

/// An address that the blueprint no longer names is somebody's, and may stay. `vacant` are the names whose address is not there,
/// with what others that carry them are to it.
fn foreign(
    scope: Scope<'_>,
    judge: &AddressJudge<'_>,
    vacant: &BTreeMap<&LogicalName, ForeignPosition>,
    id: &AllocationId,
    one: &ObservedAddress,
) -> Option<Foreign> {
    let name = carried(scope.environment, one).filter(|name| scope.tier.addresses.contains_key(name))?;
    if proven(scope, judge, one).is_some() {
        return None;
    }
    let position = vacant.get(&name).copied().unwrap_or(ForeignPosition::Beside);
    let public_ip = one.public_ip.clone();
    Some(Foreign { what: ForeignResource::Address { allocation: id.clone(), public_ip, name }, position })
}
