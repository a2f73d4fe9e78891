//! How many API calls a look takes: what the adapters send, with AWS's own limits for one call (facts §2, §3, §7).
//!
//! The conformance suite holds these numbers against what really went over the wire.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use curfew_core::model::*;
use curfew_core::placing::other_users::{load_balancers_that_go, nat_gateways_that_go, untold};
use curfew_core::placing::{open_needs, own_nat_gateway, own_vpc_endpoint, unseen_addresses};
use curfew_core::ports::Scope;

use crate::account::{Account, Lodger, ServiceStatus};
use crate::look::{found_addresses, found_nat_gateways, found_vpc_endpoints};

/// Calls of one kind.
type Calls = (&'static str, u64);

fn batches(count: usize, size: usize) -> u64 {
    count.div_ceil(size) as u64
}

/// The calls of an action: itself, and what the adapters ask before it. The cluster's ARN is not in the blueprint.
pub(crate) fn of_action(action: &Action) -> impl Iterator<Item = &'static str> {
    let before = match action {
        Action::TagCluster { .. } | Action::UntagCluster { .. } => Some("ecs:DescribeClusters"),
        Action::AllocateAddress { .. }
        | Action::ReleaseAddress { .. }
        | Action::CreateNatGateway { .. }
        | Action::DeleteNatGateway { .. }
        | Action::CreateRoute { .. }
        | Action::ReplaceRoute { .. }
        | Action::CreateLoadBalancer { .. }
        | Action::ModifyLoadBalancerAttributes { .. }
        | Action::DeleteLoadBalancer { .. }
        | Action::CreateListener { .. }
        | Action::ModifyListenerAttributes { .. }
        | Action::AddListenerCertificates { .. }
        | Action::AssociateWebAcl { .. }
        | Action::CreateRule { .. }
        | Action::ChangeResourceRecordSets { .. }
        | Action::UpdateService { .. }
        | Action::CreateService { .. }
        | Action::DeleteService { .. }
        | Action::StartDbInstance { .. }
        | Action::StopDbInstance { .. }
        | Action::StartDbCluster { .. }
        | Action::StopDbCluster { .. }
        | Action::StartInstances { .. }
        | Action::StopInstances { .. }
        | Action::UpdateAutoScalingGroup { .. }
        | Action::RegisterScalableTarget { .. }
        | Action::PutScalingPolicy { .. }
        | Action::CreateVpcEndpoint { .. }
        | Action::DeleteVpcEndpoints { .. }
        | Action::PutMetricAlarm { .. } => None,
    };
    before.into_iter().chain([action.api_call()])
}

/// How many DNS changes a look asks for: those that were under way at the look before. What is in sync is forgotten.
pub(crate) fn of_changes(changed: &mut BTreeMap<RecordKey, DateTime<Utc>>, now: DateTime<Utc>) -> Calls {
    let batches: BTreeSet<(&HostedZoneId, &DateTime<Utc>)> = changed.iter().map(|(key, at)| (&key.zone, at)).collect();
    let asked = batches.len() as u64;
    changed.retain(|_, in_sync_at| *in_sync_at > now);
    ("route53:GetChange", asked)
}

/// The calls of a look at one part.
pub(crate) fn of_look(account: &Account, scope: Scope<'_>, part: &Part, known: &Observation) -> Vec<Calls> {
    match part {
        Part::Addresses => {
            let adopted = scope.tier.addresses.values().any(|address| address.adopted.is_some());
            let unseen = !unseen_addresses(scope, &found_addresses(account, scope)).is_empty();
            vec![("ec2:DescribeAddresses", 1 + u64::from(adopted) + u64::from(unseen))]
        }
        Part::NatGateways => nat_gateways(account, scope),
        Part::Routes => vec![("ec2:DescribeRouteTables", u64::from(!scope.tier.routes.is_empty()))],
        Part::LoadBalancers => load_balancers(account, scope),
        Part::LoadBalancerConfiguration(name) => {
            let mut calls = vec![("elasticloadbalancing:DescribeLoadBalancers", 1)];
            calls.extend(configuration(account, name));
            let before = known.load_balancers.get(name).and_then(Seen::present);
            let before = before.and_then(|found| found.configuration.web_acl.as_ref());
            let meant = scope.tier.load_balancers.get(name).and_then(|wanted| wanted.web_acl.as_ref());
            calls.push(("wafv2:GetWebACLForResource", u64::from(meant != before)));
            calls
        }
        Part::LoadBalancerStates => {
            let pending = known.load_balancers.values().filter(|seen| matches!(seen, Seen::Pending(_))).count();
            vec![("elasticloadbalancing:DescribeLoadBalancers", batches(pending, 20))]
        }
        Part::TargetHealth => targets(account, scope, known),
        Part::TargetsOf(group) => targets_of(account, std::slice::from_ref(group), known),
        Part::Records => {
            let mut names: Vec<(&HostedZoneId, &str)> =
                scope.tier.dns_records.keys().map(|key| (&key.zone, key.name.as_str())).collect();
            names.dedup();
            vec![("route53:ListResourceRecordSets", names.len() as u64)]
        }
        Part::Services => services(account, scope, known),
        Part::Databases => databases(scope),
        Part::StandaloneTasks => standalone_tasks(account),
        Part::OtherUsers => other_users(account, scope, known),
        Part::Needs => needs(scope, known),
        Part::VpcEndpoints => vpc_endpoints(account, scope),
        Part::Instances => instances(account, scope),
        Part::AutoScalingGroups => auto_scaling_groups(account, scope),
        Part::Alarms => alarms(account, scope, known),
    }
}

