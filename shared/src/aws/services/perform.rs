//! The actions on services.

use aws_sdk_ecs::Client;

use super::definition::{fill, signed};
use crate::aws::errors::{Outcome, failed};
use crate::aws::tags;
use crate::model::*;
use crate::ports::{ActionError, Token};

/// A service that is gone, or going, was so since the last look.
const GONE: &[&str] = &["ServiceNotFoundException", "ServiceNotActiveException"];

/// ECS has no code of its own for "no listener forwards to this target group yet" (facts §3): the one place where
/// the text of a message is read.
const NOT_YET_ATTACHED: &str = "does not have an associated load balancer";

/// What a service is made from.
pub(in crate::aws) struct NewService<'a> {
    /// Its name.
    pub(in crate::aws) name: &'a ServiceName,
    /// The family whose newest revision runs.
    pub(in crate::aws) task_definition: &'a TaskFamily,
    /// All else it is made from.
    pub(in crate::aws) definition: &'a ServiceDefinition,
    /// How many tasks.
    pub(in crate::aws) desired_count: u32,
}

/// Sets how many tasks a service has. That alone is no deployment (facts §3).
pub(in crate::aws) async fn update(
    client: &Client,
    cluster: &ClusterName,
    service: &Owned<ServiceArn>,
    desired_count: u32,
) -> Result<(), ActionError> {
    client
        .update_service()
        .cluster(cluster.as_str())
        .service(service.id().as_str())
        .desired_count(signed(desired_count))
        .send()
        .await
        .map_err(failed("ecs:UpdateService"))
        .map_err(not_yet_attached)
        .later_on(GONE)?;
    Ok(())
}

/// Makes a service again. The token makes a repetition harmless.
pub(in crate::aws) async fn create(
    client: &Client,
    cluster: &ClusterName,
    wanted: NewService<'_>,
    tags: &Tags,
    token: &Token,
) -> Result<(), ActionError> {
    let call = client
        .create_service()
        .cluster(cluster.as_str())
        .service_name(wanted.name.as_str())
        .task_definition(wanted.task_definition.as_str())
        .desired_count(signed(wanted.desired_count))
        .set_tags(Some(tags::to_ecs(tags)))
        .client_token(token.as_str());
    let call = fill(call, wanted.definition).map_err(|error| ActionError {
        call: "ecs:CreateService".to_owned(),
        code: "request".to_owned(),
        message: error.to_string(),
        retry: Retry::Never,
    })?;
    call.send().await.map_err(failed("ecs:CreateService")).map_err(not_yet_attached)?;
    Ok(())
}

/// Deletes a service that has no tasks.
pub(in crate::aws) async fn delete(
    client: &Client,
    cluster: &ClusterName,
    service: &Owned<ServiceArn>,
) -> Result<(), ActionError> {
    let answer = client.delete_service().cluster(cluster.as_str()).service(service.id().as_str()).send().await;
    answer.map_err(failed("ecs:DeleteService")).done_on(GONE)
}

fn not_yet_attached(error: ActionError) -> ActionError {
    let attached_later = error.code == "InvalidParameterException" && error.message.contains(NOT_YET_ATTACHED);
    let retry = if attached_later { Retry::Later } else { error.retry };
    ActionError { retry, ..error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_group_without_a_listener_is_waited_for() {
        let error = |message: &str| ActionError {
            call: "ecs:CreateService".into(),
            code: "InvalidParameterException".into(),
            message: message.into(),
            retry: Retry::Never,
        };
        let message = "The target group with targetGroupArn arn:… does not have an associated load balancer.";
        assert_eq!(not_yet_attached(error(message)).retry, Retry::Later);
        assert_eq!(not_yet_attached(error("TaskDefinition is inactive")).retry, Retry::Never);
    }
}
