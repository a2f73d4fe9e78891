//! The cluster's other services, and its tasks with their network interfaces.

use std::collections::BTreeSet;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types as sdk;
use futures::future::try_join_all;

use crate::aws::errors::{failed, parsed};
use crate::aws::{tags, targets, tasks};
use crate::model::*;
use crate::placing::other_users::{FoundService, FoundTask};
use crate::ports::{ActionError, Scope};

const LIST_SERVICES: &str = "ecs:ListServices";
const SERVICES: &str = "ecs:DescribeServices";
/// The most that one page lists (facts §3).
const PAGE: usize = 100;
/// The most services that one DescribeServices takes (facts §3).
const BATCH: usize = 10;

/// The services of the cluster that the blueprint does not name.
pub(super) async fn services(client: &Client, scope: Scope<'_>) -> Result<Vec<FoundService>, ActionError> {
    let call = client.list_services().cluster(scope.cluster.as_str());
    let pages = call.max_results(i32::try_from(PAGE).unwrap_or(BATCH as i32)).into_paginator().items().send();
    let arns: Vec<String> = pages.collect::<Result<_, _>>().await.map_err(failed(LIST_SERVICES))?;
    let is_named = |arn: &String| {
        let name = arn.rsplit('/').next().unwrap_or_default();
        scope.tier.services.keys().any(|one| one.as_str() == name)
    };
    let others: Vec<String> = arns.into_iter().filter(|arn| !is_named(arn)).collect();
    let batches = others.chunks(BATCH).map(|batch| async {
        let call = client.describe_services().cluster(scope.cluster.as_str()).set_services(Some(batch.to_vec()));
        let answer = call.include(sdk::ServiceField::Tags).send().await.map_err(failed(SERVICES))?;
        let standing = answer.services().iter().filter(|one| one.status() == Some("ACTIVE"));
        standing.map(service).collect::<Result<Vec<_>, ActionError>>()
    });
    Ok(try_join_all(batches).await?.concat())
}

fn service(one: &sdk::Service) -> Result<FoundService, ActionError> {
    let network = one.network_configuration().and_then(|network| network.awsvpc_configuration());
    let subnets = network.map(|network| network.subnets()).unwrap_or_default();
    Ok(FoundService {
        name: parsed(SERVICES, one.service_name())?,
        desired_count: u32::try_from(one.desired_count()).unwrap_or_default(),
        subnets: subnets.iter().filter_map(|id| id.parse().ok()).collect(),
        target_groups: targets::arns(one.load_balancers().iter().map(|one| one.target_group_arn())),
        tags: tags::from_ecs(one.tags()),
    })
}

/// All tasks of the cluster: those that are meant to run, and those that were told to stop, for both have their
/// interfaces until they are gone.
pub(super) async fn all_tasks(client: &Client, cluster: &ClusterName) -> Result<Vec<FoundTask>, ActionError> {
    let (running, stopping) = tokio::try_join!(
        tasks::list(client, cluster, sdk::DesiredStatus::Running),
        tasks::list(client, cluster, sdk::DesiredStatus::Stopped)
    )?;
    let described = tasks::describe(client, cluster, &[running, stopping].concat()).await?;
    Ok(described.iter().map(task).collect())
}

fn task(one: &sdk::Task) -> FoundTask {
    let service = tasks::service_of(one).and_then(|name| name.parse().ok());
    let attachments = one.attachments();
    let detail = |name: &'static str| {
        let details = attachments.iter().flat_map(|one| one.details());
        details.filter(move |pair| pair.name() == Some(name)).filter_map(|pair| Some(pair.value()?.to_owned()))
    };
    let ids = attachments.iter().filter_map(|one| Some(one.id()?.to_owned()));
    let addresses: BTreeSet<String> = detail("privateIPv4Address").chain(detail("iPv6Address")).collect();
    FoundTask { service, attachments: ids.chain(detail("networkInterfaceId")).collect(), addresses }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_says_whose_it_is_and_where() {
        let pair = |name: &str, value: &str| sdk::KeyValuePair::builder().name(name).value(value).build();
        let attachment = sdk::Attachment::builder()
            .id("0f3a")
            .details(pair("networkInterfaceId", "eni-1"))
            .details(pair("privateIPv4Address", "10.0.1.7"))
            .build();
        let read = task(&sdk::Task::builder().group("service:orders").attachments(attachment).build());
        assert_eq!(read.service.map(|name| name.to_string()).as_deref(), Some("orders"));
        assert_eq!(read.attachments, ["0f3a".to_owned(), "eni-1".to_owned()].into());
        assert_eq!(read.addresses, ["10.0.1.7".to_owned()].into());
        assert_eq!(task(&sdk::Task::builder().group("family:report").build()).service, None);
    }
}
