//! What a doctor finds: who claims what, what follows, and what is there twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail")]

use crate::support;
use crate::support::environment::{by_day, by_night};
use crate::support::{example, id, tiers};
use curfew_core::blueprint::Blueprint;
use curfew_core::capture::found::{
    AutoScalingGroup as FoundGroup, Compute, Database as FoundDatabase, Ecs, Instance as FoundInstance, LoadBalancer,
    LoadBalancerKind, NatGateway, Network, Service, VpcEndpoint as FoundVpcEndpoint, VpcEndpointKind,
};
use curfew_core::doctor::bucket::{Lifecycle, PublicAccessBlock, Safeguards, Versioning, Weakness, untold, weaknesses};
use curfew_core::doctor::terraform::{InvalidState, read};
use curfew_core::doctor::{Examination, Finding, Found, Place, State, diagnose};
use curfew_core::model::*;
use expect_test::{Expect, expect};

const STATE: &str = include_str!("doctor/platform.tfstate");
const SHOWN: &str = include_str!("doctor/platform-show.json");

fn state(text: &str) -> State {
    State { file: "platform.tfstate".to_owned(), entries: read(text).unwrap() }
}

/// An example in the region that the observations made by hand are in.
fn blueprint(name: &str) -> Blueprint {
    Blueprint { region: id("us-west-2"), ..example(name) }
}

/// What there is: what was observed, each with its tags and those that a stack gave it.
fn found(blueprint: &Blueprint, seen: &Observation, stack: Option<&str>) -> Found {
    let made = |tags: &Tags, logical_id: &str| {
        let mut tags = tags.clone();
        if let Some(stack) = stack {
            tags.insert("aws:cloudformation:stack-name".to_owned(), stack.to_owned());
            tags.insert("aws:cloudformation:logical-id".to_owned(), logical_id.to_owned());
        }
        tags
    };
    let vpc: VpcId = id("vpc-1");
    let nat_gateways = seen.nat_gateways.values().filter_map(Seen::standing).map(|one| NatGateway {
        id: one.ownership.id().clone(),
        vpc: vpc.clone(),
        subnet: one.subnet.clone(),
        allocation: one.allocation.clone(),
        tags: one.tags.clone(),
    });
    let load_balancers = seen.standing_load_balancers().map(|(name, one)| LoadBalancer {
        name: name.clone(),
        arn: one.ownership.id().clone(),
        kind: LoadBalancerKind::Application,
        vpc: vpc.clone(),
        dns_name: one.dns_name.clone(),
        target_groups: one.configuration.target_groups(),
        tags: made(&one.configuration.tags, "LoadBalancer"),
    });
    let services =
        seen.services.iter().filter_map(|(name, one)| Some((name, one.standing()?))).map(|(name, one)| Service {
            cluster: blueprint.cluster.clone(),
            name: name.clone(),
            arn: one.ownership.id().clone(),
            subnets: Default::default(),
            target_groups: one.target_groups.clone(),
            desired_count: one.configuration.desired_count,
            maximum_percent: 200,
            task_definition: format!("arn:aws:ecs:us-west-2:123456789012:task-definition/{name}:2"),
            tags: made(&tags_for(&blueprint.environment, name.as_str(), &Tags::new()), &name.as_str().replace('-', "")),
        });
    let databases = blueprint.tier.databases.values().map(|one| FoundDatabase {
        id: one.id(),
        vpc: Some(vpc.clone()),
        tags: made(&Tags::new(), "Database"),
    });
    let vpc_endpoints = seen.vpc_endpoints.values().filter_map(Seen::standing).map(|one| FoundVpcEndpoint {
        id: one.ownership.id().clone(),
        kind: VpcEndpointKind::Interface,
        service: one.configuration.service.clone(),
        vpc: one.configuration.vpc.clone(),
        tags: made(&one.configuration.tags, "Endpoint"),
    });
    let compute = Compute {
        instances: blueprint
            .tier
            .instances
            .values()
            .map(|one| FoundInstance { id: one.id.clone(), vpc: Some(vpc.clone()), tags: made(&Tags::new(), "Jump") })
            .collect(),
        groups: blueprint
            .tier
            .auto_scaling_groups
            .values()
            .map(|one| FoundGroup {
                name: one.name.clone(),
                subnets: Default::default(),
                tags: made(&Tags::new(), "Workers"),
            })
            .collect(),
    };
    let clusters = [(blueprint.cluster.clone(), made(&Tags::new(), "Cluster"))].into();
    Found {
        network: Some(Network::default()),
        nat_gateways: Some(nat_gateways.collect()),
        addresses: Some(Default::default()),
        load_balancers: Some(load_balancers.collect()),
        ecs: Some(Ecs { clusters, services: services.collect() }),
        databases: Some(databases.collect()),
        vpc_endpoints: Some(vpc_endpoints.collect()),
        compute: Some(compute),
    }
}

