//! Runs that are cut off, held up, in each other's way, out of time, or refused: a later run always finishes, nothing is
//! lost, and there is one of everything.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::time::Duration;

use crate::support::world::{Cut, EVENING, MORNING, Refusal, World, error};
use crate::support::{example, id, tiers};
use chrono::TimeDelta;
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::model::*;
use curfew_core::report::Outcome;
use curfew_core::run::run;
use curfew_core::state::Phase;
use futures::FutureExt;

const TICK: Duration = Duration::from_secs(300);

fn blueprints() -> [Blueprint; 5] {
    let [durable, platform, portyfoul] = support::EXAMPLES.map(example);
    [tiers::with_everything_deleted(durable.clone()), tiers::guarded(durable.clone()), durable, platform, portyfoul]
}

fn prepared(blueprint: &Blueprint) -> World {
    let world = World::known(blueprint.clone());
    if blueprint.tier.load_balancers.values().any(|load_balancer| load_balancer.listeners.contains_key(&443)) {
        world.add_rule_by_hand(77);
    }
    world
}

/// Cuts a run before and after each of its changes, until there are no more; says how many there were.
fn cut_everywhere(mut once: impl FnMut(Cut) -> bool) -> usize {
    let mut count = 0;
    while once(Cut::Before(count + 1)) {
        assert!(once(Cut::After(count + 1)), "what is begun is done");
        count += 1;
    }
    count
}

#[test]
fn a_stop_cut_off_before_or_after_any_change_is_finished_by_the_ticks() {
    for blueprint in blueprints() {
        let count = cut_everywhere(|cut| {
            let world = prepared(&blueprint);
            let (before, addresses) = (world.configuration(), world.allocations());
            let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
            let was_cut = world.run_cut(&request, cut).is_none();
            world.pass(TICK);
            world.tick_until_unchanged();
            world.assert_down();
            world.assert_unchanged();
            world.at(MORNING).start();
            assert_eq!(world.configuration(), before, "{cut:?}");
            if !blueprint.tier.addresses.values().any(|address| address.while_down == AddressWhileDown::Release) {
                assert_eq!(world.allocations(), addresses, "{cut:?}");
            }
            was_cut
        });
        assert!(count >= 7, "only {count} changes were cut");
    }
}

#[test]
fn a_start_cut_off_before_or_after_any_change_is_finished_by_the_ticks() {
    for blueprint in blueprints() {
        let count = cut_everywhere(|cut| {
            let world = prepared(&blueprint);
            let before = world.configuration();
            world.at(EVENING).stop();
            let request = world.at(MORNING).request(Some(Command::Scheduled(Target::Up)));
            let was_cut = world.run_cut(&request, cut).is_none();
            world.pass(TICK);
            world.tick_until_unchanged();
            world.assert_up();
            assert_eq!(world.configuration(), before, "{cut:?}");
            world.assert_unchanged();
            was_cut
        });
        assert!(count >= 8, "only {count} changes were cut");
    }
}

#[test]
fn a_start_cut_off_and_followed_by_the_evening_loses_nothing() {
    let blueprint = example("platform");
    cut_everywhere(|cut| {
        let world = prepared(&blueprint);
        let before = world.configuration();
        world.at(EVENING).stop();
        let request = world.at(MORNING).request(Some(Command::Scheduled(Target::Up)));
        let was_cut = world.run_cut(&request, cut).is_none();
        world.at(support::world::NEXT_EVENING).tick_until_unchanged();
        world.assert_down();
        world.at(support::world::NEXT_MORNING).start();
        assert_eq!(world.configuration(), before, "{cut:?}");
        world.assert_unchanged();
        was_cut
    });
}

