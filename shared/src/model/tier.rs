//! The runtime tier as the blueprint declares it and the recording remembers it: what comes and goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use deserr::Deserr;
use serde::{Serialize, Serializer};

use super::alarm::Alarms;
use super::auto_scaling_group::AutoScalingGroup;
use super::database::Database;
use super::draining::Draining;
use super::ids::*;
use super::instance::Instance;
use super::listener::Listener;
use super::other_users::OtherUsersRule;
use super::protection::DeletionProtection;
use super::service::Service;
use super::standalone_tasks::StandaloneTasks;
use super::tags::Tags;
use super::vpc_endpoint::VpcEndpoint;
use crate::blueprint::{Entries, Problems};

/// Everything that a night takes away and a morning brings back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuntimeTier {
    /// Elastic IPs by logical name.
    pub addresses: BTreeMap<LogicalName, Address>,
    /// NAT gateways by logical name.
    pub nat_gateways: BTreeMap<LogicalName, NatGateway>,
    /// Default routes through those NAT gateways.
    #[serde(serialize_with = "text_keys")]
    pub routes: BTreeMap<RouteKey, LogicalName>,
    /// Application load balancers by name.
    pub load_balancers: BTreeMap<LoadBalancerName, LoadBalancer>,
    /// DNS alias records that point at those load balancers.
    #[serde(serialize_with = "text_keys")]
    pub dns_records: BTreeMap<RecordKey, DnsRecord>,
    /// Databases by logical name.
    pub databases: BTreeMap<LogicalName, Database>,
    /// EC2 instances by logical name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub instances: BTreeMap<LogicalName, Instance>,
    /// Auto Scaling groups by logical name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub auto_scaling_groups: BTreeMap<LogicalName, AutoScalingGroup>,
    /// ECS services by name.
    pub services: BTreeMap<ServiceName, Service>,
    /// What a night does for clients that still come.
    #[serde(skip_serializing_if = "Draining::is_default")]
    pub draining: Draining,
    /// What a night does for tasks that no service started.
    #[serde(skip_serializing_if = "StandaloneTasks::is_default")]
    pub standalone_tasks: StandaloneTasks,
    /// What a night does where others use what goes.
    #[serde(skip_serializing_if = "OtherUsersRule::is_default")]
    pub other_users: OtherUsersRule,
    /// Interface VPC endpoints by logical name.
    pub vpc_endpoints: BTreeMap<LogicalName, VpcEndpoint>,
}

impl RuntimeTier {
    /// The same, with tags on everything that can have them and does not say otherwise.
    ///
    /// What is declared is declared with them, so that a recording, which has what was really there, can be compared:
    /// an adopted listener that never had them does not get them in the morning.
    #[must_use]
    pub fn with_tags(mut self, common: &Tags) -> Self {
        let add = |tags: &mut Tags| {
            for (key, value) in common {
                tags.entry(key.clone()).or_insert_with(|| value.clone());
            }
        };
        self.addresses.values_mut().for_each(|address| add(&mut address.tags));
        self.nat_gateways.values_mut().for_each(|nat_gateway| add(&mut nat_gateway.tags));
        for load_balancer in self.load_balancers.values_mut() {
            add(&mut load_balancer.tags);
            for listener in load_balancer.listeners.values_mut() {
                add(&mut listener.tags);
                listener.rules.values_mut().for_each(|rule| add(&mut rule.tags));
            }
        }
        self.services
            .values_mut()
            .filter_map(|s| s.definition.as_mut())
            .for_each(|definition| add(&mut definition.tags));
        self.vpc_endpoints.values_mut().for_each(|endpoint| add(&mut endpoint.tags));
        self
    }

    /// Whether anything goes at night that others could be seen to use.
    pub fn may_have_other_users(&self) -> bool {
        !self.nat_gateways.is_empty() || !self.load_balancers.is_empty() || !self.databases.is_empty()
    }

    /// Every target group a listener or a rule forwards to.
    pub fn target_groups(&self) -> BTreeSet<TargetGroupArn> {
        self.load_balancers.values().flat_map(LoadBalancer::target_groups).collect()
    }
}

/// What becomes of an elastic IP at night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(rename_all = lowercase, error = Problems)]
pub enum AddressWhileDown {
    /// Kept, so that the environment leaves by the same address in the morning; 0.005 USD an hour.
    #[default]
    Keep,
    /// Released; the morning gets another one.
    Release,
}

/// An elastic IP for a NAT gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Address {
    /// What becomes of it at night.
    #[deserr(default)]
    pub while_down: AddressWhileDown,
    /// Tags of its own, over the environment's.
    #[serde(skip_serializing_if = "Tags::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
    /// An address that existed before Curfew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub adopted: Option<AllocationId>,
}

/// A zonal, public NAT gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct NatGateway {
    /// The public subnet it stands in.
    pub subnet: SubnetId,
    /// The elastic IP it leaves by.
    pub address: LogicalName,
    /// Tags of its own, over the environment's.
    #[serde(skip_serializing_if = "Tags::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
    /// A NAT gateway that existed before Curfew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub adopted: Option<NatGatewayId>,
    /// What becomes in the morning of the alarms that watch it.
    #[serde(skip_serializing_if = "Alarms::is_default")]
    #[deserr(default)]
    pub alarms: Alarms,
}

/// Where a route is: its table and its destination.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteKey {
    /// The route table, which is base tier.
    pub route_table: RouteTableId,
    /// An IPv4 or IPv6 range, `0.0.0.0/0` as a rule.
    pub destination: String,
}

