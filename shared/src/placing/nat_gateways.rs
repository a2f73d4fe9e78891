//! NAT gateways.

use std::collections::BTreeSet;

use crate::model::*;

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

impl FoundNatGateway {
    fn seen(&self) -> Seen<ObservedNatGateway> {
        match self.state {
            NatGatewayState::Pending => Seen::Pending(self.observed.clone()),
            NatGatewayState::Available => Seen::Ready(self.observed.clone()),
            NatGatewayState::Deleting => Seen::Leaving(self.observed.clone()),
            NatGatewayState::Deleted | NatGatewayState::Failed(_) => Seen::Absent,
        }
    }
}

/// Gives each name its NAT gateway; what is ours, alive and has no place, is an orphan.
pub fn place_nat_gateways(environment: &EnvironmentName, tier: &RuntimeTier, found: &[FoundNatGateway]) -> Observation {
    let mut observation = Observation::default();
    let mut placed = BTreeSet::new();
    for (name, gateway) in &tier.nat_gateways {
        let chosen = own_nat_gateway(environment, name, gateway, found).or_else(|| foreign(gateway, found));
        placed.extend(chosen.map(|one| &one.id));
        observation.nat_gateways.insert(name.clone(), chosen.map_or(Seen::Absent, FoundNatGateway::seen));
        observation.failed_nat_gateways.insert(name.clone(), failures(environment, name, gateway, found));
    }
    let left = found.iter().filter(|one| one.state.is_alive() && !placed.contains(&one.id));
    observation.orphans.insert(Part::NatGateways, left.filter_map(|one| orphan(environment, one)).collect());
    observation
}

/// The one that stands in a name's place: ours by tag, then the adopted one, then one of them that is leaving.
pub fn own_nat_gateway<'a>(
    environment: &EnvironmentName,
    name: &LogicalName,
    gateway: &NatGateway,
    found: &'a [FoundNatGateway],
) -> Option<&'a FoundNatGateway> {
    let named = |one: &&FoundNatGateway| is_named(environment, name.as_str(), &one.observed.tags);
    let adopted = |one: &&FoundNatGateway| gateway.adopted.as_ref() == Some(&one.id);
    let alive = || found.iter().filter(|one| one.state.is_alive());
    let leaving = || found.iter().filter(|one| one.state == NatGatewayState::Deleting);
    let tagged = alive().filter(named).min_by_key(|one| (one.state == NatGatewayState::Pending, &one.id));
    tagged.or_else(|| alive().find(adopted)).or_else(|| leaving().find(named)).or_else(|| leaving().find(adopted))
}

/// Somebody else's in our subnet. Another environment's is not counted: environments may share a subnet.
fn foreign<'a>(gateway: &NatGateway, found: &'a [FoundNatGateway]) -> Option<&'a FoundNatGateway> {
    found.iter().find(|one| {
        one.state.is_alive()
            && one.observed.subnet.as_ref() == Some(&gateway.subnet)
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

fn orphan(environment: &EnvironmentName, one: &FoundNatGateway) -> Option<Orphan> {
    let name = one.observed.tags.get(NAME_TAG)?.parse().ok()?;
    let owned = one.observed.ownership.owned().filter(|_| is_of(environment, &one.observed.tags))?;
    Some(Orphan::NatGateway { nat_gateway: owned.clone(), name })
}
