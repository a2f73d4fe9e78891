//! Every change that Curfew can make to an account. One variant is one API call.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::alarm::{AlarmOn, MetricAlarm};
use super::auto_scaling_group::GroupCapacity;
use super::database::{DatabaseId, DatabaseKind};
use super::ids::*;
use super::listener::{Listener, Rule};
use super::observation::Part;
use super::orphan::Releasable;
use super::ownership::Owned;
use super::protection::DELETION_PROTECTION;
use super::scaling::{RequestCount, Suspension};
use super::service::ServiceDefinition;
use super::tags::Tags;
use super::tier::{LoadBalancer, RecordKey, RouteKey, SleepingPage};
use super::vpc_endpoint::VpcEndpoint;

/// One mutating API call with all its arguments: nothing is left to choose when it is performed.
///
/// Every action can be repeated: the adapters turn "already there" and "already gone" into success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all_fields = "camelCase")]
pub enum Action {
    /// Gets an elastic IP. Has no token: whoever repeats it looks for the tag first (facts §1).
    AllocateAddress {
        /// Its name.
        name: LogicalName,
        /// Its tags.
        tags: Tags,
    },
    /// Gives an elastic IP back.
    ReleaseAddress {
        /// Its name.
        name: LogicalName,
        /// Which.
        allocation: Releasable,
    },
    /// Makes a public, zonal NAT gateway.
    CreateNatGateway {
        /// Its name.
        name: LogicalName,
        /// Where.
        subnet: SubnetId,
        /// The elastic IP it leaves by.
        allocation: AllocationId,
        /// Its tags.
        tags: Tags,
        /// How many of this name have failed in the last hour: makes the token another one (facts §1, "reuse trap").
        attempt: usize,
    },
    /// Deletes a NAT gateway.
    DeleteNatGateway {
        /// Its name.
        name: LogicalName,
        /// Which.
        nat_gateway: Owned<NatGatewayId>,
    },
    /// Adds a default route.
    CreateRoute {
        /// Where.
        route: RouteKey,
        /// To what.
        nat_gateway: NatGatewayId,
    },
    /// Leads an existing default route to another NAT gateway.
    ReplaceRoute {
        /// Where.
        route: RouteKey,
        /// To what.
        nat_gateway: NatGatewayId,
    },
    /// Makes a load balancer without listeners.
    CreateLoadBalancer {
        /// Its name.
        name: LoadBalancerName,
        /// What it is like; its listeners and attributes are actions of their own.
        load_balancer: Box<LoadBalancer>,
        /// Its tags.
        tags: Tags,
    },
    /// Sets attributes of a load balancer.
    ModifyLoadBalancerAttributes {
        /// Its name.
        name: LoadBalancerName,
        /// Which.
        load_balancer: Owned<LoadBalancerArn>,
        /// Those that differ.
        attributes: BTreeMap<String, String>,
    },
    /// Sets the web ACL that guards a load balancer, in the place of any other.
    AssociateWebAcl {
        /// The load balancer's name.
        name: LoadBalancerName,
        /// The load balancer.
        load_balancer: Owned<LoadBalancerArn>,
        /// The web ACL.
        web_acl: WebAclArn,
    },
    /// Deletes a load balancer with its listeners and rules.
    DeleteLoadBalancer {
        /// Its name.
        name: LoadBalancerName,
        /// Which.
        load_balancer: Owned<LoadBalancerArn>,
    },
    /// Adds a listener without rules.
    CreateListener {
        /// The load balancer's name.
        name: LoadBalancerName,
        /// The load balancer.
        load_balancer: Owned<LoadBalancerArn>,
        /// The port.
        port: u16,
        /// What it is like; its rules, attributes and additional certificates are actions of their own.
        listener: Box<Listener>,
        /// Its tags.
        tags: Tags,
    },
    /// Sets attributes of a listener.
    ModifyListenerAttributes {
        /// The load balancer's name.
        name: LoadBalancerName,
        /// The port.
        port: u16,
        /// Which.
        listener: ListenerArn,
        /// Those that differ.
        attributes: BTreeMap<String, String>,
    },
    /// Adds certificates for other names to a listener.
    AddListenerCertificates {
        /// The load balancer's name.
        name: LoadBalancerName,
        /// The port.
        port: u16,
        /// Which.
        listener: ListenerArn,
        /// Those that are missing.
        certificates: BTreeSet<CertificateArn>,
    },
    /// Adds a rule to a listener. Not idempotent: a priority in use is looked at again (facts §2).
    CreateRule {
        /// The load balancer's name.
        name: LoadBalancerName,
        /// The port.
        port: u16,
        /// The listener.
        listener: ListenerArn,
        /// The priority.
        priority: u16,
        /// What it is like.
        rule: Box<Rule>,
        /// Its tags.
        tags: Tags,
    },
    /// Points DNS records of one zone somewhere else, all or none.
    ChangeResourceRecordSets {
        /// The zone.
        zone: HostedZoneId,
        /// What becomes of which record.
        changes: Vec<RecordChange>,
    },
    /// Sets how many tasks a service has.
    UpdateService {
        /// Its name.
        name: ServiceName,
        /// Which.
        service: Owned<ServiceArn>,
        /// How many.
        desired_count: u32,
    },
    /// Makes a service again that was deleted at night.
    CreateService {
        /// Its name.
        name: ServiceName,
        /// The family whose newest revision runs.
        task_definition: TaskFamily,
        /// All else it is made from.
        definition: Box<ServiceDefinition>,
        /// How many tasks.
        desired_count: u32,
        /// Its tags.
        tags: Tags,
    },
    /// Deletes a service that has no tasks.
    DeleteService {
        /// Its name.
        name: ServiceName,
        /// Which.
        service: Owned<ServiceArn>,
    },
    /// Starts a DB instance that is stopped.
    StartDbInstance {
        /// Its name.
        name: LogicalName,
        /// Which.
        instance: Owned<DatabaseId>,
    },
    /// Stops a DB instance that is available.
    StopDbInstance {
        /// Its name.
        name: LogicalName,
        /// Which.
        instance: Owned<DatabaseId>,
    },
    /// Starts an Aurora cluster that is stopped.
    StartDbCluster {
        /// Its name.
        name: LogicalName,
        /// Which.
        cluster: Owned<DatabaseId>,
    },
    /// Stops an Aurora cluster that is available.
    StopDbCluster {
        /// Its name.
        name: LogicalName,
        /// Which.
        cluster: Owned<DatabaseId>,
    },
    /// Starts an EC2 instance that is stopped.
    StartInstances {
        /// Its name.
        name: LogicalName,
        /// Which.
        instance: Owned<InstanceId>,
    },
    /// Stops an EC2 instance that runs.
    StopInstances {
        /// Its name.
        name: LogicalName,
        /// Which.
        instance: Owned<InstanceId>,
    },
    /// Sets how many instances an Auto Scaling group has.
    UpdateAutoScalingGroup {
        /// Its name.
        name: LogicalName,
        /// Which.
        group: Owned<AutoScalingGroupName>,
        /// How many.
        capacity: GroupCapacity,
    },
    /// Sets what of a service's auto scaling is suspended; everything else of its scalable target stays as it is.
    RegisterScalableTarget {
        /// The service's name.
        name: ServiceName,
        /// The service.
        service: Owned<ServiceArn>,
        /// All that is suspended from now on.
        suspended: BTreeSet<Suspension>,
    },
    /// Puts a scaling policy again that counts a load balancer's requests, with a new label and all else as it was.
    PutScalingPolicy {
        /// The service's name.
        name: ServiceName,
        /// The service.
        service: Owned<ServiceArn>,
        /// The policy's name.
        policy: String,
        /// All of it.
        configuration: RequestCount,
    },
    /// Makes an interface VPC endpoint.
    CreateVpcEndpoint {
        /// Its name.
        name: LogicalName,
        /// What it is like.
        vpc_endpoint: Box<VpcEndpoint>,
        /// Its tags.
        tags: Tags,
    },
    /// Deletes a VPC endpoint.
    DeleteVpcEndpoints {
        /// Its name.
        name: LogicalName,
        /// Which.
        vpc_endpoint: Owned<VpcEndpointId>,
    },
    /// Sets an override: tags on the ECS cluster that the blueprint names.
    TagCluster {
        /// The override and, if it is a hold, its mark.
        tags: Tags,
    },
    /// Takes an override away.
    UntagCluster {
        /// The keys.
        keys: BTreeSet<String>,
    },
    /// Puts an alarm again that watches a load balancer or a NAT gateway, with the new one in the place of the old and all
    /// else as it was.
    PutMetricAlarm {
        /// What it is to watch; the first, if several are others.
        on: AlarmOn,
        /// All of it.
        alarm: Box<MetricAlarm>,
    },
}

