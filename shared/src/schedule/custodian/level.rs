//! The level that the edges imply: up from an `on` hour until the next `off` hour.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{Custodian, Edge, Hours, LETTERS};
use crate::schedule::State;
use crate::schedule::local::{self, ClockTime, Edge as Boundary};
use crate::schedule::timeline::{FOR_GOOD, Span, Timeline};
use crate::schedule::week::{WEEKDAYS, Week};

const WEEK: u64 = 7;

impl Hours {
    /// The week that the edges imply, without regard to dates that are skipped.
    pub fn week(&self) -> Week {
        let mut week = Week::default();
        let at = |edges: &[Edge], day: usize, hour: u16| {
            edges.iter().any(|edge| edge.hour == hour && edge.days.contains(WEEKDAYS[day % 7]))
        };
        let time = |hour| ClockTime::new(hour, 0).unwrap_or(ClockTime::MIDNIGHT);
        for (day, hour) in (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour))) {
            let mut later = (hour + 1..hour + 1 + 7 * 24).map(|hour| (day + usize::from(hour / 24), hour % 24));
            let is_off = |(day, hour): &(usize, u16)| at(&self.off, *day, *hour) && !at(&self.on, *day, *hour);
            if at(&self.on, day, hour)
                && let Some((last, end)) = later.find(is_off)
            {
                week.insert_over((WEEKDAYS[day], time(hour)), (WEEKDAYS[last % 7], time(end)));
            }
        }
        week
    }

    fn hours_on(&self, edges: &[Edge], date: NaiveDate) -> u32 {
        if self.skip_days.binary_search(&date).is_ok() {
            return 0;
        }
        let today = edges.iter().filter(|edge| edge.days.contains(date.weekday()));
        today.fold(0, |hours, edge| hours | 1 << edge.hour)
    }

    /// The hours of a date at which it is started, as bits.
    fn on_hours(&self, date: NaiveDate) -> u32 {
        self.hours_on(&self.on, date)
    }

    /// The hours of a date at which it is stopped and not started as well.
    fn off_hours(&self, date: NaiveDate) -> u32 {
        self.hours_on(&self.off, date) & !self.on_hours(date)
    }

    /// The first `off` hour after an hour of a date; none if no day has one.
    fn next_off(&self, date: NaiveDate, hour: u32) -> Option<(NaiveDate, u32)> {
        let later = self.off_hours(date) & (u32::MAX << hour);
        if later != 0 {
            return Some((date, later.trailing_zeros()));
        }
        let following = date.iter_days().skip(1).take(self.longest());
        following
            .map(|day| (day, self.off_hours(day)))
            .find(|(_, hours)| *hours != 0)
            .map(|(day, hours)| (day, hours.trailing_zeros()))
    }

    /// Whether each hour at which it is stopped is one at which it is started.
    pub fn never_stops(&self) -> bool {
        let on = |edge: &Edge, day| self.on.iter().any(|on| on.hour == edge.hour && on.days.contains(day));
        let all_on = |edge: &Edge| LETTERS.iter().all(|(_, day)| !edge.days.contains(*day) || on(edge, *day));
        self.off.iter().all(all_on)
    }

    /// In so many days there is an `off` hour, if ever: each week that is not skipped has the same.
    fn longest(&self) -> usize {
        7 + self.skip_days.len() * 7
    }

    fn boundary(&self, date: NaiveDate, hour: u32, edge: Boundary) -> Option<DateTime<Utc>> {
        let time = ClockTime::new(u16::try_from(hour).ok()?, 0)?;
        local::instant(time.on(date)?, self.zone, edge)
    }
}

impl Timeline for Custodian {
    fn spans_on(&self, date: NaiveDate, spans: &mut Vec<Span>) {
        let Self::Hours(hours) = self else { return };
        let on = hours.on_hours(date);
        for hour in (0..24).filter(|hour| on & (1 << hour) != 0) {
            let Some(start) = hours.boundary(date, hour, Boundary::Start) else { return };
            let end = hours.next_off(date, hour).and_then(|(day, hour)| hours.boundary(day, hour, Boundary::End));
            spans.push(Span { start, end: end.unwrap_or(FOR_GOOD), state: State::Up });
        }
    }

    fn next_date(&self, from: NaiveDate) -> Option<NaiveDate> {
        let Self::Hours(hours) = self else { return None };
        from.iter_days().take(hours.longest() + 1).find(|day| hours.on_hours(*day) != 0)
    }

    fn reach(&self) -> u16 {
        match self {
            Self::OptOut(_) => 0,
            Self::Hours(hours) => u16::try_from(hours.longest() + 1).unwrap_or(u16::MAX),
        }
    }

    fn cycle(&self) -> u64 {
        WEEK
    }

    fn otherwise(&self) -> State {
        match self {
            Self::OptOut(_) => State::Leave,
            Self::Hours(_) => State::Down,
        }
    }

    fn constant(&self) -> Option<State> {
        match self {
            Self::OptOut(_) => Some(State::Leave),
            Self::Hours(hours) => hours.never_stops().then_some(State::Up),
        }
    }

    fn last_exception(&self) -> Option<NaiveDate> {
        match self {
            Self::OptOut(_) => None,
            Self::Hours(hours) => hours.skip_days.last().copied(),
        }
    }
}
