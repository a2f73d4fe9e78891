//! How ECS keeps a service at its desired count, and how it brings a new revision in.

use curfew_core::model::*;

use super::Account;
use super::services::ServiceStatus;
use super::targets::TargetState;
use super::tasks::{TaskId, TaskState};

/// The tasks of a service, sorted out.
#[derive(Default)]
struct Staff {
    /// Starting or running, of the revision it should have.
    new: Vec<TaskId>,
    /// Starting or running, of another one.
    old: Vec<TaskId>,
    /// Of another revision, and leaving.
    leaving: usize,
}

impl Account {
    /// A new revision: CI registered it and updated the service (facts §3: only that is a deployment).
    pub fn deploy(&mut self, name: &ServiceName) {
        let Some(service) = self.services.get_mut(name) else { return };
        service.revision += 1;
        let (family, revision) = (service.family.clone(), service.revision);
        self.revisions.insert(family, revision);
        self.place_tasks(name);
    }

    /// ECS looks whether a service has the tasks it should have.
    pub(super) fn place_tasks(&mut self, name: &ServiceName) {
        let Some(service) = self.services.get(name).filter(|one| one.status == ServiceStatus::Active) else { return };
        let (desired, maximum) = (service.desired_count as usize, service.maximum_percent as usize);
        let staff = self.staff(name);
        for id in staff.new.iter().skip(desired) {
            self.stop_task(*id);
        }
        if desired == 0 {
            staff.old.iter().for_each(|id| self.stop_task(*id));
            return;
        }
        let deploying = !staff.old.is_empty();
        if deploying && self.is_stalled(name) {
            return;
        }
        // Without room for more than the desired count, the old ones go first (maximumPercent 100).
        let most = (desired * maximum / 100).max(desired);
        if deploying && most == desired {
            staff.old.iter().for_each(|id| self.stop_task(*id));
        } else {
            let serving = staff.new.iter().filter(|id| self.serves(**id)).count();
            let superfluous = (serving + staff.old.len()).saturating_sub(desired);
            staff.old.iter().take(superfluous).for_each(|id| self.stop_task(*id));
        }
        let staff = self.staff(name);
        let missing = desired.saturating_sub(staff.new.len());
        let room = most.saturating_sub(staff.new.len() + staff.old.len() + staff.leaving);
        for _ in 0..missing.min(room) {
            self.start_task(name);
        }
    }

    fn staff(&self, name: &ServiceName) -> Staff {
        let revision = self.services.get(name).map_or(0, |service| service.revision);
        let mut staff = Staff::default();
        for (id, task) in self.tasks_of(name) {
            match (task.state, task.revision == revision) {
                (TaskState::Starting | TaskState::Running, true) => staff.new.push(id),
                (TaskState::Starting | TaskState::Running, false) => staff.old.push(id),
                (TaskState::Draining | TaskState::Stopping, true) => {}
                (TaskState::Draining | TaskState::Stopping, false) => staff.leaving += 1,
            }
        }
        staff
    }

    /// Facts §3: a deployment stalls while a target group of a running service has no load balancer.
    fn is_stalled(&self, name: &ServiceName) -> bool {
        self.groups_of(name).iter().any(|group| self.load_balancer_of(group).is_none())
    }

    fn serves(&self, id: TaskId) -> bool {
        let Some(task) = self.tasks.get(&id).filter(|task| task.state == TaskState::Running) else { return false };
        self.groups_of(&task.service).iter().all(|group| {
            let state = self.target_groups.get(group).and_then(|group| group.targets.get(&id));
            state == Some(&TargetState::Healthy)
        })
    }
}
