//! How capture sees an account: what is there at all. One method for each kind, none of which changes anything.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use super::found::{Address, Compute, Database, Ecs, LoadBalancer, NatGateway, Network, Records, Tenant, VpcEndpoint};
use crate::mentions::{Mentions, Needle};
use crate::model::{AllocationId, ClusterName, StandaloneTask, TaskSize, Unobserved, VpcId};

/// Finds what an account has in one region, whosever it is. Read-only.
///
/// # Errors
/// Each method answers with all there is of its kind, or with the reason why that could not be told: a part of it would
/// pass for all of it (invariant 4).
pub trait Finder: Send + Sync {
    /// VPCs, subnets and route tables.
    fn network(&self) -> impl Future<Output = Result<Network, Unobserved>> + Send;

    /// NAT gateways that are there to stay.
    fn nat_gateways(&self) -> impl Future<Output = Result<Vec<NatGateway>, Unobserved>> + Send;

    /// Elastic IPs.
    fn addresses(&self) -> impl Future<Output = Result<BTreeMap<AllocationId, Address>, Unobserved>> + Send;

    /// Load balancers of all kinds but the classic one.
    fn load_balancers(&self) -> impl Future<Output = Result<Vec<LoadBalancer>, Unobserved>> + Send;

    /// Instances and Lambda functions in the subnets of a VPC.
    fn tenants(&self, vpc: &VpcId) -> impl Future<Output = Result<BTreeSet<Tenant>, Unobserved>> + Send;

    /// ECS clusters and services.
    fn ecs(&self) -> impl Future<Output = Result<Ecs, Unobserved>> + Send;

    /// Tasks of a cluster that no service started.
    fn standalone_tasks(
        &self,
        cluster: &ClusterName,
    ) -> impl Future<Output = Result<BTreeSet<StandaloneTask>, Unobserved>> + Send;

    /// Where else ids and names are written that are others each morning. `definitions` are the task definitions to look
    /// through; `own` are the load balancers whose rules are given the new names.
    fn mentions(
        &self,
        needles: &[Needle],
        definitions: &BTreeSet<String>,
        own: &BTreeSet<String>,
    ) -> impl Future<Output = Mentions> + Send;

    /// DB instances and clusters.
    fn databases(&self) -> impl Future<Output = Result<Vec<Database>, Unobserved>> + Send;

    /// VPC endpoints that are there to stay.
    fn vpc_endpoints(&self) -> impl Future<Output = Result<Vec<VpcEndpoint>, Unobserved>> + Send;

    /// EC2 instances that no group made, and Auto Scaling groups.
    fn compute(&self) -> impl Future<Output = Result<Compute, Unobserved>> + Send;

    /// The records that lead to load balancers of these DNS names, in all zones the caller may list. A zone that cannot
    /// be read is named in the answer.
    fn records(&self, dns_names: &BTreeSet<String>) -> impl Future<Output = Result<Records, Unobserved>> + Send;

    /// The sizes of the tasks of some task definitions; one that does not say its size is left out.
    fn task_sizes(
        &self,
        task_definitions: &BTreeSet<String>,
    ) -> impl Future<Output = Result<BTreeMap<String, TaskSize>, Unobserved>> + Send;
}
