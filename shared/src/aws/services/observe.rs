//! What is there: services, their tasks, and what they are made from.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::describe_services::DescribeServicesOutput;
use aws_sdk_ecs::types::{DesiredStatus, Service as SdkService, ServiceField, Task};
use futures::future::join_all;

use super::{definition, unsupported};
use crate::aws::errors::{failed, parsed, strange, unobserved};
use crate::aws::scaling::{self, ApplicationAutoScaling};
use crate::aws::{tags, targets, tasks};
use crate::model::*;
use crate::ports::{ActionError, Scope};

const DESCRIBE: &str = "ecs:DescribeServices";
const NO_SUCH_CLUSTER: &str = "ClusterNotFoundException";
/// The most services that one DescribeServices takes (facts §3).
const BATCH: usize = 10;

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
    let services = with_stopping_tasks(client, scope, services).await;
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
    let seen = batch.iter().map(|(name, wanted)| {
        let seen = read(scope, name, wanted, &answer);
        ((*name).clone(), seen.unwrap_or_else(|error| Seen::Unknown(unobserved(&error))))
    });
    Ok(seen.collect())
}

fn read(
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
    let observed = observed(scope, found, wanted)?;
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

/// Adds the tasks that are told to stop and not gone, which a service's own counts leave out: those of the whole cluster are
/// listed at once, where one service's matter. If they could not be observed, neither was any service that they matter to
/// (invariant 4).
async fn with_stopping_tasks(client: &Client, scope: Scope<'_>, services: SeenServices) -> SeenServices {
    let matter = |name: &ServiceName, seen: &Seen<ObservedService>| {
        let wanted = scope.tier.services.get(name);
        seen.present().zip(wanted).is_some_and(|(found, wanted)| stopping_matters(found, wanted))
    };
    let asked: BTreeSet<ServiceName> =
        services.iter().filter(|(name, seen)| matter(name, seen)).map(|(name, _)| name.clone()).collect();
    if asked.is_empty() {
        return services;
    }
    let counted = stopping_tasks(client, scope.cluster).await;
    let with = |(name, mut seen): Entry| match &counted {
        Err(error) if asked.contains(&name) => (name, Seen::Unknown(unobserved(error))),
        Ok(counts) if asked.contains(&name) => {
            if let Seen::Pending(found) | Seen::Ready(found) | Seen::Leaving(found) = &mut seen {
                found.tasks.stopping = counts.get(name.as_str()).copied().unwrap_or_default();
            }
            (name, seen)
        }
        Ok(_) | Err(_) => (name, seen),
    };
    services.into_iter().map(with).collect()
}

/// Tasks that are told to stop and not gone matter when none may be left.
fn stopping_matters(found: &ObservedService, wanted: &Service) -> bool {
    found.configuration.desired_count == 0 || wanted.singleton || wanted.while_down == ServiceWhileDown::Delete
}

/// How many tasks of each service of a cluster are told to stop and not gone.
async fn stopping_tasks(client: &Client, cluster: &ClusterName) -> Result<BTreeMap<String, u32>, ActionError> {
    let arns = tasks::list(client, cluster, DesiredStatus::Stopped).await?;
    let described = tasks::describe(client, cluster, &arns).await?;
    let mut counts = BTreeMap::new();
    for service in described.iter().filter_map(stopping_task_of) {
        *counts.entry(service.to_owned()).or_default() += 1;
    }
    Ok(counts)
}

/// The service whose task it is, unless it has stopped.
fn stopping_task_of(task: &Task) -> Option<&str> {
    tasks::service_of(task).filter(|_| task.last_status() != Some("STOPPED"))
}

fn observed(scope: Scope<'_>, found: &SdkService, wanted: &Service) -> Result<ObservedService, ActionError> {
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
        // Those that are stopping are counted for all services at once.
        tasks: TaskCounts { pending: count(found.pending_count()), running: count(found.running_count()), stopping: 0 },
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
    fn a_task_counts_for_its_service_until_it_has_stopped() {
        let task = |group: &str, status: &str| Task::builder().group(group).last_status(status).build();
        let of = |group, status| stopping_task_of(&task(group, status)).map(str::to_owned);
        assert_eq!(of("service:api", "DEACTIVATING").as_deref(), Some("api"));
        assert_eq!(of("service:api", "STOPPED"), None);
        assert_eq!(of("family:report", "STOPPING"), None);
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
