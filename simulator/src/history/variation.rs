//! The examples, varied: what a blueprint may also say.

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use fastrand::Rng;

use super::others;
use crate::account::parsed;

const WEB_ACL: &str = "arn:aws:wafv2:us-west-2:123456789012:regional/webacl/guard/0e1f0000-0000-4000-8000-000000000001";

/// One of the choices a blueprint leaves, drawn for each resource.
pub(super) fn vary(blueprint: &mut Blueprint, random: &mut Rng) {
    for address in blueprint.tier.addresses.values_mut() {
        if random.u8(0..3) == 0 {
            address.while_down = AddressWhileDown::Release;
        }
    }
    for record in blueprint.tier.dns_records.values_mut() {
        match random.u8(0..4) {
            0 => record.while_down = RecordWhileDown::Leave,
            1 => record.sleeping_page = sleeping_page(),
            _ => {}
        }
        if random.bool() {
            record.alias_form = AliasForm::Dualstack;
        }
    }
    let names: Vec<LogicalName> = blueprint.tier.databases.keys().cloned().collect();
    for service in blueprint.tier.services.values_mut() {
        if random.u8(0..3) == 0 {
            service.databases = NeededDatabases::These(names.iter().filter(|_| random.bool()).cloned().collect());
        }
    }
    for database in blueprint.tier.databases.values_mut() {
        if random.u8(0..4) == 0 {
            (database.kind, database.size) = (DatabaseKind::Cluster, None);
        }
    }
    for load_balancer in blueprint.tier.load_balancers.values_mut() {
        if random.u8(0..3) == 0 {
            load_balancer.web_acl = WEB_ACL.parse().ok();
        }
    }
    let groups: Vec<TargetGroupArn> = blueprint.tier.target_groups().into_iter().collect();
    for (name, service) in &mut blueprint.tier.services {
        if random.u8(0..4) == 0 {
            let called_like_it =
                |group: &&TargetGroupArn| name.as_str().starts_with(group.name().trim_end_matches("-tg"));
            let group = groups.iter().find(called_like_it);
            service.while_down = ServiceWhileDown::Delete;
            service.task_definition = name.as_str().parse().ok();
            service.definition = Some(definition(group, service.singleton));
            service.adopted = None;
            // Its scalable target would go with it, so it has none.
            service.scaling = None;
        }
    }
    for service in blueprint.tier.services.values_mut() {
        let may_be_scaled = !service.singleton && service.while_down == ServiceWhileDown::ScaleToZero;
        if may_be_scaled && random.u8(0..3) == 0 {
            let suspended = Suspension::all().into_iter().filter(|_| random.u8(0..3) == 0).collect();
            service.scaling = Some(Scaling { suspended, ..Scaling::default() });
        }
    }
    if random.u8(0..3) == 0 {
        add_compute(blueprint);
    }
    if random.u8(0..3) == 0 {
        put_in_a_row(&mut blueprint.tier.services);
    }
    // Drawn by a twin, so that it changes nothing else of a seed.
    add_vpc_endpoints(blueprint, &mut random.clone());
}

/// Some have endpoints, one of them adopted.
fn add_vpc_endpoints(blueprint: &mut Blueprint, random: &mut Rng) {
    if random.u8(0..3) > 0 {
        return;
    }
    for (number, service) in ["secretsmanager", "ecr.api", "s3"].into_iter().enumerate().take(random.usize(1..=3)) {
        let adopted = parsed(format!("vpce-0ad000000000000{number}"));
        let endpoint = VpcEndpoint {
            service: parsed(format!("com.amazonaws.us-west-2.{service}")),
            vpc: parsed("vpc-0da0000000000001a".to_owned()),
            subnets: [parsed("subnet-0a1".to_owned())].into(),
            security_groups: [parsed("sg-0a1".to_owned())].into(),
            private_dns: if random.bool() { PrivateDns::Enabled } else { PrivateDns::Disabled },
            ip_address_type: EndpointAddressType::Ipv4,
            dns_record_type: random.bool().then_some(DnsRecordType::Ipv4),
            policy: None,
            tags: blueprint.tags.clone(),
            adopted: random.bool().then_some(adopted),
        };
        blueprint.tier.vpc_endpoints.insert(parsed(service.replace('.', "-")), endpoint);
    }
}

