//! The blueprint as it is written: every field in its place, nothing resolved yet.

use std::collections::BTreeMap;

use deserr::Deserr;
use serde::Serialize;

use super::Blueprint;
use super::entries::Entries;
use super::problems::Problems;
use crate::lead::Lead;
use crate::model::*;
use crate::schedule::Holidays;

/// The schema's version, so that a later one can tell.
pub const VERSION: u32 = 1;

/// A blueprint or a recording as a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub(crate) struct Document {
    pub version: u32,
    pub environment: EnvironmentName,
    pub region: Region,
    pub schedule: String,
    #[serde(skip_serializing_if = "Lead::is_none")]
    #[deserr(default)]
    pub lead: Lead,
    #[deserr(default = true)]
    pub retain: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub holidays: Option<String>,
    pub cluster: ClusterName,
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
    #[deserr(default, from(Entries<LogicalName, Address>) = Entries::into_map)]
    pub addresses: BTreeMap<LogicalName, Address>,
    #[deserr(default, from(Entries<LogicalName, NatGateway>) = Entries::into_map)]
    pub nat_gateways: BTreeMap<LogicalName, NatGateway>,
    #[deserr(default)]
    pub routes: Vec<RouteEntry>,
    #[deserr(default, from(Entries<LoadBalancerName, LoadBalancer>) = Entries::into_map)]
    pub load_balancers: BTreeMap<LoadBalancerName, LoadBalancer>,
    #[deserr(default)]
    pub dns_records: Vec<RecordEntry>,
    #[deserr(default, from(Entries<ServiceName, Service>) = Entries::into_map)]
    pub services: BTreeMap<ServiceName, Service>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[deserr(default, from(Entries<LogicalName, Database>) = Entries::into_map)]
    pub databases: BTreeMap<LogicalName, Database>,
    #[serde(skip_serializing_if = "Draining::is_default")]
    #[deserr(default)]
    pub draining: Draining,
    #[serde(skip_serializing_if = "StandaloneTasks::is_default")]
    #[deserr(default)]
    pub standalone_tasks: StandaloneTasks,
    #[serde(skip_serializing_if = "OtherUsersRule::is_default")]
    #[deserr(default)]
    pub other_users: OtherUsersRule,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[deserr(default, from(Entries<LogicalName, VpcEndpoint>) = Entries::into_map)]
    pub vpc_endpoints: BTreeMap<LogicalName, VpcEndpoint>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[deserr(default, from(Entries<LogicalName, Instance>) = Entries::into_map)]
    pub instances: BTreeMap<LogicalName, Instance>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[deserr(default, from(Entries<LogicalName, AutoScalingGroup>) = Entries::into_map)]
    pub auto_scaling_groups: BTreeMap<LogicalName, AutoScalingGroup>,
}

/// A default route through a NAT gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub(crate) struct RouteEntry {
    pub route_table: RouteTableId,
    #[deserr(default = "0.0.0.0/0".to_owned())]
    pub destination: String,
    pub nat_gateway: LogicalName,
}

/// An alias record for a load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub(crate) struct RecordEntry {
    pub zone: HostedZoneId,
    pub name: String,
    #[serde(rename = "type")]
    #[deserr(rename = "type", default = RecordKind::A)]
    pub kind: RecordKind,
    pub load_balancer: LoadBalancerName,
    #[deserr(default)]
    pub evaluate_target_health: bool,
    #[deserr(default)]
    pub alias_form: AliasForm,
    #[deserr(default)]
    pub while_down: RecordWhileDown,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub sleeping_page: Option<SleepingPage>,
}

impl RouteEntry {
    pub(crate) fn key(&self) -> RouteKey {
        RouteKey { route_table: self.route_table.clone(), destination: self.destination.clone() }
    }
}

impl RecordEntry {
    pub(crate) fn key(&self) -> RecordKey {
        let name = self.name.trim_end_matches('.').to_ascii_lowercase();
        RecordKey { zone: self.zone.clone(), name, kind: self.kind }
    }
}

impl Document {
    /// A tier, with the rest of a blueprint around it.
    pub(crate) fn of(blueprint: &Blueprint, tier: &RuntimeTier) -> Self {
        let route = |(key, nat_gateway): (&RouteKey, &LogicalName)| RouteEntry {
            route_table: key.route_table.clone(),
            destination: key.destination.clone(),
            nat_gateway: nat_gateway.clone(),
        };
        Self {
            version: VERSION,
            environment: blueprint.environment.clone(),
            region: blueprint.region.clone(),
            schedule: blueprint.schedule.to_string(),
            lead: blueprint.lead,
            retain: blueprint.retain,
            holidays: blueprint.holidays.as_ref().map(Holidays::to_string),
            cluster: blueprint.cluster.clone(),
            tags: blueprint.tags.clone(),
            addresses: tier.addresses.clone(),
            nat_gateways: tier.nat_gateways.clone(),
            routes: tier.routes.iter().map(route).collect(),
            load_balancers: tier.load_balancers.clone(),
            dns_records: tier.dns_records.iter().map(|(key, record)| RecordEntry::of(key, record)).collect(),
            services: tier.services.clone(),
            databases: tier.databases.clone(),
            draining: tier.draining,
            standalone_tasks: tier.standalone_tasks,
            other_users: tier.other_users.clone(),
            vpc_endpoints: tier.vpc_endpoints.clone(),
            instances: tier.instances.clone(),
            auto_scaling_groups: tier.auto_scaling_groups.clone(),
        }
    }

    pub(crate) fn into_tier(self) -> RuntimeTier {
        RuntimeTier {
            routes: self.routes.into_iter().map(|route| (route.key(), route.nat_gateway)).collect(),
            dns_records: self.dns_records.into_iter().map(|entry| (entry.key(), entry.into_record())).collect(),
            addresses: self.addresses,
            nat_gateways: self.nat_gateways,
            load_balancers: self.load_balancers,
            services: self.services,
            databases: self.databases,
            draining: self.draining,
            standalone_tasks: self.standalone_tasks,
            other_users: self.other_users,
            vpc_endpoints: self.vpc_endpoints,
            instances: self.instances,
            auto_scaling_groups: self.auto_scaling_groups,
        }
    }
}

impl RecordEntry {
    fn of(key: &RecordKey, record: &DnsRecord) -> Self {
        Self {
            zone: key.zone.clone(),
            name: key.name.clone(),
            kind: key.kind,
            load_balancer: record.load_balancer.clone(),
            evaluate_target_health: record.evaluate_target_health,
            alias_form: record.alias_form,
            while_down: record.while_down,
            sleeping_page: record.sleeping_page.clone(),
        }
    }

    fn into_record(self) -> DnsRecord {
        DnsRecord {
            load_balancer: self.load_balancer,
            evaluate_target_health: self.evaluate_target_health,
            alias_form: self.alias_form,
            while_down: self.while_down,
            sleeping_page: self.sleeping_page,
        }
    }
}
