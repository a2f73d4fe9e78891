//! NAT gateways.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{Choice, Judge};
use crate::model::*;
use crate::ports::Scope;

/// What has become of a NAT gateway. Deleted and failed ones stay listed for about an hour (facts §1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NatGatewayState {
    /// Being made.
    Pending,
    /// It works.
    Available,
    /// Being deleted.
    Deleting,
    /// Gone.
    Deleted,
    /// It could not be made: AWS's code and words.
    Failed(String),
}

impl NatGatewayState {
    /// Whether it is there to stay.
    pub fn is_alive(&self) -> bool {
        match self {
            Self::Pending | Self::Available => true,
            Self::Deleting | Self::Deleted | Self::Failed(_) => false,
        }
    }
}

/// A NAT gateway as it was found.
#[derive(Debug, Clone)]
pub struct FoundNatGateway {
    /// Which.
    pub id: NatGatewayId,
    /// What has become of it.
    pub state: NatGatewayState,
    /// What it is like.
    pub observed: ObservedNatGateway,
}

type NatGatewayJudge<'a> = Judge<'a, LogicalName, NatGatewayId>;

fn judge<'a>(scope: Scope<'a>, found: &[FoundNatGateway]) -> NatGatewayJudge<'a> {
    let alive = found.iter().filter(|one| one.state.is_alive());
    Judge::new(&scope.identities.nat_gateways, alive.map(|one| &one.observed.tags))
}

/// Gives each name its NAT gateway. What Curfew made and has no place is an orphan; what else carries the environment's tag
/// is foreign.
pub fn place_nat_gateways(scope: Scope<'_>, found: &[FoundNatGateway]) -> Observation {
    let judge = judge(scope, found);
    let mut observation = Observation::default();
    let mut placed = BTreeSet::new();
    let mut vacant = BTreeMap::new();
    for (name, gateway) in &scope.tier.nat_gateways {
        let choice = choose(scope, &judge, name, gateway, found);
        if choice.one().is_none() {
            vacant.insert(name, (gateway, matches!(choice, Choice::Contested)));
        }
        let chosen = choice.or_else(|| untagged(scope, name, gateway, found).into()).one();
        placed.extend(chosen.map(|one| &one.id));
        observation.nat_gateways.insert(name.clone(), chosen.map_or(Seen::Absent, |one| seen(scope, name, one)));
        observation.failed_nat_gateways.insert(name.clone(), failures(scope.environment, name, gateway, found));
    }
    let left = || found.iter().filter(|one| one.state.is_alive() && !placed.contains(&one.id));
    let orphans = left().filter_map(|one| orphan(scope, &judge, one)).collect();
    let foreign = left().filter_map(|one| foreign(scope, &judge, &vacant, one)).collect();
    observation.orphans.insert(Part::NatGateways, orphans);
    observation.foreign.insert(Part::NatGateways, foreign);
    observation
}

/// The one that stands in a name's place and is this environment's, if it can be told.
pub fn own_nat_gateway<'a>(
    scope: Scope<'_>,
    name: &LogicalName,
    gateway: &NatGateway,
    found: &'a [FoundNatGateway],
) -> Option<&'a FoundNatGateway> {
    choose(scope, &judge(scope, found), name, gateway, found).one()
}

/// The adopted one, then the one that is remembered, then one that a run made, then the only one with the name that stands in its
/// place;
/// then one of them that is leaving.
fn choose<'a>(
    scope: Scope<'_>,
    judge: &NatGatewayJudge<'_>,
    name: &LogicalName,
    gateway: &NatGateway,
    found: &'a [FoundNatGateway],
) -> Choice<&'a FoundNatGateway> {
    let adopted = |one: &&FoundNatGateway| gateway.adopted.as_ref() == Some(&one.id);
    let remembered = |one: &&FoundNatGateway| scope.identities.nat_gateways.id_of(name) == Some(&one.id);
    let named = |one: &&FoundNatGateway| {
        let is_in_tier = |other: &LogicalName| scope.tier.nat_gateways.contains_key(other);
        is_named(scope.environment, name.as_str(), &one.observed.tags)
            && !judge.is_of_another(name, &one.id, is_in_tier)
    };
    let created = |one: &&FoundNatGateway| judge.was_created_for(name, &one.id, &one.observed.tags);
    let alive = || found.iter().filter(|one| one.state.is_alive());
    let leaving = || found.iter().filter(|one| one.state == NatGatewayState::Deleting);
    let made = || {
        let made = alive().filter(named).filter(created);
        made.min_by_key(|one| (one.state == NatGatewayState::Pending, &one.id))
    };
    let in_place = |one: &&FoundNatGateway| is_in_place(scope, name, gateway, one);
    let gone_by = || {
        let by_id = leaving().find(adopted).or_else(|| leaving().find(remembered));
        by_id.or_else(|| leaving().filter(named).find(|one| in_place(one) || created(one)))
    };
    Choice::from(alive().find(adopted).or_else(|| alive().find(remembered)).or_else(made))
        .or_else(|| Choice::only(alive().filter(named).filter(in_place)))
        .or_else(|| gone_by().into())
}

