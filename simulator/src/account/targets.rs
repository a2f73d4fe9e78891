//! Target groups and the health of their targets.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use curfew_core::model::*;

use super::tasks::TaskId;
use super::timetable::Event;
use super::{Account, Kind};

/// A target group of the base tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetGroup {
    /// Between two checks of a target.
    pub interval: Duration,
    /// For how long a target finishes its last requests.
    pub deregistration_delay: Duration,
    /// Its targets.
    pub targets: BTreeMap<TaskId, TargetState>,
}

/// What a target group says of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetState {
    /// It has not passed its first check.
    Initial,
    /// It passes its checks.
    Healthy,
    /// It finishes its last requests.
    Draining,
}

impl Account {
    /// What a target is said to be: `None` while no load balancer forwards to its group (facts §2 "Target.NotInUse").
    pub fn targets_seen(&self, group: &TargetGroupArn) -> ObservedTargets {
        let attached = self.load_balancer_of(group).is_some();
        let mut seen = ObservedTargets { attached, ..ObservedTargets::default() };
        for state in self.target_groups.get(group).into_iter().flat_map(|group| group.targets.values()) {
            match state {
                TargetState::Draining => seen.draining += 1,
                TargetState::Initial if attached => seen.waiting += 1,
                TargetState::Healthy if attached => seen.healthy += 1,
                TargetState::Initial | TargetState::Healthy => {}
            }
        }
        seen
    }

    /// How many targets a group has, in whatever state.
    pub(super) fn targets_of(&self, group: &TargetGroupArn) -> usize {
        self.target_groups.get(group).map_or(0, |group| group.targets.len())
    }

    pub(super) fn register(&mut self, groups: &BTreeSet<TargetGroupArn>, task: TaskId) {
        for arn in groups {
            if let Some(group) = self.target_groups.get_mut(arn) {
                group.targets.insert(task, TargetState::Initial);
            }
            self.schedule_check(arn, task);
        }
    }

    /// Facts §2: one passed check is enough, and checks only start once the load balancer is there.
    fn schedule_check(&mut self, arn: &TargetGroupArn, task: TaskId) {
        let Some(interval) = self.target_groups.get(arn).map(|group| group.interval) else { return };
        if self.load_balancer_of(arn).is_some_and(|(_, one)| one.is_active) {
            let subject = format!("{} {}", arn.name(), self.subject_of(task));
            self.later(Kind::FirstCheck(interval), &subject, Event::TargetChecked(arn.clone(), task));
        }
    }

    /// The targets of these groups have something that checks them from now on.
    pub(super) fn check_targets_of(&mut self, groups: BTreeSet<TargetGroupArn>) {
        for arn in groups {
            let targets = self.target_groups.get(&arn).map(|group| &group.targets);
            let waiting: Vec<TaskId> = targets
                .into_iter()
                .flatten()
                .filter(|(_, state)| **state == TargetState::Initial)
                .map(|(task, _)| *task)
                .collect();
            for task in waiting {
                self.schedule_check(&arn, task);
            }
        }
    }

    pub(super) fn target_checked(&mut self, arn: &TargetGroupArn, task: TaskId) {
        if !self.load_balancer_of(arn).is_some_and(|(_, one)| one.is_active) {
            return;
        }
        if let Some(state) = self.target_groups.get_mut(arn).and_then(|group| group.targets.get_mut(&task))
            && *state == TargetState::Initial
        {
            *state = TargetState::Healthy;
        }
        if let Some(service) = self.tasks.get(&task).map(|task| task.service.clone()) {
            self.place_tasks(&service);
        }
    }

    /// Begins to drain a task's targets; how long that takes, if it has any.
    ///
    /// Whether a group that lost its load balancer drains too is not known (facts, open point 6): it does here.
    pub(super) fn drain(&mut self, groups: &BTreeSet<TargetGroupArn>, task: TaskId) -> Option<Duration> {
        let mut longest = None;
        for arn in groups {
            let Some(group) = self.target_groups.get_mut(arn) else { continue };
            if let Some(state) = group.targets.get_mut(&task) {
                *state = TargetState::Draining;
                longest = longest.max(Some(group.deregistration_delay));
            }
        }
        longest
    }

    pub(super) fn deregister(&mut self, task: TaskId) {
        for group in self.target_groups.values_mut() {
            group.targets.remove(&task);
        }
    }
}