fn examined(blueprint: &Blueprint, seen: &Observation, found: &Found, states: &[State]) -> Examination {
    let place = Place {
        environment: &blueprint.environment,
        region: &blueprint.region,
        cluster: &blueprint.cluster,
        tier: &blueprint.tier,
        seen,
        found,
    };
    diagnose(place, states)
}

fn check(examination: &Examination, expected: Expect) {
    let mut text = format!("{:?}\n", examination.finding());
    for one in &examination.duplicates {
        text += &format!(
            "duplicate {} {:?} {}, {:?} USD, adopt {:?}, {}\n",
            one.thing, one.position, one.id, one.hourly, one.adopt, one.remove
        );
    }
    for step in &examination.advice {
        text += &format!("\n# {}\n", step.what);
        step.things.iter().for_each(|thing| text += &format!("{thing}\n"));
        step.paste.iter().for_each(|paste| text += &format!("--- {:?}\n{}", paste.language, paste.text));
    }
    expected.assert_eq(&text);
}

#[test]
fn by_day_a_state_claims_what_runs() {
    let blueprint = blueprint("platform");
    let seen = by_day(&blueprint);
    let found = found(&blueprint, &seen, None);
    check(
        &examined(&blueprint, &seen, &found, &[state(STATE)]),
        expect![[r#"
            Ailing

            # Take out of Terraform (platform.tfstate): each morning has another one. Delete these from the configuration, with what refers to them, and let go of them without destroying them (Terraform 1.7); `terraform plan` must then show no destruction
            NAT gateway a: Terraform module.network["dev.a"].aws_nat_gateway.this["a"] (the one there is)
            NAT gateway b: Terraform module.network["dev.a"].aws_nat_gateway.second (one that is gone)
            route 0.0.0.0/0 in rtb-0b1a000000000001a: Terraform module.network["dev.a"].aws_route.private (the one there is)
            load balancer platform-dev-alb: Terraform aws_lb.main (the one there is)
            listeners of platform-dev-alb: Terraform aws_lb_listener.https (the one there is)
            listeners of platform-dev-alb: Terraform aws_lb_listener_rule.api (the one there is)
            guard of platform-dev-alb: Terraform aws_wafv2_web_acl_association.main (the one there is)
            DNS record dev.platform.example.com A: Terraform aws_route53_record.main (the one there is)
            --- Hcl
            removed {
              from = aws_lb.main
              lifecycle { destroy = false }
            }

            removed {
              from = aws_lb_listener.https
              lifecycle { destroy = false }
            }

            removed {
              from = aws_lb_listener_rule.api
              lifecycle { destroy = false }
            }

            removed {
              from = aws_route53_record.main
              lifecycle { destroy = false }
            }

            removed {
              from = aws_wafv2_web_acl_association.main
              lifecycle { destroy = false }
            }

            removed {
              from = module.network.aws_nat_gateway.second
              lifecycle { destroy = false }
            }

            removed {
              from = module.network.aws_route.private
              lifecycle { destroy = false }
            }
            --- Sh
            terraform state rm 'module.network["dev.a"].aws_nat_gateway.this["a"]'

            # If these tables have `route {}` blocks for these routes (a state does not tell: it lists all routes of a table, whoever made them), make each an `aws_route` first, apply, and take that out of the state
            route 0.0.0.0/0 in rtb-0b1a000000000002b: Terraform module.network["dev.a"].aws_route_table.b (one that is gone)

            # Have Terraform (platform.tfstate) ignore what changes on what stays, where its configuration does not yet. For tags alone, `ignore_tags { key_prefixes = ["curfew:"] }` in the provider does it once for all
            address a: Terraform module.network["dev.a"].aws_eip.nat[0] (the one there is)
            service platform-dev-backend: Terraform module.app.aws_ecs_service.this["backend"] (the one there is)
            service platform-dev-frontend: Terraform module.app.aws_ecs_service.this["frontend"] (the one there is)
            auto scaling of platform-dev-backend: Terraform aws_appautoscaling_policy.requests (the one there is)
            auto scaling of platform-dev-backend: Terraform aws_appautoscaling_target.backend (the one there is)
            cluster platform-dev-cluster: Terraform aws_ecs_cluster.main (the one there is)
            database main: Terraform aws_rds_instance_state.main (the one there is)
            --- Hcl
            resource "aws_appautoscaling_policy" "requests" {
              # …
              lifecycle {
                ignore_changes = [target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].resource_label]
              }
            }

            resource "aws_appautoscaling_target" "backend" {
              # …
              lifecycle {
                ignore_changes = [suspended_state]
              }
            }

            resource "aws_ecs_cluster" "main" {
              # …
              lifecycle {
                ignore_changes = [tags["curfew:hold"], tags["curfew:override"]]
              }
            }

            resource "aws_rds_instance_state" "main" {
              # …
              lifecycle {
                ignore_changes = [state]
              }
            }

            # module.app.aws_ecs_service.this
            resource "aws_ecs_service" "this" {
              # …
              lifecycle {
                ignore_changes = [desired_count, task_definition, tags["curfew:environment"], tags["curfew:name"]]
              }
            }

            # module.network.aws_eip.nat
            resource "aws_eip" "nat" {
              # …
              lifecycle {
                ignore_changes = [tags["curfew:environment"], tags["curfew:name"]]
              }
            }

            # Have these alarms ask by a Metrics Insights query, let each morning put them again (`alarms: repoint` in the blueprint), or expect them to have no data: they watch a load balancer by an id that is another one each morning
            alarm on platform-dev-alb: Terraform aws_cloudwatch_metric_alarm.errors (the one there is)

            # Change these by day, when they run: nothing of them drifts, but RDS takes changes only of a database that is available, so an apply or an update of a stack that changes one at night fails
            database main: Terraform aws_db_instance.main (the one there is)

            # Nothing to do about these: they stay as they are, and CloudFormation leaves Curfew's tags on them alone
            address b: Terraform module.network["dev.a"].aws_eip.nat[1] (the one there is)
            auto scaling of platform-dev-backend: Terraform aws_appautoscaling_scheduled_action.lunch (the one there is)
        "#]],
    );
}

#[test]
fn by_night_it_claims_what_is_gone_and_an_apply_is_a_duplicate() {
    let blueprint = blueprint("platform");
    let mut seen = by_night(&blueprint);
    let mut found = found(&blueprint, &seen, None);
    let made_again = |id: &str| NatGateway {
        id: support::id(id),
        vpc: support::id("vpc-1"),
        subnet: Some(support::id("subnet-0b1a000000000001a")),
        allocation: Some(support::id("eipalloc-new")),
        tags: Tags::new(),
    };
    found.nat_gateways.as_mut().unwrap().push(made_again("nat-again"));
    let ownership = Ownership::prove(&blueprint.environment, id("nat-again"), &Tags::new(), None);
    let again = ObservedNatGateway {
        ownership,
        subnet: Some(id("subnet-0b1a000000000001a")),
        allocation: Some(id("eipalloc-new")),
        tags: Tags::new(),
        unsupported: Vec::new(),
    };
    seen.nat_gateways.insert(id("a"), Seen::Ready(again));
    let text = STATE.replace("nat-day0", "nat-again");
    let examination = examined(&blueprint, &seen, &found, &[state(&text)]);
    let which: Vec<String> =
        examination.claims.iter().map(|claim| format!("{}: {:?}", claim.thing, claim.which)).collect();
    expect![[r#"
        address a: Current
        address b: Current
        NAT gateway a: Current
        NAT gateway b: Gone
        route 0.0.0.0/0 in rtb-0b1a000000000001a: Another
        route 0.0.0.0/0 in rtb-0b1a000000000002b: Gone
        load balancer platform-dev-alb: Gone
        listeners of platform-dev-alb: Gone
        listeners of platform-dev-alb: Gone
        guard of platform-dev-alb: Gone
        alarm on platform-dev-alb: Gone
        DNS record dev.platform.example.com A: Current
        service platform-dev-backend: Current
        service platform-dev-frontend: Current
        auto scaling of platform-dev-backend: Current
        auto scaling of platform-dev-backend: Current
        auto scaling of platform-dev-backend: Current
        cluster platform-dev-cluster: Current
        database main: Current
        database main: Current"#]]
    .assert_eq(&which.join("\n"));
    let one = &examination.duplicates[0];
    expect![[r#"
        Duplicate {
            thing: NatGateway(
                LogicalName(
                    "a",
                ),
            ),
            id: "nat-again",
            made_by: Some(
                Terraform {
                    address: Address {
                        module: "module.network[\"dev.a\"]",
                        kind: "aws_nat_gateway",
                        name: "this",
                        key: Some(
                            Text(
                                "a",
                            ),
                        ),
                    },
                    file: "platform.tfstate",
                },
            ),
            position: Instead,
            hourly: Some(
                0.049999999999999996,
            ),
            adopt: Some(
                "natGateways:\n  a:\n    adopted: nat-again\n",
            ),
            remove: "aws ec2 delete-nat-gateway --nat-gateway-id nat-again --region us-west-2",
        }"#]]
    .assert_eq(&format!("{one:#?}"));
}

#[test]
fn what_stands_beside_curfews_own_is_to_be_removed_and_not_to_be_adopted() {
    let blueprint = blueprint("platform");
    let seen = by_day(&blueprint);
    let mut found = found(&blueprint, &seen, None);
    let mut second = found.nat_gateways.as_ref().unwrap()[0].clone();
    second.id = id("nat-second");
    second.tags = Tags::new();
    let mut of_others = second.clone();
    of_others.id = id("nat-others");
    of_others.tags.insert(ENVIRONMENT_TAG.to_owned(), "staging".to_owned());
    found.nat_gateways.as_mut().unwrap().extend([second, of_others]);
    check(
        &examined(&blueprint, &seen, &found, &[]),
        expect![[r#"
        Ailing
        duplicate NAT gateway a Beside nat-second, Some(0.045) USD, adopt None, aws ec2 delete-nat-gateway --nat-gateway-id nat-second --region us-west-2
    "#]],
    );
}

#[test]
fn a_stack_claims_by_its_tags_and_what_no_tag_tells_is_to_be_asked() {
    let blueprint = blueprint("portyfoul");
    let seen = by_day(&blueprint);
    let found = found(&blueprint, &seen, Some("portyfoul-infra"));
    check(
        &examined(&blueprint, &seen, &found, &[]),
        expect![[r#"
        Ailing

        # Take out of the CloudFormation stack portyfoul-infra, by day: each morning has another one. Deploy these policies alone; then delete the resources from the template, with every !Ref and !GetAtt to them, and deploy again: the events say DELETE_SKIPPED
        load balancer portyfoul-dev-alb: CloudFormation portyfoul-infra: LoadBalancer (the one there is)
        --- Yaml
        Resources:
          LoadBalancer:
            DeletionPolicy: Retain
            UpdateReplacePolicy: Retain

        # Ask CloudFormation whether a template has these too: no tag tells. AWS tags no routes, listeners and records, and what a morning made carries Curfew's tags. What the stack names leaves it in the same way
        NAT gateway nat
        route 0.0.0.0/0 in rtb-0f01000000000001a
        listeners of portyfoul-dev-alb
        --- Sh
        aws cloudformation list-stack-resources --stack-name portyfoul-infra --region us-west-2 --output table --query 'StackResourceSummaries[].[LogicalResourceId,ResourceType,PhysicalResourceId]'

        # Take `DesiredCount` out of these services in the template of the CloudFormation stack portyfoul-infra, where it stands there: without it, an update keeps the number there is; with it, one at night starts tasks
        service portyfoul-dev-web-service: CloudFormation portyfoul-infra: portyfouldevwebservice (the one there is)
        service portyfoul-dev-worker-service: CloudFormation portyfoul-infra: portyfouldevworkerservice (the one there is)

        # Change these by day, when they run: nothing of them drifts, but RDS takes changes only of a database that is available, so an apply or an update of a stack that changes one at night fails
        database main: CloudFormation portyfoul-infra: Database (the one there is)

        # Nothing to do about these: they stay as they are, and CloudFormation leaves Curfew's tags on them alone
        cluster portyfoul-dev-cluster: CloudFormation portyfoul-infra: Cluster (the one there is)
    "#]],
    );
}

#[test]
fn what_a_morning_made_may_still_be_in_a_stack_whose_marks_it_does_not_carry() {
    let mut blueprint = blueprint("portyfoul");
    let seen = by_day(&blueprint);
    let mut found = found(&blueprint, &seen, Some("portyfoul-infra"));
    found.load_balancers.as_mut().unwrap().iter_mut().for_each(|one| one.tags = Tags::new());
    blueprint.tier.load_balancers.values_mut().for_each(|one| one.adopted = None);
    blueprint.tier.nat_gateways.values_mut().for_each(|one| one.adopted = None);
    assert_eq!(examined(&blueprint, &seen, &found, &[]).finding(), Finding::Sound, "Curfew made them first");
    blueprint.tier.nat_gateways.values_mut().for_each(|one| one.adopted = Some(id("nat-day0")));
    let examination = examined(&blueprint, &seen, &found, &[]);
    let unexplained: Vec<String> = examination.unexplained.iter().map(ToString::to_string).collect();
    assert_eq!((examination.finding(), unexplained), (Finding::Unclear, vec!["NAT gateway nat".to_owned()]));
}

#[test]
fn nothing_claimed_is_sound_and_what_cannot_be_listed_is_not_gone() {
    let blueprint = blueprint("platform");
    let seen = by_day(&blueprint);
    let found = found(&blueprint, &seen, None);
    let sound = examined(&blueprint, &seen, &found, &[]);
    assert_eq!((sound.finding(), sound.advice.len(), sound.claims.len()), (Finding::Sound, 0, 0));

    let mut adopting = blueprint.clone();
    adopting.tier.nat_gateways.values_mut().take(1).for_each(|one| one.adopted = Some(id("nat-day0")));
    let untold = examined(&adopting, &seen, &found, &[]);
    let unexplained: Vec<String> = untold.unexplained.iter().map(ToString::to_string).collect();
    assert_eq!((untold.finding(), unexplained), (Finding::Unclear, vec!["NAT gateway a".to_owned()]));
    assert_eq!(
        examined(&adopting, &seen, &found, &[state(r#"{"version":4,"resources":[]}"#)]).finding(),
        Finding::Sound
    );

    let blind = Found { nat_gateways: None, ..found };
    let claims = examined(&blueprint, &by_night(&blueprint), &blind, &[state(STATE)]).claims;
    let nat_gateways = claims.iter().filter(|claim| claim.thing.to_string().starts_with("NAT"));
    let which: Vec<String> = nat_gateways.map(|claim| claim.which.to_string()).collect();
    assert_eq!(which, ["not known which: it could not be looked at"; 2]);

    let unclear = Examination { unknown: vec!["NAT gateways: no".to_owned()], ..sound };
    assert_eq!(unclear.finding(), Finding::Unclear);
}

#[test]
fn a_state_and_what_terraform_shows_of_it_say_the_same() {
    let by_address = |text: &str| {
        let mut entries = read(text).unwrap();
        entries.sort_by_key(|entry| entry.address.to_string());
        entries
    };
    assert_eq!(by_address(STATE), by_address(SHOWN));
    assert_eq!(read(r#"{"format_version": "1.0"}"#), Ok(Vec::new()), "of an empty state");
}

#[test]
fn no_secret_of_a_state_is_kept() {
    let blueprint = blueprint("platform");
    let seen = by_day(&blueprint);
    let found = found(&blueprint, &seen, None);
    assert!(STATE.contains("correct horse"), "the state has one");
    let state = state(STATE);
    let examination = examined(&blueprint, &seen, &found, std::slice::from_ref(&state));
    for text in [format!("{state:?}"), format!("{examination:?}"), serde_json::to_string(&examination).unwrap()] {
        assert!(!text.contains("horse"), "{text}");
    }
}

#[test]
fn what_is_no_state_is_refused_with_what_to_give_instead() {
    let resource = |attributes: &str| {
        format!(
            r#"{{"version": 4, "resources": [{{"module": "module.m", "mode": "managed", "type": "aws_nat_gateway",
            "name": "n", "instances": [{{"index_key": "a", "attributes": {attributes}}}]}}]}}"#
        )
    };
    let texts = [
        String::new(),
        "{\n  \"version\": 4,\n".to_owned(),
        r#"{"version": 3, "modules": []}"#.to_owned(),
        r#"{"version": 4, "resources": {}}"#.to_owned(),
        r#"{"format_version": "2.0", "values": {}}"#.to_owned(),
        r#"{"format_version": "1.2", "planned_values": {}, "resource_changes": []}"#.to_owned(),
        r#"{"encrypted_data": "x"}"#.to_owned(),
        "[]".to_owned(),
        resource(r#"{"subnet_id": "subnet-1"}"#),
        resource(r#"{"id": 7}"#),
    ];
    let errors: Vec<String> = texts.iter().map(|text| read(text).unwrap_err().to_string()).collect();
    expect![[r#"
        this is not a Terraform state: EOF while parsing a value at line 1 column 0
        this is not a Terraform state: EOF while parsing a value at line 3 column 0
        this is a state of version 3, and only version 4 is read, which Terraform writes since 0.12; give what `terraform show -json` prints instead
        this is not a Terraform state: invalid type: map, expected a sequence at line 1 column 28
        this is JSON of Terraform's format 2.0, and only 0.x and 1.x are read; give what `terraform state pull` prints instead
        this is a plan; give the state instead: what `terraform state pull` or `terraform show -json` prints
        this is neither a state of version 4 nor what `terraform show -json` prints; give what `terraform state pull` prints (of an encrypted one, what `tofu show -json` prints)
        this is not a Terraform state: invalid length 0, expected a JSON object at line 1 column 2
        module.m.aws_nat_gateway.n["a"]: missing field `id` at line 1 column 25
        module.m.aws_nat_gateway.n["a"]: invalid type: integer `7`, expected a string at line 1 column 8"#]].assert_eq(&errors.join("\n"));
    assert!(matches!(read(&texts[8]), Err(InvalidState::Resource { .. })));
}

/// `platform` with what no example has: an endpoint, an instance, a group; alarms are put again.
fn with_more() -> Blueprint {
    let mut blueprint = blueprint("platform");
    let tier = &mut blueprint.tier;
    tier.load_balancers.values_mut().for_each(|one| one.alarms = Alarms::Repoint);
    let endpoint = VpcEndpoint { vpc: id("vpc-1"), ..tiers::secrets_endpoint() };
    tier.vpc_endpoints.insert(id("secrets"), endpoint);
    let jump = Instance { id: id("i-0a1b2c3d4e5f60718"), while_up: InstanceWhileUp::Running };
    tier.instances.insert(id("jump"), jump);
    let capacity = GroupCapacity { min: 1, desired: 2, max: 4 };
    tier.auto_scaling_groups.insert(id("workers"), AutoScalingGroup { name: id("workers-dev"), capacity });
    blueprint
}

/// A state of some resources: type, name, attributes.
fn state_of(resources: &[(&str, &str, serde_json::Value)]) -> State {
    let resource = |(kind, name, attributes): &(&str, &str, serde_json::Value)| {
        serde_json::json!({
            "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{ "schema_version": 0, "attributes": attributes }],
        })
    };
    let resources: Vec<_> = resources.iter().map(resource).collect();
    let document = serde_json::json!({
        "version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "l", "outputs": {}, "resources": resources,
    });
    state(&document.to_string())
}

fn more_in_terraform() -> State {
    use serde_json::json;
    let service = "com.amazonaws.us-west-2.secretsmanager";
    let balancer = "app/platform-dev-alb/gone";
    let metric = json!([{ "metric_name": "RequestCount", "dimensions": { "LoadBalancer": balancer } }]);
    state_of(&[
        (
            "aws_vpc_endpoint",
            "secrets",
            json!({ "id": "vpce-0first", "service_name": service, "vpc_id": "vpc-1", "vpc_endpoint_type": "Interface" }),
        ),
        ("aws_vpc_endpoint_policy", "secrets", json!({ "vpc_endpoint_id": "vpce-0first" })),
        (
            "aws_vpc_endpoint",
            "objects",
            json!({ "id": "vpce-0s3", "service_name": "com.amazonaws.us-west-2.s3", "vpc_id": "vpc-1", "vpc_endpoint_type": "Gateway" }),
        ),
        ("aws_instance", "jump", json!({ "id": "i-0a1b2c3d4e5f60718", "associate_public_ip_address": true })),
        ("aws_ec2_instance_state", "jump", json!({ "instance_id": "i-0a1b2c3d4e5f60718", "state": "running" })),
        ("aws_instance", "others", json!({ "id": "i-0ffffffffffffffff", "associate_public_ip_address": false })),
        ("aws_autoscaling_group", "workers", json!({ "id": "workers-dev", "name": "workers-dev" })),
        ("aws_cloudwatch_metric_alarm", "errors", json!({ "dimensions": { "LoadBalancer": balancer } })),
        (
            "aws_cloudwatch_metric_alarm",
            "share",
            json!({ "dimensions": {}, "metric_query": [{ "id": "share", "metric": [] }, { "id": "m", "metric": metric }] }),
        ),
    ])
}

#[test]
fn endpoints_instances_groups_and_alarms_are_claimed_by_a_state() {
    let blueprint = with_more();
    let seen = by_day(&blueprint);
    let found = found(&blueprint, &seen, None);
    check(
        &examined(&blueprint, &seen, &found, &[more_in_terraform()]),
        expect![[r#"
            Ailing

            # Take out of Terraform (platform.tfstate): each morning has another one. Delete these from the configuration, with what refers to them, and let go of them without destroying them (Terraform 1.7); `terraform plan` must then show no destruction
            VPC endpoint secrets: Terraform aws_vpc_endpoint.secrets (one that is gone)
            VPC endpoint secrets: Terraform aws_vpc_endpoint_policy.secrets (one that is gone)
            --- Hcl
            removed {
              from = aws_vpc_endpoint.secrets
              lifecycle { destroy = false }
            }

            removed {
              from = aws_vpc_endpoint_policy.secrets
              lifecycle { destroy = false }
            }

            # Before the first night, have Terraform ignore the public address of these instances, as below: a stopped one has none, Terraform takes that for a change that needs another instance, and an apply at night would destroy this one
            instance jump: Terraform aws_instance.jump (the one there is)

            # Have Terraform (platform.tfstate) ignore what changes on what stays, where its configuration does not yet. For tags alone, `ignore_tags { key_prefixes = ["curfew:"] }` in the provider does it once for all
            alarm on platform-dev-alb: Terraform aws_cloudwatch_metric_alarm.errors (one that is gone)
            alarm on platform-dev-alb: Terraform aws_cloudwatch_metric_alarm.share (one that is gone)
            instance jump: Terraform aws_ec2_instance_state.jump (the one there is)
            instance jump: Terraform aws_instance.jump (the one there is)
            Auto Scaling group workers: Terraform aws_autoscaling_group.workers (the one there is)
            --- Hcl
            resource "aws_autoscaling_group" "workers" {
              # …
              lifecycle {
                ignore_changes = [min_size, desired_capacity]
              }
            }

            resource "aws_cloudwatch_metric_alarm" "errors" {
              # …
              lifecycle {
                ignore_changes = [dimensions]
              }
            }

            resource "aws_cloudwatch_metric_alarm" "share" {
              # …
              lifecycle {
                ignore_changes = [metric_query]
              }
            }

            resource "aws_ec2_instance_state" "jump" {
              # …
              lifecycle {
                ignore_changes = [state]
              }
            }

            resource "aws_instance" "jump" {
              # …
              lifecycle {
                ignore_changes = [associate_public_ip_address]
              }
            }
        "#]],
    );
}

#[test]
fn endpoints_instances_and_groups_are_claimed_by_a_stack() {
    let mut blueprint = with_more();
    let tier = &mut blueprint.tier;
    (tier.nat_gateways, tier.routes, tier.load_balancers) = Default::default();
    (tier.dns_records, tier.services, tier.databases, tier.addresses) = Default::default();
    let seen = by_day(&blueprint);
    let found = found(&blueprint, &seen, Some("platform"));
    check(
        &examined(&blueprint, &seen, &found, &[]),
        expect![[r#"
        Ailing

        # Take out of the CloudFormation stack platform, by day: each morning has another one. Deploy these policies alone; then delete the resources from the template, with every !Ref and !GetAtt to them, and deploy again: the events say DELETE_SKIPPED
        VPC endpoint secrets: CloudFormation platform: Endpoint (the one there is)
        --- Yaml
        Resources:
          Endpoint:
            DeletionPolicy: Retain
            UpdateReplacePolicy: Retain

        # Have the CloudFormation stack platform leave the sizes of these groups alone unless its template changes them: without this policy, an update at night starts instances
        Auto Scaling group workers: CloudFormation platform: Workers (the one there is)
        --- Yaml
        Resources:
          Workers:
            UpdatePolicy:
              AutoScalingScheduledAction:
                IgnoreUnmodifiedGroupSizeProperties: true

        # Nothing of these instances drifts but a public address that is no elastic IP: it is another one each morning. Refer to a name or to an elastic IP instead
        instance jump: CloudFormation platform: Jump (the one there is)

        # Nothing to do about these: they stay as they are, and CloudFormation leaves Curfew's tags on them alone
        cluster platform-dev-cluster: CloudFormation platform: Cluster (the one there is)
    "#]],
    );
}

/// A bucket as the template makes it.
fn safe() -> Safeguards {
    Safeguards {
        bucket: "durable-dev-state".to_owned(),
        versioning: Ok(Versioning::Enabled),
        lifecycle: Ok(Lifecycle { ends_old_versions: true, ends_documents: false }),
        public_access_block: Ok(PublicAccessBlock::ALL.into()),
        is_public_by_policy: Ok(false),
    }
}

fn said(safeguards: &Safeguards) -> String {
    let line = |one: Weakness| {
        let mark = if one.is_dangerous { "!" } else { "-" };
        format!("{mark} {} {}; {}\n", one.resource, one.problem, one.remedy)
    };
    weaknesses(safeguards)
        .into_iter()
        .map(line)
        .chain(untold(safeguards).into_iter().map(|one| format!("? {one}\n")))
        .collect()
}

#[test]
fn a_state_bucket_that_does_not_keep_what_it_should_is_told() {
    assert_eq!(said(&safe()), "");
    let weak = Safeguards {
        versioning: Ok(Versioning::Suspended),
        lifecycle: Ok(Lifecycle::default()),
        public_access_block: Ok([PublicAccessBlock::BlockPublicAcls, PublicAccessBlock::IgnorePublicAcls].into()),
        is_public_by_policy: Ok(true),
        ..safe()
    };
    expect![[r#"
        ! state bucket durable-dev-state keeps no versions any more: versioning is suspended, and a document that is lost is gone; aws s3api put-bucket-versioning --bucket durable-dev-state --versioning-configuration Status=Enabled
        - state bucket durable-dev-state keeps every old version for ever: no lifecycle rule ends them; give it a rule with NoncurrentVersionExpiration, as the template's bucket has
        ! state bucket durable-dev-state does not block public access itself: it is without BlockPublicPolicy, RestrictPublicBuckets; aws s3api put-public-access-block --bucket durable-dev-state --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
        ! state bucket durable-dev-state is public: its policy lets everybody in; take that statement out of its policy
    "#]].assert_eq(&said(&weak));
    let bare = Safeguards {
        versioning: Ok(Versioning::Never),
        lifecycle: Ok(Lifecycle { ends_old_versions: false, ends_documents: true }),
        public_access_block: Ok(Default::default()),
        ..safe()
    };
    expect![[r#"
        ! state bucket durable-dev-state keeps no versions: a document that is lost is gone; aws s3api put-bucket-versioning --bucket durable-dev-state --versioning-configuration Status=Enabled
        ! state bucket durable-dev-state has a lifecycle rule that ends documents themselves: a recording would be gone before its morning; let the rule end noncurrent versions alone
        ! state bucket durable-dev-state does not block public access itself: it is without BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets; aws s3api put-public-access-block --bucket durable-dev-state --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
    "#]].assert_eq(&said(&bare));
}

#[test]
fn what_a_bucket_does_not_tell_is_no_all_clear() {
    let denied =
        |call: &str| Unobserved { call: call.to_owned(), message: "AccessDenied: no".to_owned(), retry: Retry::Never };
    let silent = Safeguards {
        versioning: Err(denied("s3:GetBucketVersioning")),
        lifecycle: Err(denied("s3:GetLifecycleConfiguration")),
        public_access_block: Err(denied("s3:GetBucketPublicAccessBlock")),
        is_public_by_policy: Err(denied("s3:GetBucketPolicyStatus")),
        ..safe()
    };
    expect![[r#"
        ? versioning of the state bucket durable-dev-state: s3:GetBucketVersioning: AccessDenied: no
        ? lifecycle of the state bucket durable-dev-state: s3:GetLifecycleConfiguration: AccessDenied: no
        ? public access block of the state bucket durable-dev-state: s3:GetBucketPublicAccessBlock: AccessDenied: no
        ? policy of the state bucket durable-dev-state: s3:GetBucketPolicyStatus: AccessDenied: no
    "#]]
    .assert_eq(&said(&silent));
}

#[test]
fn only_what_can_lose_a_document_or_show_it_to_others_is_ailing() {
    let blueprint = blueprint("platform");
    let seen = by_day(&blueprint);
    let found = found(&blueprint, &seen, None);
    let sound = examined(&blueprint, &seen, &found, &[]);
    assert_eq!(sound.finding(), Finding::Sound);
    let with = |safeguards: Safeguards| Examination { bucket: weaknesses(&safeguards), ..sound.clone() };
    let piles_up = Safeguards { lifecycle: Ok(Lifecycle::default()), ..safe() };
    assert_eq!((with(piles_up.clone()).bucket.len(), with(piles_up).finding()), (1, Finding::Sound));
    assert_eq!(with(Safeguards { versioning: Ok(Versioning::Never), ..safe() }).finding(), Finding::Ailing);
}
