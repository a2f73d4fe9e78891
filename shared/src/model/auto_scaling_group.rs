//! Auto Scaling groups of EC2: at night they have no instances, and in the morning as many as they had.

use std::fmt;

use deserr::Deserr;
use serde::Serialize;

use super::ids::AutoScalingGroupName;
use super::ownership::Ownership;
use super::seen::Seen;
use crate::blueprint::Problems;

/// How many instances a group has: what comes and goes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct GroupCapacity {
    /// The fewest.
    pub min: u32,
    /// So many now.
    pub desired: u32,
    /// The most.
    pub max: u32,
}

impl GroupCapacity {
    /// The same group at night: its maximum stays.
    #[must_use]
    pub fn asleep(self) -> Self {
        Self { min: 0, desired: 0, max: self.max }
    }

    /// Whether it has no instances, and need not have any.
    pub fn is_asleep(self) -> bool {
        self.min == 0 && self.desired == 0
    }

    /// Whether AWS takes it.
    pub fn is_possible(self) -> bool {
        self.min <= self.desired && self.desired <= self.max
    }
}

impl fmt::Display for GroupCapacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} instances, {} to {}", self.desired, self.min, self.max)
    }
}

/// An Auto Scaling group, which is base tier: only its capacity comes and goes. The blueprint proves by its name that its
/// instances may be terminated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct AutoScalingGroup {
    /// Its name in EC2 Auto Scaling.
    pub name: AutoScalingGroupName,
    /// How many instances it has by day.
    pub capacity: GroupCapacity,
}

/// The instances of a group, by how far each has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupInstances {
    /// Those that work.
    pub in_service: u32,
    /// Those that are on their way in or out.
    pub moving: u32,
}

/// A group as EC2 Auto Scaling describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedAutoScalingGroup {
    /// Whose it is.
    pub ownership: Ownership<AutoScalingGroupName>,
    /// Its capacity.
    pub capacity: GroupCapacity,
    /// Its instances.
    pub instances: GroupInstances,
    /// Why its instances would not go, or not come back, in words.
    pub unsupported: Vec<String>,
}

impl From<ObservedAutoScalingGroup> for Seen<ObservedAutoScalingGroup> {
    fn from(group: ObservedAutoScalingGroup) -> Self {
        let is_settled = group.instances.moving == 0 && group.instances.in_service >= group.capacity.desired;
        if is_settled { Self::Ready(group) } else { Self::Pending(group) }
    }
}
