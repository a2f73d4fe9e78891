//! What a function answers when it cannot answer with a report: a kind that alarms and searches can tell apart, and a
//! sentence. Never what Rust calls it.

use std::fmt;

use curfew_core::aws::blueprints::NoBlueprint;
use curfew_core::budget::NotAnswered;
use lambda_runtime::Diagnostic;

use crate::{InvalidEvent, InvalidNotification};

/// Why an invocation has no answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which kind: Lambda's `errorType`.
    pub kind: &'static str,
    /// What happened, and what was left as it was.
    pub message: String,
}

impl Refusal {
    fn new(kind: &'static str, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string() }
    }

    /// No environment is named anywhere.
    pub(crate) fn no_environment() -> Self {
        Self::new(
            "NoEnvironment",
            "no environment: name it in the event (`environment`) or in the variable CURFEW_ENVIRONMENT",
        )
    }
}

/// Lambda's runtime logs an error by this.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Refusal> for Diagnostic {
    fn from(Refusal { kind, message }: Refusal) -> Self {
        Self { error_type: kind.to_owned(), error_message: message }
    }
}

impl From<InvalidEvent> for Refusal {
    fn from(error: InvalidEvent) -> Self {
        Self::new("InvalidEvent", error)
    }
}

impl From<InvalidNotification> for Refusal {
    fn from(error: InvalidNotification) -> Self {
        Self::new("InvalidNotification", error)
    }
}

impl From<NoBlueprint> for Refusal {
    fn from(error: NoBlueprint) -> Self {
        Self::new("NoBlueprint", error)
    }
}

impl From<NotAnswered> for Refusal {
    fn from(error: NotAnswered) -> Self {
        Self::new("NotAnswered", error)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::new("Answer", error)
    }
}
