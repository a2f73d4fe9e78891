//! A budget of AWS Budgets, as it describes itself.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// A budget with its figures as AWS sent them. Whether they make sense is judged elsewhere: here they are only texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// What it is about, as AWS writes it: `COST`, `USAGE` …
    pub kind: String,
    /// What may be spent in a period.
    pub limit: Option<Amount>,
    /// What is spent in the period under way.
    pub actual: Option<Amount>,
    /// What AWS expects to be spent by its end; none while AWS knows too little.
    pub forecast: Option<Amount>,
    /// How long a period is.
    pub time_unit: TimeUnit,
    /// When its first period begins.
    pub begins: Option<DateTime<Utc>>,
    /// When it ends for good.
    pub ends: Option<DateTime<Utc>>,
    /// Why AWS itself says that its figures are not to be relied on, if it does.
    pub unhealthy: Option<String>,
}

/// A figure and its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The figure: `65.10`.
    pub figure: String,
    /// Its unit: `USD`.
    pub unit: String,
}

/// After how long a budget begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeUnit {
    /// Every day.
    Daily,
    /// Every calendar month.
    Monthly,
    /// Every calendar quarter.
    Quarterly,
    /// Every calendar year.
    Annually,
    /// Never: it has one period.
    Custom,
}
