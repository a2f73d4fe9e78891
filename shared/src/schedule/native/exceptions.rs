//! Dates on which no recurring window begins.

use chrono::NaiveDate;

use crate::schedule::date_set::DateSet;
use crate::schedule::holidays::Holidays;

/// Dates that are named, and those of the holiday calendar.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Exceptions {
    pub dates: DateSet,
    pub holidays: Option<Holidays>,
}

impl Exceptions {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.dates.is_empty() && self.holidays.is_none()
    }

    /// The last date of the stretch that a date is in; none of a date that is no exception.
    pub fn until(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.dates.until(date).max(self.holidays.as_ref().and_then(|holidays| holidays.dates().until(date)))
    }

    /// The last of all.
    pub fn last(&self) -> Option<NaiveDate> {
        self.dates.last().max(self.holidays.as_ref().and_then(|holidays| holidays.dates().last()))
    }

    /// Adds all of others.
    pub fn extend(&mut self, others: &Self) {
        self.dates.extend(&others.dates);
        self.holidays = self.holidays.take().or_else(|| others.holidays.clone());
    }
}
