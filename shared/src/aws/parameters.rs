//! SSM parameters.

use aws_config::SdkConfig;
use aws_sdk_ssm::Client;

use super::errors::{Outcome, failed};
use crate::ports::ActionError;

/// The text of a parameter; none if it does not exist.
pub(super) async fn text(config: &SdkConfig, parameter: &str) -> Result<Option<String>, ActionError> {
    let answer = Client::new(config)
        .get_parameter()
        .name(parameter)
        .with_decryption(true)
        .send()
        .await
        .map_err(failed("ssm:GetParameter"))
        .none_on("ParameterNotFound")?;
    Ok(answer.and_then(|answer| answer.parameter?.value))
}
