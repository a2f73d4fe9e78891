//! What is asked for is allowed, and what is allowed is asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::evaluator::{Answer, Decision, Request, evaluate};
use crate::policies::Policies;
use crate::reasons::{UNSEEN, UNSEEN_HERE};
use crate::scenarios::{self, Played};

/// The functions that are played.
const FUNCTIONS: [&str; 4] = ["start", "stop", "reconcile", "budget"];

/// A function, one of its role's statements, an action of that statement.
type Permission = (&'static str, String, String);

/// Both directions, for each function.
#[tokio::test]
async fn no_permission_is_missing_and_none_is_unused() {
    let (mut granted, mut used, mut refused) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for played in play().await {
        let policies = Policies::of(&played.settings);
        for function in FUNCTIONS {
            granted.extend(permissions(&policies, function));
            for (request, answer) in asked(&policies, &played, function) {
                match answer.answer {
                    Decision::Allowed => {
                        let statements = answer.statements.into_iter();
                        used.extend(statements.map(|sid| (function, sid, request.action.clone())));
                    }
                    _ => {
                        let (action, resource) = (&request.action, &request.resource);
                        refused.insert(format!(
                            "{function}: {action} on {resource} with {:?} {}",
                            request.context, answer.why
                        ));
                    }
                }
            }
        }
    }
    let unseen = |permission: &&Permission| UNSEEN.iter().any(|(action, _)| *action == permission.2);
    let unseen_here =
        |(_, sid, action): &Permission| UNSEEN_HERE.iter().any(|one| (one.0, one.1) == (sid.as_str(), action.as_str()));
    let unused = granted.difference(&used).filter(|one| !unseen(one) && !unseen_here(one));
    let unused: BTreeSet<&Permission> = unused.collect();
    assert!(
        refused.is_empty() && unused.is_empty(),
        "an environment would stay as it is, for want of {refused:#?}; nobody needs {unused:#?}"
    );
    let seen: Vec<&Permission> = used.iter().filter(unseen).collect();
    assert!(seen.is_empty(), "these can be seen after all: {seen:?}");
}

/// Two at a time: there are two cores where this usually runs.
async fn play() -> Vec<Played> {
    let (one, other) = tokio::join!(
        async {
            [scenarios::durable_by_command().await, scenarios::platform().await, scenarios::portyfoul_by_tick().await]
        },
        async {
            [
                scenarios::durable_by_tick().await,
                scenarios::portyfoul_by_command().await,
                scenarios::beyond_a_budget().await,
            ]
        },
    );
    one.into_iter().chain(other).collect()
}

fn permissions(policies: &Policies, function: &'static str) -> BTreeSet<Permission> {
    let statements = policies.statements(&policies.functions[function]).into_iter();
    let of_statement = |statement: crate::policies::Statement| {
        statement.actions.into_iter().map(move |action| (function, statement.sid.clone(), action))
    };
    statements.flat_map(of_statement).collect()
}

/// What a function asked for, each different request once, with IAM's answer.
fn asked(policies: &Policies, played: &Played, function: &str) -> Vec<(Request, Answer)> {
    let role = &policies.functions[function];
    let of_function = played.asked.iter().filter(|one| one.by == function);
    let requests: BTreeSet<Request> =
        of_function.map(|one| Request::new(role, &one.action, &one.resource, &json!(one.context))).collect();
    let requests: Vec<Request> = requests.into_iter().collect();
    let answers = evaluate(policies, &requests);
    println!("{role}: {} different requests", requests.len());
    requests.into_iter().zip(answers).collect()
}

/// Every variant of `Action` is allowed to somebody, and to exactly these.
#[test]
fn each_action_is_allowed_to_those_who_may_need_it() {
    let policies = Policies::of(&crate::settings::Settings::durable());
    let allowed: BTreeMap<&str, String> = crate::reasons::api_calls()
        .into_iter()
        .map(|call| {
            let may = |role: &&String| policies.actions(role).contains(call);
            let roles: Vec<&str> =
                policies.roles.keys().filter(may).map(|role| role.trim_end_matches("Role")).collect();
            (call, roles.join(", "))
        })
        .collect();
    let lines: Vec<String> = allowed.iter().map(|(call, roles)| format!("{call}: {roles}")).collect();
    // Of ecs:TagResource, reconcile only has what makes a service.
    expect_test::expect![[r#"
        application-autoscaling:PutScalingPolicy: Reconcile, Start
        application-autoscaling:RegisterScalableTarget: Reconcile, Start, Stop
        autoscaling:UpdateAutoScalingGroup: Reconcile, Start, Stop
        cloudwatch:PutMetricAlarm: Reconcile, Start
        ec2:AllocateAddress: Reconcile, Start
        ec2:CreateNatGateway: Reconcile, Start
        ec2:CreateRoute: Reconcile, Start
        ec2:CreateVpcEndpoint: Reconcile, Start
        ec2:DeleteNatGateway: Reconcile, Start, Stop
        ec2:DeleteVpcEndpoints: Reconcile, Start, Stop
        ec2:ReleaseAddress: Reconcile, Start, Stop
        ec2:ReplaceRoute: Reconcile, Start
        ec2:StartInstances: Reconcile, Start
        ec2:StopInstances: Reconcile, Stop
        ecs:CreateService: Reconcile, Start
        ecs:DeleteService: Reconcile, Stop
        ecs:TagResource: Budget, Reconcile, Start, Stop
        ecs:UntagResource: Reconcile, Start, Stop
        ecs:UpdateService: Reconcile, Start, Stop
        elasticloadbalancing:AddListenerCertificates: Reconcile, Start
        elasticloadbalancing:CreateListener: Reconcile, Start
        elasticloadbalancing:CreateLoadBalancer: Reconcile, Start
        elasticloadbalancing:CreateRule: Reconcile, Start
        elasticloadbalancing:DeleteLoadBalancer: Reconcile, Stop
        elasticloadbalancing:ModifyListenerAttributes: Reconcile, Start
        elasticloadbalancing:ModifyLoadBalancerAttributes: Reconcile, Start, Stop
        rds:StartDBCluster: Reconcile, Start
        rds:StartDBInstance: Reconcile, Start
        rds:StopDBCluster: Reconcile, Stop
        rds:StopDBInstance: Reconcile, Stop
        route53:ChangeResourceRecordSets: Reconcile, Start, Stop
        wafv2:AssociateWebACL: Reconcile, Start"#]]
    .assert_eq(&lines.join("\n"));
}
