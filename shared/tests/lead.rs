//! `lead`: how early an environment is started, and what mornings teach.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::VecDeque;
use std::time::Duration;

use crate::support::world::{EVENING, MORNING, NIGHT, NOON, Refusal, World, error};
use crate::support::{at, example};
use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::decide::{Hold, Verdict, decide};
use curfew_core::lead::{Lead, Morning};
use curfew_core::model::*;
use curfew_core::overrides::Overrides;
use curfew_core::report::Outcome;
use curfew_core::schedule::{Schedule, State};
use curfew_core::timetable::Timetable;
use expect_test::expect;
use futures::FutureExt;
use proptest::prelude::*;

fn mornings(seconds: &[i64]) -> VecDeque<Morning> {
    seconds.iter().map(|seconds| Morning { ready_at: at(NOON), seconds: *seconds }).collect()
}

#[test]
fn a_lead_follows_from_the_last_mornings() {
    let told = |lead: &str, seconds: &[i64]| {
        let lead: Lead = lead.parse().expect("a lead");
        match lead.applied(&mornings(seconds)) {
            None => "none".to_owned(),
            Some(applied) => format!("{applied}, up {} s before the window", applied.ahead().num_seconds()),
        }
    };
    let twenty: Vec<i64> = (1..=20).map(|n| n * 10).collect();
    let older = [&[4000; 5], &twenty[..]].concat();
    let lines = [
        told("none", &[600]),
        told("10m", &[900]),
        told("auto", &[]),
        told("auto", &[187]),
        told("auto", &[187, 240, 200]),
        told("auto", &twenty),
        told("auto", &older),
        told("auto", &[8000]),
    ];
    expect![[r#"
        none
        lead 10m, up 600 s before the window
        lead 5m (default: no mornings measured yet), up 660 s before the window
        lead 3m 7s (learned from 1 morning), up 547 s before the window
        lead 4m (learned from 3 mornings), up 600 s before the window
        lead 3m 10s (learned from 20 mornings), up 550 s before the window
        lead 3m 10s (learned from 20 mornings), up 550 s before the window
        lead 1h (learned from 1 morning), up 3960 s before the window"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn what_is_no_lead_is_told() {
    for text in ["", "5", "yes", "-5m", "0s", "13h", "Auto", "10 mornings", "1500ms"] {
        let message = text.parse::<Lead>().expect_err(text).to_string();
        assert_eq!(message, format!("`{text}` is not one of none, auto, or a duration such as 10m, up to 12h"));
    }
    for text in ["none", "auto", "10m", "1h 30m", "90s"] {
        let lead: Lead = text.parse().expect(text);
        assert_eq!(lead.to_string().parse(), Ok(lead));
    }
}

#[test]
fn the_last_tick_that_is_early_enough_starts_it() {
    // Ticks of every phase within five minutes, each up to a minute late.
    let schedule: Schedule = "Mon-Fri 08:00-20:00 America/New_York".parse().expect("a schedule");
    let timetable = Timetable { lead: Lead::Auto.applied(&mornings(&[187])), ..Timetable::from(&schedule) };
    let is_up =
        |now: DateTime<Utc>| decide(now, &timetable, &Overrides::default(), None).verdict == Verdict::Be(Target::Up);
    for phase in 0..5 {
        for late in [0, 30, 59] {
            let tick = |n: i64| at(MORNING) - TimeDelta::minutes(60 - phase - 5 * n) + TimeDelta::seconds(late);
            let first = (0..12).map(tick).find(|tick| is_up(*tick)).expect("a tick finds it due");
            let ready = first + TimeDelta::seconds(187);
            assert!(ready <= at(MORNING), "ready in time: {first}");
            assert!(ready + TimeDelta::minutes(6) > at(MORNING), "the next tick might be too late: {first}");
        }
    }
}

#[test]
fn decisions_ahead_of_a_window_say_so() {
    let schedule: Schedule = "Mon-Fri 08:00-20:00 America/New_York".parse().expect("a schedule");
    let timetable = Timetable { lead: Lead::Auto.applied(&mornings(&[])), ..Timetable::from(&schedule) };
    let mut lines = String::new();
    for now in ["2026-11-18T12:48:59Z", "2026-11-18T12:49:00Z", MORNING, "2026-11-20T23:59:00Z", "2026-11-21T01:00:00Z"]
    {
        let decision = decide(at(now), &timetable, &Overrides::default(), None);
        let until = decision.until.map(|until| until.to_string()).unwrap_or_default();
        lines.push_str(&format!("{now} {:?} until {until}: {}\n", decision.verdict, decision.because));
    }
    expect![[r#"
        2026-11-18T12:48:59Z Be(Down) until 2026-11-18 12:49:00 UTC: the schedule says so
        2026-11-18T12:49:00Z Be(Up) until 2026-11-19 01:00:00 UTC: it is to be ready at 2026-11-18 13:00 UTC, when the window begins: lead 5m (default: no mornings measured yet)
        2026-11-18T13:00:00Z Be(Up) until 2026-11-19 01:00:00 UTC: the schedule says so
        2026-11-20T23:59:00Z Be(Up) until 2026-11-21 01:00:00 UTC: the schedule says so
        2026-11-21T01:00:00Z Be(Down) until 2026-11-23 12:49:00 UTC: the schedule says so
    "#]].assert_eq(&lines);
}

#[test]
fn windows_that_lie_within_the_lead_are_one() {
    let schedule: Schedule = "Mon-Sun 08:00-07:50 UTC".parse().expect("a schedule");
    let lead = |text: &str| text.parse::<Lead>().expect("a lead").applied(&VecDeque::new());
    let merged = Timetable { lead: lead("10m"), ..Timetable::from(&schedule) };
    assert_eq!((merged.at(at(NOON)), merged.next_change(at(NOON))), (State::Up, None));
    let apart = Timetable { lead: lead("9m"), ..Timetable::from(&schedule) };
    assert_eq!(apart.next_change(at(NOON)).map(|change| change.at), Some(at("2026-11-18T07:50:00Z")));
    assert_eq!(apart.next_change(at("2026-11-18T07:50:00Z")).map(|change| change.at), Some(at("2026-11-18T07:51:00Z")));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_timetable_is_up_where_the_schedule_is_or_soon_will_be(
        start in 0..24_u32, length in 1..24_u32, lead in 1..180_i64, minutes in 0..(14 * 24 * 60_i64),
    ) {
        let text = format!("Mon-Fri {start:02}:30-{:02}:30 America/New_York", (start + length) % 24);
        let schedule: Schedule = text.parse().expect("a schedule");
        let lead_time = Lead::Fixed(TimeDelta::minutes(lead));
        let timetable = Timetable { lead: lead_time.applied(&VecDeque::new()), ..Timetable::from(&schedule) };
        let now = at("2026-10-26T00:00:00Z") + TimeDelta::minutes(minutes);
        let soon = (0..=lead).any(|ahead| schedule.at(now + TimeDelta::minutes(ahead)) == State::Up);
        prop_assert_eq!(timetable.at(now) == State::Up, soon, "{} at {}", text, now);
        // Boundaries lie on whole minutes, so looking at each minute finds the change.
        let next = timetable.next_change(now).expect("there is always another window");
        let by_hand = (1..).map(|n| now + TimeDelta::minutes(n)).find(|later| timetable.at(*later) != timetable.at(now));
        prop_assert_eq!(Some(next.at), by_hand);
        prop_assert_eq!(next.to, timetable.at(next.at));
    }
}

fn with_lead(lead: &str) -> World {
    let mut blueprint = example("durable");
    blueprint.lead = lead.parse().expect("a lead");
    World::known(blueprint)
}

/// Ticks on the full five minutes until one does something: when.
fn first_tick_that_acts(world: &World) -> DateTime<Utc> {
    for _ in 0..300 {
        let now = world.request(None).deadline - TimeDelta::minutes(15);
        if world.tick().outcome != Outcome::Unchanged {
            return now;
        }
        world.pass(Duration::from_secs(300));
    }
    panic!("nothing happens");
}

#[test]
fn an_environment_is_ready_when_its_window_begins_and_learns_how_long_that_takes() {
    let world = with_lead("auto");
    world.at(EVENING).stop();
    world.at("2026-11-18T12:00:00Z");
    assert_eq!(first_tick_that_acts(&world), at("2026-11-18T12:50:00Z"), "5 minutes are assumed");
    world.assert_up();
    let state = world.state();
    let learned: Vec<i64> = state.mornings.iter().map(|morning| morning.seconds).collect();
    assert_eq!(state.morning_since, None);
    assert_eq!(learned, [(state.mornings[0].ready_at - at("2026-11-18T12:50:00Z")).num_seconds()]);
    assert!((60..600).contains(&learned[0]), "{learned:?}");
    let event = world.at(MORNING).scheduled(Target::Up);
    assert_eq!(event.outcome, Outcome::Unchanged, "the schedule's own start finds it up");
    world.assert_unchanged();
}

#[test]
fn a_morning_of_several_runs_counts_from_the_first() {
    let world = with_lead("none");
    world.at(EVENING).stop();
    let mut hasty = world.at(MORNING).request(None);
    hasty.deadline = at(MORNING) + TimeDelta::seconds(90);
    assert_eq!(world.run(&hasty).outcome, Outcome::InProgress);
    world.at("2026-11-18T13:20:00Z").tick_until_unchanged();
    let mornings = world.state().mornings;
    assert_eq!(mornings.len(), 1);
    assert_eq!(at(MORNING) + TimeDelta::seconds(mornings[0].seconds), mornings[0].ready_at);
    assert!(mornings[0].seconds >= 1200);
}

#[test]
fn a_manual_start_from_the_night_is_a_morning_too() {
    let world = with_lead("auto");
    world.at(EVENING).stop();
    assert_eq!(world.at(NIGHT).manual(Target::Up, Hold::UntilNext).outcome, Outcome::Converged);
    assert_eq!(world.state().mornings.len(), 1);
}

#[test]
fn what_is_fixed_by_day_or_took_a_person_is_no_morning() {
    let world = with_lead("auto");
    world.scale_by_hand("durable-dev-backend", 1);
    world.by_hand(|seen| seen.load_balancers.values_mut().for_each(|found| *found = Seen::Absent));
    world.tick_until_unchanged();
    assert_eq!(world.state().mornings.len(), 0, "fixed by day");
    world.at(EVENING).tick_until_unchanged();
    world.refuse(Refusal {
        call: "CreateNatGateway",
        error: error("NatGatewayLimitExceeded", Retry::Never),
        times: 1,
        works: false,
    });
    assert_eq!(world.at(MORNING).tick().outcome, Outcome::Failed);
    world.pass(Duration::from_secs(300));
    world.tick_until_unchanged();
    world.assert_up();
    assert_eq!((world.state().mornings.len(), world.state().morning_since), (0, None), "a person's morning");
}

#[test]
fn a_status_tells_when_it_is_started_next_and_why_then() {
    let next_start = |world: &World| {
        let status = curfew_core::status::status(world, &world.blueprint).now_or_never().expect("nothing waits");
        let next = status.expect("it can be looked at").next_start;
        next.map(|next| (next.from.to_string(), next.window.to_string(), next.lead.map(|lead| lead.to_string())))
    };
    let world = with_lead("auto");
    assert_eq!(next_start(&world), None, "it is up");
    world.at(EVENING).stop();
    let (from, window) = ("2026-11-18 12:49:00 UTC".to_owned(), "2026-11-18 13:00:00 UTC".to_owned());
    let lead = Some("lead 5m (default: no mornings measured yet)".to_owned());
    assert_eq!(next_start(&world), Some((from, window, lead)));
    world.set_override(Some("down"));
    assert_eq!(next_start(&world), None, "the schedule does not count");
}
