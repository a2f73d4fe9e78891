//! What is not the environment's own is denied, and what is adopted is named.

use serde_json::{Value, json};

use crate::evaluator::{Decision, Request, evaluate};
use crate::policies::Policies;
use crate::settings::Settings;
use crate::table::{Bound, all, and, born, ec2, ecs, elb, never, owned};

#[test]
fn what_is_not_its_own_is_denied() {
    let policies = Policies::of(&Settings::durable());
    let (mut requests, mut wanted) = (Vec::new(), Vec::new());
    let mut want = |role: &str, action: &str, resource: &str, context: &Value, decision: Decision, words: &str| {
        requests.push(Request::new(role, action, resource, context));
        wanted.push((decision, format!("{role}: {action}, {words}")));
    };
    for bound in all() {
        let Bound { role, action, own: (resource, context), foreign } = bound;
        want(role, action, &resource, &context, Decision::Allowed, "its own");
        for (words, resource, context) in foreign {
            want(role, action, &resource, &context, Decision::ImplicitlyDenied, words);
        }
    }
    // With every tag in its favour.
    let favoured = and(and(owned("dev"), born("dev")), json!({ "iam:PassedToService": "ecs-tasks.amazonaws.com" }));
    for (role, action, resource) in never() {
        want(role, action, &resource, &favoured, Decision::ImplicitlyDenied, "no business of its own");
    }
    assert_answers(&policies, &requests, &wanted);
}

/// Adopted resources are changed without a tag; others of the same kind are not.
#[test]
fn what_is_adopted_is_named() {
    let (nat, service) = (ec2("natgateway/nat-ad0"), ecs("service/durable-dev-cluster/old"));
    let listener = elb("listener/app/old/1/*");
    let endpoint = ec2("vpc-endpoint/vpce-ad0");
    let adopted = [nat.clone(), service.clone(), listener, endpoint.clone()];
    let settings = Settings::durable().with_arns("AdoptedArns", &adopted);
    let policies = Policies::of(&settings);
    let cases = [
        ("StopRole", "ec2:DeleteNatGateway", nat, json!({}), Decision::Allowed),
        ("StopRole", "ec2:DeleteNatGateway", ec2("natgateway/nat-other"), json!({}), Decision::ImplicitlyDenied),
        ("StopRole", "ec2:DeleteVpcEndpoints", endpoint, json!({}), Decision::Allowed),
        ("StopRole", "ecs:UpdateService", service.clone(), json!({}), Decision::Allowed),
        (
            "StopRole",
            "ecs:UpdateService",
            ecs("service/durable-dev-cluster/other"),
            json!({}),
            Decision::ImplicitlyDenied,
        ),
        ("StartRole", "ecs:DeleteService", service, json!({}), Decision::ImplicitlyDenied),
        ("StartRole", "elasticloadbalancing:CreateRule", elb("listener/app/old/1/2"), born("dev"), Decision::Allowed),
        (
            "StartRole",
            "elasticloadbalancing:CreateRule",
            elb("listener/app/old/1/2"),
            json!({}),
            Decision::ImplicitlyDenied,
        ),
        (
            "StartRole",
            "elasticloadbalancing:CreateRule",
            elb("listener/app/other/1/2"),
            born("dev"),
            Decision::ImplicitlyDenied,
        ),
    ];
    assert_decisions(&policies, &cases);
}

/// Whoever adopts can name the VPC; else all will do, because only the blueprint knows.
#[test]
fn a_vpc_that_is_named_is_the_only_one() {
    let existing = Settings::durable().with("BaseTier", "existing").with("ClusterName", "durable-dev-cluster");
    let subnet = |vpc: &str, decision: Decision| {
        ("StartRole", "ec2:CreateNatGateway", ec2("subnet/subnet-1"), json!({ "ec2:Vpc": ec2(vpc) }), decision)
    };
    let endpoint =
        |vpc: &str, decision: Decision| ("StartRole", "ec2:CreateVpcEndpoint", ec2(vpc), json!({}), decision);
    for (settings, others) in
        [(existing.clone().with("VpcId", "vpc-1"), Decision::ImplicitlyDenied), (existing, Decision::Allowed)]
    {
        let cases = [
            subnet("vpc/vpc-1", Decision::Allowed),
            endpoint("vpc/vpc-1", Decision::Allowed),
            subnet("vpc/vpc-2", others),
            endpoint("vpc/vpc-2", others),
        ];
        assert_decisions(&Policies::of(&settings), &cases);
    }
}

/// The statements that only some stacks have.
#[test]
fn what_a_stack_does_not_use_it_does_not_allow() {
    let without_domain = Policies::of(&Settings::durable().with("DomainName", ""));
    assert!(!without_domain.actions("StopRole").contains("route53:ChangeResourceRecordSets"));
    let existing = Policies::of(&Settings::durable().with("BaseTier", "existing").with("ClusterName", "c"));
    assert!(!existing.actions("StartRole").contains("iam:PassRole"));
    let without_keys = Policies::of(&Settings::durable().with("VolumeKeyArns", ""));
    assert!(!without_keys.actions("StartRole").contains("kms:CreateGrant"));
    let traced = Policies::of(&Settings::durable().with("Tracing", "Active"));
    let plain = Policies::of(&Settings::durable());
    for role in plain.roles.keys() {
        let more: Vec<String> = traced.actions(role).difference(&plain.actions(role)).cloned().collect();
        assert_eq!(more, ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "{role}");
    }
}

/// A role, an action, on what, in which context, and what IAM says.
type Case = (&'static str, &'static str, String, Value, Decision);

fn assert_decisions(policies: &Policies, cases: &[Case]) {
    let requests: Vec<Request> = cases
        .iter()
        .map(|(role, action, resource, context, _)| Request::new(role, action, resource, context))
        .collect();
    let wanted: Vec<(Decision, String)> = cases
        .iter()
        .map(|(role, action, resource, context, decision)| (*decision, format!("{role} {action} {resource} {context}")))
        .collect();
    assert_answers(policies, &requests, &wanted);
}

fn assert_answers(policies: &Policies, requests: &[Request], wanted: &[(Decision, String)]) {
    let answers = evaluate(policies, requests);
    let wrong: Vec<String> = answers
        .iter()
        .zip(wanted)
        .filter(|(answer, (decision, _))| answer.answer != *decision)
        .map(|(answer, (_, words))| format!("{words}: {:?} by {:?} {}", answer.answer, answer.statements, answer.why))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(answers.len(), wanted.len());
}

/// "Managed policies: 6,144 characters", whitespace not counted; ten to a role (IAM and AWS STS quotas).
#[test]
fn policies_are_as_short_and_as_few_as_iam_wants_them() {
    let adopted: Vec<String> = (1..=20)
        .map(|number| elb(&format!("loadbalancer/app/a-load-balancer-of-some-length-{number}/0f0100000000000{number}")))
        .collect();
    for settings in [Settings::durable(), Settings::durable().with_arns("AdoptedArns", &adopted)] {
        for (role, policies) in Policies::of(&settings).roles {
            // Inline ones have another quota, and belong to one role alone.
            let managed: Vec<_> = policies.iter().filter(|(name, _)| name.ends_with("Policy")).collect();
            assert!(managed.len() <= 10, "{role} has {} policies", managed.len());
            for (name, policy) in managed {
                let length = policy.to_string().chars().filter(|c| !c.is_whitespace()).count();
                assert!(length <= 6144, "{name} has {length} characters");
            }
        }
    }
}
