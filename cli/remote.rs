//! The same through the deployed functions: they have the permissions, the caller only needs to invoke them.

use aws_sdk_lambda::primitives::Blob;
use curfew_core::aws;
use curfew_core::report::Outcome;
use curfew_sim::tell;
use serde_json::{Value, json};

use crate::arguments::{Options, RunOptions};
use crate::edge::{self, environment};
use crate::exit::CliError;

/// A function's answer: the run's report.
pub struct Answer {
    /// As it came.
    pub report: Value,
    /// How the run ended.
    pub outcome: Outcome,
}

/// Invokes a function and waits for its report.
pub async fn invoke(options: &Options, run: &RunOptions, verb: &str, hold: &str) -> Result<Answer, CliError> {
    let environment = environment(options)?;
    let function = run.function.clone().unwrap_or_else(|| format!("curfew-{environment}-{verb}"));
    let failed = |problem: String| CliError::Remote { function: function.clone(), problem };
    let mut event = json!({ "environment": environment, "hold": hold, "dryRun": run.dry_run });
    if let Some(who) = &run.requested_by {
        event["requestedBy"] = json!(who);
    }
    tell!("asking {function} …");
    let answer = aws_sdk_lambda::Client::from_conf(config().await?)
        .invoke()
        .function_name(&function)
        .payload(Blob::new(event.to_string()))
        .send()
        .await
        .map_err(|error| failed(aws::failed("lambda:Invoke")(error).to_string()))?;
    let body = answer.payload.map(Blob::into_inner).unwrap_or_default();
    let report: Value = serde_json::from_slice(&body).map_err(|error| failed(error.to_string()))?;
    if answer.function_error.is_some() {
        let message = report["errorMessage"].as_str().unwrap_or("it ended with an error");
        return Err(failed(message.to_owned()));
    }
    let outcome = serde_json::from_value(report["outcome"].clone()).map_err(|error| failed(error.to_string()))?;
    Ok(Answer { report, outcome })
}

/// A run takes minutes, and an invocation that is tried again would be a second run.
async fn config() -> Result<aws_sdk_lambda::Config, CliError> {
    let shared = edge::config().await?;
    let patience = aws_config::timeout::TimeoutConfig::builder()
        .connect_timeout(std::time::Duration::from_secs(3))
        .operation_timeout(std::time::Duration::from_secs(900))
        .operation_attempt_timeout(std::time::Duration::from_secs(900))
        .build();
    Ok(aws_sdk_lambda::config::Builder::from(&shared)
        .timeout_config(patience)
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .build())
}
