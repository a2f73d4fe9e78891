//! Whose a resource is: nothing is changed or deleted without a proof (invariant 1).

use std::fmt;

use serde::Serialize;

use super::ids::EnvironmentName;
use super::tags::{ENVIRONMENT_TAG, Tags};

/// Why Curfew may change a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// It carries this environment's tag.
    Tagged,
    /// The blueprint names it as adopted.
    Adopted,
}

/// The id of a resource that a fresh describe has shown to be this environment's.
///
/// It can only be made by [`Ownership::prove`], so an action that asks for one cannot be built for a stranger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owned<Id> {
    id: Id,
    proof: Proof,
}

impl<Id> Owned<Id> {
    /// The proven id.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// What proved it.
    pub fn proof(&self) -> Proof {
        self.proof
    }
}

impl<Id: fmt::Display> fmt::Display for Owned<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

/// What a describe showed about whose a resource is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership<Id> {
    /// This environment's.
    Ours(Owned<Id>),
    /// Somebody else's; never touched.
    Foreign {
        /// Which resource.
        id: Id,
        /// The Curfew environment it belongs to, if it has one.
        environment: Option<String>,
    },
    /// The one that is remembered in its place, without the tag: not touched until it is tagged again.
    Untagged(Id),
}

impl<Id: Clone + PartialEq> Ownership<Id> {
    /// Judges a resource by the tags its owning service has just described, and by what the blueprint adopts.
    pub fn prove(environment: &EnvironmentName, id: Id, tags: &Tags, adopted: Option<&Id>) -> Self {
        let tag = tags.get(ENVIRONMENT_TAG);
        if tag.is_some_and(|value| value == environment.as_str()) {
            return Self::Ours(Owned { id, proof: Proof::Tagged });
        }
        // Another environment's tag is stronger than a blueprint that adopts the same resource.
        if tag.is_none() && adopted == Some(&id) {
            return Self::Ours(Owned { id, proof: Proof::Adopted });
        }
        Self::Foreign { id, environment: tag.cloned() }
    }

    /// The id, whosever it is.
    pub fn id(&self) -> &Id {
        match self {
            Self::Ours(owned) => &owned.id,
            Self::Foreign { id, .. } | Self::Untagged(id) => id,
        }
    }

    /// The proof that it is ours, if it is.
    pub fn owned(&self) -> Option<&Owned<Id>> {
        match self {
            Self::Ours(owned) => Some(owned),
            Self::Foreign { .. } | Self::Untagged(_) => None,
        }
    }

    /// The same of a resource that is remembered as this environment's: without any environment's tag it is untagged.
    #[must_use]
    pub fn remembered(self) -> Self {
        match self {
            Self::Foreign { id, environment: None } => Self::Untagged(id),
            ours_or_others @ (Self::Ours(_) | Self::Foreign { environment: Some(_), .. } | Self::Untagged(_)) => {
                ours_or_others
            }
        }
    }

    /// The same of a resource that carries the tag and is not what the blueprint means.
    #[must_use]
    pub fn disowned(self) -> Self {
        match self {
            Self::Ours(Owned { id, proof: Proof::Tagged }) => Self::Foreign { id, environment: None },
            other @ (Self::Ours(_) | Self::Foreign { .. } | Self::Untagged(_)) => other,
        }
    }
}
