//! The places of a tier that what was chosen stands in: names, what leads where, and what is adopted. All else is looked
//! at afterwards, so it stands here only to have a place.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{Chosen, View};
use super::found::{
    Database as FoundDatabase, LoadBalancer as FoundLoadBalancer, NatGateway as FoundNatGateway, RecordForm,
    Service as FoundService, VpcEndpoint as FoundVpcEndpoint,
};
use super::names::{Nameless, names, short_zone};
use crate::model::*;

/// A tier with a place for everything chosen.
pub(super) fn places(
    view: View<'_>,
    region: &Region,
    chosen: &Chosen<'_>,
    sizes: &BTreeMap<String, TaskSize>,
) -> RuntimeTier {
    let environment = &view.place.environment;
    let mut tier = RuntimeTier::default();
    let by_gateway = way_out(view, region, &chosen.nat_gateways, &mut tier);
    routes(view, &by_gateway, &mut tier);
    for one in &chosen.load_balancers {
        tier.load_balancers.insert(one.name.clone(), load_balancer(environment, one));
    }
    for record in &chosen.records {
        let named = chosen.load_balancers.iter().find(|one| one.dns_name == record.load_balancer);
        if let (RecordForm::Alias(kind), Some(one)) = (&record.form, named) {
            let key = RecordKey { zone: record.zone.clone(), name: record.name.clone(), kind: *kind };
            tier.dns_records.insert(key, alias(&one.name));
        }
    }
    for one in &chosen.services {
        tier.services.insert(one.name.clone(), service(environment, one, sizes.get(&one.task_definition)));
    }
    tier.databases = databases(environment, &chosen.databases);
    tier.vpc_endpoints = vpc_endpoints(environment, &chosen.vpc_endpoints);
    tier
}

/// Databases are named by the blueprint alone, so none has a tag that says what it is called.
fn databases(environment: &EnvironmentName, chosen: &[&FoundDatabase]) -> BTreeMap<LogicalName, Database> {
    let called = |one: &FoundDatabase| match one.id.identifier.as_str() {
        identifier if identifier.parse::<LogicalName>().is_ok() => identifier.to_owned(),
        _ => "database".to_owned(),
    };
    let fallbacks: Vec<String> = chosen.iter().map(|one| called(one)).collect();
    let nameless: Vec<Nameless<'_>> = fallbacks.iter().map(|fallback| Nameless { tags: &NONE, fallback }).collect();
    let named = names(environment, &nameless).into_iter().zip(chosen);
    let database = |one: &FoundDatabase| Database {
        kind: one.id.kind,
        identifier: one.id.identifier.clone(),
        while_up: DatabaseWhileUp::Running,
        size: None,
    };
    named.map(|(name, one)| (name, database(one))).collect()
}

/// Without a tag that tells, an endpoint is called like its service: `secretsmanager`, `ecr-api`.
fn vpc_endpoints(environment: &EnvironmentName, chosen: &[&FoundVpcEndpoint]) -> BTreeMap<LogicalName, VpcEndpoint> {
    let called = |one: &FoundVpcEndpoint| {
        let service: Vec<&str> = one.service.as_str().splitn(4, '.').collect();
        let name = service.last().map_or_else(String::new, |last| last.replace('.', "-"));
        if name.parse::<LogicalName>().is_ok() { name } else { "endpoint".to_owned() }
    };
    let fallbacks: Vec<String> = chosen.iter().map(|one| called(one)).collect();
    let nameless: Vec<Nameless<'_>> =
        chosen.iter().zip(&fallbacks).map(|(one, fallback)| Nameless { tags: &one.tags, fallback }).collect();
    let named = names(environment, &nameless).into_iter().zip(chosen);
    named.map(|(name, one)| (name.clone(), vpc_endpoint(environment, &name, one))).collect()
}

fn vpc_endpoint(environment: &EnvironmentName, name: &LogicalName, one: &FoundVpcEndpoint) -> VpcEndpoint {
    VpcEndpoint {
        service: one.service.clone(),
        vpc: one.vpc.clone(),
        subnets: BTreeSet::new(),
        security_groups: BTreeSet::new(),
        private_dns: PrivateDns::default(),
        ip_address_type: EndpointAddressType::default(),
        dns_record_type: None,
        policy: None,
        tags: Tags::new(),
        adopted: adopted_as(environment, name, &one.tags, &one.id),
    }
}

/// What carries this environment's tag is known by it; all else is adopted.
fn adopted<Id: Clone>(environment: &EnvironmentName, tags: &Tags, id: &Id) -> Option<Id> {
    (!is_of(environment, tags)).then(|| id.clone())
}

/// The same of what is known by its name too.
fn adopted_as<Id: Clone>(environment: &EnvironmentName, name: &LogicalName, tags: &Tags, id: &Id) -> Option<Id> {
    (!is_named(environment, name.as_str(), tags)).then(|| id.clone())
}

/// The tags of an address that could not be looked at, and of what is not called as its tags say.
static NONE: Tags = Tags::new();

