//! Local times as instants: the one place where the time rules are.
//!
//! A boundary is a time on a local date. As a start it is the first instant at which the zone's clocks show that time or
//! a later one; as an end, the last at which they show it or an earlier one. So a boundary in a spring gap is the first
//! instant after the gap, and in a repeated hour starts count at the first occurrence and ends at the last: nobody who
//! may expect the environment finds it down.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use crate::zones::{Instants, Zone};

/// A time on the 24-hour clock, to the minute; the day's end is 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ClockTime(u16);

/// Which end of a window a boundary is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Where it becomes what the window says.
    Start,
    /// Where it stops to be.
    End,
}

impl ClockTime {
    /// 00:00.
    pub const MIDNIGHT: Self = Self(0);
    /// 24:00.
    pub const DAY_END: Self = Self(24 * 60);

    /// From hours and minutes, up to 24:00.
    pub fn new(hours: u16, minutes: u16) -> Option<Self> {
        let total = hours.checked_mul(60)?.checked_add(minutes)?;
        (minutes < 60 && total <= Self::DAY_END.0).then_some(Self(total))
    }

    /// How many minutes after midnight, by the clock.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// So many minutes later, on the same day.
    pub fn later(self, minutes: u16) -> Option<Self> {
        let total = self.0.checked_add(minutes)?;
        (total <= Self::DAY_END.0).then_some(Self(total))
    }

    /// That time on a date; 24:00 is the next date's midnight. None only where the calendar of `chrono` ends.
    pub fn on(self, date: NaiveDate) -> Option<NaiveDateTime> {
        match self {
            Self::DAY_END => Some(date.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN)),
            Self(minutes) => date.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(minutes.into())),
        }
    }
}

impl std::fmt::Display for ClockTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The instant of a local boundary. None only where the calendar of `chrono` ends, millennia away.
pub(super) fn instant(local: NaiveDateTime, zone: Zone, edge: Edge) -> Option<DateTime<Utc>> {
    Some(match (zone.instants(local)?, edge) {
        (Instants::Once(instant), _) => instant,
        (Instants::Twice(first, _), Edge::Start) => first,
        (Instants::Twice(_, last), Edge::End) => last,
        (Instants::Skipped(after), _) => after,
    })
}
