//! The ECS cluster, which carries the override.

use std::collections::BTreeSet;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::ClusterField;

use super::errors::{failed, parsed};
use super::tags;
use crate::model::*;
use crate::ports::ActionError;

pub(super) const DESCRIBE: &str = "ecs:DescribeClusters";

/// What AWS says of a cluster.
pub(super) struct Standing {
    /// Its ARN, which AWS gives of one that does not exist, too.
    pub(super) arn: ClusterArn,
    /// Its tags, if it exists.
    pub(super) tags: Option<Tags>,
}

/// Looks at the cluster, whether it exists or not.
///
/// # Errors
/// It could not be looked at.
pub(super) async fn look(client: &Client, name: &str) -> Result<Standing, ActionError> {
    let answer = client.describe_clusters().clusters(name).include(ClusterField::Tags).send().await;
    let answer = answer.map_err(failed(DESCRIBE))?;
    // A deleted one stays listed as INACTIVE for a while.
    if let Some(cluster) = answer.clusters().iter().find(|cluster| cluster.status() == Some("ACTIVE")) {
        return Ok(Standing {
            arn: parsed(DESCRIBE, cluster.cluster_arn())?,
            tags: Some(tags::from_ecs(cluster.tags())),
        });
    }
    let inactive = answer.clusters().iter().filter_map(|cluster| cluster.cluster_arn());
    let missing = answer.failures().iter().filter_map(|failure| failure.arn());
    let arn = inactive.chain(missing).next();
    Ok(Standing { arn: parsed(DESCRIBE, arn)?, tags: None })
}

/// The cluster's ARN.
///
/// # Errors
/// It does not exist (never again), or could not be read.
async fn arn(client: &Client, name: &str) -> Result<ClusterArn, ActionError> {
    let Standing { arn, tags } = look(client, name).await?;
    tags.map(|_| arn).ok_or_else(|| missing(name))
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
    let arn = arn(client, name.as_str()).await?;
    let call = client.tag_resource().resource_arn(arn.as_str()).set_tags(Some(tags::to_ecs(tags)));
    call.send().await.map_err(failed("ecs:TagResource"))?;
    Ok(())
}

/// Takes tags off the cluster. One that is not there is no error.
pub(super) async fn untag(client: &Client, name: &ClusterName, keys: &BTreeSet<String>) -> Result<(), ActionError> {
    let arn = arn(client, name.as_str()).await?;
    let keys = keys.iter().cloned().collect();
    let call = client.untag_resource().resource_arn(arn.as_str()).set_tag_keys(Some(keys));
    call.send().await.map_err(failed("ecs:UntagResource"))?;
    Ok(())
}
