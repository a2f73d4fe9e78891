//! Who counts as another user of what goes, and who does not, by what is found around it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;

use crate::support::environment::by_day;
use crate::support::{example, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::placing::other_users::*;
use expect_test::{Expect, expect};

const PRIVATE: &str = "subnet-0f01000000000009a";
const PUBLIC: &str = "subnet-0f01000000000001a";

/// The example with one route table that leads out, which is the blueprint's, and one private subnet that follows it.
fn around(blueprint: &Blueprint) -> Surroundings {
    let table = blueprint.tier.routes.keys().next().expect("a route").route_table.clone();
    let load_balancer = blueprint.tier.load_balancers.keys().next().expect("a load balancer").clone();
    let leads = FoundRouteTable {
        id: table,
        is_main: false,
        subnets: [id(PRIVATE)].into(),
        nat_routes: [("0.0.0.0/0".to_owned(), id("nat-0f01000000000001a"))].into(),
        tags: Tags::new(),
    };
    Surroundings {
        route_tables: vec![leads],
        target_groups: [(load_balancer, blueprint.tier.target_groups())].into(),
        ..Surroundings::default()
    }
}

fn interface(subnet: &str, description: &str) -> FoundInterface {
    FoundInterface {
        id: id("eni-0a1"),
        subnet: id(subnet),
        kind: InterfaceKind::Other,
        description: description.to_owned(),
        requester: None,
        is_managed: false,
        is_in_use: true,
        instance: None,
        addresses: ["10.0.1.7".to_owned()].into(),
        tags: Tags::new(),
    }
}

fn instance(state: InstanceState, tags: &[(&str, &str)]) -> FoundInstance {
    let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    FoundInstance { id: id("i-0a1"), state, tags }
}

fn of_instance(subnet: &str) -> FoundInterface {
    FoundInterface { instance: Some(id("i-0a1")), ..interface(subnet, "") }
}

fn task(service: Option<&str>) -> FoundTask {
    FoundTask {
        service: service.map(id),
        attachments: ["0f3a-1".to_owned(), "eni-0a1".to_owned()].into(),
        addresses: ["10.0.1.7".to_owned()].into(),
    }
}

/// The other users after a change to what is around portyfoul, one a line.
fn found(change: impl FnOnce(&mut Surroundings)) -> String {
    found_in(&example("portyfoul"), |_| {}, change)
}

fn found_in(
    blueprint: &Blueprint,
    see: impl FnOnce(&mut Observation),
    change: impl FnOnce(&mut Surroundings),
) -> String {
    let (mut seen, mut surroundings) = (by_day(blueprint), around(blueprint));
    see(&mut seen);
    change(&mut surroundings);
    let users = place_other_users(&blueprint.tier, &seen, &surroundings);
    let line = |(id, user): (&OtherUserId, &OtherUser)| {
        let uses: Vec<String> = user.uses.iter().map(ToString::to_string).collect();
        format!("{id}: {}: {}\n", user.called, uses.join(", "))
    };
    users.iter().map(line).collect()
}

fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}

#[test]
fn the_environment_alone_uses_what_it_has() {
    assert_eq!(found(|_| {}), "");
}