#[test]
fn of_two_runs_at_once_the_second_says_who_holds_the_environment_and_touches_nothing() {
    let world = prepared(&example("durable"));
    let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
    world.arm(Cut::Hold(4));
    let mut first = Box::pin(run(&world, &request));
    assert!((&mut first).now_or_never().is_none(), "it is held up");
    world.changes();
    let second = world.tick();
    assert_eq!(second.outcome, Outcome::Busy);
    let said = "the schedule's stop works on it since 01:00:00 UTC (run run-2), until 01:02:00 UTC at the latest; \
                nothing was touched";
    assert_eq!(second.message, said);
    assert_eq!(world.changes(), []);
    world.let_go();
    assert_eq!((&mut first).now_or_never().map(|report| report.outcome), Some(Outcome::Converged));
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn of_two_runs_that_begin_at_once_one_takes_the_lease() {
    let world = prepared(&example("durable"));
    let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
    world.arm(Cut::Hold(1));
    let mut first = Box::pin(run(&world, &request));
    assert!((&mut first).now_or_never().is_none(), "it is about to take the lease");
    world.stop();
    world.changes();
    world.let_go();
    let report = (&mut first).now_or_never().expect("it ends");
    assert_eq!(
        (report.outcome, report.message.as_str()),
        (Outcome::Busy, "another run was faster; nothing was touched")
    );
    assert_eq!(world.changes(), []);
    world.assert_unchanged();
}

#[test]
fn a_write_that_was_repeated_is_not_taken_for_another_runs() {
    let world = prepared(&example("durable"));
    world.at(EVENING).repeat_write("dev/state.json");
    world.stop();
    world.assert_unchanged();
}

#[test]
fn a_run_that_wakes_after_its_lease_ran_out_does_nothing_more() {
    let world = prepared(&example("durable"));
    let before = world.configuration();
    let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
    world.arm(Cut::Hold(4));
    let mut first = Box::pin(run(&world, &request));
    assert!((&mut first).now_or_never().is_none(), "it is held up in its first action");
    world.pass(TICK);
    world.stop();
    world.changes();
    world.let_go();
    let report = (&mut first).now_or_never().expect("it ends");
    assert_eq!(report.outcome, Outcome::InProgress, "{report}");
    assert_eq!(world.performed().len(), 1, "only the action it was in");
    world.assert_unchanged();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
}

#[test]
fn a_run_that_meets_its_deadline_is_in_progress_and_the_tick_finishes_it() {
    for (instant, target) in [(EVENING, Target::Down), (MORNING, Target::Up)] {
        let world = prepared(&example("platform"));
        let before = world.configuration();
        if target == Target::Up {
            world.at(EVENING).stop();
        }
        let mut request = world.at(instant).request(Some(Command::Scheduled(target)));
        request.deadline = support::at(instant) + TimeDelta::seconds(80);
        let report = world.run(&request);
        assert_eq!(report.outcome, Outcome::InProgress);
        assert!(report.ended_at < request.deadline, "it ends in time");
        assert!(!report.waiting.is_empty(), "it says what it waits for");
        assert_eq!(world.state().lease, None, "the tick need not wait for a lease");
        assert_eq!(world.tick().outcome, Outcome::Converged);
        assert_eq!(world.state().moving_since, None);
        match target {
            Target::Up => assert_eq!(world.configuration(), before),
            Target::Down => world.assert_down(),
        }
        world.assert_unchanged();
    }
}

#[test]
fn a_state_that_cannot_be_read_touches_nothing() {
    for document in ["dev/state.json", "dev/recording.json"] {
        let world = prepared(&example("durable"));
        world.at(EVENING).stop();
        world.write(document, "{ not json");
        world.changes();
        let report = world.at(MORNING).scheduled(Target::Up);
        assert_eq!(report.outcome, Outcome::Blocked);
        assert!(report.message.contains(&format!("{document} cannot be read")), "{report}");
        assert_eq!(world.performed(), []);
        world.assert_down();
    }
}

/// Every call that a night and a morning make.
const CALLS: [&str; 17] = [
    "AllocateAddress",
    "ReleaseAddress",
    "CreateNatGateway",
    "DeleteNatGateway",
    "ReplaceRoute",
    "CreateLoadBalancer",
    "ModifyLoadBalancerAttributes",
    "AssociateWebACL",
    "DeleteLoadBalancer",
    "CreateListener",
    "ModifyListenerAttributes",
    "AddListenerCertificates",
    "CreateRule",
    "ChangeResourceRecordSets",
    "UpdateService",
    "CreateService",
    "DeleteService",
];

fn refused(call: &'static str, retry: Retry, times: u32, works: bool) -> World {
    let world = prepared(&tiers::guarded(tiers::with_everything_deleted(example("platform"))));
    world.refuse(Refusal { call, error: error("Throttling", retry), times, works });
    world
}

#[test]
fn a_throttled_call_is_tried_again_by_the_same_run() {
    for call in CALLS {
        let world = refused(call, Retry::Later, 3, false);
        let before = world.configuration();
        let evening = world.at(EVENING).stop();
        let morning = world.at(MORNING).start();
        assert_eq!(world.configuration(), before, "{call}");
        let notes = [evening.notes, morning.notes].concat();
        assert!(notes.iter().any(|note| note.contains(call) && note.contains("was tried again")), "{call}: {notes:?}");
        world.assert_unchanged();
    }
}

#[test]
fn a_call_that_works_but_answers_with_a_time_out_is_not_done_twice() {
    for call in CALLS {
        let world = refused(call, Retry::Later, 1, true);
        let before = world.configuration();
        world.at(EVENING).stop();
        world.at(MORNING).start();
        assert_eq!(world.configuration(), before, "{call}");
        world.assert_unchanged();
    }
}

#[test]
fn a_refused_call_fails_the_run_and_a_later_one_finishes_what_it_left() {
    for call in CALLS {
        let world = refused(call, Retry::Never, 1, false);
        let before = world.configuration();
        let evening = world.at(EVENING).scheduled(Target::Down);
        world.tick_until_unchanged();
        world.assert_down();
        let morning = world.at(MORNING).scheduled(Target::Up);
        let failed: Vec<_> = [evening, morning].into_iter().filter(|r| r.outcome == Outcome::Failed).collect();
        assert_eq!(failed.len(), 1, "{call}");
        assert!(failed[0].message.contains(call) && failed[0].message.contains("Throttling"), "{}", failed[0]);
        assert!(failed[0].message.ends_with("what is not done is left as it was"), "{}", failed[0]);
        world.tick_until_unchanged();
        world.assert_up();
        assert_eq!(world.configuration(), before, "{call}");
        world.assert_unchanged();
    }
}

#[test]
fn an_action_whose_effect_stays_invisible_is_not_repeated() {
    let world = prepared(&tiers::with_everything_deleted(example("durable")));
    world.at(EVENING).stop();
    world.freeze(Part::Addresses);
    world.changes();
    let report = world.at(MORNING).scheduled(Target::Up);
    assert_eq!(report.outcome, Outcome::Failed);
    assert!(report.message.contains("its effect cannot be seen"), "{report}");
    let allocated = world.performed().iter().filter(|action| action.name() == "AllocateAddress").count();
    assert_eq!(allocated, 1);
    world.see_again();
    world.tick_until_unchanged();
    world.assert_up();
    world.assert_unchanged();
}

#[test]
fn nothing_is_done_while_anything_cannot_be_observed() {
    let mut blueprint = example("platform");
    let jump = Instance { id: id("i-0a1b2c3d4e5f60718"), while_up: InstanceWhileUp::Running };
    blueprint.tier.instances.insert(id("jump"), jump);
    let capacity = GroupCapacity { min: 1, desired: 2, max: 4 };
    blueprint.tier.auto_scaling_groups.insert(id("workers"), AutoScalingGroup { name: id("workers"), capacity });
    blueprint.tier.vpc_endpoints.insert(id("secrets"), tiers::secrets_endpoint());
    for part in Part::all() {
        for (retry, looks) in [(Retry::Later, 9), (Retry::Never, 1)] {
            let world = prepared(&blueprint);
            world.blind(part.clone(), retry);
            world.looks();
            let report = world.at(EVENING).scheduled(Target::Down);
            assert_eq!(report.outcome, Outcome::Failed, "{part:?}");
            assert!(report.message.contains("could not be observed, so nothing more was touched"), "{report}");
            assert_eq!(world.performed(), [], "{part:?}");
            assert_eq!(world.looks().len(), looks, "{part:?}");
            world.see_again();
            world.pass(TICK);
            world.tick_until_unchanged();
            world.assert_down();
            assert_eq!(world.state().phase, Some(Phase::Down));
            world.assert_unchanged();
        }
    }
}

#[test]
fn what_a_run_is_about_to_make_is_written_down_before_it_asks_for_it() {
    let blueprint = tiers::with_everything_deleted(example("durable"));
    let mut made = 0;
    cut_everywhere(|cut| {
        let world = prepared(&blueprint);
        world.at(EVENING).stop();
        world.changes();
        let request = world.at(MORNING).request(Some(Command::Scheduled(Target::Up)));
        let was_cut = world.run_cut(&request, cut).is_none();
        let state = world.document("dev/state.json").expect("there is a state");
        for mut action in world.performed() {
            let Some(created) = action.created() else { continue };
            let (Created::Address(_, tags)
            | Created::NatGateway(_, tags)
            | Created::VpcEndpoint(_, tags)
            | Created::LoadBalancer(_, tags)) = created;
            assert!(state.contains(&tags[RUN_TAG]), "{cut:?}");
            made += 1;
        }
        was_cut
    });
    assert!(made > 0, "a morning makes something");
}
