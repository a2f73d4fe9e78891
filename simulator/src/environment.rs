//! The three example environments, and how one is laid in an account as it is by day.
//!
//! Laid by hand from what the blueprint says, not by the code under test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use curfew_core::blueprint::{Blueprint, Problems};
use curfew_core::model::*;

use crate::account::{
    Account, NatGateway, RouteTo, ScalableTarget, ScalingPolicy, Service, ServiceStatus, TargetGroup, parsed,
};
use crate::latency::Draw;

/// An example environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// Two services behind HTTPS.
    Durable,
    /// Two NAT gateways, many rules.
    Platform,
    /// A web service and a singleton worker that existed before Curfew.
    Portyfoul,
}

impl Example {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Durable, Self::Platform, Self::Portyfoul];

    /// Its blueprint's text.
    pub fn text(self) -> &'static str {
        match self {
            Self::Durable => include_str!("../../examples/durable.yaml"),
            Self::Platform => include_str!("../../examples/platform.yaml"),
            Self::Portyfoul => include_str!("../../examples/portyfoul.yaml"),
        }
    }

    /// Its blueprint.
    ///
    /// # Errors
    /// If the file in `examples/` has become wrong.
    pub fn blueprint(self) -> Result<Blueprint, Problems> {
        Blueprint::parse(self.text())
    }

    /// What its base tier's target groups are like.
    pub fn base_tier(self) -> BaseTier {
        let (interval, delay) = match self {
            Self::Durable => (10, 15),
            Self::Platform => (15, 60),
            Self::Portyfoul => (30, 30),
        };
        BaseTier { interval: Duration::from_secs(interval), deregistration_delay: Duration::from_secs(delay) }
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::Platform => "platform",
            Self::Portyfoul => "portyfoul",
        }
    }
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a text names no example.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of durable, platform, portyfoul")]
pub struct UnknownExample(pub String);

impl FromStr for Example {
    type Err = UnknownExample;

    fn from_str(text: &str) -> Result<Self, UnknownExample> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or_else(|| UnknownExample(text.to_owned()))
    }
}

/// What persists and how quick it makes mornings and nights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseTier {
    /// Between two health checks.
    pub interval: Duration,
    /// For how long a target finishes its last requests.
    pub deregistration_delay: Duration,
}

/// An account with an environment as it is by day: everything there, everything healthy.
pub fn by_day(blueprint: &Blueprint, base: BaseTier, now: DateTime<Utc>, draw: Draw) -> Account {
    let mut account = Account::new(blueprint.region.as_str(), &blueprint.cluster, now, draw);
    lay_base_tier(&mut account, blueprint, base);
    let addresses = lay_addresses(&mut account, blueprint);
    lay_nat_gateways(&mut account, blueprint, &addresses);
    lay_load_balancers(&mut account, blueprint);
    lay_records(&mut account, blueprint);
    lay_services(&mut account, blueprint);
    for database in blueprint.tier.databases.values() {
        account.lay_database(database.id(), database.size.clone(), Tags::new());
    }
    lay_vpc_endpoints(&mut account, blueprint);
    for instance in blueprint.tier.instances.values() {
        account.lay_instance(instance.id.clone(), Tags::new());
        // Some subnets leave by it.
        let route = RouteKey { route_table: table_through(&instance.id), destination: "0.0.0.0/0".to_owned() };
        account.routes.insert(route, RouteTo::Other(instance.id.to_string()));
    }
    for group in blueprint.tier.auto_scaling_groups.values() {
        account.lay_auto_scaling_group(group.name.clone(), group.capacity, Tags::new());
    }
    lay_scalable_targets(&mut account, blueprint);
    account
}

/// The route table that leads through an instance.
fn table_through(instance: &InstanceId) -> RouteTableId {
    parsed(instance.as_str().replace("i-", "rtb-"))
}

fn lay_base_tier(account: &mut Account, blueprint: &Blueprint, base: BaseTier) {
    let tables: BTreeSet<RouteTableId> = blueprint.tier.routes.keys().map(|key| key.route_table.clone()).collect();
    account.route_tables = tables.into_iter().collect();
    account.exits = blueprint.tier.routes.keys().cloned().collect();
    account.web_acls = blueprint.tier.load_balancers.values().filter_map(|wanted| wanted.web_acl.clone()).collect();
    for arn in blueprint.tier.target_groups() {
        let BaseTier { interval, deregistration_delay } = base;
        account.target_groups.insert(arn, TargetGroup { interval, deregistration_delay, targets: BTreeMap::new() });
    }
}

