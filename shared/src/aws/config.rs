//! How the SDK is set up: region and credentials as every AWS tool finds them, its standard retries, short time-outs.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;

use crate::model::Region;

/// One call is tried this often, with the SDK's own pauses between.
const ATTEMPTS: u32 = 4;
/// A connection that is not there after this long will not come.
const CONNECT: Duration = Duration::from_secs(3);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(10);
/// How long a call may take with all its attempts.
const OPERATION: Duration = Duration::from_secs(30);

/// Region, credentials and endpoint from the environment and the profile, as the AWS CLI finds them.
///
/// # Errors
/// `AWS_MAX_ATTEMPTS` is set, and is not a number of attempts.
#[allow(clippy::disallowed_methods, reason = "this is the edge")]
pub async fn load() -> Result<SdkConfig, InvalidAttempts> {
    let attempts = match std::env::var("AWS_MAX_ATTEMPTS") {
        Ok(text) => text.parse().ok().filter(|attempts| *attempts > 0).ok_or(InvalidAttempts(text))?,
        Err(_) => ATTEMPTS,
    };
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(super::http::client())
        .retry_config(retries().with_max_attempts(attempts))
        .timeout_config(time_outs());
    Ok(config.load().await)
}

/// A number of attempts that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("AWS_MAX_ATTEMPTS is `{0}`; it is how often a call is tried: a whole number from 1")]
pub struct InvalidAttempts(pub String);

/// Region, keys and endpoint of a Lambda function: AWS puts them into its environment, and nowhere else is looked, because
/// profiles, instance metadata and other roles would only make each function larger. (Functions that start from a snapshot
/// get their keys by HTTP; custom runtimes never do.)
///
/// Source: AWS Lambda, "Defined runtime environment variables" and "SnapStart".
#[allow(clippy::disallowed_methods, reason = "a function's surroundings are its environment variables")]
pub fn of_function() -> SdkConfig {
    let named = |name: &str| std::env::var(name).ok();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(named("AWS_REGION").map(aws_config::Region::new))
        .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .http_client(super::http::client())
        .retry_config(retries())
        .timeout_config(time_outs());
    config.set_endpoint_url(named("AWS_ENDPOINT_URL"));
    config.build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

fn time_outs() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

/// The same configuration in another region, such as the one a blueprint names.
pub fn in_region(config: SdkConfig, region: &Region) -> SdkConfig {
    config.into_builder().region(aws_config::Region::new(region.to_string())).build()
}
