//! An override that keeps an environment up although its schedule says down, and when somebody is reminded of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::overrides::TaggedOverride;
use crate::schedule::{Schedule, State};

/// Somebody is reminded each time that an override has kept an environment up for so long beyond its schedule.
pub const REMINDER: TimeDelta = TimeDelta::hours(72);

/// Since when an override has been what keeps an environment up: remembered, because a tag does not say when it was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptUp {
    /// On which resource the override is.
    pub resource: String,
    /// What it says.
    pub value: String,
    /// When a run first found the environment kept up by it against the schedule.
    pub since: DateTime<Utc>,
    /// How often somebody was reminded.
    pub reminders: i64,
}

/// What somebody is reminded of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reminder {
    /// The override.
    #[serde(rename = "override")]
    pub tag: TaggedOverride,
    /// Since when it has kept the environment up.
    pub since: DateTime<Utc>,
    /// For how long of that the schedule said down, in seconds.
    pub beyond_seconds: i64,
    /// What that cost, in USD by list prices, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
}

impl KeptUp {
    /// What is to be remembered, seeing that an override keeps the environment up now. `otherwise` is what the
    /// environment would be without it. The same override counts on from before, also by day; another one begins anew.
    pub fn by(before: Option<Self>, tag: &TaggedOverride, otherwise: State, now: DateTime<Utc>) -> Option<Self> {
        let value = tag.value.to_string();
        let same = before.filter(|before| before.resource == tag.resource && before.value == value);
        let begins = || Self { resource: tag.resource.clone(), value, since: now, reminders: 0 };
        same.or_else(|| (otherwise == State::Down).then(begins))
    }

    /// For how long the schedule has said down since.
    pub fn beyond(&self, schedule: &Schedule, now: DateTime<Utc>) -> TimeDelta {
        let mut beyond = TimeDelta::zero();
        let (mut from, mut state) = (self.since, schedule.at(self.since));
        for change in schedule.changes(self.since).take_while(|change| change.at < now) {
            if state == State::Down {
                beyond += change.at - from;
            }
            (from, state) = (change.at, change.to);
        }
        if state == State::Down { beyond + (now - from) } else { beyond }
    }

    /// How many reminders are due after so long.
    pub fn due(beyond: TimeDelta) -> i64 {
        beyond.num_seconds() / REMINDER.num_seconds()
    }
}
