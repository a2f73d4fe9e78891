//! How long AWS takes: drawn by seed from observed durations, or their medians.
//!
//! A duration depends on the seed and on what it is for, not on the order in which things are asked for: two engines
//! that do the same things in another order meet the same account.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;
use std::time::Duration;

use serde::Deserialize;

/// Observed durations of public logs (facts §9): sorted, in seconds, without bounds and outliers.
const SAMPLES: &str = include_str!("../data/latencies.json");

/// How long a call takes that only reads. Nobody measured these; a quarter of a second is assumed.
pub const LOOK: Duration = Duration::from_millis(250);
/// How long the state bucket takes to answer; assumed as well.
pub const STORE: Duration = Duration::from_millis(50);

/// What takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A NAT gateway, from asked for to available.
    NatGatewayCreate,
    /// A NAT gateway that cannot be made, from asked for to failed: nobody measured it (the one observation polled).
    NatGatewayFail,
    /// A NAT gateway, from told to go to deleted.
    NatGatewayDelete,
    /// A load balancer, from asked for to active.
    LoadBalancerCreate,
    /// A Fargate task, from asked for to running.
    TaskStart,
    /// A task, from SIGTERM to gone: the default `stopTimeout` to its end (facts §3).
    TaskStop,
    /// A target, from registered (or its load balancer active) to its first check, of a group's interval (facts §2).
    FirstCheck(Duration),
    /// A service without tasks, from deleted to inactive: the fastest that was seen.
    ServiceDelete,
    /// A DNS change, from accepted to everywhere.
    RecordInSync,
    /// The call that allocates an address.
    AddressAllocate,
    /// The call that releases an address.
    AddressRelease,
    /// A call about a load balancer, a listener or a rule.
    ListenerCall,
    /// A call about a route.
    RouteCall,
    /// A call about a service.
    ServiceCall,
    /// Any other call. Nobody measured these; a quarter of a second is assumed.
    OtherCall,
    // What is drawn depends on the place in this list: new kinds stand at its end.
    /// A database, from told to start to available. No logs were collected: AWS says "several minutes".
    DatabaseStart,
    /// A database, from told to stop to stopped; likewise.
    DatabaseStop,
    /// A database's backup, change or maintenance; likewise.
    DatabaseBusy,
    /// A VPC endpoint, from asked for to available. No logs were collected.
    VpcEndpointCreate,
    /// A VPC endpoint, from told to go to gone; likewise.
    VpcEndpointDelete,
    /// An EC2 instance, from told to start to running. No logs were collected: assumed.
    InstanceStart,
    /// An EC2 instance, from told to stop to stopped; likewise.
    InstanceStop,
    /// The instances of an Auto Scaling group, from asked for to in service or terminated; likewise.
    GroupSettle,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Samples {
    nat_gateway_create: Vec<f64>,
    nat_gateway_delete: Vec<f64>,
    load_balancer_create: Vec<f64>,
    task_start: Vec<f64>,
    service_call: Vec<f64>,
    address_allocate: Vec<f64>,
    address_release: Vec<f64>,
    listener_call: Vec<f64>,
    route_call: Vec<f64>,
    record_in_sync: Vec<f64>,
}

#[derive(Deserialize)]
struct Document {
    samples: Samples,
}

fn samples() -> &'static Samples {
    static PARSED: OnceLock<Samples> = OnceLock::new();
    PARSED.get_or_init(|| match serde_json::from_str::<Document>(SAMPLES) {
        Ok(document) => document.samples,
        Err(error) => unreachable!("the samples are part of this crate: {error}"),
    })
}

/// Where durations come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// The median of each kind.
    Median,
    /// From the samples, by this seed.
    Seed(u64),
}

/// The durations of one account.
#[derive(Debug, Clone)]
pub struct Latencies {
    draw: Draw,
    slow: BTreeMap<Kind, u32>,
}

impl Latencies {
    /// Durations as they are drawn.
    pub fn new(draw: Draw) -> Self {
        Self { draw, slow: BTreeMap::new() }
    }

    /// Makes one kind take so many times as long.
    pub fn slow_down(&mut self, kind: Kind, times: u32) {
        self.slow.insert(kind, times);
    }

    /// All kinds at their own pace again.
    pub fn recover(&mut self) {
        self.slow.clear();
    }

