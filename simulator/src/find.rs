//! What a capture finds in the simulated account: it has one VPC, and one zone called `a`.

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::capture::Finder;
use curfew_core::capture::found::{
    self, Address, Compute, Database, Ecs, Followers, LoadBalancer, LoadBalancerKind, NatGateway, Network, Record,
    RecordForm, Records, RouteTable, Service, Subnet, Tenant, VpcEndpoint, VpcEndpointKind,
};
use curfew_core::mentions::{Mentions, Needle};
use curfew_core::model::*;

use crate::account::{Account, RouteTo, ServiceStatus, parsed};
use crate::world::World;

/// Where all of it is.
fn vpc() -> VpcId {
    parsed("vpc-0da0000000000001a".to_owned())
}

/// Where the tasks live that do not say where.
fn subnet_of_tasks() -> SubnetId {
    parsed("subnet-0da0000000000001a".to_owned())
}

impl Finder for World {
    async fn standalone_tasks(&self, _: &ClusterName) -> Result<BTreeSet<StandaloneTask>, Unobserved> {
        Ok(self.simulation().now_inner().account.standalone_tasks.keys().cloned().collect())
    }

    /// Nobody writes them anywhere.
    async fn mentions(&self, _: &[Needle], _: &BTreeSet<String>, _: &BTreeSet<String>) -> Mentions {
        Mentions::default()
    }

    async fn network(&self) -> Result<Network, Unobserved> {
        Ok(network(&self.simulation().now_inner().account))
    }

    async fn nat_gateways(&self) -> Result<Vec<NatGateway>, Unobserved> {
        let inner = self.simulation().now_inner();
        let alive = inner.account.nat_gateways.iter().filter(|(_, one)| one.state.is_alive());
        let read = alive.map(|(id, one)| NatGateway {
            id: id.clone(),
            vpc: vpc(),
            subnet: Some(one.subnet.clone()),
            allocation: Some(one.allocation.clone()),
            tags: one.tags.clone(),
        });
        Ok(read.collect())
    }

    async fn addresses(&self) -> Result<BTreeMap<AllocationId, Address>, Unobserved> {
        let inner = self.simulation().now_inner();
        let read = inner
            .account
            .addresses
            .iter()
            .map(|(id, one)| (id.clone(), Address { public_ip: one.public_ip.clone(), tags: one.tags.clone() }));
        Ok(read.collect())
    }

    async fn load_balancers(&self) -> Result<Vec<LoadBalancer>, Unobserved> {
        let inner = self.simulation().now_inner();
        let read = inner.account.load_balancers.iter().map(|(arn, one)| LoadBalancer {
            name: one.name.clone(),
            arn: arn.clone(),
            kind: LoadBalancerKind::Application,
            vpc: vpc(),
            dns_name: one.dns_name.to_ascii_lowercase(),
            target_groups: one.configuration.target_groups(),
            tags: one.tags.clone(),
        });
        Ok(read.collect())
    }

    async fn tenants(&self, _: &VpcId) -> Result<BTreeSet<Tenant>, Unobserved> {
        Ok(BTreeSet::new())
    }

    async fn ecs(&self) -> Result<Ecs, Unobserved> {
        let inner = self.simulation().now_inner();
        let account = &inner.account;
        let standing = account.services.iter().filter(|(_, one)| one.status == ServiceStatus::Active);
        let read = standing.map(|(name, one)| Service {
            cluster: account.cluster(),
            name: name.clone(),
            arn: one.arn.clone(),
            subnets: one.definition.as_ref().map_or_else(|| [subnet_of_tasks()].into(), |one| one.subnets.clone()),
            target_groups: one.target_groups.clone(),
            desired_count: one.desired_count,
            maximum_percent: one.maximum_percent,
            task_definition: one.family.to_string(),
            tags: one.tags.clone(),
        });
        let clusters = [(account.cluster(), account.cluster_tags.clone())].into();
        Ok(Ecs { clusters, services: read.collect() })
    }