/// A NAT gateway with its own name and its address's.
struct Named<'a> {
    gateway: &'a FoundNatGateway,
    tags_of_address: &'a Tags,
    name: LogicalName,
    address_name: LogicalName,
}

/// Names NAT gateways by zone, so that those without a Name tag are called `a`, `b` … in this order.
fn named<'a>(view: View<'a>, region: &Region, chosen: &[&'a FoundNatGateway]) -> impl Iterator<Item = Named<'a>> {
    let zone = |one: &FoundNatGateway| {
        let subnet = one.subnet.as_ref().and_then(|id| view.found.network.subnets.get(id));
        subnet.map_or("", |subnet| short_zone(region, &subnet.zone))
    };
    let tags_of_address = |one: &FoundNatGateway| {
        one.allocation.as_ref().and_then(|id| view.found.addresses.get(id)).map_or(&NONE, |found| &found.tags)
    };
    let mut gateways = chosen.to_vec();
    gateways.sort_by_key(|one| (zone(one), &one.id));
    let environment = &view.place.environment;
    let nameless = gateways.iter().map(|one| Nameless { tags: &one.tags, fallback: zone(one) });
    let of_gateways = names(environment, &nameless.collect::<Vec<_>>());
    let addresses: Vec<&Tags> = gateways.iter().map(|one| tags_of_address(one)).collect();
    let nameless = addresses.iter().zip(&of_gateways).map(|(tags, name)| Nameless { tags, fallback: name.as_str() });
    let of_addresses = names(environment, &nameless.collect::<Vec<_>>());
    let names = of_gateways.into_iter().zip(of_addresses);
    gateways.into_iter().zip(addresses).zip(names).map(|((gateway, tags_of_address), (name, address_name))| Named {
        gateway,
        tags_of_address,
        name,
        address_name,
    })
}

/// NAT gateways with their addresses, and what each is called.
fn way_out<'a>(
    view: View<'a>,
    region: &Region,
    chosen: &[&'a FoundNatGateway],
    tier: &mut RuntimeTier,
) -> BTreeMap<&'a NatGatewayId, LogicalName> {
    let environment = &view.place.environment;
    let mut by_gateway = BTreeMap::new();
    for Named { gateway: one, tags_of_address, name, address_name } in named(view, region, chosen) {
        let (Some(subnet), Some(allocation)) = (&one.subnet, &one.allocation) else { continue };
        let address = Address {
            adopted: adopted_as(environment, &address_name, tags_of_address, allocation),
            ..Address::default()
        };
        let gateway = NatGateway {
            subnet: subnet.clone(),
            address: address_name.clone(),
            tags: Tags::new(),
            adopted: adopted_as(environment, &name, &one.tags, &one.id),
            alarms: Alarms::default(),
        };
        tier.addresses.insert(address_name, address);
        tier.nat_gateways.insert(name.clone(), gateway);
        by_gateway.insert(&one.id, name);
    }
    by_gateway
}

/// The routes of the VPC's route tables that lead to chosen NAT gateways.
fn routes(view: View<'_>, by_gateway: &BTreeMap<&NatGatewayId, LogicalName>, tier: &mut RuntimeTier) {
    for table in &view.found.network.route_tables {
        for (destination, gateway) in &table.nat_routes {
            if let Some(name) = by_gateway.get(gateway) {
                let key = RouteKey { route_table: table.id.clone(), destination: destination.clone() };
                tier.routes.insert(key, name.clone());
            }
        }
    }
}

fn load_balancer(environment: &EnvironmentName, one: &FoundLoadBalancer) -> LoadBalancer {
    LoadBalancer {
        scheme: Scheme::Internal,
        ip_address_type: IpAddressType::Ipv4,
        subnets: BTreeSet::new(),
        security_groups: BTreeSet::new(),
        attributes: BTreeMap::new(),
        web_acl: None,
        alarms: Alarms::default(),
        tags: Tags::new(),
        listeners: BTreeMap::new(),
        deletion_protection: DeletionProtection::Blocks,
        adopted: adopted(environment, &one.tags, &one.arn),
    }
}

fn alias(load_balancer: &LoadBalancerName) -> DnsRecord {
    DnsRecord {
        load_balancer: load_balancer.clone(),
        evaluate_target_health: false,
        alias_form: AliasForm::Plain,
        while_down: RecordWhileDown::Park,
        sleeping_page: None,
    }
}

fn service(environment: &EnvironmentName, one: &FoundService, size: Option<&TaskSize>) -> Service {
    Service {
        desired_count: one.desired_count,
        while_down: ServiceWhileDown::ScaleToZero,
        // Its deployments never run two at once, and by itself it runs one.
        singleton: one.desired_count <= 1 && one.maximum_percent <= 100,
        after: BTreeSet::new(),
        task_definition: None,
        definition: None,
        tasks: size.copied(),
        scaling: None,
        databases: NeededDatabases::default(),
        adopted: adopted(environment, &one.tags, &one.arn),
    }
}
