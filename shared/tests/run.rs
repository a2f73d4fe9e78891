//! Nights and mornings in virtual time, and what people change in between.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::collections::BTreeSet;

use crate::support::world::{Change, EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, World, rule};
use crate::support::{EXAMPLES, example, id};
use curfew_core::model::*;
use curfew_core::report::Outcome;
use curfew_core::run::Mode;
use curfew_core::state::Phase;

#[test]
fn each_morning_brings_back_what_the_evening_took() {
    for name in EXAMPLES {
        let world = World::known(example(name));
        let (before, addresses) = (world.configuration(), world.allocations());
        for (evening, morning) in [(EVENING, MORNING), (NEXT_EVENING, NEXT_MORNING)] {
            world.at(evening).stop();
            assert_eq!(world.allocations(), addresses, "{name}: kept addresses stay");
            world.assert_unchanged();
            world.at(morning).start();
            assert_eq!(world.configuration(), before, "{name}");
            assert_eq!(world.allocations(), addresses, "{name}: and are used again");
            world.assert_unchanged();
        }
    }
}

#[test]
fn the_very_first_run_may_be_a_stop() {
    let world = World::by_day(example("platform"));
    world.add_rule_by_hand(77);
    let before = world.configuration();
    world.at(EVENING).stop();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
    world.assert_unchanged();
}

#[test]
fn the_recording_is_stored_before_the_first_action_of_a_stop() {
    let world = World::known(example("durable"));
    world.at(EVENING).stop();
    let changes = world.changes();
    let stored = changes.iter().position(|change| *change == Change::Stored("dev/recording.json".to_owned()));
    let acted = changes.iter().position(|change| matches!(change, Change::Performed(_)));
    assert!(stored.is_some() && stored < acted, "{changes:?}");
    world.assert_unchanged();
}

#[test]
fn a_recording_that_cannot_be_stored_or_reads_back_otherwise_stops_everything() {
    for break_it in [
        |world: &World| world.make_unwritable("dev/recording.json"),
        |world: &World| world.garble("dev/recording.json"),
    ] {
        let world = World::known(example("durable"));
        break_it(&world);
        let report = world.at(EVENING).scheduled(Target::Down);
        assert_eq!(report.outcome, Outcome::Failed);
        assert!(report.message.starts_with("the recording dev/recording.json could not be stored"), "{report}");
        assert_eq!(world.performed(), []);
        world.assert_up();
    }
}

#[test]
fn a_second_stop_while_down_leaves_the_recording_as_it_is() {
    let world = World::known(example("durable"));
    world.at(EVENING).stop();
    let recording = world.document("dev/recording.json");
    assert_eq!(world.scheduled(Target::Down).outcome, Outcome::Unchanged);
    assert_eq!(world.manual(Target::Down, Default::default()).outcome, Outcome::Unchanged);
    assert_eq!(world.document("dev/recording.json"), recording);
    assert_eq!(world.recording().observed.load_balancers.len(), 1);
    world.assert_unchanged();
    world.at(MORNING).start();
    assert_eq!(world.document("dev/recording.json"), recording, "and so does the morning");
    world.assert_unchanged();
}

#[test]
fn what_people_change_by_day_stays_by_day_and_is_back_in_the_morning() {
    let world = World::known(example("durable"));
    world.add_rule_by_hand(77);
    world.scale_by_hand("durable-dev-backend", 5);
    world.load_balancer_by_hand(|load_balancer| {
        load_balancer.attributes.insert("idle_timeout.timeout_seconds".to_owned(), "30".to_owned());
        load_balancer.listeners.get_mut(&443).expect("it listens").rules.remove(&10);
    });
    let by_noon = world.configuration();
    world.assert_unchanged();
    world.at(EVENING).stop();
    world.at(MORNING).start();
    assert_eq!(world.rules(), [77], "what was added is back, what was removed stays away");
    assert_eq!(world.desired_count("durable-dev-backend"), 5);
    assert_eq!(world.configuration(), by_noon);
    world.assert_unchanged();
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(world.configuration(), by_noon, "and stays so");
    world.assert_unchanged();
}

#[test]
fn a_service_that_was_scaled_to_nothing_by_hand_stays_so() {
    let world = World::known(example("durable"));
    world.scale_by_hand("durable-dev-backend", 0);
    world.assert_unchanged();
    assert_eq!(world.at(EVENING).scheduled(Target::Down).outcome, Outcome::Converged);
    assert_eq!(world.at(MORNING).scheduled(Target::Up).outcome, Outcome::Converged);
    assert_eq!(world.desired_count("durable-dev-backend"), 0);
    assert_eq!(world.desired_count("durable-dev-frontend"), 2);
    world.assert_unchanged();
}

#[test]
fn a_blueprint_edited_at_noon_takes_effect_in_the_morning_beside_what_people_changed() {
    let mut world = World::known(example("durable"));
    world.scale_by_hand("durable-dev-frontend", 5);
    world.add_rule_by_hand(77);
    edit(&mut world);
    world.assert_unchanged();
    assert_eq!(world.rules(), [10, 77], "nothing is edited under people's hands");
    world.at(EVENING).stop();
    world.at(MORNING).start();
    assert_edited(&world);
    assert_eq!(world.rules(), [10, 77, 88]);
    assert_eq!(world.desired_count("durable-dev-frontend"), 5);
    world.assert_unchanged();
}