/// What an action makes that is remembered by id, with the tags that it will have.
#[derive(Debug)]
pub enum Created<'a> {
    /// An elastic IP.
    Address(&'a LogicalName, &'a mut Tags),
    /// A NAT gateway.
    NatGateway(&'a LogicalName, &'a mut Tags),
    /// A load balancer.
    LoadBalancer(&'a LoadBalancerName, &'a mut Tags),
    /// A VPC endpoint.
    VpcEndpoint(&'a LogicalName, &'a mut Tags),
}

/// What becomes of one DNS record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordChange {
    /// Which record.
    pub key: RecordKey,
    /// Where it points from now on.
    pub to: RecordDestination,
}

/// Where a changed record points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RecordDestination {
    /// To a load balancer.
    LoadBalancer {
        /// The alias's target, `dualstack.` before it or not.
        dns_name: String,
        /// The zone of that name.
        hosted_zone: HostedZoneId,
        /// Whether Route 53 asks for its health.
        evaluate_target_health: bool,
    },
    /// To the sleeping page.
    SleepingPage(SleepingPage),
    /// To an address where nobody is, for 60 s at a time.
    Parked,
}

/// Whether an action takes away what cannot be had back by asking for the opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Makes or changes something.
    Constructive,
    /// Deletes something: only with a recording and a fresh proof.
    Destructive,
}

