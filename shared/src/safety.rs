//! Why nothing may be touched. Every reason at once, before the first action (invariants 1, 7, 8).

mod compute;
mod databases;
mod identity;
pub mod missing;
pub mod needs;
pub mod other_users;
mod scaling;
mod standing;
mod vpc_endpoints;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::model::*;
use identity::{is_released, needs_address, not_ours};

pub use identity::notes;

/// Why a run is blocked. Each says which resource, what is the matter, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// Which kind of reason.
    pub kind: ReasonKind,
    /// Which resource.
    pub resource: String,
    /// What is the matter with it.
    pub problem: String,
    /// What a person can do.
    pub remedy: String,
}

/// The kinds of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// It belongs to somebody else.
    Foreign,
    /// It is remembered as the environment's, and carries its tag no more.
    Untagged,
    /// AWS would refuse to delete it.
    Protected,
    /// It could not come back exactly.
    Unsupported,
    /// It leads somewhere that Curfew did not lead it.
    LeadsElsewhere,
    /// It should exist and does not.
    Missing,
    /// It keeps failing.
    KeepsFailing,
    /// A stored document that nobody can read.
    Unreadable,
    /// Somebody whom the blueprint does not name uses what goes.
    OtherUser,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}; {}", self.resource, self.problem, self.remedy)
    }
}

/// So many failures of one NAT gateway within an hour (facts §1) mean that another try will not help.
const FAILURES_THAT_BLOCK: usize = 3;

/// Everything that forbids to bring any of the tier to a target. What is only missing forbids what depends on it:
/// that is [`missing::of`].
pub fn reasons(tier: &RuntimeTier, seen: &Observation, target: Target) -> Vec<Reason> {
    let mut reasons = Vec::new();
    identity::foreign_resources(tier, seen, target, &mut reasons);
    addresses(tier, seen, target, &mut reasons);
    nat_gateways(seen, target, &mut reasons);
    load_balancers(tier, seen, target, &mut reasons);
    routes(tier, seen, target, &mut reasons);
    records(tier, seen, target, &mut reasons);
    vpc_endpoints::vpc_endpoints(seen, target, &mut reasons);
    let Standing { services, rest } = standing_all(tier, seen, target);
    let forbids_all = |reason: &Reason| reason.kind != ReasonKind::Missing;
    let in_the_evening = |_: &Reason| target == Target::Down;
    let cluster = missing::cluster(seen);
    // In the evening tasks may run under another name, in another cluster, and would lose their way out.
    let one_by_one = |one: &Reason| forbids_all(one) || cluster.is_none() && in_the_evening(one);
    reasons.extend(services.into_iter().filter(one_by_one));
    reasons.extend(cluster.map(|cluster| missing::reason(&cluster, tier, seen)).filter(in_the_evening));
    reasons.extend(rest.into_iter().filter(forbids_all));
    other_users::other_users(tier, seen, target, &mut reasons);
    needs::needs(seen, target, &mut reasons);
    reasons.sort();
    reasons
}

/// The reasons of what Curfew only stops and starts.
struct Standing {
    services: Vec<Reason>,
    /// Databases, instances, Auto Scaling groups.
    rest: Vec<Reason>,
}

fn standing_all(tier: &RuntimeTier, seen: &Observation, target: Target) -> Standing {
    let (mut of_services, mut rest) = (Vec::new(), Vec::new());
    services(tier, seen, target, &mut of_services);
    databases::databases(seen, target, &mut rest);
    compute::instances(seen, target, &mut rest);
    compute::groups(seen, target, &mut rest);
    Standing { services: of_services, rest }
}

/// Whether a service does not exist, and nothing says how it is made.
fn cannot_be_made(declared: &Service, found: Option<&Seen<ObservedService>>, target: Target) -> bool {
    matches!(found, Some(Seen::Absent))
        && match declared.while_down {
            // One that is defined was not made yet; the first morning makes it.
            ServiceWhileDown::ScaleToZero => declared.definition.is_none() || declared.task_definition.is_none(),
            ServiceWhileDown::Delete => target == Target::Up && declared.definition.is_none(),
        }
}

fn foreign(resource: String, id: &str, environment: Option<&String>) -> Reason {
    let (problem, remedy) = match environment {
        // To adopt it would not help: the other environment's tag is stronger.
        Some(other) => (
            format!("({id}) belongs to the environment {other}"),
            "give one of the two another name or place, or take it out of one of the blueprints",
        ),
        None => (
            format!("({id}) exists and is not Curfew's"),
            "name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)",
        ),
    };
    let remedy = remedy.to_owned();
    Reason { kind: ReasonKind::Foreign, resource, problem, remedy }
}

