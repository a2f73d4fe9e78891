//! One night and the morning after it, by one engine.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::model::Target;
use curfew_core::report::Outcome;
use serde::Serialize;

use super::{Engine, moment, sequential};
use crate::account::Account;
use crate::environment::{BaseTier, by_day};
use crate::faults::Faults;
use crate::in_virtual_time;
use crate::invoke::invoke;
use crate::latency::Draw;
use crate::laws::Laws;
use crate::world::Simulation;

/// How long a night and the morning after it took, from the event on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Times {
    /// Until nothing was left that costs.
    pub night: Duration,
    /// Until people could work.
    pub morning: Duration,
}

/// A history that says nothing about speed.
#[derive(Debug, thiserror::Error)]
pub enum Spoiled {
    /// The engine ended otherwise than it should.
    #[error("{engine} did not bring it {target}: {why}")]
    Ended {
        /// Which engine.
        engine: Engine,
        /// What it was to do.
        target: Target,
        /// How it ended.
        why: String,
    },
    /// The account did not get there.
    #[error("after {engine} had ended, it was still not {target}")]
    NotThere {
        /// Which engine.
        engine: Engine,
        /// Where it should be.
        target: Target,
    },
    /// Something happened that must not.
    #[error("{engine}: {what}")]
    Broken {
        /// Which engine.
        engine: Engine,
        /// What happened.
        what: String,
    },
}

/// After so long nobody waits any more.
const PATIENCE: Duration = Duration::from_secs(2 * 3600);

/// Lets an engine take an environment down in the evening and bring it back in the morning.
///
/// # Errors
/// If it did not, or if it broke a law.
pub fn history(blueprint: &Blueprint, base: BaseTier, draw: Draw, engine: Engine) -> Result<Times, Spoiled> {
    in_virtual_time(async {
        let simulation = laid(blueprint, base, draw);
        simulation.advance_to(evening()).await;
        let night = timed(&simulation, blueprint, engine, Target::Down).await?;
        simulation.advance_to(evening() + TimeDelta::hours(12)).await;
        let morning = timed(&simulation, blueprint, engine, Target::Up).await?;
        judge(&simulation, engine)?;
        Ok(Times { night, morning })
    })
}

/// An account with the environment as it is by day, an hour before its night.
pub(super) fn laid(blueprint: &Blueprint, base: BaseTier, draw: Draw) -> Simulation {
    let account = by_day(blueprint, base, evening() - TimeDelta::hours(1), draw);
    Simulation::new(account, Faults::none(), Laws::of(&blueprint.environment, &blueprint.tier))
}

/// A Wednesday evening, 20:00 in New York.
pub(super) fn evening() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 11, 19).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc()
        + TimeDelta::hours(1)
}

/// From the event until the account is there; the engine ends in its own time.
async fn timed(
    simulation: &Simulation,
    blueprint: &Blueprint,
    engine: Engine,
    target: Target,
) -> Result<Duration, Spoiled> {
    let begun = simulation.now();
    let there = |account: &Account| match target {
        Target::Up => moment::is_ready(account, &blueprint.tier),
        Target::Down => moment::is_gone(account, blueprint),
    };
    let watch = tokio::time::timeout(PATIENCE, moment::from(simulation, there));
    let (reached, ended) = tokio::join!(watch, drive(simulation, blueprint, engine, target));
    ended?;
    let reached = reached.map_err(|_| Spoiled::NotThere { engine, target })?;
    Ok((reached - begun).to_std().unwrap_or_default())
}

pub(super) async fn drive(
    simulation: &Simulation,
    blueprint: &Blueprint,
    engine: Engine,
    target: Target,
) -> Result<(), Spoiled> {
    let world = simulation.world(&format!("{target}"));
    let ended = |why: String| Spoiled::Ended { engine, target, why };
    match engine {
        Engine::Curfew => match invoke(&world, blueprint, Some(Command::Scheduled(target))).await {
            Some(report) if report.outcome == Outcome::Converged => Ok(()),
            Some(report) => Err(ended(report.message)),
            None => Err(ended("it died".to_owned())),
        },
        Engine::Sequential { poll } => sequential::run(&world, blueprint, target, poll).await.map_err(ended),
    }
}

/// The account's own rules bind every engine; Curfew's laws (the lease, the recording) bind Curfew.
fn judge(simulation: &Simulation, engine: Engine) -> Result<(), Spoiled> {
    let inner = simulation.now_inner();
    let broken = |what: &str| Err(Spoiled::Broken { engine, what: what.to_owned() });
    match (engine, inner.laws.violations().first(), inner.account.mishaps().first()) {
        (_, _, Some(mishap)) => broken(&mishap.what),
        (Engine::Curfew, Some(violation), None) => broken(&violation.what),
        (Engine::Curfew, None, None) | (Engine::Sequential { .. }, _, None) => Ok(()),
    }
}
