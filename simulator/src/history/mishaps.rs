//! Bad days of AWS: slow, failing, without capacity.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
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
        let trouble = match random.u8(0..6) {
            0 => Trouble::NatGatewaysFail,
            1 => Trouble::NoCapacity(TimeDelta::minutes(random.i64(1..60))),
            _ => {
                let kinds = [
                    Kind::NatGatewayCreate,
                    Kind::NatGatewayDelete,
                    Kind::LoadBalancerCreate,
                    Kind::TaskStart,
                    Kind::TaskStop,
                    Kind::RecordInSync,
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

impl Simulation {
    /// A bad day begins or ends.
    pub fn trouble(&self, trouble: &Trouble) {
        let now = self.now();
        let mut inner = self.now_inner();
        let Inner { account, trace, .. } = &mut *inner;
        match trouble {
            Trouble::Slow(kind, times) => account.latencies_mut().slow_down(*kind, *times),
            Trouble::Recovered => account.latencies_mut().recover(),
            Trouble::NatGatewaysFail => account.fail_pending_nat_gateways("InternalError: AWS had an internal error"),
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
            Self::NoCapacity(span) => write!(f, "no Fargate capacity for {} min", span.num_minutes()),
        }
    }
}