/// The remedy is the resource's own: what is taken out of the blueprint must not be worse off than before.
fn unsupported(resource: &str, what: &str, remedy: &str) -> Reason {
    Reason {
        kind: ReasonKind::Unsupported,
        resource: resource.to_owned(),
        problem: format!("could not come back exactly: {what}"),
        remedy: remedy.to_owned(),
    }
}

/// A load balancer or a NAT gateway that Curfew made and the blueprint does not name is deleted as a second one would be.
const CHANGE_OR_TAKE_OUT_WITH_TAG: &str =
    "change that, or let it stay at night: take it out of the blueprint, and its tag `curfew:environment` off it";
/// A service that runs on without what goes would be worse off than one that blocks.
fn change_service(name: &ServiceName) -> String {
    format!(
        "change that; if it may run at night without what goes, take it out of the blueprint and write \
         `otherUsers: {{ allow: [service/{name}] }}`"
    )
}

fn addresses(tier: &RuntimeTier, seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.addresses {
        let resource = format!("address {name}");
        if let Some(address) = found.present() {
            let is_in_the_way = match (&address.ownership, target) {
                // A NAT gateway that is there leaves by it as before, and a night lets it be.
                (Ownership::Untagged(_), Target::Up) => needs_address(tier, seen, name),
                (Ownership::Untagged(_), Target::Down) => is_released(tier, name),
                (Ownership::Ours(_) | Ownership::Foreign { .. }, _) => true,
            };
            if let Some(reason) = not_ours(&resource, &address.ownership) {
                reasons.extend(is_in_the_way.then_some(reason));
            } else if target == Target::Down && is_released(tier, name) {
                reasons.extend(
                    address
                        .unsupported
                        .iter()
                        .map(|what| unsupported(&resource, what, "write `whileDown: keep` for it")),
                );
            }
            continue;
        }
        let adopted = tier.addresses.get(name).filter(|address| address.while_down == AddressWhileDown::Keep);
        if let (Seen::Absent, Some(id)) = (found, adopted.and_then(|address| address.adopted.as_ref())) {
            reasons.push(Reason {
                kind: ReasonKind::Missing,
                resource,
                problem: format!("({id}) is to be kept and does not exist"),
                remedy: "name another address, or leave `adopted` out for a new one".to_owned(),
            });
        }
    }
}

fn nat_gateways(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.nat_gateways {
        let resource = format!("NAT gateway {name}");
        if let Some(nat_gateway) = found.standing() {
            // Where it only has lost its tag, by day everything leaves by it as before.
            let is_in_the_way = !matches!((&nat_gateway.ownership, target), (Ownership::Untagged(_), Target::Up));
            if let Some(reason) = not_ours(&resource, &nat_gateway.ownership) {
                reasons.extend(is_in_the_way.then_some(reason));
            } else if target == Target::Down {
                let what = nat_gateway.unsupported.iter();
                reasons.extend(what.map(|what| unsupported(&resource, what, CHANGE_OR_TAKE_OUT_WITH_TAG)));
            }
        } else if target == Target::Up {
            let failures = seen.failed_nat_gateways.get(name).map_or(&[][..], Vec::as_slice);
            if failures.len() >= FAILURES_THAT_BLOCK {
                let why: BTreeSet<&str> = failures.iter().map(String::as_str).collect();
                let why: Vec<&str> = why.into_iter().collect();
                reasons.push(Reason {
                    kind: ReasonKind::KeepsFailing,
                    resource,
                    problem: format!("failed {} times in the last hour: {}", failures.len(), why.join("; ")),
                    remedy: "fix what AWS names; Curfew tries again within the hour".to_owned(),
                });
            }
        }
    }
}

fn load_balancers(tier: &RuntimeTier, seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, load_balancer) in seen.standing_load_balancers() {
        let resource = format!("load balancer {name}");
        if let Some(reason) = not_ours(&resource, &load_balancer.ownership) {
            reasons.push(reason);
        } else if target == Target::Down {
            let wanted = tier.load_balancers.get(name).map(|wanted| wanted.deletion_protection).unwrap_or_default();
            if load_balancer.is_protected() && wanted == DeletionProtection::Blocks {
                reasons.push(Reason {
                    kind: ReasonKind::Protected,
                    resource: resource.clone(),
                    problem: "is protected against deletion".to_owned(),
                    remedy:
                        "if it may go at night, say `deletionProtection: off-while-down` of it in the blueprint, or \
                             switch its protection off by hand"
                            .to_owned(),
                });
            }
            let what = load_balancer.unsupported.iter();
            reasons.extend(what.map(|what| unsupported(&resource, what, CHANGE_OR_TAKE_OUT_WITH_TAG)));
        }
    }
}

