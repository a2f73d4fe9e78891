//! Overrides and holds, and what people are told: each thing once.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::time::Duration;

use crate::support::example;
use crate::support::world::{Change, EVENING, MORNING, NEXT_EVENING, NIGHT, Refusal, World, error};
use curfew_core::decide::{Command, Hold};
use curfew_core::model::*;
use curfew_core::report::Outcome;

fn known() -> World {
    World::known(example("durable"))
}

/// Ten ticks, five minutes apart: how they ended, all the same, and what was told.
fn ten_ticks(world: &World) -> (Outcome, Vec<String>) {
    world.told();
    let outcomes: Vec<Outcome> = (0..10)
        .map(|_| {
            world.pass(Duration::from_secs(300));
            world.tick().outcome
        })
        .collect();
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    (outcomes[0], world.told())
}

fn override_value(world: &World) -> Option<String> {
    world.overrides().first().map(|found| found.value.clone())
}

#[test]
fn each_change_of_state_is_told_once() {
    let world = known();
    world.at(EVENING).stop();
    assert_eq!(world.told(), ["Curfew: dev is down"]);
    assert_eq!(ten_ticks(&world), (Outcome::Unchanged, vec![]));
    world.at(MORNING).start();
    assert_eq!(world.told(), ["Curfew: dev is ready in 3 min 0 s"]);
    assert_eq!(ten_ticks(&world), (Outcome::Unchanged, vec![]));
    world.assert_unchanged();
}

