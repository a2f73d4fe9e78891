//! How long an environment was down this month, and what that saved.
//!
//! Counted from the changes of its phase: a night begins when it is down and ends when a run sets out to bring it up, so
//! that what is half there counts as if it were all there. Nothing is guessed: a month in whose middle the counting
//! began says so, and without prices there is no sum. Money is kept as whole millionths of a dollar, which survive JSON.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use crate::zones::Zone;

/// How long it was down in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ledger {
    /// The month's first day, in the schedule's zone.
    pub month: NaiveDate,
    /// From when on it was counted: the month's beginning, or later.
    pub since: DateTime<Utc>,
    /// How long it was down, in seconds, without the night it is in.
    pub down_seconds: i64,
    /// What that saved, in millionths of a USD; none if the price of a night was not known.
    pub saved_micro_usd: Option<i64>,
    /// The night it is in, if it is down.
    pub night: Option<Night>,
}

/// A night that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Night {
    /// Since when it is down.
    pub since: DateTime<Utc>,
    /// What an hour of it saves, in millionths of a USD, where prices are known.
    pub micro_usd_an_hour: Option<i64>,
}

/// What being down has saved so far this month.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The month's first day, in the schedule's zone.
    pub month: NaiveDate,
    /// From when on it was counted.
    pub since: DateTime<Utc>,
    /// Whether that is all of the month.
    pub counted: Counted,
    /// How long it was down, in seconds.
    pub down_seconds: i64,
    /// In USD by list prices, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
}

/// How much of a month was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// All of it so far.
    FromItsBeginning,
    /// Not what was before.
    FromItsMiddle,
}

impl Ledger {
    /// It is down from now on, and saves so much an hour; `before` is what was counted so far, if anything.
    #[must_use]
    pub fn went_down(before: Option<Self>, at: DateTime<Utc>, usd_an_hour: Option<f64>, zone: Zone) -> Self {
        let micro_usd_an_hour = usd_an_hour.map(|usd| (usd * MICRO).round() as i64);
        let ledger = before.map_or_else(|| Self::begun(at, zone), |before| before.up_to(at, zone));
        Self { night: Some(Night { since: at, micro_usd_an_hour }), ..ledger }
    }

    /// A run sets out: the night is over, if it was in one.
    #[must_use]
    pub fn comes_up(self, at: DateTime<Utc>, zone: Zone) -> Self {
        Self { night: None, ..self.up_to(at, zone) }
    }

    /// What was saved this month until now.
    pub fn saved(&self, now: DateTime<Utc>, zone: Zone) -> Saved {
        let ledger = self.clone().up_to(now, zone);
        let whole = ledger.since <= month_begins(ledger.month, zone);
        Saved {
            month: ledger.month,
            since: ledger.since,
            counted: if whole { Counted::FromItsBeginning } else { Counted::FromItsMiddle },
            down_seconds: ledger.down_seconds,
            usd: ledger.saved_micro_usd.map(|micro| micro as f64 / MICRO),
        }
    }

    fn begun(at: DateTime<Utc>, zone: Zone) -> Self {
        Self { month: month_of(at, zone), since: at, down_seconds: 0, saved_micro_usd: Some(0), night: None }
    }

    /// The same with everything counted up to an instant, of that instant's month alone.
    fn up_to(self, at: DateTime<Utc>, zone: Zone) -> Self {
        let month = month_of(at, zone);
        let begins = month_begins(month, zone);
        let ledger = if month > self.month {
            Self { month, since: begins, down_seconds: 0, saved_micro_usd: Some(0), ..self }
        } else {
            self
        };
        let Some(night) = ledger.night.clone() else { return ledger };
        let spell = (at - night.since.max(begins)).max(TimeDelta::zero());
        let saved = night.micro_usd_an_hour.map(|rate| rate * spell.num_seconds() / 3600);
        Self {
            down_seconds: ledger.down_seconds + spell.num_seconds(),
            saved_micro_usd: ledger.saved_micro_usd.zip(saved).map(|(sum, more)| sum + more),
            night: Some(Night { since: night.since.max(at), ..night }),
            ..ledger
        }
    }
}

const MICRO: f64 = 1_000_000.0;

fn month_of(at: DateTime<Utc>, zone: Zone) -> NaiveDate {
    let date = at.with_timezone(&zone).date_naive();
    date.with_day(1).unwrap_or(date)
}

/// The first instant of a month that starts at midnight by the clocks; where these jump over it, an hour later.
fn month_begins(month: NaiveDate, zone: Zone) -> DateTime<Utc> {
    let midnight = month.and_time(NaiveTime::MIN);
    let first = |local| zone.from_local_datetime(&local).earliest();
    let begins = first(midnight).or_else(|| first(midnight + TimeDelta::hours(1)));
    begins.map_or_else(|| midnight.and_utc(), |instant| instant.to_utc())
}
