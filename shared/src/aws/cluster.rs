//! The ECS cluster, which carries the override.

use std::collections::BTreeSet;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::ClusterField;

use super::errors::{failed, parsed};
use super::tags;
use crate::model::*;
use crate::ports::ActionError;

pub(super) const DESCRIBE: &str = "ecs:DescribeClusters";

/// The cluster's ARN and its tags.
///
/// # Errors
/// It does not exist (never again), or could not be read.
pub(super) async fn describe(client: &Client, name: &str) -> Result<(ClusterArn, Tags), ActionError> {
    let answer = client.describe_clusters().clusters(name).include(ClusterField::Tags).send().await;
    let answer = answer.map_err(failed(DESCRIBE))?;
    // A deleted one stays listed as INACTIVE for a while.
    let found = answer.clusters().iter().find(|cluster| cluster.status() == Some("ACTIVE"));
    let cluster = found.ok_or_else(|| missing(name))?;
    Ok((parsed(DESCRIBE, cluster.cluster_arn())?, tags::from_ecs(cluster.tags())))
}

fn missing(name: &str) -> ActionError {
    ActionError {
        call: DESCRIBE.to_owned(),
        code: "ClusterNotFoundException".to_owned(),
        message: format!("cluster {name} does not exist"),
        retry: Retry::Never,
    }
}

/// Sets tags on the cluster.
pub(super) async fn tag(client: &Client, name: &ClusterName, tags: &Tags) -> Result<(), ActionError> {
    let (arn, _) = describe(client, name.as_str()).await?;
    let call = client.tag_resource().resource_arn(arn.as_str()).set_tags(Some(tags::to_ecs(tags)));
    call.send().await.map_err(failed("ecs:TagResource"))?;
    Ok(())
}

/// Takes tags off the cluster. One that is not there is no error.
pub(super) async fn untag(client: &Client, name: &ClusterName, keys: &BTreeSet<String>) -> Result<(), ActionError> {
    let (arn, _) = describe(client, name.as_str()).await?;
    let keys = keys.iter().cloned().collect();
    let call = client.untag_resource().resource_arn(arn.as_str()).set_tag_keys(Some(keys));
    call.send().await.map_err(failed("ecs:UntagResource"))?;
    Ok(())
}
