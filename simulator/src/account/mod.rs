//! A simulated AWS account: strict, in virtual time, without any randomness of its own.
//!
//! It answers as the facts say AWS does, refusals included; each rule names the fact it comes from. What takes time is
//! put on the timetable and happens at the next look after it has become due, so a jump of an hour gives the same
//! history as an hour of waiting.

mod addresses;
mod alarms;
mod base_tier;
mod by_hand;
mod calls;
mod compute;
mod databases;
mod deployments;
mod laid;
mod ledger;
mod load_balancers;
mod nat_gateways;
mod others;
mod overrides;
mod records;
mod refusal;
mod routes;
mod scaling;
mod services;
mod spoilt;
mod standalone_tasks;
mod tagged;
mod targets;
mod tasks;
mod timetable;
mod vpc_endpoints;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::placing::NatGatewayState;

use crate::latency::{Draw, Kind, Latencies};
pub use addresses::Address;
pub(crate) use calls::duration_of;
pub use compute::{AutoScalingGroup, Instance};
pub use databases::Database;
use ledger::Ledger;
pub use ledger::{Billable, LifeSpan};
pub use load_balancers::LoadBalancer;
pub use nat_gateways::NatGateway;
pub use others::Lodger;
pub(crate) use others::subnet_of;
pub use records::Record;
pub use refusal::Refusal;
pub use routes::RouteTo;
pub use scaling::{Push, ScalableTarget, ScalingPolicy};
pub use services::{Service, ServiceStatus};
pub use tagged::STRANGER;
pub(crate) use tagged::{is_own, is_strangers};
pub use targets::{TargetGroup, TargetState};
pub use tasks::{Task, TaskId, TaskState};
use timetable::{Event, Timetable};
pub use vpc_endpoints::VpcEndpoint;

/// What AWS allows and nobody should do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mishap {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened to what.
    pub what: String,
}

