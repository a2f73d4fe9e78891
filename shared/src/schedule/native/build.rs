//! Schedules that are made of parts rather than read.

use chrono::{NaiveDate, NaiveDateTime};

use super::exceptions::Exceptions;
use super::{Native, Times, When, Window};
use crate::schedule::dates::{Dates, WeekdayRule, Weekdays};
use crate::schedule::local::ClockTime;
use crate::schedule::week::{Stretch, WEEKDAYS, Week};
use crate::zones::Zone;

impl Native {
    /// Up within these windows; the zone shows the times of a schedule without any.
    pub fn of(windows: Vec<Window>, zone: Zone) -> Self {
        match windows.is_empty() {
            true => Self::Never(zone),
            false => Self::Windows(windows),
        }
    }

    /// Up always.
    pub fn always(zone: Zone) -> Self {
        Self::Windows(vec![Window::recurring(Dates::default(), &[(ClockTime::MIDNIGHT, ClockTime::DAY_END)], zone)])
    }
}

impl Window {
    /// At some times of some dates.
    pub fn recurring(dates: Dates, times: &[Stretch], zone: Zone) -> Self {
        let times = times.iter().map(|(start, end)| Times { start: *start, end: *end }).collect();
        Self { when: When::Recurring { dates, times, except: Exceptions::default() }, zone }
    }

    /// From one local time to another, once.
    pub fn absolute(start: NaiveDateTime, end: NaiveDateTime, zone: Zone) -> Self {
        Self { when: When::Absolute { start, end }, zone }
    }

    /// The windows of a week, of which none begins on some dates.
    pub fn weekly(week: &Week, zone: Zone, except: &[NaiveDate]) -> Vec<Self> {
        if week.is_always() && except.is_empty() {
            return vec![Self::recurring(Dates::default(), &[(ClockTime::MIDNIGHT, ClockTime::DAY_END)], zone)];
        }
        let windows = week.windows().into_iter().map(|(days, times)| {
            let mut exceptions = Exceptions::default();
            except.iter().for_each(|date| exceptions.dates.insert(*date, *date));
            let mut window = Self::recurring(on(days), &times, zone);
            if let When::Recurring { except, .. } = &mut window.when {
                *except = exceptions;
            }
            window
        });
        windows.collect()
    }
}

/// Dates on some days of the week.
fn on(days: Weekdays) -> Dates {
    let is_every = WEEKDAYS.iter().all(|day| days.contains(*day));
    Dates { weekdays: (!is_every).then_some(WeekdayRule::Each(days)), ..Dates::default() }
}
