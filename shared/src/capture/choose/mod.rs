//! What of all that was found is this environment's. One file for each kind.

mod compute;
mod databases;
mod load_balancers;
mod nat_gateways;
mod records;
mod residents;
mod services;
mod vpc_endpoints;

use super::found::{Database, LoadBalancer, NatGateway, Record, Service, VpcEndpoint};
use super::left_out::{LeftOut, LeftOutKind};
use super::origin::Origin;
use super::place::{Found, Place};
use crate::model::*;

pub(super) use records::records;

/// What stands in the blueprint.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    pub nat_gateways: Vec<&'a NatGateway>,
    pub load_balancers: Vec<&'a LoadBalancer>,
    pub services: Vec<&'a Service>,
    pub databases: Vec<&'a Database>,
    pub vpc_endpoints: Vec<&'a VpcEndpoint>,
    pub records: Vec<Record>,
}

/// What is judged by: where the capture began, where the environment is, and all there is.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub origin: &'a Origin,
    pub place: &'a Place,
    pub found: &'a Found,
}

/// Chooses what belongs to the place, but for its records, which are only found by what was chosen.
pub(super) fn choose<'a>(view: View<'a>, left_out: &mut Vec<LeftOut>) -> Chosen<'a> {
    let services = services::services(view, left_out);
    let nat_gateways = nat_gateways::nat_gateways(view, &services, left_out);
    let load_balancers = load_balancers::load_balancers(view, &services, left_out);
    let databases = databases::databases(view, left_out);
    let vpc_endpoints = vpc_endpoints::vpc_endpoints(view, &services, left_out);
    compute::compute(view, left_out);
    Chosen { nat_gateways, load_balancers, services, databases, vpc_endpoints, records: Vec::new() }
}

/// Whether something in another VPC is worth a word.
enum Elsewhere {
    /// It carries the tag that was asked for.
    Told,
    /// It is just somewhere else.
    Silent,
}

impl View<'_> {
    fn elsewhere(&self, tags: &Tags) -> Elsewhere {
        match self.origin.tag() {
            Some(_) if self.origin.is_on(tags) => Elsewhere::Told,
            Some(_) | None => Elsewhere::Silent,
        }
    }

    /// Whose something is, if it is not this environment's. What carries Curfew's own tag needs no other.
    fn stranger(&self, resource: &str, tags: &Tags) -> Option<LeftOut> {
        let problem = match tags.get(ENVIRONMENT_TAG) {
            Some(environment) if environment == self.place.environment.as_str() => return None,
            Some(environment) => format!("belongs to the environment {environment}"),
            None => match (controller(tags), self.origin.tag()) {
                (Some(controller), _) => format!("belongs to {controller}"),
                (None, Some((key, value))) if !self.origin.is_on(tags) => {
                    format!("does not carry the tag {key}={value}")
                }
                (None, _) => return None,
            },
        };
        Some(LeftOut::new(LeftOutKind::OtherOwner, resource, problem))
    }
}

/// A controller that makes and changes things by itself, and would do so at night.
fn controller(tags: &Tags) -> Option<&'static str> {
    let is_of_kubernetes = |key: &String| {
        ["elbv2.k8s.aws/", "ingress.k8s.aws/", "kubernetes.io/"].iter().any(|beginning| key.starts_with(beginning))
    };
    tags.keys().any(is_of_kubernetes).then_some("a Kubernetes cluster")
}

/// Names some services, with what they do: `service api of cluster dev leaves`, `services … leave`.
fn listed<'a>(names: impl Iterator<Item = &'a Service>, (does, do_): (&str, &str)) -> String {
    let names: Vec<String> = names.map(|one| format!("{} of cluster {}", one.name, one.cluster)).collect();
    let verb = if names.len() == 1 { does } else { do_ };
    let services = named(&names);
    format!("{services} {verb}")
}

/// Some names in one sentence.
fn named(names: &[String]) -> String {
    match names {
        [one] => format!("service {one}"),
        [first, rest @ ..] if rest.len() > 2 => format!("services {first} and {} more", rest.len()),
        _ => format!("services {}", names.join(", ")),
    }
}
