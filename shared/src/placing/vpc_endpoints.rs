//! VPC endpoints.

use std::collections::BTreeSet;

use crate::model::*;

/// What has become of a VPC endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VpcEndpointState {
    /// Being made, or waiting to be accepted.
    Pending,
    /// It works.
    Available,
    /// Being deleted.
    Deleting,
    /// Gone, and listed for a while.
    Deleted,
    /// It could not be made, and stays until it is deleted: AWS's code and words.
    Failed(String),
}

impl VpcEndpointState {
    /// Whether it is there to stay.
    pub fn is_alive(&self) -> bool {
        match self {
            Self::Pending | Self::Available => true,
            Self::Deleting | Self::Deleted | Self::Failed(_) => false,
        }
    }
}

/// A VPC endpoint as it was found.
#[derive(Debug, Clone)]
pub struct FoundVpcEndpoint {
    /// Which.
    pub id: VpcEndpointId,
    /// What has become of it.
    pub state: VpcEndpointState,
    /// What it is like.
    pub observed: ObservedVpcEndpoint,
}

impl FoundVpcEndpoint {
    fn seen(&self) -> Seen<ObservedVpcEndpoint> {
        match self.state {
            VpcEndpointState::Pending => Seen::Pending(self.observed.clone()),
            VpcEndpointState::Available => Seen::Ready(self.observed.clone()),
            VpcEndpointState::Deleting => Seen::Leaving(self.observed.clone()),
            VpcEndpointState::Deleted | VpcEndpointState::Failed(_) => Seen::Absent,
        }
    }
}

/// Gives each name its endpoint. What carries the name of one and is not it is an orphan; what the blueprint no longer
/// names is left alone.
pub fn place_vpc_endpoints(
    environment: &EnvironmentName,
    tier: &RuntimeTier,
    found: &[FoundVpcEndpoint],
) -> Observation {
    let mut observation = Observation::default();
    let mut placed = BTreeSet::new();
    for (name, wanted) in &tier.vpc_endpoints {
        let chosen = own_vpc_endpoint(environment, name, wanted, found).or_else(|| foreign(wanted, found));
        placed.extend(chosen.map(|one| &one.id));
        observation.vpc_endpoints.insert(name.clone(), chosen.map_or(Seen::Absent, FoundVpcEndpoint::seen));
        observation.failed_vpc_endpoints.insert(name.clone(), failures(environment, name, found));
    }
    let left = found.iter().filter(|one| is_there(&one.state) && !placed.contains(&one.id));
    let orphans = left.filter_map(|one| orphan(environment, tier, one)).collect();
    observation.orphans.insert(Part::VpcEndpoints, orphans);
    observation
}

/// Whether somebody has to delete it, or it never goes.
fn is_there(state: &VpcEndpointState) -> bool {
    match state {
        VpcEndpointState::Pending | VpcEndpointState::Available | VpcEndpointState::Failed(_) => true,
        VpcEndpointState::Deleting | VpcEndpointState::Deleted => false,
    }
}

/// The one that stands in a name's place: ours by tag, then the adopted one, then one of them that is leaving.
pub fn own_vpc_endpoint<'a>(
    environment: &EnvironmentName,
    name: &LogicalName,
    wanted: &VpcEndpoint,
    found: &'a [FoundVpcEndpoint],
) -> Option<&'a FoundVpcEndpoint> {
    let named = |one: &&FoundVpcEndpoint| is_named(environment, name.as_str(), &one.observed.tags);
    let adopted = |one: &&FoundVpcEndpoint| wanted.adopted.as_ref() == Some(&one.id);
    let alive = || found.iter().filter(|one| one.state.is_alive());
    let leaving = || found.iter().filter(|one| one.state == VpcEndpointState::Deleting);
    // Of several, one that has the service's names as wanted: what runs reaches the service by it.
    let rank = |one: &&FoundVpcEndpoint| {
        (one.state == VpcEndpointState::Pending, one.observed.configuration.private_dns != wanted.private_dns)
    };
    let tagged = alive().filter(named).min_by(|one, other| (rank(one), &one.id).cmp(&(rank(other), &other.id)));
    tagged.or_else(|| alive().find(adopted)).or_else(|| leaving().find(named)).or_else(|| leaving().find(adopted))
}

/// Somebody else's that has the names ours would take: AWS would refuse ours. Others may stand beside it.
fn foreign<'a>(wanted: &VpcEndpoint, found: &'a [FoundVpcEndpoint]) -> Option<&'a FoundVpcEndpoint> {
    found.iter().find(|one| {
        one.state.is_alive()
            && wanted.contends_with(&one.observed.configuration)
            && matches!(one.observed.ownership, Ownership::Foreign { .. })
    })
}

/// Why those of a name could not be made.
fn failures(environment: &EnvironmentName, name: &LogicalName, found: &[FoundVpcEndpoint]) -> Vec<String> {
    let named = found.iter().filter(|one| is_named(environment, name.as_str(), &one.observed.tags));
    named
        .filter_map(|one| match &one.state {
            VpcEndpointState::Failed(why) => Some(format!("{} {why}", one.id)),
            VpcEndpointState::Pending
            | VpcEndpointState::Available
            | VpcEndpointState::Deleting
            | VpcEndpointState::Deleted => None,
        })
        .collect()
}

fn orphan(environment: &EnvironmentName, tier: &RuntimeTier, one: &FoundVpcEndpoint) -> Option<Orphan> {
    let name: LogicalName = one.observed.tags.get(NAME_TAG)?.parse().ok()?;
    let owned = one.observed.ownership.owned().filter(|_| is_of(environment, &one.observed.tags))?;
    tier.vpc_endpoints.contains_key(&name).then(|| Orphan::VpcEndpoint { vpc_endpoint: owned.clone(), name })
}
