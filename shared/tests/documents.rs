//! Stored documents: what is not understood, missing, or another's is never taken for an empty one, and what a person
//! decides about it is done.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

use crate::support;
use std::time::Duration;

use crate::support::world::{EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, NIGHT, World};
use crate::support::{example, home};
use chrono::TimeDelta;
use curfew_core::model::*;
use curfew_core::recover::{NoRecovery, Recovered, Recovery, Request, recover};
use curfew_core::report::{Outcome, Report};
use curfew_core::run::Mode;
use curfew_core::state::{Phase, Recorded, State};
use curfew_core::status::status;
use futures::FutureExt;
use serde_json::{Value, json};

const STATE: &str = "dev/state.json";
const RECORDING: &str = "dev/recording.json";

/// An environment that was up, was changed by hand, and went down.
fn at_night() -> (World, RuntimeTier) {
    let world = World::known(example("durable"));
    world.add_rule_by_hand(77);
    let day = world.configuration();
    world.at(EVENING).stop();
    world.at(NIGHT);
    world.changes();
    world.told();
    (world, day)
}

/// A document with a change.
fn edited(world: &World, document: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(&world.document(document).unwrap()).unwrap();
    edit(&mut value);
    value.to_string()
}

fn request(recovery: Recovery) -> Request {
    Request { recovery, requested_by: Some("ana".to_owned()), run: "recovery".to_owned(), mode: Mode::Real }
}

fn decide(world: &World, recovery: Recovery) -> Result<Recovered, NoRecovery> {
    recover(world, &world.blueprint, &request(recovery)).now_or_never().expect("it comes to its end")
}

/// A run that touches nothing, and says why and what to do.
fn refuses(world: &World, report: &Report, why: &str) {
    assert_eq!(report.outcome, Outcome::Blocked, "{report}");
    assert!(report.to_string().contains(why), "{report} does not say {why}");
    assert!(report.to_string().contains("curfew -e dev recover"), "{report} has no remedy");
    assert_eq!(world.performed(), []);
}

#[test]
fn a_document_that_is_not_one_is_refused_with_its_place() {
    type Damage = fn(&World) -> String;
    let cases: [(&str, Damage, &str); 12] = [
        (STATE, |_| "{}".to_owned(), "the field `lease` is missing"),
        (STATE, |_| "[]".to_owned(), "it is not one object"),
        (STATE, |_| "{ \"phase\": \"down\" }".to_owned(), "the field `history` is missing"),
        (STATE, |world| world.document(STATE).unwrap()[..80].to_owned(), "line"),
        (STATE, |world| edited(world, STATE, |state| state["version"] = json!(2)), "it is of version 2"),
        (STATE, |world| world.document(STATE).unwrap().replace("\"phase\"", "\"phases\""), "did you mean `phase`?"),
        (STATE, |world| edited(world, STATE, |state| state["history"][0]["runs"] = json!(1)), "unknown field `runs`"),
        (STATE, |world| edited(world, STATE, |state| state["environment"] = json!("prod")), "is prod, not dev"),
        (RECORDING, |_| "{}".to_owned(), "the field `observed` is missing"),
        (
            RECORDING,
            |world| edited(world, RECORDING, |recording| recording["account"] = json!("999999999999")),
            "its `account` is 999999999999",
        ),
        (
            RECORDING,
            |world| edited(world, RECORDING, |recording| recording["observed"]["environment"] = json!("prod")),
            "its `observed.environment` is prod",
        ),
        (
            RECORDING,
            |world| edited(world, RECORDING, |recording| recording["region"] = json!("eu-west-1")),
            "eu-west-1",
        ),
    ];
    for (document, garble, why) in cases {
        let (world, day) = at_night();
        let before = world.document(document).unwrap();
        world.write(document, &garble(&world));
        let report = world.at(MORNING).scheduled(Target::Up);
        refuses(&world, &report, why);
        assert!(report.to_string().contains(document), "{report} does not name {document}");
        world.write(document, &before);
        world.start();
        assert_eq!(world.configuration(), day, "{why}");
        world.assert_unchanged();
    }
}

#[test]
fn what_was_written_before_versions_is_still_read() {
    let (world, day) = at_night();
    for document in [STATE, RECORDING] {
        let old = edited(&world, document, |value| {
            for name in ["version", "environment", "account", "region", "recording", "replaces"] {
                value.as_object_mut().unwrap().remove(name);
            }
        });
        world.write(document, &old);
    }
    assert_eq!(world.state().recording, Some(Recorded::Unnamed));
    world.assert_unchanged();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
    world.at(NEXT_EVENING).stop();
    assert!(matches!(world.state().recording, Some(Recorded::This(_))), "from now on it is named");
    world.at(NEXT_MORNING).start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
}

#[test]
fn a_state_of_old_without_a_recording_that_it_must_have_had_is_blocked() {
    let (world, _) = at_night();
    let old = edited(&world, STATE, |value| {
        for name in ["version", "environment", "account", "region", "recording"] {
            value.as_object_mut().unwrap().remove(name);
        }
    });
    world.write(STATE, &old);
    world.delete(RECORDING);
    let report = world.at(MORNING).scheduled(Target::Up);
    refuses(&world, &report, "dev/recording.json is gone");
}

