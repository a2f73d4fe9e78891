//! The AWS SDK behind the core's ports.
//!
//! [`Aws`] is the account ([`Cloud`]), [`StateBucket`] the store, [`Topics`] the notifier, [`SystemClock`] the time,
//! [`AwsBudgets`] what budgets say, [`blueprints`] where blueprints are kept, [`deployments`] what a stack made. Each file
//! below is one kind of resource: how it is observed and which actions change it. Nothing here decides anything; no SDK type
//! leaves this module.

mod addresses;
mod alarms;
mod attachments;
mod auto_scaling_groups;
pub mod blueprints;
mod budgets;
mod capture;
mod clock;
mod cluster;
mod config;
mod databases;
pub mod deployments;
mod errors;
mod http;
mod instances;
mod load_balancers;
mod nat_gateways;
mod needs;
mod notifier;
mod other_users;
mod overrides;
mod parameters;
mod records;
mod routes;
mod safeguards;
mod scaling;
mod services;
mod standalone_tasks;
mod store;
mod tags;
mod targets;
mod tasks;
mod vpc_endpoints;
mod web_acls;
mod world;

use std::collections::BTreeSet;

use aws_config::SdkConfig;
use futures::future::join_all;

use crate::model::{Action, Observation, Part, Unobserved};
use crate::ports::{ActionError, Cloud, FoundOverrides, Scope, Token};

pub use budgets::AwsBudgets;
pub use clock::{InvalidRehearsal, SystemClock};
pub use config::{InvalidAttempts, in_region, load, of_function};
pub use errors::failed;
pub use notifier::Topics;
pub use store::StateBucket;
pub use world::AwsWorld;

/// An AWS account in one region.
#[derive(Debug)]
pub struct Aws {
    acm: aws_sdk_acm::Client,
    autoscaling: aws_sdk_autoscaling::Client,
    cloudwatch: aws_sdk_cloudwatch::Client,
    ec2: aws_sdk_ec2::Client,
    ecs: aws_sdk_ecs::Client,
    elb: aws_sdk_elasticloadbalancingv2::Client,
    rds: aws_sdk_rds::Client,
    route53: aws_sdk_route53::Client,
    tagging: aws_sdk_resourcegroupstagging::Client,
    attachments: attachments::Attachments,
    scaling: scaling::ApplicationAutoScaling,
    /// DNS changes made by this value that have not reached all servers yet.
    changes: records::Changes,
}

impl Aws {
    /// The account that the configuration's credentials belong to.
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            acm: aws_sdk_acm::Client::new(config),
            autoscaling: aws_sdk_autoscaling::Client::new(config),
            cloudwatch: aws_sdk_cloudwatch::Client::new(config),
            ec2: aws_sdk_ec2::Client::new(config),
            ecs: aws_sdk_ecs::Client::new(config),
            elb: aws_sdk_elasticloadbalancingv2::Client::new(config),
            rds: aws_sdk_rds::Client::new(config),
            route53: aws_sdk_route53::Client::new(config),
            tagging: aws_sdk_resourcegroupstagging::Client::new(config),
            attachments: attachments::Attachments::new(config),
            scaling: scaling::ApplicationAutoScaling::new(config),
            changes: records::Changes::default(),
        }
    }

    /// Looks at one part. The narrower parts of load balancers are nothing beside all of them.
    async fn look(&self, scope: Scope<'_>, part: &Part, parts: &BTreeSet<Part>, known: &Observation) -> Observation {
        match part {
            Part::Addresses => addresses::look(&self.ec2, scope, known).await,
            Part::NatGateways => nat_gateways::look(&self.ec2, scope).await,
            Part::Routes => routes::look(&self.ec2, scope).await,
            Part::LoadBalancers => load_balancers::look(&self.elb, &self.attachments, scope).await,
            Part::LoadBalancerConfiguration(name) if !parts.contains(&Part::LoadBalancers) => {
                load_balancers::look_at_configuration(&self.elb, &self.attachments, scope, name, known).await
            }
            Part::LoadBalancerStates if !parts.contains(&Part::LoadBalancers) => {
                load_balancers::look_at_states(&self.elb, parts, known).await
            }
            Part::LoadBalancerConfiguration(_) | Part::LoadBalancerStates => Observation::default(),
            Part::TargetHealth => targets::look(&self.elb, scope, known).await,
            Part::TargetsOf(group) => targets::look_at(&self.elb, group, known).await,
            Part::Records => records::look(&self.route53, scope, &self.changes).await,
            Part::Services => services::look(&self.ecs, &self.scaling, scope, known).await,
            Part::Databases => databases::look(&self.rds, scope).await,
            Part::StandaloneTasks => standalone_tasks::look(&self.ecs, scope).await,
            Part::OtherUsers => other_users::look(&self.ec2, &self.ecs, &self.elb, scope, known).await,
            Part::Needs => {
                let clients = needs::Clients { acm: &self.acm, ec2: &self.ec2, elb: &self.elb };
                needs::look(clients, scope, known).await
            }
            Part::VpcEndpoints => vpc_endpoints::look(&self.ec2, scope).await,
            Part::Instances => instances::look(&self.ec2, scope).await,
            Part::AutoScalingGroups => auto_scaling_groups::look(&self.autoscaling, scope).await,
            Part::Alarms => alarms::look(&self.cloudwatch, scope, known).await,
        }
    }
}

