//! The blueprint as it is written: every field in its place, nothing resolved yet.

use std::collections::BTreeMap;

use deserr::Deserr;
use serde::Serialize;

use super::problems::Problems;
use crate::model::*;

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
    pub cluster: ClusterName,
    #[deserr(default)]
    pub tags: Tags,
    #[deserr(default)]
    pub addresses: BTreeMap<LogicalName, Address>,
    #[deserr(default)]
    pub nat_gateways: BTreeMap<LogicalName, NatGateway>,
    #[deserr(default)]
    pub routes: Vec<RouteEntry>,
    #[deserr(default)]
    pub load_balancers: BTreeMap<LoadBalancerName, LoadBalancer>,
    #[deserr(default)]
    pub dns_records: Vec<RecordEntry>,
    #[deserr(default)]
    pub services: BTreeMap<ServiceName, Service>,
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
    pub(crate) fn into_tier(self) -> RuntimeTier {
        RuntimeTier {
            routes: self.routes.into_iter().map(|route| (route.key(), route.nat_gateway)).collect(),
            dns_records: self.dns_records.into_iter().map(|entry| (entry.key(), entry.into_record())).collect(),
            addresses: self.addresses,
            nat_gateways: self.nat_gateways,
            load_balancers: self.load_balancers,
            services: self.services,
        }
    }
}

impl RecordEntry {
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
