//! Actions as calls: each action is one.

use curfew_core::model::*;
use curfew_core::ports::Token;

use super::Account;
use super::refusal::Refusal;
use super::services::NewService;
use crate::latency::Kind;

impl Account {
    /// Performs one action.
    ///
    /// # Errors
    /// As AWS refuses it. What is already there or already gone is no error, as the port demands.
    pub fn perform(&mut self, action: &Action, token: &Token) -> Result<(), Refusal> {
        self.finds_what_is_named(action)?;
        match action {
            Action::AllocateAddress { tags, .. } => self.allocate_address(tags),
            Action::ReleaseAddress { allocation, .. } => self.release_address(allocation.id()),
            Action::CreateNatGateway { subnet, allocation, tags, .. } => {
                self.create_nat_gateway(subnet, allocation, tags, token.as_str())
            }
            Action::DeleteNatGateway { nat_gateway, .. } => self.delete_nat_gateway(nat_gateway.id()),
            Action::CreateRoute { route, nat_gateway } => self.create_route(route, nat_gateway),
            Action::ReplaceRoute { route, nat_gateway } => self.replace_route(route, nat_gateway),
            Action::CreateLoadBalancer { name, load_balancer, tags } => {
                self.create_load_balancer(name, load_balancer, tags)
            }
            Action::ModifyLoadBalancerAttributes { load_balancer, attributes, .. } => {
                self.modify_load_balancer_attributes(load_balancer.id(), attributes)
            }
            Action::AssociateWebAcl { load_balancer, web_acl, .. } => {
                self.associate_web_acl(load_balancer.id(), web_acl)
            }
            Action::DeleteLoadBalancer { load_balancer, .. } => self.delete_load_balancer(load_balancer.id()),
            Action::CreateListener { load_balancer, port, listener, tags, .. } => {
                self.create_listener(load_balancer.id(), *port, listener, tags)
            }
            Action::ModifyListenerAttributes { listener, attributes, .. } => {
                self.modify_listener_attributes(listener, attributes)
            }
            Action::AddListenerCertificates { listener, certificates, .. } => {
                self.add_certificates(listener, certificates)
            }
            Action::CreateRule { listener, priority, rule, tags, .. } => {
                self.create_rule(listener, *priority, rule, tags)
            }
            Action::ChangeResourceRecordSets { changes, .. } => self.change_records(changes),
            Action::UpdateService { name, desired_count, .. } => self.update_service(name, *desired_count),
            Action::CreateService { name, task_definition: family, definition, desired_count, tags } => {
                let desired_count = *desired_count;
                let token = token.as_str();
                self.create_service(NewService { name, family, definition, desired_count, tags, token })
            }
            Action::DeleteService { name, .. } => self.delete_service(name),
            Action::StartDbInstance { instance: id, .. } | Action::StartDbCluster { cluster: id, .. } => {
                self.start_database(id.id())
            }
            Action::StopDbInstance { instance: id, .. } | Action::StopDbCluster { cluster: id, .. } => {
                self.stop_database(id.id())
            }
            Action::StartInstances { instance, .. } => self.start_instance(instance.id()),
            Action::StopInstances { instance, .. } => self.stop_instance(instance.id()),
            Action::UpdateAutoScalingGroup { group, capacity, .. } => self.update_group(group.id(), *capacity),
            Action::RegisterScalableTarget { name, suspended, .. } => self.register_scalable_target(name, suspended),
            Action::PutScalingPolicy { name, policy, configuration, .. } => {
                self.put_scaling_policy(name, policy, configuration)
            }
            Action::CreateVpcEndpoint { vpc_endpoint, tags, .. } => {
                self.create_vpc_endpoint(vpc_endpoint, tags, token.as_str())
            }
            Action::DeleteVpcEndpoints { vpc_endpoint, .. } => self.delete_vpc_endpoint(vpc_endpoint.id()),
            Action::PutMetricAlarm { alarm, .. } => self.put_metric_alarm(alarm),
            Action::TagCluster { tags } => {
                self.cluster_tags.extend(tags.clone());
                Ok(())
            }
            Action::UntagCluster { keys } => {
                self.cluster_tags.retain(|key, _| !keys.contains(key));
                Ok(())
            }
        }
    }
}

/// The kind of duration that an action's call has.
pub(crate) fn duration_of(action: &Action) -> Kind {
    match action {
        Action::AllocateAddress { .. } => Kind::AddressAllocate,
        Action::ReleaseAddress { .. } => Kind::AddressRelease,
        Action::CreateRoute { .. } | Action::ReplaceRoute { .. } => Kind::RouteCall,
        Action::CreateLoadBalancer { .. }
        | Action::ModifyLoadBalancerAttributes { .. }
        | Action::DeleteLoadBalancer { .. }
        | Action::CreateListener { .. }
        | Action::ModifyListenerAttributes { .. }
        | Action::AddListenerCertificates { .. }
        | Action::CreateRule { .. } => Kind::ListenerCall,
        Action::UpdateService { .. } | Action::CreateService { .. } | Action::DeleteService { .. } => Kind::ServiceCall,
        Action::CreateNatGateway { .. }
        | Action::DeleteNatGateway { .. }
        | Action::AssociateWebAcl { .. }
        | Action::ChangeResourceRecordSets { .. }
        | Action::StartDbInstance { .. }
        | Action::StopDbInstance { .. }
        | Action::StartDbCluster { .. }
        | Action::StopDbCluster { .. }
        | Action::StartInstances { .. }
        | Action::StopInstances { .. }
        | Action::UpdateAutoScalingGroup { .. }
        | Action::RegisterScalableTarget { .. }
        | Action::PutScalingPolicy { .. }
        | Action::CreateVpcEndpoint { .. }
        | Action::DeleteVpcEndpoints { .. }
        | Action::PutMetricAlarm { .. }
        | Action::TagCluster { .. }
        | Action::UntagCluster { .. } => Kind::OtherCall,
    }
}
