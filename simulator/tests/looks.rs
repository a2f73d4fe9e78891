//! What a look tells may be nothing, or the past: nothing is lost by it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::model::{LoadBalancerName, Part, Target};
use curfew_core::report::Report;
use curfew_sim::environment::{Example, by_day};
use curfew_sim::faults::{Faults, LookFault};
use curfew_sim::invoke::invoke;
use curfew_sim::latency::Draw;
use curfew_sim::laws::Laws;
use curfew_sim::people::{Deed, Done};
use curfew_sim::world::Simulation;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// An environment that Curfew knows to be up, on a Tuesday at noon.
async fn up() -> (Simulation, Blueprint) {
    let blueprint = Example::Durable.blueprint().expect("a blueprint");
    let account = by_day(&blueprint, Example::Durable.base_tier(), at("2026-11-17T17:00:00Z"), Draw::Median);
    let simulation = Simulation::new(account, Faults::none(), Laws::of(&blueprint.environment, &blueprint.tier));
    run(&simulation, &blueprint, "noon", None).await;
    (simulation, blueprint)
}

async fn run(simulation: &Simulation, blueprint: &Blueprint, run: &str, command: Option<Command>) -> Report {
    invoke(&simulation.world(run), blueprint, command).await.expect("it does not die")
}

fn load_balancer() -> LoadBalancerName {
    "durable-dev-alb".parse().expect("a name")
}

/// The priorities of the rules of port 443, and the ports.
fn listening(simulation: &Simulation) -> (Vec<u16>, Vec<u16>) {
    let inner = simulation.now_inner();
    let one = inner.account.load_balancers.values().next().expect("a load balancer");
    let listeners = &one.configuration.listeners;
    let rules = listeners.get(&443).map(|listener| listener.rules.keys().copied().collect()).unwrap_or_default();
    (rules, listeners.keys().copied().collect())
}

#[tokio::test(start_paused = true)]
async fn what_the_first_look_could_not_tell_is_recorded_all_the_same() {
    let (simulation, blueprint) = up().await;
    let deed = Deed::AddRule { load_balancer: load_balancer(), port: 443, priority: 500 };
    assert_eq!(simulation.by_hand("somebody", &blueprint.environment, &deed), Done::Yes);
    simulation.advance_to(at("2026-11-18T01:00:00Z")).await;
    simulation.now_inner().faults.script_look(Part::LoadBalancers, LookFault::Blind);
    run(&simulation, &blueprint, "night", Some(Command::Scheduled(Target::Down))).await;
    simulation.advance_to(at("2026-11-18T13:00:00Z")).await;
    run(&simulation, &blueprint, "morning", Some(Command::Scheduled(Target::Up))).await;
    assert_eq!(listening(&simulation), (vec![10, 500], vec![80, 443]));
    assert_eq!(simulation.now_inner().laws.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn a_load_balancer_that_is_still_seen_after_it_was_deleted_hides_nothing() {
    // The look after CreateLoadBalancer shows the one before; so may the one after that.
    for lags in [&[0, 3][..], &[0, 3, 8]] {
        hides_nothing(lags).await;
    }
}

async fn hides_nothing(lags: &[i64]) {
    let (simulation, blueprint) = up().await;
    {
        let mut inner = simulation.now_inner();
        for lag in lags {
            inner.faults.script_look(Part::LoadBalancers, LookFault::Stale(TimeDelta::seconds(*lag)));
        }
        let curfew_sim::world::Inner { account, faults, .. } = &mut *inner;
        faults.remember(account);
    }
    simulation.advance_to(at("2026-11-17T18:00:00Z")).await;
    simulation.by_hand("somebody", &blueprint.environment, &Deed::DeleteLoadBalancer(load_balancer()));
    run(&simulation, &blueprint, "tick", None).await;
    assert_eq!(listening(&simulation), (vec![10], vec![80, 443]));
    simulation.advance_to(at("2026-11-17T18:05:00Z")).await;
    let again = run(&simulation, &blueprint, "again", None).await;
    assert!(again.actions.is_empty(), "{again}");
    assert_eq!(simulation.now_inner().laws.violations(), []);
}
