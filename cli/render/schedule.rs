//! Schedules for people: the weeks ahead as a picture, differences, imports.

use anstyle::{AnsiColor, Effects, Style};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use curfew_core::outlook::{Day, Disagreement, Strip, Weeks, Window};
use curfew_core::schedule::{Difference, RunningOut, Schedule, State, ZoneRules};
use curfew_core::zones::Zone;

use super::status::local;
use super::styled;

/// Half an hour is a character.
const HOURS: &str = "00    03    06    09    12    15    18    21";
const LEGEND: &str = "half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it";

/// What lies outside the picture.
const OPEN: &str = "…";

/// Renders the weeks ahead of a schedule.
pub fn show(schedule: &Schedule, weeks: &Weeks, running_out: Option<RunningOut>) -> String {
    let zone = weeks.zone;
    let mut text = format!("{schedule}  ({})\n\n{:16}{HOURS:48}  {}\n", schedule.grammar(), "", zone.name());
    for day in &weeks.days {
        let line = format!("{}  {}  {}", day.date.format("%a %Y-%m-%d"), strip(&day.strip), beside(day, weeks));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str(&format!("{}\n\n", styled(Style::new().effects(Effects::DIMMED), LEGEND)));
    match weeks.changes.is_empty() {
        true => text.push_str("it never changes\n"),
        false => text.push_str("next changes\n"),
    }
    for change in &weeks.changes {
        text.push_str(&format!("  {:5}  {}  {}\n", change.to, local(change.at, zone), utc(change.at)));
    }
    let uptime = &weeks.uptime;
    text.push_str(&format!("\nup {:.1} h a week on the average of the year ahead", uptime.hours_up_per_week));
    if uptime.hours_left_per_week > 0.0 {
        text.push_str(&format!(", left as it is {:.1} h", uptime.hours_left_per_week));
    }
    text.push_str(&format!("; {:.1} % of all hours saved\n", uptime.share_saved * 100.0));
    if let Some(calendar) = running_out {
        text.push_str(&format!("{} {calendar}\n", styled(AnsiColor::Yellow.on_default(), "!")));
    }
    text.push_str(&format!("time zones: {}\n", ZoneRules::of(schedule, None)));
    text
}

fn strip(strip: &Strip) -> String {
    let style = |c: char| match c {
        '·' => Style::new().effects(Effects::DIMMED),
        '░' => AnsiColor::Yellow.on_default(),
        _ => AnsiColor::Green.on_default(),
    };
    let drawn = strip.to_string();
    let mut text = String::new();
    let mut rest = &drawn[..];
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| style(c) != style(first)).unwrap_or(rest.len());
        text.push_str(&styled(style(first), &rest[..end]));
        rest = &rest[end..];
    }
    text
}

/// The windows that begin on a day, by both clocks, and what the clocks do.
fn beside(day: &Day, weeks: &Weeks) -> String {
    let is_first = weeks.days.first().is_some_and(|first| first.date == day.date);
    let begins = |window: &&Window| match window.start {
        Some(start) => start.with_timezone(&weeks.zone).date_naive() == day.date,
        None => is_first,
    };
    let windows: Vec<&Window> = weeks.windows.iter().filter(begins).collect();
    let by = |zone: Zone| windows.iter().map(|window| span(window, zone, day.date)).collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    if !windows.is_empty() {
        parts.push(by(weeks.zone));
        if weeks.zone != Zone::UTC {
            parts.push(format!("UTC {}", by(Zone::UTC)));
        }
    }
    parts.extend(day.clock_change.map(|change| styled(AnsiColor::Yellow.on_default(), &change.to_string())));
    parts.join("  ")
}

/// A window by a zone's clocks, `08:00-20:00`; days are named where they are others than one expects.
fn span(window: &Window, zone: Zone, date: NaiveDate) -> String {
    let time = |instant: DateTime<Utc>, expected: NaiveDate| {
        let instant = instant.with_timezone(&zone).naive_local();
        let (on, days) = (instant.date(), instant.date() - expected);
        let text = match (days.num_days(), instant.time()) {
            (0, _) => instant.format("%H:%M").to_string(),
            (1, NaiveTime::MIN) => "24:00".to_owned(),
            (-6..=6, _) => instant.format("%a %H:%M").to_string(),
            _ => instant.format("%Y-%m-%d %H:%M").to_string(),
        };
        (text, on)
    };
    let (start, begun) = window.start.map_or((OPEN.to_owned(), date), |start| match time(start, date) {
        // A day's end is no start.
        (text, on) if text == "24:00" => (on.format("%a 00:00").to_string(), on),
        told => told,
    });
    match window.end {
        Some(end) => format!("{start}-{}", time(end, begun).0),
        None if window.start.is_none() => "all the time".to_owned(),
        None => format!("{start}-{OPEN}"),
    }
}

/// Renders where two schedules differ.
pub fn differences(found: &[Disagreement], (from, to): (DateTime<Utc>, DateTime<Utc>), zone: Zone) -> String {
    let (from, to) = (local(from, zone), local(to, zone));
    if found.is_empty() {
        return format!("they say the same from {from} to {to}\n");
    }
    let total: TimeDelta = found.iter().map(|one| one.to - one.from).sum();
    let mut text = format!(
        "they differ in {}, {:.1} h in all, from {from} to {to}\n\n{:27}  {:27}  A      B\n",
        counted(found.len()),
        total.as_seconds_f64() / 3600.0,
        "from",
        "to"
    );
    for one in found {
        let (from, to) = (local(one.from, zone), local(one.to, zone));
        text.push_str(&format!("{from:27}  {to:27}  {}  {}\n", state(one.a), state(one.b).trim_end()));
    }
    text
}

fn state(state: State) -> String {
    format!("{state:5}")
}

fn counted(stretches: usize) -> String {
    match stretches {
        1 => "1 stretch".to_owned(),
        several => format!("{several} stretches"),
    }
}

/// Renders an imported schedule: its native form first, alone on its line.
pub fn import(native: &Schedule, differences: &[Difference], found: &[Disagreement]) -> String {
    let mut text = format!("{native}\n");
    for difference in differences {
        text.push_str(&format!("  note: {difference}\n"));
    }
    if let Some(first) = found.first() {
        let zone = native.zone();
        text.push_str(&format!(
            "  note: in the year ahead they differ in {}, the first from {} to {}: {}, now {}\n",
            counted(found.len()),
            local(first.from, zone),
            local(first.to, zone),
            first.a,
            first.b
        ));
    }
    text
}

fn utc(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%MZ").to_string()
}
