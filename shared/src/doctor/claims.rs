//! Who else claims to manage what, which one they mean, and what nights do to it.

use std::fmt;

use serde::{Serialize, Serializer};

use super::terraform::Address;
use crate::model::*;

/// What is claimed: a resource of the runtime tier, or what hangs on one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// An elastic IP.
    Address(LogicalName),
    /// A NAT gateway.
    NatGateway(LogicalName),
    /// A route.
    Route(RouteKey),
    /// A load balancer.
    LoadBalancer(LoadBalancerName),
    /// A listener of one, or a rule or a certificate on that.
    ListenerOf(LoadBalancerName),
    /// A web ACL, or another guard, on a load balancer.
    GuardOf(LoadBalancerName),
    /// An alarm that watches a load balancer.
    AlarmOn(LoadBalancerName),
    /// A DNS record.
    Record(RecordKey),
    /// An ECS service.
    Service(ServiceName),
    /// What scales a service by itself.
    ScalingOf(ServiceName),
    /// The ECS cluster.
    Cluster(ClusterName),
    /// A database.
    Database(LogicalName),
    /// A VPC endpoint, or what hangs on one.
    VpcEndpoint(LogicalName),
    /// An EC2 instance.
    Instance(LogicalName),
    /// An Auto Scaling group.
    AutoScalingGroup(LogicalName),
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(name) => write!(f, "address {name}"),
            Self::NatGateway(name) => write!(f, "NAT gateway {name}"),
            Self::Route(key) => write!(f, "route {key}"),
            Self::LoadBalancer(name) => write!(f, "load balancer {name}"),
            Self::ListenerOf(name) => write!(f, "listeners of {name}"),
            Self::GuardOf(name) => write!(f, "guard of {name}"),
            Self::AlarmOn(name) => write!(f, "alarm on {name}"),
            Self::Record(key) => write!(f, "DNS record {} {}", key.name, key.kind.as_str()),
            Self::Service(name) => write!(f, "service {name}"),
            Self::ScalingOf(name) => write!(f, "auto scaling of {name}"),
            Self::Cluster(name) => write!(f, "cluster {name}"),
            Self::Database(name) => write!(f, "database {name}"),
            Self::VpcEndpoint(name) => write!(f, "VPC endpoint {name}"),
            Self::Instance(name) => write!(f, "instance {name}"),
            Self::AutoScalingGroup(name) => write!(f, "Auto Scaling group {name}"),
        }
    }
}

impl Serialize for Thing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Who claims it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Claimant {
    /// A CloudFormation stack, by the tags it puts on what it makes.
    CloudFormation {
        /// The stack.
        stack: String,
        /// What its template calls the resource.
        logical_id: Option<String>,
    },
    /// A Terraform state.
    Terraform {
        /// Where the resource stands in the configuration.
        #[serde(serialize_with = "as_text")]
        address: Address,
        /// The state's file.
        file: String,
    },
}

fn as_text<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(address)
}

impl fmt::Display for Claimant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CloudFormation { stack, logical_id: Some(id) } => write!(f, "CloudFormation {stack}: {id}"),
            Self::CloudFormation { stack, logical_id: None } => write!(f, "CloudFormation {stack}"),
            Self::Terraform { address, .. } => write!(f, "Terraform {address}"),
        }
    }
}

/// Which one a claimant means, beside what Curfew has in that place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// The one that is there now.
    Current,
    /// One that is gone: the next apply makes another.
    Gone,
    /// Another one, which is there too.
    Another,
    /// What is there could not be looked at.
    Unknown,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Current => "the one there is",
            Self::Gone => "one that is gone",
            Self::Another => "another one, which is there too",
            Self::Unknown => "not known which: it could not be looked at",
        })
    }
}

/// What nights do to something that is claimed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It is another one each morning: the claim has to go.
    Replaced,
    /// The claimant may not have made it, but would have to let go of it: a state lists all routes of a table.
    PerhapsReplaced,
    /// It stays, and these of its fields are not as the claimant left them.
    Drifts(Vec<Field>),
    /// It stays as it is.
    Stays,
    /// It stays, and refers to something that is another one each morning.
    Refers,
    /// It stays as it is, and is stopped at night.
    Stopped,
}

/// A field that drifts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// How many tasks a service should have.
    DesiredCount,
    /// What its tasks are made from: not Curfew's doing, but a pipeline's.
    TaskDefinition,
    /// A tag of Curfew's.
    Tag(String),
    /// What of a service's auto scaling is suspended.
    SuspendedState,
    /// Which load balancer's requests a scaling policy counts.
    ResourceLabel,
    /// Whether a database or an instance runs.
    State,
    /// Whether an instance has a public address: one that is stopped has none, and Terraform would replace it.
    PublicAddress,
    /// How few instances a group may have.
    MinSize,
    /// How many instances a group should have.
    DesiredCapacity,
    /// Whose metric an alarm looks at.
    Dimensions,
    /// Which metrics an alarm computes with.
    Metrics,
}

impl Field {
    /// As Terraform names it.
    pub fn in_terraform(&self) -> String {
        match self {
            Self::DesiredCount => "desired_count".to_owned(),
            Self::TaskDefinition => "task_definition".to_owned(),
            Self::Tag(key) => format!("tags[\"{key}\"]"),
            Self::SuspendedState => "suspended_state".to_owned(),
            // The policy's own blocks, of which there is one each.
            Self::ResourceLabel => {
                "target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].resource_label"
                    .to_owned()
            }
            Self::State => "state".to_owned(),
            Self::PublicAddress => "associate_public_ip_address".to_owned(),
            Self::MinSize => "min_size".to_owned(),
            Self::DesiredCapacity => "desired_capacity".to_owned(),
            Self::Dimensions => "dimensions".to_owned(),
            Self::Metrics => "metric_query".to_owned(),
        }
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.in_terraform())
    }
}

/// Somebody else claims to manage something of the runtime tier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// What.
    pub thing: Thing,
    /// Who.
    pub by: Claimant,
    /// The id, the ARN or the name of the one they mean.
    pub id: String,
    /// Which one that is.
    pub which: Which,
    /// What nights do to it.
    pub effect: Effect,
}