    /// How long something takes. `subject` names what it is for, with its number if there are several in a row.
    pub fn of(&self, kind: Kind, subject: &str) -> Duration {
        let share = match self.draw {
            Draw::Median => 0.5,
            Draw::Seed(seed) => chance(seed, kind, subject),
        };
        let times = self.slow.get(&kind).copied().unwrap_or(1);
        kind.at(share) * times
    }
}

/// A number from 0 to 1 that belongs to this seed, kind and subject.
fn chance(seed: u64, kind: Kind, subject: &str) -> f64 {
    let mut hasher = DefaultHasher::new();
    (seed, kind, subject).hash(&mut hasher);
    fastrand::Rng::with_seed(hasher.finish()).f64()
}

impl Kind {
    /// The duration that this share of the observed ones does not exceed.
    fn at(self, share: f64) -> Duration {
        let samples = samples();
        let observed = match self {
            Self::NatGatewayCreate => &samples.nat_gateway_create,
            Self::NatGatewayDelete => &samples.nat_gateway_delete,
            Self::LoadBalancerCreate => &samples.load_balancer_create,
            Self::TaskStart => &samples.task_start,
            Self::RecordInSync => &samples.record_in_sync,
            Self::AddressAllocate => &samples.address_allocate,
            Self::AddressRelease => &samples.address_release,
            Self::ListenerCall => &samples.listener_call,
            Self::RouteCall => &samples.route_call,
            Self::ServiceCall => &samples.service_call,
            Self::NatGatewayFail => return Duration::from_secs(20),
            Self::TaskStop => return Duration::from_secs(30),
            Self::ServiceDelete => return Duration::from_secs(28),
            // No logs tell: twice as long at the most as at the least, around what the forecast assumes.
            Self::DatabaseStart => return Duration::from_secs(360).mul_f64((2.0 + 2.0 * share) / 3.0),
            Self::DatabaseStop => return Duration::from_secs(240).mul_f64((2.0 + 2.0 * share) / 3.0),
            Self::VpcEndpointCreate | Self::VpcEndpointDelete => {
                return Duration::from_secs(120).mul_f64((2.0 + 2.0 * share) / 3.0);
            }
            Self::InstanceStart => return Duration::from_secs(30).mul_f64((2.0 + 2.0 * share) / 3.0),
            Self::InstanceStop => return Duration::from_secs(60).mul_f64((2.0 + 2.0 * share) / 3.0),
            Self::GroupSettle => return Duration::from_secs(90).mul_f64((2.0 + 2.0 * share) / 3.0),
            Self::DatabaseBusy => return Duration::from_secs(600).mul_f64(share),
            Self::FirstCheck(interval) => return interval.mul_f64(share),
            Self::OtherCall => return Duration::from_millis(250),
        };
        // Logs tell whole seconds; milliseconds are all the clock knows.
        Duration::from_millis((quantile(observed, share) * 1000.0).round() as u64).max(Duration::from_millis(50))
    }
}

/// Between two neighbours of a sorted list, in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len().saturating_sub(1)) as f64;
    let below = place.floor() as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(sorted.len() - 1)]);
    low + (high - low) * (place - place.floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_those_of_the_facts() {
        let median = |kind| Latencies::new(Draw::Median).of(kind, "").as_secs_f64();
        assert_eq!(median(Kind::NatGatewayCreate), 106.0);
        assert_eq!(median(Kind::NatGatewayDelete), 61.0);
        assert_eq!(median(Kind::LoadBalancerCreate), 153.0);
        assert_eq!(median(Kind::TaskStart), 60.0);
        assert_eq!(median(Kind::RecordInSync), 34.0);
    }

    #[test]
    fn a_duration_belongs_to_its_subject_and_not_to_its_turn() {
        let drawn = Latencies::new(Draw::Seed(7));
        let first = drawn.of(Kind::NatGatewayCreate, "egress#1");
        drawn.of(Kind::NatGatewayCreate, "egress#2");
        assert_eq!(drawn.of(Kind::NatGatewayCreate, "egress#1"), first);
        let others: Vec<Duration> =
            (0..50).map(|seed| Latencies::new(Draw::Seed(seed)).of(Kind::NatGatewayCreate, "egress#1")).collect();
        assert!(others.iter().any(|other| *other != first));
        assert!(others.iter().all(|other| (84..=126).contains(&other.as_secs())));
    }

    #[test]
    fn samples_are_sorted() {
        let samples = samples();
        for list in [&samples.nat_gateway_create, &samples.task_start, &samples.load_balancer_create] {
            assert!(list.is_sorted() && !list.is_empty());
        }
    }
}
