//! A schedule read literally: dates are counted, clocks are watched minute by minute, nothing is clever.

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc, Weekday,
};
use curfew_core::zones::Zone;

use super::written::{Group, When, Window, Written};

/// From when to when it is up.
pub type Span = (DateTime<Utc>, DateTime<Utc>);

/// All spans that begin on a local date from `first` to `last`, and the single ranges.
pub fn spans(written: &Written, first: NaiveDate, last: NaiveDate) -> Vec<Span> {
    let groups = written.groups.iter();
    groups.flat_map(|group| group.windows.iter().flat_map(move |when| of_window(group, when, first, last))).collect()
}

/// Whether it is up at an instant.
pub fn is_up(spans: &[Span], instant: DateTime<Utc>) -> bool {
    spans.iter().any(|(start, end)| *start <= instant && instant < *end)
}

fn of_window(group: &Group, when: &When, first: NaiveDate, last: NaiveDate) -> Vec<Span> {
    match when {
        When::Single { start, end } => vec![(begins(*start, group.zone), ends(*end, group.zone))],
        When::Repeated(window) => {
            let dates = first.iter_days().take_while(|date| *date <= last);
            let dates = dates.filter(|date| is_meant(window, *date) && !is_excepted(group, *date));
            dates
                .flat_map(|date| window.times.iter().map(move |(start, end)| on(date, *start, *end, group.zone)))
                .collect()
        }
    }
}

fn on(date: NaiveDate, start: i64, end: i64, zone: Zone) -> Span {
    let last = if end <= start { date + Days::new(1) } else { date };
    let local = |date: NaiveDate, minutes: i64| date.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
    (begins(local(date, start), zone), ends(local(last, end), zone))
}

fn is_excepted(group: &Group, date: NaiveDate) -> bool {
    group.except.iter().any(|(first, last)| *first <= date && date <= *last)
}

fn is_meant(window: &Window, date: NaiveDate) -> bool {
    let is_last = (date + Days::new(1)).month() != date.month();
    let months = &window.months;
    let is_in_month = months.is_empty() || months.iter().any(|range| goes_through(*range, date.month0(), 12));
    let weekdays = &window.weekdays;
    let weekday = date.weekday().num_days_from_monday();
    let is_weekday = weekdays.is_empty() || weekdays.iter().any(|range| goes_through(*range, weekday, 7));
    let is_nth = window.nth.is_empty() || window.nth.iter().any(|(nth, day)| is_the(*nth, *day, date));
    let named = window.days.iter().any(|(first, last)| *first <= date.day() && date.day() <= *last);
    let is_day = window.days.is_empty() && !window.last_day || named || window.last_day && is_last;
    is_in_month && is_weekday && is_nth && is_day
}

/// Whether going round from the first of a range to its last passes a place.
fn goes_through((first, last): (u32, u32), place: u32, size: u32) -> bool {
    let mut at = first;
    loop {
        if at == place {
            return true;
        }
        if at == last {
            return false;
        }
        at = (at + 1) % size;
    }
}

/// Whether a date is the first to fifth of a weekday in its month, or (0) the last, by counting.
fn is_the(nth: usize, day: Weekday, date: NaiveDate) -> bool {
    let first = date.with_day(1).expect("a month has a first day");
    let same: Vec<NaiveDate> = first
        .iter_days()
        .take_while(|each| each.month() == date.month())
        .filter(|each| each.weekday() == day)
        .collect();
    let wanted = if nth == 0 { same.last() } else { same.get(nth - 1) };
    wanted == Some(&date)
}

/// The first instant at which the clocks show this time, or the first after it where they leave it out.
fn begins(wanted: NaiveDateTime, zone: Zone) -> DateTime<Utc> {
    occurrences(wanted, zone).first().copied().unwrap_or_else(|| first_later(wanted, zone))
}

/// The last instant at which the clocks show this time, or the first after it where they leave it out.
fn ends(wanted: NaiveDateTime, zone: Zone) -> DateTime<Utc> {
    occurrences(wanted, zone).last().copied().unwrap_or_else(|| first_later(wanted, zone))
}

fn offset(instant: NaiveDateTime, zone: Zone) -> i64 {
    zone.offset_from_utc_datetime(&instant).fix().local_minus_utc().into()
}

/// Every offset of the zone within 26 hours; none lasts less than an hour.
fn offsets(around: NaiveDateTime, zone: Zone) -> Vec<i64> {
    let hours = (-26..=26).map(|hour| offset(around + TimeDelta::hours(hour), zone));
    let mut offsets: Vec<i64> = hours.collect();
    offsets.sort_unstable();
    offsets.dedup();
    offsets
}

fn occurrences(wanted: NaiveDateTime, zone: Zone) -> Vec<DateTime<Utc>> {
    let instants = offsets(wanted, zone).into_iter().rev().map(|offset| wanted - TimeDelta::seconds(offset));
    let shown = instants.filter(|instant| *instant + TimeDelta::seconds(offset(*instant, zone)) == wanted);
    shown.map(|instant| instant.and_utc()).collect()
}

/// Watches the clock minute by minute, then second by second, until it shows a later time.
fn first_later(wanted: NaiveDateTime, zone: Zone) -> DateTime<Utc> {
    let is_later = |instant: NaiveDateTime| instant + TimeDelta::seconds(offset(instant, zone)) > wanted;
    let furthest = offsets(wanted, zone).into_iter().max().expect("a zone has an offset");
    let mut instant = wanted - TimeDelta::seconds(furthest) - TimeDelta::minutes(1);
    while !is_later(instant + TimeDelta::minutes(1)) {
        instant += TimeDelta::minutes(1);
    }
    while !is_later(instant) {
        instant += TimeDelta::seconds(1);
    }
    instant.and_utc()
}

/// The next change of a zone's clocks after an instant, if there is one within two years.
pub fn next_change_of_clocks(zone: Zone, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let start = after.naive_utc();
    let day = (0..730)
        .map(|day| start + TimeDelta::days(day))
        .find(|day| offset(*day, zone) != offset(*day + TimeDelta::days(1), zone))?;
    let changes = |second: i64| offset(day, zone) != offset(day + TimeDelta::seconds(second), zone);
    let (mut before, mut changed) = (0, 24 * 3600);
    while changed - before > 1 {
        let middle = (before + changed) / 2;
        if changes(middle) { changed = middle } else { before = middle }
    }
    Some((day + TimeDelta::seconds(changed)).and_utc())
}
