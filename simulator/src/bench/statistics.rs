//! Median, percentiles and maximum of durations.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// What many durations of one thing come down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// Half of them are no longer.
    #[serde(serialize_with = "seconds")]
    pub median: Duration,
    /// 95 of 100 are no longer.
    #[serde(serialize_with = "seconds")]
    pub p95: Duration,
    /// 99 of 100 are no longer.
    #[serde(serialize_with = "seconds")]
    pub p99: Duration,
    /// The longest.
    #[serde(serialize_with = "seconds")]
    pub max: Duration,
}

impl Distribution {
    /// Of these durations; none of no durations. Each figure is one of them (nearest rank).
    pub fn of(durations: impl Iterator<Item = Duration>) -> Option<Self> {
        let mut sorted: Vec<Duration> = durations.collect();
        sorted.sort();
        let rank = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?).copied();
        Some(Self { median: rank(50)?, p95: rank(95)?, p99: rank(99)?, max: rank(100)? })
    }
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_millis() as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_is_one_of_the_durations() {
        let of = |count: u64| Distribution::of((1..=count).rev().map(Duration::from_secs));
        let figures = |count| of(count).map(|d| [d.median, d.p95, d.p99, d.max].map(|one| one.as_secs()));
        assert_eq!(figures(0), None);
        assert_eq!(figures(1), Some([1, 1, 1, 1]));
        assert_eq!(figures(100), Some([50, 95, 99, 100]));
        assert_eq!(figures(1000), Some([500, 950, 990, 1000]));
    }
}