/// All of them once, in pages of 100; from then on those that were found.
fn alarms(account: &Account, scope: Scope<'_>, known: &Observation) -> Vec<Calls> {
    let of_balancers = known.alarms.values().filter_map(Seen::ready).flat_map(BTreeMap::keys);
    let of_gateways = known.gateway_alarms.values().filter_map(Seen::ready).flat_map(|found| found.alarms.keys());
    let found = of_balancers.chain(of_gateways).collect::<BTreeSet<_>>().len();
    let RuntimeTier { load_balancers, nat_gateways, .. } = scope.tier;
    let nothing_known = known.alarms.is_empty() && known.gateway_alarms.is_empty();
    let asked = match (load_balancers.is_empty() && nat_gateways.is_empty(), nothing_known) {
        (true, _) => 0,
        (false, true) => batches(account.alarms.len(), 100).max(1),
        (false, false) => batches(found, 100),
    };
    vec![("cloudwatch:DescribeAlarms", asked)]
}

fn nat_gateways(account: &Account, scope: Scope<'_>) -> Vec<Calls> {
    let adopted = scope.tier.nat_gateways.values().any(|gateway| gateway.adopted.is_some());
    let found = found_nat_gateways(account, scope);
    let vacant = |(name, wanted): (&LogicalName, &NatGateway)| own_nat_gateway(scope, name, wanted, &found).is_none();
    let vacant = scope.tier.nat_gateways.iter().any(vacant);
    vec![("ec2:DescribeNatGateways", 1 + u64::from(adopted) + u64::from(vacant))]
}

/// None where the blueprint names none.
fn vpc_endpoints(account: &Account, scope: Scope<'_>) -> Vec<Calls> {
    let wanted = &scope.tier.vpc_endpoints;
    let adopted = wanted.values().any(|endpoint| endpoint.adopted.is_some());
    let found = found_vpc_endpoints(account, scope);
    let is_vacant = |(name, endpoint): (&LogicalName, &VpcEndpoint)| {
        endpoint.private_dns.takes_names() && own_vpc_endpoint(scope, name, endpoint, &found).is_none()
    };
    let asked = u64::from(!wanted.is_empty()) + u64::from(adopted) + u64::from(wanted.iter().any(is_vacant));
    vec![("ec2:DescribeVpcEndpoints", asked)]
}

fn load_balancers(account: &Account, scope: Scope<'_>) -> Vec<Calls> {
    let all = account.load_balancers.len();
    let mut calls = vec![
        ("elasticloadbalancing:DescribeLoadBalancers", batches(all, 400).max(1)),
        ("elasticloadbalancing:DescribeTags", batches(all, 20)),
    ];
    let ours: Vec<&LoadBalancerName> = account
        .load_balancers
        .values()
        .map(|one| &one.name)
        .filter(|name| scope.tier.load_balancers.contains_key(*name))
        .collect();
    for name in &ours {
        calls.extend(configuration(account, name));
    }
    let attached = ours.len() as u64;
    calls.push(("wafv2:GetWebACLForResource", attached));
    calls.push(("globalaccelerator:ListAccelerators", attached.min(1)));
    calls.push(("cloudfront:ListVpcOrigins", attached.min(1)));
    calls
}

