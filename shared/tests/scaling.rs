//! Auto scaling: suspended while the environment sleeps, in the morning as it was, and never a task started at night.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::collections::BTreeSet;

use crate::support::environment::by_day;
use crate::support::world::{Cut, EVENING, MORNING, NIGHT, World};
use crate::support::{example, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::changes::changes;
use curfew_core::decide::Command;
use curfew_core::model::*;
use curfew_core::next::{Step, next};
use curfew_core::report::Outcome;
use curfew_core::run::run;
use expect_test::{Expect, expect};
use futures::FutureExt;

const BACKEND: &str = "platform-dev-backend";
const FRONTEND: &str = "platform-dev-frontend";

fn service<'a>(seen: &'a mut Observation, name: &str) -> &'a mut ObservedService {
    match seen.services.get_mut(&id::<ServiceName>(name)) {
        Some(Seen::Ready(service)) => service,
        other => panic!("{name} is {other:?}"),
    }
}

fn scaling<'a>(seen: &'a mut Observation, name: &str) -> &'a mut Scaling {
    service(seen, name).configuration.scaling.as_mut().expect("it is scaled")
}

fn suspended(world: &World, name: &str) -> BTreeSet<Suspension> {
    scaling(&mut world.seen(), name).suspended.clone()
}

/// What is done to services and their auto scaling, one a line.
fn done(world: &World) -> String {
    let of_services = |action: &Action| match action {
        Action::UpdateService { .. } | Action::RegisterScalableTarget { .. } | Action::PutScalingPolicy { .. } => true,
        other => other.api_call().starts_with("route53:"),
    };
    world.performed().iter().filter(|action| of_services(action)).map(|action| format!("{action}\n")).collect()
}

fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}