#[test]
fn a_message_says_what_happened_why_and_who_started_it() {
    let world = known();
    world.at(EVENING).stop();
    let messages = world.messages();
    let expected = expect_test::expect![[r#"
        dev is down, after 6 min 36 s.

        While it is down it costs 0.005 USD an hour instead of 0.16 USD. An estimate by list prices, without traffic, logs and tax.

        Why: the schedule says so.

        Started by the schedule's stop (run run-2).
    "#]];
    expected.assert_eq(&messages[0].text);
    assert_eq!(messages[0].json["report"]["outcome"], "Converged");
    world.assert_unchanged();
}

#[test]
fn a_scheduled_stop_under_an_override_is_skipped_and_only_remembered() {
    let world = known();
    world.set_override(Some("up"));
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::Skipped);
    assert_eq!(
        report.message,
        "dev is not brought down: it should be up (the override `up` on the cluster says so); clear the override first \
         if it should be otherwise"
    );
    assert_eq!(world.changes(), [Change::Stored("dev/state.json".to_owned())]);
    assert_eq!(world.state().history.back().map(|run| run.outcome), Some(Outcome::Skipped));
    world.assert_unchanged();
    world.assert_up();
}

#[test]
fn a_late_early_or_second_event_does_no_harm() {
    let world = known();
    let early = world.scheduled(Target::Down);
    assert_eq!(early.outcome, Outcome::Skipped);
    assert_eq!(early.message, "dev is not brought down: it should be up (the schedule says so)");
    world.at(EVENING).stop();
    assert_eq!(world.scheduled(Target::Down).outcome, Outcome::Unchanged);
    assert_eq!(world.at(NIGHT).scheduled(Target::Up).outcome, Outcome::Skipped);
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn an_override_that_nobody_can_read_leaves_everything_as_it_is_and_is_told_once() {
    let world = known();
    world.set_override(Some("upp"));
    world.at(EVENING);
    assert_eq!(ten_ticks(&world), (Outcome::Skipped, vec!["Curfew: dev has an unreadable override".to_owned()]));
    assert_eq!(world.performed(), []);
    world.set_override(None);
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_down();
    world.set_override(Some("upp"));
    assert_eq!(ten_ticks(&world).1, ["Curfew: dev has an unreadable override"], "it is news again");
}

#[test]
fn an_override_that_is_over_counts_no_more_and_is_told_once() {
    let world = known();
    world.set_override(Some("up until 2026-11-18T02:00:00Z"));
    assert_eq!(world.at(EVENING).tick().outcome, Outcome::Unchanged);
    assert_eq!(world.told(), Vec::<String>::new());
    assert_eq!(world.at("2026-11-18T02:00:00Z").tick().outcome, Outcome::Converged);
    assert_eq!(world.told(), ["Curfew: dev is down", "Curfew: dev has an expired override"]);
    assert_eq!(ten_ticks(&world), (Outcome::Unchanged, vec![]));
    assert_eq!(override_value(&world).as_deref(), Some("up until 2026-11-18T02:00:00Z"), "a person's tag is theirs");
    world.assert_unchanged();
}

#[test]
fn a_manual_start_at_night_holds_until_the_next_change() {
    let world = known();
    world.at(EVENING).stop();
    world.told();
    let report = world.at(NIGHT).manual(Target::Up, Hold::UntilNext);
    assert_eq!(report.outcome, Outcome::Converged);
    assert_eq!(override_value(&world).as_deref(), Some("up until 2026-11-18T13:00:00Z"));
    assert_eq!(world.told(), ["Curfew: dev is ready in 3 min 0 s"]);
    assert_eq!(ten_ticks(&world), (Outcome::Unchanged, vec![]));
    world.assert_up();
    world.at(MORNING).tick_until_unchanged();
    assert_eq!(override_value(&world), None, "the hold is cleared away");
    assert_eq!(world.told(), Vec::<String>::new(), "and nobody need hear of it");
    world.assert_up();
    world.assert_unchanged();
}

#[test]
fn a_manual_stop_at_night_takes_back_the_start_before_it() {
    let world = known();
    world.at(EVENING).stop();
    world.at(NIGHT).manual(Target::Up, Hold::Forever);
    assert_eq!(override_value(&world).as_deref(), Some("up"));
    assert_eq!(world.manual(Target::Down, Hold::UntilNext).outcome, Outcome::Converged);
    assert_eq!(override_value(&world), None, "the schedule says the same");
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn a_manual_stop_by_day_holds_until_the_evening() {
    let world = known();
    assert_eq!(world.manual(Target::Down, Hold::UntilNext).outcome, Outcome::Converged);
    assert_eq!(override_value(&world).as_deref(), Some("down until 2026-11-18T01:00:00Z"));
    assert_eq!(ten_ticks(&world).0, Outcome::Unchanged);
    world.assert_down();
    world.at(MORNING).start();
    assert_eq!(override_value(&world), None);
    world.assert_unchanged();
}

#[test]
fn a_manual_start_that_holds_nothing_lasts_until_the_next_tick() {
    let world = known();
    world.at(EVENING).stop();
    assert_eq!(world.at(NIGHT).manual(Target::Up, Hold::None).outcome, Outcome::Converged);
    assert_eq!(override_value(&world), None);
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn a_manual_stop_against_a_persons_override_is_skipped() {
    let world = known();
    world.set_override(Some("up"));
    let report = world.manual(Target::Down, Hold::Forever);
    assert_eq!(report.outcome, Outcome::Skipped);
    assert_eq!(override_value(&world).as_deref(), Some("up"));
    assert_eq!(world.performed(), []);
    world.assert_unchanged();
}

#[test]
fn a_manual_start_never_writes_over_a_persons_tag() {
    for value in ["up", "upp"] {
        let world = known();
        world.at(EVENING).stop();
        world.set_override(Some(value));
        assert_eq!(world.at(NIGHT).manual(Target::Up, Hold::UntilNext).outcome, Outcome::Converged, "{value}");
        assert_eq!(override_value(&world).as_deref(), Some(value));
        world.at(NEXT_EVENING).tick();
        world.assert_up();
        assert_eq!(override_value(&world).as_deref(), Some(value));
    }
}

#[test]
fn a_hold_whose_run_dies_is_there_before_anything_else_is_touched() {
    let world = known();
    world.at(EVENING).stop();
    world.at(NIGHT);
    let request = world.request(Some(Command::Manual { target: Target::Up, hold: Hold::UntilNext }));
    assert!(world.run_cut(&request, support::world::Cut::After(2)).is_none());
    world.pass(Duration::from_secs(300));
    world.tick_until_unchanged();
    world.assert_up();
    world.assert_unchanged();
}

#[test]
fn what_blocks_is_told_once_and_nothing_is_touched() {
    let world = known();
    let protect = |value: &str| {
        let value = value.to_owned();
        world.load_balancer_by_hand(|load_balancer| {
            load_balancer.attributes.insert(DELETION_PROTECTION.to_owned(), value);
        });
    };
    protect("true");
    world.at(EVENING);
    assert_eq!(ten_ticks(&world), (Outcome::Blocked, vec!["Curfew: dev is blocked".to_owned()]));
    assert_eq!(world.performed(), []);
    protect("false");
    assert_eq!(world.tick().outcome, Outcome::Converged);
    assert_eq!(world.told(), ["Curfew: dev is down"]);
    world.assert_unchanged();
}

#[test]
fn what_fails_again_and_again_is_told_once() {
    let world = known();
    world.refuse(Refusal {
        call: "UpdateService",
        error: error("AccessDeniedException", Retry::Never),
        times: 22,
        works: false,
    });
    world.at(EVENING);
    assert_eq!(ten_ticks(&world), (Outcome::Failed, vec!["Curfew: dev failed".to_owned()]));
    world.pass(Duration::from_secs(300));
    world.tick_until_unchanged();
    assert_eq!(world.told(), ["Curfew: dev is down"]);
    world.assert_unchanged();
}

#[test]
fn a_night_and_a_morning_look_only_at_what_changed_or_is_waited_for() {
    let world = known();
    let count = |what: &str| {
        let mut counts = std::collections::BTreeMap::<String, usize>::new();
        let looks = world.looks();
        looks.iter().flatten().for_each(|part| *counts.entry(format!("{part:?}")).or_default() += 1);
        let lines: Vec<String> = counts.iter().map(|(part, count)| format!("  {part}: {count}\n")).collect();
        format!("{what}: {} looks\n{}", looks.len(), lines.concat())
    };
    world.looks();
    world.at(EVENING).stop();
    let evening = count("evening");
    world.at(MORNING).start();
    let expected = expect_test::expect![[r#"
        evening: 107 looks
          Addresses: 1
          Alarms: 1
          AutoScalingGroups: 1
          Databases: 1
          Instances: 1
          LoadBalancers: 3
          NatGateways: 19
          Needs: 1
          OtherUsers: 2
          Records: 2
          Routes: 3
          Services: 85
          StandaloneTasks: 1
          TargetHealth: 1
          VpcEndpoints: 1
        morning: 52 looks
          Addresses: 2
          AutoScalingGroups: 2
          Databases: 2
          Instances: 2
          LoadBalancerConfiguration(LoadBalancerName("durable-dev-alb")): 2
          LoadBalancerStates: 38
          LoadBalancers: 3
          NatGateways: 30
          Records: 12
          Routes: 3
          Services: 18
          TargetHealth: 4
          TargetsOf(TargetGroupArn("arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/durable-dev-backend/0d1a000000000001")): 3
          TargetsOf(TargetGroupArn("arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/durable-dev-frontend/0d1a000000000002")): 3
          VpcEndpoints: 2
    "#]];
    expected.assert_eq(&(evening + &count("morning")));
    world.assert_unchanged();
}
