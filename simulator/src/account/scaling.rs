//! Application Auto Scaling of services: bounds, policies, alarms that fire, schedules.

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::model::*;

use super::refusal::{Answer, Refusal};
use super::{Account, ServiceStatus};

/// The scalable target of a service, with what hangs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalableTarget {
    /// Between how many tasks it scales.
    pub bounds: Bounds,
    /// What of it is suspended.
    pub suspended: BTreeSet<Suspension>,
    /// Its policies.
    pub policies: BTreeMap<String, ScalingPolicy>,
    /// Its scheduled actions, in words.
    pub scheduled_actions: BTreeMap<String, String>,
}

/// A scaling policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScalingPolicy {
    /// On something that outlives every night, in words.
    Own(String),
    /// On the requests that a load balancer sends to each target.
    RequestCount(RequestCount),
}

impl ScalingPolicy {
    /// In words, as a look tells it.
    pub fn words(&self) -> String {
        match self {
            Self::Own(words) => words.clone(),
            Self::RequestCount(policy) => {
                let RequestCount { label, target_value, scale_out_cooldown, scale_in_cooldown, disable_scale_in } =
                    policy;
                let mut text =
                    format!("tracks ALBRequestCountPerTarget of {} at {}", label.load_balancer, target_value.0);
                for (cooldown, direction) in [(scale_out_cooldown, "out"), (scale_in_cooldown, "in")] {
                    if let Some(seconds) = cooldown {
                        text.push_str(&format!(", {direction} at most every {seconds} s"));
                    }
                }
                text.push_str(if *disable_scale_in == Some(true) { ", never in" } else { "" });
                text
            }
        }
    }
}

/// What an alarm or a schedule does to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Push {
    /// A policy's alarm adds a task.
    Out,
    /// A policy's alarm takes a task away.
    In,
    /// A scheduled action asks for so many tasks at least. (AWS raises the minimum; nobody here looks at it afterwards.)
    Scheduled(u32),
}

impl Push {
    /// What keeps it from happening.
    fn suspension(self) -> Suspension {
        match self {
            Self::Out => Suspension::DynamicScalingOut,
            Self::In => Suspension::DynamicScalingIn,
            Self::Scheduled(_) => Suspension::ScheduledScaling,
        }
    }
}

impl Account {
    /// Facts §3: what is not sent stays as it is, and the count of a service that is there is moved into the bounds.
    pub(super) fn register_scalable_target(&mut self, name: &ServiceName, suspended: &BTreeSet<Suspension>) -> Answer {
        let Some(target) = self.scalable_targets.get_mut(name) else {
            let message = "MinCapacity and MaxCapacity are required for a new scalable target.";
            return Err(Refusal::never("ValidationException", message));
        };
        target.suspended = suspended.clone();
        let bounds = target.bounds;
        self.set_count(name, |count| bounds.clamp(count));
        Ok(())
    }

    /// Replaces a policy whole. Its label must name a load balancer that is there, and a target group behind it.
    pub(super) fn put_scaling_policy(&mut self, name: &ServiceName, policy: &str, wanted: &RequestCount) -> Answer {
        let stands = self.counts_what_is_there(&wanted.label);
        let Some(target) = self.scalable_targets.get_mut(name) else {
            return Err(Refusal::later("ObjectNotFoundException", "No scalable target registered."));
        };
        if !stands {
            let message = format!("The resource label {} does not name a target group in use.", wanted.label);
            return Err(Refusal::never("ValidationException", message));
        }
        target.policies.insert(policy.to_owned(), ScalingPolicy::RequestCount(wanted.clone()));
        Ok(())
    }

    /// Whether a label names a load balancer that is there, with that target group behind it.
    pub fn counts_what_is_there(&self, label: &ResourceLabel) -> bool {
        let behind = |arn: &LoadBalancerArn| label.behind(arn).as_ref() == Some(label);
        let arn = self.load_balancers.keys().find(|arn| behind(arn));
        let group = self.target_groups.keys().find(|group| label.names(group));
        arn.is_some() && group.is_some_and(|group| self.load_balancer_of(group).map(|(found, _)| found) == arn)
    }

    /// Whether a label names a load balancer that a person deleted.
    pub fn counts_what_a_person_deleted(&self, label: &ResourceLabel) -> bool {
        self.deleted_by_hand.iter().any(|arn| label.behind(arn).as_ref() == Some(label))
    }

    /// An alarm or a schedule fires. Facts §3: out lifts a count below the minimum back to it, in does not; neither does
    /// anything while it is suspended.
    pub(crate) fn push(&mut self, name: &ServiceName, push: Push) -> Option<()> {
        let target = self.scalable_targets.get(name)?;
        if target.suspended.contains(&push.suspension()) {
            return None;
        }
        let bounds = target.bounds;
        self.set_count(name, |count| match push {
            Push::Out => bounds.clamp(count + 1).max(count),
            Push::In => count.saturating_sub(1).max(bounds.minimum).min(count),
            Push::Scheduled(least) => bounds.clamp(count.max(least)),
        })
    }

    /// Somebody suspends and resumes by hand; AWS moves the count as ever.
    pub(crate) fn suspend_by_hand(&mut self, name: &ServiceName, suspended: &BTreeSet<Suspension>) -> Option<()> {
        self.register_scalable_target(name, suspended).ok()
    }

    fn set_count(&mut self, name: &ServiceName, to: impl FnOnce(u32) -> u32) -> Option<()> {
        let service = self.services.get_mut(name).filter(|one| one.status == ServiceStatus::Active)?;
        let count = to(service.desired_count);
        if count == service.desired_count {
            return None;
        }
        service.desired_count = count;
        self.place_tasks(name);
        Some(())
    }
}
