//! What a run saw in AWS.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::alarm::{Alarms, GatewayAlarms, MetricAlarm};
use super::auto_scaling_group::ObservedAutoScalingGroup;
use super::base_resource::BaseResource;
use super::database::ObservedDatabase;
use super::identity::Mark;
use super::ids::*;
use super::instance::ObservedInstance;
use super::needs::Lack;
use super::orphan::{Foreign, Orphan};
use super::other_users::OtherUsers;
use super::own_name::OwnName;
use super::ownership::Ownership;
use super::protection::is_protected;
use super::scaling::LoadBalancerPolicy;
use super::seen::{Seen, Unobserved};
use super::service::Service;
use super::standalone_tasks::StandaloneTask;
use super::tags::Tags;
use super::tier::{LoadBalancer, RecordKey, RouteKey, RuntimeTier, text_keys};
use super::vpc_endpoint::ObservedVpcEndpoint;

/// A part of an environment that one look covers: the unit in which a run looks again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Elastic IPs.
    Addresses,
    /// NAT gateways.
    NatGateways,
    /// Default routes.
    Routes,
    /// Load balancers: which there are, whose they are and all their configuration.
    LoadBalancers,
    /// The configuration of one load balancer that is known to be there: attributes, listeners, rules.
    LoadBalancerConfiguration(LoadBalancerName),
    /// Whether load balancers that are known to be there have become active.
    LoadBalancerStates,
    /// The health of all targets.
    TargetHealth,
    /// The health of the targets of one group that is known to be there.
    TargetsOf(TargetGroupArn),
    /// DNS records.
    Records,
    /// ECS services and their tasks.
    Services,
    /// Databases.
    Databases,
    /// Tasks that no service started.
    StandaloneTasks,
    /// Who else uses what goes at night.
    OtherUsers,
    /// What the next morning needs of the base tier.
    Needs,
    /// Interface VPC endpoints.
    VpcEndpoints,
    /// EC2 instances.
    Instances,
    /// Auto Scaling groups.
    AutoScalingGroups,
    /// The alarms that watch load balancers and NAT gateways.
    Alarms,
}

impl Part {
    /// All that a first look covers. Of [`Part::StandaloneTasks`] nobody has to know before something goes that they need,
    /// nor of [`Part::OtherUsers`] and [`Part::Needs`], nor of [`Part::Alarms`] before what they watch goes or is there again.
    pub fn all() -> BTreeSet<Part> {
        [
            Part::Addresses,
            Part::NatGateways,
            Part::Routes,
            Part::LoadBalancers,
            Part::TargetHealth,
            Part::Records,
            Part::Services,
            Part::Databases,
            Part::VpcEndpoints,
            Part::Instances,
            Part::AutoScalingGroups,
        ]
        .into()
    }

    /// What a run looks at first: alarms only where it may put them again, for each look at them is a call that is billed.
    pub fn for_run(tier: &RuntimeTier) -> BTreeSet<Part> {
        let of_balancers = tier.load_balancers.values().map(|one| one.alarms);
        let repoints =
            of_balancers.chain(tier.nat_gateways.values().map(|one| one.alarms)).any(|one| one == Alarms::Repoint);
        Self::all().into_iter().chain(repoints.then_some(Part::Alarms)).collect()
    }

    /// All that a preview covers: also what a run looks at when it comes to it.
    pub fn for_preview(tier: &RuntimeTier) -> BTreeSet<Part> {
        let mut parts = Self::all();
        if !tier.load_balancers.is_empty() || !tier.nat_gateways.is_empty() {
            parts.insert(Part::Alarms);
        }
        let RuntimeTier { nat_gateways, vpc_endpoints, databases, instances, auto_scaling_groups, .. } = tier;
        let is_of_use = [!nat_gateways.is_empty(), !vpc_endpoints.is_empty(), !databases.is_empty()];
        if is_of_use.contains(&true) || !instances.is_empty() || !auto_scaling_groups.is_empty() {
            parts.insert(Part::StandaloneTasks);
        }
        parts
    }
}

/// What holds an elastic IP.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressHolder {
    /// An EC2 instance.
    Instance(InstanceId),
    /// A NAT gateway.
    NatGateway(NatGatewayId),
    /// A network interface, by its id and what AWS says of it.
    Interface {
        /// Which.
        id: String,
        /// Of what it is, as AWS describes it; empty if nobody has asked.
        of: String,
    },
}

