//! Target groups and the health of their targets.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{TargetGroup, TargetHealthDescription, TargetHealthStateEnum};
use futures::future::{join_all, try_join_all};

use super::errors::{Outcome, failed, unobserved};
use crate::model::*;
use crate::ports::{ActionError, Scope};

const DESCRIBE: &str = "elasticloadbalancing:DescribeTargetGroups";
const HEALTH: &str = "elasticloadbalancing:DescribeTargetHealth";
const NO_SUCH_GROUP: &str = "TargetGroupNotFound";
/// So many at a time are asked for.
const BATCH: usize = 20;

/// Target groups that exist, with whether a listener or a rule forwards to them.
type Attached = BTreeMap<TargetGroupArn, bool>;

/// Looks at the target groups of the scope's load balancers and of the services that are known.
pub(super) async fn look(client: &Client, scope: Scope<'_>, known: &Observation) -> Observation {
    let mut wanted = scope.tier.target_groups();
    for service in known.services.values().filter_map(Seen::present) {
        wanted.extend(service.target_groups.iter().cloned());
    }
    let wanted: Vec<TargetGroupArn> = wanted.into_iter().collect();
    let batches = join_all(wanted.chunks(BATCH).map(|batch| look_at_batch(client, batch, known))).await;
    Observation { targets: batches.into_iter().flatten().collect(), ..Observation::default() }
}

/// Looks at one target group, which stands as far as is known.
pub(super) async fn look_at(client: &Client, group: &TargetGroupArn, known: &Observation) -> Observation {
    let targets = look_at_batch(client, std::slice::from_ref(group), known).await.into_iter().collect();
    Observation { targets, ..Observation::default() }
}

type Entry = (TargetGroupArn, Seen<ObservedTargets>);

async fn look_at_batch(client: &Client, batch: &[TargetGroupArn], known: &Observation) -> Vec<Entry> {
    let attached = match still_attached(client, batch, known).await {
        Ok(attached) => attached,
        Err(error) => {
            return batch.iter().map(|arn| (arn.clone(), Seen::Unknown(unobserved(&error)))).collect();
        }
    };
    let attached = &attached;
    join_all(batch.iter().map(|arn| async move {
        let seen = match attached.get(arn) {
            Some(attached) => look_at_one(client, arn, *attached, known).await,
            None => Seen::Absent,
        };
        (arn.clone(), seen)
    }))
    .await
}

/// Which exist. A run that has seen all of them attached does not ask again while it waits for their targets.
async fn still_attached(
    client: &Client,
    batch: &[TargetGroupArn],
    known: &Observation,
) -> Result<Attached, ActionError> {
    let was_attached = |arn: &TargetGroupArn| known.targets.get(arn)?.ready().filter(|targets| targets.attached);
    if batch.iter().all(|arn| was_attached(arn).is_some()) {
        return Ok(batch.iter().map(|arn| (arn.clone(), true)).collect());
    }
    attached(client, batch).await
}

/// Which of some exist.
pub(super) async fn standing(
    client: &Client,
    arns: &[TargetGroupArn],
) -> Result<BTreeSet<TargetGroupArn>, ActionError> {
    let batches = try_join_all(arns.chunks(BATCH).map(|batch| attached(client, batch))).await?;
    Ok(batches.into_iter().flat_map(BTreeMap::into_keys).collect())
}

/// Which exist, in one call; if one is missing AWS does not say which, and each is asked for alone.
async fn attached(client: &Client, batch: &[TargetGroupArn]) -> Result<Attached, ActionError> {
    if let Some(all) = describe(client, batch).await? {
        return Ok(all);
    }
    let each = join_all(batch.chunks(1).map(|one| describe(client, one))).await;
    let mut found = Attached::new();
    for one in each {
        found.extend(one?.unwrap_or_default());
    }
    Ok(found)
}

async fn describe(client: &Client, arns: &[TargetGroupArn]) -> Result<Option<Attached>, ActionError> {
    let arns = arns.iter().map(TargetGroupArn::to_string).collect();
    let answer = client.describe_target_groups().set_target_group_arns(Some(arns)).send().await;
    let answer = answer.map_err(failed(DESCRIBE)).none_on(NO_SUCH_GROUP)?;
    let read =
        |group: &TargetGroup| Some((group.target_group_arn()?.parse().ok()?, !group.load_balancer_arns().is_empty()));
    Ok(answer.map(|answer| answer.target_groups().iter().filter_map(read).collect()))
}

/// Targets of a group without a load balancer are `unused` (facts §2), so only those that were seen lately are asked for.
async fn look_at_one(
    client: &Client,
    arn: &TargetGroupArn,
    attached: bool,
    known: &Observation,
) -> Seen<ObservedTargets> {
    let before = known.targets.get(arn).and_then(Seen::present);
    let had_targets = before.is_some_and(|before| before.healthy + before.waiting + before.draining > 0);
    if !attached && !had_targets {
        return Seen::Ready(ObservedTargets::default());
    }
    let answer = client.describe_target_health().target_group_arn(arn.as_str()).send().await;
    match answer.map_err(failed(HEALTH)).none_on(NO_SUCH_GROUP) {
        Ok(Some(answer)) => Seen::Ready(count(attached, answer.target_health_descriptions())),
        Ok(None) => Seen::Absent,
        Err(error) => Seen::Unknown(unobserved(&error)),
    }
}

fn count(attached: bool, targets: &[TargetHealthDescription]) -> ObservedTargets {
    let mut counts = ObservedTargets { attached, ..ObservedTargets::default() };
    for target in targets {
        match target.target_health().and_then(|health| health.state()) {
            Some(TargetHealthStateEnum::Healthy) => counts.healthy += 1,
            Some(TargetHealthStateEnum::Draining | TargetHealthStateEnum::UnhealthyDraining) => counts.draining += 1,
            Some(TargetHealthStateEnum::Unused) => {}
            // Initial, unhealthy, unavailable, or something new that is not healthy.
            _ => counts.waiting += 1,
        }
    }
    counts
}

/// The target groups among some texts; what is none is left out.
pub(super) fn arns<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> BTreeSet<TargetGroupArn> {
    texts.filter_map(|text| text?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::TargetHealth;

    use super::*;

    #[test]
    fn unused_targets_count_as_nothing() {
        let target = |state: TargetHealthStateEnum| {
            TargetHealthDescription::builder().target_health(TargetHealth::builder().state(state).build()).build()
        };
        let targets = [
            target(TargetHealthStateEnum::Healthy),
            target(TargetHealthStateEnum::Initial),
            target(TargetHealthStateEnum::Unhealthy),
            target(TargetHealthStateEnum::Unavailable),
            target(TargetHealthStateEnum::Draining),
            target(TargetHealthStateEnum::Unused),
        ];
        let wanted = ObservedTargets { attached: true, healthy: 1, waiting: 3, draining: 1 };
        assert_eq!(count(true, &targets), wanted);
    }
}
