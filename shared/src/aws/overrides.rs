//! Override tags: on the cluster, and on whatever else of the environment carries one.
//!
//! The Tagging API also lists what is long deleted (facts §7), so it only finds candidates; the owning service confirms.

use aws_sdk_ec2::types::Filter;
use aws_sdk_ecs::types::ServiceField;
use aws_sdk_resourcegroupstagging::types::TagFilter;
use futures::future::join_all;

use super::cluster::Standing;
use super::errors::{Outcome, failed, strange};
use super::{Aws, cluster, tags};
use crate::model::*;
use crate::ports::{ActionError, FoundOverride, FoundOverrides, Scope};

const GET: &str = "tag:GetResources";

/// A resource that the Tagging API says carries an override.
struct Candidate {
    arn: String,
    value: String,
}

/// Whether the owning service has the tags.
enum Confirmation {
    /// It has these.
    Tags(Tags),
    /// There is no such resource any more.
    Gone,
    /// Curfew does not know how to ask that service.
    Unasked,
}

/// All overrides of the environment, the cluster's first.
///
/// # Errors
/// If any of them could not be read.
pub(super) async fn find(aws: &Aws, scope: Scope<'_>) -> Result<FoundOverrides, ActionError> {
    let (cluster, candidates) =
        tokio::join!(cluster::look(&aws.ecs, scope.cluster.as_str()), candidates(aws, scope.environment));
    // One that does not exist has no override; that it is missing is told of its services.
    let Standing { arn: cluster, tags: cluster_tags } = cluster?;
    let account = cluster.account().ok_or_else(|| strange(cluster::DESCRIBE, "the cluster's ARN names no account"))?;
    let of_cluster = cluster_tags.and_then(|tags| from_tags(cluster.to_string(), &tags));
    let mut tags: Vec<FoundOverride> = of_cluster.into_iter().collect();
    let others: Vec<Candidate> = candidates?.into_iter().filter(|one| one.arn != cluster.as_str()).collect();
    for confirmed in join_all(others.iter().map(|one| confirm(aws, scope, one))).await {
        tags.extend(confirmed?);
    }
    Ok(FoundOverrides { account, tags })
}

async fn candidates(aws: &Aws, environment: &EnvironmentName) -> Result<Vec<Candidate>, ActionError> {
    let of_environment = TagFilter::builder().key(ENVIRONMENT_TAG).values(environment.as_str()).build();
    let pages = aws
        .tagging
        .get_resources()
        .tag_filters(TagFilter::builder().key(OVERRIDE_TAG).build())
        .tag_filters(of_environment)
        .into_paginator()
        .items()
        .send();
    let found: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(GET))?;
    let read = found.into_iter().filter_map(|one| {
        let value = one.tags().iter().find(|tag| tag.key == OVERRIDE_TAG)?.value.clone();
        Some(Candidate { arn: one.resource_arn?, value })
    });
    Ok(read.collect())
}

/// An override among the tags of a resource.
fn from_tags(resource: String, tags: &Tags) -> Option<FoundOverride> {
    let value = tags.get(OVERRIDE_TAG)?.clone();
    let held = tags.get(HOLD_TAG) == Some(&value);
    Some(FoundOverride { resource, value, held })
}

/// What remains of a candidate when its owning service was asked.
async fn confirm(aws: &Aws, scope: Scope<'_>, one: &Candidate) -> Result<Option<FoundOverride>, ActionError> {
    Ok(match ask(aws, scope, &one.arn).await? {
        Confirmation::Tags(tags) if is_of(scope.environment, &tags) => from_tags(one.arn.clone(), &tags),
        Confirmation::Tags(_) | Confirmation::Gone => None,
        // Believed only where it keeps things alive.
        Confirmation::Unasked => one.value.trim_start().to_ascii_lowercase().starts_with("up").then(|| FoundOverride {
            resource: one.arn.clone(),
            value: one.value.clone(),
            held: false,
        }),
    })
}

async fn ask(aws: &Aws, scope: Scope<'_>, arn: &str) -> Result<Confirmation, ActionError> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next().unwrap_or_default(), parts.nth(2).unwrap_or_default());
    let (kind, id) = resource.split_once('/').unwrap_or_default();
    match (service, kind) {
        ("ecs", "service") => ask_ecs_service(aws, scope, arn, id).await,
        ("ecs", "cluster") => {
            Ok(cluster::look(&aws.ecs, arn).await?.tags.map_or(Confirmation::Gone, Confirmation::Tags))
        }
        ("ec2", _) if !id.is_empty() => ask_ec2(aws, id).await,
        ("elasticloadbalancing", "loadbalancer" | "targetgroup" | "listener" | "listener-rule") => {
            ask_elb(aws, arn).await
        }
        _ => Ok(Confirmation::Unasked),
    }
}

/// `id` is `cluster/service`, or only `service` in old ARNs.
async fn ask_ecs_service(aws: &Aws, scope: Scope<'_>, arn: &str, id: &str) -> Result<Confirmation, ActionError> {
    let call = "ecs:DescribeServices";
    let cluster = id.split_once('/').map_or(scope.cluster.as_str(), |(cluster, _)| cluster);
    let describe = aws.ecs.describe_services().cluster(cluster).services(arn).include(ServiceField::Tags);
    let answer = describe.send().await.map_err(failed(call)).none_on("ClusterNotFoundException")?;
    let Some(answer) = answer else { return Ok(Confirmation::Gone) };
    match answer.services().iter().find(|service| service.status() != Some("INACTIVE")) {
        Some(service) => Ok(Confirmation::Tags(tags::from_ecs(service.tags()))),
        None if answer.failures().iter().all(|failure| failure.reason() == Some("MISSING")) => Ok(Confirmation::Gone),
        None => Err(strange(call, format!("{arn} could not be described"))),
    }
}

/// EC2 tells the tags of whatever has an id.
async fn ask_ec2(aws: &Aws, id: &str) -> Result<Confirmation, ActionError> {
    let filter = Filter::builder().name("resource-id").values(id).build();
    let pages = aws.ec2.describe_tags().filters(filter).into_paginator().items().send();
    let found: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed("ec2:DescribeTags"))?;
    let pair = |tag: aws_sdk_ec2::types::TagDescription| Some((tag.key?, tag.value.unwrap_or_default()));
    Ok(Confirmation::Tags(found.into_iter().filter_map(pair).collect()))
}

async fn ask_elb(aws: &Aws, arn: &str) -> Result<Confirmation, ActionError> {
    let gone = ["LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound", "RuleNotFound"];
    let answer = aws.elb.describe_tags().resource_arns(arn).send().await;
    match answer.map_err(failed("elasticloadbalancing:DescribeTags")) {
        Ok(answer) => {
            let tags = answer.tag_descriptions().first().map(|one| tags::from_elb(one.tags()));
            Ok(Confirmation::Tags(tags.unwrap_or_default()))
        }
        Err(error) if gone.contains(&error.code.as_str()) => Ok(Confirmation::Gone),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_repeats_the_override() {
        let tags = |hold: &str| -> Tags {
            [(OVERRIDE_TAG.to_owned(), "up".to_owned()), (HOLD_TAG.to_owned(), hold.to_owned())].into()
        };
        assert_eq!(from_tags("r".into(), &tags("up")).map(|found| found.held), Some(true));
        assert_eq!(from_tags("r".into(), &tags("down")).map(|found| found.held), Some(false));
        assert_eq!(from_tags("r".into(), &Tags::new()), None);
    }
}