impl fmt::Display for AddressHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(id) => write!(f, "instance {id}"),
            Self::NatGateway(id) => write!(f, "NAT gateway {id}"),
            Self::Interface { id, of } if of.is_empty() => write!(f, "network interface {id}"),
            Self::Interface { id, of } => write!(f, "network interface {id} ({of})"),
        }
    }
}

/// An elastic IP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedAddress {
    /// Whose it is.
    pub ownership: Ownership<AllocationId>,
    /// The address itself.
    pub public_ip: String,
    /// Whether something holds it.
    pub associated: bool,
    /// What does, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<AddressHolder>,
    /// Its tags.
    pub tags: Tags,
    /// What of it another address would not have, in words: of matter where it is released at night.
    pub unsupported: Vec<String>,
}

/// A NAT gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedNatGateway {
    /// Whose it is.
    pub ownership: Ownership<NatGatewayId>,
    /// Its subnet; none of a regional one.
    pub subnet: Option<SubnetId>,
    /// The elastic IP it leaves by.
    pub allocation: Option<AllocationId>,
    /// Its tags.
    pub tags: Tags,
    /// What of it could not be brought back, in words.
    pub unsupported: Vec<String>,
}

/// Where a route leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouteTarget {
    /// To this NAT gateway, which is alive.
    NatGateway(NatGatewayId),
    /// Nowhere: what it led to is gone (facts §1). Of a NAT gateway, its id.
    Blackhole(Option<NatGatewayId>),
    /// To something that is no NAT gateway.
    Other(String),
}

/// A default route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObservedRoute {
    /// Where it leads.
    pub target: RouteTarget,
}

/// An application load balancer, all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedLoadBalancer {
    /// Whose it is.
    pub ownership: Ownership<LoadBalancerArn>,
    /// Its DNS name, new each morning.
    pub dns_name: String,
    /// The zone of that name.
    pub hosted_zone: HostedZoneId,
    /// Its configuration, in the blueprint's own words; `adopted` is never set.
    pub configuration: LoadBalancer,
    /// The creation that made it, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The ARNs of its listeners by port.
    pub listeners: BTreeMap<u16, ListenerArn>,
    /// What of it could not be brought back, in words.
    pub unsupported: Vec<String>,
}

impl ObservedLoadBalancer {
    /// Whether AWS would refuse to delete it.
    pub fn is_protected(&self) -> bool {
        is_protected(&self.configuration.attributes)
    }
}

/// A target group's targets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedTargets {
    /// Whether a listener or a rule forwards to it.
    pub attached: bool,
    /// Targets that pass their checks.
    pub healthy: u32,
    /// Targets that are still being checked for the first time, or fail.
    pub waiting: u32,
    /// Targets that finish their last requests.
    pub draining: u32,
}

/// Where a record points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordTarget {
    /// An alias.
    Alias {
        /// The name it stands for, in lower case, without the last dot.
        dns_name: String,
        /// The zone of that name.
        hosted_zone: HostedZoneId,
        /// Whether Route 53 asks for the health of what it stands for.
        evaluate_target_health: bool,
    },
    /// Plain values.
    Values(Vec<String>),
}

/// A DNS record. `Pending` while its last change has not reached all of Route 53's servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedRecord {
    /// Where it points.
    pub target: RecordTarget,
    /// What of it could not be brought back, in words.
    pub unsupported: Vec<String>,
}

/// A service's tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct TaskCounts {
    /// Not yet running.
    pub pending: u32,
    /// Running.
    pub running: u32,
    /// Told to stop and not gone.
    pub stopping: u32,
}

impl TaskCounts {
    /// All that are not gone.
    pub fn any(self) -> bool {
        self.pending + self.running + self.stopping > 0
    }
}

/// An ECS service. `Leaving` while it drains after its deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedService {
    /// Whose it is.
    pub ownership: Ownership<ServiceArn>,
    /// Its configuration, in the blueprint's own words; its `desired_count` is what ECS strives for now.
    pub configuration: Service,
    /// Its tasks.
    pub tasks: TaskCounts,
    /// The task definition that new tasks have, with its revision: `api:17`. Only for what people are told (invariant 6).
    pub task_definition: Option<String>,
    /// The target groups its tasks register in.
    pub target_groups: BTreeSet<TargetGroupArn>,
    /// Those of its scaling policies that name a load balancer.
    pub load_balancer_policies: BTreeMap<String, LoadBalancerPolicy>,
    /// What of it could not be brought back, in words.
    pub unsupported: Vec<String>,
}

