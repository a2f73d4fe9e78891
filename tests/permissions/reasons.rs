//! Why each permission is there: an action of Curfew's, or a look, or what AWS asks for besides.

use std::collections::BTreeMap;

/// The source of the one enum that names every change.
const ACTION: &str = include_str!("../../shared/src/model/action.rs");

/// Looks, and what AWS asks for besides a call; each with its reason.
const OTHERS: &[(&str, &str)] = &[
    ("acm:DescribeCertificate", "whether a listener's certificate can be had again in the morning"),
    ("application-autoscaling:DescribeScalableTargets", "which services are scaled, and what of it is suspended"),
    ("application-autoscaling:DescribeScalingPolicies", "whether a policy names the load balancer"),
    ("application-autoscaling:DescribeScheduledActions", "what of auto scaling changed by day"),
    ("autoscaling:DescribeAutoScalingGroups", "Auto Scaling groups"),
    ("autoscaling:DescribeScheduledActions", "whether an Auto Scaling group would start instances by itself"),
    ("budgets:ViewBudget", "whether the alert is true"),
    ("cloudfront:ListVpcOrigins", "whether CloudFront leads to the load balancer"),
    ("cloudwatch:DeleteAlarms", "asked for with `PutScalingPolicy`, whose alarms are made anew"),
    ("cloudwatch:DescribeAlarms", "alarms; asked for with `DescribeScalingPolicies` and `PutScalingPolicy`"),
    (
        "cloudwatch:PutMetricAlarm",
        "action `PutMetricAlarm`; asked for with `PutScalingPolicy`, whose alarms are made anew",
    ),
    ("cognito-idp:DescribeUserPoolClient", "asked for with `CreateListener` and `CreateRule` that log in by Cognito"),
    ("ec2:CreateTags", "asked for with `AllocateAddress`, `CreateNatGateway` and `CreateVpcEndpoint`"),
    ("ec2:DescribeAccountAttributes", "asked for with `CreateLoadBalancer`"),
    ("ec2:DescribeAddresses", "addresses; asked for with `CreateLoadBalancer`"),
    ("ec2:DescribeInstanceAttribute", "whether an instance is protected against being stopped"),
    ("ec2:DescribeInstanceTypes", "whether an instance has disks that a stop empties"),
    ("ec2:DescribeInstances", "instances; whose interfaces of others are"),
    ("ec2:DescribeInternetGateways", "asked for with `CreateLoadBalancer`"),
    ("ec2:DescribeNatGateways", "NAT gateways"),
    ("ec2:DescribeNetworkInterfaces", "who else leaves by a NAT gateway that goes"),
    ("ec2:DescribeRouteTables", "routes; who else leads to a NAT gateway that goes"),
    ("ec2:DescribeSecurityGroups", "whether what goes could come back; asked for with `CreateLoadBalancer`"),
    ("ec2:DescribeSubnets", "whether what goes could come back; asked for with `CreateLoadBalancer`"),
    ("ec2:DescribeTags", "whether an override that was found is still there"),
    ("ec2:DescribeVpcEndpoints", "VPC endpoints"),
    (
        "ec2:DescribeVpcs",
        "asked for with `CreateLoadBalancer`, and with `CreateVpcEndpoint` that takes its service's names",
    ),
    ("ecs:DescribeClusters", "the cluster's override"),
    ("ecs:DescribeServices", "services, also those of the cluster that the blueprint does not name"),
    ("ecs:DescribeTasks", "whether a task that is told to stop is gone, and which belong to no service"),
    ("ecs:ListServices", "which services the cluster has that the blueprint does not name"),
    ("ecs:ListTasks", "whether a task that is told to stop is gone, and which belong to no service"),
    ("elasticloadbalancing:AddTags", "asked for with `CreateLoadBalancer`, `CreateListener` and `CreateRule`"),
    ("elasticloadbalancing:CreateWebACLAssociation", "asked for with `AssociateWebACL`"),
    ("elasticloadbalancing:DescribeCapacityReservation", "what could not come back"),
    ("elasticloadbalancing:DescribeListenerAttributes", "listeners"),
    ("elasticloadbalancing:DescribeListenerCertificates", "listeners"),
    ("elasticloadbalancing:DescribeListeners", "listeners"),
    ("elasticloadbalancing:DescribeLoadBalancerAttributes", "load balancers"),
    ("elasticloadbalancing:DescribeLoadBalancers", "load balancers"),
    ("elasticloadbalancing:DescribeRules", "rules"),
    ("elasticloadbalancing:DescribeSSLPolicies", "whether a listener's TLS policy can be had again in the morning"),
    ("elasticloadbalancing:DescribeTags", "whose load balancers, listeners and rules are"),
    (
        "elasticloadbalancing:DescribeTargetGroups",
        "whether a target group is in use, and which are behind a load balancer",
    ),
    ("elasticloadbalancing:DescribeTargetHealth", "whether targets are healthy, or drain, and whose they are"),
    ("elasticloadbalancing:GetLoadBalancerWebACL", "asked for with `GetWebACLForResource`"),
    ("elasticloadbalancing:SetWebAcl", "asked for with `AssociateWebACL`"),
    ("globalaccelerator:ListAccelerators", "whether an accelerator leads to the load balancer"),
    ("globalaccelerator:ListEndpointGroups", "whether an accelerator leads to the load balancer"),
    ("globalaccelerator:ListListeners", "whether an accelerator leads to the load balancer"),
    ("iam:PassRole", "asked for with `CreateService`: the roles of its tasks"),
    ("kms:CreateGrant", "asked for with `StartInstances` of an instance whose volumes have a key of yours"),
    ("logs:CreateLogStream", "Lambda writes the function's log"),
    ("logs:PutLogEvents", "Lambda writes the function's log"),
    ("rds:DescribeDBClusters", "databases"),
    ("rds:DescribeDBInstances", "databases"),
    ("route53:AssociateVPCWithHostedZone", "asked for with `CreateVpcEndpoint` that takes its service's names"),
    ("route53:GetChange", "whether a change of names has reached all servers"),
    ("route53:ListResourceRecordSets", "records"),
    ("s3:GetObject", "state and recording; the budget's memory"),
    ("s3:ListBucket", "asked for with `GetObject` of what is missing"),
    ("s3:PutObject", "state and recording; the budget's memory"),
    ("sns:Publish", "people are told"),
    ("sqs:SendMessage", "Lambda keeps the event of an invocation that failed"),
    ("ssm:GetParameter", "blueprint and calendar"),
    ("tag:GetResources", "overrides"),
    ("wafv2:GetWebACL", "asked for with `GetWebACLForResource`"),
    ("wafv2:GetWebACLForResource", "whether the load balancer has a firewall"),
    ("xray:PutTelemetryRecords", "Lambda sends traces, where `Tracing` is `Active`"),
    ("xray:PutTraceSegments", "Lambda sends traces, where `Tracing` is `Active`"),
];

