//! What a capture leaves out, and why.

use std::fmt;

use serde::Serialize;

use crate::model::*;

/// Something that is there and does not stand in the blueprint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Which kind of reason.
    pub kind: LeftOutKind,
    /// Which resource.
    pub resource: String,
    /// What the matter is.
    pub problem: String,
}

/// The kinds of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOutKind {
    /// It is in another VPC, or in more than one.
    ForeignVpc,
    /// It belongs to another environment, cluster or tool, or does not carry the tag that was asked for.
    OtherOwner,
    /// Others need it too.
    Shared,
    /// Nights only stop such things where a person has named them.
    NamedOnly,
    /// Curfew does not bring back things of its kind.
    UnknownKind,
    /// It could not be looked at.
    NotObserved,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.resource, self.problem)
    }
}

impl LeftOut {
    pub(super) fn new(kind: LeftOutKind, resource: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { kind, resource: resource.into(), problem: problem.into() }
    }

    pub(super) fn not_observed(resource: impl Into<String>, why: &Unobserved) -> Self {
        Self::new(LeftOutKind::NotObserved, resource, format!("could not be looked at: {why}"))
    }
}
