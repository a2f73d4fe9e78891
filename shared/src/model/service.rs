//! ECS services: how many tasks come back, and all else that one needs to be made.

use std::collections::{BTreeMap, BTreeSet};

use deserr::Deserr;
use serde::Serialize;

use super::database::NeededDatabases;
use super::ids::{LogicalName, SecurityGroupId, ServiceArn, ServiceName, SubnetId, TargetGroupArn, TaskFamily};
use super::scaling::Scaling;
use super::tags::Tags;
use crate::blueprint::{Entries, Problems};

/// What becomes of a service at night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum ServiceWhileDown {
    /// Its desired count is 0; its ARN, tags, deployments and history stay.
    #[default]
    #[deserr(rename = "scale-to-zero")]
    ScaleToZero,
    /// It is deleted, and made again in the morning from its definition.
    #[deserr(rename = "delete")]
    Delete,
}

/// An ECS service on Fargate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Service {
    /// How many tasks it has when the environment is up.
    pub desired_count: u32,
    /// What becomes of it at night.
    #[deserr(default)]
    pub while_down: ServiceWhileDown,
    /// Never two tasks at once: the next one starts only when no task of the last is left.
    #[deserr(default)]
    pub singleton: bool,
    /// Services that serve before it starts, and stop only when it has no tasks any more.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[deserr(default)]
    pub after: BTreeSet<ServiceName>,
    /// Of a service that is deleted at night or not there yet: the family whose newest revision it is made with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub task_definition: Option<TaskFamily>,
    /// Of a service that is deleted at night or not there yet: all else that it is made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub definition: Option<ServiceDefinition>,
    /// Its auto scaling; none of a service that has no scalable target.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub scaling: Option<Scaling>,
    /// The size of its tasks; only for what they cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tasks: Option<TaskSize>,
    /// Which databases it needs.
    #[serde(skip_serializing_if = "NeededDatabases::is_all")]
    #[deserr(default, from(BTreeSet<LogicalName>) = NeededDatabases::these)]
    pub databases: NeededDatabases,
    /// A service that existed before Curfew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub adopted: Option<ServiceArn>,
}

/// The processors Fargate runs a task on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "UPPERCASE")]
#[deserr(error = Problems)]
pub enum Architecture {
    /// Intel and AMD.
    #[default]
    #[deserr(rename = "X86_64")]
    #[serde(rename = "X86_64")]
    X86,
    /// Graviton.
    #[deserr(rename = "ARM64")]
    Arm64,
}

/// The size of a Fargate task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct TaskSize {
    /// 1024 are one vCPU.
    pub cpu: u32,
    /// In MiB.
    pub memory: u32,
    /// The processors it runs on.
    #[deserr(default)]
    pub architecture: Architecture,
}

/// Where a service is attached to a load balancer's target group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct ServiceAttachment {
    /// The target group its tasks register in.
    pub target_group: TargetGroupArn,
    /// The container that is registered.
    pub container: String,
    /// The container's port.
    pub port: u16,
}

/// A share of a capacity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct CapacityShare {
    /// `FARGATE` or `FARGATE_SPOT`.
    pub provider: String,
    /// Tasks that run on it before the weights count.
    #[deserr(default)]
    pub base: u32,
    /// Its share of the rest.
    #[deserr(default)]
    pub weight: u32,
}

/// Service discovery in Cloud Map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct ServiceRegistry {
    /// The Cloud Map service.
    pub arn: String,
    /// The port in an SRV record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub port: Option<u16>,
    /// The container.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub container_name: Option<String>,
    /// The container's port.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub container_port: Option<u16>,
}

/// Everything a Fargate service with rolling deployments is made from, but for its task definition (invariant 6)
/// and its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct ServiceDefinition {
    /// Its subnets.
    pub subnets: BTreeSet<SubnetId>,
    /// Its security groups.
    pub security_groups: BTreeSet<SecurityGroupId>,
    /// Whether its tasks get public addresses.
    #[deserr(default)]
    pub assign_public_ip: bool,
    /// The target groups its tasks register in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[deserr(default)]
    pub attachments: Vec<ServiceAttachment>,
    /// Capacity providers; the launch type is `FARGATE` when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[deserr(default)]
    pub capacity: Vec<CapacityShare>,
    /// Fargate's platform version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub platform_version: Option<String>,
    /// The most tasks during a deployment, in percent of the desired count.
    #[deserr(default = 200)]
    pub maximum_percent: u32,
    /// The fewest healthy tasks during a deployment, in percent of the desired count.
    #[deserr(default = 100)]
    pub minimum_healthy_percent: u32,
    /// Whether a failing deployment is stopped.
    #[deserr(default)]
    pub circuit_breaker: CircuitBreaker,
    /// CloudWatch alarms that stop a deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub deployment_alarms: Option<DeploymentAlarms>,
    /// For how long unhealthy checks are forgiven, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub health_check_grace_period: Option<u32>,
    /// Whether `aws ecs execute-command` works.
    #[deserr(default)]
    pub execute_command: bool,
    /// Whether AWS tags its tasks with the cluster's and the service's name.
    #[deserr(default)]
    pub managed_tags: bool,
    /// `SERVICE`, `TASK_DEFINITION` or `NONE`: whose tags its tasks get.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub propagate_tags: Option<String>,
    /// `ENABLED` or `DISABLED`; written down because AWS's default differs between making and changing (facts §3).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub availability_zone_rebalancing: Option<String>,
    /// Service discovery.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[deserr(default)]
    pub registries: Vec<ServiceRegistry>,
    /// The role ECS used to register targets, of services older than the service-linked role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub role: Option<String>,
    /// Its tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
}

/// What ECS does with a deployment whose tasks keep failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum CircuitBreaker {
    /// Tries on.
    #[default]
    #[deserr(rename = "off")]
    Off,
    /// Stops it.
    #[deserr(rename = "stop")]
    Stop,
    /// Stops it and goes back to the one before.
    #[deserr(rename = "rollback")]
    Rollback,
}

/// Alarms that a deployment minds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct DeploymentAlarms {
    /// Their names.
    pub names: Vec<String>,
    /// Whether they are minded.
    pub enable: bool,
    /// Whether the deployment before comes back.
    pub rollback: bool,
}
