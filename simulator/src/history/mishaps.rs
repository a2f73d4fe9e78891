//! Bad days of AWS: slow, failing, without capacity.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::{DatabaseId, DatabaseKind, DatabaseStatus};
use fastrand::Rng;

use super::plan::Happening;
use crate::latency::Kind;
use crate::world::{Inner, Simulation};

/// A bad day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Something takes so many times as long.
    Slow(Kind, u32),
    /// Everything is at its own pace again.
    Recovered,
    /// The NAT gateways that are being made will fail.
    NatGatewaysFail,
    /// There is no Fargate capacity for so long.
    NoCapacity(TimeDelta),
    /// No database can be started for so long.
    NoDatabaseCapacity(TimeDelta),
    /// No instance can be started for so long.
    NoInstanceCapacity(TimeDelta),
    /// The databases that work are backed up, changed or maintained.
    DatabasesAre(DatabaseStatus),
}

/// Slow enough that a transition does not end within a run.
const NEVER: u32 = 30;

/// Draws the bad days of a history.
pub(super) fn troubles(
    begins: DateTime<Utc>,
    ends: DateTime<Utc>,
    random: &mut Rng,
) -> Vec<(DateTime<Utc>, Happening)> {
    let mut troubles = Vec::new();
    for _ in 0..random.u8(0..4) {
        let at = begins + TimeDelta::seconds(random.i64(0..(ends - begins).num_seconds()));
        let trouble = match random.u8(0..9) {
            0 => Trouble::NatGatewaysFail,
            1 => Trouble::NoCapacity(TimeDelta::minutes(random.i64(1..60))),
            2 => Trouble::NoDatabaseCapacity(TimeDelta::minutes(random.i64(1..60))),
            3 => busy(random),
            4 => Trouble::NoInstanceCapacity(TimeDelta::minutes(random.i64(1..60))),
            _ => {
                let kinds = [
                    Kind::NatGatewayCreate,
                    Kind::NatGatewayDelete,
                    Kind::LoadBalancerCreate,
                    Kind::TaskStart,
                    Kind::TaskStop,
                    Kind::RecordInSync,
                    Kind::DatabaseStart,
                    Kind::DatabaseStop,
                    Kind::VpcEndpointCreate,
                    Kind::VpcEndpointDelete,
                    Kind::InstanceStart,
                    Kind::InstanceStop,
                    Kind::GroupSettle,
                ];
                let kind = random.choice(kinds).unwrap_or(Kind::TaskStart);
                let times = if random.u8(0..3) == 0 { NEVER } else { random.u32(2..6) };
                let over = at + TimeDelta::minutes(random.i64(1..20 * 60));
                troubles.push((over.min(ends), Happening::Trouble(Trouble::Recovered)));
                Trouble::Slow(kind, times)
            }
        };
        troubles.push((at, Happening::Trouble(trouble)));
    }
    troubles
}

fn busy(random: &mut Rng) -> Trouble {
    let words = ["backing-up", "storage-optimization", "maintenance", "modifying"];
    let word = random.choice(words).unwrap_or("backing-up");
    Trouble::DatabasesAre(DatabaseStatus::read(DatabaseKind::Instance, word).unwrap_or(DatabaseStatus::AVAILABLE))
}

impl Simulation {
    /// A bad day begins or ends.
    pub fn trouble(&self, trouble: &Trouble) {
        let now = self.now();
        let mut inner = self.now_inner();
        let Inner { account, laws, trace, .. } = &mut *inner;
        match trouble {
            Trouble::Slow(kind, times) => account.latencies_mut().slow_down(*kind, *times),
            Trouble::Recovered => account.latencies_mut().recover(),
            Trouble::NatGatewaysFail => account.fail_pending_nat_gateways("InternalError: AWS had an internal error"),
            Trouble::NoDatabaseCapacity(span) => account.run_out_of_database_capacity(now + *span),
            Trouble::NoInstanceCapacity(span) => account.run_out_of_instance_capacity(now + *span),
            Trouble::DatabasesAre(status) => {
                let all: Vec<DatabaseId> = account.databases.keys().cloned().collect();
                all.iter().for_each(|id| {
                    account.begin_with_database(id, *status);
                });
                // What a run saw available is not any more.
                laws.disturbed(now);
            }
            Trouble::NoCapacity(span) => account.run_out_of_capacity(now + *span),
        }
        trace.add(now, format!("AWS: {trouble}"));
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow(kind, times) => write!(f, "{kind:?} takes {times} times as long"),
            Self::Recovered => f.write_str("everything is at its own pace again"),
            Self::NatGatewaysFail => f.write_str("the NAT gateways that are being made will fail"),
            Self::NoDatabaseCapacity(span) => write!(f, "no database can be started for {} min", span.num_minutes()),
            Self::NoInstanceCapacity(span) => write!(f, "no instance can be started for {} min", span.num_minutes()),
            Self::DatabasesAre(status) => write!(f, "the databases that work are {status}"),
            Self::NoCapacity(span) => write!(f, "no Fargate capacity for {} min", span.num_minutes()),
        }
    }
}
