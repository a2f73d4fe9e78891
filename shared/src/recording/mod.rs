//! The recording: the runtime tier as it was just before teardown, in the blueprint's own schema.

mod capture;

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::blueprint::document::Document;
use crate::blueprint::{Blueprint, Problems};
use crate::model::RuntimeTier;
use crate::stored::{self, Fields, Home, InvalidDocument, Problem};

pub use capture::{absorb, capture};

/// What is stored before the first deletion, and read back (invariant 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// By which run.
    pub run: String,
    /// The checksum of the recording that the state named when this one was stored in its place: a run that is cut off
    /// before it names the new one leaves two that belong together all the same.
    pub replaces: Option<String>,
    /// The blueprint's tier when it was last applied: what [`crate::merge::merge`] compares with.
    pub declared: RuntimeTier,
    /// What was there.
    pub observed: RuntimeTier,
}

/// Which recording it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordingId {
    /// By which run.
    pub run: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// What it says, as [`stored::checksum`].
    pub checksum: String,
}

impl fmt::Display for RecordingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the one of {} by {}", self.recorded_at.to_rfc3339_opts(SecondsFormat::Secs, true), self.run)
    }
}

/// What is in every recording, before versions too.
const ALWAYS: [&str; 4] = ["recordedAt", "run", "declared", "observed"];

impl Recording {
    /// As it is stored: JSON that a person can read, each tier a document in the blueprint's schema.
    pub fn to_json(&self, blueprint: &Blueprint, home: &Home) -> String {
        let own = json!({
            "recordedAt": self.recorded_at,
            "run": self.run,
            "replaces": self.replaces,
            "declared": Document::of(blueprint, &self.declared),
            "observed": Document::of(blueprint, &self.observed),
        });
        stored::write(home, &own)
    }

    /// Reads what [`Recording::to_json`] wrote, or what was written before documents had versions.
    ///
    /// # Errors
    /// It is anything else, or belongs elsewhere.
    pub fn parse(text: &str, home: &Home) -> Result<Self, InvalidDocument> {
        read(text, home).map_err(|problem| InvalidDocument {
            environment: home.environment.clone(),
            document: stored::Document::Recording,
            problem,
        })
    }

    /// Which one it is, by the text it was read from or is stored as.
    pub fn id(&self, text: &str) -> RecordingId {
        RecordingId { run: self.run.clone(), recorded_at: self.recorded_at, checksum: stored::checksum(text) }
    }
}

fn read(text: &str, home: &Home) -> Result<Recording, Problem> {
    let fields = stored::read(home, text)?;
    match &fields {
        Fields::Versioned(_) => {
            let all = || ALWAYS.into_iter().chain(["replaces"]);
            fields.check_names(all(), all())?;
        }
        Fields::Unversioned(_) => fields.check_names(ALWAYS, ALWAYS)?,
    }
    let null = Value::Null;
    let field = |name: &str| fields.map().get(name).unwrap_or(&null);
    let text = |name: &str| {
        let value = field(name).as_str();
        value.map(str::to_owned).ok_or_else(|| Problem::Shape(format!("{name}: a text is wanted")))
    };
    let recorded_at = text("recordedAt")?;
    Ok(Recording {
        recorded_at: recorded_at.parse().map_err(|error| Problem::Shape(format!("recordedAt: {error}")))?,
        run: text("run")?,
        replaces: if field("replaces").is_null() { None } else { Some(text("replaces")?) },
        declared: tier_of_home("declared", field("declared"), home)?,
        observed: tier_of_home("observed", field("observed"), home)?,
    })
}

/// A tier of this environment: one of another would bring up what is not this environment's.
fn tier_of_home(name: &str, document: &Value, home: &Home) -> Result<RuntimeTier, Problem> {
    let document: Document = deserr::deserialize(document.clone())
        .map_err(|problems: Problems| Problem::Shape(format!("{name}: {problems}")))?;
    let heading = [
        ("environment", document.environment.as_str(), home.environment.as_str()),
        ("region", document.region.as_str(), home.region.as_str()),
    ];
    for (field, found, wanted) in heading {
        if found != wanted {
            return Err(stored::foreign(&format!("{name}.{field}"), &found.into(), wanted));
        }
    }
    Ok(document.into_tier())
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
