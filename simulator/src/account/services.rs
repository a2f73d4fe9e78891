//! ECS services.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use curfew_core::model::*;

use super::refusal::{Answer, Refusal};
use super::timetable::Event;
use super::{Account, Kind};

/// Whether a service is there to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceStatus {
    /// It is.
    Active,
    /// It was deleted, and its tasks are ending; its name is taken until then (facts §3 "DeleteService").
    Draining,
}

/// An ECS service on Fargate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its ARN.
    pub arn: ServiceArn,
    /// Its tags.
    pub tags: Tags,
    /// Whether it is there to stay.
    pub status: ServiceStatus,
    /// How many tasks it should have.
    pub desired_count: u32,
    /// The family of its task definition.
    pub family: TaskFamily,
    /// The revision that new tasks have.
    pub revision: u32,
    /// Its target groups.
    pub target_groups: BTreeSet<TargetGroupArn>,
    /// All else it was made from.
    pub definition: Option<ServiceDefinition>,
    /// The routes its tasks leave by; none where they have public addresses.
    pub exits: Vec<RouteKey>,
    /// The most tasks during a deployment, in percent of the desired count.
    pub maximum_percent: u32,
    /// The client token it was made with; none of one that was laid.
    pub token: Option<String>,
}

/// So long an inactive service is still known by its name (facts §3 "INACTIVE later purged").
const KNOWN: TimeDelta = TimeDelta::hours(1);

/// A new service, as CreateService takes it.
pub(super) struct NewService<'a> {
    pub(super) name: &'a ServiceName,
    pub(super) family: &'a TaskFamily,
    pub(super) definition: &'a ServiceDefinition,
    pub(super) desired_count: u32,
    pub(super) tags: &'a Tags,
    pub(super) token: &'a str,
}

impl Account {
    /// The target groups that a service's tasks register in.
    pub(super) fn groups_of(&self, name: &ServiceName) -> BTreeSet<TargetGroupArn> {
        self.services.get(name).map(|service| service.target_groups.clone()).unwrap_or_default()
    }

    /// Facts §3: a new count alone is no deployment. Whether ECS looks at the target groups then is not known (open
    /// point 1): here it wants them to exist, and says so in a way that nobody can foresee.
    pub(super) fn update_service(&mut self, name: &ServiceName, desired_count: u32) -> Answer {
        let is_inactive = self.is_inactive(name);
        if desired_count > 0 {
            for group in self.groups_of(name) {
                let exists = self.must_exist(BaseResource::TargetGroup(group));
                exists.map_err(|refusal| Refusal::never(refusal.code, refusal.message))?;
            }
        }
        match self.services.get_mut(name) {
            None if is_inactive => {
                return Err(Refusal::later("ServiceNotActiveException", "Service was not ACTIVE."));
            }
            None => return Err(Refusal::later("ServiceNotFoundException", "Service not found.")),
            Some(service) if service.status == ServiceStatus::Draining => {
                return Err(Refusal::later("ServiceNotActiveException", "Service was not ACTIVE."));
            }
            Some(service) => service.desired_count = desired_count,
        }
        self.place_tasks(name);
        Ok(())
    }

    /// Facts §3: refused while a target group has no load balancer, or the name is taken.
    pub(super) fn create_service(&mut self, wanted: NewService<'_>) -> Answer {
        let NewService { name, family, definition, desired_count, tags, token } = wanted;
        if let Some(there) = self.services.get(name) {
            // The client token makes a repetition harmless; a new run's token is another one.
            let same = there.status == ServiceStatus::Active && there.token.as_deref() == Some(token);
            let message = "Creation of service was not idempotent.";
            return if same { Ok(()) } else { Err(Refusal::never("InvalidParameterException", message)) };
        }
        let target_groups: BTreeSet<TargetGroupArn> =
            definition.attachments.iter().map(|attachment| attachment.target_group.clone()).collect();
        if let Some(group) = target_groups.iter().find(|group| self.load_balancer_of(group).is_none()) {
            let message =
                format!("The target group with targetGroupArn {group} does not have an associated load balancer.");
            return Err(Refusal::later("InvalidParameterException", message));
        }
        let arn = super::parsed(self.arn("ecs", &format!("service/{}/{name}", self.cluster)));
        let exits = if definition.assign_public_ip { Vec::new() } else { self.exits.clone() };
        let service = Service {
            arn,
            tags: tags.clone(),
            status: ServiceStatus::Active,
            desired_count,
            family: family.clone(),
            revision: self.revisions.get(family).copied().unwrap_or(1),
            target_groups,
            definition: Some(ServiceDefinition { tags: tags.clone(), ..definition.clone() }),
            exits,
            maximum_percent: definition.maximum_percent,
            token: Some(token.to_owned()),
        };
        self.inactive_services.remove(name);
        self.services.insert(name.clone(), service);
        self.place_tasks(name);
        Ok(())
    }

    /// Facts §3: needs desired count 0; then it drains.
    pub(super) fn delete_service(&mut self, name: &ServiceName) -> Answer {
        match self.services.get_mut(name) {
            None => return Ok(()),
            Some(service) if service.status == ServiceStatus::Draining => return Ok(()),
            Some(service) if service.desired_count > 0 => {
                let message = "The service cannot be stopped while it is scaled above 0.";
                return Err(Refusal::never("InvalidParameterException", message));
            }
            Some(service) => service.status = ServiceStatus::Draining,
        }
        self.service_drained(name);
        Ok(())
    }

    /// A service that was deleted is inactive some time after its last task is gone.
    pub(super) fn service_drained(&mut self, name: &ServiceName) {
        let draining = self.services.get(name).is_some_and(|service| service.status == ServiceStatus::Draining);
        if draining && self.tasks_of(name).next().is_none() {
            self.later(Kind::ServiceDelete, name.as_str(), Event::ServiceInactive(name.clone()));
        }
    }

    fn is_inactive(&self, name: &ServiceName) -> bool {
        self.inactive_services.get(name).is_some_and(|until| *until > self.now)
    }

    pub(super) fn service_inactive(&mut self, name: &ServiceName) {
        if self.services.get(name).is_some_and(|service| service.status == ServiceStatus::Draining) {
            self.services.remove(name);
            self.inactive_services.insert(name.clone(), self.now + KNOWN);
        }
    }
}
