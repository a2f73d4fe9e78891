//! One invocation of Curfew in a simulated world: what a function does with an event, without Lambda.

use chrono::TimeDelta;
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::report::Report;
use curfew_core::run::{Mode, Request, run};

use crate::world::World;

/// A function's longest time (facts §6).
pub const TIME_OUT: TimeDelta = TimeDelta::seconds(900);

/// Runs Curfew once; nothing is answered if the run dies.
pub async fn invoke(world: &World, blueprint: &Blueprint, command: Option<Command>) -> Option<Report> {
    let simulation = world.simulation().clone();
    let now = simulation.now();
    let request = Request {
        blueprint: blueprint.clone(),
        command,
        requested_by: None,
        mode: Mode::Real,
        run: world.run().to_owned(),
        // Lambda's own clock counts, not the run's.
        deadline: now + world.skew() + TIME_OUT,
    };
    {
        let mut inner = simulation.now_inner();
        let crate::world::Inner { account, laws, trace, .. } = &mut *inner;
        laws.run_begins(world.run(), account, &blueprint.cluster, (now, world.skew()));
        trace.add(now, format!("{} begins: {}", world.run(), request.trigger()));
    }
    let report = world.until_crash(run(world, &request)).await;
    if let Some(report) = &report {
        let said: Vec<String> = std::iter::once(&report.message).chain(&report.notes).cloned().collect();
        simulation.now_inner().laws.run_ends(world.run(), &said, now);
    }
    simulation.note(match &report {
        Some(report) => {
            let reasons = match &report.reasons[..] {
                [] | [_] => String::new(),
                several => several.iter().map(|reason| format!("\n    {reason}")).collect(),
            };
            format!("{} ends: {:?}: {}{reasons}", world.run(), report.outcome, report.message)
        }
        None => format!("{} dies", world.run()),
    });
    report
}
