//! Tasks of the cluster that no service started.

use std::collections::BTreeSet;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::Task;
use futures::future::join_all;

use super::errors::{failed, unobserved};
use crate::model::*;
use crate::ports::{ActionError, Scope};

/// The most tasks that one DescribeTasks takes (facts §3).
const BATCH: usize = 100;

/// Looks at all tasks of the cluster that are meant to run: ECS cannot be asked for those of no service.
pub(super) async fn look(client: &Client, scope: Scope<'_>) -> Observation {
    let seen = match running(client, scope.cluster).await {
        Ok(tasks) if tasks.is_empty() => Seen::Absent,
        Ok(tasks) => Seen::Ready(tasks),
        Err(error) => Seen::Unknown(unobserved(&error)),
    };
    Observation { standalone_tasks: Some(seen), ..Observation::default() }
}

/// The tasks of a cluster that no service started.
pub(super) async fn running(client: &Client, cluster: &ClusterName) -> Result<BTreeSet<StandaloneTask>, ActionError> {
    let pages = client.list_tasks().cluster(cluster.as_str()).into_paginator().items().send();
    let arns: Vec<String> = pages.collect::<Result<_, _>>().await.map_err(failed("ecs:ListTasks"))?;
    let batches = arns.chunks(BATCH).map(|batch| async {
        let answer = client.describe_tasks().cluster(cluster.as_str()).set_tasks(Some(batch.to_vec())).send().await;
        let answer = answer.map_err(failed("ecs:DescribeTasks"))?;
        Ok(answer.tasks().iter().filter_map(standalone).collect::<Vec<StandaloneTask>>())
    });
    let described = join_all(batches).await.into_iter().collect::<Result<Vec<_>, ActionError>>()?;
    Ok(described.into_iter().flatten().collect())
}

/// A service's tasks are in its group, `service:api`; others in their family's, or in one that whoever ran them named.
fn standalone(task: &Task) -> Option<StandaloneTask> {
    let of_service = task.group().is_some_and(|group| group.starts_with("service:"));
    let over = task.last_status() == Some("STOPPED");
    let last = |arn: Option<&str>| arn.unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
    (!of_service && !over)
        .then(|| StandaloneTask { task_definition: last(task.task_definition_arn()), id: last(task.task_arn()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(group: Option<&str>, status: &str) -> Option<String> {
        let task = Task::builder()
            .task_arn("arn:aws:ecs:us-west-2:123456789012:task/dev-cluster/0f3a")
            .task_definition_arn("arn:aws:ecs:us-west-2:123456789012:task-definition/report:7")
            .set_group(group.map(str::to_owned))
            .last_status(status)
            .build();
        standalone(&task).map(|task| format!("{} {}", task.task_definition, task.id))
    }

    #[test]
    fn only_what_no_service_started_counts() {
        assert_eq!(task(Some("family:report"), "RUNNING").as_deref(), Some("report:7 0f3a"));
        assert_eq!(task(Some("by-hand"), "PENDING").as_deref(), Some("report:7 0f3a"));
        assert_eq!(task(None, "RUNNING").as_deref(), Some("report:7 0f3a"));
        assert_eq!(task(Some("service:api"), "RUNNING"), None);
        assert_eq!(task(Some("family:report"), "STOPPED"), None);
    }
}
