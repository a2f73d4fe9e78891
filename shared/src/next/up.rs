//! Up: addresses, NAT gateways and load balancers at once; listeners, rules, attributes and DNS while the load balancer
//! is still provisioning (facts §2), unless a web ACL is to guard it: then DNS follows that; routes when their NAT
//! gateway is available; tasks after routes, and a service after those that it comes after; auto scaling as it was once
//! its service has its count; ready when targets are healthy (invariant 5).

use std::collections::{BTreeMap, BTreeSet};

use super::{Waiting, Work, alarms, compute, databases, order, record_batches, scaling, vpc_endpoints};
use crate::model::*;

pub(super) fn work(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation) -> Work {
    let mut work = Work::default();
    addresses(environment, tier, seen, &mut work);
    nat_gateways(environment, tier, seen, &mut work);
    routes(tier, seen, &mut work);
    vpc_endpoints::create(environment, tier, seen, &mut work);
    databases::start(tier, seen, &mut work);
    compute::start(tier, seen, &mut work);
    load_balancers(environment, tier, seen, &mut work);
    records(tier, seen, &mut work);
    services(environment, tier, seen, &mut work);
    scaling::resume(tier, seen, &mut work);
    orphans(tier, seen, &mut work);
    alarms::repoint(tier, seen, &mut work);
    work
}

fn addresses(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, address) in &tier.addresses {
        if seen.addresses.get(name) == Some(&Seen::Absent) {
            let tags = tags_for(environment, name.as_str(), &address.tags);
            work.act(Action::AllocateAddress { name: name.clone(), tags });
        }
    }
}

fn nat_gateways(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, nat_gateway) in &tier.nat_gateways {
        match seen.nat_gateways.get(name) {
            Some(Seen::Ready(_)) => {}
            Some(Seen::Pending(_)) => work.wait(Waiting::NatGatewayAvailable(name.clone())),
            // Made too early, it would fail later: the old one still holds the address (facts §1).
            Some(Seen::Leaving(_)) => work.wait(Waiting::NatGatewayDeleted(name.clone())),
            Some(Seen::Absent) => {
                let Some(address) = seen.addresses.get(&nat_gateway.address).and_then(Seen::ready) else { continue };
                if address.associated {
                    let (name, holder) = (nat_gateway.address.clone(), address.holder.clone());
                    work.wait(Waiting::AddressFree { name, holder });
                    continue;
                }
                work.act(Action::CreateNatGateway {
                    name: name.clone(),
                    subnet: nat_gateway.subnet.clone(),
                    allocation: address.ownership.id().clone(),
                    tags: tags_for(environment, name.as_str(), &nat_gateway.tags),
                    attempt: seen.failed_nat_gateways.get(name).map_or(0, Vec::len),
                });
            }
            Some(Seen::Unknown(_)) | None => {}
        }
    }
}

fn routes(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (key, name) in &tier.routes {
        let Some(nat_gateway) = seen.nat_gateways.get(name).and_then(Seen::ready) else { continue };
        let nat_gateway = nat_gateway.ownership.id().clone();
        let route = key.clone();
        match seen.routes.get(key) {
            Some(Seen::Absent) => work.act(Action::CreateRoute { route, nat_gateway }),
            Some(Seen::Ready(found)) if found.target != RouteTarget::NatGateway(nat_gateway.clone()) => {
                work.act(Action::ReplaceRoute { route, nat_gateway });
            }
            Some(Seen::Ready(_) | Seen::Pending(_) | Seen::Leaving(_) | Seen::Unknown(_)) | None => {}
        }
    }
}

fn load_balancers(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let own_names = seen.own_names();
    for (name, declared) in &tier.load_balancers {
        let wanted = &naming(tier, declared, &own_names);
        match seen.load_balancers.get(name) {
            Some(Seen::Absent) => work.act(Action::CreateLoadBalancer {
                name: name.clone(),
                load_balancer: Box::new(declared.clone()),
                tags: tags_for(environment, name.as_str(), &wanted.tags),
            }),
            Some(Seen::Pending(found)) => {
                complete(environment, name, wanted, found, work);
                work.wait(Waiting::LoadBalancerActive(name.clone()));
                if missing_web_acl(wanted, found).is_some() {
                    work.wait(Waiting::WebAclPossible(name.clone()));
                }
            }
            Some(Seen::Ready(found)) => {
                complete(environment, name, wanted, found, work);
                guard(name, wanted, found, work);
            }
            Some(Seen::Leaving(_) | Seen::Unknown(_)) | None => {}
        }
    }
}

