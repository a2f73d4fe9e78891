//! Where the command meets the world: files, credentials, the account.

use std::io::Read;
use std::path::Path;

use aws_config::SdkConfig;
use chrono::{DateTime, Utc};
use curfew_core::aws::deployments::{Deployment, NoDeployment};
use curfew_core::aws::{self, AwsWorld, SystemClock, Topics, blueprints, deployments};
use curfew_core::blueprint::{Blueprint, Problems, named_calendar};
use curfew_core::model::EnvironmentName;
use curfew_core::ports::Clock;

use crate::arguments::Options;
use crate::exit::CliError;
use crate::progress::Live;

/// An environment with everything that is needed to look at it and to change it.
pub struct Edge {
    /// Its blueprint.
    pub blueprint: Blueprint,
    /// Its world.
    pub world: AwsWorld<Live>,
    /// The time.
    pub clock: SystemClock,
}

/// Reads a file, or standard input for `-`.
pub fn read(file: &str) -> Result<String, CliError> {
    let failed = |error| CliError::File { file: file.to_owned(), error };
    if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(failed)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(failed)
}

/// Region and credentials as every AWS tool finds them. Without a region nobody knows whom to ask.
pub async fn config() -> Result<SdkConfig, CliError> {
    let config = aws::load().await.map_err(|error| CliError::Usage(error.to_string()))?;
    if config.region().is_none() {
        return Err(CliError::Usage("no region is set: name it with AWS_REGION, or in the profile".to_owned()));
    }
    Ok(config)
}

/// The time, or the rehearsal's.
pub fn now() -> Result<DateTime<Utc>, CliError> {
    Ok(SystemClock::from_environment()?.now())
}

/// Reads a blueprint's file.
pub fn parse(file: &str) -> Result<Blueprint, CliError> {
    read_blueprint(file)?.map_err(|problems| CliError::Invalid { file: file.to_owned(), problems })
}

/// Reads a blueprint's file, and the calendar it names, which lies beside it.
pub fn read_blueprint(file: &str) -> Result<Result<Blueprint, Problems>, CliError> {
    let text = read(file)?;
    let beside = |name: String| Path::new(file).with_file_name(name).to_string_lossy().into_owned();
    let calendar = named_calendar(&text).map(|name| read(&beside(name))).transpose()?;
    Ok(Blueprint::parse_with(&text, calendar.as_deref()))
}

/// The environment the options name.
pub fn environment(options: &Options) -> Result<&EnvironmentName, CliError> {
    let missing = || CliError::Usage("name the environment with --environment (or CURFEW_ENVIRONMENT)".to_owned());
    options.environment.as_ref().ok_or_else(missing)
}

impl Edge {
    /// Finds the blueprint and the account.
    pub async fn open(options: &Options) -> Result<Self, CliError> {
        let config = config().await?;
        let blueprint = find_blueprint(options, &config).await?;
        let deployment = find_deployment(options, &config, &blueprint.environment).await?;
        let region = aws::in_region(config.clone(), &blueprint.region);
        let clock = SystemClock::from_environment()?;
        let progress = Live::new();
        let topics = Topics::new(&config, deployment.topic.as_deref(), deployment.chat_topic.as_deref());
        let world =
            AwsWorld::new(&config, &region, &deployment.state_bucket, topics, progress).with_clock(clock.clone());
        Ok(Self { blueprint, world, clock })
    }
}

/// As the options say, or else as the environment's stack says. An option that is empty is not given.
async fn find_deployment(
    options: &Options,
    config: &SdkConfig,
    environment: &EnvironmentName,
) -> Result<Deployment, CliError> {
    let given = |option: &Option<String>| option.clone().filter(|text| !text.is_empty());
    let (topic, chat_topic) = (given(&options.topic), given(&options.chat_topic));
    if let Some(state_bucket) = given(&options.bucket) {
        return Ok(Deployment { state_bucket, topic, chat_topic });
    }
    match deployments::read(config, environment).await {
        Ok(made) => Ok(Deployment {
            topic: topic.or(made.topic),
            chat_topic: chat_topic.or(made.chat_topic),
            state_bucket: made.state_bucket,
        }),
        Err(NoDeployment::Missing { parameter }) => Err(CliError::Usage(format!(
            "name the state bucket with --bucket (or CURFEW_STATE_BUCKET): there is no parameter {parameter} that says which it is"
        ))),
        Err(other) => Err(other.into()),
    }
}

async fn find_blueprint(options: &Options, config: &SdkConfig) -> Result<Blueprint, CliError> {
    let Some(file) = &options.blueprint else {
        return Ok(blueprints::read(config, environment(options)?).await?);
    };
    let blueprint = parse(file)?;
    match &options.environment {
        Some(name) if *name != blueprint.environment => {
            let message = format!("{file} is the blueprint of {}, not of {name}", blueprint.environment);
            Err(CliError::Usage(message))
        }
        Some(_) | None => Ok(blueprint),
    }
}
