//! What a document's shape cannot say: names that must exist, ranges, things that must go together.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::calendar;
use super::document::{Document, VERSION};
use super::limits::{self, tags};
use super::order;
use super::problems::Problems;
use super::vpc_endpoints;
use crate::model::*;
use crate::schedule::{Defaults, Holidays, Schedule};

/// Finds what is wrong with a document whatever its shape, so that a mistake of shape does not hide it: its version,
/// its schedule, and names that lead nowhere. The schedule and its holidays come with them if they are right.
pub(crate) fn unshaped(document: &Value, calendar: Option<&str>) -> (Problems, Option<(Schedule, Option<Holidays>)>) {
    let mut problems = Problems::default();
    if document["version"].as_u64().is_some_and(|version| version != u64::from(VERSION)) {
        problems.add("version", format!("this Curfew reads version {VERSION}"));
    }
    let when = schedule(document, calendar, &mut problems);
    let places = |section: &str| match &document[section] {
        Value::Object(entries) => entries.iter().map(|(name, entry)| (format!("{section}.{name}"), entry)).collect(),
        Value::Array(entries) => {
            entries.iter().enumerate().map(|(index, entry)| (format!("{section}[{index}]"), entry)).collect()
        }
        _ => Vec::new(),
    };
    for (section, field, kind, named) in [
        ("natGateways", "address", "address", "addresses"),
        ("routes", "natGateway", "NAT gateway", "natGateways"),
        ("dnsRecords", "loadBalancer", "load balancer", "loadBalancers"),
    ] {
        for (place, entry) in places(section) {
            let Some(name) = entry[field].as_str() else { continue };
            if document[named].get(name).is_none() {
                problems.add(format!("{place}.{field}"), format!("there is no {kind} `{name}` under `{named}`"));
            }
        }
    }
    needed_databases(document, &mut problems);
    (problems, when)
}

fn needed_databases(document: &Value, problems: &mut Problems) {
    let Value::Object(services) = &document["services"] else { return };
    for (service, entry) in services {
        let named = entry["databases"].as_array().into_iter().flatten().enumerate();
        for (index, name) in named.filter_map(|(index, name)| Some((index, name.as_str()?))) {
            if document["databases"].get(name).is_none() {
                let message = format!("there is no database `{name}` under `databases`");
                problems.add(format!("services.{service}.databases[{index}]"), message);
            }
        }
    }
}

fn schedule(document: &Value, calendar: Option<&str>, problems: &mut Problems) -> Option<(Schedule, Option<Holidays>)> {
    // What is wrong with the schedule cannot be told without them.
    let holidays = calendar::holidays(document, calendar, problems).ok()?;
    let defaults = Defaults { zone: None, holidays: holidays.as_ref() };
    match Schedule::parse_as(document["schedule"].as_str()?, None, &defaults) {
        Ok(schedule) => Some((schedule, holidays)),
        Err(error) => {
            problems.add("schedule", error.to_string());
            None
        }
    }
}

/// Finds everything else that is wrong with a document of the right shape.
pub(crate) fn check(document: &Document) -> Problems {
    let mut problems = Problems::default();
    tags("tags", &document.tags, &mut problems);
    nat_gateways(document, &mut problems);
    routes(document, &mut problems);
    for (name, load_balancer) in &document.load_balancers {
        self::load_balancer(&format!("loadBalancers.{name}"), load_balancer, &mut problems);
    }
    dns_records(document, &mut problems);
    databases(document, &mut problems);
    compute(document, &mut problems);
    for (name, service) in &document.services {
        self::service(&format!("services.{name}"), service, &mut problems);
    }
    vpc_endpoints::check(&document.vpc_endpoints, &mut problems);
    order::check(&document.services, &mut problems);
    limits::check(document, &mut problems);
    problems
}

fn nat_gateways(document: &Document, problems: &mut Problems) {
    let mut held = BTreeSet::new();
    for (name, nat_gateway) in &document.nat_gateways {
        let place = format!("natGateways.{name}");
        if !held.insert(&nat_gateway.address) {
            let message = format!("the address `{}` already belongs to another NAT gateway", nat_gateway.address);
            problems.add(format!("{place}.address"), message);
        }
        tags(&format!("{place}.tags"), &nat_gateway.tags, problems);
    }
    for (name, address) in &document.addresses {
        tags(&format!("addresses.{name}.tags"), &address.tags, problems);
    }
}

fn routes(document: &Document, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (index, route) in document.routes.iter().enumerate() {
        let place = format!("routes[{index}]");
        match network(&route.destination) {
            None => {
                let message = format!("`{}` is not a range such as 0.0.0.0/0", route.destination);
                problems.add(format!("{place}.destination"), message);
            }
            // AWS keeps the network alone, so the route would never be found under this name.
            Some(network) if network != route.destination => {
                let message = format!("`{}` is written `{network}` by AWS", route.destination);
                problems.add(format!("{place}.destination"), message);
            }
            Some(_) => {}
        }
        if !seen.insert(route.key()) {
            problems.add(place, "the same route stands here twice");
        }
    }
}

