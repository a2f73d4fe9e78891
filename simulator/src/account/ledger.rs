//! What AWS bills for, from asked for to gone: kept only by those who want to know.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use curfew_core::model::*;

use super::{Account, TaskId};

/// Something that costs money while it is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Billable {
    /// An elastic IP, in use or idle.
    Address(AllocationId),
    /// A NAT gateway, until it is deleted: one that is leaving counts too.
    NatGateway(NatGatewayId),
    /// A load balancer, from asked for to deleted.
    LoadBalancer(LoadBalancerName),
    /// A database, while its instance hours count: its storage costs the same all the time.
    Database(DatabaseId),
    /// A task of a service, from asked for to gone.
    Task(ServiceName, TaskId),
    /// A VPC endpoint, from asked for to deleted, so many zones.
    VpcEndpoint(VpcEndpointId, usize),
}

/// How long something was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeSpan {
    /// What.
    pub what: Billable,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; none if it is still there.
    pub to: Option<DateTime<Utc>>,
}

/// The life spans of an account.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    there: BTreeMap<Billable, DateTime<Utc>>,
    over: Vec<LifeSpan>,
}

impl Ledger {
    fn note(&mut self, now: DateTime<Utc>, there: BTreeSet<Billable>) {
        let gone: Vec<Billable> = self.there.keys().filter(|what| !there.contains(what)).cloned().collect();
        for what in gone {
            if let Some(from) = self.there.remove(&what) {
                self.over.push(LifeSpan { what, from, to: Some(now) });
            }
        }
        for what in there {
            self.there.entry(what).or_insert(now);
        }
    }
}

impl Account {
    /// Keeps the life span of everything billable from now on.
    pub fn keep_ledger(&mut self) {
        self.ledger = Some(Ledger::default());
        self.note_billables();
    }

    /// The life spans kept: those that are over first, in their order.
    pub fn life_spans(&self) -> Vec<LifeSpan> {
        let Some(ledger) = &self.ledger else { return Vec::new() };
        let open = ledger.there.iter().map(|(what, from)| LifeSpan { what: what.clone(), from: *from, to: None });
        ledger.over.iter().cloned().chain(open).collect()
    }

    /// Writes down what is there at this instant.
    pub(super) fn note_billables(&mut self) {
        if self.ledger.is_none() {
            return;
        }
        let there = self.billables();
        if let Some(ledger) = &mut self.ledger {
            ledger.note(self.now, there);
        }
    }

    fn billables(&self) -> BTreeSet<Billable> {
        let addresses = self.addresses.keys().cloned().map(Billable::Address);
        let standing = self.nat_gateways.iter().filter(|(_, one)| one.gone_at.is_none());
        let nat_gateways = standing.map(|(id, _)| Billable::NatGateway(id.clone()));
        let load_balancers = self.load_balancers.values().map(|one| Billable::LoadBalancer(one.name.clone()));
        let tasks = self.tasks.iter().map(|(id, task)| Billable::Task(task.service.clone(), *id));
        let billed = self.databases.iter().filter(|(_, one)| one.is_billed());
        let databases = billed.map(|(id, _)| Billable::Database(id.clone()));
        let zones = |one: &super::VpcEndpoint| one.configuration.subnets.len();
        let endpoints = self.vpc_endpoints.iter().map(|(id, one)| Billable::VpcEndpoint(id.clone(), zones(one)));
        addresses.chain(databases).chain(endpoints).chain(nat_gateways).chain(load_balancers).chain(tasks).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::environment::{Example, by_day};
    use crate::latency::Draw;

    #[test]
    fn a_life_ends_when_aws_is_done_however_late_somebody_looks() {
        let blueprint = Example::Durable.blueprint().expect("a blueprint");
        let start: DateTime<Utc> = "2026-10-26T04:00:00Z".parse().expect("an instant");
        let mut account = by_day(&blueprint, Example::Durable.base_tier(), start, Draw::Median);
        account.keep_ledger();
        assert_eq!(account.life_spans().len(), 7);
        let id = account.nat_gateways.keys().next().cloned().expect("a NAT gateway");
        let told = start + TimeDelta::hours(1);
        account.catch_up(told);
        account.delete_nat_gateway_by_hand(&id).expect("it is there");
        account.catch_up(start + TimeDelta::days(1));
        let over: Vec<LifeSpan> = account.life_spans().into_iter().filter(|span| span.to.is_some()).collect();
        let to = Some(told + TimeDelta::seconds(61));
        assert_eq!(over, [LifeSpan { what: Billable::NatGateway(id), from: start, to }]);
    }
}
