//! What the runtime tier cost, by how long each piece of it was there, and what it would have cost around the clock.
//!
//! A NAT gateway and a load balancer cost every hour that has begun, an address and a task every second. A load
//! balancer in the internet has an address in each of its zones (facts §4).

use curfew_core::blueprint::Blueprint;
use curfew_core::money::{Prices, public_addresses};
use serde::Serialize;

use super::hours::Stretch;
use crate::account::{Billable, LifeSpan};

/// What is billed under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// NAT gateways.
    NatGateways,
    /// Load balancers.
    LoadBalancers,
    /// Public IPv4 addresses, kept ones at night included.
    Addresses,
    /// Fargate tasks.
    Tasks,
    /// Instance hours of databases; their storage is billed all the time.
    Databases,
    /// VPC endpoints, each in all of its zones.
    VpcEndpoints,
}

impl Item {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::NatGateways, Self::LoadBalancers, Self::Addresses, Self::Tasks, Self::Databases, Self::VpcEndpoints];
}

/// Hours, and what they cost.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Amount {
    /// Billed hours of all pieces together.
    pub hours: f64,
    /// In USD.
    pub usd: f64,
}

/// A line of the bill.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What.
    pub item: Item,
    /// As it was.
    pub actual: Amount,
    /// If everything had been there all the time.
    pub around_the_clock: Amount,
}

/// What the tier cost, in USD by AWS's list prices.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    /// Line by line.
    pub lines: Vec<Line>,
    /// All of it, as it was.
    pub usd: f64,
    /// All of it, around the clock.
    pub usd_around_the_clock: f64,
}

impl Bill {
    /// What the life spans of an account cost in a stretch of time; what stood at its beginning is what would have
    /// stood around the clock.
    pub fn of(spans: &[LifeSpan], whole: Stretch, blueprint: &Blueprint, prices: &Prices) -> Self {
        let rates = Rates { blueprint, prices };
        let there = |span: &LifeSpan| Stretch { from: span.from, to: span.to.unwrap_or(whole.to) }.within(whole);
        let lived: Vec<Charge> = spans.iter().flat_map(|span| rates.charges(&span.what, there(span))).collect();
        let laid = spans.iter().filter(|span| span.from == whole.from);
        let stood: Vec<Charge> = laid.flat_map(|span| rates.charges(&span.what, whole)).collect();
        let lines = Item::ALL.map(|item| Line {
            item,
            actual: Amount::of(item, &lived),
            around_the_clock: Amount::of(item, &stood),
        });
        let usd = lines.iter().map(|line| line.actual.usd).sum();
        let usd_around_the_clock = lines.iter().map(|line| line.around_the_clock.usd).sum();
        Self { lines: lines.to_vec(), usd, usd_around_the_clock }
    }

    /// What was saved, as a share.
    pub fn saved(&self) -> f64 {
        if self.usd_around_the_clock > 0.0 { 1.0 - self.usd / self.usd_around_the_clock } else { 0.0 }
    }
}

impl Amount {
    fn of(item: Item, charges: &[Charge]) -> Self {
        let billed = charges.iter().filter(|charge| charge.item == item);
        billed.fold(Self::default(), |sum, charge| Self {
            hours: sum.hours + charge.hours,
            usd: sum.usd + charge.hours * charge.usd_an_hour,
        })
    }
}

/// Billed hours at a price.
#[derive(Debug, Clone, Copy)]
struct Charge {
    item: Item,
    hours: f64,
    usd_an_hour: f64,
}

struct Rates<'a> {
    blueprint: &'a Blueprint,
    prices: &'a Prices,
}

