//! ECS clusters, their services, and the sizes of their tasks.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types as sdk;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::AT_ONCE;
use crate::aws::errors::{Outcome, failed, parsed};
use crate::aws::{tags, targets};
use crate::capture::found::{Ecs, Service};
use crate::model::*;
use crate::ports::ActionError;

const LIST_CLUSTERS: &str = "ecs:ListClusters";
const CLUSTERS: &str = "ecs:DescribeClusters";
const LIST_SERVICES: &str = "ecs:ListServices";
const SERVICES: &str = "ecs:DescribeServices";
const TASK_DEFINITION: &str = "ecs:DescribeTaskDefinition";
/// The most clusters that one DescribeClusters takes, and the most services that one page lists (facts §3).
const PAGE: usize = 100;
/// The most services that one DescribeServices takes (facts §3).
const BATCH: usize = 10;

pub(super) async fn find(client: &Client) -> Result<Ecs, ActionError> {
    let clusters = clusters(client).await?;
    let services = stream::iter(clusters.keys().cloned()).map(|cluster| services(client, cluster));
    let services: Vec<Vec<Service>> = services.buffered(AT_ONCE).try_collect().await?;
    Ok(Ecs { services: services.into_iter().flatten().collect(), clusters })
}

async fn clusters(client: &Client) -> Result<BTreeMap<ClusterName, Tags>, ActionError> {
    let pages = client.list_clusters().into_paginator().items().send();
    let arns: Vec<String> = pages.collect::<Result<_, _>>().await.map_err(failed(LIST_CLUSTERS))?;
    let mut clusters = BTreeMap::new();
    for batch in arns.chunks(PAGE) {
        let call = client.describe_clusters().set_clusters(Some(batch.to_vec())).include(sdk::ClusterField::Tags);
        let answer = call.send().await.map_err(failed(CLUSTERS))?;
        for one in answer.clusters().iter().filter(|one| one.status() == Some("ACTIVE")) {
            clusters.insert(parsed(CLUSTERS, one.cluster_name())?, tags::from_ecs(one.tags()));
        }
    }
    Ok(clusters)
}

/// A cluster's services that are there to stay.
async fn services(client: &Client, cluster: ClusterName) -> Result<Vec<Service>, ActionError> {
    let page = i32::try_from(PAGE).unwrap_or(BATCH as i32);
    let pages = client.list_services().cluster(cluster.as_str()).max_results(page).into_paginator().items().send();
    let listed = pages.collect::<Result<Vec<String>, _>>().await.map_err(failed(LIST_SERVICES));
    // A cluster may be gone since it was listed.
    let arns = listed.none_on("ClusterNotFoundException")?.unwrap_or_default();
    let mut services = Vec::new();
    for batch in arns.chunks(BATCH) {
        let call = client.describe_services().cluster(cluster.as_str()).set_services(Some(batch.to_vec()));
        let answer = call.include(sdk::ServiceField::Tags).send().await.map_err(failed(SERVICES))?;
        for one in answer.services().iter().filter(|one| one.status() == Some("ACTIVE")) {
            services.push(service(&cluster, one)?);
        }
    }
    Ok(services)
}

fn service(cluster: &ClusterName, one: &sdk::Service) -> Result<Service, ActionError> {
    let network = one.network_configuration().and_then(|network| network.awsvpc_configuration());
    let subnets = network.map(|network| network.subnets()).unwrap_or_default();
    let count = |number: i32| u32::try_from(number).unwrap_or_default();
    Ok(Service {
        cluster: cluster.clone(),
        name: parsed(SERVICES, one.service_name())?,
        arn: parsed(SERVICES, one.service_arn())?,
        subnets: subnets.iter().filter_map(|id| id.parse().ok()).collect(),
        target_groups: targets::arns(one.load_balancers().iter().map(|one| one.target_group_arn())),
        desired_count: count(one.desired_count()),
        maximum_percent: one.deployment_configuration().and_then(|one| one.maximum_percent()).map_or(200, count),
        task_definition: one.task_definition().unwrap_or_default().to_owned(),
        tags: tags::from_ecs(one.tags()),
    })
}

pub(super) async fn task_sizes(
    client: &Client,
    definitions: &BTreeSet<String>,
) -> Result<BTreeMap<String, TaskSize>, ActionError> {
    let sizes = stream::iter(definitions.iter().cloned()).map(|definition| async move {
        let call = client.describe_task_definition().task_definition(&definition);
        let answer = call.send().await.map_err(failed(TASK_DEFINITION))?;
        Ok((definition, answer.task_definition().and_then(size)))
    });
    let sizes: Vec<(String, Option<TaskSize>)> = sizes.buffered(AT_ONCE).try_collect().await?;
    Ok(sizes.into_iter().filter_map(|(definition, size)| Some((definition, size?))).collect())
}

/// The size that a task definition of Fargate has to say.
fn size(definition: &sdk::TaskDefinition) -> Option<TaskSize> {
    let platform = definition.runtime_platform().and_then(|platform| platform.cpu_architecture());
    Some(TaskSize {
        cpu: definition.cpu()?.parse().ok()?,
        memory: definition.memory()?.parse().ok()?,
        architecture: match platform {
            Some(sdk::CpuArchitecture::Arm64) => Architecture::Arm64,
            _ => Architecture::X86,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_definition_says_its_size() {
        let definition = sdk::TaskDefinition::builder().cpu("512").memory("1024");
        let wanted = TaskSize { cpu: 512, memory: 1024, architecture: Architecture::X86 };
        assert_eq!(size(&definition.clone().build()), Some(wanted));
        let arm = sdk::RuntimePlatform::builder().cpu_architecture(sdk::CpuArchitecture::Arm64).build();
        let wanted = TaskSize { architecture: Architecture::Arm64, ..wanted };
        assert_eq!(size(&definition.runtime_platform(arm).build()), Some(wanted));
        assert_eq!(size(&sdk::TaskDefinition::builder().build()), None);
    }
}
