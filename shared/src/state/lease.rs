//! The lease: two runs never work on one environment at once (invariant 10).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Who works on an environment, and until when at the latest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lease {
    /// The run.
    pub run: String,
    /// What started it, in words.
    pub trigger: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when it holds unless it is renewed.
    pub until: DateTime<Utc>,
}

/// A lease lasts so long unless it is renewed: a run that was cut off delays the next one by this at most.
pub const TERM: TimeDelta = TimeDelta::seconds(120);

/// So much of a lease must be left before a run acts: more than an action's longest time-out, so that no action of a
/// run is still under way when another run takes over.
pub const MARGIN: TimeDelta = TimeDelta::seconds(60);

impl Lease {
    /// A new lease.
    pub fn new(run: &str, trigger: &str, now: DateTime<Utc>) -> Self {
        Self { run: run.to_owned(), trigger: trigger.to_owned(), since: now, until: now + TERM }
    }

    /// Whether its own run may still count on it, by that run's clock.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        now < self.until
    }

    /// Whether it keeps another run out: it was written less than its term ago, by the store's clock. What the lease says
    /// of time itself does not count, because the clock of the run that wrote it may be wrong.
    pub fn keeps_out(age: TimeDelta) -> bool {
        age < TERM
    }

    /// Whether so little is left that it has to be renewed before the next action.
    pub fn is_short(&self, now: DateTime<Utc>) -> bool {
        self.until - now < MARGIN
    }

    /// The same, from now on.
    #[must_use]
    pub fn renewed(&self, now: DateTime<Utc>) -> Self {
        Self { until: now + TERM, ..self.clone() }
    }
}
