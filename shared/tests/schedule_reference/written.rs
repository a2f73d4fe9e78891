//! Schedules as a person writes them, drawn at random.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use curfew_core::zones::Zone;
use proptest::collection::vec;
use proptest::prelude::*;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NTH: [&str; 6] = ["last", "first", "second", "third", "fourth", "fifth"];

/// A whole schedule.
#[derive(Debug, Clone)]
pub struct Written {
    pub groups: Vec<Group>,
}

/// Windows that share what stands behind the last of them.
#[derive(Debug, Clone)]
pub struct Group {
    pub windows: Vec<When>,
    pub zone: Zone,
    pub except: Vec<(NaiveDate, NaiveDate)>,
}

#[derive(Debug, Clone)]
pub enum When {
    Repeated(Window),
    Single { start: NaiveDateTime, end: NaiveDateTime },
}

/// Ranges by number, from 0 for months and weekdays and from 1 for days; an empty list is no condition.
#[derive(Debug, Clone, Default)]
pub struct Window {
    pub months: Vec<(u32, u32)>,
    pub weekdays: Vec<(u32, u32)>,
    /// The first to fifth of a weekday in the month, 0 for the last.
    pub nth: Vec<(usize, Weekday)>,
    pub days: Vec<(u32, u32)>,
    pub last_day: bool,
    /// Minutes after midnight.
    pub times: Vec<(i64, i64)>,
}

fn times() -> impl Strategy<Value = Vec<(i64, i64)>> {
    // Coarse, so that windows often touch and boundaries often fall where clocks are changed.
    let step = prop::sample::select(vec![1, 15, 30, 60]);
    let pair =
        (step, 0..1440_i64, 0..=1440_i64).prop_map(|(step, start, end)| (start / step * step, end / step * step));
    let all_day = Just((0, 1440));
    vec(prop_oneof![6 => pair, 1 => all_day], 1..=2)
        .prop_filter("a window has a length", |times| times.iter().all(|(start, end)| start != end && *start < 1440))
}

fn window() -> impl Strategy<Value = Window> {
    let ranges = |size: u32| vec((0..size, 0..size), 1..=2);
    let weekdays = ranges(7).prop_map(|weekdays| Window { weekdays, ..Window::default() });
    let day = (0..7_u8).prop_map(|day| Weekday::try_from(day).expect("a day"));
    let nth = vec((0..6_usize, day), 1..=2).prop_map(|nth| Window { nth, ..Window::default() });
    let days =
        (vec((1..=31_u32, 0..=8_u32).prop_map(|(first, more)| (first, (first + more).min(31))), 1..=2), any::<bool>())
            .prop_map(|(days, last_day)| Window { days, last_day, ..Window::default() });
    let last_day = Just(Window { last_day: true, ..Window::default() });
    let which = prop_oneof![6 => weekdays, 2 => nth, 2 => days.clone(), 1 => last_day];
    let months = prop_oneof![3 => Just(Vec::new()), 1 => ranges(12)];
    (which, months, times()).prop_map(|(window, months, times)| Window { months, times, ..window })
}

fn single(near: DateTime<Utc>) -> impl Strategy<Value = When> {
    (-4 * 1440..4 * 1440_i64, 1..6 * 1440_i64).prop_map(move |(start, length)| {
        let start = near.date_naive().and_time(NaiveTime::MIN) + TimeDelta::minutes(start);
        When::Single { start, end: start + TimeDelta::minutes(length) }
    })
}

fn group(near: DateTime<Utc>, zone: Zone) -> impl Strategy<Value = Group> {
    let dates = (-5..=5_i64, 0..=3_u64).prop_map(move |(days, more)| {
        let first = near.date_naive() + TimeDelta::days(days);
        (first, first + Days::new(more))
    });
    let except = prop_oneof![2 => Just(Vec::new()), 1 => vec(dates, 1..=2)];
    let windows = vec(prop_oneof![7 => window().prop_map(When::Repeated), 1 => single(near)], 1..=2);
    let zone = prop_oneof![3 => Just(zone), 1 => any_zone()];
    (windows, zone, except).prop_map(|(windows, zone, except)| {
        // A single range has no exceptions of its own to write.
        let is_single = matches!(windows.last(), Some(When::Single { .. }));
        Group { windows, zone, except: if is_single { Vec::new() } else { except } }
    })
}

pub fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(Zone::all().collect::<Vec<_>>())
}

/// A schedule with dates around an instant, mostly in one zone.
pub fn written(near: DateTime<Utc>, zone: Zone) -> impl Strategy<Value = Written> {
    vec(group(near, zone), 1..=2).prop_map(|groups| Written { groups })
}

fn ranges(ranges: &[(u32, u32)], name: impl Fn(u32) -> String) -> String {
    let range = |(first, last): &(u32, u32)| match first == last {
        true => name(*first),
        false => format!("{}-{}", name(*first), name(*last)),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(",")
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |names: &'static [&str]| move |index: u32| names[index as usize].to_owned();
        let nth: Vec<String> = self.nth.iter().map(|(nth, day)| format!("{} {day}", NTH[*nth])).collect();
        let days = match (self.days.is_empty(), self.last_day) {
            (true, true) => "last day".to_owned(),
            (true, false) => String::new(),
            (false, last) => {
                format!("day {}{}", ranges(&self.days, |day| day.to_string()), if last { ",last" } else { "" })
            }
        };
        let parts =
            [ranges(&self.months, named(&MONTHS)), ranges(&self.weekdays, named(&WEEKDAYS)), nth.join(", "), days];
        for part in parts.iter().filter(|part| !part.is_empty()) {
            write!(f, "{part} ")?;
        }
        let time = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let times: Vec<String> =
            self.times.iter().map(|(start, end)| format!("{}-{}", time(*start), time(*end))).collect();
        f.write_str(&times.join(", "))
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<String> = self.groups.iter().map(Group::to_string).collect();
        f.write_str(&groups.join("; "))
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = |when: &When| match when {
            When::Repeated(window) => window.to_string(),
            When::Single { start, end } => {
                format!("{}-{}", start.format("%Y-%m-%dT%H:%M"), end.format("%Y-%m-%dT%H:%M"))
            }
        };
        let windows: Vec<String> = self.windows.iter().map(when).collect();
        write!(f, "{} {}", windows.join("; "), self.zone)?;
        let except: Vec<String> = self.except.iter().map(|(first, last)| format!("{first}..{last}")).collect();
        match except.is_empty() {
            true => Ok(()),
            false => write!(f, " except {}", except.join(", ")),
        }
    }
}
