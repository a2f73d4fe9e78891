//! Application load balancers of the VPC that send nothing to anybody else's tasks.

use super::residents::{Resident, residents};
use super::{LeftOut, LeftOutKind, View, listed};
use crate::capture::found::{LoadBalancer, LoadBalancerKind, Service};

pub(super) fn load_balancers<'a>(
    view: View<'a>,
    chosen: &[&Service],
    left_out: &mut Vec<LeftOut>,
) -> Vec<&'a LoadBalancer> {
    residents(view, &view.found.load_balancers, left_out, |one| why_not(view, one, chosen))
}

fn why_not(view: View<'_>, one: &LoadBalancer, chosen: &[&Service]) -> Option<LeftOut> {
    match &one.kind {
        LoadBalancerKind::Application => {}
        LoadBalancerKind::Other(kind) => {
            let problem = format!("is a {kind} load balancer, and Curfew brings back application load balancers alone");
            return Some(LeftOut::new(LeftOutKind::UnknownKind, one.called(), problem));
        }
    }
    let behind = |service: &&Service| !service.target_groups.is_disjoint(&one.target_groups);
    let others: Vec<&Service> =
        view.found.ecs.services.iter().filter(behind).filter(|service| !chosen.contains(service)).collect();
    (!others.is_empty()).then(|| {
        let problem = format!("is shared: {} behind it too", listed(others.into_iter(), ("is", "are")));
        LeftOut::new(LeftOutKind::Shared, one.called(), problem)
    })
}
