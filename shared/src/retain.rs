//! `retain`: who started an environment by hand before a window does not find it stopped at the window's end.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::schedule::{Schedule, State};

/// A manual start outside every window; remembered until the environment goes down, for whatever reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManualStart {
    /// What it was and who asked, in words: `a manual start by alice`.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why an environment stays up although its window is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retained {
    /// The start before that window.
    pub start: ManualStart,
    /// The end of the window after it: somebody who forgot loses one night or weekend.
    pub until: DateTime<Utc>,
}

impl ManualStart {
    /// What it keeps up at an instant after its window, if anything: from the end of the first window that began after
    /// it to the end of the next one. Where no other window follows, nothing would ever end that, and it keeps nothing.
    pub fn retained(&self, schedule: &Schedule, now: DateTime<Utc>) -> Option<Retained> {
        let end = window_end(schedule, self.at)?;
        let until = window_end(schedule, end)?;
        (end <= now && now < until).then(|| Retained { start: self.clone(), until })
    }
}

/// The end of the first window that begins after an instant.
fn window_end(schedule: &Schedule, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let first = |after, to| schedule.changes(after).find(|change| change.to == to).map(|change| change.at);
    first(first(after, State::Up)?, State::Down)
}

impl fmt::Display for Retained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, until) = (self.start.at.format("%F %H:%M UTC"), self.until.format("%F %H:%M UTC"));
        write!(f, "{} at {at}, before the window, keeps it up until {until}", self.start.by)
    }
}
