//! What stands from the beginning: laid whole, without waiting.

use curfew_core::model::*;
use curfew_core::placing::NatGatewayState;

use super::nat_gateways::NatGateway;
use super::services::Service;
use super::targets::TargetState;
use super::tasks::TaskState;
use super::{Account, DateTime, Utc};

impl NatGateway {
    /// One that works.
    pub fn standing(subnet: SubnetId, allocation: AllocationId, tags: Tags, since: DateTime<Utc>) -> Self {
        let subject = subnet.to_string();
        let state = NatGatewayState::Available;
        Self { subnet, allocation, tags, state, since, gone_at: None, failure: None, subject }
    }
}

impl Account {
    /// A load balancer with all its listeners and rules, active.
    pub fn lay_load_balancer(
        &mut self,
        name: &LoadBalancerName,
        wanted: &LoadBalancer,
        tags: &Tags,
        environment: &EnvironmentName,
    ) {
        let made = self.add_load_balancer(name, wanted, tags);
        let tag = |name: String, own: &Tags| match wanted.adopted {
            Some(_) => own.clone(),
            None => tags_for(environment, &name, own),
        };
        let Some(mut one) = self.load_balancers.remove(&made) else { return };
        let arn = wanted.adopted.clone().unwrap_or(made);
        one.configuration.attributes.extend(wanted.attributes.clone());
        one.configuration.web_acl = wanted.web_acl.clone();
        for (port, listener) in &wanted.listeners {
            let mut laid = listener.clone();
            laid.attributes = attributes_of_new_listener(listener.protocol);
            laid.attributes.extend(listener.attributes.clone());
            laid.tags = tag(format!("{name}:{port}"), &listener.tags);
            for (priority, rule) in &mut laid.rules {
                rule.tags = tag(format!("{name}:{port}:{priority}"), &rule.tags);
            }
            one.configuration.listeners.insert(*port, laid);
            let resource = format!("listener/app/{name}/0da0000000000000/{port:016x}");
            one.listeners.insert(*port, super::parsed(self.arn("elasticloadbalancing", &resource)));
        }
        one.is_active = true;
        self.load_balancers.insert(arn, one);
    }

    /// A service with its tasks running and healthy.
    pub fn lay_service(&mut self, name: &ServiceName, service: Service) {
        self.revisions.insert(service.family.clone(), service.revision);
        let (count, groups) = (service.desired_count, service.target_groups.clone());
        self.services.insert(name.clone(), service);
        for _ in 0..count {
            self.start_task(name);
        }
        let tasks: Vec<_> = self.tasks_of(name).map(|(id, _)| id).collect();
        for id in tasks {
            if let Some(task) = self.tasks.get_mut(&id) {
                task.state = TaskState::Running;
            }
            for group in &groups {
                if let Some(group) = self.target_groups.get_mut(group) {
                    group.targets.insert(id, TargetState::Healthy);
                }
            }
        }
    }
}

impl Account {
    /// Somebody else's load balancer, which listens to nothing.
    pub fn lay_stranger(&mut self, name: &LoadBalancerName, tags: &Tags) {
        let wanted = LoadBalancer {
            scheme: Scheme::Internal,
            ip_address_type: IpAddressType::Ipv4,
            subnets: Default::default(),
            security_groups: Default::default(),
            attributes: Default::default(),
            tags: tags.clone(),
            web_acl: None,
            listeners: Default::default(),
            deletion_protection: DeletionProtection::Blocks,
            adopted: None,
            alarms: Alarms::default(),
        };
        let arn = self.add_load_balancer(name, &wanted, tags);
        if let Some(one) = self.load_balancers.get_mut(&arn) {
            one.is_active = true;
        }
    }
}
