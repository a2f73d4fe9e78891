//! How far a schedule's calendar of holidays reaches. Most list one year's dates, and end without a word.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;

use super::{Form, Schedule};

/// A calendar of holidays that has no more dates soon, or none any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunningOut {
    /// Its last date.
    pub last: NaiveDate,
    /// For how many whole years it has been told: people are told again each year.
    pub years: i64,
}

/// So long before the last date it is told.
const AHEAD: Days = Days::new(60);

impl Schedule {
    /// The calendar that it excepts, from 60 days before its last date on.
    pub fn running_out(&self, now: DateTime<Utc>) -> Option<RunningOut> {
        let last = match &self.form {
            Form::Native(native) => native.last_holiday()?,
            Form::Custodian(_) | Form::KubeDownscaler(_) | Form::InstanceScheduler(_) => return None,
        };
        let today = now.with_timezone(&self.zone()).date_naive();
        let from = last.checked_sub_days(AHEAD)?;
        (today >= from).then(|| RunningOut { last, years: (today - from).num_days() / 365 })
    }
}

impl fmt::Display for RunningOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the calendar of holidays has no date after {}: from then on every holiday is a working day; add the next years' dates",
            self.last
        )
    }
}
