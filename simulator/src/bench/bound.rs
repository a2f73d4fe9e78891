//! The least time that AWS allows: the longest chain of waits that nobody can avoid.
//!
//! It counts what AWS itself takes (calls and transitions, as drawn for this account), and nothing of an engine: no
//! look, no poll, no read of a state, no lease. Whoever waits for something learns of it at once. What has to come
//! before what is taken from the facts, not from `next`:
//!
//! * morning: an address before its NAT gateway (facts §1); the NAT gateway available before its route; all routes
//!   before any task, which could not pull its image (facts §0); a task running and its load balancer active before
//!   its target's first check (facts §2); a load balancer's name before its record, the record in sync.
//! * night: the record away before a task stops (invariant 13); targets drained, then 30 s to stop (facts §3); all
//!   tasks gone before their way out (facts §1) or their load balancer (facts §3) goes; a NAT gateway deleted before
//!   its address is released, and not within 5 s (facts §1).
//!
//! A call has its effect halfway. The next call that rests on it has to wait for the answer.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;

use super::Times;
use crate::account::Account;
use crate::environment::{BaseTier, groups_of};
use crate::latency::{Draw, Kind, Latencies};

/// After its NAT gateway is deleted an address cannot be released for so long.
const STALE: Duration = Duration::from_secs(5);

/// The least time for the first night and the morning after it, of an environment laid by day.
pub fn bound(blueprint: &Blueprint, base: BaseTier, draw: Draw) -> Times {
    let waits = Waits { blueprint, base, drawn: Latencies::new(draw) };
    Times { night: waits.night(), morning: waits.morning() }
}

/// What AWS takes for one environment.
struct Waits<'a> {
    blueprint: &'a Blueprint,
    base: BaseTier,
    drawn: Latencies,
}

fn longest(times: impl Iterator<Item = Duration>) -> Duration {
    times.max().unwrap_or_default()
}

