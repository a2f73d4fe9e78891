//! Exit codes, and the errors that lead to them.

use curfew_core::aws::InvalidRehearsal;
use curfew_core::aws::blueprints::NoBlueprint;
use curfew_core::aws::deployments::NoDeployment;
use curfew_core::blueprint::Problems;
use curfew_core::capture::NoCapture;
use curfew_core::doctor::terraform::InvalidState;
use curfew_core::ports::{ActionError, StoreError};
use curfew_core::recover::NoRecovery;
use curfew_core::report::Outcome;
use curfew_core::schedule::{InvalidHolidays, InvalidSchedule};
use curfew_core::status::NoStatus;
use curfew_core::zone_update::NotUpdated;

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// Something went wrong.
    Failed,
    /// The command's words are off.
    Usage,
    /// Nothing may be touched.
    Blocked,
    /// Not finished; the tick goes on.
    InProgress,
    /// Another run works on the environment.
    Busy,
}

impl Exit {
    /// The code, as `--help` lists it.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Blocked => 3,
            Self::InProgress => 4,
            Self::Busy => 5,
        }
    }
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Unchanged | Outcome::Converged | Outcome::Skipped => Self::Done,
            Outcome::InProgress => Self::InProgress,
            Outcome::Busy => Self::Busy,
            Outcome::Blocked => Self::Blocked,
            Outcome::Failed => Self::Failed,
        }
    }
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The command's words are off.
    #[error("{0}")]
    Usage(String),
    /// A file could not be read.
    #[error("{file}: {error}")]
    File {
        /// Which.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// A blueprint is not one.
    #[error("{file} is not a blueprint:\n{problems}")]
    Invalid {
        /// Which file.
        file: String,
        /// All that is wrong.
        problems: Problems,
    },
    /// A schedule is not one.
    #[error("this is not a schedule: {0}")]
    Schedule(#[from] InvalidSchedule),
    /// A calendar of holidays is not one.
    #[error("{file}: {error}")]
    Holidays {
        /// Which file.
        file: String,
        /// Why.
        error: InvalidHolidays,
    },
    /// The blueprint could not be had from the account.
    #[error(transparent)]
    Blueprint(#[from] NoBlueprint),
    /// What the environment's stack made could not be had.
    #[error(transparent)]
    Deployment(#[from] NoDeployment),
    /// The environment could not be looked at.
    #[error(transparent)]
    Status(#[from] NoStatus),
    /// The state bucket did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody could be told of Ctrl-C.
    #[error("signals cannot be heard, so nothing was started: {0}")]
    Signals(std::io::Error),
    /// Rules of time zones were not stored.
    #[error(transparent)]
    Zones(#[from] NotUpdated),
    /// A call was refused.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// A deployed function did not answer as one.
    #[error("the function {function} did not answer: {problem}")]
    Remote {
        /// Which.
        function: String,
        /// Why.
        problem: String,
    },
    /// Nothing was recovered.
    #[error(transparent)]
    Recovery(#[from] NoRecovery),
    /// There is nothing that could be captured.
    #[error(transparent)]
    Capture(#[from] NoCapture),
    /// A Terraform state is not one.
    #[error("{file}: {error}")]
    State {
        /// Which file.
        file: String,
        /// Why.
        error: InvalidState,
    },
    /// The rehearsal's clock is malformed.
    #[error(transparent)]
    Rehearsal(#[from] InvalidRehearsal),
}

impl CliError {
    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Schedule(_) => Exit::Usage,
            Self::Status(NoStatus::Document(_)) => Exit::Blocked,
            Self::Recovery(NoRecovery::Busy(_)) => Exit::Busy,
            Self::Zones(NotUpdated::Busy(_)) => Exit::Busy,
            Self::File { .. }
            | Self::Invalid { .. }
            | Self::Holidays { .. }
            | Self::Blueprint(_)
            | Self::Deployment(_)
            | Self::Status(_)
            | Self::Store(_)
            | Self::Zones(_)
            | Self::Action(_)
            | Self::Signals(_)
            | Self::Recovery(_)
            | Self::Remote { .. }
            | Self::Capture(_)
            | Self::State { .. }
            | Self::Rehearsal(_) => Exit::Failed,
        }
    }
}
