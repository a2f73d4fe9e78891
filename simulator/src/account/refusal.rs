//! How the account says no.

use curfew_core::model::Retry;
use curfew_core::ports::ActionError;

/// A refused call: AWS's error code, and what it means for the run. The adapters draw the same meaning from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// AWS's error code.
    pub code: &'static str,
    /// What AWS says.
    pub message: String,
    /// Whether another look may help.
    pub retry: Retry,
}

impl Refusal {
    /// Something changed meanwhile, or is not yet so far: look again.
    pub(super) fn later(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry: Retry::Later }
    }

    /// AWS has no capacity for it now.
    pub(super) fn next_run(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry: Retry::NextRun }
    }

    /// A person has to act.
    pub(super) fn never(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry: Retry::Never }
    }

    /// As the port says it.
    pub fn of_call(self, call: &str) -> ActionError {
        ActionError { call: call.to_owned(), code: self.code.to_owned(), message: self.message, retry: self.retry }
    }
}

/// What a call answers.
pub(super) type Answer = Result<(), Refusal>;
