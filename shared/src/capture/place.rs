//! Which VPC, which cluster and which environment an origin means.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Compute, Database, Ecs, LoadBalancer, NatGateway, Network, Service, VpcEndpoint};
use super::origin::{Ask, Origin};
use crate::model::*;

/// All that was found, before it is known what of it is meant.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub network: Network,
    pub nat_gateways: Vec<NatGateway>,
    pub addresses: BTreeMap<AllocationId, super::found::Address>,
    pub load_balancers: Vec<LoadBalancer>,
    pub ecs: Ecs,
    pub databases: Vec<Database>,
    pub vpc_endpoints: Vec<VpcEndpoint>,
    pub compute: Compute,
}

/// Where the environment is, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub vpc: VpcId,
    pub cluster: ClusterName,
    pub environment: EnvironmentName,
}

/// Why there is nothing to capture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoCapture {
    /// The network or the services, without which nothing can be judged, could not be looked at.
    #[error("the account could not be looked at: {0}")]
    Unobserved(#[from] Unobserved),
    /// There is nothing of the kind in the region.
    #[error("{origin} leads to no VPC in {region}; check its name, the region and the account")]
    NoVpc {
        /// Where it was to begin.
        origin: String,
        /// The region.
        region: Region,
    },
    /// It leads to more than one VPC.
    #[error("{origin} leads to {}; name one with --vpc", .vpcs.join(" and "))]
    SeveralVpcs {
        /// Where it was to begin.
        origin: String,
        /// The VPCs.
        vpcs: Vec<String>,
    },
    /// A cluster in which nothing runs.
    #[error(
        "the cluster {cluster} has no services and runs no tasks, so nothing tells its VPC; name that with --vpc, beside \
         --cluster {cluster}"
    )]
    EmptyCluster {
        /// Which.
        cluster: ClusterName,
    },
    /// A cluster of tasks that no service started.
    #[error(
        "the cluster {cluster} has no services, only tasks that something runs by itself ({}), which Curfew leaves to \
         whatever runs them; for the rest of their VPC name that with --vpc, beside --cluster {cluster}",
        named(.tasks)
    )]
    OnlyTasks {
        /// Which.
        cluster: ClusterName,
        /// What runs.
        tasks: BTreeSet<StandaloneTask>,
    },
    /// A cluster whose services name no subnets.
    #[error(
        "the services of the cluster {cluster} ({}) run on EC2 instances and name no subnets, so nothing tells their \
         VPC; name that with --vpc, beside --cluster {cluster}",
        .services.join(", ")
    )]
    NoSubnets {
        /// Which.
        cluster: ClusterName,
        /// Its services.
        services: Vec<String>,
    },
    /// No ECS service lives there.
    #[error(
        "no ECS service of {origin} has tasks in {vpc}; name the cluster, which carries the override, with --cluster"
    )]
    NoCluster {
        /// Where it was to begin.
        origin: String,
        /// The VPC.
        vpc: VpcId,
    },
    /// No such cluster.
    #[error("there is no cluster {cluster} in {region}")]
    UnknownCluster {
        /// Which.
        cluster: ClusterName,
        /// The region.
        region: Region,
    },
    /// Nothing says what the environment is called.
    #[error(
        "nothing there says what the environment is called (no tag Environment that fits); name it with --environment"
    )]
    NoName,
    /// The blueprint could not be put into words.
    #[error("the blueprint could not be written: {0}")]
    Unwritten(String),
}

/// Finds the place that an origin means.
pub(super) fn place(ask: &Ask, found: &Found) -> Result<Place, NoCapture> {
    let vpc = vpc(ask, found)?;
    let cluster = cluster(ask, found, &vpc)?;
    let environment = environment(ask, found, &vpc, &cluster)?;
    Ok(Place { vpc, cluster, environment })
}

fn vpc(ask: &Ask, found: &Found) -> Result<VpcId, NoCapture> {
    let origin = &ask.origin;
    let of_services = |services: &mut dyn Iterator<Item = &Service>| -> BTreeSet<VpcId> {
        services.flat_map(|service| found.network.vpcs_of(&service.subnets)).cloned().collect()
    };
    let vpcs: BTreeSet<VpcId> = match origin {
        Origin::Vpc(id) => found.network.vpcs.keys().filter(|vpc| *vpc == id).cloned().collect(),
        Origin::Cluster(name) => of_services(&mut found.ecs.services.iter().filter(|one| one.cluster == *name)),
        Origin::Stack(_) | Origin::Tag { .. } => {
            let tagged: BTreeSet<VpcId> =
                found.network.vpcs.iter().filter(|(_, tags)| origin.is_on(tags)).map(|(id, _)| id.clone()).collect();
            if tagged.is_empty() { vpcs_of_tagged(origin, found, of_services) } else { tagged }
        }
    };
    let mut each = vpcs.iter();
    match (each.next(), each.next()) {
        (Some(vpc), None) => Ok(vpc.clone()),
        (None, _) if matches!(origin, Origin::Cluster(_)) => Err(no_vpc_of_cluster(ask, found)),
        (None, _) => Err(NoCapture::NoVpc { origin: origin.to_string(), region: ask.region.clone() }),
        (Some(_), Some(_)) => Err(NoCapture::SeveralVpcs {
            origin: origin.to_string(),
            vpcs: vpcs.iter().map(VpcId::to_string).collect(),
        }),
    }
}

