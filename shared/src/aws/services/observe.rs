//! What is there: services, their tasks, and what they are made from.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::types::{DesiredStatus, Service as SdkService, ServiceField};
use futures::future::join_all;

use super::{definition, unsupported};
use crate::aws::errors::{Outcome, failed, parsed, strange, unobserved};
use crate::aws::scaling::{self, ApplicationAutoScaling};
use crate::aws::{tags, targets};
use crate::model::*;
use crate::ports::{ActionError, Scope};

const DESCRIBE: &str = "ecs:DescribeServices";
const NO_SUCH_CLUSTER: &str = "ClusterNotFoundException";
/// The most services that one DescribeServices takes (facts §3).
const BATCH: usize = 10;
/// The most tasks that one DescribeTasks takes (facts §3).
const TASK_BATCH: usize = 100;

/// Looks at the scope's services, ten at a time.
pub(in crate::aws) async fn look(
    client: &Client,
    scaling: &ApplicationAutoScaling,
    scope: Scope<'_>,
    known: &Observation,
) -> Observation {
    let wanted: Vec<(&ServiceName, &Service)> = scope.tier.services.iter().collect();
    let batches = join_all(wanted.chunks(BATCH).map(|batch| look_at_batch(client, scope, batch))).await;
    let services: Result<Vec<Vec<Entry>>, NoCluster> = batches.into_iter().collect();
    let services = services.map(|batches| batches.into_iter().flatten().collect());
    let Ok(services) = services else { return without_cluster(scope) };
    let services = with_scaling(scaling, scope.cluster, services, &known.services).await;
    Observation { services, missing: [(Part::Services, BTreeSet::new())].into(), ..Observation::default() }
}

/// The cluster does not exist, and none of its services does.
struct NoCluster;

fn without_cluster(scope: Scope<'_>) -> Observation {
    let missing = [BaseResource::Cluster(scope.cluster.clone())].into();
    let services = scope.tier.services.keys().map(|name| (name.clone(), Seen::Absent)).collect();
    Observation { services, missing: [(Part::Services, missing)].into(), ..Observation::default() }
}

type Entry = (ServiceName, Seen<ObservedService>);
type SeenServices = BTreeMap<ServiceName, Seen<ObservedService>>;

/// Adds the auto scaling of services of ours that are there to stay. If it could not be observed, neither was the
/// service (invariants 4 and 8).
async fn with_scaling(
    scaling: &ApplicationAutoScaling,
    cluster: &ClusterName,
    services: SeenServices,
    known: &SeenServices,
) -> SeenServices {
    let before = |name: &ServiceName| known.get(name).and_then(ours).and_then(seen_scaling);
    let standing =
        services.iter().filter(|(_, seen)| ours(seen).is_some()).map(|(name, _)| (name.clone(), before(name)));
    let asked: BTreeMap<ServiceName, Option<scaling::Seen>> = standing.collect();
    let mut found = scaling.of_services(cluster, &asked).await;
    let with = |(name, mut seen): Entry| {
        if let Seen::Pending(service) | Seen::Ready(service) = &mut seen
            && asked.contains_key(&name)
        {
            match &mut found {
                Ok(found) => {
                    let found = found.remove(&name);
                    service.load_balancer_policies =
                        found.as_ref().map(|found| found.load_balancer_policies.clone()).unwrap_or_default();
                    service.configuration.scaling = found.map(|found| found.scaling);
                }
                Err(error) => return (name, Seen::Unknown(unobserved(error))),
            }
        }
        (name, seen)
    };
    services.into_iter().map(with).collect()
}

fn seen_scaling(service: &ObservedService) -> Option<scaling::Seen> {
    let load_balancer_policies = service.load_balancer_policies.clone();
    service.configuration.scaling.clone().map(|scaling| scaling::Seen { scaling, load_balancer_policies })
}

/// A service of ours that is there to stay.
fn ours(seen: &Seen<ObservedService>) -> Option<&ObservedService> {
    seen.standing().filter(|service| service.ownership.owned().is_some())
}

async fn look_at_batch(
    client: &Client,
    scope: Scope<'_>,
    batch: &[(&ServiceName, &Service)],
) -> Result<Vec<Entry>, NoCluster> {
    let names = batch.iter().map(|(name, _)| name.to_string()).collect();
    let answer = client
        .describe_services()
        .cluster(scope.cluster.as_str())
        .set_services(Some(names))
        .include(ServiceField::Tags)
        .send()
        .await
        .map_err(failed(DESCRIBE));
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.code == NO_SUCH_CLUSTER => return Err(NoCluster),
        Err(error) => {
            let why = unobserved(&error);
            return Ok(batch.iter().map(|(name, _)| ((*name).clone(), Seen::Unknown(why.clone()))).collect());
        }
    };
    let answer = &answer;
    let seen = join_all(batch.iter().map(|(name, wanted)| async move {
        let seen = look_at_one(client, scope, name, wanted, answer).await;
        ((*name).clone(), seen.unwrap_or_else(|error| Seen::Unknown(unobserved(&error))))
    }));
    Ok(seen.await)
}

