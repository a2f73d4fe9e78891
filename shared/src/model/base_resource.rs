//! What the runtime tier stands on: the base tier's own resources. Curfew never makes or deletes one.

use std::fmt;

use serde::Serialize;

use super::ids::{ClusterName, HostedZoneId, RouteTableId, TargetGroupArn};

/// A resource of the base tier that its owning service can say does not exist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaseResource {
    /// The ECS cluster of all services.
    Cluster(ClusterName),
    /// A hosted zone of Route 53.
    HostedZone(HostedZoneId),
    /// A route table.
    RouteTable(RouteTableId),
    /// A target group.
    TargetGroup(TargetGroupArn),
}

impl fmt::Display for BaseResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster(name) => write!(f, "cluster {name}"),
            Self::HostedZone(id) => write!(f, "hosted zone {id}"),
            Self::RouteTable(id) => write!(f, "route table {id}"),
            Self::TargetGroup(arn) => write!(f, "target group {} ({arn})", arn.name()),
        }
    }
}