/// A load balancer whose rules name load balancers by the DNS names that these have now: those that they were recorded
/// with are gone. What names one that is not there yet waits for its name.
fn naming(tier: &RuntimeTier, wanted: &LoadBalancer, own_names: &[OwnName]) -> LoadBalancer {
    let put = |text: &str| own_names.iter().fold(text.to_owned(), |text, own| own.put_into(&text));
    let mut named = wanted.clone().with_texts(&put);
    let is_there = |name: &LoadBalancerName| own_names.iter().any(|own| own.load_balancer == *name);
    for absent in tier.load_balancers.keys().filter(|name| !is_there(name)) {
        named.listeners.retain(|_, listener| !listener.default_names(absent));
        named.listeners.values_mut().for_each(|listener| listener.rules.retain(|_, rule| !rule.names(absent)));
    }
    named
}

/// The web ACL that a load balancer is meant to have and has not. One that nobody wanted is somebody's, and stays.
fn missing_web_acl<'a>(wanted: &'a LoadBalancer, found: &ObservedLoadBalancer) -> Option<&'a WebAclArn> {
    wanted.web_acl.as_ref().filter(|web_acl| found.configuration.web_acl.as_ref() != Some(*web_acl))
}

fn guard(name: &LoadBalancerName, wanted: &LoadBalancer, found: &ObservedLoadBalancer, work: &mut Work) {
    let Some(load_balancer) = found.ownership.owned() else { return };
    if let Some(web_acl) = missing_web_acl(wanted, found) {
        work.act(Action::AssociateWebAcl {
            name: name.clone(),
            load_balancer: load_balancer.clone(),
            web_acl: web_acl.clone(),
        });
    }
}

/// One call sets at most so many attributes (API reference of ModifyLoadBalancerAttributes); the rest follow in the next.
const MOST_ATTRIBUTES: usize = 20;

/// What a load balancer lacks. Nothing is taken away from it: what is there and not wanted was put there by somebody.
fn complete(
    environment: &EnvironmentName,
    name: &LoadBalancerName,
    wanted: &LoadBalancer,
    found: &ObservedLoadBalancer,
    work: &mut Work,
) {
    let Some(load_balancer) = found.ownership.owned() else { return };
    let attributes = differing(&wanted.attributes, &found.configuration.attributes);
    // Whoever protected it meanwhile meant it (invariant 7).
    let unprotects = |(key, value): &(String, String)| key == DELETION_PROTECTION && value != "true";
    let attributes: BTreeMap<String, String> =
        attributes.into_iter().filter(|attribute| !unprotects(attribute)).take(MOST_ATTRIBUTES).collect();
    if !attributes.is_empty() {
        work.act(Action::ModifyLoadBalancerAttributes {
            name: name.clone(),
            load_balancer: load_balancer.clone(),
            attributes,
        });
    }
    for (port, listener) in &wanted.listeners {
        match (found.listeners.get(port), found.configuration.listeners.get(port)) {
            (Some(arn), Some(there)) => complete_listener(environment, name, *port, (listener, there), arn, work),
            (None, _) | (_, None) => work.act(Action::CreateListener {
                name: name.clone(),
                load_balancer: load_balancer.clone(),
                port: *port,
                listener: Box::new(listener.clone()),
                tags: tags_for(environment, &format!("{name}:{port}"), &listener.tags),
            }),
        }
    }
}

