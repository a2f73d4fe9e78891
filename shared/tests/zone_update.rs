//! Laws about clocks change while functions run: what newer rules do, and what events do that go by others.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::collections::BTreeMap;

use crate::support::world::{EVENING, MORNING, NEXT_EVENING, World};
use crate::support::{at, example};
use curfew_core::model::Target;
use curfew_core::report::Outcome;
use curfew_core::run::Mode;
use curfew_core::schedule::{RulesFrom, Schedule};
use curfew_core::state::{Lease, State};
use curfew_core::zone_update::{NotUpdated, Updated, update};
use curfew_core::zones::{RELEASE, Release, StoredZones};
use futures::FutureExt;

/// Rules of a release by which New York is so many hours ahead of UTC for good.
fn rules(release: &str, hours: i32) -> StoredZones {
    let mut data = Vec::new();
    for _ in 0..2 {
        data.extend(b"TZif2");
        data.extend([0; 15]);
        [0, 0, 0, 0, 1, 4].into_iter().for_each(|count: u32| data.extend(count.to_be_bytes()));
        data.extend((hours * 3600).to_be_bytes());
        data.extend(b"\0\0NEW\0");
    }
    data.extend(format!("\nNEW{}\n", -hours).as_bytes());
    let data = BTreeMap::from([("America/New_York", data)]);
    StoredZones::new(release.parse().expect("a release"), &data).expect("rules")
}

fn give(world: &World, rules: StoredZones) -> Result<Updated, NotUpdated> {
    let blueprint = &world.blueprint;
    let home = world.home();
    let updated = update(world, &home, &blueprint.schedule, rules, Mode::Real);
    updated.now_or_never().expect("nothing waits here")
}

/// Down since the evening; the window begins at 08:00 in New York: 13:00 UTC by the laws of 2026.
fn by_night() -> World {
    let world = World::known(example("durable"));
    world.at(EVENING).tick_until_unchanged();
    world.assert_down();
    world
}

#[test]
fn a_run_goes_by_newer_rules_and_says_which() {
    let world = by_night();
    let before = world.tick();
    assert_eq!((before.zones.release.to_string(), before.zones.from), (RELEASE.to_owned(), RulesFrom::Binary));
    assert_eq!(give(&world, rules("2099a", -4)).expect("it is stored"), Updated::Stored { replaced: None });
    world.at("2026-11-18T11:55:00Z").assert_unchanged();
    let report = world.at("2026-11-18T12:00:00Z").tick();
    assert_eq!((report.target, report.zones.release.to_string()), (Some(Target::Up), "2099a".to_owned()));
    assert_eq!(report.zones.from, RulesFrom::State);
    world.tick_until_unchanged();
    world.assert_up();
    // The evening is an hour earlier too, and nothing of it is forgotten.
    world.at("2026-11-18T23:55:00Z").assert_unchanged();
    world.at("2026-11-19T00:00:00Z").tick_until_unchanged();
    world.assert_down();
    assert_eq!(world.state().zones, Some(rules("2099a", -4)));
    world.assert_unchanged();
}

#[test]
fn rules_of_the_binarys_release_change_nothing() {
    let world = by_night();
    give(&world, rules(RELEASE, -4)).expect("they are stored");
    world.at("2026-11-18T12:00:00Z").assert_unchanged();
    world.assert_down();
    world.at(MORNING).tick_until_unchanged();
    world.assert_up();
}

