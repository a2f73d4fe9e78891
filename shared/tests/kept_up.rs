//! An override that keeps an environment up: since when, for how long, and when somebody is reminded.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use crate::support::world::{Change, EVENING, NIGHT, World};
use crate::support::{at, example};
use chrono::TimeDelta;
use curfew_core::kept_up::KeptUp;
use curfew_core::report::Outcome;

#[test]
fn only_the_hours_in_which_the_schedule_says_down_count() {
    let schedule = "Mon-Fri 08:00-20:00 America/New_York".parse().expect("a schedule");
    // From Tuesday's end on, in UTC; New York is five hours behind.
    for (now, hours) in [
        ("2026-11-18T01:00:00Z", 0),
        ("2026-11-18T04:00:00Z", 3),
        ("2026-11-18T13:00:00Z", 12),
        ("2026-11-18T20:00:00Z", 12),
        ("2026-11-19T02:00:00Z", 13),
        ("2026-11-21T01:00:00Z", 36),
        ("2026-11-23T13:00:00Z", 96),
    ] {
        let kept_up = KeptUp {
            resource: "c".to_owned(),
            value: "up".to_owned(),
            since: at("2026-11-18T01:00:00Z"),
            reminders: 0,
        };
        assert_eq!(kept_up.beyond(&schedule, at(now)), TimeDelta::hours(hours), "{now}");
    }
}

/// A tick each hour: the instants and subjects of what was told, and how often the state was written.
fn hourly_ticks(world: &World, hours: u32) -> (Vec<(u32, String)>, usize) {
    let mut told = Vec::new();
    let mut writes = 0;
    world.changes();
    world.told();
    for hour in 1..=hours {
        world.pass(Duration::from_secs(3600));
        let report = world.tick();
        assert_eq!(report.outcome, Outcome::Unchanged, "{report}");
        told.extend(world.told().into_iter().map(|subject| (hour, subject)));
        writes += world.changes().iter().filter(|change| matches!(change, Change::Stored(_))).count();
    }
    (told, writes)
}

#[test]
fn somebody_is_reminded_after_72_hours_beyond_the_schedule_and_after_each_72_more() {
    let world = World::known(example("durable"));
    world.set_override(Some("up"));
    world.at(EVENING);
    let (told, writes) = hourly_ticks(&world, 11 * 24);
    // The first tick is an hour after Tuesday's end. 72 hours beyond the schedule are over on Sunday morning, 144 on the
    // Friday after it.
    let expected = [(109, "Curfew: dev was kept up for 72 h 0 min"), (241, "Curfew: dev was kept up for 144 h 0 min")];
    assert_eq!(told, expected.map(|(hour, subject)| (hour, subject.to_owned())));
    assert_eq!(writes, 3, "when it begins, and with each reminder");
    world.assert_up();
}

#[test]
fn a_reminder_says_what_it_has_cost_and_how_to_end_it() {
    let world = World::known(example("durable"));
    world.set_override(Some("up"));
    world.at(EVENING).tick();
    world.at("2026-11-22T14:00:00Z").tick();
    let messages = world.messages();
    let reminder = messages.iter().find(|message| message.json["event"] == "kept-up").expect("a reminder");
    expect_test::expect![[r#"
        The override `up` on the cluster has kept dev up for 73 h 0 min in which its schedule says down, since Tue 17 Nov 20:00. That has cost 11.06 USD so far. An estimate by list prices, without traffic, logs and tax.

        If nobody needs it: curfew override clear --environment dev, or remove the tag curfew:override.
        If somebody does, say until when: curfew override set up --for 8h --environment dev.

        Found by the tick (run run-3).
    "#]].assert_eq(&reminder.text);
    expect_test::expect![[r#"
        {
          "override": {
            "resource": "the cluster",
            "target": "up",
            "until": null,
            "origin": "person"
          },
          "since": "2026-11-18T01:00:00Z",
          "beyondSeconds": 262800,
          "usd": 11.06
        }"#]]
    .assert_eq(&format!("{:#}", reminder.json["reminder"]));
}

#[test]
fn another_override_counts_from_its_own_beginning() {
    let world = World::known(example("durable"));
    world.set_override(Some("up"));
    world.at(EVENING).tick();
    let first = world.state().kept_up.expect("it is kept up");
    assert_eq!(first.since, at(EVENING));
    world.set_override(Some("up until 2026-12-24T12:00:00Z"));
    world.at(NIGHT).tick();
    let second = world.state().kept_up.expect("it is kept up");
    assert_eq!((second.since, second.value.as_str()), (at(NIGHT), "up until 2026-12-24T12:00:00Z"));
    world.set_override(None);
    world.tick();
    assert_eq!(world.state().kept_up, None);
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn by_day_an_override_keeps_nothing_up() {
    let world = World::known(example("durable"));
    world.set_override(Some("up"));
    assert_eq!(world.tick().outcome, Outcome::Unchanged);
    assert_eq!(world.state().kept_up, None);
    world.assert_unchanged();
}
