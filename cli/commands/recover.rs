//! `curfew recover`

use curfew_core::model::Target;
use curfew_core::ports::Clock;
use curfew_core::recover::{Recovery, Request, recover as write};
use curfew_core::report::Outcome;
use curfew_core::run::Mode;

use crate::arguments::{Options, RecoverCommand};
use crate::edge::Edge;
use crate::exit::{CliError, Exit};
use crate::render;

/// Writes what a person decides about documents.
pub async fn recover(options: &Options, command: &RecoverCommand) -> Result<Exit, CliError> {
    let (recovery, with) = match command {
        RecoverCommand::State { is, options } => match Target::from(*is) {
            Target::Up => (Recovery::StateUp, options),
            Target::Down => (Recovery::StateDown, options),
        },
        RecoverCommand::Recording(options) => (Recovery::Recording, options),
        RecoverCommand::WithoutRecording(options) => (Recovery::WithoutRecording, options),
    };
    let edge = Edge::open(options).await?;
    let request = Request {
        recovery,
        requested_by: with.requested_by.clone(),
        run: super::run::id(edge.clock.now()),
        mode: if with.dry_run { Mode::DryRun } else { Mode::Real },
    };
    let recovered = write(&edge.world, &edge.blueprint, &request).await?;
    render::print(options, &recovered, || match recovered.outcome {
        Outcome::Converged => format!("written: {}", recovered.message),
        Outcome::Unchanged
        | Outcome::InProgress
        | Outcome::Skipped
        | Outcome::Busy
        | Outcome::Blocked
        | Outcome::Failed => recovered.message.clone(),
    });
    Ok(Exit::Done)
}
