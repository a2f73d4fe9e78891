//! Who else uses what goes at night, by what was found around it: routes, network interfaces, tasks, services, targets.
//!
//! ```text
//!   route tables ──> subnets that leave by a NAT gateway ──> their interfaces ──> whose they are
//!   load balancers ──> target groups ──> targets that are nobody's of the blueprint
//!   services of the cluster that the blueprint does not name ──> all of these, and databases
//! ```

mod interfaces;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

pub use interfaces::{FoundInterface, InterfaceKind};
pub use targets::{FoundTarget, TargetKind};

use crate::model::*;

/// A route table with a route to one of the NAT gateways that go, or one of the same VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRouteTable {
    /// Which.
    pub id: RouteTableId,
    /// Whether it counts for every subnet of its VPC that is associated with no other.
    pub is_main: bool,
    /// The subnets that are associated with it.
    pub subnets: BTreeSet<SubnetId>,
    /// Where it leads to NAT gateways: by destination, a range or a prefix list.
    pub nat_routes: BTreeMap<String, NatGatewayId>,
    /// Its tags.
    pub tags: Tags,
}

/// A task of the environment's cluster, whether it still runs or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTask {
    /// The service that started it; none of one that somebody ran.
    pub service: Option<ServiceName>,
    /// The ids of its attachments and of their network interfaces.
    pub attachments: BTreeSet<String>,
    /// Its addresses.
    pub addresses: BTreeSet<String>,
}

/// A service of the environment's cluster that the blueprint does not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundService {
    /// What it is called.
    pub name: ServiceName,
    /// How many tasks it should have.
    pub desired_count: u32,
    /// The subnets its tasks live in; none where they share their instances' network.
    pub subnets: BTreeSet<SubnetId>,
    /// The target groups its tasks register in.
    pub target_groups: BTreeSet<TargetGroupArn>,
    /// Its tags.
    pub tags: Tags,
}

/// An instance that an interface or a target belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundInstance {
    /// Which.
    pub id: InstanceId,
    /// What it is doing.
    pub state: InstanceState,
    /// Its tags.
    pub tags: Tags,
}

/// What was found around the things that go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Route tables.
    pub route_tables: Vec<FoundRouteTable>,
    /// Network interfaces of the VPCs that the NAT gateways are in.
    pub interfaces: Vec<FoundInterface>,
    /// Instances of those interfaces and of targets.
    pub instances: Vec<FoundInstance>,
    /// All tasks of the cluster, also those that have just stopped.
    pub tasks: Vec<FoundTask>,
    /// Services of the cluster that the blueprint does not name.
    pub services: Vec<FoundService>,
    /// The targets behind each load balancer.
    pub targets: BTreeMap<LoadBalancerName, Vec<FoundTarget>>,
    /// The target groups behind each load balancer.
    pub target_groups: BTreeMap<LoadBalancerName, BTreeSet<TargetGroupArn>>,
}

/// What Auto Scaling puts on what a group makes.
const MADE_BY_GROUP: &str = "aws:autoscaling:groupName";

/// The NAT gateways that go, by id: in their places, and second ones of a name.
pub fn nat_gateways_that_go(known: &Observation) -> BTreeMap<NatGatewayId, LogicalName> {
    let in_place = known.nat_gateways.iter().filter_map(|(name, seen)| {
        let id = seen.standing()?.ownership.owned()?.id().clone();
        Some((id, name.clone()))
    });
    let orphans = known.orphans.values().flatten().filter_map(|orphan| match orphan {
        Orphan::NatGateway { nat_gateway, name } => Some((nat_gateway.id().clone(), name.clone())),
        Orphan::Address(_) | Orphan::LoadBalancer { .. } | Orphan::VpcEndpoint { .. } => None,
    });
    orphans.chain(in_place).collect()
}

/// The load balancers that go, by name.
pub fn load_balancers_that_go(known: &Observation) -> BTreeMap<LoadBalancerName, LoadBalancerArn> {
    let in_place = known.standing_load_balancers().filter_map(|(name, found)| {
        let arn = found.ownership.owned()?.id().clone();
        Some((name.clone(), arn))
    });
    let orphans = known.orphans.values().flatten().filter_map(|orphan| match orphan {
        Orphan::LoadBalancer { arn, name, .. } => Some((name.clone(), arn.id().clone())),
        Orphan::Address(_) | Orphan::NatGateway { .. } | Orphan::VpcEndpoint { .. } => None,
    });
    orphans.chain(in_place).collect()
}

/// Why it cannot be told who uses what goes: what goes is not known itself.
pub fn untold(known: &Observation) -> Option<Unobserved> {
    let of_nat_gateways = known.nat_gateways.values().find_map(Seen::unknown);
    let of_load_balancers = || known.load_balancers.values().find_map(Seen::unknown);
    let of_services = || known.services.values().find_map(Seen::unknown);
    let of_databases = || known.databases.values().find_map(Seen::unknown);
    let why = of_nat_gateways.or_else(of_load_balancers).or_else(of_services).or_else(of_databases)?;
    Some(Unobserved { retry: Retry::Later, ..why.clone() })
}