/// Which record of which zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordKey {
    /// The hosted zone, which is base tier.
    pub zone: HostedZoneId,
    /// The name, in lower case and without the last dot.
    pub name: String,
    /// `A` or `AAAA`.
    pub kind: RecordKind,
}

impl fmt::Display for RouteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.destination, self.route_table)
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} in {}", self.name, self.kind.as_str(), self.zone)
    }
}

/// Writes a map as JSON wants it: with keys that are texts.
pub(super) fn text_keys<K: fmt::Display, V: Serialize, S: Serializer>(
    map: &BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter().map(|(key, value)| (key.to_string(), value)))
}

/// The record types an alias to a load balancer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserr)]
#[serde(rename_all = "UPPERCASE")]
#[deserr(error = Problems)]
pub enum RecordKind {
    /// IPv4.
    A,
    /// IPv6.
    #[deserr(rename = "AAAA")]
    Aaaa,
}

impl RecordKind {
    /// The type as DNS writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
        }
    }

    /// The address a parked record answers with: reserved for documentation, so nobody is there
    /// (RFC 5737, RFC 3849), and an answer, so resolvers do not cache "no such name" (invariant 13).
    pub fn parked_address(self) -> &'static str {
        match self {
            Self::A => "192.0.2.1",
            Self::Aaaa => "2001:db8::1",
        }
    }
}

/// What a name answers at night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum RecordWhileDown {
    /// The sleeping page if one is named, else a parked address, for 60 s at a time.
    #[default]
    #[deserr(rename = "park")]
    Park,
    /// Nothing is changed: the name answers NODATA, which resolvers cache for up to 15 minutes (RFC 2308),
    /// so people may not get in until 15 minutes after the environment is up.
    #[deserr(rename = "leave")]
    Leave,
}

/// How an alias names its load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum AliasForm {
    /// The load balancer's own DNS name.
    #[default]
    #[deserr(rename = "plain")]
    Plain,
    /// With `dualstack.` before it, as the console writes it.
    #[deserr(rename = "dualstack")]
    Dualstack,
}

/// Where an alias points while the environment is down: a bucket's website, a CloudFront distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct SleepingPage {
    /// The DNS name of the page's host.
    pub dns_name: String,
    /// The hosted zone of that name, as AWS documents it for the service.
    pub hosted_zone: HostedZoneId,
}

/// An alias record for a load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsRecord {
    /// The load balancer it points at.
    pub load_balancer: LoadBalancerName,
    /// Whether Route 53 asks the load balancer for its health before it answers.
    pub evaluate_target_health: bool,
    /// How the alias names the load balancer.
    pub alias_form: AliasForm,
    /// What the name answers at night.
    pub while_down: RecordWhileDown,
    /// The sleeping page, where one is configured.
    pub sleeping_page: Option<SleepingPage>,
}

/// Whether a load balancer has addresses in the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum Scheme {
    /// Reachable from the internet.
    #[deserr(rename = "internet-facing")]
    InternetFacing,
    /// Reachable from inside the VPC.
    #[deserr(rename = "internal")]
    Internal,
}

/// The addresses a load balancer answers on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum IpAddressType {
    /// IPv4 alone.
    #[default]
    #[deserr(rename = "ipv4")]
    Ipv4,
    /// IPv4 and IPv6.
    #[deserr(rename = "dualstack")]
    Dualstack,
    /// IPv6 in public, IPv4 inside.
    #[deserr(rename = "dualstack-without-public-ipv4")]
    DualstackWithoutPublicIpv4,
}

/// An application load balancer with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct LoadBalancer {
    /// Whether it has addresses in the internet.
    pub scheme: Scheme,
    /// The addresses it answers on.
    #[deserr(default)]
    pub ip_address_type: IpAddressType,
    /// One subnet for each zone, two zones at least.
    pub subnets: BTreeSet<SubnetId>,
    /// Its security groups.
    pub security_groups: BTreeSet<SecurityGroupId>,
    /// Attributes, copied key by key: what AWS adds to the list tomorrow is copied tomorrow.
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub attributes: BTreeMap<String, String>,
    /// Tags of its own, over the environment's.
    #[serde(skip_serializing_if = "Tags::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
    /// The web ACL of WAF that guards it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub web_acl: Option<WebAclArn>,
    /// What a night does about its deletion protection.
    #[serde(skip_serializing_if = "DeletionProtection::is_default")]
    #[deserr(default)]
    pub deletion_protection: DeletionProtection,
    /// Listeners by port.
    #[deserr(default, from(Entries<u16, Listener>) = Entries::into_map)]
    pub listeners: BTreeMap<u16, Listener>,
    /// A load balancer that existed before Curfew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub adopted: Option<LoadBalancerArn>,
    /// What becomes in the morning of the alarms that watch it.
    #[serde(skip_serializing_if = "Alarms::is_default")]
    #[deserr(default)]
    pub alarms: Alarms,
}

impl LoadBalancer {
    /// The same with each text of its rules that people write put through `put`.
    #[must_use]
    pub fn with_texts(mut self, put: &impl Fn(&str) -> String) -> Self {
        let with = |(port, listener): (u16, Listener)| (port, listener.with_texts(put));
        self.listeners = self.listeners.into_iter().map(with).collect();
        self
    }

    /// Every target group a listener or a rule forwards to.
    pub fn target_groups(&self) -> BTreeSet<TargetGroupArn> {
        self.listeners.values().flat_map(Listener::target_groups).collect()
    }
}
