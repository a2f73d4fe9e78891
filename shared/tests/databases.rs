//! Databases: stopped when nobody needs them any more, started first thing, never waited for by what does not need them.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use crate::support::environment::{by_day, by_night};
use crate::support::world::{EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, NIGHT, Refusal, World, error};
use crate::support::{example, example_text, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::forecast::{Forecast, durations, forecast};
use curfew_core::merge::merge;
use curfew_core::model::*;
use curfew_core::money::{Prices, hourly};
use curfew_core::next::{Step, Waiting, next};
use curfew_core::recording::capture;
use curfew_core::report::{Outcome, Report};
use curfew_core::safety::reasons;
use curfew_core::state::State;
use expect_test::{Expect, expect};

const WEB: &str = "portyfoul-dev-web-service";
const WORKER: &str = "portyfoul-dev-worker-service";

/// portyfoul, whose web service needs no database.
fn half_needing() -> Blueprint {
    let mut blueprint = example("portyfoul");
    let web = blueprint.tier.services.get_mut(&id::<ServiceName>(WEB)).expect("it is there");
    web.databases = NeededDatabases::These([].into());
    blueprint
}

fn step(blueprint: &Blueprint, seen: &Observation, target: Target) -> Step {
    next(&blueprint.environment, &blueprint.tier, seen, target)
}

fn said(step: Step) -> Vec<String> {
    match step {
        Step::Act(actions) => actions.iter().map(ToString::to_string).collect(),
        Step::Wait { on, .. } => on.iter().map(|waiting| format!("wait for {waiting}")).collect(),
        Step::Done => Vec::new(),
        Step::Blocked(reasons) | Step::Missing(reasons) => reasons.iter().map(ToString::to_string).collect(),
    }
}

fn main() -> LogicalName {
    id("main")
}

fn status(kind: DatabaseKind, word: &str) -> DatabaseStatus {
    DatabaseStatus::read(kind, word).expect("a status of AWS's documentation")
}

fn set(seen: &mut Observation, word: &str) {
    let found = seen.databases[&main()].present().expect("it is there").clone();
    let status = status(DatabaseKind::Instance, word);
    seen.databases.insert(main(), ObservedDatabase { status, ..found }.into());
}

/// All services are at 0.
fn nobody_works(seen: &mut Observation) {
    for found in seen.services.values_mut() {
        let Seen::Ready(service) = found else { panic!("it is there") };
        (service.configuration.desired_count, service.tasks) = (0, TaskCounts::default());
    }
}

fn notes(report: &Report) -> String {
    report.notes.join("\n")
}

fn check(actual: impl AsRef<str>, expected: Expect) {
    expected.assert_eq(actual.as_ref());
}

/// When each action of a forecast is done, in seconds.
fn when(forecast: &Forecast, what: &str) -> Duration {
    let with = |wave: &&curfew_core::forecast::Wave| wave.actions.iter().any(|a| a.to_string().contains(what));
    forecast.waves.iter().find(with).unwrap_or_else(|| panic!("{what} is never done")).after
}

#[test]
fn a_database_that_takes_its_time_holds_up_nothing_that_does_not_need_it() {
    let blueprint = half_needing();
    let up = forecast(&blueprint.environment, &blueprint.tier, &by_night(&blueprint), Target::Up);
    assert_eq!(when(&up, "StartDBInstance"), Duration::ZERO, "at once");
    assert_eq!(when(&up, "CreateNatGateway"), Duration::ZERO);
    assert_eq!(when(&up, "CreateLoadBalancer"), Duration::ZERO);
    assert_eq!(when(&up, &format!("UpdateService service {WEB}")), durations::NAT_GATEWAY_CREATE);
    assert_eq!(when(&up, &format!("UpdateService service {WORKER}")), durations::DATABASE_START);
}

#[test]
fn it_is_stopped_when_the_tasks_that_need_it_are_gone_and_not_before() {
    let blueprint = half_needing();
    let down = forecast(&blueprint.environment, &blueprint.tier, &by_day(&blueprint), Target::Down);
    // The worker has no target group, so it is gone long before the web service has drained.
    assert_eq!(when(&down, "StopDBInstance"), durations::TASK_STOP);
    assert_eq!(when(&down, "DeleteNatGateway"), durations::DRAIN + durations::TASK_STOP);
    let all = forecast(&blueprint.environment, &example("portyfoul").tier, &by_day(&blueprint), Target::Down);
    assert_eq!(when(&all, "StopDBInstance"), durations::DRAIN + durations::TASK_STOP);
}

#[test]
fn each_status_is_waited_for_or_acted_on() {
    let blueprint = example("portyfoul");
    let (mut day, night) = (by_day(&blueprint), by_night(&blueprint));
    nobody_works(&mut day);
    let mut table = String::new();
    for word in ["stopped", "stopping", "starting", "available", "backing-up", "modifying", "storage-full", "deleting"]
    {
        let of = |target| {
            let mut seen = if target == Target::Up { day.clone() } else { night.clone() };
            set(&mut seen, word);
            said(step(&blueprint, &seen, target)).into_iter().find(|line| line.contains("main")).unwrap_or_default()
        };
        table.push_str(&format!("{word}\n  down: {}\n  up:   {}\n", of(Target::Down), of(Target::Up)));
    }
    check(
        table,
        expect![[r#"
            stopped
              down: 
              up:   StartDBInstance database main (portyfoul-dev)
            stopping
              down: wait for database main to be stopped (stopping)
              up:   wait for database main to be stopped (stopping)
            starting
              down: wait for database main to be stopped (starting)
              up:   wait for database main to be available (starting; waited for by portyfoul-dev-web-service, portyfoul-dev-worker-service)
            available
              down: StopDBInstance database main (portyfoul-dev)
              up:   
            backing-up
              down: wait for database main to be stopped (backing-up)
              up:   
            modifying
              down: wait for database main to be stopped (modifying)
              up:   wait for database main to be available (modifying; waited for by portyfoul-dev-web-service, portyfoul-dev-worker-service)
            storage-full
              down: wait for database main to be stopped (storage-full)
              up:   wait for database main to be available (storage-full; waited for by portyfoul-dev-web-service, portyfoul-dev-worker-service)
            deleting
              down: 
              up:   database main is being deleted, and not by Curfew; restore it, or take it out of the blueprint
        "#]],
    );
}

#[test]
fn an_optimization_of_its_storage_keeps_no_service_waiting() {
    let blueprint = example("portyfoul");
    let mut seen = by_day(&blueprint);
    nobody_works(&mut seen);
    set(&mut seen, "storage-optimization");
    let started = said(step(&blueprint, &seen, Target::Up));
    assert_eq!(started.len(), 2, "{started:?}");
    set(&mut seen, "modifying");
    let waits = said(step(&blueprint, &seen, Target::Up));
    check(
        waits.join("\n"),
        expect![
            "wait for database main to be available (modifying; waited for by portyfoul-dev-web-service, portyfoul-dev-worker-service)"
        ],
    );
}

#[test]
fn by_day_what_it_is_busy_with_is_nobodys_business() {
    let blueprint = example("portyfoul");
    for word in ["available", "backing-up", "storage-optimization"] {
        let mut seen = by_day(&blueprint);
        set(&mut seen, word);
        assert_eq!(step(&blueprint, &seen, Target::Up), Step::Done, "{word}");
    }
    let mut seen = by_day(&blueprint);
    set(&mut seen, "maintenance");
    let Step::Wait { on, .. } = step(&blueprint, &seen, Target::Up) else { panic!("it is said") };
    assert!(on.iter().all(Waiting::is_readiness), "a tick does not sit and wait for it: {on:?}");
}

#[test]
fn what_cannot_be_stopped_is_refused_before_anything_is_touched() {
    let blueprint = example("portyfoul");
    let mut seen = by_day(&blueprint);
    let found = seen.databases[&main()].present().expect("it is there").clone();
    let unsupported = vec!["it is a read replica of other".to_owned()];
    seen.databases.insert(main(), ObservedDatabase { unsupported, ..found.clone() }.into());
    assert!(reasons(&blueprint.tier, &seen, Target::Up).is_empty(), "on the way up it does no harm");
    check(
        said(step(&blueprint, &seen, Target::Down)).join("\n"),
        expect![
            "database main cannot be stopped: it is a read replica of other; change that, or let it run at night: take it out of the blueprint"
        ],
    );
    let tags = Tags::from([(ENVIRONMENT_TAG.to_owned(), "staging".to_owned())]);
    let wanted = blueprint.tier.databases[&main()].id();
    let ownership = Ownership::prove(&blueprint.environment, wanted.clone(), &tags, Some(&wanted));
    seen.databases.insert(main(), ObservedDatabase { ownership, ..found }.into());
    for target in [Target::Up, Target::Down] {
        assert!(matches!(step(&blueprint, &seen, target), Step::Blocked(_)), "{target}");
    }
    seen.databases.insert(main(), Seen::Absent);
    assert!(matches!(step(&blueprint, &seen, Target::Down), Step::Act(_)), "the rest goes down");
    assert!(matches!(step(&blueprint, &seen, Target::Up), Step::Missing(_)), "the rest is up");
    check(
        said(step(&blueprint, &seen, Target::Up)).join("\n"),
        expect!["database main does not exist; correct its `type` and `identifier`, or take it out of the blueprint"],
    );
}

#[test]
fn an_unknown_status_is_never_acted_on() {
    let world = World::known(example("portyfoul"));
    world.blind(Part::Databases, Retry::Later);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!((report.outcome, world.performed()), (Outcome::Failed, Vec::new()), "{report}");
}

#[test]
fn what_aws_started_after_seven_days_is_stopped_again_and_said() {
    let world = World::known(example("portyfoul"));
    world.at(EVENING).stop();
    world.changes();
    world.set_database(DatabaseStatus::STARTING);
    let report = world.at(NIGHT).tick();
    assert_eq!(report.outcome, Outcome::Converged, "{report}");
    let performed: Vec<String> = world.performed().iter().map(ToString::to_string).collect();
    assert_eq!(performed, ["StopDBInstance database main (portyfoul-dev)"]);
    check(
        notes(&report),
        expect![
            "database main ran although the environment is down (AWS starts a stopped one by itself after 7 days): it is stopped again"
        ],
    );
    world.assert_unchanged();
    world.at(MORNING).start();
    world.assert_unchanged();
}

#[test]
fn what_a_person_stopped_by_day_stays_stopped_in_the_morning_and_runs_again_when_they_start_it() {
    let world = World::known(example("portyfoul"));
    world.set_database(DatabaseStatus::STOPPED);
    world.assert_unchanged();
    let evening = world.at(EVENING).stop();
    check(
        notes(&evening),
        expect!["database main is stopped already: it is recorded so, and not started in the morning"],
    );
    world.changes();
    let morning = world.at(MORNING).start();
    check(
        notes(&morning),
        expect![[r#"
            database main was stopped before the evening or is declared so (`whileUp: stopped`): it is left stopped, and no service waits for it
            load balancer portyfoul-dev-alb has no DNS record: its clients have to use its new name from now on"#]],
    );
    assert!(!world.performed().iter().any(|action| action.to_string().contains("database")));
    world.assert_unchanged();
    world.set_database(DatabaseStatus::AVAILABLE);
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(world.seen().databases[&main()].present().map(|found| found.status), Some(DatabaseStatus::AVAILABLE));
}

#[test]
fn no_capacity_is_left_to_the_next_run_and_holds_up_nothing_else() {
    let world = World::known(half_needing());
    world.at(EVENING).stop();
    let none = error("InsufficientDBInstanceCapacity", Retry::NextRun);
    world.refuse(Refusal { call: "StartDBInstance", error: none, times: 1, works: false });
    let report = world.at(MORNING).scheduled(Target::Up);
    assert_eq!(report.outcome, Outcome::InProgress, "{report}");
    let waiting: Vec<String> = report.waiting.iter().map(ToString::to_string).collect();
    check(waiting.join("\n"), expect!["another run to start database main (InsufficientDBInstanceCapacity: no)"]);
    let running =
        |name: &str| world.seen().services[&id::<ServiceName>(name)].ready().expect("it is there").tasks.running;
    assert_eq!((running(WEB), running(WORKER)), (2, 0));
    world.tick_until_unchanged();
    world.assert_up();
    assert_eq!(running(WORKER), 1);
}

#[test]
fn what_changed_since_the_look_is_looked_at_again() {
    let world = World::known(example("portyfoul"));
    let race = error("InvalidDBInstanceState", Retry::Later);
    world.refuse(Refusal { call: "StopDBInstance", error: race, times: 2, works: false });
    world.at(EVENING).stop();
    world.assert_unchanged();
}

#[test]
fn a_lost_state_leaves_no_database_stopped() {
    let world = World::known(example("portyfoul"));
    world.at(EVENING).stop();
    world.edit_state(|state| *state = State::default());
    world.at(MORNING).start();
    world.assert_up();
    assert_eq!(world.seen().databases[&main()].present().map(|found| found.status), Some(DatabaseStatus::AVAILABLE));
}

#[test]
fn the_blueprints_edit_of_what_a_morning_does_counts() {
    let blueprint = example("portyfoul");
    let mut seen = by_day(&blueprint);
    set(&mut seen, "stopped");
    let recorded = capture(&blueprint.tier, &seen);
    let while_up = |tier: &RuntimeTier| tier.databases[&main()].while_up;
    assert_eq!(while_up(&recorded), DatabaseWhileUp::Stopped);
    assert_eq!(while_up(&merge(&blueprint.tier, &blueprint.tier, &recorded)), DatabaseWhileUp::Stopped);
    let mut declared = blueprint.tier.clone();
    declared.databases.get_mut(&main()).expect("it is there").while_up = DatabaseWhileUp::Stopped;
    assert_eq!(while_up(&merge(&blueprint.tier, &declared, &recorded)), DatabaseWhileUp::Running);
}

#[test]
fn an_hour_costs_what_the_price_list_says_or_is_not_counted() {
    let blueprint = example("portyfoul");
    let prices = Prices::of(&blueprint.region).expect("prices");
    let of = |size: Option<DatabaseSize>| {
        let mut tier = RuntimeTier { databases: blueprint.tier.databases.clone(), ..RuntimeTier::default() };
        tier.databases.get_mut(&main()).expect("it is there").size = size;
        let cost = hourly(&tier, &prices);
        (cost.up, cost.down, cost.databases_not_counted.len())
    };
    let micro = DatabaseSize { class: id("db.t4g.micro"), engine: "postgres".to_owned(), multi_az: false };
    assert_eq!(of(Some(micro.clone())), (0.016, 0.0, 0));
    assert_eq!(of(Some(DatabaseSize { multi_az: true, ..micro.clone() })), (0.0, 0.0, 1));
    assert_eq!(of(Some(DatabaseSize { class: id("db.r7g.large"), ..micro })), (0.0, 0.0, 1));
    assert_eq!(of(None), (0.0, 0.0, 1));
}

#[test]
fn mistakes_are_all_told() {
    let text = example_text("portyfoul")
        .replace("    singleton: true\n", "    singleton: true\n    databases: [main, mian]\n")
        .replace("    identifier: portyfoul-dev\n", "    identifier: Portyfoul--dev\n")
        .replace("class: db.t4g.micro", "class: t4g.micro");
    let twice = "  second:\n    type: table\n    identifier: portyfoul-dev\n";
    check(
        Blueprint::parse(&(text + twice)).expect_err("four mistakes").to_string(),
        expect![[r#"
        line 56: services.portyfoul-dev-worker-service.databases[1]: there is no database `mian` under `databases`
        line 64: databases.main.identifier: `Portyfoul--dev` is not an identifier of RDS (a-z, 0-9 and -, at most 63 characters, a letter first, no -- and no - at the end)
        line 65: databases.main.size.class: `t4g.micro` is not a DB instance class such as db.t4g.micro
        line 67: databases.second.type: `table` is not one of instance, cluster"#]],
    );
    let twice = example_text("portyfoul") + &twice.replace("table", "instance");
    check(
        Blueprint::parse(&twice).expect_err("one mistake").to_string(),
        expect!["line 67: databases.second.identifier: the instance portyfoul-dev already belongs to another name"],
    );
}

#[test]
fn what_iam_does_not_allow_is_told_with_what_to_set() {
    let denied = |call| Refusal { call, error: error("AccessDenied", Retry::Never), times: 1, works: false };
    let world = World::known(example("portyfoul"));
    world.refuse(denied("StopDBInstance"));
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::Failed, "{report}");
    let remedy = "tag it curfew:environment=dev, or name its ARN in the parameter AdoptedArns of Curfew's stack";
    assert!(report.message.contains(remedy), "{report}");
    // Of what else IAM does not allow, the blueprint's names say nothing.
    let world = World::known(example("portyfoul"));
    world.refuse(denied("DeleteNatGateway"));
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::Failed, "{report}");
    assert!(!report.message.contains("AdoptedArns"), "{report}");
}
