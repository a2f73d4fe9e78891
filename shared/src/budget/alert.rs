//! What AWS Budgets writes to its topic: plain text for people (facts §10).
//!
//! Only its head and its block of `Key: value` lines are read. The sentence above the block has more forms (a day, a
//! month, a quarter) and can name another amount than the block does. An alert is a hint and nothing more.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Usd;
use crate::model::{AccountId, BudgetName};

/// Which figure an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertType {
    /// What is spent.
    Actual,
    /// What AWS expects to be spent by the period's end.
    Forecasted,
}

/// A budget's alert, as its message words it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// Whose budget it is.
    pub account: AccountId,
    /// Which.
    pub budget: BudgetName,
    /// What may be spent in a period.
    pub limit: Usd,
    /// What it is about.
    pub about: AlertType,
    /// Beyond how much it is given.
    pub threshold: Usd,
    /// How much it was when it was given.
    pub amount: Usd,
}

/// Why a text is no alert of a cost budget.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAlert {
    /// Somebody else wrote it.
    #[error("it begins with {0:?}, not with `AWS Budget Notification`: AWS Budgets did not write it")]
    Foreign(String),
    /// Its second line names no account.
    #[error("its second line is {0:?}, not `AWS Account` and 12 digits")]
    Account(String),
    /// A line is not there.
    #[error("the line `{0}: …` is missing")]
    Missing(&'static str),
    /// A line is there more than once, so nobody knows which one counts.
    #[error("the line `{0}: …` is there more than once")]
    Repeated(&'static str),
    /// A line says something else than it should.
    #[error("`{key}` is {value:?}; wanted: {wanted}")]
    Invalid {
        /// Which line.
        key: &'static str,
        /// What it says.
        value: String,
        /// What it should say.
        wanted: &'static str,
    },
}

const NAME: &str = "Budget Name";
const TYPE: &str = "Budget Type";
const LIMIT: &str = "Budgeted Amount";
const ABOUT: &str = "Alert Type";
const THRESHOLD: &str = "Alert Threshold";
const ACTUAL: &str = "ACTUAL Amount";
const FORECASTED: &str = "FORECASTED Amount";
const KEYS: [&str; 7] = [NAME, TYPE, LIMIT, ABOUT, THRESHOLD, ACTUAL, FORECASTED];

/// Reads the text of a notification.
impl FromStr for Alert {
    type Err = InvalidAlert;

    fn from_str(text: &str) -> Result<Self, InvalidAlert> {
        let mut lines = text.lines().map(str::trim);
        let first = lines.next().unwrap_or_default();
        if !first.starts_with("AWS Budget Notification ") {
            return Err(InvalidAlert::Foreign(shortened(first)));
        }
        let second = lines.next().unwrap_or_default();
        let account = second.strip_prefix("AWS Account ").and_then(|id| id.parse().ok());
        let account = account.ok_or_else(|| InvalidAlert::Account(shortened(second)))?;
        let block = Block::read(lines)?;
        block
            .one(TYPE, "Cost; only what budgets of costs say can be checked", |kind| (kind == "Cost").then_some(()))?;
        let about = block.one(ABOUT, "ACTUAL or FORECASTED", |about| match about {
            "ACTUAL" => Some(AlertType::Actual),
            "FORECASTED" => Some(AlertType::Forecasted),
            _ => None,
        })?;
        let amount = match about {
            AlertType::Actual => ACTUAL,
            AlertType::Forecasted => FORECASTED,
        };
        Ok(Self {
            account,
            budget: block.one(NAME, "a budget's name", |name| name.parse().ok())?,
            limit: block.one(LIMIT, "an amount such as $60.00", dollars)?,
            about,
            threshold: block.one(THRESHOLD, "more than an amount, such as `> $48.00`", more_than)?,
            amount: block.one(amount, "an amount such as $65.10", dollars)?,
        })
    }
}

/// The lines of a message that have a known key.
struct Block<'a>(BTreeMap<&'static str, &'a str>);

impl<'a> Block<'a> {
    fn read(lines: impl Iterator<Item = &'a str>) -> Result<Self, InvalidAlert> {
        let mut block = BTreeMap::new();
        for (key, value) in lines.filter_map(|line| line.split_once(':')) {
            let Some(key) = KEYS.into_iter().find(|known| *known == key) else { continue };
            if block.insert(key, value.trim()).is_some() {
                return Err(InvalidAlert::Repeated(key));
            }
        }
        Ok(Self(block))
    }

    fn one<T>(
        &self,
        key: &'static str,
        wanted: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, InvalidAlert> {
        let value = self.0.get(key).ok_or(InvalidAlert::Missing(key))?;
        read(value).ok_or_else(|| InvalidAlert::Invalid { key, value: shortened(value), wanted })
    }
}

fn dollars(text: &str) -> Option<Usd> {
    text.strip_prefix('$')?.parse().ok()
}

/// Alerts on less than an amount exist too; they are no reason to stop anything.
fn more_than(text: &str) -> Option<Usd> {
    dollars(text.strip_prefix('>')?.trim_start())
}

/// So much of what nobody vouches for is repeated in an error.
fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

impl fmt::Display for AlertType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Actual => "spent",
            Self::Forecasted => "forecast",
        })
    }
}
