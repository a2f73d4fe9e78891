//! Where a deployed stack keeps what it remembers, and whom it tells: an SSM parameter that the stack fills in.

use aws_config::SdkConfig;
use serde::Deserialize;

use super::parameters;
use crate::model::EnvironmentName;
use crate::ports::ActionError;

/// What a stack made for an environment. A newer stack may say more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// The state bucket.
    pub state_bucket: String,
    /// The topic that people are told by.
    pub topic: Option<String>,
    /// The topic that a chat channel is told by.
    pub chat_topic: Option<String>,
}

/// Why it is not known what a stack made.
#[derive(Debug, thiserror::Error)]
pub enum NoDeployment {
    /// The parameter does not exist.
    #[error("there is no parameter {parameter}")]
    Missing {
        /// Its name.
        parameter: String,
    },
    /// It could not be read.
    #[error(transparent)]
    Unavailable(#[from] ActionError),
    /// It says something else.
    #[error("{parameter}: {error}")]
    Invalid {
        /// Its name.
        parameter: String,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// Reads what the stack of an environment made, from `/curfew/ENVIRONMENT/deployment`.
///
/// # Errors
/// The parameter is missing, could not be read, or holds something else.
pub async fn read(config: &SdkConfig, environment: &EnvironmentName) -> Result<Deployment, NoDeployment> {
    let parameter = format!("/curfew/{environment}/deployment");
    match parameters::text(config, &parameter).await? {
        Some(text) => serde_json::from_str(&text).map_err(|error| NoDeployment::Invalid { parameter, error }),
        None => Err(NoDeployment::Missing { parameter }),
    }
}
