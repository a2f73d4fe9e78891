//! Curfew's documents as a person with the bucket's console would read them: only what is asked for.
//!
//! Their own reading, on purpose: the core's types are under test.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Who works on an environment.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Lease {
    pub(crate) run: String,
}

/// What `state.json` says of now.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct State {
    pub(crate) lease: Option<Lease>,
    pub(crate) phase: Option<String>,
    #[serde(rename = "movingSince")]
    pub(crate) moving_since: Option<DateTime<Utc>>,
    pub(crate) recording: Option<serde_json::Value>,
}

impl State {
    /// Reads a state; one that is not there says nothing.
    pub(crate) fn read(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}