#[test]
fn a_recording_that_is_lost_at_night_is_told_at_once_and_blocks_the_morning() {
    let (world, day) = at_night();
    let before = world.document(RECORDING).unwrap();
    world.delete(RECORDING);
    let report = world.tick();
    refuses(&world, &report, "dev/recording.json is gone: the one of");
    assert_eq!(world.told().len(), 1);
    assert_eq!(world.tick().outcome, Outcome::Blocked);
    assert_eq!(world.told(), Vec::<String>::new(), "and once");
    let seen = status(&world, &world.blueprint).now_or_never().unwrap().unwrap();
    assert_eq!(seen.documents.len(), 1);
    assert!(seen.forecast(&world.blueprint, Target::Up).waves.is_empty());
    let report = world.at(MORNING).scheduled(Target::Up);
    refuses(&world, &report, "dev/recording.json is gone");
    world.write(RECORDING, &before);
    world.start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
}

#[test]
fn without_its_recording_it_comes_up_as_the_blueprint_says_once_a_person_says_so() {
    for damage in [None, Some("{}"), Some("{ \"recordedAt\":")] {
        let (world, day) = at_night();
        match damage {
            None => world.delete(RECORDING),
            Some(text) => world.write(RECORDING, text),
        }
        let recovered = decide(&world, Recovery::WithoutRecording).unwrap();
        assert_eq!(recovered.outcome, Outcome::Converged);
        assert!(recovered.message.contains("what was changed by hand since is not among it"), "{}", recovered.message);
        assert_eq!(decide(&world, Recovery::WithoutRecording).unwrap().outcome, Outcome::Unchanged);
        world.assert_unchanged();
        let report = world.at(MORNING).scheduled(Target::Up);
        assert_eq!(report.outcome, Outcome::Converged, "{report}");
        assert_eq!(report.ready.and_then(|ready| ready.since), None, "nobody says that nothing has changed");
        assert_ne!(world.configuration(), day, "the rule of the day is lost");
        assert_eq!(world.rules(), [10]);
        assert_eq!(world.state().history.iter().filter(|run| run.trigger.starts_with("recover")).count(), 1);
        world.assert_unchanged();
    }
}

#[test]
fn another_recording_counts_once_a_person_says_so() {
    let (world, day) = at_night();
    let other = edited(&world, RECORDING, |recording| recording["run"] = json!("somebody"));
    world.write(RECORDING, &other);
    let report = world.at(MORNING).scheduled(Target::Up);
    refuses(&world, &report, "is not the one that belongs to the state");
    assert_eq!(decide(&world, Recovery::Recording).unwrap().outcome, Outcome::Converged);
    assert_eq!(decide(&world, Recovery::Recording).unwrap().outcome, Outcome::Unchanged);
    world.start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
}

#[test]
fn a_recording_that_is_only_indented_otherwise_is_the_same() {
    let (world, day) = at_night();
    world.write(RECORDING, &edited(&world, RECORDING, |_| {}));
    world.at(MORNING).start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
}

#[test]
fn a_state_that_is_lost_at_night_is_found_again_by_a_tick_or_by_a_person() {
    let (world, day) = at_night();
    world.delete(STATE);
    assert_eq!(world.tick().outcome, Outcome::Unchanged, "it is down, as it should be");
    assert_eq!(world.state().phase, Some(Phase::Down));
    world.at(MORNING).start();
    assert_eq!(world.configuration(), day);

    let (world, day) = at_night();
    world.delete(STATE);
    let report = world.at(MORNING).scheduled(Target::Up);
    refuses(&world, &report, "dev/state.json is gone, and there is a recording");
    assert_eq!(world.tick().outcome, Outcome::Blocked, "and so it stays");
    assert_eq!(decide(&world, Recovery::StateDown).unwrap().outcome, Outcome::Converged);
    assert_eq!(decide(&world, Recovery::StateDown).unwrap().outcome, Outcome::Unchanged);
    world.start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
}

#[test]
fn a_state_that_is_lost_by_day_is_found_again_and_the_evening_records() {
    let world = World::known(example("durable"));
    world.at(EVENING).stop();
    world.at(MORNING).start();
    world.add_rule_by_hand(77);
    let day = world.configuration();
    world.write(STATE, "{}");
    world.performed();
    refuses(&world, &world.tick(), "dev/state.json");
    decide(&world, Recovery::StateUp).unwrap();
    assert_eq!(world.tick().actions, []);
    world.assert_unchanged();
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
}