/// Rules come in pages of 100, tags by 20.
fn configuration(account: &Account, name: &LoadBalancerName) -> Vec<Calls> {
    let Some(one) = account.load_balancers.values().find(|one| one.name == *name) else { return Vec::new() };
    let listeners = &one.configuration.listeners;
    let secure = listeners.values().filter(|listener| listener.protocol == Protocol::Https).count();
    // The default rule is one more, and has an ARN that is not asked for its tags.
    let rules: u64 = listeners.values().map(|listener| batches(listener.rules.len() + 1, 100)).sum();
    let tagged = listeners.values().map(|listener| listener.rules.len() + 1).sum();
    vec![
        ("elasticloadbalancing:DescribeLoadBalancerAttributes", 1),
        ("elasticloadbalancing:DescribeCapacityReservation", u64::from(one.is_active)),
        ("elasticloadbalancing:DescribeListeners", 1),
        ("elasticloadbalancing:DescribeRules", rules),
        ("elasticloadbalancing:DescribeListenerCertificates", secure as u64),
        ("elasticloadbalancing:DescribeListenerAttributes", listeners.len() as u64),
        ("elasticloadbalancing:DescribeTags", batches(tagged, 20)),
    ]
}

/// Health is asked for group by group: AWS takes one in a call.
fn targets(account: &Account, scope: Scope<'_>, known: &Observation) -> Vec<Calls> {
    let mut wanted = scope.tier.target_groups();
    for service in known.services.values().filter_map(Seen::present) {
        wanted.extend(service.target_groups.iter().cloned());
    }
    targets_of(account, &wanted.into_iter().collect::<Vec<_>>(), known)
}

fn targets_of(account: &Account, wanted: &[TargetGroupArn], known: &Observation) -> Vec<Calls> {
    let before = |arn: &TargetGroupArn| known.targets.get(arn).and_then(Seen::ready);
    let was_attached = |arn: &TargetGroupArn| before(arn).is_some_and(|targets| targets.attached);
    let described = wanted.chunks(20).filter(|batch| !batch.iter().all(was_attached)).count();
    let asked = wanted.iter().filter(|arn| {
        let had_targets = before(arn).is_some_and(|one| one.healthy + one.waiting + one.draining > 0);
        had_targets || was_attached(arn) || account.load_balancer_of(arn).is_some()
    });
    vec![
        ("elasticloadbalancing:DescribeTargetGroups", described as u64),
        ("elasticloadbalancing:DescribeTargetHealth", asked.count() as u64),
    ]
}

/// All that the blueprint names in one call for each kind.
fn databases(scope: Scope<'_>) -> Vec<Calls> {
    let any = |kind| u64::from(scope.tier.databases.values().any(|database| database.kind == kind));
    vec![
        ("rds:DescribeDBInstances", any(DatabaseKind::Instance)),
        ("rds:DescribeDBClusters", any(DatabaseKind::Cluster)),
    ]
}

/// All tasks of the cluster that are meant to run: which of them belong to no service, their description tells.
fn standalone_tasks(account: &Account) -> Vec<Calls> {
    let of_services = account.tasks.values().filter(|task| !task.is_leaving()).count();
    let running = of_services + account.standalone_tasks.len();
    vec![("ecs:ListTasks", batches(running, 100).max(1)), ("ecs:DescribeTasks", batches(running, 100))]
}

/// What stands around what goes: the routes to NAT gateways, the interfaces in their VPC, the groups behind each load
/// balancer with their targets, the cluster's other services, and all its tasks, also those that were told to stop.
fn other_users(account: &Account, scope: Scope<'_>, known: &Observation) -> Vec<Calls> {
    if !scope.tier.may_have_other_users() || untold(known).is_some() {
        return Vec::new();
    }
    let any_gateway = u64::from(!nat_gateways_that_go(known).is_empty());
    let load_balancers = load_balancers_that_go(known);
    let groups = load_balancers.values().filter_map(|arn| account.load_balancers.get(arn));
    let groups: usize = groups.map(|one| one.configuration.target_groups().len()).sum();
    let lodgers = |of: fn(&Lodger) -> bool| account.lodgers.values().filter(|one| of(one)).count();
    let tasks = account.tasks.len() + account.standalone_tasks.len();
    let stopped: usize = account.services.keys().map(|name| account.stopped_tasks_of(name)).sum();
    vec![
        ("ec2:DescribeRouteTables", any_gateway),
        ("ec2:DescribeNetworkInterfaces", any_gateway),
        ("ec2:DescribeInstances", lodgers(|one| matches!(one, Lodger::Instance { .. })).min(1) as u64),
        ("elasticloadbalancing:DescribeTargetGroups", load_balancers.len() as u64),
        ("elasticloadbalancing:DescribeTargetHealth", groups as u64),
        ("ecs:ListServices", 1),
        ("ecs:DescribeServices", batches(lodgers(|one| matches!(one, Lodger::Service { .. })), 10)),
        ("ecs:ListTasks", 2),
        ("ecs:DescribeTasks", batches(tasks + stopped, 100)),
    ]
}

