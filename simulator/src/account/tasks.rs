//! Fargate tasks, from asked for to gone.

use std::collections::BTreeSet;
use std::fmt;

use chrono::TimeDelta;
use curfew_core::model::*;

use super::timetable::Event;
use super::{Account, Kind};

/// Which task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(u32);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task-{}", self.0)
    }
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// Asked for; its image is being pulled.
    Starting,
    /// Running.
    Running,
    /// Running, and finishing its last requests.
    Draining,
    /// Told to stop.
    Stopping,
}

/// A task of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Of which service.
    pub service: ServiceName,
    /// Of which revision of its task definition.
    pub revision: u32,
    /// How far it is.
    pub state: TaskState,
    /// The route it leaves by; none where its service needs none.
    pub exit: Option<RouteKey>,
    subject: String,
}

/// A pull without a way out fails after so long (facts §0 "CannotPullContainerError").
const PULL_FAILS_AFTER: TimeDelta = TimeDelta::seconds(84);
/// ECS tries again after so long; it slows down with each failure, which is left out.
const PLACED_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(10);

/// Stopped tasks stay listed for so long, as the emulator has it.
const LISTED: TimeDelta = TimeDelta::hours(1);

impl Account {
    /// How many tasks of a service have stopped and are still listed.
    pub fn stopped_tasks_of(&self, service: &ServiceName) -> usize {
        let of_service = self.stopped_tasks.iter().filter(|(name, _)| name == service);
        of_service.filter(|(_, at)| *at + LISTED > self.now).count()
    }

    fn task_stopped(&mut self, service: &ServiceName) {
        let now = self.now;
        self.stopped_tasks.retain(|(_, at)| *at + LISTED > now);
        self.stopped_tasks.push((service.clone(), now));
    }

    /// The tasks of a service with their ids.
    pub fn tasks_of<'a>(&'a self, service: &'a ServiceName) -> impl Iterator<Item = (TaskId, &'a Task)> {
        self.tasks.iter().filter(move |(_, task)| task.service == *service).map(|(id, task)| (*id, task))
    }

    pub(super) fn subject_of(&self, id: TaskId) -> String {
        self.tasks.get(&id).map(|task| task.subject.clone()).unwrap_or_default()
    }

    /// How many tasks leave by a NAT gateway: all that are not gone, those that drain too (facts §3).
    pub(super) fn tasks_that_leave_by(&self, id: &NatGatewayId) -> usize {
        let leads = |key: &RouteKey| self.routes.get(key) == Some(&super::RouteTo::NatGateway(id.clone()));
        self.tasks.values().filter(|task| task.exit.as_ref().is_some_and(leads)).count()
    }

    pub(super) fn start_task(&mut self, name: &ServiceName) {
        let Some(service) = self.services.get(name) else { return };
        // No subnet is associated with a route table that is gone.
        let is_gone = |key: &RouteKey| self.missing().contains(&BaseResource::RouteTable(key.route_table.clone()));
        let exits: Vec<RouteKey> = service.exits.iter().filter(|key| !is_gone(key)).cloned().collect();
        let revision = service.revision;
        if let Some(until) = self.no_capacity_until.filter(|until| *until > self.now) {
            self.timetable.add(until, Event::ServicePlaced(name.clone()));
            return;
        }
        let number = self.number(&format!("task of {name}"));
        let id = TaskId(self.number("task"));
        // Tasks are spread over the subnets.
        let exit = exits.get(number as usize % exits.len().max(1)).cloned();
        let subject = Self::subject(name.as_str(), number);
        let has_way_out = exit.as_ref().is_none_or(|key| self.leads_out(key));
        let task = Task { service: name.clone(), revision, state: TaskState::Starting, exit, subject: subject.clone() };
        self.tasks.insert(id, task);
        if has_way_out {
            self.later(Kind::TaskStart, &subject, Event::TaskStarted(id));
        } else {
            self.timetable.add(self.now + PULL_FAILS_AFTER, Event::TaskFailed(id));
        }
    }

    fn leads_out(&self, key: &RouteKey) -> bool {
        match self.route_target(key) {
            Some(RouteTarget::NatGateway(_) | RouteTarget::Other(_)) => true,
            Some(RouteTarget::Blackhole(_)) | None => false,
        }
    }

    pub(super) fn task_started(&mut self, id: TaskId) {
        let Some(task) = self.tasks.get_mut(&id).filter(|task| task.state == TaskState::Starting) else { return };
        task.state = TaskState::Running;
        let name = task.service.clone();
        let groups = self.groups_of(&name);
        self.register(&groups, id);
        self.place_tasks(&name);
    }

    pub(super) fn task_failed(&mut self, id: TaskId) {
        let Some(task) = self.tasks.get(&id).filter(|task| task.state == TaskState::Starting) else { return };
        let name = task.service.clone();
        self.tasks.remove(&id);
        self.task_stopped(&name);
        self.mishap(format!("{id} of service {name} could not pull its image: CannotPullContainerError"));
        self.timetable.add(self.now + PLACED_AGAIN_AFTER, Event::ServicePlaced(name));
    }

    /// Facts §3 "Stop time": deregistered, drained, SIGTERM, gone. One that does not run yet has nothing to be sent
    /// SIGTERM to, and is gone at once.
    pub(super) fn stop_task(&mut self, id: TaskId) {
        let Some(task) = self.tasks.get(&id) else { return };
        match task.state {
            TaskState::Starting => self.task_gone(id),
            TaskState::Running => {
                let groups: BTreeSet<TargetGroupArn> = self.groups_of(&task.service.clone());
                match self.drain(&groups, id) {
                    Some(delay) => {
                        self.set_state(id, TaskState::Draining);
                        let until = self.now + TimeDelta::from_std(delay).unwrap_or_default();
                        self.timetable.add(until, Event::TaskDrained(id));
                    }
                    None => self.terminate(id),
                }
            }
            TaskState::Draining | TaskState::Stopping => {}
        }
    }

    fn set_state(&mut self, id: TaskId, state: TaskState) {
        if let Some(task) = self.tasks.get_mut(&id) {
            task.state = state;
        }
    }

    fn terminate(&mut self, id: TaskId) {
        self.set_state(id, TaskState::Stopping);
        let subject = self.subject_of(id);
        self.later(Kind::TaskStop, &subject, Event::TaskGone(id));
    }

    pub(super) fn task_drained(&mut self, id: TaskId) {
        self.deregister(id);
        self.terminate(id);
    }

    pub(super) fn task_gone(&mut self, id: TaskId) {
        self.deregister(id);
        if let Some(task) = self.tasks.remove(&id) {
            self.task_stopped(&task.service);
            self.place_tasks(&task.service);
            self.service_drained(&task.service);
        }
    }
}

impl Task {
    /// Whether it was told to stop.
    pub fn is_leaving(&self) -> bool {
        match self.state {
            TaskState::Draining | TaskState::Stopping => true,
            TaskState::Starting | TaskState::Running => false,
        }
    }
}
