//! What an account has at all, for a capture. Read-only: describe and list calls alone.

mod compute;
mod databases;
mod ecs;
mod load_balancers;
mod mentions;
mod network;
mod records;
mod tenants;
mod vpc_endpoints;

use std::collections::{BTreeMap, BTreeSet};

use super::errors::unobserved;
use super::{Aws, standalone_tasks};
use crate::capture::Finder;
use crate::capture::found::{
    Address, Compute, Database, Ecs, LoadBalancer, NatGateway, Network, Records, Tenant, VpcEndpoint,
};
use crate::mentions::{Mentions, Needle};
use crate::model::{AllocationId, ClusterName, StandaloneTask, TaskSize, Unobserved, VpcId};

/// So many calls of one kind are under way at the same time: enough for a capture in a minute, few enough for AWS.
const AT_ONCE: usize = 8;

impl Finder for Aws {
    async fn network(&self) -> Result<Network, Unobserved> {
        network::find(&self.ec2).await.map_err(|error| unobserved(&error))
    }

    async fn nat_gateways(&self) -> Result<Vec<NatGateway>, Unobserved> {
        network::nat_gateways(&self.ec2).await.map_err(|error| unobserved(&error))
    }

    async fn addresses(&self) -> Result<BTreeMap<AllocationId, Address>, Unobserved> {
        network::addresses(&self.ec2).await.map_err(|error| unobserved(&error))
    }

    async fn load_balancers(&self) -> Result<Vec<LoadBalancer>, Unobserved> {
        load_balancers::find(&self.elb).await.map_err(|error| unobserved(&error))
    }

    async fn tenants(&self, vpc: &VpcId) -> Result<BTreeSet<Tenant>, Unobserved> {
        tenants::find(&self.ec2, vpc).await.map_err(|error| unobserved(&error))
    }

    async fn ecs(&self) -> Result<Ecs, Unobserved> {
        ecs::find(&self.ecs).await.map_err(|error| unobserved(&error))
    }

    async fn standalone_tasks(&self, cluster: &ClusterName) -> Result<BTreeSet<StandaloneTask>, Unobserved> {
        standalone_tasks::running(&self.ecs, cluster).await.map_err(|error| unobserved(&error))
    }

    async fn mentions(&self, needles: &[Needle], definitions: &BTreeSet<String>, own: &BTreeSet<String>) -> Mentions {
        mentions::find(self, needles, definitions, own).await
    }

    async fn databases(&self) -> Result<Vec<Database>, Unobserved> {
        databases::find(&self.rds).await.map_err(|error| unobserved(&error))
    }

    async fn vpc_endpoints(&self) -> Result<Vec<VpcEndpoint>, Unobserved> {
        vpc_endpoints::find(&self.ec2).await.map_err(|error| unobserved(&error))
    }

    async fn compute(&self) -> Result<Compute, Unobserved> {
        compute::find(&self.ec2, &self.autoscaling).await.map_err(|error| unobserved(&error))
    }

    async fn records(&self, dns_names: &BTreeSet<String>) -> Result<Records, Unobserved> {
        records::find(&self.route53, dns_names).await.map_err(|error| unobserved(&error))
    }

    async fn task_sizes(&self, definitions: &BTreeSet<String>) -> Result<BTreeMap<String, TaskSize>, Unobserved> {
        ecs::task_sizes(&self.ecs, definitions).await.map_err(|error| unobserved(&error))
    }
}
