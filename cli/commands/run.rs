//! `curfew start` and `curfew stop`

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::aws::SystemClock;
use curfew_core::decide::{Command, Hold};
use curfew_core::model::Target;
use curfew_core::ports::{Clock, World};
use curfew_core::run::{Mode, Request, run};

use crate::arguments::{Options, RunOptions};
use crate::edge::Edge;
use crate::exit::{CliError, Exit};
use crate::{remote, render};

/// A command does not end before its work is done, unless something hangs for this long.
const PATIENCE: TimeDelta = TimeDelta::minutes(60);

/// `curfew start`
pub async fn start(options: &Options, run: &RunOptions) -> Result<Exit, CliError> {
    bring(options, run, Target::Up, "start").await
}

/// `curfew stop`
pub async fn stop(options: &Options, run: &RunOptions) -> Result<Exit, CliError> {
    bring(options, run, Target::Down, "stop").await
}

async fn bring(options: &Options, asked: &RunOptions, target: Target, verb: &str) -> Result<Exit, CliError> {
    let clock = SystemClock::from_environment()?;
    if let Hold::Until(instant) = asked.hold
        && instant <= clock.now()
    {
        return Err(CliError::Usage(format!("--hold {instant} is in the past")));
    }
    if asked.remote {
        let answer = remote::invoke(options, asked, verb, &hold_text(asked.hold)).await?;
        render::print(options, &answer.report, || render::remote_report(&answer.report));
        return Ok(answer.outcome.into());
    }
    let edge = Edge::open(options).await?;
    let now = edge.clock.now();
    let request = Request {
        command: Some(Command::Manual { target, hold: asked.hold }),
        requested_by: asked.requested_by.clone(),
        mode: if asked.dry_run { Mode::DryRun } else { Mode::Real },
        run: id(now),
        deadline: now + PATIENCE,
        blueprint: edge.blueprint,
    };
    let goodbye = edge.world.progress().end_on_signals().map_err(CliError::Signals)?;
    let report = tokio::select! {
        report = run(&edge.world, &request) => report,
        never = goodbye.say() => match never {},
    };
    drop(edge.world);
    render::print(options, &report, || match &report.forecast {
        Some(forecast) => format!("{}{}", render::report(&report), render::forecast(forecast, None)),
        None => render::report(&report),
    });
    Ok(report.outcome.into())
}

/// A run's id, distinct from every other's.
pub(super) fn id(now: DateTime<Utc>) -> String {
    format!("cli-{:x}-{:08x}", now.timestamp_millis(), std::process::id())
}

/// A hold as an event writes it.
fn hold_text(hold: Hold) -> String {
    match hold {
        Hold::UntilNext => "until-next".to_owned(),
        Hold::None => "none".to_owned(),
        Hold::Forever => "forever".to_owned(),
        Hold::For(duration) => format!("{}s", duration.num_seconds()),
        Hold::Until(instant) => instant.to_rfc3339(),
    }
}