/// What a run saw of an environment's runtime tier: everything the blueprint or the recording names has an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Elastic IPs.
    pub addresses: BTreeMap<LogicalName, Seen<ObservedAddress>>,
    /// NAT gateways.
    pub nat_gateways: BTreeMap<LogicalName, Seen<ObservedNatGateway>>,
    /// Why NAT gateways of these names failed lately (they stay listed for about an hour, facts §1).
    pub failed_nat_gateways: BTreeMap<LogicalName, Vec<String>>,
    /// Default routes. Routes are there or not; they are never pending.
    #[serde(serialize_with = "text_keys")]
    pub routes: BTreeMap<RouteKey, Seen<ObservedRoute>>,
    /// Load balancers.
    pub load_balancers: BTreeMap<LoadBalancerName, Seen<ObservedLoadBalancer>>,
    /// Target groups; `Absent` is one that does not exist.
    pub targets: BTreeMap<TargetGroupArn, Seen<ObservedTargets>>,
    /// DNS records.
    #[serde(serialize_with = "text_keys")]
    pub records: BTreeMap<RecordKey, Seen<ObservedRecord>>,
    /// ECS services.
    pub services: BTreeMap<ServiceName, Seen<ObservedService>>,
    /// Databases.
    pub databases: BTreeMap<LogicalName, Seen<ObservedDatabase>>,
    /// Databases that this run could not start, and what AWS said: there is no use in asking again within it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unstartable_databases: BTreeMap<LogicalName, String>,
    /// Tasks that no service started, absent if there are none; nothing where nobody had to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standalone_tasks: Option<Seen<BTreeSet<StandaloneTask>>>,
    /// Who else uses what goes at night, absent if nobody does; nothing where nobody had to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_users: Option<Seen<OtherUsers>>,
    /// What the next morning needs and would not find, absent if it would find all; nothing where nobody had to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lacks: Option<Seen<Vec<Lack>>>,
    /// For how long the environment has been on its way down, as the state remembers: a run that finds a night's work
    /// under way waits on where another one left off.
    #[serde(skip)]
    pub going_down_for: Duration,
    /// Interface VPC endpoints.
    pub vpc_endpoints: BTreeMap<LogicalName, Seen<ObservedVpcEndpoint>>,
    /// Why VPC endpoints of these names could not be made; they stay until somebody deletes them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub failed_vpc_endpoints: BTreeMap<LogicalName, Vec<String>>,
    /// EC2 instances.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub instances: BTreeMap<LogicalName, Seen<ObservedInstance>>,
    /// Instances that this run could not start, and what AWS said.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unstartable_instances: BTreeMap<LogicalName, String>,
    /// Auto Scaling groups.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub auto_scaling_groups: BTreeMap<LogicalName, Seen<ObservedAutoScalingGroup>>,
    /// What Curfew made and has no place, by the part that found it.
    pub orphans: BTreeMap<Part, Vec<Orphan>>,
    /// What carries a name of the environment and is not what the blueprint means by it, by the part that found it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub foreign: BTreeMap<Part, Vec<Foreign>>,
    /// What of the base tier does not exist, by the part that asked for it. A target group is not among them: it is
    /// `Absent` in its own place.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub missing: BTreeMap<Part, BTreeSet<BaseResource>>,
    /// The alarms that watch each load balancer, or one that had its name before, by their names. Absent if there are none.
    /// Nothing else waits for what is unknown of them: they are not the runtime tier's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub alarms: BTreeMap<LoadBalancerName, Seen<BTreeMap<String, MetricAlarm>>>,
    /// The same of each NAT gateway.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub gateway_alarms: BTreeMap<LogicalName, Seen<GatewayAlarms>>,
    /// Alarms that AWS did not let this run put: there is no use in asking again within it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unput_alarms: BTreeSet<String>,
}