fn complete_listener(
    environment: &EnvironmentName,
    name: &LoadBalancerName,
    port: u16,
    (wanted, there): (&Listener, &Listener),
    arn: &ListenerArn,
    work: &mut Work,
) {
    let attributes = differing(&wanted.attributes, &there.attributes);
    if !attributes.is_empty() {
        work.act(Action::ModifyListenerAttributes { name: name.clone(), port, listener: arn.clone(), attributes });
    }
    let certificates: BTreeSet<CertificateArn> =
        wanted.additional_certificates.difference(&there.additional_certificates).cloned().collect();
    if !certificates.is_empty() {
        work.act(Action::AddListenerCertificates { name: name.clone(), port, listener: arn.clone(), certificates });
    }
    for (priority, rule) in wanted.rules.iter().filter(|(priority, _)| !there.rules.contains_key(priority)) {
        work.act(Action::CreateRule {
            name: name.clone(),
            port,
            listener: arn.clone(),
            priority: *priority,
            rule: Box::new(rule.clone()),
            tags: tags_for(environment, &format!("{name}:{port}:{priority}"), &rule.tags),
        });
    }
}

fn records(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let mut changes = Vec::new();
    for (key, record) in &tier.dns_records {
        let Some(load_balancer) = seen.load_balancers.get(&record.load_balancer).and_then(Seen::standing) else {
            continue;
        };
        // Nobody is led to it unguarded; once it is, the next step leads there.
        let meant = tier.load_balancers.get(&record.load_balancer);
        if meant.is_some_and(|meant| missing_web_acl(meant, load_balancer).is_some()) {
            continue;
        }
        let wanted = alias(record, load_balancer);
        match seen.records.get(key) {
            Some(Seen::Ready(found)) if found.target == wanted => {}
            Some(Seen::Pending(found)) if found.target == wanted => work.wait(Waiting::RecordInSync(key.clone())),
            Some(Seen::Absent | Seen::Ready(_) | Seen::Pending(_)) => {
                let RecordTarget::Alias { dns_name, hosted_zone, evaluate_target_health } = wanted else { continue };
                let to = RecordDestination::LoadBalancer { dns_name, hosted_zone, evaluate_target_health };
                changes.push(RecordChange { key: key.clone(), to });
            }
            Some(Seen::Leaving(_) | Seen::Unknown(_)) | None => {}
        }
    }
    work.actions.extend(record_batches(changes));
}

fn alias(record: &DnsRecord, load_balancer: &ObservedLoadBalancer) -> RecordTarget {
    let name = load_balancer.dns_name.to_ascii_lowercase();
    RecordTarget::Alias {
        dns_name: match record.alias_form {
            AliasForm::Plain => name,
            AliasForm::Dualstack => format!("dualstack.{name}"),
        },
        hosted_zone: load_balancer.hosted_zone.clone(),
        evaluate_target_health: record.evaluate_target_health,
    }
}

fn services(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let has_ways_out = has_ways_out(tier, seen);
    for (name, wanted) in &tier.services {
        let possible = has_ways_out && databases::serve(tier, seen, wanted);
        match seen.services.get(name) {
            Some(Seen::Ready(found) | Seen::Pending(found)) if found.configuration.desired_count == 0 => {
                if wanted.desired_count > 0
                    && possible
                    && order::is_its_turn(tier, seen, name, work)
                    && may_start(tier, seen, name, wanted, found, work)
                {
                    work.actions.extend(found.ownership.owned().map(|service| Action::UpdateService {
                        name: name.clone(),
                        service: service.clone(),
                        desired_count: wanted.desired_count,
                    }));
                }
            }
            Some(Seen::Ready(found) | Seen::Pending(found)) => work.waiting.extend(readiness(tier, seen, name, found)),
            Some(Seen::Leaving(_)) => work.wait(Waiting::ServiceGone(name.clone())),
            Some(Seen::Absent) => {
                let (Some(definition), Some(family)) = (&wanted.definition, &wanted.task_definition) else { continue };
                let groups = definition.attachments.iter().map(|attachment| &attachment.target_group);
                if possible && order::is_its_turn(tier, seen, name, work) && attached(tier, seen, groups, work) {
                    work.act(Action::CreateService {
                        name: name.clone(),
                        task_definition: family.clone(),
                        definition: Box::new(definition.clone()),
                        desired_count: wanted.desired_count,
                        tags: tags_for(environment, name.as_str(), &definition.tags),
                    });
                }
            }
            Some(Seen::Unknown(_)) | None => {}
        }
    }
}

/// Tasks that start without a way out cannot pull their image, and burn the circuit breaker's patience (facts §0).
pub(super) fn has_ways_out(tier: &RuntimeTier, seen: &Observation) -> bool {
    let routed = tier.routes.iter().all(|(key, name)| leads_to(seen, key, name));
    routed && compute::ways_out_run(tier, seen) && vpc_endpoints::are_available(tier, seen)
}