/// The account: all of its resources and all that is on its way.
#[derive(Debug, Clone)]
pub struct Account {
    now: DateTime<Utc>,
    region: String,
    cluster: String,
    latencies: Latencies,
    timetable: Timetable,
    /// How many of each name were made: numbers ids and latencies.
    made: BTreeMap<String, u32>,
    /// Elastic IPs.
    pub addresses: BTreeMap<AllocationId, Address>,
    /// NAT gateways; the deleted and failed ones for an hour.
    pub nat_gateways: BTreeMap<NatGatewayId, NatGateway>,
    /// Routes of the route tables, by their place.
    pub routes: BTreeMap<RouteKey, RouteTo>,
    /// Route tables of the base tier.
    pub route_tables: Vec<RouteTableId>,
    /// Web ACLs of the base tier.
    pub web_acls: BTreeSet<WebAclArn>,
    /// Load balancers.
    pub load_balancers: BTreeMap<LoadBalancerArn, LoadBalancer>,
    /// Target groups of the base tier.
    pub target_groups: BTreeMap<TargetGroupArn, TargetGroup>,
    /// The routes that private tasks leave by.
    pub exits: Vec<RouteKey>,
    /// The newest revision of each task definition.
    pub revisions: BTreeMap<TaskFamily, u32>,
    /// The sizes of the tasks of each task definition that says one.
    pub task_sizes: BTreeMap<TaskFamily, TaskSize>,
    /// Services of the cluster.
    pub services: BTreeMap<ServiceName, Service>,
    /// The scalable targets of those services.
    pub scalable_targets: BTreeMap<ServiceName, ScalableTarget>,
    /// Until when services that are gone are still known by their names.
    inactive_services: BTreeMap<ServiceName, DateTime<Utc>>,
    /// Tasks of those services that are not gone.
    pub tasks: BTreeMap<TaskId, Task>,
    /// Tasks that stopped lately: of which service, and when.
    stopped_tasks: Vec<(ServiceName, DateTime<Utc>)>,
    /// Tasks that no service started, and since when they run.
    pub standalone_tasks: BTreeMap<StandaloneTask, DateTime<Utc>>,
    /// Others who use what is the environment's.
    pub lodgers: BTreeMap<OtherUserId, Lodger>,
    /// What of the base tier is gone or unfit, and since when.
    spoilt: BTreeMap<Needed, DateTime<Utc>>,
    /// DNS records.
    pub records: BTreeMap<RecordKey, Record>,
    /// DB instances and Aurora clusters.
    pub databases: BTreeMap<DatabaseId, Database>,
    /// Interface VPC endpoints.
    pub vpc_endpoints: BTreeMap<VpcEndpointId, VpcEndpoint>,
    /// Client tokens of VPC endpoints with what was asked for.
    endpoint_tokens: BTreeMap<String, String>,
    /// Until when no database can be started.
    no_database_capacity_until: Option<DateTime<Utc>>,
    /// EC2 instances.
    pub instances: BTreeMap<InstanceId, Instance>,
    /// Until when no instance can be started.
    no_instance_capacity_until: Option<DateTime<Utc>>,
    /// Auto Scaling groups.
    pub auto_scaling_groups: BTreeMap<AutoScalingGroupName, AutoScalingGroup>,
    /// CloudWatch's metric alarms.
    pub alarms: BTreeMap<String, MetricAlarm>,
    /// The cluster's tags.
    pub cluster_tags: Tags,
    /// Client tokens with what they made (facts §1 "ClientToken").
    tokens: BTreeMap<String, (NatGatewayId, String)>,
    /// Until when no Fargate capacity is left.
    no_capacity_until: Option<DateTime<Utc>>,
    /// Override tags on other resources.
    tagged: Vec<overrides::TaggedResource>,
    /// Tags that people took away.
    stripped: Vec<tagged::Stripped>,
    /// By how much the quota of addresses was raised.
    more_addresses: usize,
    /// What people deleted of the base tier.
    missing: BTreeSet<BaseResource>,
    mishaps: Vec<Mishap>,
    /// Load balancers that people deleted.
    deleted_by_hand: BTreeSet<LoadBalancerArn>,
    ledger: Option<Ledger>,
}

impl Account {
    /// An empty account.
    pub fn new(region: &str, cluster: &ClusterName, now: DateTime<Utc>, draw: Draw) -> Self {
        Self {
            now,
            region: region.to_owned(),
            cluster: cluster.to_string(),
            latencies: Latencies::new(draw),
            timetable: Timetable::default(),
            made: BTreeMap::new(),
            addresses: BTreeMap::new(),
            nat_gateways: BTreeMap::new(),
            routes: BTreeMap::new(),
            route_tables: Vec::new(),
            web_acls: BTreeSet::new(),
            load_balancers: BTreeMap::new(),
            target_groups: BTreeMap::new(),
            exits: Vec::new(),
            revisions: BTreeMap::new(),
            task_sizes: BTreeMap::new(),
            services: BTreeMap::new(),
            scalable_targets: BTreeMap::new(),
            inactive_services: BTreeMap::new(),
            tasks: BTreeMap::new(),
            stopped_tasks: Vec::new(),
            standalone_tasks: BTreeMap::new(),
            lodgers: BTreeMap::new(),
            spoilt: BTreeMap::new(),
            records: BTreeMap::new(),
            databases: BTreeMap::new(),
            vpc_endpoints: BTreeMap::new(),
            endpoint_tokens: BTreeMap::new(),
            no_database_capacity_until: None,
            instances: BTreeMap::new(),
            no_instance_capacity_until: None,
            auto_scaling_groups: BTreeMap::new(),
            alarms: BTreeMap::new(),
            cluster_tags: Tags::new(),
            tokens: BTreeMap::new(),
            no_capacity_until: None,
            tagged: Vec::new(),
            stripped: Vec::new(),
            more_addresses: 0,
            missing: BTreeSet::new(),
            mishaps: Vec::new(),
            deleted_by_hand: BTreeSet::new(),
            ledger: None,
        }
    }

