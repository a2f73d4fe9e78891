//! What is wrong with a stored document, and what a person can do about it.

use std::collections::BTreeSet;
use std::fmt;

use super::VERSION;
use crate::model::EnvironmentName;
use crate::safety::{Reason, ReasonKind};

/// The documents of an environment that a run depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// `state.json`
    State,
    /// `recording.json`
    Recording,
}

impl Document {
    /// Where it is: `dev/state.json`.
    pub fn of(self, environment: &EnvironmentName) -> String {
        match self {
            Self::State => format!("{environment}/state.json"),
            Self::Recording => format!("{environment}/recording.json"),
        }
    }

    /// What to do when it is gone, cannot be read or is another one.
    pub fn remedy(self, environment: &EnvironmentName) -> String {
        match self {
            Self::State => format!(
                "put its last version back, or say how {environment} is: `curfew -e {environment} recover state down` \
                 (or `up`); see docs/recovery.md"
            ),
            Self::Recording => format!(
                "put its last version back, or go on with the one that is there: `curfew -e {environment} recover \
                 recording`, or with what the blueprint says alone: `curfew -e {environment} recover without-recording`; \
                 see docs/recovery.md"
            ),
        }
    }
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not JSON, or not of this shape.
    #[error("{0}")]
    Shape(String),
    /// Fields that are not known or are missing.
    #[error("{}", .0.join("; "))]
    Fields(Vec<String>),
    /// Another version.
    #[error(
        "it is of version {0}, and this Curfew reads version {VERSION} and what was written before versions; use the newer one"
    )]
    Version(String),
    /// It belongs to somebody else.
    #[error("its `{field}` is {found}, not {wanted}: it belongs elsewhere")]
    Foreign {
        /// Which field says so.
        field: String,
        /// What it says.
        found: String,
        /// What it would be here.
        wanted: String,
    },
}

/// A stored document that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidDocument {
    /// Of which environment.
    pub environment: EnvironmentName,
    /// Which one.
    pub document: Document,
    /// What is wrong with it.
    pub problem: Problem,
}

impl std::error::Error for InvalidDocument {}

impl fmt::Display for InvalidDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason().fmt(f)
    }
}

impl InvalidDocument {
    /// Why a run does not go on with it.
    pub fn reason(&self) -> Reason {
        let kind = match self.problem {
            Problem::Foreign { .. } => ReasonKind::Foreign,
            Problem::Shape(_) | Problem::Fields(_) | Problem::Version(_) => ReasonKind::Unreadable,
        };
        Reason {
            kind,
            resource: self.document.of(&self.environment),
            problem: format!("cannot be read: {}", self.problem),
            remedy: self.document.remedy(&self.environment),
        }
    }
}

/// A name that is not known, and the one that may have been meant.
pub(super) fn unknown(name: &str, known: &BTreeSet<&str>) -> String {
    let near = known.iter().map(|one| (strsim::osa_distance(one, name), *one)).min();
    match near.filter(|(distance, _)| *distance <= 2) {
        Some((_, near)) => format!("the field `{name}` is not known; did you mean `{near}`?"),
        None => format!("the field `{name}` is not known"),
    }
}
