//! What a runtime tier costs an hour, by AWS's list prices in USD without tax (`prices.json`, collected 2026-11).
//!
//! Traffic, logs and load balancer capacity units are left out: a schedule hardly changes them. So are the storage and the
//! backups of databases, which cost the same while those are stopped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::*;

/// A region's prices in USD.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prices {
    /// A NAT gateway, an hour.
    pub nat_gateway_hour: f64,
    /// A load balancer, an hour.
    pub load_balancer_hour: f64,
    /// A public IPv4 address, in use or idle, an hour.
    pub public_ipv4_hour: f64,
    /// A vCPU of Fargate on x86, an hour.
    pub x86_vcpu_hour: f64,
    /// A GB of Fargate on x86, an hour.
    pub x86_gb_hour: f64,
    /// A vCPU of Fargate on Graviton, an hour.
    pub arm_vcpu_hour: f64,
    /// A GB of Fargate on Graviton, an hour.
    pub arm_gb_hour: f64,
    /// A DB instance in one zone, an hour, by engine and class: `postgres db.t4g.micro`.
    pub database_hour: BTreeMap<String, f64>,
    /// An interface VPC endpoint in one zone, an hour, where it is known.
    #[serde(default)]
    pub vpc_endpoint_hour: Option<f64>,
}

impl Prices {
    /// The prices of a region, where they are known.
    pub fn of(region: &Region) -> Option<Self> {
        let regions: BTreeMap<String, Self> = serde_json::from_str(include_str!("prices.json")).unwrap_or_default();
        regions.get(region.as_str()).cloned()
    }

    /// What a task of a size costs an hour, in USD.
    pub fn task_hour(&self, size: TaskSize) -> f64 {
        let (vcpu, gb) = match size.architecture {
            Architecture::X86 => (self.x86_vcpu_hour, self.x86_gb_hour),
            Architecture::Arm64 => (self.arm_vcpu_hour, self.arm_gb_hour),
        };
        f64::from(size.cpu) / 1024.0 * vcpu + f64::from(size.memory) / 1024.0 * gb
    }

    /// What a DB instance of a size costs an hour, in USD, where that is known. A standby in another zone costs as much
    /// again, but its price is another list's.
    pub fn database_hour(&self, size: &DatabaseSize) -> Option<f64> {
        let price = self.database_hour.get(&format!("{} {}", size.engine, size.class)).copied();
        price.filter(|_| !size.multi_az)
    }
}

/// What a tier costs an hour, in USD.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HourlyCost {
    /// While it is up.
    pub up: f64,
    /// While it is down: kept addresses.
    pub down: f64,
    /// Services whose task size the blueprint does not say, which are not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_counted: Vec<ServiceName>,
    /// Databases whose size or price is not known, which are not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub databases_not_counted: Vec<LogicalName>,
    /// VPC endpoints in a region whose price is not known, which are not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vpc_endpoints_not_counted: Vec<LogicalName>,
    /// Instances and Auto Scaling groups, of which no price is known: none is counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compute_not_counted: Vec<LogicalName>,
}

/// Counts what a tier costs an hour.
pub fn hourly(tier: &RuntimeTier, prices: &Prices) -> HourlyCost {
    let kept = tier.addresses.values().filter(|address| address.while_down == AddressWhileDown::Keep).count();
    let addresses = tier.addresses.len() as f64 * prices.public_ipv4_hour;
    let nat_gateways = tier.nat_gateways.len() as f64 * prices.nat_gateway_hour;
    let load_balancers: f64 = tier.load_balancers.values().map(|one| load_balancer(one, prices)).sum();
    let (sized, unsized_): (Vec<_>, Vec<_>) = tier.services.iter().partition(|(_, service)| service.tasks.is_some());
    let tasks: f64 = sized.into_iter().map(|(_, service)| tasks(service, prices)).sum();
    let (databases, databases_not_counted) = databases(tier, prices);
    let (vpc_endpoints, vpc_endpoints_not_counted) = vpc_endpoints(tier, prices);
    HourlyCost {
        up: addresses + nat_gateways + load_balancers + tasks + databases + vpc_endpoints,
        down: kept as f64 * prices.public_ipv4_hour,
        not_counted: unsized_.into_iter().map(|(name, _)| name.clone()).collect(),
        databases_not_counted,
        vpc_endpoints_not_counted,
        compute_not_counted: compute(tier),
    }
}

/// The databases that run while the tier is up; those without a known price by their names.
fn databases(tier: &RuntimeTier, prices: &Prices) -> (f64, Vec<LogicalName>) {
    let (mut sum, mut not_counted) = (0.0, Vec::new());
    for (name, database) in tier.databases.iter().filter(|(_, one)| one.while_up == DatabaseWhileUp::Running) {
        match database.size.as_ref().and_then(|size| prices.database_hour(size)) {
            Some(price) => sum += price,
            None => not_counted.push(name.clone()),
        }
    }
    (sum, not_counted)
}

/// VPC endpoints, each in all of its zones; without a known price, their names.
fn vpc_endpoints(tier: &RuntimeTier, prices: &Prices) -> (f64, Vec<LogicalName>) {
    match prices.vpc_endpoint_hour {
        Some(price) => {
            let zones: usize = tier.vpc_endpoints.values().map(|endpoint| endpoint.subnets.len()).sum();
            (zones as f64 * price, Vec::new())
        }
        None => (0.0, tier.vpc_endpoints.keys().cloned().collect()),
    }
}

/// The instances and Auto Scaling groups that run while the tier is up.
fn compute(tier: &RuntimeTier) -> Vec<LogicalName> {
    let instances = tier.instances.iter().filter(|(_, one)| one.while_up == InstanceWhileUp::Running);
    let groups = tier.auto_scaling_groups.iter().filter(|(_, one)| one.capacity.desired > 0);
    instances.map(|(name, _)| name.clone()).chain(groups.map(|(name, _)| name.clone())).collect()
}

/// A load balancer, with a public address in each zone if it is in the internet.
fn load_balancer(load_balancer: &LoadBalancer, prices: &Prices) -> f64 {
    prices.load_balancer_hour + public_addresses(load_balancer) as f64 * prices.public_ipv4_hour
}

/// How many public IPv4 addresses a load balancer has: one in each zone if it is in the internet (facts §4).
pub fn public_addresses(load_balancer: &LoadBalancer) -> usize {
    match (load_balancer.scheme, load_balancer.ip_address_type) {
        (Scheme::InternetFacing, IpAddressType::Ipv4 | IpAddressType::Dualstack) => load_balancer.subnets.len(),
        (Scheme::InternetFacing, IpAddressType::DualstackWithoutPublicIpv4) | (Scheme::Internal, _) => 0,
    }
}

fn tasks(service: &Service, prices: &Prices) -> f64 {
    service.tasks.map_or(0.0, |size| f64::from(service.desired_count) * prices.task_hour(size))
}