/// What was added later is drawn from a seed of its own, so that it changes nothing else of a history.
pub(super) fn vary_more(blueprint: &mut Blueprint, random: &mut Rng) {
    if let Some(limit) = random.choice(["none", "5m", "30m", "1h"]).and_then(|limit| limit.parse().ok()) {
        blueprint.tier.standalone_tasks.wait_up_to = limit;
    }
    for load_balancer in blueprint.tier.load_balancers.values_mut() {
        if random.u8(0..3) == 0 {
            load_balancer.deletion_protection = DeletionProtection::OffWhileDown;
            load_balancer.attributes.insert(DELETION_PROTECTION.to_owned(), "true".to_owned());
        }
    }
    for load_balancer in blueprint.tier.load_balancers.values_mut() {
        if random.bool() {
            load_balancer.alarms = Alarms::Repoint;
        }
    }
    if let Some(grace) = random.choice(["none", "none", "90s", "7m", "25m"]).and_then(|grace| grace.parse().ok()) {
        blueprint.tier.draining.grace = grace;
    }
    // Drawn by a twin, so that it changes nothing else of a seed.
    let twin = &mut random.clone();
    blueprint.tier.other_users = others::rule(twin);
    for nat_gateway in blueprint.tier.nat_gateways.values_mut() {
        nat_gateway.alarms = if twin.bool() { Alarms::Repoint } else { Alarms::Leave };
    }
}

/// The examples have no instances of their own.
fn add_compute(blueprint: &mut Blueprint) {
    let (Ok(jump), Ok(workers)) = ("jump".parse(), "workers".parse()) else { return };
    if let (Ok(id), Ok(name)) = ("i-0a1b2c3d4e5f60718".parse(), "workers-dev".parse()) {
        blueprint.tier.instances.insert(jump, Instance { id, while_up: InstanceWhileUp::Running });
        let capacity = GroupCapacity { min: 1, desired: 2, max: 4 };
        blueprint.tier.auto_scaling_groups.insert(workers, AutoScalingGroup { name, capacity });
    }
}

/// Each comes after the one before it.
fn put_in_a_row(services: &mut BTreeMap<ServiceName, Service>) {
    let names: Vec<ServiceName> = services.keys().cloned().collect();
    for (service, first) in services.values_mut().skip(1).zip(names) {
        service.after.insert(first);
    }
}

fn sleeping_page() -> Option<SleepingPage> {
    let hosted_zone = "Z2FDTNDATAQYW2".parse().ok()?;
    Some(SleepingPage { dns_name: "d111111abcdef8.cloudfront.net".to_owned(), hosted_zone })
}

fn definition(group: Option<&TargetGroupArn>, singleton: bool) -> ServiceDefinition {
    ServiceDefinition {
        subnets: "subnet-0a1".parse().into_iter().collect(),
        security_groups: BTreeSet::new(),
        assign_public_ip: false,
        attachments: group
            .map(|group| ServiceAttachment { target_group: group.clone(), container: "app".to_owned(), port: 80 })
            .into_iter()
            .collect(),
        capacity: Vec::new(),
        platform_version: None,
        maximum_percent: if singleton { 100 } else { 200 },
        minimum_healthy_percent: if singleton { 0 } else { 100 },
        circuit_breaker: CircuitBreaker::Rollback,
        deployment_alarms: None,
        health_check_grace_period: Some(60),
        execute_command: false,
        managed_tags: false,
        propagate_tags: None,
        availability_zone_rebalancing: Some("ENABLED".to_owned()),
        registries: Vec::new(),
        role: None,
        tags: Tags::new(),
    }
}
