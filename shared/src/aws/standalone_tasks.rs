//! Tasks of the cluster that no service started.

use std::collections::BTreeSet;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{DesiredStatus, Task};

use super::errors::unobserved;
use super::tasks;
use crate::model::*;
use crate::ports::{ActionError, Scope};

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
    let arns = tasks::list(client, cluster, DesiredStatus::Running).await?;
    Ok(tasks::describe(client, cluster, &arns).await?.iter().filter_map(standalone).collect())
}

fn standalone(task: &Task) -> Option<StandaloneTask> {
    let over = task.last_status() == Some("STOPPED");
    let last = |arn: Option<&str>| arn.unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
    (tasks::service_of(task).is_none() && !over)
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