/// The tags of something laid: those of a thing that Curfew made, or only its own where it is adopted.
fn tags_of<Id>(blueprint: &Blueprint, name: &str, own: &Tags, adopted: Option<&Id>) -> Tags {
    match adopted {
        Some(_) => own.clone(),
        None => tags_for(&blueprint.environment, name, own),
    }
}

fn lay_addresses(account: &mut Account, blueprint: &Blueprint) -> BTreeMap<LogicalName, AllocationId> {
    let mut laid = BTreeMap::new();
    for (name, address) in &blueprint.tier.addresses {
        let tags = tags_of(blueprint, name.as_str(), &address.tags, address.adopted.as_ref());
        let made = account.add_address(&tags);
        let id = match &address.adopted {
            None => made,
            Some(adopted) => {
                if let Some(moved) = account.addresses.remove(&made) {
                    account.addresses.insert(adopted.clone(), moved);
                }
                adopted.clone()
            }
        };
        laid.insert(name.clone(), id);
    }
    laid
}

fn lay_nat_gateways(account: &mut Account, blueprint: &Blueprint, addresses: &BTreeMap<LogicalName, AllocationId>) {
    let mut laid = BTreeMap::new();
    for (number, (name, wanted)) in blueprint.tier.nat_gateways.iter().enumerate() {
        let Some(allocation) = addresses.get(&wanted.address) else { continue };
        let made = crate::account::parsed(format!("nat-0da{number:014x}"));
        let id: NatGatewayId = wanted.adopted.clone().unwrap_or(made);
        let tags = tags_of(blueprint, name.as_str(), &wanted.tags, wanted.adopted.as_ref());
        let gateway = NatGateway::standing(wanted.subnet.clone(), allocation.clone(), tags, account.now());
        account.nat_gateways.insert(id.clone(), gateway);
        if let Some(address) = account.addresses.get_mut(allocation) {
            address.held_by = Some(id.clone());
        }
        laid.insert(name.clone(), id);
    }
    for (key, name) in &blueprint.tier.routes {
        if let Some(id) = laid.get(name) {
            account.routes.insert(key.clone(), RouteTo::NatGateway(id.clone()));
        }
    }
}

fn lay_load_balancers(account: &mut Account, blueprint: &Blueprint) {
    for (name, wanted) in &blueprint.tier.load_balancers {
        let tags = tags_of(blueprint, name.as_str(), &wanted.tags, wanted.adopted.as_ref());
        account.lay_load_balancer(name, wanted, &tags, &blueprint.environment);
    }
}

fn lay_vpc_endpoints(account: &mut Account, blueprint: &Blueprint) {
    for (number, (name, wanted)) in blueprint.tier.vpc_endpoints.iter().enumerate() {
        let made = crate::account::parsed(format!("vpce-0da{number:014x}"));
        let tags = tags_of(blueprint, name.as_str(), &wanted.tags, wanted.adopted.as_ref());
        let configuration = VpcEndpoint { tags: Tags::new(), adopted: None, ..wanted.clone() };
        let endpoint = crate::account::VpcEndpoint::standing(configuration, tags);
        account.vpc_endpoints.insert(wanted.adopted.clone().unwrap_or(made), endpoint);
    }
}

fn lay_records(account: &mut Account, blueprint: &Blueprint) {
    for (key, record) in &blueprint.tier.dns_records {
        let found = account.load_balancers.values().find(|one| one.name == record.load_balancer);
        let Some(found) = found else { continue };
        let dns_name = match record.alias_form {
            AliasForm::Plain => found.dns_name.clone(),
            AliasForm::Dualstack => format!("dualstack.{}", found.dns_name),
        };
        let target = RecordTarget::Alias {
            dns_name,
            hosted_zone: found.hosted_zone.clone(),
            evaluate_target_health: record.evaluate_target_health,
        };
        let in_sync_at = account.now();
        account.records.insert(key.clone(), crate::account::Record { target, in_sync_at });
    }
}