fn routes(tier: &RuntimeTier, seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (key, name) in &tier.routes {
        // On the way down, a route may show its NAT gateway for a moment longer than that exists.
        if target == Target::Down && seen.nat_gateways.get(name) == Some(&Seen::Absent) {
            continue;
        }
        // Of what cannot be seen nobody can say where it leads.
        if seen.nat_gateways.get(name).is_some_and(|found| found.unknown().is_some()) {
            continue;
        }
        let Some(route) = seen.routes.get(key).and_then(Seen::present) else { continue };
        let elsewhere = match &route.target {
            RouteTarget::Blackhole(_) => None,
            RouteTarget::NatGateway(id) => (!is_ours(seen, name, id)).then(|| id.to_string()),
            RouteTarget::Other(what) => Some(what.clone()),
        };
        if let Some(what) = elsewhere {
            reasons.push(Reason {
                kind: ReasonKind::LeadsElsewhere,
                resource: format!("route {} in {}", key.destination, key.route_table),
                problem: format!("leads to {what}, not to NAT gateway {name}"),
                remedy: "lead it back by hand, or take it out of the blueprint".to_owned(),
            });
        }
    }
}

/// Whether a NAT gateway is the one of that name, or a second one of ours that will go.
fn is_ours(seen: &Observation, name: &LogicalName, id: &NatGatewayId) -> bool {
    let in_place = seen.nat_gateways.get(name).and_then(Seen::present);
    let orphan = seen.orphans.values().flatten().any(|orphan| match orphan {
        Orphan::NatGateway { nat_gateway, .. } => nat_gateway.id() == id,
        Orphan::Address(_) | Orphan::LoadBalancer { .. } | Orphan::VpcEndpoint { .. } => false,
    });
    // A foreign one in its place is a reason of its own.
    orphan || in_place.is_some_and(|nat_gateway| nat_gateway.ownership.id() == id)
}

fn records(tier: &RuntimeTier, seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (key, record) in &tier.dns_records {
        let Some(found) = seen.records.get(key).and_then(Seen::present) else { continue };
        let resource = format!("DNS record {} {}", key.name, key.kind.as_str());
        let unseen = seen.load_balancers.get(&record.load_balancer).is_some_and(|found| found.unknown().is_some());
        if !unseen && !leads_to_ours(key, record, found, seen) {
            let what = match &found.target {
                RecordTarget::Alias { dns_name, .. } => dns_name.clone(),
                RecordTarget::Values(values) => values.join(", "),
            };
            reasons.push(Reason {
                kind: ReasonKind::LeadsElsewhere,
                resource: resource.clone(),
                problem: format!("points at {what}, not at load balancer {}", record.load_balancer),
                remedy: "point it back by hand, or take it out of the blueprint".to_owned(),
            });
        }
        if target == Target::Down {
            let remedy = "make it a plain alias record, or lead it elsewhere and take it out of the blueprint";
            reasons.extend(found.unsupported.iter().map(|what| unsupported(&resource, what, remedy)));
        }
    }
}

fn leads_to_ours(key: &RecordKey, record: &DnsRecord, found: &ObservedRecord, seen: &Observation) -> bool {
    match &found.target {
        RecordTarget::Values(values) => values.iter().all(|value| value == key.kind.parked_address()),
        RecordTarget::Alias { dns_name, .. } => {
            let name = dns_name.strip_prefix("dualstack.").unwrap_or(dns_name);
            let standing = seen.load_balancers.get(&record.load_balancer).and_then(Seen::present);
            standing.is_some_and(|load_balancer| load_balancer.dns_name.eq_ignore_ascii_case(name))
                || record.sleeping_page.as_ref().is_some_and(|page| page.dns_name.eq_ignore_ascii_case(dns_name))
                || OwnName::is_of(name, &record.load_balancer)
        }
    }
}

fn services(tier: &RuntimeTier, seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.services {
        let resource = format!("service {name}");
        let declared = tier.services.get(name);
        match found {
            Seen::Pending(service) | Seen::Ready(service) => {
                if let Some(reason) = not_ours(&resource, &service.ownership) {
                    reasons.push(reason);
                } else if target == Target::Down {
                    let remedy = change_service(name);
                    reasons.extend(service.unsupported.iter().map(|what| unsupported(&resource, what, &remedy)));
                    scaling::reasons(tier, name, declared, service, reasons);
                }
            }
            Seen::Absent => {
                if declared.is_some_and(|service| cannot_be_made(service, Some(found), target)) {
                    reasons.push(Reason {
                        kind: ReasonKind::Missing,
                        resource,
                        problem: "does not exist, and nothing says how it is made".to_owned(),
                        remedy: "create it (base tier), or take it out of the blueprint".to_owned(),
                    });
                }
            }
            Seen::Leaving(_) | Seen::Unknown(_) => {}
        }
    }
}
