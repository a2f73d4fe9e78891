//! Deletion protection of load balancers: what the blueprint lets a night do about it.

use std::collections::BTreeMap;

use deserr::Deserr;
use serde::Serialize;

use crate::blueprint::Problems;

/// The attribute of a load balancer that AWS refuses to delete.
pub const DELETION_PROTECTION: &str = "deletion_protection.enabled";

/// What a night does about a load balancer that is protected against deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum DeletionProtection {
    /// It blocks, with the reason (invariant 7).
    #[default]
    #[deserr(rename = "blocks")]
    Blocks,
    /// It is switched off right before the deletion, and on again in the morning as soon as there is a new one.
    #[deserr(rename = "off-while-down")]
    OffWhileDown,
}

impl DeletionProtection {
    /// Whether nothing was said of it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a load balancer with these attributes is protected against deletion.
pub fn is_protected(attributes: &BTreeMap<String, String>) -> bool {
    attributes.get(DELETION_PROTECTION).is_some_and(|value| value == "true")
}

/// The attributes that switch deletion protection off.
pub fn unprotected() -> BTreeMap<String, String> {
    [(DELETION_PROTECTION.to_owned(), "false".to_owned())].into()
}