fn leads_to(seen: &Observation, key: &RouteKey, name: &LogicalName) -> bool {
    let nat_gateway = seen.nat_gateways.get(name).and_then(Seen::ready).map(|found| found.ownership.id());
    let route = seen.routes.get(key).and_then(Seen::present).map(|route| &route.target);
    matches!((route, nat_gateway), (Some(RouteTarget::NatGateway(to)), Some(id)) if to == id)
}

fn may_start(
    tier: &RuntimeTier,
    seen: &Observation,
    name: &ServiceName,
    wanted: &Service,
    found: &ObservedService,
    work: &mut Work,
) -> bool {
    if wanted.singleton && found.tasks.any() {
        work.wait(tasks_gone(name, found.tasks));
        return false;
    }
    attached(tier, seen, found.target_groups.iter(), work)
}

/// Whether ECS would take the service: its target groups stand behind a listener or a rule (facts §3). Target groups
/// that no load balancer of the tier forwards to are somebody else's business.
fn attached<'a>(
    tier: &RuntimeTier,
    seen: &Observation,
    groups: impl Iterator<Item = &'a TargetGroupArn>,
    work: &mut Work,
) -> bool {
    let of_tier = tier.target_groups();
    let mut all = true;
    for group in groups.filter(|group| of_tier.contains(*group)) {
        if !seen.targets.get(group).and_then(Seen::ready).is_some_and(|targets| targets.attached) {
            work.wait(Waiting::TargetGroupAttached(group.clone()));
            all = false;
        }
    }
    all
}

pub(super) fn tasks_gone(name: &ServiceName, tasks: TaskCounts) -> Waiting {
    Waiting::TasksGone { service: name.clone(), left: tasks.pending + tasks.running + tasks.stopping }
}

/// What a service that has been started still lacks until it serves.
pub(super) fn readiness<'a>(
    tier: &'a RuntimeTier,
    seen: &'a Observation,
    name: &ServiceName,
    found: &'a ObservedService,
) -> impl Iterator<Item = Waiting> + 'a {
    let desired = found.configuration.desired_count;
    let (service, running) = (name.clone(), found.tasks.running);
    let tasks = (running < desired).then_some(Waiting::TasksRunning { service, running, desired });
    // Nothing checks the targets of a group that no listener or rule of the tier forwards to any more.
    let of_tier = tier.target_groups();
    let groups = found.target_groups.iter().filter(move |group| of_tier.contains(*group));
    let targets = groups.filter_map(move |group| {
        let healthy = seen.targets.get(group).and_then(Seen::ready)?.healthy;
        let target_group = group.clone();
        (healthy < desired).then_some(Waiting::TargetsHealthy { target_group, healthy, desired })
    });
    tasks.into_iter().chain(targets)
}

/// A second NAT gateway or address of a name, left by a run that was cut off: it goes once the first one works.
fn orphans(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let routed = tier.routes.iter().all(|(key, name)| leads_to(seen, key, name));
    for orphan in seen.orphans.values().flatten() {
        match orphan {
            Orphan::NatGateway { nat_gateway, name } => {
                if routed && seen.nat_gateways.get(name).is_some_and(|found| found.ready().is_some()) {
                    let nat_gateway = nat_gateway.clone();
                    work.act(Action::DeleteNatGateway { name: name.clone(), nat_gateway });
                }
            }
            Orphan::Address(orphan) => {
                let name = orphan.name();
                if seen.addresses.get(name).is_some_and(|found| found.ready().is_some()) {
                    work.act(Action::ReleaseAddress { name: name.clone(), allocation: orphan.into() });
                }
            }
            // Its target groups are taken: it goes at night.
            Orphan::LoadBalancer { .. } => {}
            Orphan::VpcEndpoint { vpc_endpoint, name } => {
                if seen.vpc_endpoints.get(name).is_some_and(|found| found.ready().is_some()) {
                    work.act(Action::DeleteVpcEndpoints { name: name.clone(), vpc_endpoint: vpc_endpoint.clone() });
                }
            }
        }
    }
}
