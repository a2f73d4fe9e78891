//! What a run did and why: the same for logs, the CLI, the functions' answers and notifications.

mod ready;
mod text;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::decide::Decision;
use crate::forecast::Forecast;
use crate::ledger::Saved;
use crate::model::{EnvironmentName, Phase, ReplacedAddress, Target};
use crate::money::HourlyCost;
use crate::next::Waiting;
use crate::safety::Reason;
use crate::schedule::ZoneRules;

pub use ready::{Ready, Since};
pub use text::{in_zone, spoken, usd};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Everything was as it should be.
    Unchanged,
    /// Everything is now as it should be.
    Converged,
    /// Some of it is; the tick goes on.
    InProgress,
    /// What was asked for is not what should be done now.
    Skipped,
    /// Another run works on the environment.
    Busy,
    /// Nothing may be touched.
    Blocked,
    /// Something went wrong; what is not done is left as it was.
    Failed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unchanged => "Unchanged",
            Self::Converged => "Converged",
            Self::InProgress => "InProgress",
            Self::Skipped => "Skipped",
            Self::Busy => "Busy",
            Self::Blocked => "Blocked",
            Self::Failed => "Failed",
        })
    }
}

/// An action that was performed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PerformedAction {
    /// Its name, `CreateNatGateway`.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// What is said of it besides.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// How long the call took, in seconds.
    pub seconds: f64,
}

/// Something that was waited for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waited {
    /// For what.
    pub on: Waiting,
    /// From when.
    pub from: DateTime<Utc>,
    /// How long, in seconds.
    pub seconds: f64,
}

/// What a run did and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The environment.
    pub environment: EnvironmentName,
    /// The run's id.
    pub run: String,
    /// What started it, in words.
    pub trigger: String,
    /// How it ended.
    pub outcome: Outcome,
    /// One sentence for a person.
    pub message: String,
    /// What the environment should be, if anything.
    pub target: Option<Target>,
    /// The decision behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Why, in words.
    pub because: String,
    /// When the run began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// When the environment began to change; of a change that took several runs, the first one's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moving_since: Option<DateTime<Utc>>,
    /// How far the environment has come, where the state was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Of the run with which a morning is over: what it brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// What being down has saved this month, once it was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved: Option<Saved>,
    /// What the environment costs an hour, where the region's prices are known and it was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<HourlyCost>,
    /// Addresses that were to be kept and have lately become others: to be said first of all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaced_addresses: Vec<ReplacedAddress>,
    /// Whether a call that changes something was made, whatever came of it: from then on nobody may say that nothing was
    /// touched.
    #[serde(skip)]
    pub touched: bool,
    /// What was done, in order.
    pub actions: Vec<PerformedAction>,
    /// What was waited for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waited: Vec<Waited>,
    /// What is still waited for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
    /// Why nothing may be touched, if so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// What a person should know besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Of a dry run: what would be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
    /// Of a run that is not finished: when a tick goes on at the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_check: Option<DateTime<Utc>>,
    /// Which rules of time zones it went by.
    pub zones: ZoneRules,
}

impl Report {
    /// What is true of the account when a run goes no further.
    pub fn untouched(&self) -> &'static str {
        if self.touched { "nothing more was touched" } else { "nothing was touched" }
    }

    /// As the functions answer and `--json` prints.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