impl Waits<'_> {
    fn tier(&self) -> &RuntimeTier {
        &self.blueprint.tier
    }

    fn morning(&self) -> Duration {
        let routed = longest(self.tier().routes.iter().map(|(key, name)| self.available(name) + self.route_call(key)));
        let active: BTreeMap<&LoadBalancerName, Duration> =
            self.tier().load_balancers.keys().map(|name| (name, self.active(name))).collect();
        let services = self.tier().services.iter();
        let served = longest(services.map(|(name, service)| self.served(name, service, routed, &active)));
        served.max(longest(active.values().copied())).max(self.records_in_sync())
    }

    /// A NAT gateway available, and before it an address that was released.
    fn available(&self, name: &LogicalName) -> Duration {
        let Some(wanted) = self.tier().nat_gateways.get(name) else { return Duration::ZERO };
        let released = |address: &Address| address.while_down == AddressWhileDown::Release;
        let allocated = match self.tier().addresses.get(&wanted.address) {
            Some(address) if released(address) => {
                self.drawn.of(Kind::AddressAllocate, &format!("address {}", wanted.address))
            }
            Some(_) | None => Duration::ZERO,
        };
        let subject = Account::subject(wanted.subnet.as_str(), 1);
        allocated + self.other_call() / 2 + self.drawn.of(Kind::NatGatewayCreate, &subject)
    }

    fn active(&self, name: &LoadBalancerName) -> Duration {
        let subject = Account::subject(name.as_str(), 2);
        self.load_balancer_call(name) / 2 + self.drawn.of(Kind::LoadBalancerCreate, &subject)
    }

    /// All tasks of a service running and all of its targets past their first check.
    fn served(
        &self,
        name: &ServiceName,
        service: &Service,
        routed: Duration,
        active: &BTreeMap<&LoadBalancerName, Duration>,
    ) -> Duration {
        let asked = routed + self.service_call(name) / 2;
        let groups = groups_of(self.blueprint, name, service);
        // The tasks of the day before have the numbers before theirs.
        let numbers = service.desired_count + 1..=2 * service.desired_count;
        longest(numbers.map(|number| {
            let task = Account::subject(name.as_str(), number);
            let running = asked + self.drawn.of(Kind::TaskStart, &task);
            let checked = groups.iter().map(|group| {
                let kind = Kind::FirstCheck(self.base.interval);
                let check = self.drawn.of(kind, &format!("{} {task}", group.name()));
                running.max(self.forwarding(group, active)) + check
            });
            running.max(longest(checked))
        }))
    }

    /// When the load balancer of a target group is active.
    fn forwarding(&self, group: &TargetGroupArn, active: &BTreeMap<&LoadBalancerName, Duration>) -> Duration {
        let forwards = |name: &&LoadBalancerName| {
            self.tier().load_balancers.get(*name).is_some_and(|one| one.target_groups().contains(group))
        };
        longest(active.iter().filter(|(name, _)| forwards(name)).map(|(_, at)| *at))
    }

    fn records_in_sync(&self) -> Duration {
        let parked = self.zones(|record| record.while_down == RecordWhileDown::Park).len() as u32;
        let zones = self.zones(|_| true);
        longest(zones.into_iter().zip(parked + 1..).map(|((_, names), number)| {
            let named = longest(names.into_iter().map(|name| self.load_balancer_call(name)));
            let in_sync = self.drawn.of(Kind::RecordInSync, &Account::subject("dns change", number));
            named + self.other_call() / 2 + in_sync
        }))
    }

    /// The zones in which there are such records, with the load balancers that the records lead to.
    fn zones(&self, wanted: impl Fn(&DnsRecord) -> bool) -> BTreeMap<&HostedZoneId, BTreeSet<&LoadBalancerName>> {
        let mut zones: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (key, record) in self.tier().dns_records.iter().filter(|(_, record)| wanted(record)) {
            zones.entry(&key.zone).or_default().insert(&record.load_balancer);
        }
        zones
    }

    fn night(&self) -> Duration {
        let parks = self.tier().dns_records.values().any(|record| record.while_down == RecordWhileDown::Park);
        let away = if parks { self.other_call() } else { Duration::ZERO };
        let services = self.tier().services.iter();
        let stopped = longest(services.map(|(name, service)| away + self.stopped(name, service)));
        let load_balancers = self.tier().load_balancers.keys().map(|name| self.load_balancer_call(name) / 2);
        let nat_gateways = self.tier().nat_gateways.values().map(|wanted| self.deleted(wanted));
        stopped + longest(load_balancers).max(longest(nat_gateways))
    }

    fn stopped(&self, name: &ServiceName, service: &Service) -> Duration {
        let has_targets = !groups_of(self.blueprint, name, service).is_empty();
        let drained = if has_targets { self.base.deregistration_delay } else { Duration::ZERO };
        self.service_call(name) / 2 + drained + self.drawn.of(Kind::TaskStop, "")
    }

    fn deleted(&self, wanted: &NatGateway) -> Duration {
        let deleted = self.other_call() / 2 + self.drawn.of(Kind::NatGatewayDelete, wanted.subnet.as_str());
        let released = |address: &Address| address.while_down == AddressWhileDown::Release;
        match self.tier().addresses.get(&wanted.address) {
            Some(address) if released(address) => {
                let call = self.drawn.of(Kind::AddressRelease, &format!("address {}", wanted.address));
                deleted + STALE.max(call / 2)
            }
            Some(_) | None => deleted,
        }
    }

    fn load_balancer_call(&self, name: &LoadBalancerName) -> Duration {
        self.drawn.of(Kind::ListenerCall, &format!("load balancer {name}"))
    }

    fn route_call(&self, key: &RouteKey) -> Duration {
        self.drawn.of(Kind::RouteCall, &format!("route {} in {}", key.destination, key.route_table))
    }

    fn service_call(&self, name: &ServiceName) -> Duration {
        self.drawn.of(Kind::ServiceCall, &format!("service {name}"))
    }

    fn other_call(&self) -> Duration {
        self.drawn.of(Kind::OtherCall, "")
    }
}