/// Why a cluster leads to no VPC, as far as its services tell.
fn no_vpc_of_cluster(ask: &Ask, found: &Found) -> NoCapture {
    let no_vpc = || NoCapture::NoVpc { origin: ask.origin.to_string(), region: ask.region.clone() };
    let Origin::Cluster(cluster) = &ask.origin else { return no_vpc() };
    if !found.ecs.clusters.contains_key(cluster) {
        return NoCapture::UnknownCluster { cluster: cluster.clone(), region: ask.region.clone() };
    }
    let services: Vec<&Service> = found.ecs.services.iter().filter(|one| one.cluster == *cluster).collect();
    if services.is_empty() {
        return NoCapture::EmptyCluster { cluster: cluster.clone() };
    }
    if services.iter().all(|one| one.subnets.is_empty()) {
        let services = services.iter().map(|one| one.name.to_string()).collect();
        return NoCapture::NoSubnets { cluster: cluster.clone(), services };
    }
    no_vpc()
}

fn vpcs_of_tagged(
    origin: &Origin,
    found: &Found,
    of_services: impl Fn(&mut dyn Iterator<Item = &Service>) -> BTreeSet<VpcId>,
) -> BTreeSet<VpcId> {
    let cluster_is_tagged = |name: &ClusterName| found.ecs.clusters.get(name).is_some_and(|tags| origin.is_on(tags));
    let gateways = found.nat_gateways.iter().filter(|one| origin.is_on(&one.tags)).map(|one| one.vpc.clone());
    let balancers = found.load_balancers.iter().filter(|one| origin.is_on(&one.tags)).map(|one| one.vpc.clone());
    let mut services =
        found.ecs.services.iter().filter(|one| origin.is_on(&one.tags) || cluster_is_tagged(&one.cluster));
    gateways.chain(balancers).chain(of_services(&mut services)).collect()
}

/// The one that is asked for, else the tagged one with the most services there.
fn cluster(ask: &Ask, found: &Found, vpc: &VpcId) -> Result<ClusterName, NoCapture> {
    let asked = match &ask.origin {
        Origin::Cluster(name) => Some(name),
        Origin::Vpc(_) | Origin::Stack(_) | Origin::Tag { .. } => ask.cluster.as_ref(),
    };
    if let Some(name) = asked {
        let unknown = || NoCapture::UnknownCluster { cluster: name.clone(), region: ask.region.clone() };
        return found.ecs.clusters.contains_key(name).then(|| name.clone()).ok_or_else(unknown);
    }
    let mut counts: BTreeMap<&ClusterName, usize> = BTreeMap::new();
    for service in services_in(found, vpc) {
        *counts.entry(&service.cluster).or_default() += 1;
    }
    let tagged = |name: &ClusterName| found.ecs.clusters.get(name).is_some_and(|tags| ask.origin.is_on(tags));
    // Of equals the first by name: max_by_key takes the last.
    let most = counts.iter().rev().max_by_key(|(name, count)| (tagged(name), **count));
    let none = || NoCapture::NoCluster { origin: ask.origin.to_string(), vpc: vpc.clone() };
    most.map(|(name, _)| (*name).clone()).ok_or_else(none)
}

fn services_in<'a>(found: &'a Found, vpc: &'a VpcId) -> impl Iterator<Item = &'a Service> {
    found.ecs.services.iter().filter(move |service| found.network.vpcs_of(&service.subnets).contains(vpc))
}

/// The one that is asked for, else the one that Curfew's own tags name, else the one that tags `Environment` name.
fn environment(ask: &Ask, found: &Found, vpc: &VpcId, cluster: &ClusterName) -> Result<EnvironmentName, NoCapture> {
    if let Some(name) = &ask.environment {
        return Ok(name.clone());
    }
    let services = services_in(found, vpc).filter(|service| service.cluster == *cluster).map(|one| &one.tags);
    let gateways = found.nat_gateways.iter().filter(|one| one.vpc == *vpc).map(|one| &one.tags);
    let balancers = found.load_balancers.iter().filter(|one| one.vpc == *vpc).map(|one| &one.tags);
    let runtime: Vec<&Tags> = services.chain(gateways).chain(balancers).collect();
    let base = [found.ecs.clusters.get(cluster), found.network.vpcs.get(vpc)];
    let named = |key: &str, tags: &mut dyn Iterator<Item = &Tags>| -> Option<EnvironmentName> {
        let values: BTreeSet<String> = tags.filter_map(|tags| Some(tags.get(key)?.to_ascii_lowercase())).collect();
        let mut values = values.into_iter();
        values.next().filter(|_| values.next().is_none())?.parse().ok()
    };
    named(ENVIRONMENT_TAG, &mut runtime.iter().copied().filter(|tags| ask.origin.is_on(tags)))
        .or_else(|| named(ENVIRONMENT_TAG, &mut runtime.iter().copied()))
        .or_else(|| named("Environment", &mut runtime.iter().copied()))
        .or_else(|| named("Environment", &mut base.into_iter().flatten()))
        .ok_or(NoCapture::NoName)
}
