//! Which alerts have been answered: `<environment>/budget.json`. SNS delivers at least once, Lambda too.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Alert, AlertType, AnswerKind};
use crate::model::EnvironmentName;
use crate::state::Lease;
use crate::stored::{self, Home, Problem};

/// One threshold of one budget in one period: passed once, however often that is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Occasion {
    /// The budget.
    pub budget: String,
    /// What the alert is about.
    pub about: AlertType,
    /// Its threshold, as it is told.
    pub threshold: String,
    /// When the period ends.
    pub until: DateTime<Utc>,
}

impl Occasion {
    /// An alert's.
    pub fn of(alert: &Alert, until: DateTime<Utc>) -> Self {
        let (budget, threshold) = (alert.budget.to_string(), alert.threshold.to_string());
        Self { budget, about: alert.about, threshold, until }
    }
}

/// An alert that was answered, or is being answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    /// What it was about.
    #[serde(flatten)]
    pub occasion: Occasion,
    /// How it was answered.
    pub answer: AnswerKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Who is answering it; nobody once it is done.
    pub lease: Option<Lease>,
}

/// What is remembered of an environment's alerts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// The answers of periods under way, oldest first.
    pub answers: Vec<Answered>,
}

/// So many answers are kept: a budget has at most 10 thresholds (bc:budgets).
const MOST: usize = 100;

impl Memory {
    /// Reads what [`Memory::to_json`] wrote, or what was written before documents had versions.
    ///
    /// # Errors
    /// If it is something else, or belongs elsewhere.
    pub fn parse(text: &str, home: &Home) -> Result<Self, Problem> {
        stored::read(home, text)?.check_names(["answers"], ["answers"])?;
        serde_json::from_str(text).map_err(|error| Problem::Shape(error.to_string()))
    }

    /// As it is stored.
    pub fn to_json(&self, home: &Home) -> String {
        stored::write(home, self)
    }

    /// The last answer to an occasion.
    pub fn last(&self, occasion: &Occasion) -> Option<&Answered> {
        self.answers.iter().rev().find(|answered| answered.occasion == *occasion)
    }

    /// Remembers an answer in the place of the one before, and forgets those whose period is over.
    pub fn remember(&mut self, answered: Answered) {
        self.answers.retain(|other| other.occasion != answered.occasion && other.occasion.until > answered.at);
        self.answers.push(answered);
        let surplus = self.answers.len().saturating_sub(MOST);
        self.answers.drain(..surplus);
    }
}

/// Where an environment's answers are.
pub fn memory_document(environment: &EnvironmentName) -> String {
    format!("{environment}/budget.json")
}
