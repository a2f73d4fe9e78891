//! From instants to what a zone's clocks show, and back.

use std::fmt;

use chrono::{
    DateTime, Datelike, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone,
    Timelike, Utc,
};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{self, AmbiguousOffset};

use super::{Rules, Zone};

/// What a zone's clocks are ahead of UTC at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneOffset {
    zone: Zone,
    ahead: FixedOffset,
}

/// When a zone's clocks show a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instants {
    /// Once.
    Once(DateTime<Utc>),
    /// Twice, as when they go back.
    Twice(DateTime<Utc>, DateTime<Utc>),
    /// Never, as when they go forward: at this instant they show a later time for the first time.
    Skipped(DateTime<Utc>),
}

/// Dates fall on the same days of the week again after so many years, and so do the rules' changes.
const CYCLE_YEARS: i32 = 400;
const CYCLE_DAYS: i64 = 146_097;
/// `jiff` has the years up to 9999, both ways, and `chrono` more: those beyond are moved by whole cycles to this one or
/// after it.
const FURTHEST_YEAR: i32 = 22 * CYCLE_YEARS;

impl Zone {
    /// When its clocks show a time. None only where the calendar of `chrono` ends.
    pub fn instants(self, local: NaiveDateTime) -> Option<Instants> {
        let Some(rules) = self.rules() else { return Some(Instants::Once(local.and_utc())) };
        let at = |offset: tz::Offset| Some(local.checked_sub_offset(fixed(offset))?.and_utc());
        let (moved, cycles) = within(local)?;
        match rules.to_ambiguous_timestamp(civil_of(moved)?).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(offset).map(Instants::Once),
            AmbiguousOffset::Fold { before, after } => Some(Instants::Twice(at(before)?, at(after)?)),
            AmbiguousOffset::Gap { before, after } => {
                // By the later offset this is before the clocks go forward, by the earlier one after it.
                let first = moved.checked_sub_offset(fixed(after))?;
                let change = rules.following(timestamp(first)?).find(|change| change.offset() != before)?;
                let change = DateTime::from_timestamp(change.timestamp().as_second(), 0)?;
                change.checked_add_signed(TimeDelta::days(cycles * CYCLE_DAYS)).map(Instants::Skipped)
            }
        }
    }

    fn rules(self) -> Option<&'static tz::TimeZone> {
        match self.0 {
            Rules::Utc => None,
            Rules::BuiltIn(rules) => Some(rules.rules()),
            Rules::Given(given) => Some(&given.rules),
        }
    }

    fn offset_at(self, instant: NaiveDateTime) -> ZoneOffset {
        let found = self.rules().zip(moment(instant));
        let ahead = found.map_or(Utc.fix(), |(rules, moment)| fixed(rules.to_offset(moment)));
        ZoneOffset { zone: self, ahead }
    }

    /// What its clocks are called at an instant: `EST`, or `+03` where they have no name.
    pub fn abbreviation(self, instant: DateTime<Utc>) -> String {
        let found = self.rules().zip(moment(instant.naive_utc()));
        found.map_or_else(|| "UTC".to_owned(), |(rules, moment)| rules.to_offset_info(moment).abbreviation().to_owned())
    }
}

/// A time moved by whole cycles into the years that `jiff` has, and by how many it was moved back.
fn within(time: NaiveDateTime) -> Option<(NaiveDateTime, i64)> {
    let year = time.year();
    if (-FURTHEST_YEAR..=FURTHEST_YEAR).contains(&year) {
        return Some((time, 0));
    }
    let near = year.rem_euclid(CYCLE_YEARS) + if year > 0 { FURTHEST_YEAR } else { -FURTHEST_YEAR };
    Some((time.with_year(near)?, i64::from((year - near) / CYCLE_YEARS)))
}

fn moment(instant: NaiveDateTime) -> Option<Timestamp> {
    timestamp(within(instant)?.0)
}

/// Clocks change at whole seconds; what is less does not count.
fn timestamp(instant: NaiveDateTime) -> Option<Timestamp> {
    Timestamp::from_second(instant.and_utc().timestamp()).ok()
}

fn civil_of(local: NaiveDateTime) -> Option<civil::DateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    let year = i16::try_from(local.year()).ok()?;
    let (month, day) = (part(local.month())?, part(local.day())?);
    civil::DateTime::new(year, month, day, part(local.hour())?, part(local.minute())?, part(local.second())?, 0).ok()
}

fn fixed(offset: tz::Offset) -> FixedOffset {
    // The database has none that is longer than a day, which is what `chrono` refuses.
    FixedOffset::east_opt(offset.seconds()).unwrap_or(Utc.fix())
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.ahead
    }
}

impl fmt::Display for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ahead.fmt(f)
    }
}

impl TimeZone for Zone {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> LocalResult<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> LocalResult<ZoneOffset> {
        let at = |instant: DateTime<Utc>| self.offset_at(instant.naive_utc());
        match self.instants(*local) {
            Some(Instants::Once(instant)) => LocalResult::Single(at(instant)),
            Some(Instants::Twice(first, last)) => LocalResult::Ambiguous(at(first), at(last)),
            Some(Instants::Skipped(_)) | None => LocalResult::None,
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_at(utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        self.offset_at(*utc)
    }
}