/// By day what is there counts: of an environment that was only half raised, nobody would miss the rest.
#[test]
fn without_a_state_an_environment_that_lacks_something_of_its_recording_is_not_taken_for_up() {
    let world = World::known(example("durable"));
    world.add_rule_by_hand(77);
    world.at(EVENING).stop();
    world.at(MORNING).start();
    world.delete_rule_by_hand(77);
    world.delete(STATE);
    world.performed();
    refuses(&world, &world.tick(), "dev/state.json is gone, and there is a recording");
    world.add_rule_by_hand(77);
    assert_eq!(world.tick().outcome, Outcome::Unchanged, "all that was recorded is there");
    assert_eq!(world.state().phase, Some(Phase::Up));
}

#[test]
fn an_environment_half_way_down_does_not_forget_what_it_was() {
    let (world, day) = {
        let world = World::known(example("durable"));
        world.add_rule_by_hand(77);
        let day = world.configuration();
        let request = world.at(EVENING).request(None);
        world.run_cut(&request, support::world::Cut::Before(6));
        world.pass(Duration::from_secs(300));
        (world, day)
    };
    assert_eq!(world.state().phase, Some(Phase::Lowering));
    world.delete(STATE);
    world.performed();
    refuses(&world, &world.tick(), "dev/state.json is gone");
    decide(&world, Recovery::StateDown).unwrap();
    world.tick_until_unchanged();
    world.assert_down();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), day);
    world.assert_unchanged();
}

#[test]
fn nobody_recovers_while_a_run_works_or_what_needs_no_recovery() {
    let (world, _) = at_night();
    for recovery in [Recovery::StateDown, Recovery::StateUp, Recovery::Recording, Recovery::WithoutRecording] {
        assert_eq!(decide(&world, recovery).unwrap().outcome, Outcome::Unchanged, "{recovery}");
    }
    world.delete(STATE);
    assert!(matches!(decide(&world, Recovery::WithoutRecording), Err(NoRecovery::Lost(_))));
    let world = World::known(example("durable"));
    let request = world.at(EVENING).request(None);
    world.run_cut(&request, support::world::Cut::Before(6));
    assert!(matches!(decide(&world, Recovery::StateDown), Err(NoRecovery::Busy(_))));
}

#[test]
fn a_lease_is_as_old_as_the_store_says() {
    let world = World::known(example("durable"));
    let request = world.at(EVENING).request(None);
    world.run_cut(&request, support::world::Cut::Before(6));
    // By a clock that is four minutes ahead it would be over; it was written a moment ago.
    world.skew(TimeDelta::minutes(4));
    world.performed();
    assert_eq!(world.tick().outcome, Outcome::Busy);
    assert_eq!(world.performed(), []);
    // A lease that says tomorrow is over two minutes after it was written.
    world.skew(TimeDelta::zero());
    world.edit_state(|state| {
        if let Some(lease) = &mut state.lease {
            lease.until += TimeDelta::days(1);
        }
    });
    assert_eq!(world.tick().outcome, Outcome::Busy);
    world.pass(Duration::from_secs(121));
    world.tick_until_unchanged();
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn who_is_wrong_by_a_day_decides_nothing() {
    for skew in [TimeDelta::days(1), -TimeDelta::days(1)] {
        let world = World::known(example("durable"));
        world.skew(skew);
        let report = world.manual(Target::Down, Default::default());
        assert_eq!(report.outcome, Outcome::Failed);
        assert!(report.message.contains("the clock of this machine is 24 h 0 min"), "{report}");
        assert_eq!(world.performed(), []);
        world.skew(TimeDelta::zero());
        world.assert_unchanged();
    }
}

#[test]
fn a_run_that_has_acted_does_not_say_that_nothing_was_touched() {
    let world = World::known(example("durable"));
    world.make_unwritable(RECORDING);
    let report = world.manual(Target::Down, Default::default());
    assert_eq!(report.actions.len(), 1, "it is held: {report}");
    assert!(report.message.contains("could not be stored, so nothing more was touched"), "{report}");
    let world = World::known(example("durable"));
    world.make_unwritable(RECORDING);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert!(report.message.contains("could not be stored, so nothing was touched"), "{report}");
}

#[test]
fn who_interrupts_a_run_leaves_no_lease_and_the_tick_goes_on() {
    let world = World::known(example("durable"));
    let before = world.configuration();
    world.interrupt(true);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::InProgress);
    assert_eq!(report.message, "interrupted: dev is not down yet; the tick goes on");
    assert_eq!(world.state().lease, None);
    world.interrupt(false);
    world.tick_until_unchanged();
    world.assert_down();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
    world.assert_unchanged();
}

#[test]
fn a_state_of_this_version_has_exactly_these_fields() {
    // Another field is another version: what was written before would else be refused, or half understood.
    let blueprint = example("durable");
    let value: Value = serde_json::from_str(&State::default().to_json(&home(&blueprint))).unwrap();
    let names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let heading = ["version", "environment", "account", "region"];
    assert_eq!(names[..4], heading);
    assert!(State::parse(&value.to_string(), &home(&blueprint)).is_ok());
    for name in &names[1..] {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(*name);
        assert!(State::parse(&less.to_string(), &home(&blueprint)).is_err(), "without {name}");
    }
}
