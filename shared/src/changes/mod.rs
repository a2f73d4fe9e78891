//! What changed from one runtime tier to another, in the domain's words: what a morning tells of since the last one.
//!
//! Values are told where they are short and nobody's secret; of tags, rules and answers only that they changed.

mod compare;
mod scaling;
mod tiers;

use std::fmt;

use serde::Serialize;

pub use tiers::changes;

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What: `rule 50 of listener 443 of load balancer dev-alb`.
    pub subject: String,
    /// How.
    #[serde(flatten)]
    pub difference: Difference,
}

/// How something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Difference {
    /// It was not there before.
    Added,
    /// It is there no longer.
    Removed,
    /// A value of it is another one.
    Value {
        /// Which: `desired count`.
        field: String,
        /// What it was; nothing if it had none.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// What it is; nothing if it has none.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// A part of it is different, which is too long to tell or nobody's business.
    Content {
        /// Which: `conditions`.
        field: String,
    },
    /// New tasks of a service have another task definition.
    Revision {
        /// The one they had: `api:2`.
        from: String,
        /// The one they have: `api:3`.
        to: String,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        match &self.difference {
            Difference::Added => write!(f, "{subject} was added"),
            Difference::Removed => write!(f, "{subject} was removed"),
            Difference::Value { field, from: Some(from), to: Some(to) } => {
                write!(f, "{subject}: {field} {from} → {to}")
            }
            Difference::Value { field, from: None, to: Some(to) } => write!(f, "{subject}: {field} {to} was added"),
            Difference::Value { field, from: Some(from), to: None } => {
                write!(f, "{subject}: {field} {from} was removed")
            }
            Difference::Value { field, from: None, to: None } => write!(f, "{subject}: {field} changed"),
            Difference::Content { field } => write!(f, "{subject}: {field} changed"),
            Difference::Revision { from, to } => match (from.rsplit_once(':'), to.rsplit_once(':')) {
                (Some((before, was)), Some((after, is))) if before == after => {
                    write!(f, "{subject} runs revision {is}, before it was {was}")
                }
                (Some(_) | None, Some(_) | None) => write!(f, "{subject} runs {to}, before it was {from}"),
            },
        }
    }
}
