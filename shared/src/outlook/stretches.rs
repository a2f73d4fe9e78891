//! A stretch of time in which a schedule says one thing.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::schedule::{Schedule, State};

/// A stretch of time, `[from, to)`, in which a schedule says one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first after it.
    pub to: DateTime<Utc>,
    /// What is said.
    pub state: State,
}

impl Stretch {
    /// How long it is.
    pub fn length(&self) -> TimeDelta {
        self.to - self.from
    }
}

/// All that a schedule says from one instant to another, without a gap, cut off at both.
pub fn stretches(schedule: &Schedule, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let (mut start, mut state) = (from, schedule.at(from));
    for change in schedule.changes(from).take_while(|change| change.at < to) {
        stretches.push(Stretch { from: start, to: change.at, state });
        (start, state) = (change.at, change.to);
    }
    if start < to {
        stretches.push(Stretch { from: start, to, state });
    }
    stretches
}

/// What is said at an instant; what lies outside is as at the nearer end.
pub(super) fn state_at(stretches: &[Stretch], instant: DateTime<Utc>) -> Option<State> {
    let index = stretches.partition_point(|stretch| stretch.to <= instant);
    stretches.get(index).or(stretches.last()).map(|stretch| stretch.state)
}