#[test]
fn a_route_that_the_blueprint_does_not_list_counts_in_whatever_table() {
    let table = |id: RouteTableId, destination: &str| FoundRouteTable {
        id,
        is_main: false,
        subnets: BTreeSet::new(),
        nat_routes: [(destination.to_owned(), self::id("nat-0f01000000000001a"))].into(),
        tags: [("Name".to_owned(), "tools".to_owned())].into(),
    };
    check(
        found(|all| all.route_tables.push(table(id("rtb-0a1"), "0.0.0.0/0"))),
        expect![[r#"
            rtb-0a1: route 0.0.0.0/0 in rtb-0a1 (tools): NAT gateway nat
        "#]],
    );
    let own = example("portyfoul").tier.routes.keys().next().expect("a route").route_table.clone();
    check(
        found(|all| all.route_tables.push(table(own, "10.9.0.0/16"))),
        expect![[r#"
            rtb-0f01000000000001a: route 10.9.0.0/16 in rtb-0f01000000000001a (tools): NAT gateway nat
        "#]],
    );
    let elsewhere = FoundRouteTable {
        nat_routes: [("0.0.0.0/0".to_owned(), id("nat-0a1"))].into(),
        ..table(id("rtb-0a1"), "0.0.0.0/0")
    };
    assert_eq!(found(|all| all.route_tables.push(elsewhere)), "", "another NAT gateway stays");
}

#[test]
fn only_what_leaves_by_itself_counts_of_the_interfaces() {
    let with = |one: FoundInterface| found(|all| all.interfaces.push(one));
    let managed = |text: &str| FoundInterface { is_managed: true, ..interface(PRIVATE, text) };
    for answering in [
        "ELB app/portyfoul-dev-alb/0f01",
        "EFS mount target for fs-0a1 (fsmt-0a1)",
        "RDSNetworkInterface",
        "Network interface for DBProxy main",
        "ElastiCache portyfoul",
        "Amazon EKS tools",
        "VPC Endpoint Interface vpce-0a1",
        "Interface for NAT Gateway nat-0a1",
    ] {
        assert_eq!(with(managed(answering)), "", "{answering}");
        assert_ne!(with(interface(PRIVATE, answering)), "", "anybody can write {answering}");
    }
    assert_eq!(with(FoundInterface { kind: InterfaceKind::Answering, ..interface(PRIVATE, "") }), "");
    assert_eq!(with(FoundInterface { is_in_use: false, ..interface(PRIVATE, "") }), "", "nobody has it");
    assert_eq!(with(interface(PUBLIC, "")), "", "it leaves otherwise");

    let lambda = |text: &str| FoundInterface { kind: InterfaceKind::Lambda, ..managed(text) };
    check(
        with(lambda("AWS Lambda VPC ENI-nightly-report-0f3a1b2c-1111-4222-8333-444455556666")),
        expect![[r#"
            function/nightly-report: Lambda function nightly-report, and those that share its network interface: NAT gateway nat
        "#]],
    );
    check(
        with(lambda("AWS Lambda VPC ENI")),
        expect![[r#"
        eni-0a1: a Lambda function by eni-0a1: NAT gateway nat
    "#]],
    );
    let attachment = FoundInterface {
        kind: InterfaceKind::TransitGateway,
        ..managed("Network Interface for Transit Gateway Attachment tgw-attach-0a1")
    };
    check(
        with(attachment),
        expect![[r#"
        eni-0a1: network interface eni-0a1 "Network Interface for Transit Gateway Attachment tgw-attach-0a1": NAT gateway nat
    "#]],
    );
    let codebuild = FoundInterface { requester: Some("amazon-codebuild".to_owned()), ..managed("something new") };
    check(
        with(codebuild),
        expect![[r#"
        eni-0a1: network interface eni-0a1 "something new" by amazon-codebuild: NAT gateway nat
    "#]],
    );
}

#[test]
fn an_instance_counts_while_it_runs_and_the_blueprint_does_not_say_what_becomes_of_it() {
    let with = |blueprint: &Blueprint, subnet: &str, one: FoundInstance| {
        found_in(
            blueprint,
            |_| {},
            |all| {
                all.interfaces.push(of_instance(subnet));
                all.instances.push(one);
            },
        )
    };
    let mut blueprint = example("portyfoul");
    let bastion =
        || instance(InstanceState::Running, &[("Name", "bastion"), ("aws:cloudformation:stack-name", "shared")]);
    check(
        with(&blueprint, PRIVATE, bastion()),
        expect![[r#"
        i-0a1: instance i-0a1 (bastion, stack shared): NAT gateway nat
    "#]],
    );
    assert_eq!(with(&blueprint, PUBLIC, bastion()), "");
    assert_eq!(with(&blueprint, PRIVATE, instance(InstanceState::Stopped, &[])), "");
    let worker = || instance(InstanceState::Running, &[("aws:autoscaling:groupName", "workers")]);
    assert_ne!(with(&blueprint, PRIVATE, worker()), "");
    let capacity = GroupCapacity { min: 1, desired: 1, max: 1 };
    blueprint.tier.auto_scaling_groups.insert(id("workers"), AutoScalingGroup { name: id("workers"), capacity });
    assert_eq!(with(&blueprint, PRIVATE, worker()), "");
    blueprint.tier.instances.insert(id("bastion"), Instance { id: id("i-0a1"), while_up: InstanceWhileUp::Running });
    assert_eq!(with(&blueprint, PRIVATE, bastion()), "");
}

#[test]
fn a_main_route_table_counts_for_every_subnet_that_follows_no_other() {
    let with = |main: bool, subnet: &str| {
        found(|all| {
            all.route_tables[0].is_main = main;
            all.route_tables[0].subnets.clear();
            let own = FoundRouteTable {
                subnets: [id("subnet-0b1")].into(),
                is_main: false,
                nat_routes: Default::default(),
                ..all.route_tables[0].clone()
            };
            all.route_tables.push(FoundRouteTable { id: id("rtb-0b1"), ..own });
            all.interfaces.push(interface(subnet, "somebody's"));
        })
    };
    assert_ne!(with(true, PRIVATE), "");
    assert_eq!(with(true, "subnet-0b1"), "", "it follows its own");
    assert_eq!(with(false, PRIVATE), "");
}

#[test]
fn tasks_are_their_services_matter_and_those_of_other_clusters_count() {
    let by = |task: Option<FoundTask>| {
        found(|all| {
            all.interfaces.push(interface(PRIVATE, "arn:aws:ecs:us-east-2:123456789012:attachment/0f3a-1"));
            all.tasks.extend(task);
        })
    };
    assert_eq!(by(Some(task(Some("portyfoul-dev-web-service")))), "");
    assert_eq!(by(Some(task(None))), "", "tasks of no service have a limit of their own");
    check(
        by(None),
        expect![[r#"
        eni-0a1: a task of another ECS cluster by eni-0a1: NAT gateway nat
    "#]],
    );
}

#[test]
fn a_service_of_the_cluster_counts_with_all_that_it_is_seen_to_use() {
    let group = example("portyfoul").tier.target_groups().into_iter().next().expect("a group");
    let orders = |count: u32, subnet: &str, group: Option<TargetGroupArn>| FoundService {
        name: id("orders"),
        desired_count: count,
        subnets: [id(subnet)].into(),
        target_groups: group.into_iter().collect(),
        tags: Tags::new(),
    };
    let with = |one: FoundService| found(|all| all.services.push(one));
    check(
        with(orders(2, PRIVATE, Some(group.clone()))),
        expect![[r#"
        service/orders: service orders of the cluster: NAT gateway nat, load balancer portyfoul-dev-alb, database main
    "#]],
    );
    check(
        with(orders(2, PUBLIC, None)),
        expect![[r#"
        service/orders: service orders of the cluster: database main
    "#]],
    );
    assert_eq!(with(orders(0, PRIVATE, Some(group))), "", "it has no tasks");
    let mut blueprint = example("portyfoul");
    blueprint.tier.databases.clear();
    let none = found_in(&blueprint, |_| {}, |all| all.services.push(orders(2, PUBLIC, None)));
    assert_eq!(none, "", "nothing that goes is its");
}

#[test]
fn a_target_counts_that_is_nobodys_of_the_blueprint() {
    let blueprint = example("portyfoul");
    let load_balancer = blueprint.tier.load_balancers.keys().next().expect("a load balancer").clone();
    let group = blueprint.tier.target_groups().into_iter().next().expect("a group");
    let by_hand: TargetGroupArn = id("arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/by-hand/0a1");
    let target = |group: &TargetGroupArn, kind: TargetKind, id: &str| FoundTarget {
        target_group: group.clone(),
        kind,
        id: id.to_owned(),
    };
    let with = |one: FoundTarget, change: fn(&mut Surroundings)| {
        found(|all| {
            all.targets.insert(load_balancer.clone(), vec![one]);
            change(all);
        })
    };
    let address = || target(&group, TargetKind::Address, "10.0.1.7");
    assert_eq!(with(address(), |all| all.tasks.push(task(Some("portyfoul-dev-web-service")))), "");
    check(
        with(address(), |_| {}),
        expect![[r#"
        target/10.0.1.7: target 10.0.1.7 in target group portyfoul-dev-web-tg: load balancer portyfoul-dev-alb
    "#]],
    );
    let of_bastion = with(address(), |all| {
        all.interfaces.push(of_instance(PUBLIC));
        all.instances.push(instance(InstanceState::Running, &[("Name", "bastion")]));
    });
    check(
        of_bastion,
        expect![[r#"
        i-0a1: instance i-0a1 (bastion) in target group portyfoul-dev-web-tg: load balancer portyfoul-dev-alb
    "#]],
    );
    // ECS registers the instances of a service that shares their network.
    assert_eq!(with(target(&group, TargetKind::Instance, "i-0a1"), |_| {}), "");
    check(
        with(target(&by_hand, TargetKind::Instance, "i-0a1"), |_| {}),
        expect![[r#"
        target/i-0a1: target i-0a1 in target group by-hand: load balancer portyfoul-dev-alb
    "#]],
    );
    let function = "arn:aws:lambda:us-east-2:123456789012:function:report";
    check(
        with(target(&by_hand, TargetKind::Arn, function), |_| {}),
        expect![[r#"
        target/arn:aws:lambda:us-east-2:123456789012:function:report: target arn:aws:lambda:us-east-2:123456789012:function:report in target group by-hand: load balancer portyfoul-dev-alb
    "#]],
    );
}

#[test]
fn of_what_does_not_go_nobody_is_without() {
    let mut blueprint = example("portyfoul");
    let somebody = |all: &mut Surroundings| all.interfaces.push(interface(PRIVATE, "somebody's"));
    assert_ne!(found_in(&blueprint, |_| {}, somebody), "");
    let gone = |seen: &mut Observation| seen.nat_gateways.values_mut().for_each(|found| *found = Seen::Absent);
    assert_eq!(found_in(&blueprint, gone, somebody), "");
    blueprint.tier.nat_gateways.clear();
    assert!(blueprint.tier.may_have_other_users(), "a load balancer and a database go");
    let RuntimeTier { load_balancers, databases, .. } = &mut blueprint.tier;
    load_balancers.clear();
    databases.clear();
    assert!(!blueprint.tier.may_have_other_users());
}

#[test]
fn while_it_is_not_known_what_goes_nobody_can_be_told() {
    let mut seen = by_day(&example("portyfoul"));
    assert_eq!(untold(&seen), None);
    let why = Unobserved { call: "Describe".to_owned(), message: "no".to_owned(), retry: Retry::Never };
    seen.nat_gateways.values_mut().for_each(|found| *found = Seen::Unknown(why.clone()));
    assert_eq!(untold(&seen).map(|why| why.retry), Some(Retry::Later));
}