impl Observation {
    /// Takes in what a later look at some parts saw.
    pub fn update(&mut self, later: Observation) {
        self.addresses.extend(later.addresses);
        self.nat_gateways.extend(later.nat_gateways);
        self.failed_nat_gateways.extend(later.failed_nat_gateways);
        self.routes.extend(later.routes);
        self.load_balancers.extend(later.load_balancers);
        self.targets.extend(later.targets);
        self.records.extend(later.records);
        self.services.extend(later.services);
        self.databases.extend(later.databases);
        self.unstartable_databases.extend(later.unstartable_databases);
        self.standalone_tasks = later.standalone_tasks.or_else(|| self.standalone_tasks.take());
        self.other_users = later.other_users.or_else(|| self.other_users.take());
        self.lacks = later.lacks.or_else(|| self.lacks.take());
        self.vpc_endpoints.extend(later.vpc_endpoints);
        self.failed_vpc_endpoints.extend(later.failed_vpc_endpoints);
        self.instances.extend(later.instances);
        self.unstartable_instances.extend(later.unstartable_instances);
        self.auto_scaling_groups.extend(later.auto_scaling_groups);
        self.orphans.extend(later.orphans);
        self.foreign.extend(later.foreign);
        self.missing.extend(later.missing);
        self.alarms.extend(later.alarms);
        self.gateway_alarms.extend(later.gateway_alarms);
        self.unput_alarms.extend(later.unput_alarms);
    }

    /// Everything that could not be observed, with its name in words.
    pub fn unknowns(&self) -> Vec<(String, &Unobserved)> {
        fn of<'a, K, T>(
            map: &'a BTreeMap<K, Seen<T>>,
            name: impl Fn(&K) -> String + 'a,
        ) -> impl Iterator<Item = (String, &'a Unobserved)> {
            map.iter().filter_map(move |(key, seen)| seen.unknown().map(|why| (name(key), why)))
        }
        of(&self.addresses, |name| format!("address {name}"))
            .chain(of(&self.nat_gateways, |name| format!("NAT gateway {name}")))
            .chain(of(&self.routes, |key| format!("route {} in {}", key.destination, key.route_table)))
            .chain(of(&self.load_balancers, |name| format!("load balancer {name}")))
            .chain(of(&self.targets, |arn| format!("target group {}", arn.name())))
            .chain(of(&self.records, |key| format!("DNS record {} {}", key.name, key.kind.as_str())))
            .chain(of(&self.services, |name| format!("service {name}")))
            .chain(of(&self.databases, |name| format!("database {name}")))
            .chain(
                self.standalone_tasks
                    .iter()
                    .filter_map(Seen::unknown)
                    .map(|why| ("tasks of no service".to_owned(), why)),
            )
            .chain(
                self.other_users
                    .iter()
                    .filter_map(Seen::unknown)
                    .map(|why| ("who else uses what goes".to_owned(), why)),
            )
            .chain(
                self.lacks.iter().filter_map(Seen::unknown).map(|why| ("what the next morning needs".to_owned(), why)),
            )
            .chain(of(&self.vpc_endpoints, |name| format!("VPC endpoint {name}")))
            .chain(of(&self.instances, |name| format!("instance {name}")))
            .chain(of(&self.auto_scaling_groups, |name| format!("Auto Scaling group {name}")))
            .collect()
    }

    /// What of the base tier its owning service says does not exist.
    pub fn missing_base(&self) -> BTreeSet<BaseResource> {
        let absent = self.targets.iter().filter(|(_, found)| matches!(found, Seen::Absent));
        let target_groups = absent.map(|(arn, _)| BaseResource::TargetGroup(arn.clone()));
        self.missing.values().flatten().cloned().chain(target_groups).collect()
    }

    /// The DNS names of the load balancers that are there to stay.
    pub fn own_names(&self) -> Vec<OwnName> {
        let standing = self.standing_load_balancers();
        let own = standing.map(|(name, one)| (name.clone(), one.dns_name.clone()));
        own.map(|(load_balancer, dns_name)| OwnName { load_balancer, dns_name }).collect()
    }

    /// The load balancers that are there to stay, with their names.
    pub fn standing_load_balancers(&self) -> impl Iterator<Item = (&LoadBalancerName, &ObservedLoadBalancer)> {
        self.load_balancers.iter().filter_map(|(name, seen)| Some((name, seen.standing()?)))
    }
}