/// Whether a text is a range of addresses.
pub(super) fn is_range(text: &str) -> bool {
    network(text).is_some()
}

/// A range as AWS writes it: its network's first address in the shortest form, and how many bits of it count.
fn network(text: &str) -> Option<String> {
    let (address, length) = text.split_once('/')?;
    let length: u8 = length.parse().ok()?;
    match address.parse().ok()? {
        IpAddr::V4(address) if length <= 32 => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            Some(format!("{}/{length}", Ipv4Addr::from(u32::from(address) & mask)))
        }
        IpAddr::V6(address) if length <= 128 => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            Some(format!("{}/{length}", Ipv6Addr::from(u128::from(address) & mask)))
        }
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

fn load_balancer(place: &str, load_balancer: &LoadBalancer, problems: &mut Problems) {
    if load_balancer.subnets.len() < 2 {
        problems.add(format!("{place}.subnets"), "a load balancer needs subnets in two zones at least");
    }
    tags(&format!("{place}.tags"), &load_balancer.tags, problems);
    for (port, listener) in &load_balancer.listeners {
        self::listener(&format!("{place}.listeners.{port}"), listener, problems);
    }
}

fn listener(place: &str, listener: &Listener, problems: &mut Problems) {
    match listener.protocol {
        Protocol::Https => {
            if listener.certificate.is_none() {
                problems.add(place, "an HTTPS listener needs a `certificate`");
            }
        }
        Protocol::Http => {
            if listener.certificate.is_some()
                || listener.ssl_policy.is_some()
                || !listener.additional_certificates.is_empty()
            {
                problems.add(place, "an HTTP listener has no certificates and no TLS policy");
            }
        }
    }
    if listener.default_actions.is_empty() {
        problems.add(format!("{place}.defaultActions"), "at least one action is wanted");
    }
    tags(&format!("{place}.tags"), &listener.tags, problems);
    for (priority, rule) in &listener.rules {
        let place = format!("{place}.rules.{priority}");
        if rule.conditions.is_empty() {
            problems.add(format!("{place}.conditions"), "at least one condition is wanted");
        }
        if rule.actions.is_empty() {
            problems.add(format!("{place}.actions"), "at least one action is wanted");
        }
        tags(&format!("{place}.tags"), &rule.tags, problems);
    }
}

fn dns_records(document: &Document, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (index, record) in document.dns_records.iter().enumerate() {
        let place = format!("dnsRecords[{index}]");
        if record.sleeping_page.is_some() && record.while_down == RecordWhileDown::Leave {
            problems.add(format!("{place}.sleepingPage"), "`whileDown: leave` never shows a sleeping page");
        }
        if !seen.insert(record.key()) {
            problems.add(place, "the same record stands here twice");
        }
    }
}

fn databases(document: &Document, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (name, database) in &document.databases {
        if !seen.insert(database.id()) {
            let message = format!("the {} already belongs to another name", database.id());
            problems.add(format!("databases.{name}.identifier"), message);
        }
    }
}

fn compute(document: &Document, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (name, instance) in &document.instances {
        if !seen.insert(&instance.id) {
            let message = format!("the instance {} already belongs to another name", instance.id);
            problems.add(format!("instances.{name}.id"), message);
        }
    }
    let mut seen = BTreeSet::new();
    for (name, group) in &document.auto_scaling_groups {
        let place = format!("autoScalingGroups.{name}");
        if !seen.insert(&group.name) {
            let message = format!("the Auto Scaling group {} already belongs to another name", group.name);
            problems.add(format!("{place}.name"), message);
        }
        if !group.capacity.is_possible() {
            let message = "`desired` is at least `min` and at most `max`";
            problems.add(format!("{place}.capacity"), message);
        }
    }
}

fn service(place: &str, service: &Service, problems: &mut Problems) {
    if service.singleton && service.desired_count > 1 {
        problems.add(format!("{place}.desiredCount"), "a singleton has one task at most");
    }
    if service.while_down == ServiceWhileDown::Delete && service.task_definition.is_none() {
        let message = "a service that is deleted at night needs the family of its task definition (`taskDefinition`)";
        problems.add(place, message);
    }
    let observed = service.scaling.as_ref().is_some_and(|scaling| {
        scaling.bounds.is_some() || !scaling.policies.is_empty() || !scaling.scheduled_actions.is_empty()
    });
    if observed {
        let message =
            "bounds, policies and scheduled actions stay in AWS and are only recorded: `suspended` alone is declared";
        problems.add(format!("{place}.scaling"), message);
    }
}