    async fn databases(&self) -> Result<Vec<Database>, Unobserved> {
        let inner = self.simulation().now_inner();
        let read = inner.account.databases.iter().map(|(id, one)| Database {
            id: id.clone(),
            vpc: Some(vpc()),
            tags: one.tags.clone(),
        });
        Ok(read.collect())
    }

    async fn vpc_endpoints(&self) -> Result<Vec<VpcEndpoint>, Unobserved> {
        let inner = self.simulation().now_inner();
        let alive = inner.account.vpc_endpoints.iter().filter(|(_, one)| one.state.is_alive());
        let read = alive.map(|(id, one)| VpcEndpoint {
            id: id.clone(),
            kind: VpcEndpointKind::Interface,
            service: one.configuration.service.clone(),
            vpc: one.configuration.vpc.clone(),
            tags: one.tags.clone(),
        });
        Ok(read.collect())
    }

    async fn compute(&self) -> Result<Compute, Unobserved> {
        let inner = self.simulation().now_inner();
        let account = &inner.account;
        let instances = account.instances.iter().map(|(id, one)| found::Instance {
            id: id.clone(),
            vpc: Some(vpc()),
            tags: one.tags.clone(),
        });
        let groups = account.auto_scaling_groups.iter().map(|(name, one)| found::AutoScalingGroup {
            name: name.clone(),
            subnets: [subnet_of_tasks()].into(),
            tags: one.tags.clone(),
        });
        Ok(Compute { instances: instances.collect(), groups: groups.collect() })
    }

    async fn records(&self, dns_names: &BTreeSet<String>) -> Result<Records, Unobserved> {
        let inner = self.simulation().now_inner();
        let records = inner.account.records.iter().filter_map(|(key, record)| {
            let RecordTarget::Alias { dns_name, .. } = &record.target else { return None };
            let load_balancer = dns_name.strip_prefix("dualstack.").unwrap_or(dns_name).to_ascii_lowercase();
            dns_names.contains(&load_balancer).then(|| Record {
                zone: key.zone.clone(),
                name: key.name.clone(),
                form: RecordForm::Alias(key.kind),
                load_balancer,
            })
        });
        Ok(Records { records: records.collect(), unread: Vec::new() })
    }

    async fn task_sizes(&self, wanted: &BTreeSet<String>) -> Result<BTreeMap<String, TaskSize>, Unobserved> {
        let inner = self.simulation().now_inner();
        let sizes = inner.account.task_sizes.iter().map(|(family, size)| (family.to_string(), *size));
        Ok(sizes.filter(|(family, _)| wanted.contains(family)).collect())
    }
}

fn network(account: &Account) -> Network {
    let of_gateways = account.nat_gateways.values().map(|one| one.subnet.clone());
    let of_balancers = account.load_balancers.values().flat_map(|one| one.configuration.subnets.iter().cloned());
    let of_services = account.services.values().filter_map(|one| one.definition.as_ref());
    let of_services = of_services.flat_map(|definition| definition.subnets.iter().cloned());
    let subnets = of_gateways.chain(of_balancers).chain(of_services).chain([subnet_of_tasks()]);
    let zone = format!("{}a", account.region());
    let subnet = |id| (id, Subnet { vpc: vpc(), zone: zone.clone(), tags: Tags::new() });
    Network {
        vpcs: [(vpc(), Tags::new())].into(),
        subnets: subnets.map(subnet).collect(),
        route_tables: account.route_tables.iter().map(|id| route_table(account, id)).collect(),
    }
}

fn route_table(account: &Account, id: &RouteTableId) -> RouteTable {
    let routes = account.routes.iter().filter(|(key, _)| key.route_table == *id);
    let nat_routes = routes.filter_map(|(key, to)| match to {
        RouteTo::NatGateway(gateway) => Some((key.destination.clone(), gateway.clone())),
        RouteTo::Other(_) => None,
    });
    let followers = Followers::Subnets(BTreeSet::new());
    let nat_routes = nat_routes.collect();
    RouteTable { id: id.clone(), vpc: vpc(), followers, nat_routes, nat_instances: BTreeSet::new(), tags: Tags::new() }
}
