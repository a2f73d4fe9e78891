//! A schedule that says nothing for a while leaves the environment as it is, but never half done.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::world::{NOON, World};
use crate::support::{at, example};
use chrono::TimeDelta;
use curfew_core::decide::Hold;
use curfew_core::model::*;
use curfew_core::report::Outcome;
use curfew_core::schedule::{Grammar, Schedule};

/// When it goes down in New York, and when the schedule says no more.
const DOWN: &str = "2026-11-18T00:00:00Z";
const MIDNIGHT: &str = "2026-11-18T05:00:00Z";

/// Stopped from 19:00 to midnight; before that, as it is.
fn one_sided() -> World {
    let text = r#"{ "periods": [{ "endtime": "19:00" }], "timezone": "America/New_York" }"#;
    let schedule = Schedule::parse(text, Some(Grammar::InstanceScheduler), None).expect("a schedule");
    let mut world = World::known(example("durable"));
    world.blueprint.schedule = schedule;
    world
}

#[test]
fn it_is_left_as_it_is_and_said_until_when() {
    let world = one_sided();
    let report = world.at(NOON).tick();
    assert_eq!(report.outcome, Outcome::Skipped);
    assert_eq!(report.message, "the schedule leaves dev as it is until 2026-11-18 00:00 UTC");
    assert_eq!(world.changes(), []);
    world.at(DOWN).tick_until_unchanged();
    world.assert_down();
    assert_eq!(world.at(MIDNIGHT).tick().outcome, Outcome::Skipped);
    world.assert_down();
    assert_eq!(world.manual(Target::Up, Hold::None).outcome, Outcome::Converged);
    assert_eq!(world.tick().outcome, Outcome::Skipped);
    world.assert_up();
}

#[test]
fn what_was_begun_is_finished() {
    let world = one_sided();
    world.at("2026-11-18T04:58:00Z");
    let mut hasty = world.request(None);
    hasty.deadline = at("2026-11-18T04:58:00Z") + TimeDelta::seconds(90);
    assert_eq!(world.run(&hasty).outcome, Outcome::InProgress);
    let report = world.at(MIDNIGHT).tick();
    assert_eq!(report.outcome, Outcome::Converged);
    assert_eq!(report.because, "the schedule leaves it as it is, and what was begun is finished");
    world.assert_down();
    assert_eq!(world.tick().outcome, Outcome::Skipped);
}
