//! VPC endpoints.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{Choice, Judge};
use crate::model::*;
use crate::ports::Scope;

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

type VpcEndpointJudge<'a> = Judge<'a, LogicalName, VpcEndpointId>;

fn judge<'a>(scope: Scope<'a>, found: &[FoundVpcEndpoint]) -> VpcEndpointJudge<'a> {
    let there = found.iter().filter(|one| is_there(&one.state));
    Judge::new(&scope.identities.vpc_endpoints, there.map(|one| &one.observed.tags))
}

/// Gives each name its endpoint. What Curfew made for one of them and is not it is an orphan, what else carries its name is
/// foreign; what the blueprint no longer names is left alone.
pub fn place_vpc_endpoints(scope: Scope<'_>, found: &[FoundVpcEndpoint]) -> Observation {
    let judge = judge(scope, found);
    let mut observation = Observation::default();
    let mut placed = BTreeSet::new();
    let mut vacant = BTreeMap::new();
    for (name, wanted) in &scope.tier.vpc_endpoints {
        let choice = choose(scope, &judge, name, wanted, found);
        if choice.one().is_none() {
            vacant.insert(name, (wanted, matches!(choice, Choice::Contested)));
        }
        let chosen = choice.or_else(|| contender(wanted, found).into()).one();
        placed.extend(chosen.map(|one| &one.id));
        observation.vpc_endpoints.insert(name.clone(), chosen.map_or(Seen::Absent, |one| seen(scope, name, one)));
        observation.failed_vpc_endpoints.insert(name.clone(), failures(scope.environment, name, found));
    }
    let left = || found.iter().filter(|one| is_there(&one.state) && !placed.contains(&one.id));
    let orphans = left().filter_map(|one| orphan(scope, &judge, one)).collect();
    let foreign = left().filter_map(|one| foreign(scope, &judge, &vacant, one)).collect();
    observation.orphans.insert(Part::VpcEndpoints, orphans);
    observation.foreign.insert(Part::VpcEndpoints, foreign);
    observation
}

/// Whether somebody has to delete it, or it never goes.
fn is_there(state: &VpcEndpointState) -> bool {
    match state {
        VpcEndpointState::Pending | VpcEndpointState::Available | VpcEndpointState::Failed(_) => true,
        VpcEndpointState::Deleting | VpcEndpointState::Deleted => false,
    }
}

/// The one that stands in a name's place and is this environment's, if it can be told.
pub fn own_vpc_endpoint<'a>(
    scope: Scope<'_>,
    name: &LogicalName,
    wanted: &VpcEndpoint,
    found: &'a [FoundVpcEndpoint],
) -> Option<&'a FoundVpcEndpoint> {
    choose(scope, &judge(scope, found), name, wanted, found).one()
}