    /// The instant up to which everything has happened.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Lets everything happen that is due by now, in its order.
    pub fn catch_up(&mut self, now: DateTime<Utc>) {
        self.note_billables();
        while let Some((at, event)) = self.timetable.pop_until(now) {
            self.now = self.now.max(at);
            self.happen(event);
            self.note_billables();
        }
        self.now = self.now.max(now);
    }

    /// When something happens by itself next.
    pub fn next_event(&self) -> Option<DateTime<Utc>> {
        self.timetable.next()
    }

    /// What AWS allowed and nobody should have done.
    pub fn mishaps(&self) -> &[Mishap] {
        &self.mishaps
    }

    /// The durations of this account, for faults.
    pub fn latencies_mut(&mut self) -> &mut Latencies {
        &mut self.latencies
    }

    /// The durations of this account.
    pub fn latencies(&self) -> &Latencies {
        &self.latencies
    }

    /// Leaves no Fargate capacity until an instant (facts §3 "capacity").
    pub fn run_out_of_capacity(&mut self, until: DateTime<Utc>) {
        self.no_capacity_until = Some(until);
    }

    fn mishap(&mut self, what: String) {
        self.mishaps.push(Mishap { at: self.now, what });
    }

    /// The number of the next thing of a name, from 1.
    fn number(&mut self, name: &str) -> u32 {
        let count = self.made.entry(name.to_owned()).or_default();
        *count += 1;
        *count
    }

    /// The name that durations of the next thing of a name are drawn by.
    pub fn subject(name: &str, number: u32) -> String {
        format!("{name}#{number}")
    }

    fn later(&mut self, kind: Kind, subject: &str, event: Event) {
        let after = self.latencies.of(kind, subject);
        self.timetable.add(self.now + TimeDelta::from_std(after).unwrap_or_default(), event);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::NatGatewayMade(id) => self.nat_gateway_made(&id),
            Event::NatGatewayDeleted(id) => self.nat_gateway_deleted(&id),
            Event::NatGatewayForgotten(id) => {
                self.nat_gateways.remove(&id);
            }
            Event::LoadBalancerActive(arn) => self.load_balancer_active(&arn),
            Event::TaskStarted(id) => self.task_started(id),
            Event::TaskFailed(id) => self.task_failed(id),
            Event::TaskDrained(id) => self.task_drained(id),
            Event::TaskGone(id) => self.task_gone(id),
            Event::ServicePlaced(name) => self.place_tasks(&name),
            Event::TargetChecked(group, id) => self.target_checked(&group, id),
            Event::ServiceInactive(name) => self.service_inactive(&name),
            Event::StandaloneTaskEnded(task) => self.standalone_task_ended(&task),
            Event::DatabaseIs(id, changes, status) => self.database_is(&id, changes, status),
            Event::VpcEndpointMade(id) => self.vpc_endpoint_made(&id),
            Event::VpcEndpointDeleted(id) => {
                self.vpc_endpoints.remove(&id);
            }
            Event::InstanceIs(id, changes, state) => self.instance_is(&id, changes, state),
            Event::GroupSettled(name, changes) => self.group_settled(&name, changes),
        }
    }

    /// Whether a NAT gateway works.
    fn is_available(&self, id: &NatGatewayId) -> bool {
        self.nat_gateways.get(id).is_some_and(|found| found.state == NatGatewayState::Available)
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The cluster's name.
    pub fn cluster(&self) -> ClusterName {
        parsed(self.cluster.clone())
    }

    /// The account's own id.
    pub fn id(&self) -> AccountId {
        parsed("123456789012".to_owned())
    }

    /// An ARN of this account.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.id())
    }
}

/// An id that this account has made up: it has the form AWS gives it.
pub(crate) fn parsed<Id: std::str::FromStr>(text: String) -> Id {
    match text.parse() {
        Ok(id) => id,
        Err(_) => unreachable!("{text} has the form of an id"),
    }
}
