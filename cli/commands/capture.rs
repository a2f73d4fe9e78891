//! `curfew capture`

use std::str::FromStr;

use clap::Args;
use curfew_core::aws::Aws;
use curfew_core::capture::{Ask, Origin, capture as captured};
use curfew_core::model::{ClusterName, VpcId};
use curfew_sim::tell;

use crate::arguments::Options;
use crate::edge;
use crate::exit::{CliError, Exit};
use crate::render;

/// Options of capture: where to begin, and what an account cannot tell.
#[derive(Debug, Args)]
pub struct CaptureOptions {
    /// All in this VPC
    #[arg(long, value_name = "ID", group = "origin")]
    pub vpc: Option<VpcId>,
    /// All that this CloudFormation stack made
    #[arg(long, value_name = "NAME", group = "origin")]
    pub stack: Option<String>,
    /// All that carries this tag
    #[arg(long, value_name = "KEY=VALUE", group = "origin")]
    pub tag: Option<KeyValue>,
    /// All in the VPC that this ECS cluster's tasks live in; beside another beginning, which cluster of several
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<ClusterName>,
    /// When it is to be up, which nothing in an account tells
    #[arg(long, value_name = "TEXT", default_value = "Mon-Fri 08:00-20:00 America/New_York")]
    pub schedule: String,
}

/// A tag on the command line.
#[derive(Debug, Clone)]
pub struct KeyValue {
    key: String,
    value: String,
}

impl FromStr for KeyValue {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or("write it as key=value")?;
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}

impl CaptureOptions {
    fn origin(&self) -> Result<Origin, CliError> {
        let tagged = |tag: &KeyValue| Origin::Tag { key: tag.key.clone(), value: tag.value.clone() };
        let vpc = self.vpc.clone().map(Origin::Vpc);
        vpc.or_else(|| self.stack.clone().map(Origin::Stack))
            .or_else(|| self.tag.as_ref().map(tagged))
            .or_else(|| self.cluster.clone().map(Origin::Cluster))
            .ok_or_else(|| CliError::Usage("say where to begin: --vpc, --cluster, --stack or --tag".to_owned()))
    }
}

/// Prints the blueprint of what already runs; everything else that is to be known of it goes to standard error.
pub async fn capture(options: &Options, from: &CaptureOptions) -> Result<Exit, CliError> {
    let (origin, schedule) = (from.origin()?, from.schedule.parse()?);
    let config = edge::config().await?;
    let unsaid = || CliError::Usage("the region is not the name of one, such as us-west-2".to_owned());
    let region = config.region().and_then(|region| region.as_ref().parse().ok()).ok_or_else(unsaid)?;
    let (cluster, environment) = (from.cluster.clone(), options.environment.clone());
    let ask = Ask { origin, cluster, environment, region, schedule };
    let result = captured(&Aws::new(&config), &ask, edge::now()?, &|step| tell!("{step} …")).await?;
    render::captured(options, &result);
    Ok(if result.problems.is_empty() { Exit::Done } else { Exit::Failed })
}