impl Rates<'_> {
    fn charges(&self, what: &Billable, there: Stretch) -> Vec<Charge> {
        let Self { blueprint, prices } = self;
        let hours = there.length().as_seconds_f64() / 3600.0;
        match what {
            Billable::Address(_) => vec![addresses(hours, prices)],
            Billable::NatGateway(_) => {
                vec![Charge { item: Item::NatGateways, hours: hours.ceil(), usd_an_hour: prices.nat_gateway_hour }]
            }
            Billable::LoadBalancer(name) => {
                let usd_an_hour = prices.load_balancer_hour;
                let public = blueprint.tier.load_balancers.get(name).map_or(0, public_addresses);
                vec![
                    Charge { item: Item::LoadBalancers, hours: hours.ceil(), usd_an_hour },
                    addresses(hours * public as f64, prices),
                ]
            }
            Billable::Database(id) => {
                let named = blueprint.tier.databases.values().find(|one| one.id() == *id);
                let price = named.and_then(|one| prices.database_hour(one.size.as_ref()?));
                vec![Charge { item: Item::Databases, hours, usd_an_hour: price.unwrap_or_default() }]
            }
            Billable::VpcEndpoint(_, zones) => {
                let usd_an_hour = prices.vpc_endpoint_hour.unwrap_or_default();
                vec![Charge { item: Item::VpcEndpoints, hours: hours.ceil() * *zones as f64, usd_an_hour }]
            }
            Billable::Task(service, _) => {
                let size = blueprint.tier.services.get(service).and_then(|service| service.tasks);
                vec![Charge { item: Item::Tasks, hours, usd_an_hour: size.map_or(0.0, |size| prices.task_hour(size)) }]
            }
        }
    }
}

fn addresses(hours: f64, prices: &Prices) -> Charge {
    Charge { item: Item::Addresses, hours, usd_an_hour: prices.public_ipv4_hour }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use curfew_core::money::hourly;

    use super::*;
    use crate::environment::{Example, by_day};
    use crate::latency::Draw;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn around_the_clock_costs_what_the_core_says_an_hour_costs() {
        for example in Example::ALL {
            let blueprint = example.blueprint().expect("a blueprint");
            let prices = Prices::of(&blueprint.region).expect("prices");
            let whole = Stretch { from: at("2026-10-26T04:00:00Z"), to: at("2026-11-02T05:00:00Z") };
            let mut account = by_day(&blueprint, example.base_tier(), whole.from, Draw::Median);
            account.keep_ledger();
            let bill = Bill::of(&account.life_spans(), whole, &blueprint, &prices);
            let hours = whole.length().num_hours() as f64;
            let expected = hourly(&blueprint.tier, &prices).up * hours;
            assert!((bill.usd_around_the_clock - expected).abs() < 1e-9, "{example}: {bill:?}");
            assert!((bill.usd - expected).abs() < 1e-9, "{example}: {bill:?}");
        }
    }

    #[test]
    fn gateways_cost_each_hour_begun_and_addresses_each_second() {
        let blueprint = Example::Durable.blueprint().expect("a blueprint");
        let prices = Prices::of(&blueprint.region).expect("prices");
        let whole = Stretch { from: at("2026-10-26T04:00:00Z"), to: at("2026-10-27T04:00:00Z") };
        let span = |what, from, to| LifeSpan { what, from: at(from), to: Some(at(to)) };
        let id = "nat-0da00000000000000".parse().expect("an id");
        let alb = "durable-dev-alb".parse().expect("a name");
        let spans = [
            span(Billable::NatGateway(id), "2026-10-26T12:00:01Z", "2026-10-27T00:02:00Z"),
            span(Billable::LoadBalancer(alb), "2026-10-26T23:30:00Z", "2026-10-28T00:00:00Z"),
        ];
        let bill = Bill::of(&spans, whole, &blueprint, &prices);
        let hours: Vec<f64> = bill.lines.iter().map(|line| line.actual.hours).collect();
        assert_eq!(hours, [13.0, 5.0, 9.0, 0.0, 0.0, 0.0]);
        assert!((bill.usd - (13.0 * 0.045 + 5.0 * 0.0225 + 9.0 * 0.005)).abs() < 1e-9);
    }
}
