//! A budget's period under way. AWS's calendar is UTC's.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Serialize;

use crate::model::{Budget, TimeUnit};

/// A period, `[from, until)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first after it.
    pub until: DateTime<Utc>,
}

impl Period {
    /// The period of a budget that an instant lies in; none before it begins, after it ended, or if a custom one does
    /// not say when it does.
    pub fn of(budget: &Budget, now: DateTime<Utc>) -> Option<Self> {
        let today = now.date_naive();
        let (from, until) = match budget.time_unit {
            TimeUnit::Daily => (midnight(today), midnight(today.checked_add_days(Days::new(1))?)),
            TimeUnit::Monthly => months(today, 1)?,
            TimeUnit::Quarterly => months(today, 3)?,
            TimeUnit::Annually => months(today, 12)?,
            TimeUnit::Custom => (budget.begins?, budget.ends?),
        };
        let from = budget.begins.map_or(from, |begins| begins.max(from));
        let until = budget.ends.map_or(until, |ends| ends.min(until));
        (from <= now && now < until).then_some(Self { from, until })
    }

    /// How long it is.
    pub fn length(&self) -> TimeDelta {
        self.until - self.from
    }
}

/// The stretch of so many months of a calendar year that a date lies in.
fn months(date: NaiveDate, count: u32) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let first = NaiveDate::from_ymd_opt(date.year(), date.month0() / count * count + 1, 1)?;
    Some((midnight(first), midnight(first.checked_add_months(Months::new(count))?)))
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}
