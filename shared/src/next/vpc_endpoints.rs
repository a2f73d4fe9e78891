//! VPC endpoints: made first thing in the morning, and services wait for them, whose tasks may pull their images and
//! secrets through them; deleted in the evening when no task is left, like the NAT gateways.

use super::{Waiting, Work, standalone_tasks};
use crate::model::*;

/// What a morning does about VPC endpoints.
pub(super) fn create(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, wanted) in &tier.vpc_endpoints {
        match seen.vpc_endpoints.get(name) {
            Some(Seen::Absent) => work.act(Action::CreateVpcEndpoint {
                name: name.clone(),
                vpc_endpoint: Box::new(wanted.clone()),
                tags: tags_for(environment, name.as_str(), &wanted.tags),
            }),
            Some(Seen::Pending(_)) => work.wait(Waiting::VpcEndpointAvailable(name.clone())),
            // Made too early, it would be refused: the old one still has the service's names.
            Some(Seen::Leaving(_)) => work.wait(Waiting::VpcEndpointDeleted(name.clone())),
            Some(Seen::Ready(_) | Seen::Unknown(_)) | None => {}
        }
    }
}

/// Whether all of them work.
pub(super) fn are_available(tier: &RuntimeTier, seen: &Observation) -> bool {
    tier.vpc_endpoints.keys().all(|name| seen.vpc_endpoints.get(name).is_some_and(|found| found.ready().is_some()))
}

/// What an evening does about VPC endpoints when no task is left, of a service or, up to a limit, of none.
pub(super) fn delete(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, found) in &seen.vpc_endpoints {
        match found {
            Seen::Ready(endpoint) | Seen::Pending(endpoint) => {
                if let Some(owned) = endpoint.ownership.owned()
                    && standalone_tasks::let_go(tier, seen, work)
                {
                    work.act(Action::DeleteVpcEndpoints { name: name.clone(), vpc_endpoint: owned.clone() });
                }
            }
            Seen::Leaving(_) => work.wait(Waiting::VpcEndpointDeleted(name.clone())),
            Seen::Absent | Seen::Unknown(_) => {}
        }
    }
    for orphan in seen.orphans.values().flatten() {
        match orphan {
            Orphan::VpcEndpoint { vpc_endpoint, name } if standalone_tasks::let_go(tier, seen, work) => {
                work.act(Action::DeleteVpcEndpoints { name: name.clone(), vpc_endpoint: vpc_endpoint.clone() });
            }
            Orphan::VpcEndpoint { .. }
            | Orphan::NatGateway { .. }
            | Orphan::Address(_)
            | Orphan::LoadBalancer { .. } => {}
        }
    }
}
