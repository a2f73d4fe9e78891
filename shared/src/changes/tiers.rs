//! Two tiers, thing by thing. Each type is taken apart whole, so that a new field cannot be forgotten here.

use std::collections::BTreeMap;

use super::Change;
use super::compare::{Changes, of, things};
use crate::model::*;

/// Everything that changed from one tier to another. `revisions` are the task definitions of the services then and
/// now, by service, where they were seen. Who adopted what is no change of it.
pub fn changes(
    from: &RuntimeTier,
    to: &RuntimeTier,
    revisions: (&BTreeMap<String, String>, &BTreeMap<String, String>),
) -> Vec<Change> {
    let mut found = Vec::new();
    let (from, to) = (&without_own_names(from), &without_own_names(to));
    let RuntimeTier {
        addresses,
        nat_gateways,
        routes,
        load_balancers,
        dns_records,
        services,
        databases,
        // They only say what a night may do.
        draining: _,
        standalone_tasks: _,
        other_users: _,
        vpc_endpoints,
        instances,
        auto_scaling_groups,
    } = from;
    things(addresses, &to.addresses, &mut found, |name| format!("address {name}"), address);
    things(nat_gateways, &to.nat_gateways, &mut found, |name| format!("NAT gateway {name}"), nat_gateway);
    things(
        routes,
        &to.routes,
        &mut found,
        |key| format!("route {key}"),
        |key, from, to, found| {
            Changes::of(format!("route {key}"), found).value("NAT gateway", from, to);
        },
    );
    things(load_balancers, &to.load_balancers, &mut found, |name| format!("load balancer {name}"), load_balancer);
    things(dns_records, &to.dns_records, &mut found, record_subject, dns_record);
    things(
        services,
        &to.services,
        &mut found,
        |name| format!("service {name}"),
        |name, from, to, found| {
            service(name, from, to, found);
            let (before, after) = (revisions.0.get(name.as_str()), revisions.1.get(name.as_str()));
            Changes::of(format!("service {name}"), found).revision(before, after);
        },
    );
    things(databases, &to.databases, &mut found, |name| format!("database {name}"), database);
    things(vpc_endpoints, &to.vpc_endpoints, &mut found, |name| format!("VPC endpoint {name}"), vpc_endpoint);
    things(instances, &to.instances, &mut found, |name| format!("instance {name}"), instance);
    let group = |name: &LogicalName| format!("Auto Scaling group {name}");
    things(auto_scaling_groups, &to.auto_scaling_groups, &mut found, group, auto_scaling_group);
    found
}

/// That a load balancer's own DNS name is another one each morning is no change of a rule that names it.
fn without_own_names(tier: &RuntimeTier) -> RuntimeTier {
    let own =
        |name: &LoadBalancerName| OwnName { load_balancer: name.clone(), dns_name: format!("the name of {name}") };
    let names: Vec<OwnName> = tier.load_balancers.keys().map(own).collect();
    let put = |text: &str| names.iter().fold(text.to_owned(), |text, own| own.put_into(&text));
    let mut plain = tier.clone();
    plain.load_balancers = plain.load_balancers.into_iter().map(|(name, one)| (name, one.with_texts(&put))).collect();
    plain
}

fn address(name: &LogicalName, from: &Address, to: &Address, found: &mut Vec<Change>) {
    let Address { while_down, tags, adopted: _ } = from;
    let mut changes = Changes::of(format!("address {name}"), found);
    changes.value("while down", while_down, &to.while_down);
    changes.tags(tags, &to.tags);
}

fn nat_gateway(name: &LogicalName, from: &NatGateway, to: &NatGateway, found: &mut Vec<Change>) {
    let NatGateway { subnet, address, tags, adopted: _, alarms } = from;
    let mut changes = Changes::of(format!("NAT gateway {name}"), found);
    changes.value("subnet", subnet, &to.subnet);
    changes.value("address", address, &to.address);
    changes.tags(tags, &to.tags);
    changes.value("alarms", alarms, &to.alarms);
}

fn load_balancer(name: &LoadBalancerName, from: &LoadBalancer, to: &LoadBalancer, found: &mut Vec<Change>) {
    let LoadBalancer {
        scheme,
        ip_address_type,
        subnets,
        security_groups,
        attributes,
        tags,
        web_acl,
        // It only says what a night may do.
        deletion_protection: _,
        listeners,
        adopted: _,
        alarms,
    } = from;
    let subject = format!("load balancer {name}");
    let mut changes = Changes::of(&subject, found);
    changes.value("scheme", scheme, &to.scheme);
    changes.value("IP address type", ip_address_type, &to.ip_address_type);
    changes.set("subnet", subnets, &to.subnets);
    changes.set("security group", security_groups, &to.security_groups);
    changes.attributes(attributes, &to.attributes);
    changes.tags(tags, &to.tags);
    changes.value("web ACL", web_acl, &to.web_acl);
    changes.value("alarms", alarms, &to.alarms);
    let port_of = |port: &u16| of(format!("listener {port}"), &subject);
    things(listeners, &to.listeners, found, port_of, |port, from, to, found| {
        listener(&port_of(port), from, to, found);
    });
}

