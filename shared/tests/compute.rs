//! EC2 instances and Auto Scaling groups: stopped when no task is left, started first thing, each as it was in the evening.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::environment::{by_day, by_night};
use crate::support::world::{EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, NIGHT, Refusal, World, error};
use crate::support::{example_text, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::forecast::{durations, forecast};
use curfew_core::merge::merge;
use curfew_core::model::*;
use curfew_core::money::{Prices, hourly};
use curfew_core::next::{Step, Waiting, next};
use curfew_core::recording::{Recording, capture};
use curfew_core::report::Outcome;
use curfew_core::safety::reasons;
use curfew_core::state::State;
use expect_test::{Expect, expect};

const COMPUTE: &str = "
instances:
  jump:
    id: i-0a1b2c3d4e5f60718
autoScalingGroups:
  workers:
    name: workers-dev
    capacity: { min: 1, desired: 2, max: 4 }
";

/// durable, with an instance and a group.
fn blueprint() -> Blueprint {
    Blueprint::parse(&(example_text("durable") + COMPUTE)).expect("a blueprint")
}

fn jump() -> LogicalName {
    id("jump")
}

fn workers() -> LogicalName {
    id("workers")
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

fn instance(seen: &Observation) -> ObservedInstance {
    seen.instances[&jump()].present().expect("it is there").clone()
}

fn group(seen: &Observation) -> ObservedAutoScalingGroup {
    seen.auto_scaling_groups[&workers()].present().expect("it is there").clone()
}

fn set_state(seen: &mut Observation, state: InstanceState) {
    let found = instance(seen);
    seen.instances.insert(jump(), ObservedInstance { state, ..found }.into());
}

fn set_group(seen: &mut Observation, capacity: (u32, u32, u32), instances: (u32, u32)) {
    let found = group(seen);
    let capacity = GroupCapacity { min: capacity.0, desired: capacity.1, max: capacity.2 };
    let instances = GroupInstances { in_service: instances.0, moving: instances.1 };
    seen.auto_scaling_groups.insert(workers(), ObservedAutoScalingGroup { capacity, instances, ..found }.into());
}

fn capacity(world: &World) -> GroupCapacity {
    group(&world.seen()).capacity
}

fn state(world: &World) -> InstanceState {
    instance(&world.seen()).state
}

fn performed(world: &World) -> String {
    let all = world.performed().into_iter().map(|action| action.to_string());
    all.filter(|text| text.contains("jump") || text.contains("workers")).collect::<Vec<_>>().join("\n")
}

fn check(actual: impl AsRef<str>, expected: Expect) {
    expected.assert_eq(actual.as_ref());
}

#[test]
fn they_stop_when_the_last_task_is_gone_and_start_at_once() {
    let blueprint = blueprint();
    let down = forecast(&blueprint.environment, &blueprint.tier, &by_day(&blueprint), Target::Down);
    let up = forecast(&blueprint.environment, &blueprint.tier, &by_night(&blueprint), Target::Up);
    let when = |waves: &[curfew_core::forecast::Wave], what: &str| {
        let with = |wave: &&curfew_core::forecast::Wave| wave.actions.iter().any(|one| one.to_string().contains(what));
        waves.iter().find(with).unwrap_or_else(|| panic!("{what} is never done")).after
    };
    for what in
        ["StopInstances instance jump", "UpdateAutoScalingGroup Auto Scaling group workers (0 instances, 0 to 4)"]
    {
        assert_eq!(when(&down.waves, what), durations::DRAIN + durations::TASK_STOP, "{what}");
    }
    for what in
        ["StartInstances instance jump", "UpdateAutoScalingGroup Auto Scaling group workers (2 instances, 1 to 4)"]
    {
        assert_eq!(when(&up.waves, what), std::time::Duration::ZERO, "{what}");
    }
}

#[test]
fn each_state_of_an_instance_is_waited_for_or_acted_on() {
    let blueprint = blueprint();
    let mut table = String::new();
    for word in ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"] {
        let of = |target| {
            let mut seen = if target == Target::Up { by_day(&blueprint) } else { by_night(&blueprint) };
            set_state(&mut seen, InstanceState::read(word).expect("a state"));
            said(step(&blueprint, &seen, target)).join("; ")
        };
        table.push_str(&format!("{word}\n  down: {}\n  up:   {}\n", of(Target::Down), of(Target::Up)));
    }
    check(
        table,
        expect![[r#"
        pending
          down: wait for instance jump to be stopped (pending)
          up:   wait for instance jump to run (pending)
        running
          down: StopInstances instance jump (i-0a1b2c3d4e5f60718)
          up:   
        stopping
          down: wait for instance jump to be stopped (stopping)
          up:   wait for instance jump to be stopped (stopping)
        stopped
          down: 
          up:   StartInstances instance jump (i-0a1b2c3d4e5f60718)
        shutting-down
          down: 
          up:   instance jump is being terminated, and not by Curfew; name another one, or take it out of the blueprint
        terminated
          down: instance jump does not exist; correct its `id`, or take it out of the blueprint
          up:   instance jump does not exist; correct its `id`, or take it out of the blueprint
    "#]],
    );
}

#[test]
fn each_capacity_of_a_group_is_waited_for_or_acted_on() {
    let blueprint = blueprint();
    let mut table = String::new();
    for (capacity, instances) in [
        ((1, 2, 4), (2, 0)),
        ((1, 2, 4), (1, 1)),
        ((0, 0, 4), (0, 2)),
        ((0, 0, 4), (0, 0)),
        ((0, 3, 6), (3, 0)),
        ((0, 0, 6), (0, 0)),
    ] {
        let of = |target| {
            let mut seen = if target == Target::Up { by_day(&blueprint) } else { by_night(&blueprint) };
            set_group(&mut seen, capacity, instances);
            said(step(&blueprint, &seen, target)).join("; ")
        };
        table.push_str(&format!(
            "{capacity:?} {instances:?}\n  down: {}\n  up:   {}\n",
            of(Target::Down),
            of(Target::Up)
        ));
    }
    check(
        table,
        expect![[r#"
        (1, 2, 4) (2, 0)
          down: UpdateAutoScalingGroup Auto Scaling group workers (0 instances, 0 to 4)
          up:   
        (1, 2, 4) (1, 1)
          down: UpdateAutoScalingGroup Auto Scaling group workers (0 instances, 0 to 4)
          up:   wait for instances of Auto Scaling group workers (1 of 2 in service)
        (0, 0, 4) (0, 2)
          down: wait for instances of Auto Scaling group workers to be terminated (2 left)
          up:   UpdateAutoScalingGroup Auto Scaling group workers (2 instances, 1 to 4)
        (0, 0, 4) (0, 0)
          down: 
          up:   UpdateAutoScalingGroup Auto Scaling group workers (2 instances, 1 to 4)
        (0, 3, 6) (3, 0)
          down: UpdateAutoScalingGroup Auto Scaling group workers (0 instances, 0 to 6)
          up:   
        (0, 0, 6) (0, 0)
          down: 
          up:   UpdateAutoScalingGroup Auto Scaling group workers (2 instances, 1 to 4)
    "#]],
    );
}

#[test]
fn by_day_a_tick_does_not_sit_and_wait_for_them() {
    let blueprint = blueprint();
    let mut seen = by_day(&blueprint);
    set_state(&mut seen, InstanceState::Pending);
    set_group(&mut seen, (1, 2, 4), (1, 1));
    let Step::Wait { on, .. } = step(&blueprint, &seen, Target::Up) else { panic!("it is said") };
    assert!(on.len() == 2 && on.iter().all(Waiting::is_readiness), "{on:?}");
}

#[test]
fn what_could_not_come_back_is_refused_before_anything_is_touched() {
    let blueprint = blueprint();
    let mut seen = by_day(&blueprint);
    let (found, there) = (instance(&seen), group(&seen));
    let unsupported = vec!["it is a spot instance".to_owned()];
    seen.instances.insert(jump(), ObservedInstance { unsupported, ..found }.into());
    let unsupported = vec!["it has a warm pool".to_owned()];
    seen.auto_scaling_groups.insert(workers(), ObservedAutoScalingGroup { unsupported, ..there }.into());
    assert!(reasons(&blueprint.tier, &seen, Target::Up).is_empty(), "on the way up it does no harm");
    check(
        said(step(&blueprint, &seen, Target::Down)).join("\n"),
        expect![[r#"
            Auto Scaling group workers cannot be stopped: it has a warm pool; change that, or let it run at night: take it out of the blueprint
            instance jump cannot be stopped: it is a spot instance; change that, or let it run at night: take it out of the blueprint"#]],
    );
}

#[test]
fn what_is_another_environments_or_gone_is_told_and_not_touched() {
    let blueprint = blueprint();
    let mut seen = by_day(&blueprint);
    let tags = Tags::from([(ENVIRONMENT_TAG.to_owned(), "staging".to_owned())]);
    let (found, there) = (instance(&seen), group(&seen));
    let (one, other) = (found.ownership.id().clone(), there.ownership.id().clone());
    let ownership = Ownership::prove(&blueprint.environment, one.clone(), &tags, Some(&one));
    seen.instances.insert(jump(), ObservedInstance { ownership, ..found }.into());
    let ownership = Ownership::prove(&blueprint.environment, other.clone(), &tags, Some(&other));
    seen.auto_scaling_groups.insert(workers(), ObservedAutoScalingGroup { ownership, ..there }.into());
    let foreign = said(step(&blueprint, &seen, Target::Down)).join("\n");
    assert_eq!(said(step(&blueprint, &seen, Target::Up)).join("\n"), foreign);
    seen.instances.insert(jump(), Seen::Absent);
    seen.auto_scaling_groups.insert(workers(), Seen::Absent);
    let gone = said(step(&blueprint, &seen, Target::Down)).join("\n");
    check(
        foreign + "\n" + &gone,
        expect![[r#"
            Auto Scaling group workers (workers-dev) belongs to the environment staging; give one of the two another name or place, or take it out of one of the blueprints
            instance jump (i-0a1b2c3d4e5f60718) belongs to the environment staging; give one of the two another name or place, or take it out of one of the blueprints
            ChangeResourceRecordSets DNS dev.durable.example.com A (parked at 192.0.2.1)"#]],
    );
}

#[test]
fn what_could_not_be_observed_is_left_alone() {
    for part in [Part::Instances, Part::AutoScalingGroups] {
        let world = World::known(blueprint());
        world.blind(part, Retry::Later);
        let report = world.at(EVENING).scheduled(Target::Down);
        assert_eq!((report.outcome, world.performed()), (Outcome::Failed, Vec::new()), "{report}");
    }
}

#[test]
fn a_night_and_a_morning_leave_them_as_they_were() {
    let world = World::known(blueprint());
    world.by_hand(|seen| set_group(seen, (2, 3, 5), (3, 0)));
    world.assert_unchanged();
    world.at(EVENING).stop();
    check(
        performed(&world),
        expect![[r#"
        StopInstances instance jump (i-0a1b2c3d4e5f60718)
        UpdateAutoScalingGroup Auto Scaling group workers (0 instances, 0 to 5)"#]],
    );
    assert_eq!(
        (state(&world), capacity(&world)),
        (InstanceState::Stopped, GroupCapacity { min: 0, desired: 0, max: 5 })
    );
    world.assert_unchanged();
    world.at(MORNING).start();
    check(
        performed(&world),
        expect![[r#"
        StartInstances instance jump (i-0a1b2c3d4e5f60718)
        UpdateAutoScalingGroup Auto Scaling group workers (3 instances, 2 to 5)"#]],
    );
    assert_eq!(
        (state(&world), capacity(&world)),
        (InstanceState::Running, GroupCapacity { min: 2, desired: 3, max: 5 })
    );
    world.assert_unchanged();
}

#[test]
fn what_a_person_stopped_by_day_stays_so_until_they_start_it() {
    let world = World::known(blueprint());
    world.by_hand(|seen| {
        set_state(seen, InstanceState::Stopped);
        set_group(seen, (0, 0, 4), (0, 0));
    });
    world.assert_unchanged();
    let evening = world.at(EVENING).stop();
    assert!(evening.notes.iter().any(|note| note.contains("instance jump is stopped already")), "{evening}");
    let morning = world.at(MORNING).start();
    assert!(morning.notes.iter().any(|note| note.contains("it is left stopped")), "{morning}");
    assert_eq!(performed(&world), "");
    world.by_hand(|seen| {
        set_state(seen, InstanceState::Running);
        set_group(seen, (0, 1, 4), (1, 0));
    });
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(
        (state(&world), capacity(&world)),
        (InstanceState::Running, GroupCapacity { min: 0, desired: 1, max: 4 })
    );
}

#[test]
fn what_a_person_or_a_policy_starts_at_night_is_stopped_again() {
    let world = World::known(blueprint());
    world.at(EVENING).stop();
    world.changes();
    world.by_hand(|seen| {
        set_state(seen, InstanceState::Running);
        set_group(seen, (0, 1, 4), (1, 0));
    });
    world.at(NIGHT).tick();
    check(
        performed(&world),
        expect![[r#"
        StopInstances instance jump (i-0a1b2c3d4e5f60718)
        UpdateAutoScalingGroup Auto Scaling group workers (0 instances, 0 to 4)"#]],
    );
    world.assert_unchanged();
    world.at(MORNING).start();
    assert_eq!(capacity(&world), GroupCapacity { min: 1, desired: 2, max: 4 }, "the evening's counts");
}

#[test]
fn no_capacity_is_left_to_the_next_run_and_holds_up_nothing() {
    let world = World::known(blueprint());
    world.at(EVENING).stop();
    let none = error("InsufficientInstanceCapacity", Retry::NextRun);
    world.refuse(Refusal { call: "StartInstances", error: none, times: 1, works: false });
    let report = world.at(MORNING).scheduled(Target::Up);
    let waiting: Vec<String> = report.waiting.iter().map(ToString::to_string).collect();
    check(waiting.join("\n"), expect!["another run to start instance jump (InsufficientInstanceCapacity: no)"]);
    assert_eq!(report.outcome, Outcome::InProgress, "{report}");
    world.assert_up();
    world.tick_until_unchanged();
    assert_eq!(state(&world), InstanceState::Running);
}

#[test]
fn a_lost_state_leaves_nothing_asleep() {
    let world = World::known(blueprint());
    world.at(EVENING).stop();
    world.edit_state(|state| *state = State::default());
    world.at(MORNING).start();
    assert_eq!(
        (state(&world), capacity(&world)),
        (InstanceState::Running, GroupCapacity { min: 1, desired: 2, max: 4 })
    );
}

#[test]
fn an_address_that_passes_is_told_before_it_does() {
    let world = World::known(blueprint());
    world.by_hand(|seen| {
        let found = instance(seen);
        let passing_address = Some("198.51.100.7".parse().expect("an address"));
        seen.instances.insert(jump(), ObservedInstance { passing_address, ..found }.into());
    });
    let report = world.at(EVENING).stop();
    check(
        report.notes.join("\n"),
        expect![
            "instance jump loses its public address 198.51.100.7 when it stops and has another one in the morning; an elastic IP would stay"
        ],
    );
}

#[test]
fn the_blueprints_edits_count_and_a_recording_can_be_read_back() {
    let blueprint = blueprint();
    let mut seen = by_day(&blueprint);
    set_state(&mut seen, InstanceState::Stopped);
    set_group(&mut seen, (0, 4, 4), (4, 0));
    let recorded = capture(&blueprint.tier, &seen);
    assert_eq!(merge(&blueprint.tier, &blueprint.tier, &recorded), recorded);
    let mut edited = blueprint.tier.clone();
    edited.instances.get_mut(&jump()).expect("it is there").while_up = InstanceWhileUp::Stopped;
    let capacity = GroupCapacity { min: 0, desired: 1, max: 1 };
    edited.auto_scaling_groups.get_mut(&workers()).expect("it is there").capacity = capacity;
    let merged = merge(&edited, &blueprint.tier, &recorded);
    assert_eq!(merged.auto_scaling_groups[&workers()].capacity, capacity);
    assert_eq!(merged.instances[&jump()].while_up, InstanceWhileUp::Stopped);

    let world = World::known(blueprint.clone());
    world.by_hand(|there| set_group(there, (0, 4, 4), (4, 0)));
    world.at(EVENING).stop();
    let recording: Recording = world.recording();
    assert_eq!(recording.observed.auto_scaling_groups[&workers()].capacity.desired, 4);
    assert_eq!(recording.declared.auto_scaling_groups, blueprint.tier.auto_scaling_groups);
}

#[test]
fn they_are_said_not_to_be_counted() {
    let blueprint = blueprint();
    let cost = hourly(&blueprint.tier, &Prices::of(&blueprint.region).expect("prices"));
    assert_eq!(cost.compute_not_counted, [jump(), workers()]);
}

#[test]
fn mistakes_are_all_told() {
    let text = example_text("durable")
        + "
instances:
  jump: { id: 0a1b2c3d }
  other: { id: i-0a1b2c3d, whileUp: sleeping }
autoScalingGroups:
  workers: { name: 'workers:dev', capacity: { min: 1, desired: 2 } }
";
    let shape = Blueprint::parse(&text).expect_err("four mistakes").to_string();
    let text = example_text("durable")
        + "
instances:
  jump: { id: i-0a1b2c3d }
  other: { id: i-0a1b2c3d }
autoScalingGroups:
  workers: { name: workers-dev, capacity: { min: 3, desired: 2, max: 4 } }
  others: { name: workers-dev, capacity: { min: 0, desired: 0, max: 0 } }
";
    let sense = Blueprint::parse(&text).expect_err("three mistakes").to_string();
    check(
        shape + "\n" + &sense,
        expect![[r#"
        line 85: instances.jump.id: `0a1b2c3d` is not an instance's id (i-…)
        line 86: instances.other.whileUp: `sleeping` is not one of running, stopped
        line 88: autoScalingGroups.workers.name: `workers:dev` is not an Auto Scaling group's name (at most 255 printable characters, none of them : and none a space at an end)
        line 88: autoScalingGroups.workers.capacity: the field `max` is missing
        line 86: instances.other.id: the instance i-0a1b2c3d already belongs to another name
        line 88: autoScalingGroups.workers.name: the Auto Scaling group workers-dev already belongs to another name
        line 88: autoScalingGroups.workers.capacity: `desired` is at least `min` and at most `max`"#]],
    );
}

#[test]
fn services_wait_for_an_instance_that_routes_lead_through() {
    let blueprint = blueprint();
    let mut seen = by_day(&blueprint);
    for found in seen.services.values_mut() {
        let Seen::Ready(service) = found else { panic!("a service") };
        service.configuration.desired_count = 0;
        service.tasks = TaskCounts::default();
    }
    let starts = |seen: &Observation| {
        said(step(&blueprint, seen, Target::Up)).iter().any(|line| line.starts_with("UpdateService"))
    };
    for state in [InstanceState::Stopped, InstanceState::Stopping, InstanceState::Pending, InstanceState::Running] {
        set_state(&mut seen, state);
        assert!(starts(&seen), "{state}: nobody leaves by it");
        let found = instance(&seen);
        seen.instances.insert(jump(), ObservedInstance { is_way_out: true, ..found.clone() }.into());
        assert_eq!(starts(&seen), state == InstanceState::Running, "{state}");
        // Were it only readiness, the morning would end here, and the evening would record services of no tasks.
        if let Step::Wait { on, .. } = step(&blueprint, &seen, Target::Up) {
            assert!(!on.iter().all(Waiting::is_readiness), "{state}: {on:?}");
        }
        seen.instances.insert(jump(), found.into());
    }
}

#[test]
fn a_way_out_that_is_to_stay_stopped_is_not_waited_for() {
    let mut blueprint = blueprint();
    blueprint.tier.instances.values_mut().for_each(|one| one.while_up = InstanceWhileUp::Stopped);
    let mut seen = by_day(&blueprint);
    seen.services.values_mut().for_each(|found| {
        let Seen::Ready(service) = found else { panic!("a service") };
        service.configuration.desired_count = 0;
        service.tasks = TaskCounts::default();
    });
    set_state(&mut seen, InstanceState::Stopped);
    let found = instance(&seen);
    seen.instances.insert(jump(), ObservedInstance { is_way_out: true, ..found }.into());
    assert!(said(step(&blueprint, &seen, Target::Up)).iter().any(|line| line.starts_with("UpdateService")));
}