const NETWORK: &str =
    "Elastic Load Balancing asks for it on the caller's behalf (Elastic Load Balancing API permissions)";

/// What no call over the wire can show of one statement, by its name, though others show the action.
pub const UNSEEN_HERE: &[(&str, &str, &str)] = &[
    ("LetThemSeeTheNetwork", "ec2:DescribeSecurityGroups", NETWORK),
    ("LetThemSeeTheNetwork", "ec2:DescribeSubnets", NETWORK),
];

/// What no call over the wire can show, and why it is allowed all the same.
pub const UNSEEN: &[(&str, &str)] = &[
    ("ec2:DescribeAccountAttributes", NETWORK),
    ("ec2:DescribeInternetGateways", NETWORK),
    ("ec2:DescribeVpcs", NETWORK),
    ("logs:CreateLogStream", "Lambda itself writes logs with the function's role (Lambda guide, execution role)"),
    ("logs:PutLogEvents", "Lambda itself writes logs with the function's role (Lambda guide, execution role)"),
    ("sqs:SendMessage", "Lambda itself sends failed invocations with the function's role (Lambda guide, destinations)"),
    ("kms:CreateGrant", "EC2 asks for it on the caller's behalf (EBS user guide, how it works with KMS)"),
    (
        "cognito-idp:DescribeUserPoolClient",
        "Elastic Load Balancing asks for it on the caller's behalf (Application Load Balancer guide, authenticating users)",
    ),
];

/// The API call of each variant of `Action`, as its source says.
pub fn api_calls() -> Vec<&'static str> {
    let body = ACTION.split("pub fn api_call").nth(1).unwrap().split("\n    }\n").next().unwrap();
    let calls: Vec<&str> = body.lines().filter_map(|line| line.split("=> \"").nth(1)?.split('"').next()).collect();
    let variants = ACTION.split("pub enum Action {").nth(1).unwrap().split("\n}\n").next().unwrap();
    let count = variants
        .lines()
        .filter(|line| line.starts_with("    ") && line.ends_with('{') && !line.starts_with("     "))
        .count();
    assert_eq!(calls.len(), count, "each variant is one call");
    calls
}

/// Every permission's reason.
pub fn all() -> BTreeMap<&'static str, String> {
    let name = |call: &'static str| call.split_once(':').unwrap().1;
    let actions = api_calls().into_iter().map(|call| (call, format!("action `{}`", name(call))));
    actions.chain(OTHERS.iter().map(|(action, because)| (*action, (*because).to_owned()))).collect()
}
