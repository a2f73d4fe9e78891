//! Curfew's own grammar: `Mon-Fri 08:00-20:00 America/New_York` and what people need around it.

mod always;
mod build;
mod exceptions;
mod names;
mod parse;
mod print;
mod scan;
mod selectors;
mod times;
mod zones;

use chrono::{NaiveDate, NaiveDateTime};

use super::State;
use super::dates::Dates;
use super::holidays::Holidays;
use super::local::{ClockTime, Edge, instant};
use super::timeline::{Span, Timeline};
use crate::zones::Zone;
use exceptions::Exceptions;

/// A schedule in the native grammar: up within its windows, down outside.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Native {
    /// Never up; the zone only shows times.
    Never(Zone),
    /// Up within each of these, of which there is one at least.
    Windows(Vec<Window>),
}

/// Windows that belong together, with the zone of their clocks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    when: When,
    zone: Zone,
}

#[derive(Debug, Clone, PartialEq)]
enum When {
    /// Begins on each of these dates, at each of these times.
    Recurring { dates: Dates, times: Vec<Times>, except: Exceptions },
    /// From one local time to another, once.
    Absolute { start: NaiveDateTime, end: NaiveDateTime },
}

/// From a time of the day to a later one, or to the next day's where it is not later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Times {
    start: ClockTime,
    end: ClockTime,
}

impl Native {
    /// The zone of the first window.
    pub fn zone(&self) -> Zone {
        match self {
            Self::Never(zone) => *zone,
            Self::Windows(windows) => windows.first().map_or(Zone::UTC, |window| window.zone),
        }
    }

    /// Changes the zone of each window.
    pub fn each_zone(&mut self, change: &mut impl FnMut(&mut Zone)) {
        match self {
            Self::Never(zone) => change(zone),
            Self::Windows(windows) => windows.iter_mut().for_each(|window| change(&mut window.zone)),
        }
    }

    /// The last date of the calendar of holidays that a window excepts, if that comes to an end.
    pub fn last_holiday(&self) -> Option<NaiveDate> {
        let calendars = self.windows().iter().filter_map(|window| match &window.when {
            When::Recurring { except, .. } => except.holidays.as_ref(),
            When::Absolute { .. } => None,
        });
        calendars.filter_map(Holidays::last).min()
    }

    fn windows(&self) -> &[Window] {
        match self {
            Self::Never(_) => &[],
            Self::Windows(windows) => windows,
        }
    }
}

impl Times {
    const ALL_DAY: Self = Self { start: ClockTime::MIDNIGHT, end: ClockTime::DAY_END };

    /// The span that begins on a date; none where a gap swallows all of it.
    fn span_on(self, date: NaiveDate, zone: Zone) -> Option<Span> {
        let last = if self.end <= self.start { date.succ_opt()? } else { date };
        span(self.start.on(date)?, self.end.on(last)?, zone)
    }
}

fn span(start: NaiveDateTime, end: NaiveDateTime, zone: Zone) -> Option<Span> {
    let (start, end) = (instant(start, zone, Edge::Start)?, instant(end, zone, Edge::End)?);
    (start < end).then_some(Span { start, end, state: State::Up })
}

impl Timeline for Native {
    fn spans_on(&self, date: NaiveDate, spans: &mut Vec<Span>) {
        for window in self.windows() {
            match &window.when {
                When::Recurring { dates, times, except } if dates.contains(date) && except.until(date).is_none() => {
                    spans.extend(times.iter().filter_map(|times| times.span_on(date, window.zone)));
                }
                When::Recurring { .. } | When::Absolute { .. } => {}
            }
        }
    }

    fn next_date(&self, from: NaiveDate) -> Option<NaiveDate> {
        let next = |window: &Window| match &window.when {
            When::Recurring { dates, except, .. } => {
                let mut date = dates.next(from)?;
                while let Some(last) = except.until(date) {
                    date = dates.next(last.succ_opt()?)?;
                }
                Some(date)
            }
            When::Absolute { .. } => None,
        };
        self.windows().iter().filter_map(next).min()
    }

    fn reach(&self) -> u16 {
        1
    }

    fn fixed(&self, spans: &mut Vec<Span>) {
        let fixed = |window: &Window| match window.when {
            When::Absolute { start, end } => span(start, end, window.zone),
            When::Recurring { .. } => None,
        };
        spans.extend(self.windows().iter().filter_map(fixed));
    }

    fn constant(&self) -> Option<State> {
        match self {
            Self::Never(_) => Some(State::Down),
            Self::Windows(_) => (self.full_from()? == NaiveDate::MIN).then_some(State::Up),
        }
    }

    fn constant_from(&self) -> Option<NaiveDate> {
        self.full_from()
    }

    fn last_exception(&self) -> Option<NaiveDate> {
        let last = |window: &Window| match &window.when {
            When::Recurring { except, .. } => except.last(),
            When::Absolute { .. } => None,
        };
        self.windows().iter().filter_map(last).max()
    }
}
