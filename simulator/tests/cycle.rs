//! Nights and mornings of the three environments, with nothing going wrong.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::model::Target;
use curfew_core::report::{Outcome, Report};
use curfew_sim::environment::{Example, by_day};
use curfew_sim::faults::Faults;
use curfew_sim::invoke::invoke;
use curfew_sim::latency::Draw;
use curfew_sim::laws::Laws;
use curfew_sim::world::Simulation;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

async fn run(simulation: &Simulation, blueprint: &Blueprint, run: &str, command: Option<Command>) -> Report {
    invoke(&simulation.world(run), blueprint, command).await.expect("it does not die")
}

#[tokio::test(start_paused = true)]
async fn the_morning_equals_the_evening() {
    for example in Example::ALL {
        let blueprint = example.blueprint().expect("a blueprint");
        let account = by_day(&blueprint, example.base_tier(), at("2026-11-17T17:00:00Z"), Draw::Median);
        let simulation = Simulation::new(account, Faults::none(), Laws::of(&blueprint.environment, &blueprint.tier));
        let first = run(&simulation, &blueprint, "noon", None).await;
        assert_eq!(first.outcome, Outcome::Unchanged, "{first}");
        simulation.advance_to(at("2026-11-18T01:00:00Z")).await;
        let night = run(&simulation, &blueprint, "night", Some(Command::Scheduled(Target::Down))).await;
        assert_eq!(night.outcome, Outcome::Converged, "{night}\n{}", simulation.now_inner().trace);
        simulation.advance_to(at("2026-11-18T13:00:00Z")).await;
        let morning = run(&simulation, &blueprint, "morning", Some(Command::Scheduled(Target::Up))).await;
        assert_eq!(morning.outcome, Outcome::Converged, "{morning}");
        let again = run(&simulation, &blueprint, "again", None).await;
        assert_eq!((again.outcome, again.actions.len()), (Outcome::Unchanged, 0));
        assert_eq!(simulation.now_inner().laws.violations(), []);
    }
}
