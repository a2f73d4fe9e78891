//! Changes that people make, without Curfew's actions.

use curfew_core::model::*;

use super::Account;
use super::services::ServiceStatus;

impl Account {
    /// The DNS name that a load balancer has now.
    pub(crate) fn dns_name_of(&self, name: &LoadBalancerName) -> Option<String> {
        self.load_balancers.values().find(|one| one.name == *name).map(|one| one.dns_name.clone())
    }

    /// A listener, to be changed by hand.
    pub(crate) fn listener_by_hand(&mut self, name: &LoadBalancerName, port: u16) -> Option<&mut Listener> {
        let one = self.load_balancers.values_mut().find(|one| one.name == *name)?;
        one.configuration.listeners.get_mut(&port)
    }

    pub(crate) fn scale_by_hand(&mut self, name: &ServiceName, count: u32) -> Option<()> {
        let service = self.services.get_mut(name).filter(|one| one.status == ServiceStatus::Active)?;
        service.desired_count = count;
        self.place_tasks(name);
        Some(())
    }

    /// Stops or starts a database, if it can be.
    pub(crate) fn switch_database_by_hand(&mut self, id: &DatabaseId, to: DatabaseWhileUp) -> Option<()> {
        match to {
            DatabaseWhileUp::Running => self.start_database(id).ok(),
            DatabaseWhileUp::Stopped => self.stop_database(id).ok(),
        }
    }

    /// Stops or starts an instance, if it can be.
    pub(crate) fn switch_instance_by_hand(&mut self, id: &InstanceId, to: InstanceWhileUp) -> Option<()> {
        let state = self.instances.get(id)?.state;
        match (to, state) {
            (InstanceWhileUp::Running, InstanceState::Stopped) => self.start_instance(id).ok(),
            (InstanceWhileUp::Stopped, InstanceState::Running) => self.stop_instance(id).ok(),
            (InstanceWhileUp::Running | InstanceWhileUp::Stopped, _) => None,
        }
    }

    /// Gives an Auto Scaling group another capacity: a person, or one of its policies.
    pub(crate) fn resize_group_by_hand(&mut self, name: &AutoScalingGroupName, capacity: GroupCapacity) -> Option<()> {
        self.update_group(name, capacity).ok()
    }

    /// AWS begins something with a database that works: its daily backup, a change, a maintenance.
    pub(crate) fn begin_with_database(&mut self, id: &DatabaseId, status: DatabaseStatus) -> Option<()> {
        self.databases.get(id).filter(|one| one.status == DatabaseStatus::AVAILABLE)?;
        self.set_database(id, status);
        Some(())
    }

    pub(crate) fn delete_nat_gateway_by_hand(&mut self, id: &NatGatewayId) -> Option<()> {
        self.nat_gateways.get(id).filter(|one| one.state.is_alive())?;
        self.delete_nat_gateway(id).ok()
    }

    pub(crate) fn delete_load_balancer_by_hand(&mut self, name: &LoadBalancerName) -> Option<()> {
        let arn = self.load_balancers.iter().find(|(_, one)| one.name == *name).map(|(arn, _)| arn.clone())?;
        self.delete_load_balancer(&arn).ok()?;
        self.deleted_by_hand.insert(arn);
        Some(())
    }

    /// Deletes the endpoint of a service that works, but no stranger's.
    pub(crate) fn delete_vpc_endpoint_by_hand(
        &mut self,
        environment: &EnvironmentName,
        service: &EndpointServiceName,
    ) -> Option<()> {
        let mut all = self.vpc_endpoints.iter();
        // Several may be of one service, somebody else's among them: people go by the tag.
        let is_it = |one: &super::VpcEndpoint| {
            one.state.is_alive() && one.configuration.service == *service && is_of(environment, &one.tags)
        };
        let id = all.find(|(_, one)| is_it(one)).map(|(id, _)| id.clone())?;
        self.delete_vpc_endpoint(&id).ok()
    }
}
