//! Interface endpoints of the VPC that nobody else's tasks use. Its names lead there for all of the VPC.

use super::residents::{Resident, residents};
use super::{LeftOut, LeftOutKind, View, listed};
use crate::capture::found::{Service, VpcEndpoint, VpcEndpointKind};

pub(super) fn vpc_endpoints<'a>(
    view: View<'a>,
    chosen: &[&Service],
    left_out: &mut Vec<LeftOut>,
) -> Vec<&'a VpcEndpoint> {
    residents(view, &view.found.vpc_endpoints, left_out, |one| why_not(view, one, chosen))
}

fn why_not(view: View<'_>, one: &VpcEndpoint, chosen: &[&Service]) -> Option<LeftOut> {
    let left_out = |kind, problem: &str| Some(LeftOut::new(kind, one.called(), problem));
    match &one.kind {
        VpcEndpointKind::Interface => {}
        VpcEndpointKind::Managed => return left_out(LeftOutKind::OtherOwner, "is managed by the service that made it"),
        VpcEndpointKind::Gateway => {
            return left_out(LeftOutKind::UnknownKind, "is a gateway endpoint, which costs nothing");
        }
        VpcEndpointKind::Other(kind) => {
            return left_out(
                LeftOutKind::UnknownKind,
                &format!("is a {kind} endpoint, and Curfew makes interface ones"),
            );
        }
    }
    if one.service.is_of_somebody() {
        let problem = "leads to a service whose owner may have to accept each new endpoint by hand";
        return left_out(LeftOutKind::UnknownKind, problem);
    }
    let network = &view.found.network;
    let lives_there = |service: &&Service| network.vpcs_of(&service.subnets).contains(&one.vpc);
    let others: Vec<&Service> = view.found.ecs.services.iter().filter(lives_there).collect();
    let others: Vec<&Service> = others.into_iter().filter(|service| !chosen.contains(service)).collect();
    if others.is_empty() {
        return None;
    }
    left_out(LeftOutKind::Shared, &format!("is shared: {} use it too", listed(others.into_iter(), ("may", "may"))))
}