#[test]
fn an_evening_suspends_all_scaling_before_anything_else_and_a_morning_resumes_it_last() {
    let world = World::known(example("platform"));
    let before = world.configuration();
    world.at(EVENING).stop();
    check(
        done(&world),
        expect![[r#"
            RegisterScalableTarget auto scaling of service platform-dev-backend (suspended dynamic-scaling-in, dynamic-scaling-out, scheduled-scaling)
            RegisterScalableTarget auto scaling of service platform-dev-frontend (suspended dynamic-scaling-in, dynamic-scaling-out, scheduled-scaling)
            ChangeResourceRecordSets DNS dev.platform.example.com A (parked at 192.0.2.1)
            UpdateService service platform-dev-backend (desired count 0)
            UpdateService service platform-dev-frontend (desired count 0)
        "#]],
    );
    assert_eq!([suspended(&world, BACKEND), suspended(&world, FRONTEND)], [Suspension::all(), Suspension::all()]);
    world.at(MORNING).start();
    check(
        done(&world),
        expect![[r#"
            ChangeResourceRecordSets DNS dev.platform.example.com A (to the load balancer)
            PutScalingPolicy scaling policy requests of service platform-dev-frontend (for load balancer platform-dev-alb)
            PutScalingPolicy scaling policy requests of service platform-dev-backend (for load balancer platform-dev-alb)
            UpdateService service platform-dev-backend (desired count 2)
            UpdateService service platform-dev-frontend (desired count 2)
            RegisterScalableTarget auto scaling of service platform-dev-backend (nothing suspended)
            RegisterScalableTarget auto scaling of service platform-dev-frontend (nothing suspended)
        "#]],
    );
    assert_eq!(world.configuration(), before);
    world.assert_unchanged();
}

#[test]
fn what_a_person_suspended_on_purpose_is_suspended_in_the_morning_and_nothing_else() {
    let chosen: BTreeSet<Suspension> = [Suspension::DynamicScalingIn].into();
    for chosen in [BTreeSet::new(), chosen, Suspension::all()] {
        let world = World::known(example("platform"));
        world.by_hand(|seen| scaling(seen, BACKEND).suspended = chosen.clone());
        let before = world.configuration();
        world.at(EVENING).stop();
        world.at(MORNING).start();
        assert_eq!(suspended(&world, BACKEND), chosen);
        assert_eq!(world.configuration(), before);
        world.assert_unchanged();
    }
}

#[test]
fn an_edit_at_night_of_what_is_suspended_takes_effect_in_the_morning() {
    let mut world = World::known(example("platform"));
    world.at(EVENING).stop();
    let service = world.blueprint.tier.services.get_mut(&id(BACKEND)).expect("it is declared");
    let chosen: BTreeSet<Suspension> = [Suspension::ScheduledScaling].into();
    service.scaling = Some(Scaling { suspended: chosen.clone(), ..Scaling::default() });
    world.at(MORNING).start();
    assert_eq!([suspended(&world, BACKEND), suspended(&world, FRONTEND)], [chosen, BTreeSet::new()]);
}

#[test]
fn without_a_recording_the_blueprint_says_what_is_suspended() {
    let mut blueprint = example("platform");
    let chosen: BTreeSet<Suspension> = [Suspension::DynamicScalingOut].into();
    let declared = |blueprint: &mut Blueprint, name: &str, scaling| {
        blueprint.tier.services.get_mut(&id(name)).expect("it is declared").scaling = scaling;
    };
    let day = by_day(&blueprint);
    let mut night = support::environment::by_night(&blueprint);
    declared(&mut blueprint, BACKEND, Some(Scaling { suspended: chosen.clone(), ..Scaling::default() }));
    declared(&mut blueprint, FRONTEND, None);
    for service in night.services.values_mut() {
        let Seen::Ready(service) = service else { panic!("it is there") };
        service.configuration.desired_count = 2;
        service.load_balancer_policies.clear();
    }
    let registered = |seen: &Observation| -> Vec<(String, BTreeSet<Suspension>)> {
        let Step::Act(actions) = next(&blueprint.environment, &blueprint.tier, seen, Target::Up) else {
            panic!("there is something to do")
        };
        let of = |action| match action {
            Action::RegisterScalableTarget { name, suspended, .. } => Some((name.to_string(), suspended)),
            _ => None,
        };
        actions.into_iter().filter_map(of).collect()
    };
    assert_eq!(registered(&night), [], "somebody started them: there is no way out, and a registration may start more");
    let with_ways_out =
        Observation { services: night.services.clone(), load_balancers: night.load_balancers.clone(), ..day };
    assert_eq!(registered(&with_ways_out), [(BACKEND.to_owned(), chosen), (FRONTEND.to_owned(), BTreeSet::new())]);
}

#[test]
fn an_alarm_that_fires_in_the_middle_of_a_stop_does_not_lift_the_service() {
    // Lease, recording and phase come first. Held before the frontend's suspension, and before its stop.
    for held in [5, 8] {
        let world = World::known(example("platform"));
        let before = world.configuration();
        let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
        world.arm(Cut::Hold(held));
        let mut stop = Box::pin(run(&world, &request));
        assert!((&mut stop).now_or_never().is_none(), "it is held up");
        // Somebody resumes it, and an alarm lifts it at once.
        world.by_hand(|seen| scaling(seen, BACKEND).suspended.clear());
        world.scale_by_hand(BACKEND, 3);
        world.let_go();
        let report = stop.now_or_never().expect("it comes to its end");
        assert_eq!(report.outcome, Outcome::Converged, "held before change {held}: {report}");
        world.assert_down();
        assert_eq!(suspended(&world, BACKEND), Suspension::all(), "held before change {held}");
        world.at(MORNING).start();
        assert_eq!(world.configuration(), before, "held before change {held}");
    }
}

#[test]
fn whoever_resumes_one_at_night_is_undone_at_the_next_tick() {
    let world = World::known(example("platform"));
    let before = world.configuration();
    world.at(EVENING).stop();
    world.changes();
    world.at(NIGHT);
    // As AWS does: to resume is to register, and that moves the count to the minimum.
    world.by_hand(|seen| scaling(seen, FRONTEND).suspended.clear());
    world.scale_by_hand(FRONTEND, 2);
    world.tick_until_unchanged();
    check(
        done(&world),
        expect![[r#"
            RegisterScalableTarget auto scaling of service platform-dev-frontend (suspended dynamic-scaling-in, dynamic-scaling-out, scheduled-scaling)
            UpdateService service platform-dev-frontend (desired count 0)
        "#]],
    );
    world.assert_down();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
}

#[test]
fn a_count_outside_of_the_bounds_comes_back_although_a_registration_moves_it() {
    for count in [0, 1, 9] {
        let world = World::known(example("platform"));
        world.scale_by_hand(BACKEND, count);
        world.at(EVENING).stop();
        world.at(MORNING).tick_until_unchanged();
        assert_eq!(world.desired_count(BACKEND), count);
        assert_eq!(suspended(&world, BACKEND), BTreeSet::new());
        world.assert_unchanged();
    }
}

#[test]
fn a_service_without_auto_scaling_is_none_of_its_business() {
    let world = World::known(example("durable"));
    world.at(EVENING).stop();
    world.at(MORNING).start();
    assert!(!done(&world).contains("ScalableTarget"), "durable scales nothing");
}

#[test]
fn what_could_not_come_back_is_refused_with_the_reason() {
    let blueprint = example("platform");
    let blocked = |change: &dyn Fn(&mut ObservedService)| {
        let mut seen = by_day(&blueprint);
        change(service(&mut seen, FRONTEND));
        let down = next(&blueprint.environment, &blueprint.tier, &seen, Target::Down);
        let up = next(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
        assert!(!matches!(up, Step::Blocked(_)), "on the way up it harms nobody: {up:?}");
        match down {
            Step::Blocked(reasons) | Step::Missing(reasons) => {
                reasons.iter().map(|reason| format!("{reason}\n")).collect()
            }
            other => panic!("it should be blocked, and is {other:?}"),
        }
    };
    let policy = |service: &mut ObservedService, policy| {
        service.load_balancer_policies.insert("requests".to_owned(), policy);
    };
    check(
        blocked(&|service| {
            policy(service, LoadBalancerPolicy::Unsupported("measures something of its own".to_owned()))
        }),
        expect![[r#"
            service platform-dev-frontend could not come back exactly: its scaling policy requests measures something of its own; change that; if it may run at night without what goes, take it out of the blueprint and write `otherUsers: { allow: [service/platform-dev-frontend] }`
        "#]],
    );
    check(
        blocked(&|service| {
            let Some(LoadBalancerPolicy::RequestCount(mut found)) =
                service.load_balancer_policies.get("requests").cloned()
            else {
                panic!("it counts requests")
            };
            found.label = "app/another/1/targetgroup/web/1".parse().expect("a label");
            policy(service, LoadBalancerPolicy::RequestCount(found));
        }),
        expect![[r#"
            service platform-dev-frontend could not come back exactly: its scaling policy requests counts requests of load balancer another, which is not the blueprint's; change that; if it may run at night without what goes, take it out of the blueprint and write `otherUsers: { allow: [service/platform-dev-frontend] }`
        "#]],
    );
    let mut deleted = example("platform");
    deleted.tier.services.get_mut(&id(BACKEND)).expect("it is declared").while_down = ServiceWhileDown::Delete;
    let Step::Blocked(reasons) = next(&deleted.environment, &deleted.tier, &by_day(&deleted), Target::Down) else {
        panic!("it should be blocked")
    };
    check(
        reasons.iter().map(|reason| format!("{reason}\n")).collect(),
        expect![[r#"
            service platform-dev-backend could not come back exactly: it is deleted at night, and its scalable target with its policies would go with it; write `whileDown: scale-to-zero` for it in the blueprint, or deregister its scalable target
        "#]],
    );
}

#[test]
fn what_changed_of_it_by_day_is_told() {
    let world = World::known(example("platform"));
    let before = world.configuration();
    world.by_hand(|seen| {
        let scaling = scaling(seen, BACKEND);
        scaling.bounds = Some(Bounds { minimum: 2, maximum: 8 });
        scaling.suspended.insert(Suspension::DynamicScalingIn);
        scaling.policies.insert("cpu".to_owned(), "CPU at 70".to_owned());
        scaling.policies.insert("memory".to_owned(), "memory at 70".to_owned());
        scaling.scheduled_actions.clear();
        service(seen, FRONTEND).configuration.scaling = None;
    });
    let none = Default::default();
    let told = changes(&before, &world.configuration(), (&none, &none));
    check(
        told.iter().map(|change| format!("{change}\n")).collect(),
        expect![[r#"
            auto scaling of service platform-dev-backend: maximum 6 → 8
            auto scaling of service platform-dev-backend: suspended dynamic-scaling-in was added
            policy cpu of auto scaling of service platform-dev-backend: configuration changed
            policy memory of auto scaling of service platform-dev-backend was added
            scheduled action lunch of auto scaling of service platform-dev-backend was removed
            auto scaling of service platform-dev-frontend was removed
        "#]],
    );
}