/// The adopted one, then the one that is remembered, then one that a run made; where none ever was remembered, the only one with
/// the name for this service in this VPC; then one of them that is leaving.
fn choose<'a>(
    scope: Scope<'_>,
    judge: &VpcEndpointJudge<'_>,
    name: &LogicalName,
    wanted: &VpcEndpoint,
    found: &'a [FoundVpcEndpoint],
) -> Choice<&'a FoundVpcEndpoint> {
    let adopted = |one: &&FoundVpcEndpoint| wanted.adopted.as_ref() == Some(&one.id);
    let remembered = |one: &&FoundVpcEndpoint| scope.identities.vpc_endpoints.id_of(name) == Some(&one.id);
    let named = |one: &&FoundVpcEndpoint| {
        let is_in_tier = |other: &LogicalName| scope.tier.vpc_endpoints.contains_key(other);
        is_named(scope.environment, name.as_str(), &one.observed.tags)
            && !judge.is_of_another(name, &one.id, is_in_tier)
    };
    let created = |one: &&FoundVpcEndpoint| judge.was_created_for(name, &one.id, &one.observed.tags);
    let is_known = scope.identities.vpc_endpoints.known.contains_key(name);
    let in_place = |one: &&FoundVpcEndpoint| {
        let configuration = &one.observed.configuration;
        !is_known && configuration.vpc == wanted.vpc && configuration.service == wanted.service
    };
    let alive = || found.iter().filter(|one| one.state.is_alive());
    let leaving = || found.iter().filter(|one| one.state == VpcEndpointState::Deleting);
    // Of several, one that has the service's names as wanted: what runs reaches the service by it.
    let rank = |one: &&FoundVpcEndpoint| {
        (one.state == VpcEndpointState::Pending, one.observed.configuration.private_dns != wanted.private_dns)
    };
    let made = || {
        let made = alive().filter(named).filter(created);
        made.min_by(|one, other| (rank(one), &one.id).cmp(&(rank(other), &other.id)))
    };
    let gone_by = || {
        let by_id = leaving().find(adopted).or_else(|| leaving().find(remembered));
        by_id.or_else(|| leaving().filter(named).find(|one| in_place(one) || created(one)))
    };
    Choice::from(alive().find(adopted).or_else(|| alive().find(remembered)).or_else(made))
        .or_else(|| Choice::only(alive().filter(named).filter(in_place)))
        .or_else(|| gone_by().into())
}

fn seen(scope: Scope<'_>, name: &LogicalName, one: &FoundVpcEndpoint) -> Seen<ObservedVpcEndpoint> {
    let mut observed = one.observed.clone();
    if scope.identities.vpc_endpoints.id_of(name) == Some(&one.id) {
        observed.ownership = observed.ownership.remembered();
    }
    match one.state {
        VpcEndpointState::Pending => Seen::Pending(observed),
        VpcEndpointState::Available => Seen::Ready(observed),
        VpcEndpointState::Deleting => Seen::Leaving(observed),
        VpcEndpointState::Deleted | VpcEndpointState::Failed(_) => Seen::Absent,
    }
}

/// Somebody else's that has the names ours would take: AWS would refuse ours. Others may stand beside it.
fn contender<'a>(wanted: &VpcEndpoint, found: &'a [FoundVpcEndpoint]) -> Option<&'a FoundVpcEndpoint> {
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

/// The name of the tier that an endpoint carries, if it carries this environment's.
fn carried(scope: Scope<'_>, one: &FoundVpcEndpoint) -> Option<LogicalName> {
    let name: LogicalName =
        one.observed.tags.get(NAME_TAG).filter(|_| is_of(scope.environment, &one.observed.tags))?.parse().ok()?;
    scope.tier.vpc_endpoints.contains_key(&name).then_some(name)
}

fn orphan(scope: Scope<'_>, judge: &VpcEndpointJudge<'_>, one: &FoundVpcEndpoint) -> Option<Orphan> {
    let name = carried(scope, one)?;
    let owned = one.observed.ownership.owned().filter(|_| judge.is_made(&name, &one.id, &one.observed.tags))?;
    Some(Orphan::VpcEndpoint { vpc_endpoint: owned.clone(), name })
}

/// `vacant` are the names whose endpoint is not there, and whether that is because nobody knows which of several it is.
fn foreign(
    scope: Scope<'_>,
    judge: &VpcEndpointJudge<'_>,
    vacant: &BTreeMap<&LogicalName, (&VpcEndpoint, bool)>,
    one: &FoundVpcEndpoint,
) -> Option<Foreign> {
    let name = carried(scope, one)?;
    if judge.is_made(&name, &one.id, &one.observed.tags) {
        return None;
    }
    let position = match vacant.get(&name) {
        Some((_, true)) => ForeignPosition::Contested,
        // AWS gives a service's names to one endpoint alone.
        Some((wanted, false)) if wanted.contends_with(&one.observed.configuration) => ForeignPosition::InItsPlace,
        Some(_) | None => ForeignPosition::Beside,
    };
    Some(Foreign { what: ForeignResource::VpcEndpoint { vpc_endpoint: one.id.clone(), name }, position })
}