/// Finds the other users in what was found; everybody that the blueprint names is none.
pub fn place_other_users(tier: &RuntimeTier, known: &Observation, found: &Surroundings) -> OtherUsers {
    let mut users = OtherUsers::new();
    let ways_out = WaysOut::of(known, found);
    routes(tier, &ways_out, found, &mut users);
    interfaces::users(tier, &ways_out, found, &mut users);
    targets::users(tier, known, found, &mut users);
    services(tier, known, &ways_out, found, &mut users);
    users
}

/// Adds what somebody uses.
fn add(users: &mut OtherUsers, id: OtherUserId, called: String, uses: impl IntoIterator<Item = Used>) {
    let uses: BTreeSet<Used> = uses.into_iter().collect();
    if !uses.is_empty() {
        users.entry(id).or_insert_with(|| OtherUser { called, uses: BTreeSet::new() }).uses.extend(uses);
    }
}

/// Which subnets leave by which NAT gateways.
struct WaysOut<'a> {
    gateways: BTreeMap<NatGatewayId, LogicalName>,
    tables: &'a [FoundRouteTable],
}

impl<'a> WaysOut<'a> {
    fn of(known: &Observation, found: &'a Surroundings) -> Self {
        Self { gateways: nat_gateways_that_go(known), tables: &found.route_tables }
    }

    /// The NAT gateways that a subnet leaves by, by any route: one to a range alone is a way out too.
    fn of_subnet(&self, subnet: &SubnetId) -> BTreeSet<Used> {
        let own = self.tables.iter().find(|table| table.subnets.contains(subnet));
        let table = own.or_else(|| self.tables.iter().find(|table| table.is_main));
        let gateways = table.into_iter().flat_map(|table| table.nat_routes.values());
        gateways.filter_map(|id| self.gateways.get(id)).cloned().map(Used::NatGateway).collect()
    }
}

/// Routes that the blueprint does not list: after the night they lead nowhere, and nobody would lead them back.
fn routes(tier: &RuntimeTier, ways_out: &WaysOut<'_>, found: &Surroundings, users: &mut OtherUsers) {
    for table in &found.route_tables {
        for (destination, gateway) in &table.nat_routes {
            let Some(name) = ways_out.gateways.get(gateway) else { continue };
            let key = RouteKey { route_table: table.id.clone(), destination: destination.clone() };
            if !tier.routes.contains_key(&key) {
                let called = format!("route {destination} in {}{}", table.id, owner(&table.tags));
                add(users, OtherUserId::RouteTable(table.id.clone()), called, [Used::NatGateway(name.clone())]);
            }
        }
    }
}

/// Services of the cluster. Who needs a database nobody can see: as one of the blueprint that does not say, such a service
/// is taken to need each.
fn services(
    tier: &RuntimeTier,
    known: &Observation,
    ways_out: &WaysOut<'_>,
    found: &Surroundings,
    users: &mut OtherUsers,
) {
    let runs = |name: &&LogicalName| {
        let database = known.databases.get(*name).and_then(Seen::standing);
        database.is_some_and(|one| one.ownership.owned().is_some() && one.status.doing() != Doing::Stopped)
    };
    for service in &found.services {
        if service.desired_count == 0 || tier.services.contains_key(&service.name) {
            continue;
        }
        let ways = service.subnets.iter().flat_map(|subnet| ways_out.of_subnet(subnet));
        let behind = found.target_groups.iter().filter(|(_, groups)| !groups.is_disjoint(&service.target_groups));
        let behind = behind.map(|(name, _)| Used::LoadBalancer(name.clone()));
        let databases = tier.databases.keys().filter(runs).map(|name| Used::Database(name.clone()));
        let called = format!("service {} of the cluster{}", service.name, owner(&service.tags));
        add(users, OtherUserId::Service(service.name.clone()), called, ways.chain(behind).chain(databases));
    }
}

/// Whether the blueprint says what becomes of an instance at night.
fn is_declared(tier: &RuntimeTier, instance: &FoundInstance) -> bool {
    let of_group = instance.tags.get(MADE_BY_GROUP);
    tier.instances.values().any(|one| one.id == instance.id)
        || tier.auto_scaling_groups.values().any(|one| of_group.is_some_and(|name| name == one.name.as_str()))
}

/// What tags say of whose something is: ` (Name bastion, stack shared)`; nothing where they say nothing.
fn owner(tags: &Tags) -> String {
    let said = [
        ("", "Name"),
        ("environment ", ENVIRONMENT_TAG),
        ("stack ", "aws:cloudformation:stack-name"),
        ("Auto Scaling group ", MADE_BY_GROUP),
        ("owner ", "Owner"),
        ("service ", "aws:ecs:serviceName"),
        ("cluster ", "aws:ecs:clusterName"),
    ];
    let said: Vec<String> = said.iter().filter_map(|(word, key)| Some(format!("{word}{}", tags.get(*key)?))).collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
}
