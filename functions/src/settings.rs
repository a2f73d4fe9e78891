//! What the template tells a function by its environment variables.

use std::fmt::Display;
use std::str::FromStr;

use curfew_core::budget::{Policy, UnderUp};
use curfew_core::model::{AccountId, BudgetName, EnvironmentName};

/// A function's settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The environment it is for, unless an event names another (`CURFEW_ENVIRONMENT`).
    pub environment: Option<EnvironmentName>,
    /// The state bucket (`CURFEW_STATE_BUCKET`).
    pub bucket: String,
    /// The topic that people are told by (`CURFEW_TOPIC_ARN`).
    pub topic: Option<String>,
    /// The topic that a chat channel is told by (`CURFEW_CHAT_TOPIC_ARN`).
    pub chat_topic: Option<String>,
}

/// A setting that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {variable} {problem}")]
pub struct InvalidSettings {
    /// Which.
    pub variable: &'static str,
    /// What is the matter with it.
    pub problem: String,
}

/// The settings of the function `budget`.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetSettings {
    /// The environment that alerts are about (`CURFEW_ENVIRONMENT`).
    pub environment: EnvironmentName,
    /// The state bucket (`CURFEW_STATE_BUCKET`).
    pub bucket: String,
    /// The topic that people are told by (`CURFEW_TOPIC_ARN`).
    pub topic: Option<String>,
    /// The topic that a chat channel is told by (`CURFEW_CHAT_TOPIC_ARN`).
    pub chat_topic: Option<String>,
    /// The topic that alerts come by (`CURFEW_BUDGET_TOPIC_ARN`), of the budget's own account.
    pub alerts: String,
    /// That account.
    pub account: AccountId,
    /// The budget (`CURFEW_BUDGET_NAME`).
    pub budget: BudgetName,
    /// What its alerts are for (`CURFEW_BUDGET_ACTION`: `tell` or `stop`; `CURFEW_BUDGET_OVER_UP`: `true` or `false`).
    pub policy: Policy,
}

impl Settings {
    /// Reads the settings from variables by name.
    ///
    /// # Errors
    /// The first that is missing or wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSettings> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let environment = set("CURFEW_ENVIRONMENT").map(|name| parsed("CURFEW_ENVIRONMENT", &name)).transpose()?;
        let bucket = set("CURFEW_STATE_BUCKET").ok_or(missing("CURFEW_STATE_BUCKET", "it names the state bucket"))?;
        Ok(Self { environment, bucket, topic: set("CURFEW_TOPIC_ARN"), chat_topic: set("CURFEW_CHAT_TOPIC_ARN") })
    }
}

impl BudgetSettings {
    /// Reads the settings from variables by name. What alerts are for is not guessed: without a word they only tell.
    ///
    /// # Errors
    /// The first that is missing or wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSettings> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let Settings { environment, bucket, topic, chat_topic } = Settings::read(&variable)?;
        let environment =
            environment.ok_or(missing("CURFEW_ENVIRONMENT", "it names the environment that alerts are about"))?;
        let name = set("CURFEW_BUDGET_NAME").ok_or(missing("CURFEW_BUDGET_NAME", "it names the budget"))?;
        let alerts = set("CURFEW_BUDGET_TOPIC_ARN")
            .ok_or(missing("CURFEW_BUDGET_TOPIC_ARN", "it names the topic that alerts come by"))?;
        let account = alerts.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(3)).unwrap_or_default();
        Ok(Self {
            environment,
            bucket,
            topic,
            chat_topic,
            account: parsed("CURFEW_BUDGET_TOPIC_ARN", account)?,
            alerts,
            budget: parsed("CURFEW_BUDGET_NAME", &name)?,
            policy: policy(set("CURFEW_BUDGET_ACTION").as_deref(), set("CURFEW_BUDGET_OVER_UP").as_deref())?,
        })
    }
}

fn policy(action: Option<&str>, over_up: Option<&str>) -> Result<Policy, InvalidSettings> {
    let wrong = |variable, value: &str, wanted: &str| {
        Err(InvalidSettings { variable, problem: format!("is `{value}`; write {wanted}") })
    };
    let under_up = match over_up {
        None | Some("false") => UnderUp::Respect,
        Some("true") => UnderUp::Replace,
        Some(other) => return wrong("CURFEW_BUDGET_OVER_UP", other, "true or false"),
    };
    match action {
        None | Some("tell") => Ok(Policy::Tell),
        Some("stop") => Ok(Policy::Stop(under_up)),
        Some(other) => wrong("CURFEW_BUDGET_ACTION", other, "tell or stop"),
    }
}

fn missing(variable: &'static str, what: &str) -> InvalidSettings {
    InvalidSettings { variable, problem: format!("is not set; {what}") }
}

fn parsed<T>(variable: &'static str, text: &str) -> Result<T, InvalidSettings>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| InvalidSettings { variable, problem: format!("is wrong: {error}") })
}
