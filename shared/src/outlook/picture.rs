//! A day as a strip of its clock's quarters of an hour.

use std::fmt;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use serde::Serialize;

use super::stretches::{Stretch, state_at};
use crate::schedule::State;
use crate::zones::{Zone, ZoneOffset};

/// What a schedule says in a quarter of an hour as a zone's clocks show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Up, in its middle; of a quarter that comes twice, in either.
    Up,
    /// Down.
    Down,
    /// As it is.
    Leave,
    /// The clocks skip it.
    Skipped,
}

/// A day by a zone's clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// Its 96 quarters of an hour.
    pub strip: Strip,
    /// What the clocks do on it, if they change.
    pub clock_change: Option<ClockChange>,
}

/// Quarters of an hour, printed two by two as one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip(pub Vec<Cell>);

/// A change of a zone's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockChange {
    /// When.
    pub at: DateTime<Utc>,
    /// By how much they go forward; back, if it is negative.
    pub by: TimeDelta,
    zone: Zone,
}

/// Quarters in a day.
const QUARTERS: i64 = 96;

impl Day {
    /// A date of the zone in which these stretches lie.
    pub(super) fn of(date: NaiveDate, zone: Zone, stretches: &[Stretch]) -> Self {
        let midnight = date.and_time(NaiveTime::MIN);
        let cell = |quarter: i64| {
            // What counts is the quarter's middle.
            let local = midnight + TimeDelta::minutes(15 * quarter) + TimeDelta::seconds(450);
            let says = |offset: ZoneOffset| state_at(stretches, (local - offset.fix()).and_utc());
            let said = match zone.offset_from_local_datetime(&local) {
                LocalResult::None => return Cell::Skipped,
                LocalResult::Single(offset) => says(offset),
                LocalResult::Ambiguous(first, last) => says(first).max(says(last)),
            };
            match said {
                Some(State::Up) => Cell::Up,
                Some(State::Down) | None => Cell::Down,
                Some(State::Leave) => Cell::Leave,
            }
        };
        let strip = Strip((0..QUARTERS).map(cell).collect());
        Self { date, strip, clock_change: ClockChange::on(date, zone) }
    }
}

impl ClockChange {
    /// The change of a zone's clocks on a date, if there is one: of the clocks' time there only minutes are looked at.
    fn on(date: NaiveDate, zone: Zone) -> Option<Self> {
        let midnight = date.and_time(NaiveTime::MIN).and_utc();
        let offset = |minutes: i64| {
            let instant = midnight + TimeDelta::minutes(minutes);
            TimeDelta::seconds(zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc().into())
        };
        // From a day before UTC's midnight, so that every zone's date is covered.
        let (mut low, mut high) = (-24 * 60, 36 * 60);
        let on_this_date = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive() == date;
        let before = offset(low);
        if before == offset(high) {
            return None;
        }
        while high - low > 1 {
            let middle = (low + high) / 2;
            if offset(middle) == before { low = middle } else { high = middle }
        }
        let at = midnight + TimeDelta::minutes(high);
        on_this_date(at).then(|| Self { at, by: offset(high) - before, zone })
    }
}

impl fmt::Display for Strip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chunks(2).try_for_each(|half_hour| {
            f.write_str(match half_hour {
                [Cell::Skipped, _] | [_, Cell::Skipped] => " ",
                [Cell::Up, Cell::Up] => "█",
                [Cell::Up, Cell::Down | Cell::Leave] => "▌",
                [Cell::Down | Cell::Leave, Cell::Up] => "▐",
                [Cell::Leave, _] | [_, Cell::Leave] => "░",
                _ => "·",
            })
        })
    }
}

impl fmt::Display for ClockChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = self.at.with_timezone(&self.zone).naive_local();
        let before = after - self.by;
        let form = if before.date() == after.date() { "%H:%M" } else { "%a %H:%M" };
        let way = if self.by > TimeDelta::zero() { "forward" } else { "back" };
        write!(f, "clocks go {way} from {} to {}", before.format(form), after.format(form))
    }
}
