//! EC2 instances and Auto Scaling groups: both start and stop in their own time.

use chrono::{DateTime, Utc};
use curfew_core::model::*;

use super::refusal::{Answer, Refusal};
use super::timetable::Event;
use super::{Account, Kind};

/// An EC2 instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its tags.
    pub tags: Tags,
    /// What it is doing.
    pub state: InstanceState,
    /// How often its state has changed: what was put on the timetable for an earlier one does not happen.
    changes: u32,
}

/// An Auto Scaling group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoScalingGroup {
    /// Its tags.
    pub tags: Tags,
    /// How many instances it should have.
    pub capacity: GroupCapacity,
    /// Those that it has.
    pub instances: GroupInstances,
    /// How many of those that move are on their way out.
    going: u32,
    /// How often its capacity was set; likewise.
    changes: u32,
}

impl Account {
    /// An instance that runs.
    pub fn lay_instance(&mut self, id: InstanceId, tags: Tags) {
        self.instances.insert(id, Instance { tags, state: InstanceState::Running, changes: 0 });
    }

    /// A group whose instances work.
    pub fn lay_auto_scaling_group(&mut self, name: AutoScalingGroupName, capacity: GroupCapacity, tags: Tags) {
        let instances = GroupInstances { in_service: capacity.desired, moving: 0 };
        self.auto_scaling_groups.insert(name, AutoScalingGroup { tags, capacity, instances, going: 0, changes: 0 });
    }

    /// Leaves no capacity to start instances with until an instant.
    pub fn run_out_of_instance_capacity(&mut self, until: DateTime<Utc>) {
        self.no_instance_capacity_until = Some(until);
    }

    /// To start one that starts or runs changes nothing; one that stops has to be stopped first.
    pub(super) fn start_instance(&mut self, id: &InstanceId) -> Answer {
        match self.state_of(id)? {
            InstanceState::Pending | InstanceState::Running => Ok(()),
            InstanceState::Stopped if self.no_instance_capacity_until.is_some_and(|until| until > self.now) => {
                let message = "We currently do not have sufficient capacity in the Availability Zone you requested.";
                Err(Refusal::next_run("InsufficientInstanceCapacity", message))
            }
            InstanceState::Stopped => {
                self.set_instance(id, InstanceState::Pending);
                Ok(())
            }
            state @ (InstanceState::Stopping | InstanceState::ShuttingDown | InstanceState::Terminated) => {
                Err(incorrect(id, state))
            }
        }
    }

    /// To stop one that stops or is stopped changes nothing.
    pub(super) fn stop_instance(&mut self, id: &InstanceId) -> Answer {
        match self.state_of(id)? {
            InstanceState::Stopping | InstanceState::Stopped => Ok(()),
            InstanceState::Running => {
                self.set_instance(id, InstanceState::Stopping);
                Ok(())
            }
            state @ (InstanceState::Pending | InstanceState::ShuttingDown | InstanceState::Terminated) => {
                Err(incorrect(id, state))
            }
        }
    }

    fn state_of(&self, id: &InstanceId) -> Result<InstanceState, Refusal> {
        let missing = || Refusal::later("InvalidInstanceID.NotFound", format!("The instance ID '{id}' does not exist"));
        self.instances.get(id).map(|one| one.state).ok_or_else(missing)
    }

    fn set_instance(&mut self, id: &InstanceId, state: InstanceState) {
        let Some(one) = self.instances.get_mut(id) else { return };
        one.state = state;
        one.changes += 1;
        let (changes, subject) = (one.changes, Self::subject(id.as_str(), one.changes));
        let becomes = |state| Event::InstanceIs(id.clone(), changes, state);
        match state {
            InstanceState::Pending => self.later(Kind::InstanceStart, &subject, becomes(InstanceState::Running)),
            InstanceState::Stopping => self.later(Kind::InstanceStop, &subject, becomes(InstanceState::Stopped)),
            InstanceState::Running
            | InstanceState::Stopped
            | InstanceState::ShuttingDown
            | InstanceState::Terminated => {}
        }
    }

    pub(super) fn instance_is(&mut self, id: &InstanceId, changes: u32, state: InstanceState) {
        if self.instances.get(id).is_some_and(|one| one.changes == changes) {
            self.set_instance(id, state);
        }
    }

    pub(super) fn update_group(&mut self, name: &AutoScalingGroupName, capacity: GroupCapacity) -> Answer {
        let Some(one) = self.auto_scaling_groups.get_mut(name) else {
            return Err(Refusal::later("ValidationError", "AutoScalingGroup name not found - null"));
        };
        if !capacity.is_possible() {
            let GroupCapacity { min, desired, max } = capacity;
            let message =
                format!("Desired capacity:{desired} must be between the specified min size:{min} and max size:{max}");
            return Err(Refusal::never("ValidationError", message));
        }
        one.capacity = capacity;
        if !one.follows(capacity.desired) {
            return Ok(());
        }
        one.changes += 1;
        let (changes, subject) = (one.changes, Self::subject(name.as_str(), one.changes));
        self.later(Kind::GroupSettle, &subject, Event::GroupSettled(name.clone(), changes));
        Ok(())
    }

    pub(super) fn group_settled(&mut self, name: &AutoScalingGroupName, changes: u32) {
        if let Some(one) = self.auto_scaling_groups.get_mut(name).filter(|one| one.changes == changes) {
            one.instances = GroupInstances { in_service: one.capacity.desired, moving: 0 };
            one.going = 0;
        }
    }
}

impl AutoScalingGroup {
    /// Begins to have so many instances; false if it has or will have them already.
    fn follows(&mut self, desired: u32) -> bool {
        let GroupInstances { in_service, moving } = self.instances;
        let coming = moving - self.going;
        let there = in_service + coming;
        let (more, fewer) = (desired.saturating_sub(there), there.saturating_sub(desired));
        // Those that work go first, as they are the oldest.
        let out_of_service = fewer.min(in_service);
        self.going += fewer;
        let coming = coming + more - (fewer - out_of_service);
        self.instances = GroupInstances { in_service: in_service - out_of_service, moving: coming + self.going };
        more + fewer > 0
    }
}

fn incorrect(id: &InstanceId, state: InstanceState) -> Refusal {
    let message = format!("The instance '{id}' is not in a state from which it can be started or stopped: {state}.");
    Refusal::later("IncorrectInstanceState", message)
}
