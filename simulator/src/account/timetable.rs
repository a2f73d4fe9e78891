//! What AWS does by itself, and when.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use curfew_core::model::*;

use super::tasks::TaskId;

/// Something that AWS does by itself.
#[derive(Debug, Clone)]
pub(super) enum Event {
    NatGatewayMade(NatGatewayId),
    NatGatewayDeleted(NatGatewayId),
    NatGatewayForgotten(NatGatewayId),
    LoadBalancerActive(LoadBalancerArn),
    TaskStarted(TaskId),
    TaskFailed(TaskId),
    TaskDrained(TaskId),
    TaskGone(TaskId),
    /// ECS looks again whether a service has the tasks it should have.
    ServicePlaced(ServiceName),
    TargetChecked(TargetGroupArn, TaskId),
    ServiceInactive(ServiceName),
    StandaloneTaskEnded(StandaloneTask),
    /// What a database does next, if it has not changed since this was put here.
    DatabaseIs(DatabaseId, u32, DatabaseStatus),
    VpcEndpointMade(VpcEndpointId),
    VpcEndpointDeleted(VpcEndpointId),
    /// Likewise of an instance.
    InstanceIs(InstanceId, u32, InstanceState),
    /// An Auto Scaling group has the instances that it should have, if nobody has asked for others since.
    GroupSettled(AutoScalingGroupName, u32),
}

/// Events in the order they become due; those of one instant in the order they were added.
#[derive(Debug, Clone, Default)]
pub(super) struct Timetable {
    events: BTreeMap<(DateTime<Utc>, u64), Event>,
    added: u64,
}

impl Timetable {
    pub(super) fn add(&mut self, at: DateTime<Utc>, event: Event) {
        self.added += 1;
        self.events.insert((at, self.added), event);
    }

    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        self.events.keys().next().map(|(at, _)| *at)
    }

    pub(super) fn pop_until(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Event)> {
        let entry = self.events.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), event) = entry.remove_entry();
        Some((at, event))
    }
}
