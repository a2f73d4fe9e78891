//! The weeks ahead: each day's strip, each window, the next changes, and what is saved.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use serde::Serialize;

use super::picture::Day;
use super::stretches::{Stretch, stretches};
use crate::schedule::{Change, Schedule, State};
use crate::zones::Zone;

/// The weeks ahead of a schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Weeks {
    /// The zone of the days.
    pub zone: Zone,
    /// From Monday on.
    pub days: Vec<Day>,
    /// The windows in them, in their order.
    pub windows: Vec<Window>,
    /// The next changes after now, ten at most.
    pub changes: Vec<Change>,
    /// On the average of the year ahead.
    pub uptime: Uptime,
}

/// A window: a stretch in which the environment is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// When it begins; nothing if that is before what is shown.
    pub start: Option<DateTime<Utc>>,
    /// When it ends; nothing if that is after what is shown.
    pub end: Option<DateTime<Utc>>,
}

/// How much of the time a schedule leaves the environment up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Uptime {
    /// Hours of a week in which it is up.
    pub hours_up_per_week: f64,
    /// Hours of a week in which it is left as it is.
    pub hours_left_per_week: f64,
    /// The share of all hours in which it is down.
    pub share_saved: f64,
}

/// More weeks are no picture any more.
pub const MOST_WEEKS: u32 = 53;
/// So many changes are listed.
const CHANGES: usize = 10;
/// What an average is taken over: whole weeks, so that no day of the week counts more.
const YEAR: TimeDelta = TimeDelta::weeks(52);

/// Why weeks cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotShown {
    /// Too few or too many.
    #[error("{0} weeks cannot be shown; ask for 1 to {MOST_WEEKS}")]
    Weeks(u32),
    /// The calendar ends before.
    #[error("the calendar ends before these weeks do")]
    EndOfTime,
}

/// The weeks ahead, from the Monday of the week that an instant is in.
///
/// # Errors
/// If they are too many, or too far in the future.
pub fn weeks(schedule: &Schedule, zone: Zone, now: DateTime<Utc>, weeks: u32) -> Result<Weeks, NotShown> {
    if !(1..=MOST_WEEKS).contains(&weeks) {
        return Err(NotShown::Weeks(weeks));
    }
    let today = now.with_timezone(&zone).date_naive();
    let back = Days::new(today.weekday().num_days_from_monday().into());
    let monday = today.checked_sub_days(back).ok_or(NotShown::EndOfTime)?;
    let after = monday.checked_add_days(Days::new(u64::from(weeks) * 7)).ok_or(NotShown::EndOfTime)?;
    let (from, to) = (midnight(monday, zone), midnight(after, zone));
    let shown = stretches(schedule, from, to);
    let dates = monday.iter_days().take_while(|date| *date < after);
    Ok(Weeks {
        zone,
        days: dates.map(|date| Day::of(date, zone, &shown)).collect(),
        windows: windows(schedule, &shown),
        changes: schedule.changes(now).take(CHANGES).collect(),
        uptime: uptime(&stretches(schedule, now, now + YEAR)),
    })
}

/// The first instant of a date.
fn midnight(date: NaiveDate, zone: Zone) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN);
    let first = zone.from_local_datetime(&local).earliest();
    // Where the clocks skip midnight, or the whole day: the first full hour that they show after it.
    let later = || (1..=48).find_map(|hours| zone.from_local_datetime(&(local + TimeDelta::hours(hours))).earliest());
    first.or_else(later).map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
}

fn windows(schedule: &Schedule, shown: &[Stretch]) -> Vec<Window> {
    let (first, last) = (shown.first().map(|stretch| stretch.from), shown.last().map(|stretch| stretch.to));
    let just_before = first.map(|from| from - TimeDelta::nanoseconds(1));
    let up = shown.iter().filter(|stretch| stretch.state == State::Up);
    up.map(|stretch| {
        let went_on = Some(stretch.from) == first && just_before.is_some_and(|at| schedule.at(at) == State::Up);
        let goes_on = Some(stretch.to) == last && schedule.at(stretch.to) == State::Up;
        Window { start: (!went_on).then_some(stretch.from), end: (!goes_on).then_some(stretch.to) }
    })
    .collect()
}

fn uptime(year: &[Stretch]) -> Uptime {
    let hours = |state: State| -> f64 {
        let stretches = year.iter().filter(|stretch| stretch.state == state);
        stretches.map(Stretch::length).sum::<TimeDelta>().as_seconds_f64() / 3600.0
    };
    let (up, left, down) = (hours(State::Up), hours(State::Leave), hours(State::Down));
    Uptime { hours_up_per_week: up / 52.0, hours_left_per_week: left / 52.0, share_saved: down / (up + left + down) }
}
