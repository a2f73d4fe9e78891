//! Instances and Auto Scaling groups in the model: they start and stop in their own time.

use super::{Event, Model};
use crate::forecast::durations;
use crate::model::*;

impl Model {
    /// What instances and groups are in the middle of.
    pub(super) fn compute_under_way(&mut self) {
        for (name, found) in self.seen.instances.clone() {
            let Some(state) = found.standing().map(|found| found.state) else { continue };
            match state {
                InstanceState::Pending => self.later(durations::INSTANCE_START, is(name, InstanceState::Running)),
                InstanceState::Stopping => self.later(durations::INSTANCE_STOP, is(name, InstanceState::Stopped)),
                InstanceState::Running
                | InstanceState::Stopped
                | InstanceState::ShuttingDown
                | InstanceState::Terminated => {}
            }
        }
        for (name, found) in self.seen.auto_scaling_groups.clone() {
            match found {
                Seen::Pending(_) => self.later(durations::GROUP_SETTLE, Event::GroupSettled(name)),
                Seen::Absent | Seen::Ready(_) | Seen::Leaving(_) | Seen::Unknown(_) => {}
            }
        }
    }

    pub(super) fn start_instance(&mut self, name: &LogicalName) {
        self.set_instance(name, InstanceState::Pending);
        self.later(durations::INSTANCE_START, is(name.clone(), InstanceState::Running));
    }

    pub(super) fn stop_instance(&mut self, name: &LogicalName) {
        self.set_instance(name, InstanceState::Stopping);
        self.later(durations::INSTANCE_STOP, is(name.clone(), InstanceState::Stopped));
    }

    /// A public address that is not elastic is another one after each night: which, nobody can know.
    pub(super) fn set_instance(&mut self, name: &LogicalName, state: InstanceState) {
        if let Some(seen) = self.seen.instances.get_mut(name)
            && let Some(found) = seen.standing().cloned()
        {
            *seen = ObservedInstance { state, ..found }.into();
        }
    }

    pub(super) fn update_group(&mut self, name: &LogicalName, capacity: GroupCapacity) {
        self.set_group(name, |found| {
            let GroupInstances { in_service, moving } = found.instances;
            found.capacity = capacity;
            found.instances = GroupInstances {
                in_service: in_service.min(capacity.desired),
                moving: moving.max(in_service.abs_diff(capacity.desired)),
            };
        });
        self.later(durations::GROUP_SETTLE, Event::GroupSettled(name.clone()));
    }

    pub(super) fn group_settled(&mut self, name: &LogicalName) {
        self.set_group(name, |found| {
            found.instances = GroupInstances { in_service: found.capacity.desired, moving: 0 };
        });
    }

    fn set_group(&mut self, name: &LogicalName, change: impl FnOnce(&mut ObservedAutoScalingGroup)) {
        if let Some(seen) = self.seen.auto_scaling_groups.get_mut(name)
            && let Some(mut found) = seen.standing().cloned()
        {
            change(&mut found);
            *seen = found.into();
        }
    }
}

fn is(name: LogicalName, state: InstanceState) -> Event {
    Event::InstanceIs(name, state)
}
