//! The table of bounds: what a role does to the environment's own, and the same to something else.

use serde_json::{Value, json};

use crate::evaluator::Request;
use crate::settings::{VOLUME_KEY, VPC, arn};

const REGION: &str = "us-west-2";
const ZONE: &str = "arn:aws:route53:::hostedzone/Z0D1A00000000000000A";

/// What a role does to its own, and the same to something else.
pub struct Bound {
    /// Which role.
    pub role: &'static str,
    /// What it does.
    pub action: &'static str,
    /// To what of its own, in which context.
    pub own: (String, Value),
    /// To what else, in words, and in which context.
    pub foreign: Vec<(&'static str, String, Value)>,
}

impl Bound {
    /// What must be denied.
    pub fn denied(&self) -> impl Iterator<Item = Request> {
        self.foreign.iter().map(|(_, resource, context)| Request::new(self.role, self.action, resource, context))
    }
}

/// All of them.
pub fn all() -> Vec<Bound> {
    [network(), balancing(), containers(), databases(), compute(), scaling(), names(), by_name()]
        .into_iter()
        .flatten()
        .collect()
}

pub fn ec2(resource: &str) -> String {
    arn("ec2", REGION, resource)
}

pub fn elb(resource: &str) -> String {
    arn("elasticloadbalancing", REGION, resource)
}

pub fn ecs(resource: &str) -> String {
    arn("ecs", REGION, resource)
}

pub fn owned(environment: &str) -> Value {
    json!({ "aws:ResourceTag/curfew:environment": environment })
}

pub fn born(environment: &str) -> Value {
    json!({ "aws:RequestTag/curfew:environment": environment, "aws:TagKeys": ["curfew:environment"] })
}

pub fn and(one: Value, other: Value) -> Value {
    let mut all = one;
    all.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    all
}

fn without(all: Value, key: &str) -> Value {
    let mut all = all;
    all.as_object_mut().unwrap().remove(key);
    all
}

/// Something that exists is changed or deleted.
fn existing(
    role: &'static str,
    action: &'static str,
    resource: &str,
    foreign: Vec<(&'static str, String, Value)>,
) -> Bound {
    let mut all = vec![
        ("untagged", resource.to_owned(), json!({})),
        ("of another environment", resource.to_owned(), owned("staging")),
        ("with the tag asked for, not there", resource.to_owned(), born("dev")),
    ];
    all.extend(foreign);
    Bound { role, action, own: (resource.to_owned(), owned("dev")), foreign: all }
}

/// Something is made.
fn new(role: &'static str, action: &'static str, resource: &str, there: Value) -> Bound {
    let foreign = |environment: &str| and(born(environment), there.clone());
    let untagged = ("without a tag", resource.to_owned(), there.clone());
    let others = ("for another environment", resource.to_owned(), foreign("staging"));
    Bound { role, action, own: (resource.to_owned(), foreign("dev")), foreign: vec![untagged, others] }
}

/// Something is tagged as one call makes it; `others` is of another kind, `otherwise` what makes such.
fn tagging(
    action: &'static str,
    resource: &str,
    (key, create): (&str, &str),
    (others, otherwise): (&str, &str),
) -> Bound {
    let by = |create: &str| json!({ key: create });
    Bound {
        role: "StartRole",
        action,
        own: (resource.to_owned(), and(born("dev"), by(create))),
        foreign: vec![
            ("of what exists", resource.to_owned(), born("dev")),
            ("of another kind", others.to_owned(), and(born("dev"), by(create))),
            ("of what something else makes", resource.to_owned(), and(born("dev"), by(otherwise))),
            ("for another environment", resource.to_owned(), and(born("staging"), by(create))),
        ],
    }
}

fn network() -> Vec<Bound> {
    let (nat, address, table) = ("natgateway/nat-1", "elastic-ip/eipalloc-1", "route-table/rtb-1");
    let (key, instance) = ("ec2:CreateAction", ec2("instance/i-1"));
    let instance = (instance.as_str(), "RunInstances");
    vec![
        existing("StopRole", "ec2:DeleteNatGateway", &ec2(nat), vec![]),
        existing("StartRole", "ec2:DeleteNatGateway", &ec2(nat), vec![]),
        existing("StopRole", "ec2:ReleaseAddress", &ec2(address), vec![]),
        existing("StartRole", "ec2:ReplaceRoute", &ec2(table), vec![]),
        existing("ReconcileRole", "ec2:CreateRoute", &ec2(table), vec![]),
        existing("StartRole", "ec2:CreateNatGateway", &ec2(address), vec![]),
        new("StartRole", "ec2:AllocateAddress", &ec2("elastic-ip/new"), json!({})),
        new("StartRole", "ec2:CreateNatGateway", &ec2("natgateway/new"), json!({})),
        existing("StopRole", "ec2:DeleteVpcEndpoints", &ec2("vpc-endpoint/vpce-1"), vec![]),
        existing("StartRole", "ec2:DeleteVpcEndpoints", &ec2("vpc-endpoint/vpce-1"), vec![]),
        Bound {
            role: "StartRole",
            action: "ec2:CreateNatGateway",
            own: (ec2("subnet/subnet-1"), of_vpc(VPC)),
            foreign: vec![
                ("in another VPC", ec2("subnet/subnet-1"), of_vpc("vpc-2")),
                ("nobody knows where", ec2("subnet/subnet-1"), json!({})),
            ],
        },
        vpc_endpoint(),
        Bound {
            role: "StartRole",
            action: "ec2:CreateVpcEndpoint",
            own: (ec2(&format!("vpc/{VPC}")), json!({})),
            foreign: vec![("in another VPC", ec2("vpc/vpc-2"), json!({}))],
        },
        tagging("ec2:CreateTags", &ec2("vpc-endpoint/new"), (key, "CreateVpcEndpoint"), instance),
        tagging("ec2:CreateTags", &ec2("natgateway/new"), (key, "CreateNatGateway"), instance),
        tagging("ec2:CreateTags", &ec2(address), (key, "AllocateAddress"), instance),
    ]
}

fn of_vpc(vpc: &str) -> Value {
    json!({ "ec2:Vpc": ec2(&format!("vpc/{vpc}")) })
}

/// Of a service of AWS's own alone.
fn vpc_endpoint() -> Bound {
    let resource = ec2("vpc-endpoint/new");
    let by = |owner: &str| json!({ "ec2:VpceServiceOwner": owner });
    let mut bound = new("StartRole", "ec2:CreateVpcEndpoint", &resource, by("amazon"));
    bound.foreign.push(("of somebody's service", resource, and(born("dev"), by("aws-marketplace"))));
    bound
}

fn balancing() -> Vec<Bound> {
    let (balancer, listener) = (elb("loadbalancer/app/alb/1"), elb("listener/app/alb/1/2"));
    let network = ("a network load balancer", elb("loadbalancer/net/nlb/1"), owned("dev"));
    let (key, group) = ("elasticloadbalancing:CreateAction", elb("targetgroup/web/1"));
    let group = (group.as_str(), "CreateTargetGroup");
    vec![
        existing("StopRole", "elasticloadbalancing:DeleteLoadBalancer", &balancer, vec![network]),
        existing("StartRole", "elasticloadbalancing:ModifyLoadBalancerAttributes", &balancer, vec![]),
        existing("StopRole", "elasticloadbalancing:ModifyLoadBalancerAttributes", &balancer, vec![]),
        existing("StartRole", "elasticloadbalancing:CreateWebACLAssociation", &balancer, vec![]),
        existing("StartRole", "elasticloadbalancing:ModifyListenerAttributes", &listener, vec![]),
        existing("StartRole", "elasticloadbalancing:AddListenerCertificates", &listener, vec![]),
        new("StartRole", "elasticloadbalancing:CreateLoadBalancer", &elb("loadbalancer/app/alb/new"), json!({})),
        new("StartRole", "elasticloadbalancing:CreateListener", &balancer, owned("dev")),
        new("StartRole", "elasticloadbalancing:CreateRule", &listener, owned("dev")),
        Bound {
            role: "StartRole",
            action: "elasticloadbalancing:CreateListener",
            own: (balancer.clone(), and(born("dev"), owned("dev"))),
            foreign: vec![
                ("on an untagged load balancer", balancer.clone(), born("dev")),
                ("on another environment's", balancer, and(born("dev"), owned("staging"))),
            ],
        },
        Bound {
            role: "ReconcileRole",
            action: "elasticloadbalancing:CreateRule",
            own: (listener.clone(), and(born("dev"), owned("dev"))),
            foreign: vec![
                ("on an untagged listener", listener.clone(), born("dev")),
                ("on another environment's", listener, and(born("dev"), owned("staging"))),
            ],
        },
        tagging("elasticloadbalancing:AddTags", &elb("loadbalancer/app/alb/new"), (key, "CreateLoadBalancer"), group),
        tagging("elasticloadbalancing:AddTags", &elb("listener/app/alb/1/new"), (key, "CreateListener"), group),
        tagging("elasticloadbalancing:AddTags", &elb("listener-rule/app/alb/1/2/new"), (key, "CreateRule"), group),
    ]
}

fn containers() -> Vec<Bound> {
    let (service, elsewhere) = (ecs("service/durable-dev-cluster/api"), ecs("service/other-cluster/api"));
    let (cluster, other) = (ecs("cluster/durable-dev-cluster"), ecs("cluster/other-cluster"));
    let keys = |keys: &[&str]| json!({ "aws:TagKeys": keys });
    let on_cluster = |role, action| Bound {
        role,
        action,
        own: (cluster.clone(), keys(&["curfew:override", "curfew:hold"])),
        foreign: vec![
            ("another cluster", other.clone(), keys(&["curfew:override"])),
            ("another tag", cluster.clone(), keys(&["curfew:override", "curfew:environment"])),
            ("no tag at all", cluster.clone(), json!({})),
            ("a service", service.clone(), keys(&["curfew:override"])),
        ],
    };
    let passed = |service: &str| json!({ "iam:PassedToService": service });
    let role = "arn:aws:iam::123456789012:role/durable-dev-task";
    let foreign_cluster = || vec![("in another cluster", elsewhere.clone(), owned("dev"))];
    vec![
        existing("StopRole", "ecs:UpdateService", &service, foreign_cluster()),
        existing("StartRole", "ecs:UpdateService", &service, foreign_cluster()),
        existing("StopRole", "ecs:DeleteService", &service, foreign_cluster()),
        new("StartRole", "ecs:CreateService", &service, json!({})),
        tagging("ecs:TagResource", &service, ("ecs:CreateAction", "CreateService"), (&cluster, "CreateCluster")),
        on_cluster("StartRole", "ecs:TagResource"),
        on_cluster("BudgetRole", "ecs:TagResource"),
        on_cluster("ReconcileRole", "ecs:UntagResource"),
        Bound {
            role: "StopRole",
            action: "ecs:ListServices",
            own: ("*".to_owned(), json!({ "ecs:cluster": cluster })),
            foreign: vec![("of another cluster", "*".to_owned(), json!({ "ecs:cluster": other }))],
        },
        Bound {
            role: "StopRole",
            action: "ecs:ListTasks",
            own: (ecs("container-instance/durable-dev-cluster/any"), json!({ "ecs:cluster": cluster })),
            foreign: vec![(
                "of another cluster",
                ecs("container-instance/other-cluster/any"),
                json!({ "ecs:cluster": other }),
            )],
        },
        Bound {
            role: "StopRole",
            action: "ecs:DescribeTasks",
            own: (ecs("task/durable-dev-cluster/1"), json!({})),
            foreign: vec![("of another cluster", ecs("task/other-cluster/1"), json!({}))],
        },
        Bound {
            role: "StartRole",
            action: "iam:PassRole",
            own: (role.to_owned(), passed("ecs-tasks.amazonaws.com")),
            foreign: vec![
                ("another role", "arn:aws:iam::123456789012:role/admin".to_owned(), passed("ecs-tasks.amazonaws.com")),
                ("to another service", role.to_owned(), passed("lambda.amazonaws.com")),
                ("to nobody", role.to_owned(), json!({})),
            ],
        },
    ]
}

fn databases() -> Vec<Bound> {
    let rds = |resource: &str| arn("rds", REGION, resource);
    vec![
        existing("StopRole", "rds:StopDBInstance", &rds("db:main"), vec![]),
        existing("StopRole", "rds:StopDBCluster", &rds("cluster:main"), vec![]),
        existing("StartRole", "rds:StartDBInstance", &rds("db:main"), vec![]),
        existing("ReconcileRole", "rds:StartDBCluster", &rds("cluster:main"), vec![]),
    ]
}

/// EC2 makes the grant for the one who starts an instance, and for nothing else.
fn volume_key() -> Bound {
    let key = arn("kms", REGION, VOLUME_KEY);
    let context = |via: &str, resource: &str| json!({ "kms:ViaService": via, "kms:GrantIsForAWSResource": resource });
    let ec2 = "ec2.us-west-2.amazonaws.com";
    Bound {
        role: "StartRole",
        action: "kms:CreateGrant",
        own: (key.clone(), context(ec2, "true")),
        foreign: vec![
            ("for somebody who is no service", key.clone(), context(ec2, "false")),
            ("for another service", key.clone(), context("rds.us-west-2.amazonaws.com", "true")),
            ("by hand", key, json!({})),
            ("of another key", arn("kms", REGION, "key/0d1a0000-0000-4000-8000-000000000002"), context(ec2, "true")),
        ],
    }
}

fn compute() -> Vec<Bound> {
    let instance = ec2("instance/i-1");
    let group = arn("autoscaling", REGION, "autoScalingGroup:1:autoScalingGroupName/workers");
    vec![
        existing("StopRole", "ec2:StopInstances", &instance, vec![]),
        existing("StartRole", "ec2:StartInstances", &instance, vec![]),
        volume_key(),
        existing("ReconcileRole", "ec2:StopInstances", &instance, vec![]),
        existing("StopRole", "autoscaling:UpdateAutoScalingGroup", &group, vec![]),
        existing("StartRole", "autoscaling:UpdateAutoScalingGroup", &group, vec![]),
    ]
}

fn scaling() -> Vec<Bound> {
    let target = arn("application-autoscaling", REGION, "scalable-target/1");
    // It says the namespace too.
    let scales = |dimension: &str| json!({ "application-autoscaling:scalable-dimension": dimension });
    let bound = |role, action| Bound {
        role,
        action,
        own: (target.clone(), scales("ecs:service:DesiredCount")),
        foreign: vec![
            ("of a table", target.clone(), scales("dynamodb:table:ReadCapacityUnits")),
            ("of what is not said", target.clone(), json!({})),
        ],
    };
    let alarm = |cluster: &str| {
        let name = format!("alarm:TargetTracking-service/{cluster}/api-AlarmHigh-1");
        arn("cloudwatch", REGION, &name)
    };
    let own_alarm = |action| Bound {
        role: "StartRole",
        action,
        own: (alarm("durable-dev-cluster"), json!({})),
        foreign: vec![
            ("of another cluster", alarm("other-cluster"), json!({})),
            ("somebody's own", arn("cloudwatch", REGION, "alarm:pager"), json!({})),
        ],
    };
    vec![
        bound("StopRole", "application-autoscaling:RegisterScalableTarget"),
        bound("ReconcileRole", "application-autoscaling:RegisterScalableTarget"),
        bound("StartRole", "application-autoscaling:PutScalingPolicy"),
        existing("StartRole", "cloudwatch:PutMetricAlarm", &arn("cloudwatch", REGION, "alarm:errors"), vec![]),
        own_alarm("cloudwatch:PutMetricAlarm"),
        own_alarm("cloudwatch:DeleteAlarms"),
    ]
}

fn names() -> Vec<Bound> {
    let key = |what: &str| format!("route53:ChangeResourceRecordSets{what}");
    let change = |names: &[&str], types: &[&str], actions: &[&str]| json!({ key("NormalizedRecordNames"): names, key("RecordTypes"): types, key("Actions"): actions });
    let ours = ["dev.durable.example.com"];
    let foreign = vec![
        ("another name", ZONE.to_owned(), change(&["durable.example.com"], &["A"], &["UPSERT"])),
        ("a name below", ZONE.to_owned(), change(&["x.dev.durable.example.com"], &["A"], &["UPSERT"])),
        (
            "ours and another",
            ZONE.to_owned(),
            change(&["dev.durable.example.com", "www.example.com"], &["A"], &["UPSERT"]),
        ),
        ("another type", ZONE.to_owned(), change(&ours, &["MX"], &["UPSERT"])),
        ("ours and another type", ZONE.to_owned(), change(&ours, &["A", "TXT"], &["UPSERT"])),
        ("a deletion", ZONE.to_owned(), change(&ours, &["A"], &["DELETE"])),
        ("no name said", ZONE.to_owned(), without(change(&ours, &["A"], &["UPSERT"]), &key("NormalizedRecordNames"))),
        ("no type said", ZONE.to_owned(), without(change(&ours, &["A"], &["UPSERT"]), &key("RecordTypes"))),
        ("no action said", ZONE.to_owned(), without(change(&ours, &["A"], &["UPSERT"]), &key("Actions"))),
        ("another zone", "arn:aws:route53:::hostedzone/Z9".to_owned(), change(&ours, &["A"], &["UPSERT"])),
    ];
    let bound = |role, own| Bound {
        role,
        action: "route53:ChangeResourceRecordSets",
        own: (ZONE.to_owned(), own),
        foreign: foreign.clone(),
    };
    vec![
        bound("StopRole", change(&ours, &["A"], &["UPSERT"])),
        bound("StartRole", change(&ours, &["A", "AAAA"], &["UPSERT"])),
        Bound {
            role: "StopRole",
            action: "route53:ListResourceRecordSets",
            own: (ZONE.to_owned(), json!({})),
            foreign: vec![("another zone", "arn:aws:route53:::hostedzone/Z9".to_owned(), json!({}))],
        },
    ]
}

/// What remembers and tells: resources by name, without a condition.
fn by_name() -> Vec<Bound> {
    let bound = |role, action, own: String, foreign: Vec<(&'static str, String)>| Bound {
        role,
        action,
        own: (own, json!({})),
        foreign: foreign.into_iter().map(|(words, arn)| (words, arn, json!({}))).collect(),
    };
    let document = |name: &str| format!("arn:aws:s3:::durable-dev-state/{name}.json");
    let parameter = |name: &str| arn("ssm", REGION, &format!("parameter/{name}"));
    let documents = || {
        vec![
            ("another environment's", document("staging/state")),
            ("another document", document("dev/other")),
            ("another bucket's", "arn:aws:s3:::other/dev/state.json".to_owned()),
        ]
    };
    let log =
        |function: &str| arn("logs", REGION, &format!("log-group:/aws/lambda/curfew-dev-{function}:log-stream:1"));
    vec![
        bound("StopRole", "s3:PutObject", document("dev/recording"), documents()),
        bound("StopRole", "s3:GetObject", document("dev/state"), documents()),
        bound("BudgetRole", "s3:PutObject", document("dev/budget"), vec![("the state", document("dev/state"))]),
        bound(
            "StartRole",
            "s3:ListBucket",
            "arn:aws:s3:::durable-dev-state".into(),
            vec![("another", "arn:aws:s3:::other".into())],
        ),
        bound(
            "StartRole",
            "ssm:GetParameter",
            parameter("curfew/dev/blueprint"),
            vec![
                ("another environment's", parameter("curfew/staging/blueprint")),
                ("a secret", parameter("database/password")),
            ],
        ),
        bound(
            "StartRole",
            "sns:Publish",
            arn("sns", REGION, "curfew-dev"),
            vec![("another topic", arn("sns", REGION, "pager"))],
        ),
        bound(
            "StopRole",
            "sqs:SendMessage",
            arn("sqs", REGION, "dead-letters"),
            vec![("another queue", arn("sqs", REGION, "jobs"))],
        ),
        bound("StopRole", "logs:PutLogEvents", log("stop"), vec![("another function's", log("start"))]),
        bound(
            "BudgetRole",
            "budgets:ViewBudget",
            "arn:aws:budgets::123456789012:budget/curfew-dev".into(),
            vec![("another budget", "arn:aws:budgets::123456789012:budget/company".into())],
        ),
    ]
}

/// What a function has no business with at all.
pub fn never() -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("StartRole", "elasticloadbalancing:DeleteLoadBalancer", elb("loadbalancer/app/alb/1")),
        ("StartRole", "ecs:DeleteService", ecs("service/durable-dev-cluster/api")),
        ("StopRole", "ec2:AllocateAddress", ec2("elastic-ip/new")),
        (
            "StopRole",
            "application-autoscaling:PutScalingPolicy",
            arn("application-autoscaling", REGION, "scalable-target/1"),
        ),
        (
            "ReconcileRole",
            "application-autoscaling:DeregisterScalableTarget",
            arn("application-autoscaling", REGION, "scalable-target/1"),
        ),
        ("StopRole", "elasticloadbalancing:CreateLoadBalancer", elb("loadbalancer/app/alb/new")),
        ("StopRole", "iam:PassRole", "arn:aws:iam::123456789012:role/durable-dev-task".into()),
        ("ReconcileRole", "ecs:TagResource", ecs("cluster/durable-dev-cluster")),
        ("ReconcileRole", "ec2:CreateTags", ec2("instance/i-1")),
        ("ReconcileRole", "ec2:DeleteTags", ec2("natgateway/nat-1")),
        ("ReconcileRole", "ec2:DeleteRoute", ec2("route-table/rtb-1")),
        ("ReconcileRole", "elasticloadbalancing:DeleteListener", elb("listener/app/alb/1/2")),
        ("ReconcileRole", "elasticloadbalancing:DeleteRule", elb("listener-rule/app/alb/1/2/3")),
        ("ReconcileRole", "elasticloadbalancing:ModifyRule", elb("listener-rule/app/alb/1/2/3")),
        ("ReconcileRole", "elasticloadbalancing:RemoveTags", elb("loadbalancer/app/alb/1")),
        ("StopRole", "cloudwatch:PutMetricAlarm", arn("cloudwatch", REGION, "alarm:errors")),
        ("ReconcileRole", "cloudwatch:DeleteAlarms", arn("cloudwatch", REGION, "alarm:errors")),
        ("StartRole", "rds:StopDBInstance", arn("rds", REGION, "db:main")),
        ("StopRole", "rds:StartDBInstance", arn("rds", REGION, "db:main")),
        ("ReconcileRole", "rds:DeleteDBInstance", arn("rds", REGION, "db:main")),
        ("ReconcileRole", "rds:ModifyDBInstance", arn("rds", REGION, "db:main")),
        ("BudgetRole", "rds:StopDBInstance", arn("rds", REGION, "db:main")),
        ("ReconcileRole", "s3:DeleteObject", "arn:aws:s3:::durable-dev-state/dev/recording.json".into()),
        ("BudgetRole", "ec2:DeleteNatGateway", ec2("natgateway/nat-1")),
        ("StopRole", "ec2:CreateVpcEndpoint", ec2("vpc-endpoint/new")),
        ("BudgetRole", "ec2:ReleaseAddress", ec2("elastic-ip/eipalloc-1")),
        ("BudgetRole", "elasticloadbalancing:DeleteLoadBalancer", elb("loadbalancer/app/alb/1")),
        ("BudgetRole", "ecs:UpdateService", ecs("service/durable-dev-cluster/api")),
        ("BudgetRole", "ecs:DeleteService", ecs("service/durable-dev-cluster/api")),
    ]
}
