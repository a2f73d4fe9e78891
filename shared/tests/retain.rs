//! What a person started before a window outlasts it: until when, and what ends it before.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use crate::support::example;
use crate::support::world::{Cut, EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, NIGHT, World};
use curfew_core::decide::{Command, Hold};
use curfew_core::model::*;
use curfew_core::report::Outcome;

/// The end of the window after the next.
const LAST_EVENING: &str = "2026-11-20T01:00:00Z";

/// Down on Tuesday evening, and started by hand in the night.
fn started_at_night(retain: bool) -> World {
    let mut world = World::known(example("durable"));
    world.blueprint.retain = retain;
    world.at(EVENING).stop();
    world.at(NIGHT);
    let mut request = world.request(Some(Command::Manual { target: Target::Up, hold: Hold::UntilNext }));
    request.requested_by = Some("alice".to_owned());
    assert_eq!(world.run(&request).outcome, Outcome::Converged);
    world.at(MORNING).tick_until_unchanged();
    world
}

#[test]
fn it_stays_up_over_the_windows_end_and_goes_down_at_the_next_ones() {
    let world = started_at_night(true);
    let skipped = world.at(NEXT_EVENING).scheduled(Target::Down);
    assert_eq!(skipped.outcome, Outcome::Skipped);
    assert_eq!(
        skipped.message,
        "dev is not brought down: it should be up (a manual start by alice at 2026-11-18 04:00 UTC, before the window, \
         keeps it up until 2026-11-20 01:00 UTC)"
    );
    world.assert_up();
    world.assert_unchanged();
    world.at(NEXT_MORNING).tick_until_unchanged();
    world.assert_up();
    world.at(LAST_EVENING).stop();
    assert_eq!(world.state().manual_start, None, "that was that");
    world.assert_unchanged();
}

#[test]
fn it_goes_down_with_the_window_where_the_blueprint_says_so() {
    let world = started_at_night(false);
    world.at(NEXT_EVENING).stop();
    world.assert_unchanged();
}

#[test]
fn a_manual_stop_ends_it_for_good() {
    let world = started_at_night(true);
    assert_eq!(world.at(NEXT_EVENING).scheduled(Target::Down).outcome, Outcome::Skipped);
    assert_eq!(world.manual(Target::Down, Hold::UntilNext).outcome, Outcome::Converged);
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn a_manual_stop_in_the_window_ends_it_although_it_comes_up_again() {
    let world = started_at_night(true);
    assert_eq!(world.manual(Target::Down, Hold::For(chrono::TimeDelta::hours(1))).outcome, Outcome::Converged);
    world.pass(Duration::from_secs(3600));
    world.tick_until_unchanged();
    world.assert_up();
    world.at(NEXT_EVENING).stop();
    world.assert_unchanged();
}

#[test]
fn a_down_override_ends_it_at_once_and_for_good() {
    let world = started_at_night(true);
    assert_eq!(world.at(NEXT_EVENING).tick().outcome, Outcome::Unchanged);
    world.set_override(Some("down"));
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_down();
    world.set_override(None);
    world.assert_unchanged();
    world.assert_down();
}

#[test]
fn a_start_whose_hold_ended_before_the_window_keeps_nothing_up() {
    let world = World::known(example("durable"));
    world.at(EVENING).stop();
    world.at(NIGHT).manual(Target::Up, Hold::For(chrono::TimeDelta::hours(2)));
    world.at("2026-11-18T06:00:00Z").tick_until_unchanged();
    world.assert_down();
    world.at(MORNING).start();
    world.at(NEXT_EVENING).stop();
    world.assert_unchanged();
}

#[test]
fn a_start_within_a_window_keeps_nothing_up() {
    let world = World::known(example("durable"));
    assert_eq!(world.manual(Target::Down, Hold::UntilNext).outcome, Outcome::Converged);
    assert_eq!(world.manual(Target::Up, Hold::UntilNext).outcome, Outcome::Converged);
    world.at(EVENING).stop();
    world.assert_unchanged();
}

#[test]
fn a_start_whose_run_dies_is_remembered_once_it_holds() {
    // Change 1 is the lease, 2 the hold: from then on the ticks bring it up.
    for cut in [Cut::After(1), Cut::After(2), Cut::After(3), Cut::After(5)] {
        let world = World::known(example("durable"));
        world.at(EVENING).stop();
        world.at(NIGHT);
        let request = world.request(Some(Command::Manual { target: Target::Up, hold: Hold::UntilNext }));
        assert!(world.run_cut(&request, cut).is_none());
        assert!(world.state().manual_start.is_some(), "{cut:?}");
        world.at(MORNING).tick_until_unchanged();
        if cut != Cut::After(1) {
            assert_eq!(world.at(NEXT_EVENING).scheduled(Target::Down).outcome, Outcome::Skipped, "{cut:?}");
        }
    }
}
