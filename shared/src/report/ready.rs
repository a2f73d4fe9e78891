//! What a morning brought.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::changes::Change;
use crate::entrances::Entrance;

/// What people want to know when an environment is ready.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    /// How long the morning took, in seconds.
    pub seconds: i64,
    /// Where they get in.
    pub entrances: Vec<Entrance>,
    /// What is different; nothing if no earlier morning is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

/// What changed since the last morning: by day, as the evening recorded it, and at night by a new blueprint.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Since {
    /// When the last morning was over.
    pub at: DateTime<Utc>,
    /// What changed; empty if nothing did.
    pub changes: Vec<Change>,
}
