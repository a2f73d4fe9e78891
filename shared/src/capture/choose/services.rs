//! Services of the cluster whose tasks live in the VPC.

use super::{Elsewhere, LeftOut, LeftOutKind, View};
use crate::capture::found::Service;
use crate::model::ENVIRONMENT_TAG;

pub(super) fn services<'a>(view: View<'a>, left_out: &mut Vec<LeftOut>) -> Vec<&'a Service> {
    let mut chosen = Vec::new();
    for service in &view.found.ecs.services {
        match judged(view, service) {
            Judgement::Chosen => chosen.push(service),
            Judgement::LeftOut(why) => left_out.push(why),
            Judgement::OfNoConcern => {}
        }
    }
    chosen
}

enum Judgement {
    Chosen,
    LeftOut(LeftOut),
    /// Another cluster's in another VPC.
    OfNoConcern,
}

fn judged(view: View<'_>, service: &Service) -> Judgement {
    let resource = format!("service {} of cluster {}", service.name, service.cluster);
    let vpcs = view.found.network.vpcs_of(&service.subnets);
    let is_of_cluster = service.cluster == view.place.cluster;
    if !vpcs.contains(&view.place.vpc) {
        let told = is_of_cluster || matches!(view.elsewhere(&service.tags), Elsewhere::Told);
        let (kind, problem) = match vpcs.first() {
            Some(vpc) => (LeftOutKind::ForeignVpc, format!("has its tasks in {vpc}, not in {}", view.place.vpc)),
            None => (LeftOutKind::UnknownKind, "has no network of its own (awsvpc), as Fargate's have".to_owned()),
        };
        return if told { Judgement::LeftOut(LeftOut::new(kind, resource, problem)) } else { Judgement::OfNoConcern };
    }
    if !is_of_cluster {
        let problem = format!("is of another cluster; a blueprint has one, and this is that of {}", view.place.cluster);
        return Judgement::LeftOut(LeftOut::new(LeftOutKind::OtherOwner, resource, problem));
    }
    // A cluster that carries the tag stands for its services: not every stack tags them.
    let of_cluster = view.found.ecs.clusters.get(&service.cluster).filter(|tags| view.origin.is_on(tags));
    let mut tags = of_cluster.cloned().unwrap_or_default();
    tags.remove(ENVIRONMENT_TAG);
    tags.extend(service.tags.clone());
    view.stranger(&resource, &tags).map_or(Judgement::Chosen, Judgement::LeftOut)
}
