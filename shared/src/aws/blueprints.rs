//! Where blueprints are kept: SSM parameters.

use aws_config::SdkConfig;
use aws_sdk_ssm::Client;

use super::errors::{Outcome, failed};
use crate::blueprint::{Blueprint, Problems};
use crate::model::EnvironmentName;
use crate::ports::ActionError;

/// Why there is no blueprint.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoBlueprint {
    /// The parameter does not exist.
    #[error("there is no parameter {parameter}")]
    Missing {
        /// Its name.
        parameter: String,
    },
    /// It could not be read.
    #[error(transparent)]
    Unavailable(#[from] ActionError),
    /// It is not a blueprint.
    #[error("{parameter}: {problems}")]
    Invalid {
        /// Its name.
        parameter: String,
        /// All that is wrong with it.
        problems: Problems,
    },
}

/// The parameter that holds an environment's blueprint.
pub fn parameter(environment: &EnvironmentName) -> String {
    format!("/curfew/{environment}/blueprint")
}

/// Reads the blueprint of an environment.
///
/// # Errors
/// The parameter is missing, could not be read, or holds something else.
pub async fn read(config: &SdkConfig, environment: &EnvironmentName) -> Result<Blueprint, NoBlueprint> {
    let parameter = parameter(environment);
    let text = text(config, &parameter).await?;
    Blueprint::parse(&text).map_err(|problems| NoBlueprint::Invalid { parameter, problems })
}

/// The text of a parameter.
async fn text(config: &SdkConfig, parameter: &str) -> Result<String, NoBlueprint> {
    let answer = Client::new(config)
        .get_parameter()
        .name(parameter)
        .with_decryption(true)
        .send()
        .await
        .map_err(failed("ssm:GetParameter"))
        .none_on("ParameterNotFound")?;
    answer
        .and_then(|answer| answer.parameter?.value)
        .ok_or_else(|| NoBlueprint::Missing { parameter: parameter.to_owned() })
}