/// Each kind in as few calls as AWS takes; certificates one by one, and TLS policies all at once.
fn needs(scope: Scope<'_>, known: &Observation) -> Vec<Calls> {
    let needs = open_needs(scope.tier, known);
    let count = |of: fn(&Needed) -> bool| needs.keys().filter(|one| of(one)).count();
    let certificates = count(|one| matches!(one, Needed::Certificate(_)));
    let policies = count(|one| matches!(one, Needed::TlsPolicy(_)));
    let groups = count(|one| matches!(one, Needed::TargetGroup(_)));
    let subnets = count(|one| matches!(one, Needed::Subnet(_)));
    let security_groups = count(|one| matches!(one, Needed::SecurityGroup(_)));
    vec![
        ("acm:DescribeCertificate", certificates as u64),
        ("elasticloadbalancing:DescribeSSLPolicies", policies.min(1) as u64),
        ("elasticloadbalancing:DescribeTargetGroups", batches(groups, 20)),
        ("ec2:DescribeSubnets", batches(subnets, 200)),
        ("ec2:DescribeSecurityGroups", batches(security_groups, 200)),
    ]
}

/// Instances in one call, and of those that are there their types in one, and each one's protection; where one does not run,
/// whether routes lead through it.
fn instances(account: &Account, scope: Scope<'_>) -> Vec<Calls> {
    let wanted = scope.tier.instances.values();
    let found = wanted.clone().filter(|wanted| account.instances.contains_key(&wanted.id)).count() as u64;
    let standing = wanted.clone().filter_map(|wanted| account.instances.get(&wanted.id));
    let rests = standing.into_iter().any(|one| one.state != InstanceState::Running);
    vec![
        ("ec2:DescribeInstances", (wanted.count() as u64).min(1)),
        ("ec2:DescribeInstanceTypes", found.min(1)),
        ("ec2:DescribeInstanceAttribute", found),
        ("ec2:DescribeRouteTables", u64::from(rests)),
    ]
}

/// Groups in one call, and the schedule of each that is there.
fn auto_scaling_groups(account: &Account, scope: Scope<'_>) -> Vec<Calls> {
    let wanted = scope.tier.auto_scaling_groups.values();
    let found = wanted.clone().filter(|wanted| account.auto_scaling_groups.contains_key(&wanted.name)).count() as u64;
    vec![
        ("autoscaling:DescribeAutoScalingGroups", (wanted.count() as u64).min(1)),
        ("autoscaling:DescribeScheduledActions", found),
    ]
}

/// Services by ten; the cluster's stopping tasks where none of a service's may be left; their auto scaling.
fn services(account: &Account, scope: Scope<'_>, known: &Observation) -> Vec<Calls> {
    let wanted = &scope.tier.services;
    let matter = wanted.iter().any(|(name, service)| {
        account.services.get(name).is_some_and(|found| {
            let of_service = service.singleton || service.while_down == ServiceWhileDown::Delete;
            found.desired_count == 0 || of_service
        })
    });
    let leaving = account.tasks.values().filter(|task| task.is_leaving()).count();
    let stopped: usize = account.services.keys().map(|name| account.stopped_tasks_of(name)).sum();
    let listed = if matter { leaving + stopped } else { 0 };
    let mut calls = vec![
        ("ecs:DescribeServices", batches(wanted.len(), 10)),
        ("ecs:ListTasks", if matter { batches(listed, 100).max(1) } else { 0 }),
        ("ecs:DescribeTasks", batches(listed, 100)),
    ];
    calls.extend(scaling(account, scope, known));
    calls
}

/// Scalable targets of standing services by fifty; what hangs on each once, policies again if one names a load balancer.
fn scaling(account: &Account, scope: Scope<'_>, known: &Observation) -> [Calls; 3] {
    let stands = |name: &&ServiceName| {
        account.services.get(*name).is_some_and(|service| service.status == ServiceStatus::Active)
    };
    let standing: Vec<&ServiceName> = scope.tier.services.keys().filter(stands).collect();
    let (mut policies, mut scheduled_actions) = (0, 0);
    for (name, target) in &account.scalable_targets {
        if !standing.contains(&name) {
            continue;
        }
        let before = known.services.get(name).and_then(Seen::standing);
        let before = before.filter(|before| before.configuration.scaling.is_some());
        scheduled_actions += u64::from(before.is_none());
        let again = before.is_none_or(|before| !before.load_balancer_policies.is_empty());
        policies += if again { batches(target.policies.len(), 10).max(1) } else { 0 };
    }
    [
        ("application-autoscaling:DescribeScalableTargets", batches(standing.len(), 50)),
        ("application-autoscaling:DescribeScalingPolicies", policies),
        ("application-autoscaling:DescribeScheduledActions", scheduled_actions),
    ]
}