#[test]
fn an_update_never_goes_back_and_never_into_a_run() {
    let world = by_night();
    let release = |text: &str| -> Release { text.parse().expect("a release") };
    give(&world, rules("2099b", -4)).expect("it is stored");
    assert_eq!(give(&world, rules("2099b", -4)).expect("it is there"), Updated::Unchanged);
    let older = give(&world, rules("2099a", -3)).expect_err("they are older").to_string();
    assert_eq!(older, "the state has the time zones of IANA 2099b already, newer than 2099a; nothing was changed");
    let before = world.state();
    let newer = rules("2099c", -3);
    let home = world.home();
    let previewed = update(&world, &home, &world.blueprint.schedule, newer, Mode::DryRun).now_or_never();
    let previewed = previewed.expect("nothing waits here").expect("they are newer");
    assert_eq!(previewed, Updated::WouldStore { replacing: Some(release("2099b")) });
    assert_eq!(world.state(), before);
    let replaced = give(&world, rules("2099c", -3)).expect("they are newer");
    assert_eq!(replaced, Updated::Stored { replaced: Some(release("2099b")) });
    let before = world.state();
    world.edit_state(|state| state.lease = Some(Lease::new("run-9", "the tick", at(EVENING))));
    let busy = give(&world, rules("2099d", -3)).expect_err("a run is at work");
    assert!(matches!(&busy, NotUpdated::Busy(lease) if lease.run == "run-9"), "{busy}");
    world.pass(std::time::Duration::from_secs(121));
    give(&world, rules("2099d", -3)).expect("the lease ran out");
    assert_eq!(world.state(), State { zones: Some(rules("2099d", -3)), ..before });
    // What is there covers another zone than the blueprint's.
    let moved: Schedule = "Mon-Fri 08:00-20:00 Europe/Berlin".parse().expect("a schedule");
    let again = update(&world, &world.home(), &moved, rules("2099d", -3), Mode::Real).now_or_never();
    let again = again.expect("nothing waits here").expect("stored");
    assert_eq!(again, Updated::Stored { replaced: Some(release("2099d")) });
}

#[test]
fn an_environment_without_a_state_can_have_newer_rules() {
    let world = World::by_day(example("durable"));
    give(&world, rules("2099a", -4)).expect("it is stored");
    world.tick_until_unchanged();
    world.at("2026-11-18T00:00:00Z").tick_until_unchanged();
    world.assert_down();
}

#[test]
fn a_state_that_was_lost_is_no_less_lost_with_newer_rules() {
    let world = by_night();
    world.delete("dev/state.json");
    give(&world, rules("2099a", -4)).expect("it is stored");
    assert!(world.state().is_lost());
    assert_eq!(world.at(MORNING).tick().outcome, Outcome::Blocked);
    world.assert_down();
}

#[test]
fn events_by_older_or_newer_rules_than_curfews_change_no_evening_and_no_morning() {
    // EventBridge Scheduler has zone data of its own: around a new law its events come an hour early or an hour late.
    for (early, late) in [(true, false), (false, true), (true, true)] {
        let world = by_night();
        if early {
            let report = world.at("2026-11-18T12:00:00Z").scheduled(Target::Up);
            assert_eq!(report.outcome, Outcome::Skipped, "{report}");
            world.assert_down();
        }
        world.at(MORNING).tick_until_unchanged();
        world.assert_up();
        if late {
            let report = world.at("2026-11-18T14:00:00Z").scheduled(Target::Up);
            assert_eq!((report.outcome, report.actions.len()), (Outcome::Unchanged, 0), "{report}");
        }
        if early {
            let report = world.at("2026-11-19T00:00:00Z").scheduled(Target::Down);
            assert_eq!(report.outcome, Outcome::Skipped, "{report}");
            world.assert_up();
        }
        world.at(NEXT_EVENING).tick_until_unchanged();
        world.assert_down();
        if late {
            let report = world.at("2026-11-19T02:00:00Z").scheduled(Target::Down);
            assert_eq!((report.outcome, report.actions.len()), (Outcome::Unchanged, 0), "{report}");
        }
        assert_eq!(world.overrides(), Vec::new(), "an event sets no override");
        world.assert_unchanged();
    }
}

#[test]
fn people_are_told_once_a_year_that_the_holidays_end() {
    let text = support::example_text("durable").replace("America/New_York", "America/New_York except holidays");
    let calendar =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR";
    let text = text.replacen("\ncluster:", "\nholidays: h.ics\ncluster:", 1);
    let blueprint = curfew_core::blueprint::Blueprint::parse_with(&text, Some(calendar)).expect("a blueprint");
    let world = World::known(blueprint);
    let told = |world: &World| -> Vec<serde_json::Value> {
        let messages = world.messages().into_iter().map(|message| message.json);
        messages.filter(|message| message["event"] == "holidays-end").collect()
    };
    let first = told(&world);
    assert_eq!(first.len(), 1, "within 60 days");
    assert_eq!(first[0]["lastHoliday"], "2026-12-25");
    world.at(EVENING).tick_until_unchanged();
    world.at("2027-01-04T13:00:00Z").tick_until_unchanged();
    assert_eq!(told(&world), Vec::<serde_json::Value>::new());
    world.at("2027-11-10T17:00:00Z").tick_until_unchanged();
    assert_eq!(told(&world).len(), 1, "the next autumn");
    world.assert_unchanged();
}
