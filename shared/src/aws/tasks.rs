//! Tasks of a cluster, whoever started them: listed by their desired status, and described as many at a time as ECS takes.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{DesiredStatus, Task};
use futures::future::try_join_all;

use super::errors::failed;
use crate::model::ClusterName;
use crate::ports::ActionError;

/// The most tasks that one DescribeTasks takes (facts §3).
const BATCH: usize = 100;

/// The ARNs of a cluster's tasks that are meant to run, or were told to stop.
pub(super) async fn list(
    client: &Client,
    cluster: &ClusterName,
    desired: DesiredStatus,
) -> Result<Vec<String>, ActionError> {
    let pages = client.list_tasks().cluster(cluster.as_str()).desired_status(desired).into_paginator().items().send();
    pages.collect::<Result<_, _>>().await.map_err(failed("ecs:ListTasks"))
}

/// What ECS says of some tasks; those that are gone are left out.
pub(super) async fn describe(
    client: &Client,
    cluster: &ClusterName,
    arns: &[String],
) -> Result<Vec<Task>, ActionError> {
    let batches = arns.chunks(BATCH).map(|batch| async {
        let call = client.describe_tasks().cluster(cluster.as_str()).set_tasks(Some(batch.to_vec()));
        let answer = call.send().await.map_err(failed("ecs:DescribeTasks"))?;
        Ok::<_, ActionError>(answer.tasks.unwrap_or_default())
    });
    Ok(try_join_all(batches).await?.concat())
}

/// The service that started a task: its group is `service:api`. Others are in their family's group, or in one that whoever
/// ran them named.
pub(super) fn service_of(task: &Task) -> Option<&str> {
    task.group()?.strip_prefix("service:")
}
