//! Application load balancers of the VPC that send nothing to anybody else's tasks.

use super::{Elsewhere, LeftOut, LeftOutKind, View, listed};
use crate::capture::found::{LoadBalancer, LoadBalancerKind, Service};

pub(super) fn load_balancers<'a>(
    view: View<'a>,
    chosen: &[&Service],
    left_out: &mut Vec<LeftOut>,
) -> Vec<&'a LoadBalancer> {
    let (here, elsewhere): (Vec<&LoadBalancer>, Vec<&LoadBalancer>) =
        view.found.load_balancers.iter().partition(|one| one.vpc == view.place.vpc);
    for one in elsewhere.into_iter().filter(|one| matches!(view.elsewhere(&one.tags), Elsewhere::Told)) {
        let problem = format!("is in {}, not in {}", one.vpc, view.place.vpc);
        left_out.push(LeftOut::new(LeftOutKind::ForeignVpc, resource(one), problem));
    }
    here.into_iter()
        .filter(|one| match why_not(view, one, chosen) {
            Some(why) => {
                left_out.push(why);
                false
            }
            None => true,
        })
        .collect()
}

fn resource(one: &LoadBalancer) -> String {
    format!("load balancer {}", one.name)
}

fn why_not(view: View<'_>, one: &LoadBalancer, chosen: &[&Service]) -> Option<LeftOut> {
    if let Some(stranger) = view.stranger(&resource(one), &one.tags) {
        return Some(stranger);
    }
    match &one.kind {
        LoadBalancerKind::Application => {}
        LoadBalancerKind::Other(kind) => {
            let problem = format!("is a {kind} load balancer, and Curfew brings back application load balancers alone");
            return Some(LeftOut::new(LeftOutKind::UnknownKind, resource(one), problem));
        }
    }
    let behind = |service: &&Service| !service.target_groups.is_disjoint(&one.target_groups);
    let others: Vec<&Service> =
        view.found.ecs.services.iter().filter(behind).filter(|service| !chosen.contains(service)).collect();
    (!others.is_empty()).then(|| {
        let problem = format!("is shared: {} is behind it too", listed(others.into_iter()));
        LeftOut::new(LeftOutKind::Shared, resource(one), problem)
    })
}