async fn look_at_one(
    client: &Client,
    scope: Scope<'_>,
    name: &ServiceName,
    wanted: &Service,
    answer: &DescribeServicesOutput,
) -> Result<Seen<ObservedService>, ActionError> {
    let found = answer.services().iter().find(|service| service.service_name() == Some(name.as_str()));
    let Some(found) = found else { return absent(name, answer) };
    let status = found.status().unwrap_or_default();
    if status == "INACTIVE" {
        return Ok(Seen::Absent);
    }
    let stopping = if stopping_matters(found, wanted) { stopping_tasks(client, scope.cluster, name).await? } else { 0 };
    let observed = observed(scope, found, wanted, stopping)?;
    match status {
        "ACTIVE" => Ok(Seen::Ready(observed)),
        "DRAINING" => Ok(Seen::Leaving(observed)),
        other => Err(strange(DESCRIBE, format!("service {name} is in an unknown state {other}"))),
    }
}

/// AWS says why it left a service out of its answer; only `MISSING` means that there is none.
fn absent(name: &ServiceName, answer: &DescribeServicesOutput) -> Result<Seen<ObservedService>, ActionError> {
    let of_service = |arn: &str| arn.rsplit('/').next() == Some(name.as_str());
    let failure = answer.failures().iter().find(|failure| failure.arn().is_some_and(of_service));
    match failure.and_then(|failure| failure.reason()) {
        Some("MISSING") => Ok(Seen::Absent),
        reason => {
            let reason = reason.unwrap_or("AWS did not say why");
            Err(strange(DESCRIBE, format!("service {name} could not be described: {reason}")))
        }
    }
}

/// Tasks that are told to stop and not gone matter when none may be left.
fn stopping_matters(found: &SdkService, wanted: &Service) -> bool {
    found.desired_count() == 0 || wanted.singleton || wanted.while_down == ServiceWhileDown::Delete
}

async fn stopping_tasks(client: &Client, cluster: &ClusterName, service: &ServiceName) -> Result<u32, ActionError> {
    let pages = client
        .list_tasks()
        .cluster(cluster.as_str())
        .service_name(service.as_str())
        .desired_status(DesiredStatus::Stopped)
        .into_paginator()
        .items()
        .send();
    let listed = pages.collect::<Result<Vec<String>, _>>().await.map_err(failed("ecs:ListTasks"));
    let arns = listed.none_on("ServiceNotFoundException")?.unwrap_or_default();
    let batches = arns.chunks(TASK_BATCH).map(|batch| async {
        let answer = client.describe_tasks().cluster(cluster.as_str()).set_tasks(Some(batch.to_vec())).send().await;
        let answer = answer.map_err(failed("ecs:DescribeTasks"))?;
        Ok(answer.tasks().iter().filter(|task| task.last_status() != Some("STOPPED")).count())
    });
    let counts = join_all(batches).await.into_iter().collect::<Result<Vec<usize>, ActionError>>()?;
    Ok(u32::try_from(counts.iter().sum::<usize>()).unwrap_or(u32::MAX))
}

fn observed(
    scope: Scope<'_>,
    found: &SdkService,
    wanted: &Service,
    stopping: u32,
) -> Result<ObservedService, ActionError> {
    let arn: ServiceArn = parsed(DESCRIBE, found.service_arn())?;
    let tags = tags::from_ecs(found.tags());
    let mut reasons = unsupported::always(found);
    let mut configuration = Service {
        desired_count: count(found.desired_count()),
        task_definition: None,
        definition: None,
        scaling: None,
        ..wanted.clone()
    };
    if wanted.while_down == ServiceWhileDown::Delete {
        reasons.extend(unsupported::when_deleted(found));
        configuration.task_definition = family(found.task_definition());
        match definition::from_sdk(found, &tags) {
            Ok(definition) => configuration.definition = Some(definition),
            Err(reason) => reasons.push(reason),
        }
    }
    Ok(ObservedService {
        ownership: Ownership::prove(scope.environment, arn, &tags, wanted.adopted.as_ref()),
        configuration,
        tasks: TaskCounts { pending: count(found.pending_count()), running: count(found.running_count()), stopping },
        task_definition: revision(found.task_definition()),
        target_groups: targets::arns(found.load_balancers().iter().map(|one| one.target_group_arn())),
        load_balancer_policies: BTreeMap::new(),
        unsupported: reasons,
    })
}

/// AWS counts in signed numbers.
fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// The family in a task definition's ARN, without its revision.
fn family(arn: Option<&str>) -> Option<TaskFamily> {
    revision(arn)?.split(':').next()?.parse().ok()
}

/// The family in a task definition's ARN, with its revision.
fn revision(arn: Option<&str>) -> Option<String> {
    arn?.rsplit('/').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_no_revision() {
        let arn = "arn:aws:ecs:us-west-2:123456789012:task-definition/durable-dev-backend:17";
        assert_eq!(family(Some(arn)).map(String::from).as_deref(), Some("durable-dev-backend"));
        assert_eq!(revision(Some(arn)).as_deref(), Some("durable-dev-backend:17"));
        assert_eq!(family(None), None);
    }

    #[test]
    fn only_missing_means_absent() {
        let failure = |reason: &str| {
            let arn = "arn:aws:ecs:us-west-2:123456789012:service/c/api";
            let failure = aws_sdk_ecs::types::Failure::builder().arn(arn).reason(reason).build();
            DescribeServicesOutput::builder().failures(failure).build()
        };
        let name: ServiceName = "api".parse().expect("a name");
        assert_eq!(absent(&name, &failure("MISSING")), Ok(Seen::Absent));
        assert!(absent(&name, &failure("ACCESS_DENIED")).is_err());
        assert!(absent(&name, &DescribeServicesOutput::builder().build()).is_err());
    }
}