impl Cloud for Aws {
    async fn observe(&self, scope: Scope<'_>, parts: &BTreeSet<Part>, known: &Observation) -> Observation {
        let looks = join_all(parts.iter().map(|part| self.look(scope, part, parts, known))).await;
        let mut observation = Observation::default();
        for seen in looks {
            observation.update(seen);
        }
        observation
    }

    async fn perform(&self, scope: Scope<'_>, action: &Action, token: &Token) -> Result<(), ActionError> {
        match action {
            Action::AllocateAddress { tags, .. } => addresses::allocate(&self.ec2, tags).await,
            Action::ReleaseAddress { allocation, .. } => addresses::release(&self.ec2, allocation).await,
            Action::CreateNatGateway { subnet, allocation, tags, .. } => {
                nat_gateways::create(&self.ec2, subnet, allocation, tags, token).await
            }
            Action::DeleteNatGateway { nat_gateway, .. } => nat_gateways::delete(&self.ec2, nat_gateway).await,
            Action::CreateRoute { route, nat_gateway } => routes::create(&self.ec2, route, nat_gateway).await,
            Action::ReplaceRoute { route, nat_gateway } => routes::replace(&self.ec2, route, nat_gateway).await,
            Action::CreateLoadBalancer { name, load_balancer, tags } => {
                load_balancers::create(&self.elb, name, load_balancer, tags).await
            }
            Action::ModifyLoadBalancerAttributes { load_balancer, attributes, .. } => {
                load_balancers::modify_attributes(&self.elb, load_balancer, attributes).await
            }
            Action::AssociateWebAcl { load_balancer, web_acl, .. } => {
                self.attachments.associate(load_balancer, web_acl).await
            }
            Action::DeleteLoadBalancer { load_balancer, .. } => load_balancers::delete(&self.elb, load_balancer).await,
            Action::CreateListener { load_balancer, port, listener, tags, .. } => {
                load_balancers::create_listener(&self.elb, load_balancer, *port, listener, tags).await
            }
            Action::ModifyListenerAttributes { listener, attributes, .. } => {
                load_balancers::modify_listener_attributes(&self.elb, listener, attributes).await
            }
            Action::AddListenerCertificates { listener, certificates, .. } => {
                load_balancers::add_certificates(&self.elb, listener, certificates).await
            }
            Action::CreateRule { listener, priority, rule, tags, .. } => {
                load_balancers::create_rule(&self.elb, listener, *priority, rule, tags).await
            }
            Action::ChangeResourceRecordSets { zone, changes } => {
                records::change(&self.route53, zone, changes, &self.changes).await
            }
            Action::UpdateService { service, desired_count, .. } => {
                services::update(&self.ecs, scope.cluster, service, *desired_count).await
            }
            Action::CreateService { name, task_definition, definition, desired_count, tags } => {
                let wanted = services::NewService { name, task_definition, definition, desired_count: *desired_count };
                services::create(&self.ecs, scope.cluster, wanted, tags, token).await
            }
            Action::DeleteService { service, .. } => services::delete(&self.ecs, scope.cluster, service).await,
            Action::StartDbInstance { instance, .. } => databases::start_instance(&self.rds, instance).await,
            Action::StopDbInstance { instance, .. } => databases::stop_instance(&self.rds, instance).await,
            Action::StartDbCluster { cluster, .. } => databases::start_cluster(&self.rds, cluster).await,
            Action::StopDbCluster { cluster, .. } => databases::stop_cluster(&self.rds, cluster).await,
            Action::StartInstances { instance, .. } => instances::start(&self.ec2, instance).await,
            Action::StopInstances { instance, .. } => instances::stop(&self.ec2, instance).await,
            Action::UpdateAutoScalingGroup { group, capacity, .. } => {
                auto_scaling_groups::update(&self.autoscaling, group, *capacity).await
            }
            Action::RegisterScalableTarget { name, suspended, .. } => {
                self.scaling.suspend(scope.cluster, name, suspended).await
            }
            Action::PutScalingPolicy { name, policy, configuration, .. } => {
                self.scaling.put_policy(scope.cluster, name, policy, configuration).await
            }
            Action::CreateVpcEndpoint { vpc_endpoint, tags, .. } => {
                vpc_endpoints::create(&self.ec2, vpc_endpoint, tags, token).await
            }
            Action::DeleteVpcEndpoints { vpc_endpoint, .. } => vpc_endpoints::delete(&self.ec2, vpc_endpoint).await,
            Action::TagCluster { tags } => cluster::tag(&self.ecs, scope.cluster, tags).await,
            Action::UntagCluster { keys } => cluster::untag(&self.ecs, scope.cluster, keys).await,
            Action::PutMetricAlarm { alarm, .. } => alarms::put(&self.cloudwatch, alarm).await,
        }
    }

    async fn overrides(&self, scope: Scope<'_>) -> Result<FoundOverrides, Unobserved> {
        overrides::find(self, scope).await.map_err(|error| errors::unobserved(&error))
    }
}
