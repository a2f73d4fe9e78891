//! The recording: the runtime tier as it was just before teardown, in the blueprint's own schema.

mod capture;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::blueprint::document::Document;
use crate::blueprint::{Blueprint, Problems};
use crate::model::RuntimeTier;

pub use capture::{absorb, capture};

/// What is stored before the first deletion, and read back (invariant 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// By which run.
    pub run: String,
    /// The blueprint's tier when it was last applied: what [`crate::merge::merge`] compares with.
    pub declared: RuntimeTier,
    /// What was there.
    pub observed: RuntimeTier,
}

/// Why a stored recording is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the recording cannot be read: {0}")]
pub struct InvalidRecording(pub String);

impl Recording {
    /// As it is stored: JSON that a person can read, each tier a document in the blueprint's schema.
    pub fn to_json(&self, blueprint: &Blueprint) -> String {
        let value = json!({
            "recordedAt": self.recorded_at,
            "run": self.run,
            "declared": Document::of(blueprint, &self.declared),
            "observed": Document::of(blueprint, &self.observed),
        });
        format!("{value:#}\n")
    }

    /// Reads it back.
    ///
    /// # Errors
    /// If it is not what [`Recording::to_json`] writes.
    pub fn parse(text: &str) -> Result<Self, InvalidRecording> {
        let invalid = |error: &dyn std::fmt::Display| InvalidRecording(error.to_string());
        let value: Value = serde_json::from_str(text).map_err(|error| invalid(&error))?;
        let field = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let tier = |name: &str| tier(&value[name]).map_err(|problems| invalid(&problems));
        Ok(Self {
            recorded_at: field("recordedAt").parse().map_err(|error: chrono::ParseError| invalid(&error))?,
            run: field("run").to_owned(),
            declared: tier("declared")?,
            observed: tier("observed")?,
        })
    }
}

/// A tier as a document in the blueprint's schema.
pub fn tier_document(blueprint: &Blueprint, tier: &RuntimeTier) -> Value {
    serde_json::to_value(Document::of(blueprint, tier)).unwrap_or_default()
}

/// The tier of a document that [`tier_document`] wrote.
///
/// # Errors
/// Everything in it that is not of the schema.
pub fn tier(document: &Value) -> Result<RuntimeTier, Problems> {
    let document: Document = deserr::deserialize(document.clone())?;
    Ok(document.into_tier())
}