/// Whether it stands in the subnet of a name and leaves by its address. Which address that is may be unknown as long as no NAT
/// gateway of the name has been remembered.
fn is_in_place(scope: Scope<'_>, name: &LogicalName, gateway: &NatGateway, one: &FoundNatGateway) -> bool {
    let adopted = scope.tier.addresses.get(&gateway.address).and_then(|address| address.adopted.as_ref());
    let remembered = scope.identities.addresses.known.get(&gateway.address).filter(|known| !known.gone);
    let address = adopted.or(remembered.map(|known| &known.id));
    let leaves_by_it = match address {
        Some(id) => one.observed.allocation.as_ref() == Some(id),
        None => !scope.identities.nat_gateways.known.contains_key(name),
    };
    stands_in_subnet(gateway, one) && leaves_by_it
}

fn stands_in_subnet(gateway: &NatGateway, one: &FoundNatGateway) -> bool {
    one.observed.subnet.as_ref() == Some(&gateway.subnet)
}

fn seen(scope: Scope<'_>, name: &LogicalName, one: &FoundNatGateway) -> Seen<ObservedNatGateway> {
    let mut observed = one.observed.clone();
    if scope.identities.nat_gateways.id_of(name) == Some(&one.id) {
        observed.ownership = observed.ownership.remembered();
    }
    match one.state {
        NatGatewayState::Pending => Seen::Pending(observed),
        NatGatewayState::Available => Seen::Ready(observed),
        NatGatewayState::Deleting => Seen::Leaving(observed),
        NatGatewayState::Deleted | NatGatewayState::Failed(_) => Seen::Absent,
    }
}

/// Somebody else's in our subnet, without a tag: perhaps it is the environment's, and nobody has said so. Another
/// environment's is not counted: environments may share a subnet.
fn untagged<'a>(
    scope: Scope<'_>,
    name: &LogicalName,
    gateway: &NatGateway,
    found: &'a [FoundNatGateway],
) -> Option<&'a FoundNatGateway> {
    let is_of_another = |id: &NatGatewayId| {
        let holder = scope.identities.nat_gateways.name_of(id);
        holder.is_some_and(|other| other != name && scope.tier.nat_gateways.contains_key(other))
    };
    found.iter().find(|one| {
        one.state.is_alive()
            && stands_in_subnet(gateway, one)
            && !is_of_another(&one.id)
            && matches!(one.observed.ownership, Ownership::Foreign { environment: None, .. })
    })
}

/// Why it could not be made. What failed in another subnet says nothing about the one that is wanted now.
fn failures(
    environment: &EnvironmentName,
    name: &LogicalName,
    gateway: &NatGateway,
    found: &[FoundNatGateway],
) -> Vec<String> {
    let named = found.iter().filter(|one| is_named(environment, name.as_str(), &one.observed.tags));
    named
        .filter(|one| one.observed.subnet.as_ref().is_none_or(|subnet| *subnet == gateway.subnet))
        .filter_map(|one| match &one.state {
            NatGatewayState::Failed(why) => Some(why.clone()),
            NatGatewayState::Pending
            | NatGatewayState::Available
            | NatGatewayState::Deleting
            | NatGatewayState::Deleted => None,
        })
        .collect()
}

/// The name that a NAT gateway carries, if it carries this environment's.
fn carried(environment: &EnvironmentName, one: &FoundNatGateway) -> Option<LogicalName> {
    one.observed.tags.get(NAME_TAG).filter(|_| is_of(environment, &one.observed.tags))?.parse().ok()
}

fn orphan(scope: Scope<'_>, judge: &NatGatewayJudge<'_>, one: &FoundNatGateway) -> Option<Orphan> {
    let name = carried(scope.environment, one)?;
    let owned = one.observed.ownership.owned().filter(|_| judge.is_made(&name, &one.id, &one.observed.tags))?;
    Some(Orphan::NatGateway { nat_gateway: owned.clone(), name })
}

/// `vacant` are the names whose NAT gateway is not there, and whether that is because nobody knows which of several it is.
fn foreign(
    scope: Scope<'_>,
    judge: &NatGatewayJudge<'_>,
    vacant: &BTreeMap<&LogicalName, (&NatGateway, bool)>,
    one: &FoundNatGateway,
) -> Option<Foreign> {
    let name = carried(scope.environment, one)?;
    if judge.is_made(&name, &one.id, &one.observed.tags) {
        return None;
    }
    let position = match vacant.get(&name) {
        Some((gateway, true)) if is_in_place(scope, &name, gateway, one) => ForeignPosition::Contested,
        Some((gateway, _)) if stands_in_subnet(gateway, one) => ForeignPosition::InItsPlace,
        Some(_) | None => ForeignPosition::Beside,
    };
    Some(Foreign { what: ForeignResource::NatGateway { nat_gateway: one.id.clone(), name }, position })
}
