//! Whose a network interface is, and whether it leaves by itself.

use std::collections::BTreeSet;

use super::{FoundInstance, FoundTask, Surroundings, WaysOut, add, is_declared, owner};
use crate::model::*;

/// What EC2 says that an interface is; only what matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterfaceKind {
    /// Of a Lambda function.
    Lambda,
    /// Of a transit gateway's attachment: what other VPCs send leaves by the routes of its subnet.
    TransitGateway,
    /// Of something that answers and calls nobody: NAT gateways, load balancers, VPC endpoints.
    Answering,
    /// Of anything else: the description says more.
    Other,
}

/// A network interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundInterface {
    /// Which.
    pub id: NetworkInterfaceId,
    /// Where.
    pub subnet: SubnetId,
    /// What it is.
    pub kind: InterfaceKind,
    /// What whoever made it says of it.
    pub description: String,
    /// The alias or account of whoever made it.
    pub requester: Option<String>,
    /// Whether an AWS service manages it.
    pub is_managed: bool,
    /// Whether something has it.
    pub is_in_use: bool,
    /// The instance that has it.
    pub instance: Option<InstanceId>,
    /// Its addresses.
    pub addresses: BTreeSet<String>,
    /// Its tags.
    pub tags: Tags,
}

/// What AWS writes of interfaces that answer in the VPC and do not leave it by themselves (docs/aws-facts.md §11).
const ANSWERING: [&str; 9] = [
    "Interface for NAT Gateway ",
    "ELB ",
    "VPC Endpoint Interface ",
    "EFS mount target for ",
    "RDSNetworkInterface",
    "Network interface for DBProxy",
    "ElastiCache ",
    "ElastiCache+",
    "Amazon EKS ",
];

/// What ECS writes of a task's: `arn:aws:ecs:us-west-2:123456789012:attachment/0f3a…`.
const OF_TASK: &str = ":attachment/";
/// What Lambda writes: `AWS Lambda VPC ENI-report-0f3a…`, with a random part of five groups.
const OF_FUNCTION: &str = "AWS Lambda VPC ENI-";

/// Everybody whose interface leaves by a NAT gateway that goes, and that the blueprint does not name.
pub(super) fn users(tier: &RuntimeTier, ways_out: &WaysOut<'_>, found: &Surroundings, users: &mut OtherUsers) {
    for interface in found.interfaces.iter().filter(|one| one.is_in_use) {
        let uses = ways_out.of_subnet(&interface.subnet);
        if uses.is_empty() {
            continue;
        }
        if let Some((id, called)) = user(tier, interface, found) {
            add(users, id, called, uses);
        }
    }
}

/// Who it belongs to, if that is another user.
fn user(tier: &RuntimeTier, one: &FoundInterface, found: &Surroundings) -> Option<(OtherUserId, String)> {
    match one.kind {
        InterfaceKind::Answering => None,
        InterfaceKind::Lambda => Some(function(one)),
        InterfaceKind::TransitGateway => Some(interface(one)),
        InterfaceKind::Other => {
            if one.description.starts_with("arn:") && one.description.contains(OF_TASK) {
                return (!found.tasks.iter().any(|task| has(task, one))).then(|| task_of_another_cluster(one));
            }
            if let Some(id) = &one.instance {
                return instance(tier, id, found);
            }
            let answers = one.is_managed && ANSWERING.iter().any(|text| one.description.starts_with(text));
            (!answers).then(|| interface(one))
        }
    }
}

/// Whether an interface is a task's of the environment's cluster. Its services are judged as services, and tasks of none
/// have a limit of their own (`standaloneTasks`).
fn has(task: &FoundTask, interface: &FoundInterface) -> bool {
    let attachment = interface.description.rsplit('/').next().unwrap_or_default();
    task.attachments.contains(attachment) || task.attachments.contains(interface.id.as_str())
}

fn task_of_another_cluster(one: &FoundInterface) -> (OtherUserId, String) {
    (OtherUserId::Interface(one.id.clone()), format!("a task of another ECS cluster by {}{}", one.id, owner(&one.tags)))
}

/// One that runs; one that is stopped has its interface still, and sends nothing.
fn instance(tier: &RuntimeTier, id: &InstanceId, found: &Surroundings) -> Option<(OtherUserId, String)> {
    let one = found.instances.iter().find(|one| one.id == *id)?;
    let is_none = is_declared(tier, one) || !runs(one);
    (!is_none).then(|| (OtherUserId::Instance(id.clone()), format!("instance {id}{}", owner(&one.tags))))
}

fn runs(one: &FoundInstance) -> bool {
    match one.state {
        InstanceState::Pending | InstanceState::Running => true,
        InstanceState::Stopping | InstanceState::Stopped | InstanceState::ShuttingDown | InstanceState::Terminated => {
            false
        }
    }
}

/// Functions of the same subnets and security groups share one interface, which bears the name of the first.
fn function(one: &FoundInterface) -> (OtherUserId, String) {
    let rest = one.description.strip_prefix(OF_FUNCTION);
    // The random part is a UUID: five groups.
    let name = rest.and_then(|rest| rest.rsplitn(6, '-').nth(5)).filter(|name| !name.is_empty());
    match name {
        Some(name) => (
            OtherUserId::Function(name.to_owned()),
            format!("Lambda function {name}, and those that share its network interface"),
        ),
        None => (OtherUserId::Interface(one.id.clone()), format!("a Lambda function by {}", one.id)),
    }
}

/// Anything else, in its maker's own words.
fn interface(one: &FoundInterface) -> (OtherUserId, String) {
    let by = one.requester.as_deref().map(|requester| format!(" by {requester}")).unwrap_or_default();
    let what = if one.description.is_empty() { String::new() } else { format!(" \"{}\"", one.description) };
    (OtherUserId::Interface(one.id.clone()), format!("network interface {}{what}{by}{}", one.id, owner(&one.tags)))
}