#[test]
fn a_blueprint_edited_at_night_takes_effect_in_the_morning_and_only_once() {
    let mut world = World::known(example("durable"));
    world.at(EVENING).stop();
    edit(&mut world);
    world.assert_unchanged();
    world.at(MORNING).start();
    assert_edited(&world);
    world.scale_by_hand("durable-dev-backend", 4);
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(world.desired_count("durable-dev-backend"), 4, "the edit was yesterday's");
    world.assert_unchanged();
}

fn edit(world: &mut World) {
    let tier = &mut world.blueprint.tier;
    tier.services.get_mut(&id::<ServiceName>("durable-dev-backend")).expect("it is declared").desired_count = 3;
    let load_balancer = tier.load_balancers.values_mut().next().expect("one is declared");
    load_balancer.attributes.insert("idle_timeout.timeout_seconds".to_owned(), "300".to_owned());
    load_balancer.listeners.get_mut(&443).expect("it listens").rules.insert(88, rule("/declared"));
}

fn assert_edited(world: &World) {
    assert_eq!(world.desired_count("durable-dev-backend"), 3);
    let tier = world.configuration();
    let load_balancer = tier.load_balancers.values().next().expect("it is there");
    assert_eq!(load_balancer.attributes["idle_timeout.timeout_seconds"], "300");
    assert!(load_balancer.listeners[&443].rules.contains_key(&88));
}

#[test]
fn what_somebody_deletes_by_day_is_fixed_by_the_next_tick() {
    let world = World::known(example("durable"));
    world.add_rule_by_hand(77);
    let before = world.configuration();
    world.by_hand(|seen| {
        seen.nat_gateways.values_mut().for_each(|found| *found = Seen::Absent);
        let gone = ObservedRoute { target: RouteTarget::Blackhole(None) };
        seen.routes.values_mut().for_each(|found| *found = Seen::Ready(gone.clone()));
        seen.addresses.values_mut().for_each(|found| {
            if let Seen::Ready(address) = found {
                address.associated = false;
            }
        });
    });
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_up();
    assert_eq!(world.configuration(), before);
    world.assert_unchanged();
}

#[test]
fn an_evening_that_comes_before_the_morning_is_done_loses_nothing() {
    let world = World::known(example("platform"));
    world.add_rule_by_hand(77);
    let before = world.configuration();
    world.at(EVENING).stop();
    let mut hasty = world.at(MORNING).request(Some(curfew_core::decide::Command::Scheduled(Target::Up)));
    hasty.deadline = "2026-11-18T13:01:30Z".parse().expect("an instant");
    assert_eq!(world.run(&hasty).outcome, Outcome::InProgress);
    assert_eq!(world.state().phase, Some(Phase::Raising));
    world.add_rule_by_hand(88);
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(world.rules(), [10, 20, 30, 40, 77, 88], "nor what was added to what was half there");
    world.load_balancer_by_hand(|load_balancer| {
        load_balancer.listeners.get_mut(&443).expect("it listens").rules.remove(&88);
    });
    assert_eq!(world.configuration(), before);
    world.assert_unchanged();
}

#[test]
fn addresses_are_released_and_services_deleted_where_the_blueprint_says_so() {
    let world = World::known(support::tiers::with_everything_deleted(example("durable")));
    let before = world.configuration();
    world.at(EVENING).stop();
    assert_eq!(world.allocations(), []);
    let seen = world.seen();
    assert_eq!(seen.services[&id::<ServiceName>("durable-dev-backend")], Seen::Absent);
    world.assert_unchanged();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
    assert_eq!(world.allocations().len(), 1);
    world.assert_unchanged();
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let world = World::known(example("durable"));
    let mut request = world.at(EVENING).request(None);
    request.mode = Mode::DryRun;
    let report = world.run(&request);
    assert_eq!(world.changes(), []);
    let forecast = report.forecast.expect("it forecasts");
    assert_eq!(world.tick().outcome, Outcome::Converged);
    let told: Vec<String> = forecast.actions().map(ToString::to_string).collect();
    let done: Vec<String> = world.performed().iter().map(ToString::to_string).collect();
    assert_eq!(told, done, "and a run does just that");
    world.assert_unchanged();
}

/// Minutes may pass between a route and the tasks that leave by it, while a database starts.
#[test]
fn a_service_starts_by_ways_out_that_were_looked_at_lately() {
    for name in ["durable", "portyfoul"] {
        let world = World::known(example(name));
        world.at(EVENING).stop();
        world.performed();
        world.at(MORNING).start();
        let performed = world.performed();
        let starts = performed.iter().filter(|action| match action {
            Action::UpdateService { desired_count, .. } | Action::CreateService { desired_count, .. } => {
                *desired_count > 0
            }
            _ => false,
        });
        let rests_on: Vec<BTreeSet<Part>> = starts.map(Action::rests_on).collect();
        assert!(!rests_on.is_empty(), "{name}: {performed:?}");
        let ways_out: BTreeSet<Part> = [Part::Routes, Part::VpcEndpoints].into();
        assert!(rests_on.iter().all(|parts| parts.is_superset(&ways_out)), "{name}: {rests_on:?}");
    }
}
