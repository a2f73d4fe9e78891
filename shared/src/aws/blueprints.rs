//! Where blueprints are kept: SSM parameters.

use aws_config::SdkConfig;

use super::parameters;
use crate::blueprint::{Blueprint, Problems, named_calendar};
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
    /// It is another environment's: what it names would be stopped under this environment's name.
    #[error(
        "{parameter} holds the blueprint of {environment}, not of {wanted}, so nothing was touched; store the blueprint of \
         {wanted} there, or correct its `environment`"
    )]
    Foreign {
        /// The parameter's name.
        parameter: String,
        /// The environment that it names.
        environment: EnvironmentName,
        /// The one that was asked for.
        wanted: EnvironmentName,
    },
}

/// The parameter that holds an environment's blueprint.
pub fn parameter(environment: &EnvironmentName) -> String {
    format!("/curfew/{environment}/blueprint")
}

/// The parameter that holds a calendar which an environment's blueprint names.
fn calendar_parameter(environment: &EnvironmentName, name: &str) -> String {
    format!("/curfew/{environment}/{name}")
}

/// Reads the blueprint of an environment, and the calendar it names.
///
/// # Errors
/// The parameter is missing, could not be read, or holds something else.
pub async fn read(config: &SdkConfig, environment: &EnvironmentName) -> Result<Blueprint, NoBlueprint> {
    let parameter = parameter(environment);
    let text = self::text(config, &parameter).await?;
    let calendar = match named_calendar(&text) {
        Some(name) => Some(self::text(config, &calendar_parameter(environment, &name)).await?),
        None => None,
    };
    let parsed = Blueprint::parse_with(&text, calendar.as_deref());
    let blueprint = parsed.map_err(|problems| NoBlueprint::Invalid { parameter: parameter.clone(), problems })?;
    if blueprint.environment != *environment {
        let (environment, wanted) = (blueprint.environment, environment.clone());
        return Err(NoBlueprint::Foreign { parameter, environment, wanted });
    }
    Ok(blueprint)
}

/// The text of a parameter.
async fn text(config: &SdkConfig, parameter: &str) -> Result<String, NoBlueprint> {
    let text = parameters::text(config, parameter).await?;
    text.ok_or_else(|| NoBlueprint::Missing { parameter: parameter.to_owned() })
}