fn lay_services(account: &mut Account, blueprint: &Blueprint) {
    for (name, wanted) in &blueprint.tier.services {
        let own = wanted.definition.as_ref().map(|definition| definition.tags.clone()).unwrap_or_default();
        let arn: ServiceArn =
            crate::account::parsed(account.arn("ecs", &format!("service/{}/{name}", blueprint.cluster)));
        let family = wanted.task_definition.clone();
        let assigns_public_ip = wanted.definition.as_ref().is_some_and(|definition| definition.assign_public_ip);
        let maximum = match &wanted.definition {
            Some(definition) => definition.maximum_percent,
            None if wanted.singleton => 100,
            None => 200,
        };
        let tags = tags_of(blueprint, name.as_str(), &own, wanted.adopted.as_ref());
        let definition =
            wanted.definition.clone().map(|definition| ServiceDefinition { tags: tags.clone(), ..definition });
        let service = Service {
            arn: wanted.adopted.clone().unwrap_or(arn),
            tags,
            status: ServiceStatus::Active,
            desired_count: wanted.desired_count,
            family: family.unwrap_or_else(|| crate::account::parsed(name.to_string())),
            revision: 1,
            target_groups: groups_of(blueprint, name, wanted),
            definition,
            exits: if assigns_public_ip { Vec::new() } else { account.exits.clone() },
            maximum_percent: maximum,
            token: None,
        };
        account.task_sizes.extend(wanted.tasks.map(|size| (service.family.clone(), size)));
        account.lay_service(name, service);
    }
}

/// A service whose blueprint speaks of auto scaling has it: on CPU and memory, on the requests of its target group behind
/// the load balancer if it is the default's, and by a schedule.
fn lay_scalable_targets(account: &mut Account, blueprint: &Blueprint) {
    for (name, wanted) in &blueprint.tier.services {
        let Some(scaling) = &wanted.scaling else { continue };
        let own = |metric: &str, target: u32| {
            ScalingPolicy::Own(format!("tracks {metric} at {target}, out at most every 60 s, in at most every 300 s"))
        };
        let mut policies = BTreeMap::from([
            ("cpu".to_owned(), own("ECSServiceAverageCPUUtilization", 60)),
            ("memory".to_owned(), own("ECSServiceAverageMemoryUtilization", 75)),
        ]);
        let counted = groups_of(blueprint, name, wanted).into_iter().next();
        if let Some(label) = counted.and_then(|group| label_of(account, &group)) {
            let policy = RequestCount {
                label,
                target_value: TargetValue(600.0),
                scale_out_cooldown: Some(30),
                scale_in_cooldown: Some(300),
                disable_scale_in: Some(true),
            };
            policies.insert("requests".to_owned(), ScalingPolicy::RequestCount(policy));
        }
        let target = ScalableTarget {
            bounds: Bounds { minimum: wanted.desired_count, maximum: wanted.desired_count + 4 },
            suspended: scaling.suspended.clone(),
            policies,
            scheduled_actions: [(
                "lunch".to_owned(),
                "cron(0 12 ? * MON-FRI *) America/New_York, minimum 3".to_owned(),
            )]
            .into(),
        };
        account.scalable_targets.insert(name.clone(), target);
    }
}

/// The label of a target group behind the load balancer that forwards to it by default.
fn label_of(account: &Account, group: &TargetGroupArn) -> Option<ResourceLabel> {
    let forwards = |one: &crate::account::LoadBalancer| {
        let mut actions = one.configuration.listeners.values().flat_map(|listener| &listener.default_actions);
        actions.any(|action| action.target_groups().any(|named| named == group))
    };
    let (arn, _) = account.load_balancers.iter().find(|(_, one)| forwards(one))?;
    let (_, balancer) = arn.as_str().split_once(":loadbalancer/")?;
    format!("{balancer}/{}", group.as_str().rsplit(':').next()?).parse().ok()
}

/// The target groups of a service: those of its definition, or the ones that are called like it.
pub(crate) fn groups_of(
    blueprint: &Blueprint,
    name: &ServiceName,
    service: &curfew_core::model::Service,
) -> BTreeSet<TargetGroupArn> {
    if let Some(definition) = &service.definition {
        return definition.attachments.iter().map(|attachment| attachment.target_group.clone()).collect();
    }
    let called_like_it = |group: &TargetGroupArn| name.as_str().starts_with(group.name().trim_end_matches("-tg"));
    blueprint.tier.target_groups().into_iter().filter(called_like_it).collect()
}
