//! What a [`super::Finder`] finds in an account: ids, tags, and what leads where. How things are configured is looked at
//! afterwards, through [`crate::ports::Cloud`], as every run does.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::*;

/// The base tier's network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    /// VPCs with their tags.
    pub vpcs: BTreeMap<VpcId, Tags>,
    /// Subnets.
    pub subnets: BTreeMap<SubnetId, Subnet>,
    /// Route tables.
    pub route_tables: Vec<RouteTable>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// The VPC it is in.
    pub vpc: VpcId,
    /// Its availability zone: `us-west-2a`.
    pub zone: String,
    /// Its tags.
    pub tags: Tags,
}

/// Which subnets follow a route table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followers {
    /// All of its VPC's that follow no other.
    Main(BTreeSet<SubnetId>),
    /// These alone.
    Subnets(BTreeSet<SubnetId>),
}

/// A route table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteTable {
    /// Which.
    pub id: RouteTableId,
    /// The VPC it is in.
    pub vpc: VpcId,
    /// The subnets it counts for.
    pub followers: Followers,
    /// Where it leads to NAT gateways: by destination, a range or a prefix list.
    pub nat_routes: BTreeMap<String, NatGatewayId>,
    /// The instances that it leads through.
    pub nat_instances: BTreeSet<InstanceId>,
    /// Its tags.
    pub tags: Tags,
}

/// A NAT gateway that is there to stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatGateway {
    /// Which.
    pub id: NatGatewayId,
    /// The VPC it is in.
    pub vpc: VpcId,
    /// Its subnet; none of a regional one.
    pub subnet: Option<SubnetId>,
    /// The elastic IP it leaves by; none of a private one.
    pub allocation: Option<AllocationId>,
    /// Its tags.
    pub tags: Tags,
}

/// What kind of VPC endpoint one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VpcEndpointKind {
    /// An interface endpoint.
    Interface,
    /// An interface endpoint that belongs to the service which made it.
    Managed,
    /// A gateway endpoint.
    Gateway,
    /// Another one, as AWS writes it.
    Other(String),
}

/// A VPC endpoint that is there to stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VpcEndpoint {
    /// Which.
    pub id: VpcEndpointId,
    /// What kind it is.
    pub kind: VpcEndpointKind,
    /// The service it leads to.
    pub service: EndpointServiceName,
    /// The VPC it is in.
    pub vpc: VpcId,
    /// Its tags.
    pub tags: Tags,
}

/// An EC2 instance that is there to stay, and that no Auto Scaling group made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Which.
    pub id: InstanceId,
    /// The VPC it is in.
    pub vpc: Option<VpcId>,
    /// Its tags.
    pub tags: Tags,
}

/// An Auto Scaling group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoScalingGroup {
    /// What it is called.
    pub name: AutoScalingGroupName,
    /// Where its instances are.
    pub subnets: BTreeSet<SubnetId>,
    /// Its tags.
    pub tags: Tags,
}

/// What computes without ECS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compute {
    /// Instances.
    pub instances: Vec<Instance>,
    /// Auto Scaling groups.
    pub groups: Vec<AutoScalingGroup>,
}

/// An elastic IP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address itself.
    pub public_ip: String,
    /// Its tags.
    pub tags: Tags,
}

/// What kind of load balancer one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadBalancerKind {
    /// An application load balancer.
    Application,
    /// Another one, as AWS writes it: `network`, `gateway`.
    Other(String),
}

/// A load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadBalancer {
    /// What it is called.
    pub name: LoadBalancerName,
    /// Which.
    pub arn: LoadBalancerArn,
    /// What kind it is.
    pub kind: LoadBalancerKind,
    /// The VPC it is in.
    pub vpc: VpcId,
    /// Its DNS name, in lower case.
    pub dns_name: String,
    /// The target groups that its listeners and rules forward to.
    pub target_groups: BTreeSet<TargetGroupArn>,
    /// Its tags.
    pub tags: Tags,
}

/// ECS: the clusters, and their services that are there to stay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ecs {
    /// Clusters with their tags.
    pub clusters: BTreeMap<ClusterName, Tags>,
    /// The services of all of them.
    pub services: Vec<Service>,
}

/// An ECS service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its cluster.
    pub cluster: ClusterName,
    /// What it is called.
    pub name: ServiceName,
    /// Which.
    pub arn: ServiceArn,
    /// The subnets its tasks live in; none where they share their instances' network.
    pub subnets: BTreeSet<SubnetId>,
    /// The target groups its tasks register in.
    pub target_groups: BTreeSet<TargetGroupArn>,
    /// How many tasks it should have.
    pub desired_count: u32,
    /// The most tasks during a deployment, in percent of the desired count.
    pub maximum_percent: u32,
    /// Its task definition with its revision, by name or ARN.
    pub task_definition: String,
    /// Its tags.
    pub tags: Tags,
}

/// A DB instance that is in no cluster, or a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Which.
    pub id: DatabaseId,
    /// The VPC it is in; none of a cluster without instances.
    pub vpc: Option<VpcId>,
    /// Its tags.
    pub tags: Tags,
}

/// Something in a subnet that is no task of ECS, and may leave by a NAT gateway as tasks do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenant {
    /// What it is, in words: `instance i-0a1b2c3d`.
    pub what: String,
    /// Where.
    pub subnet: SubnetId,
}

/// How a record leads to a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordForm {
    /// As an alias of one of the types that Curfew brings back.
    Alias(RecordKind),
    /// Otherwise, in words: `a CNAME`.
    Other(String),
}

/// A DNS record that leads to a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its zone.
    pub zone: HostedZoneId,
    /// Its name, in lower case and without the last dot.
    pub name: String,
    /// How it leads there.
    pub form: RecordForm,
    /// The load balancer's DNS name, in lower case, without `dualstack.` and the last dot.
    pub load_balancer: String,
}

/// The records that lead to some load balancers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// In the zones that could be read.
    pub records: Vec<Record>,
    /// Zones that could not be read, with the reason.
    pub unread: Vec<(String, Unobserved)>,
}

impl Network {
    /// The route table that a subnet follows.
    pub fn table_of(&self, subnet: &SubnetId) -> Option<&RouteTable> {
        let vpc = &self.subnets.get(subnet)?.vpc;
        let explicit = |table: &&RouteTable| match &table.followers {
            Followers::Main(subnets) | Followers::Subnets(subnets) => subnets.contains(subnet),
        };
        let main = |table: &&RouteTable| match &table.followers {
            Followers::Main(_) => table.vpc == *vpc,
            Followers::Subnets(_) => false,
        };
        self.route_tables.iter().find(explicit).or_else(|| self.route_tables.iter().find(main))
    }

    /// The VPCs that some subnets are in.
    pub fn vpcs_of(&self, subnets: &BTreeSet<SubnetId>) -> BTreeSet<&VpcId> {
        subnets.iter().filter_map(|id| self.subnets.get(id)).map(|subnet| &subnet.vpc).collect()
    }
}
