//! What the template tells a function by its environment variables.

use curfew_core::model::EnvironmentName;

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

impl Settings {
    /// Reads the settings from variables by name.
    ///
    /// # Errors
    /// The first that is missing or wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSettings> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let environment = set("CURFEW_ENVIRONMENT").map(|name| name.parse()).transpose().map_err(
            |error: curfew_core::model::InvalidId| InvalidSettings {
                variable: "CURFEW_ENVIRONMENT",
                problem: format!("is wrong: {error}"),
            },
        )?;
        let bucket = set("CURFEW_STATE_BUCKET").ok_or_else(|| InvalidSettings {
            variable: "CURFEW_STATE_BUCKET",
            problem: "is not set; it names the state bucket".to_owned(),
        })?;
        Ok(Self { environment, bucket, topic: set("CURFEW_TOPIC_ARN"), chat_topic: set("CURFEW_CHAT_TOPIC_ARN") })
    }
}
