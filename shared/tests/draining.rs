//! The grace: services behind load balancers keep running for clients that still know where names led.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use crate::support::environment::by_day;
use crate::support::world::{Cut, EVENING, MORNING, World};
use crate::support::{example, example_text, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::forecast::forecast;
use curfew_core::model::*;
use curfew_core::next::Waiting;
use curfew_core::report::{Outcome, Report};
use expect_test::expect;

fn with_grace(grace: &str) -> Result<Blueprint, String> {
    let text = example_text("platform");
    Blueprint::parse(&format!("{text}\ndraining: {grace}\n")).map_err(|problems| problems.to_string())
}

fn graceful() -> Blueprint {
    with_grace("{ grace: 2m }").expect("it is valid")
}

fn stopped(world: &World) -> Vec<String> {
    let stop = |action: Action| match action {
        Action::UpdateService { name, desired_count: 0, .. } => Some(name.to_string()),
        _ => None,
    };
    world.performed().into_iter().filter_map(stop).collect()
}

#[test]
fn the_blueprint_says_how_long_clients_have() {
    let grace = |text: &str| with_grace(text).map(|blueprint| blueprint.tier.draining.grace.to_string());
    assert_eq!(example("platform").tier.draining.grace.to_string(), "none");
    assert_eq!(grace("{}"), Ok("none".to_owned()));
    assert_eq!(grace("{ grace: 90s }"), Ok("1m 30s".to_owned()));
    expect!["line 154: draining.grace: `soon` is not one of none, or a duration such as 30m, up to 12h"]
        .assert_eq(&grace("{ grace: soon }").expect_err("no duration"));
}

#[test]
fn a_plan_waits_for_the_last_clients_after_the_names_have_moved() {
    let blueprint = graceful();
    let plan = forecast(&blueprint.environment, &blueprint.tier, &by_day(&blueprint), Target::Down);
    let lines = plan.waves.iter().map(|wave| {
        let waits: Vec<String> = wave.waited_for.iter().map(ToString::to_string).collect();
        let actions: Vec<String> = wave.actions.iter().map(ToString::to_string).collect();
        format!("{} s: {}\n  after {}", wave.after.as_secs(), actions.join("; "), waits.join("; "))
    });
    expect![[r#"
        0 s: RegisterScalableTarget auto scaling of service platform-dev-backend (suspended dynamic-scaling-in, dynamic-scaling-out, scheduled-scaling); RegisterScalableTarget auto scaling of service platform-dev-frontend (suspended dynamic-scaling-in, dynamic-scaling-out, scheduled-scaling)
          after 
        0 s: ChangeResourceRecordSets DNS dev.platform.example.com A (parked at 192.0.2.1)
          after 
        120 s: UpdateService service platform-dev-backend (desired count 0); UpdateService service platform-dev-frontend (desired count 0)
          after the last clients of platform-dev-backend, platform-dev-frontend to leave (2m from the beginning)
        450 s: DeleteLoadBalancer load balancer platform-dev-alb; DeleteNatGateway NAT gateway a (nat-day0); DeleteNatGateway NAT gateway b (nat-day1); StopDBInstance database main (platform-dev)
          after tasks of service platform-dev-backend to stop (2 left); tasks of service platform-dev-frontend to stop (2 left); targets of platform-dev-backend to drain (2 left); targets of platform-dev-frontend to drain (2 left)"#]].assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

/// A run's time is over before anything else is.
fn glance(world: &World) -> Report {
    world.hasty(Some(Command::Scheduled(Target::Down)))
}

#[test]
fn services_without_a_load_balancer_stop_at_once_and_the_others_when_the_grace_is_over() {
    let world = World::known(graceful());
    let backend: ServiceName = id("platform-dev-backend");
    world.by_hand(|seen| {
        if let Some(Seen::Ready(found)) = seen.services.get_mut(&backend) {
            found.target_groups.clear();
        }
    });
    let before = world.configuration();
    world.at(EVENING);
    let report = glance(&world);
    assert_eq!(report.outcome, Outcome::InProgress, "{report}");
    let waiting: Vec<String> = report.waiting.iter().map(ToString::to_string).collect();
    expect![[r#"
        the last clients of platform-dev-frontend to leave (2m from the beginning)
        tasks of service platform-dev-backend to stop (2 left)"#]]
    .assert_eq(&waiting.join("\n"));
    assert_eq!(stopped(&world), ["platform-dev-backend"]);
    world.pass(Duration::from_secs(120));
    glance(&world);
    assert_eq!(stopped(&world), ["platform-dev-frontend"]);
    world.tick_until_unchanged();
    world.assert_down();
    world.assert_unchanged();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
}

#[test]
fn one_run_sees_the_grace_through() {
    let world = World::known(graceful());
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::Converged, "{report}");
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn where_no_name_moves_nobody_is_waited_for() {
    let mut blueprint = graceful();
    blueprint.tier.dns_records.values_mut().for_each(|record| record.while_down = RecordWhileDown::Leave);
    let world = World::known(blueprint);
    world.at(EVENING);
    let report = glance(&world);
    assert!(!report.waiting.iter().any(Waiting::has_a_limit), "{report}");
    assert!(stopped(&world).len() > 1);
}

#[test]
fn a_run_that_dies_is_no_reason_to_wait_longer() {
    for number in 1..30 {
        let world = World::known(graceful());
        let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
        let was_cut = world.run_cut(&request, Cut::After(number)).is_none();
        world.pass(Duration::from_secs(300));
        world.tick_until_unchanged();
        world.assert_down();
        world.assert_unchanged();
        if !was_cut {
            assert!(number > 5, "only {number} changes were cut");
            return;
        }
    }
    panic!("the cuts do not come to an end");
}
