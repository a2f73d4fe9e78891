//! Tasks that no service started: what they may need stays for them up to a limit, nobody stops them, and a run says what
//! it cuts off.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use crate::support::environment::by_day;
use crate::support::world::{Cut, EVENING, MORNING, NEXT_EVENING, NIGHT, World};
use crate::support::{example, example_text};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::forecast::{ForecastEnd, forecast};
use curfew_core::model::*;
use curfew_core::report::{Outcome, Report};
use expect_test::{Expect, expect};

const TICK: Duration = Duration::from_secs(300);

fn check(actual: impl Into<String>, expected: Expect) {
    expected.assert_eq(&actual.into());
}

fn limited(limit: &str) -> Result<Blueprint, String> {
    let text = example_text("portyfoul");
    Blueprint::parse(&format!("{text}\nstandaloneTasks: {limit}\n")).map_err(|problems| problems.to_string())
}

fn waiting(report: &Report) -> String {
    report.waiting.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn cut_off(report: &Report) -> String {
    let notes: Vec<&str> =
        report.notes.iter().map(String::as_str).filter(|note| note.contains("of no service")).collect();
    notes.join("\n")
}

/// What is there in the evening of what such a task may need.
fn needed(world: &World) -> (usize, bool) {
    let seen = world.seen();
    let gateways = seen.nat_gateways.values().filter(|found| found.ready().is_some()).count();
    let runs =
        |found: &Seen<ObservedDatabase>| found.present().is_some_and(|one| one.status == DatabaseStatus::AVAILABLE);
    (gateways, seen.databases.values().all(runs))
}

#[test]
fn the_blueprint_says_how_long_they_are_waited_for() {
    let limit = |text: &str| limited(text).map(|blueprint| blueprint.tier.standalone_tasks.wait_up_to.to_string());
    assert_eq!(example("portyfoul").tier.standalone_tasks.wait_up_to.to_string(), "30m");
    assert_eq!(limit("{}"), Ok("30m".to_owned()));
    assert_eq!(limit("{ waitUpTo: none }"), Ok("none".to_owned()));
    assert_eq!(limit("{ waitUpTo: 2h }"), Ok("2h".to_owned()));
    for wrong in ["13h", "0s", "1500ms", "forever", "-5m", "30"] {
        let problem = limit(&format!("{{ waitUpTo: {wrong} }}")).expect_err(wrong);
        assert!(problem.contains("standaloneTasks.waitUpTo: "), "{problem}");
    }
    check(
        limit("{ waitUpTo: forever }").expect_err("no limit"),
        expect![
            "line 66: standaloneTasks.waitUpTo: `forever` is not one of none, or a duration such as 30m, up to 12h"
        ],
    );
}

#[test]
fn a_plan_names_them_before_a_nat_gateway_goes() {
    let blueprint = example("portyfoul");
    let mut seen = by_day(&blueprint);
    let task = |name: &str| StandaloneTask { task_definition: name.to_owned(), id: name.to_owned() };
    seen.standalone_tasks = Some(Seen::Ready([task("report:7"), task("migrate:3")].into()));
    let plan = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Down);
    assert_eq!(plan.end, ForecastEnd::Done);
    let lines = plan.waves.iter().map(|wave| {
        let waits: Vec<String> = wave.waited_for.iter().map(ToString::to_string).collect();
        let actions: Vec<String> = wave.actions.iter().map(ToString::to_string).collect();
        format!("{:>4} {}\n     after {}", wave.after.as_secs(), actions.join("; "), waits.join("; "))
    });
    check(
        lines.collect::<Vec<_>>().join("\n"),
        expect![[r#"
               0 UpdateService service portyfoul-dev-web-service (desired count 0); UpdateService service portyfoul-dev-worker-service (desired count 0)
                 after 
             330 DeleteLoadBalancer load balancer portyfoul-dev-alb
                 after tasks of service portyfoul-dev-web-service to stop (2 left); tasks of service portyfoul-dev-worker-service to stop (1 left); targets of portyfoul-dev-web-tg to drain (2 left)
            1800 DeleteNatGateway NAT gateway nat (nat-0f01000000000001a); StopDBInstance database main (portyfoul-dev)
                 after tasks of no service to end: migrate:3, report:7 (30m at most)"#]],
    );
}

#[test]
fn what_they_need_stays_for_them_up_to_the_limit() {
    let world = World::known(example("portyfoul"));
    let before = world.configuration();
    world.run_tasks(&["report:7"]);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::InProgress, "{report}");
    check(waiting(&report), expect!["tasks of no service to end: report:7 (30m at most)"]);
    assert!(world.seen().load_balancers.values().all(|found| *found == Seen::Absent), "it needs no load balancer");
    assert_eq!((needed(&world), cut_off(&report)), ((1, true), String::new()));

    // The evening began at the first run, whichever ticks go on with it.
    let mut last = report;
    for _ in 0..5 {
        world.pass(TICK);
        assert_eq!(needed(&world), (1, true));
        last = world.tick();
    }
    assert_eq!(last.outcome, Outcome::Converged, "{last}");
    check(
        cut_off(&last),
        expect![[r#"
            NAT gateway nat is deleted while tasks of no service still run: report:7
            database main is stopped while tasks of no service still run: report:7"#]],
    );
    world.assert_down();
    world.assert_unchanged();
    world.run_tasks(&[]);
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
}

#[test]
fn when_they_end_the_next_tick_goes_on_and_nothing_is_cut_off() {
    let world = World::known(example("portyfoul"));
    world.run_tasks(&["report:7", "report:8"]);
    world.at(EVENING).scheduled(Target::Down);
    world.pass(TICK);
    world.run_tasks(&[]);
    let report = world.tick();
    assert_eq!((report.outcome, cut_off(&report)), (Outcome::Converged, String::new()), "{report}");
    world.assert_down();
}

#[test]
fn with_none_nobody_waits_and_the_run_says_what_it_cut_off() {
    let world = World::known(limited("{ waitUpTo: none }").expect("a blueprint"));
    world.run_tasks(&["a:1", "b:1", "c:1", "d:1", "e:1", "f:1", "g:1"]);
    let report = world.at(EVENING).stop();
    check(
        cut_off(&report),
        expect![[r#"
            NAT gateway nat is deleted while tasks of no service still run: a:1, b:1, c:1, d:1, e:1, 2 more
            database main is stopped while tasks of no service still run: a:1, b:1, c:1, d:1, e:1, 2 more"#]],
    );
}

#[test]
fn the_limit_is_counted_though_there_was_nothing_to_do_before() {
    let mut blueprint = example("portyfoul");
    let tier = &mut blueprint.tier;
    (tier.services, tier.dns_records, tier.load_balancers) = Default::default();
    let world = World::known(blueprint);
    world.run_tasks(&["report:7"]);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!((report.outcome, world.performed()), (Outcome::InProgress, Vec::new()), "{report}");
    world.at(NIGHT).tick_until_unchanged();
    world.assert_down();
    world.at(MORNING).start();
}

#[test]
fn a_run_that_dies_is_no_reason_to_wait_longer() {
    for number in 1..30 {
        let world = World::known(example("portyfoul"));
        world.run_tasks(&["report:7"]);
        let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
        let was_cut = world.run_cut(&request, Cut::After(number)).is_none();
        world.pass(Duration::from_secs(29 * 60));
        // Most of the evening is done within a minute of the limit.
        world.tick();
        world.pass(TICK);
        world.tick_until_unchanged();
        world.assert_down();
        assert!(world.state().history.iter().all(|run| run.outcome != Outcome::Failed));
        if !was_cut {
            assert!(number > 5, "only {number} changes were cut");
            return;
        }
    }
    panic!("the cuts do not come to an end");
}

#[test]
fn a_morning_that_comes_before_the_limit_finds_the_nat_gateway_it_had() {
    let world = World::known(limited("{ waitUpTo: 12h }").expect("a blueprint"));
    let nat_gateways = world.seen().nat_gateways;
    world.run_tasks(&["report:7"]);
    assert_eq!(world.at(EVENING).scheduled(Target::Down).outcome, Outcome::InProgress);
    world.at(MORNING).start();
    assert_eq!(world.seen().nat_gateways, nat_gateways);
    world.assert_unchanged();
    world.at(NEXT_EVENING).scheduled(Target::Down);
    assert_eq!(needed(&world), (1, true), "each evening waits anew");
}

#[test]
fn what_could_not_be_listed_is_not_taken_for_none() {
    let world = World::known(example("portyfoul"));
    world.blind(Part::StandaloneTasks, Retry::Later);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!((report.outcome, needed(&world)), (Outcome::Failed, (1, true)), "{report}");
    world.see_again();
    world.pass(TICK);
    world.tick_until_unchanged();
    world.assert_down();
}

#[test]
fn by_day_nobody_looks_at_them() {
    let world = World::known(example("portyfoul"));
    world.run_tasks(&["report:7"]);
    world.looks();
    world.assert_unchanged();
    assert!(world.looks().iter().all(|parts| !parts.contains(&Part::StandaloneTasks)));
}
