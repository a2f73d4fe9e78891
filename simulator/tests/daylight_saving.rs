//! Both daylight-saving nights of several zones through the whole loop: one start and one stop, at the right instants,
//! whatever EventBridge makes of the hour that does not exist and of the one that comes twice.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::model::Target;
use curfew_core::report::Outcome;
use curfew_core::zones::Zone;
use curfew_sim::environment::{Example, by_day};
use curfew_sim::events::{Event, TICK};
use curfew_sim::faults::Faults;
use curfew_sim::invoke::invoke;
use curfew_sim::latency::Draw;
use curfew_sim::laws::Laws;
use curfew_sim::world::Simulation;

/// A night on which a zone's clocks change, with a time that they skip or show twice.
struct Night {
    zone: &'static str,
    /// The time, on the night's own date.
    time: &'static str,
    /// When a window that begins then begins: after the gap, or at the first time.
    start: &'static str,
    /// When a window that ends then ends: after the gap, or at the last time.
    end: &'static str,
    /// The next 06:00 there, when the other end of the window is.
    morning: &'static str,
}

const fn night(
    zone: &'static str,
    time: &'static str,
    start: &'static str,
    end: &'static str,
    morning: &'static str,
) -> Night {
    Night { zone, time, start, end, morning }
}

/// By the zones' own announcements, worked out by hand: forward, then back.
#[rustfmt::skip]
const NIGHTS: [Night; 14] = [
    night("America/New_York", "02:30", "2027-03-14T07:00:00Z", "2027-03-14T07:00:00Z", "2027-03-14T10:00:00Z"),
    night("America/New_York", "01:30", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T11:00:00Z"),
    night("Europe/Berlin", "02:30", "2027-03-28T01:00:00Z", "2027-03-28T01:00:00Z", "2027-03-28T04:00:00Z"),
    night("Europe/Berlin", "02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T05:00:00Z"),
    night("Australia/Sydney", "02:30", "2026-10-03T16:00:00Z", "2026-10-03T16:00:00Z", "2026-10-03T19:00:00Z"),
    night("Australia/Sydney", "02:30", "2027-04-03T15:30:00Z", "2027-04-03T16:30:00Z", "2027-04-03T20:00:00Z"),
    // Half an hour, from 02:00 to 02:30 and from 02:00 back to 01:30.
    night("Australia/Lord_Howe", "02:15", "2026-10-03T15:30:00Z", "2026-10-03T15:30:00Z", "2026-10-03T19:00:00Z"),
    night("Australia/Lord_Howe", "01:45", "2027-04-03T14:45:00Z", "2027-04-03T15:15:00Z", "2027-04-03T19:30:00Z"),
    // At midnight: the day begins at 01:00, and the evening before has 25 hours.
    night("America/Santiago", "00:30", "2026-09-06T04:00:00Z", "2026-09-06T04:00:00Z", "2026-09-06T09:00:00Z"),
    night("America/Santiago", "23:30", "2027-04-04T02:30:00Z", "2027-04-04T03:30:00Z", "2027-04-04T10:00:00Z"),
    night("Africa/Cairo", "00:30", "2026-04-23T22:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T03:00:00Z"),
    night("Africa/Cairo", "23:30", "2026-10-29T20:30:00Z", "2026-10-29T21:30:00Z", "2026-10-30T04:00:00Z"),
    // After and before Ramadan.
    night("Africa/Casablanca", "02:30", "2026-03-22T02:00:00Z", "2026-03-22T02:00:00Z", "2026-03-22T05:00:00Z"),
    night("Africa/Casablanca", "02:30", "2026-02-15T01:30:00Z", "2026-02-15T02:30:00Z", "2026-02-15T06:00:00Z"),
];

/// EventBridge fires once in the hour that comes twice; which time, nobody promises.
#[derive(Debug, Clone, Copy)]
enum Fires {
    First,
    Last,
}

/// What EventBridge Scheduler sends for a time of each day in a zone (facts §6): nothing on a day that does not have it.
fn daily(
    zone: Zone,
    time: &str,
    target: Target,
    fires: Fires,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> Vec<(DateTime<Utc>, Event)> {
    let time: NaiveTime = time.parse().expect("a time");
    let first = span.0.with_timezone(&zone).date_naive() - Days::new(1);
    let instants = first.iter_days().take(4).filter_map(|date| {
        let local = date.and_time(time).and_local_timezone(zone);
        match fires {
            Fires::First => local.earliest(),
            Fires::Last => local.latest(),
        }
    });
    let instants = instants.map(|instant| instant.with_timezone(&Utc));
    instants.filter(|at| span.0 < *at && *at <= span.1).map(|at| (at, Event::Scheduled(target))).collect()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Lives through a night; answers when each run that did something began, and what it was for.
async fn live(
    blueprint: &Blueprint,
    from: DateTime<Utc>,
    events: &[(DateTime<Utc>, Event)],
) -> Vec<(DateTime<Utc>, Target)> {
    let account = by_day(blueprint, Example::Durable.base_tier(), from, Draw::Median);
    let simulation = Simulation::new(account, Faults::none(), Laws::of(&blueprint.environment, &blueprint.tier));
    let run = async |name: &str, command: Option<Command>| {
        invoke(&simulation.world(name), blueprint, command).await.expect("it does not die")
    };
    // As the schedule left it before.
    run("before", None).await;
    let mut done = Vec::new();
    for (number, (at, event)) in events.iter().enumerate() {
        simulation.advance_to(*at).await;
        let report = run(&format!("run-{number}"), event.command()).await;
        if !report.actions.is_empty() {
            assert_eq!(report.outcome, Outcome::Converged, "{report}");
            done.push((report.started_at, report.target.expect("it was for something")));
        }
    }
    let inner = simulation.now_inner();
    assert_eq!(inner.laws.violations(), []);
    done
}

/// Each night with all that EventBridge may make of it: of a time that does not exist, nothing in any case.
fn nights() -> impl Iterator<Item = (&'static Night, Fires)> {
    let comes_twice = |night: &Night| night.start != night.end;
    let first = NIGHTS.iter().map(|night| (night, Fires::First));
    first.chain(NIGHTS.iter().filter(move |night| comes_twice(night)).map(|night| (night, Fires::Last)))
}

/// A window with one end in the hour in question and the other in the morning; when it begins, and when it ends.
async fn play(night: &Night, fires: Fires, odd_end: Target) {
    let zone: Zone = night.zone.parse().expect("a zone");
    let odd = at(match odd_end {
        Target::Up => night.start,
        Target::Down => night.end,
    });
    let (begins, ends) = match odd_end {
        Target::Up => (night.time, "06:00"),
        Target::Down => ("06:00", night.time),
    };
    let text = format!("Mon-Sun {begins}-{ends} {}", night.zone);
    let blueprint =
        Blueprint { schedule: text.parse().expect("a schedule"), ..Example::Durable.blueprint().expect("a blueprint") };
    let (from, until) = (odd - TimeDelta::hours(2), at(night.morning) + TimeDelta::hours(1));
    let mut events = daily(zone, &format!("{begins}:00"), Target::Up, fires, (from, until));
    events.extend(daily(zone, &format!("{ends}:00"), Target::Down, fires, (from, until)));
    let ticks = std::iter::successors(Some(from + TICK), |at| Some(*at + TICK)).take_while(|at| *at <= until);
    events.extend(ticks.map(|at| (at, Event::Tick)));
    events.sort();
    let done = live(&blueprint, from, &events).await;
    let other = match odd_end {
        Target::Up => Target::Down,
        Target::Down => Target::Up,
    };
    assert_eq!(done, [(odd, odd_end), (at(night.morning), other)], "{text}, {fires:?}");
}

#[tokio::test(start_paused = true)]
async fn a_window_that_begins_in_such_an_hour_begins_once_and_in_time() {
    for (night, fires) in nights() {
        play(night, fires, Target::Up).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_that_ends_in_such_an_hour_ends_once_and_not_too_early() {
    for (night, fires) in nights() {
        play(night, fires, Target::Down).await;
    }
}