impl Action {
    /// Starts a database.
    pub fn start_database(name: LogicalName, database: Owned<DatabaseId>) -> Self {
        match database.id().kind {
            DatabaseKind::Instance => Self::StartDbInstance { name, instance: database },
            DatabaseKind::Cluster => Self::StartDbCluster { name, cluster: database },
        }
    }

    /// Stops a database.
    pub fn stop_database(name: LogicalName, database: Owned<DatabaseId>) -> Self {
        match database.id().kind {
            DatabaseKind::Instance => Self::StopDbInstance { name, instance: database },
            DatabaseKind::Cluster => Self::StopDbCluster { name, cluster: database },
        }
    }

    /// The API call, as IAM, logs and plans name it.
    pub fn api_call(&self) -> &'static str {
        match self {
            Self::AllocateAddress { .. } => "ec2:AllocateAddress",
            Self::ReleaseAddress { .. } => "ec2:ReleaseAddress",
            Self::CreateNatGateway { .. } => "ec2:CreateNatGateway",
            Self::DeleteNatGateway { .. } => "ec2:DeleteNatGateway",
            Self::CreateRoute { .. } => "ec2:CreateRoute",
            Self::ReplaceRoute { .. } => "ec2:ReplaceRoute",
            Self::CreateLoadBalancer { .. } => "elasticloadbalancing:CreateLoadBalancer",
            Self::ModifyLoadBalancerAttributes { .. } => "elasticloadbalancing:ModifyLoadBalancerAttributes",
            Self::AssociateWebAcl { .. } => "wafv2:AssociateWebACL",
            Self::DeleteLoadBalancer { .. } => "elasticloadbalancing:DeleteLoadBalancer",
            Self::CreateListener { .. } => "elasticloadbalancing:CreateListener",
            Self::ModifyListenerAttributes { .. } => "elasticloadbalancing:ModifyListenerAttributes",
            Self::AddListenerCertificates { .. } => "elasticloadbalancing:AddListenerCertificates",
            Self::CreateRule { .. } => "elasticloadbalancing:CreateRule",
            Self::ChangeResourceRecordSets { .. } => "route53:ChangeResourceRecordSets",
            Self::UpdateService { .. } => "ecs:UpdateService",
            Self::CreateService { .. } => "ecs:CreateService",
            Self::DeleteService { .. } => "ecs:DeleteService",
            Self::StartDbInstance { .. } => "rds:StartDBInstance",
            Self::StopDbInstance { .. } => "rds:StopDBInstance",
            Self::StartDbCluster { .. } => "rds:StartDBCluster",
            Self::StopDbCluster { .. } => "rds:StopDBCluster",
            Self::StartInstances { .. } => "ec2:StartInstances",
            Self::StopInstances { .. } => "ec2:StopInstances",
            Self::UpdateAutoScalingGroup { .. } => "autoscaling:UpdateAutoScalingGroup",
            Self::RegisterScalableTarget { .. } => "application-autoscaling:RegisterScalableTarget",
            Self::PutScalingPolicy { .. } => "application-autoscaling:PutScalingPolicy",
            Self::CreateVpcEndpoint { .. } => "ec2:CreateVpcEndpoint",
            Self::DeleteVpcEndpoints { .. } => "ec2:DeleteVpcEndpoints",
            Self::TagCluster { .. } => "ecs:TagResource",
            Self::UntagCluster { .. } => "ecs:UntagResource",
            Self::PutMetricAlarm { .. } => "cloudwatch:PutMetricAlarm",
        }
    }

    /// The action's own name, `CreateNatGateway`.
    pub fn name(&self) -> &'static str {
        self.api_call().split_once(':').map_or("", |(_, name)| name)
    }

    /// What it is done to, in words.
    pub fn subject(&self) -> String {
        match self {
            Self::AllocateAddress { name, .. } | Self::ReleaseAddress { name, .. } => format!("address {name}"),
            Self::CreateNatGateway { name, .. } | Self::DeleteNatGateway { name, .. } => format!("NAT gateway {name}"),
            Self::CreateRoute { route, .. } | Self::ReplaceRoute { route, .. } => {
                format!("route {} in {}", route.destination, route.route_table)
            }
            Self::CreateLoadBalancer { name, .. }
            | Self::ModifyLoadBalancerAttributes { name, .. }
            | Self::AssociateWebAcl { name, .. }
            | Self::DeleteLoadBalancer { name, .. } => format!("load balancer {name}"),
            Self::CreateListener { name, port, .. }
            | Self::ModifyListenerAttributes { name, port, .. }
            | Self::AddListenerCertificates { name, port, .. } => format!("listener {port} of {name}"),
            Self::CreateRule { name, port, priority, .. } => format!("rule {priority} of listener {port} of {name}"),
            Self::ChangeResourceRecordSets { changes, .. } => {
                let names: Vec<String> =
                    changes.iter().map(|c| format!("{} {}", c.key.name, c.key.kind.as_str())).collect();
                format!("DNS {}", names.join(", "))
            }
            Self::UpdateService { name, .. } | Self::CreateService { name, .. } | Self::DeleteService { name, .. } => {
                format!("service {name}")
            }
            Self::StartDbInstance { name, .. }
            | Self::StopDbInstance { name, .. }
            | Self::StartDbCluster { name, .. }
            | Self::StopDbCluster { name, .. } => format!("database {name}"),
            Self::StartInstances { name, .. } | Self::StopInstances { name, .. } => format!("instance {name}"),
            Self::UpdateAutoScalingGroup { name, .. } => format!("Auto Scaling group {name}"),
            Self::RegisterScalableTarget { name, .. } => format!("auto scaling of service {name}"),
            Self::PutScalingPolicy { name, policy, .. } => format!("scaling policy {policy} of service {name}"),
            Self::CreateVpcEndpoint { name, .. } | Self::DeleteVpcEndpoints { name, .. } => {
                format!("VPC endpoint {name}")
            }
            Self::TagCluster { .. } | Self::UntagCluster { .. } => "override on the cluster".to_owned(),
            Self::PutMetricAlarm { alarm, .. } => format!("alarm {}", alarm.name),
        }
    }

    /// What is said of it, besides its name and its subject.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::ReleaseAddress { allocation, .. } => Some(allocation.to_string()),
            Self::CreateNatGateway { subnet, .. } => Some(format!("in {subnet}")),
            Self::DeleteNatGateway { nat_gateway, .. } => Some(nat_gateway.to_string()),
            Self::CreateRoute { nat_gateway, .. } | Self::ReplaceRoute { nat_gateway, .. } => {
                Some(format!("to {nat_gateway}"))
            }
            Self::ModifyLoadBalancerAttributes { attributes, .. }
            | Self::ModifyListenerAttributes { attributes, .. } => {
                Some(attributes.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(", "))
            }
            Self::AssociateWebAcl { web_acl, .. } => Some(web_acl.name().to_owned()),
            Self::AddListenerCertificates { certificates, .. } => Some(format!("{} more", certificates.len())),
            Self::ChangeResourceRecordSets { changes, .. } => changes.first().map(|change| match &change.to {
                RecordDestination::LoadBalancer { .. } => "to the load balancer".to_owned(),
                RecordDestination::SleepingPage(page) => format!("to the sleeping page {}", page.dns_name),
                RecordDestination::Parked => format!("parked at {}", change.key.kind.parked_address()),
            }),
            Self::UpdateService { desired_count, .. } | Self::CreateService { desired_count, .. } => {
                Some(format!("desired count {desired_count}"))
            }
            Self::StartDbInstance { instance: id, .. }
            | Self::StopDbInstance { instance: id, .. }
            | Self::StartDbCluster { cluster: id, .. }
            | Self::StopDbCluster { cluster: id, .. } => Some(id.id().identifier.to_string()),
            Self::StartInstances { instance, .. } | Self::StopInstances { instance, .. } => Some(instance.to_string()),
            Self::UpdateAutoScalingGroup { capacity, .. } => Some(capacity.to_string()),
            Self::RegisterScalableTarget { suspended, .. } => Some(suspended_in_words(suspended)),
            Self::PutScalingPolicy { configuration, .. } => {
                Some(format!("for load balancer {}", configuration.label.load_balancer))
            }
            Self::CreateVpcEndpoint { vpc_endpoint, .. } => Some(format!("for {}", vpc_endpoint.service)),
            Self::DeleteVpcEndpoints { vpc_endpoint, .. } => Some(vpc_endpoint.to_string()),
            Self::TagCluster { tags } => tags.get(super::tags::OVERRIDE_TAG).cloned(),
            Self::PutMetricAlarm { on, .. } => Some(format!("for {on}")),
            Self::AllocateAddress { .. }
            | Self::CreateLoadBalancer { .. }
            | Self::DeleteLoadBalancer { .. }
            | Self::CreateListener { .. }
            | Self::CreateRule { .. }
            | Self::DeleteService { .. }
            | Self::UntagCluster { .. } => None,
        }
    }

    /// What it makes that is remembered by id: its name, and the tags that it will have.
    pub fn created(&mut self) -> Option<Created<'_>> {
        match self {
            Self::AllocateAddress { name, tags, .. } => Some(Created::Address(name, tags)),
            Self::CreateNatGateway { name, tags, .. } => Some(Created::NatGateway(name, tags)),
            Self::CreateLoadBalancer { name, tags, .. } => Some(Created::LoadBalancer(name, tags)),
            Self::CreateVpcEndpoint { name, tags, .. } => Some(Created::VpcEndpoint(name, tags)),
            Self::ReleaseAddress { .. }
            | Self::DeleteNatGateway { .. }
            | Self::CreateRoute { .. }
            | Self::ReplaceRoute { .. }
            | Self::ModifyLoadBalancerAttributes { .. }
            | Self::AssociateWebAcl { .. }
            | Self::DeleteLoadBalancer { .. }
            | Self::CreateListener { .. }
            | Self::ModifyListenerAttributes { .. }
            | Self::AddListenerCertificates { .. }
            | Self::CreateRule { .. }
            | Self::ChangeResourceRecordSets { .. }
            | Self::UpdateService { .. }
            | Self::CreateService { .. }
            | Self::DeleteService { .. }
            | Self::StartDbInstance { .. }
            | Self::StopDbInstance { .. }
            | Self::StartDbCluster { .. }
            | Self::StopDbCluster { .. }
            | Self::StartInstances { .. }
            | Self::StopInstances { .. }
            | Self::UpdateAutoScalingGroup { .. }
            | Self::RegisterScalableTarget { .. }
            | Self::PutScalingPolicy { .. }
            | Self::DeleteVpcEndpoints { .. }
            | Self::TagCluster { .. }
            | Self::UntagCluster { .. }
            | Self::PutMetricAlarm { .. } => None,
        }
    }

    /// Whether it switches a load balancer's deletion protection off: done for nothing but its deletion.
    pub fn unprotects(&self) -> bool {
        let Self::ModifyLoadBalancerAttributes { attributes, .. } = self else { return false };
        attributes.get(DELETION_PROTECTION).is_some_and(|value| value != "true")
    }

    /// Whether it takes something away.
    pub fn effect(&self) -> Effect {
        match self {
            Self::ModifyLoadBalancerAttributes { .. } if self.unprotects() => Effect::Destructive,
            Self::ReleaseAddress { .. }
            | Self::DeleteNatGateway { .. }
            | Self::DeleteLoadBalancer { .. }
            | Self::DeleteService { .. }
            | Self::DeleteVpcEndpoints { .. } => Effect::Destructive,
            Self::AllocateAddress { .. }
            | Self::CreateNatGateway { .. }
            | Self::CreateRoute { .. }
            | Self::ReplaceRoute { .. }
            | Self::CreateLoadBalancer { .. }
            | Self::ModifyLoadBalancerAttributes { .. }
            | Self::AssociateWebAcl { .. }
            | Self::CreateListener { .. }
            | Self::ModifyListenerAttributes { .. }
            | Self::AddListenerCertificates { .. }
            | Self::CreateRule { .. }
            | Self::ChangeResourceRecordSets { .. }
            | Self::UpdateService { .. }
            | Self::CreateService { .. }
            | Self::StartDbInstance { .. }
            | Self::StopDbInstance { .. }
            | Self::StartDbCluster { .. }
            | Self::StopDbCluster { .. }
            | Self::StartInstances { .. }
            | Self::StopInstances { .. }
            | Self::UpdateAutoScalingGroup { .. }
            | Self::RegisterScalableTarget { .. }
            | Self::PutScalingPolicy { .. }
            | Self::CreateVpcEndpoint { .. }
            | Self::TagCluster { .. }
            | Self::UntagCluster { .. }
            | Self::PutMetricAlarm { .. } => Effect::Constructive,
        }
    }

    /// Whether it changes something that exists and may have changed hands since it was last looked at.
    pub fn rests_on_proof(&self) -> bool {
        self.effect() == Effect::Destructive
            || matches!(self, Self::UpdateService { .. } | Self::ChangeResourceRecordSets { .. })
            || self.touches().contains(&Part::Databases)
            || matches!(self, Self::RegisterScalableTarget { .. } | Self::PutScalingPolicy { .. })
            || matches!(
                self,
                Self::StartInstances { .. } | Self::StopInstances { .. } | Self::UpdateAutoScalingGroup { .. }
            )
            || self.touches().contains(&Part::Alarms)
    }

    /// Whether it only sets a value of something that exists: once its effect was seen, it may become needed again,
    /// because somebody or something set the value back.
    pub fn sets_a_value(&self) -> bool {
        matches!(
            self,
            Self::UpdateService { .. }
                | Self::RegisterScalableTarget { .. }
                | Self::PutScalingPolicy { .. }
                | Self::UpdateAutoScalingGroup { .. }
                | Self::PutMetricAlarm { .. }
        ) || self.unprotects()
    }

    /// Whether it takes away what a task may need that no service started.
    pub fn takes_what_tasks_need(&self) -> bool {
        match self {
            Self::UpdateAutoScalingGroup { capacity, .. } => capacity.is_asleep(),
            action => matches!(
                action,
                Self::DeleteNatGateway { .. }
                    | Self::DeleteVpcEndpoints { .. }
                    | Self::StopDbInstance { .. }
                    | Self::StopDbCluster { .. }
                    | Self::StopInstances { .. }
            ),
        }
    }

    /// Whether it takes away what others may use, whom the blueprint does not name.
    pub fn takes_what_others_use(&self) -> bool {
        self.unprotects()
            || matches!(
                self,
                Self::DeleteNatGateway { .. }
                    | Self::DeleteLoadBalancer { .. }
                    | Self::StopDbInstance { .. }
                    | Self::StopDbCluster { .. }
            )
    }

    /// The parts that tell whether it may be done now, and must not have been looked at long ago.
    pub fn rests_on(&self) -> BTreeSet<Part> {
        let mut parts = if self.rests_on_proof() { self.touches() } else { BTreeSet::new() };
        if self.takes_what_tasks_need() {
            parts.insert(Part::StandaloneTasks);
        }
        if self.takes_what_others_use() {
            parts.insert(Part::OtherUsers);
        }
        // What watches it is told of before it goes.
        if matches!(self, Self::DeleteLoadBalancer { .. } | Self::DeleteNatGateway { .. }) {
            parts.insert(Part::Alarms);
        }
        // Made minutes before, and not looked at since they were available.
        if matches!(self, Self::UpdateService { desired_count: 1.., .. } | Self::CreateService { .. }) {
            parts.extend([Part::VpcEndpoints, Part::Routes]);
        }
        parts
    }

    /// The parts of the observation it changes, which are looked at again after it.
    pub fn touches(&self) -> BTreeSet<Part> {
        match self {
            Self::AllocateAddress { .. } | Self::ReleaseAddress { .. } => [Part::Addresses].into(),
            Self::CreateNatGateway { .. } => [Part::NatGateways].into(),
            // The routes through it turn into black holes.
            Self::DeleteNatGateway { .. } => [Part::NatGateways, Part::Routes].into(),
            Self::CreateRoute { .. } | Self::ReplaceRoute { .. } => [Part::Routes].into(),
            Self::CreateLoadBalancer { .. } | Self::DeleteLoadBalancer { .. } => [Part::LoadBalancers].into(),
            // Whose it is, only a look at all of them tells.
            Self::ModifyLoadBalancerAttributes { .. } if self.unprotects() => [Part::LoadBalancers].into(),
            Self::ModifyLoadBalancerAttributes { name, .. }
            | Self::AssociateWebAcl { name, .. }
            | Self::ModifyListenerAttributes { name, .. }
            | Self::AddListenerCertificates { name, .. } => [Part::LoadBalancerConfiguration(name.clone())].into(),
            // A target group is attached from the first listener or rule that forwards to it.
            Self::CreateListener { name, .. } | Self::CreateRule { name, .. } => {
                [Part::LoadBalancerConfiguration(name.clone()), Part::TargetHealth].into()
            }
            Self::ChangeResourceRecordSets { .. } => [Part::Records].into(),
            Self::UpdateService { .. } | Self::CreateService { .. } | Self::DeleteService { .. } => {
                [Part::Services].into()
            }
            Self::StartDbInstance { .. }
            | Self::StopDbInstance { .. }
            | Self::StartDbCluster { .. }
            | Self::StopDbCluster { .. } => [Part::Databases].into(),
            Self::StartInstances { .. } | Self::StopInstances { .. } => [Part::Instances].into(),
            Self::UpdateAutoScalingGroup { .. } => [Part::AutoScalingGroups].into(),
            Self::RegisterScalableTarget { .. } | Self::PutScalingPolicy { .. } => [Part::Services].into(),
            Self::CreateVpcEndpoint { .. } | Self::DeleteVpcEndpoints { .. } => [Part::VpcEndpoints].into(),
            Self::TagCluster { .. } | Self::UntagCluster { .. } => BTreeSet::new(),
            Self::PutMetricAlarm { .. } => [Part::Alarms].into(),
        }
    }
}

fn suspended_in_words(suspended: &BTreeSet<Suspension>) -> String {
    match suspended.iter().map(|one| one.as_str()).collect::<Vec<_>>()[..] {
        [] => "nothing suspended".to_owned(),
        ref words => format!("suspended {}", words.join(", ")),
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name(), self.subject())?;
        match self.detail() {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

/// The attributes that are wanted and not there. Deletion protection is among them: what was protected is again.
pub fn differing(wanted: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    wanted.iter().filter(|(key, value)| there.get(*key) != Some(value)).map(|(k, v)| (k.clone(), v.clone())).collect()
}