fn listener(subject: &str, from: &Listener, to: &Listener, found: &mut Vec<Change>) {
    let Listener {
        protocol,
        ssl_policy,
        certificate,
        additional_certificates,
        mutual_authentication,
        attributes,
        default_actions,
        tags,
        rules,
    } = from;
    let mut changes = Changes::of(subject, found);
    changes.value("protocol", protocol, &to.protocol);
    changes.value("TLS policy", ssl_policy, &to.ssl_policy);
    changes.value("certificate", certificate, &to.certificate);
    changes.set("additional certificate", additional_certificates, &to.additional_certificates);
    changes.content("mutual TLS", mutual_authentication, &to.mutual_authentication);
    changes.attributes(attributes, &to.attributes);
    changes.content("default actions", default_actions, &to.default_actions);
    changes.tags(tags, &to.tags);
    let rule_of = |priority: &u16| of(format!("rule {priority}"), subject);
    things(rules, &to.rules, found, rule_of, |priority, from, to, found| {
        let Rule { conditions, actions, transforms, tags } = from;
        let mut changes = Changes::of(rule_of(priority), found);
        changes.content("conditions", conditions, &to.conditions);
        changes.content("actions", actions, &to.actions);
        changes.content("transforms", transforms, &to.transforms);
        changes.tags(tags, &to.tags);
    });
}

fn record_subject(key: &RecordKey) -> String {
    format!("DNS record {} {}", key.name, key.kind.as_str())
}

fn dns_record(key: &RecordKey, from: &DnsRecord, to: &DnsRecord, found: &mut Vec<Change>) {
    let DnsRecord { load_balancer, evaluate_target_health, alias_form, while_down, sleeping_page } = from;
    let mut changes = Changes::of(record_subject(key), found);
    changes.value("load balancer", load_balancer, &to.load_balancer);
    changes.value("evaluate target health", evaluate_target_health, &to.evaluate_target_health);
    changes.value("alias form", alias_form, &to.alias_form);
    changes.value("while down", while_down, &to.while_down);
    changes.content("sleeping page", sleeping_page, &to.sleeping_page);
}

fn service(name: &ServiceName, from: &Service, to: &Service, found: &mut Vec<Change>) {
    let Service {
        desired_count,
        while_down,
        singleton,
        after,
        task_definition,
        definition,
        scaling,
        tasks,
        databases,
        adopted: _,
    } = from;
    let mut changes = Changes::of(format!("service {name}"), found);
    changes.value("desired count", desired_count, &to.desired_count);
    changes.value("while down", while_down, &to.while_down);
    changes.value("singleton", singleton, &to.singleton);
    changes.content("after", after, &to.after);
    changes.value("task definition", task_definition, &to.task_definition);
    changes.content("definition", definition, &to.definition);
    changes.content("task size", tasks, &to.tasks);
    changes.content("needed databases", databases, &to.databases);
    super::scaling::scaling(name, scaling.as_ref(), to.scaling.as_ref(), found);
}

fn database(name: &LogicalName, from: &Database, to: &Database, found: &mut Vec<Change>) {
    let Database { kind, identifier, while_up, size } = from;
    let mut changes = Changes::of(format!("database {name}"), found);
    changes.value("type", kind, &to.kind);
    changes.value("identifier", identifier, &to.identifier);
    changes.value("while up", while_up, &to.while_up);
    // A size that only one side knows is news of what was looked at, and no change.
    if let (Some(before), Some(after)) = (size, &to.size) {
        let DatabaseSize { class, engine, multi_az } = before;
        changes.value("class", class, &after.class);
        changes.value("engine", engine, &after.engine);
        changes.value("Multi-AZ", multi_az, &after.multi_az);
    }
}

fn vpc_endpoint(name: &LogicalName, from: &VpcEndpoint, to: &VpcEndpoint, found: &mut Vec<Change>) {
    let VpcEndpoint {
        service,
        vpc,
        subnets,
        security_groups,
        private_dns,
        ip_address_type,
        dns_record_type,
        policy,
        tags,
        adopted: _,
    } = from;
    let mut changes = Changes::of(format!("VPC endpoint {name}"), found);
    changes.value("service", service, &to.service);
    changes.value("VPC", vpc, &to.vpc);
    changes.set("subnet", subnets, &to.subnets);
    changes.set("security group", security_groups, &to.security_groups);
    changes.value("private DNS", private_dns, &to.private_dns);
    changes.value("IP address type", ip_address_type, &to.ip_address_type);
    changes.value("DNS record type", dns_record_type, &to.dns_record_type);
    changes.content("policy", policy, &to.policy);
    changes.tags(tags, &to.tags);
}

fn instance(name: &LogicalName, from: &Instance, to: &Instance, found: &mut Vec<Change>) {
    let Instance { id, while_up } = from;
    let mut changes = Changes::of(format!("instance {name}"), found);
    changes.value("id", id, &to.id);
    changes.value("while up", while_up, &to.while_up);
}

fn auto_scaling_group(name: &LogicalName, from: &AutoScalingGroup, to: &AutoScalingGroup, found: &mut Vec<Change>) {
    let AutoScalingGroup { name: called, capacity: GroupCapacity { min, desired, max } } = from;
    let mut changes = Changes::of(format!("Auto Scaling group {name}"), found);
    changes.value("name", called, &to.name);
    changes.value("min", min, &to.capacity.min);
    changes.value("desired", desired, &to.capacity.desired);
    changes.value("max", max, &to.capacity.max);
}
