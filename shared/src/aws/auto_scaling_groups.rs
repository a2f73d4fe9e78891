//! Auto Scaling groups of EC2: their capacity is set, and nothing else of them.

mod unsupported;

use std::collections::BTreeMap;

use aws_sdk_autoscaling::Client;
use aws_sdk_autoscaling::types::{AutoScalingGroup as SdkGroup, Instance, LifecycleState};
use futures::future::try_join_all;

use super::errors::{Outcome, failed, parsed, strange, unobserved};
use super::tags;
use crate::model::*;
use crate::ports::{ActionError, Scope};

const DESCRIBE: &str = "autoscaling:DescribeAutoScalingGroups";

/// The group is in the middle of something.
const NOT_NOW: &[&str] = &["ResourceContention", "ScalingActivityInProgress"];

/// Looks at the groups that the blueprint names: all in one call, and at the schedule of each.
pub(super) async fn look(client: &Client, scope: Scope<'_>) -> Observation {
    let wanted = &scope.tier.auto_scaling_groups;
    if wanted.is_empty() {
        return Observation::default();
    }
    let found = find(client, scope).await;
    let seen = |group: &AutoScalingGroup| match &found {
        Ok(found) => found.get(&group.name).cloned().unwrap_or(Seen::Absent),
        Err(error) => Seen::Unknown(unobserved(error)),
    };
    let auto_scaling_groups = wanted.iter().map(|(name, group)| (name.clone(), seen(group))).collect();
    Observation { auto_scaling_groups, ..Observation::default() }
}

type Found = BTreeMap<AutoScalingGroupName, Seen<ObservedAutoScalingGroup>>;

async fn find(client: &Client, scope: Scope<'_>) -> Result<Found, ActionError> {
    let names = scope.tier.auto_scaling_groups.values().map(|one| one.name.to_string()).collect();
    let described = client.describe_auto_scaling_groups().set_auto_scaling_group_names(Some(names));
    let pages = described.into_paginator().items().send();
    let groups: Vec<SdkGroup> = pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE))?;
    let read = groups.iter().map(|one| async move {
        let name: AutoScalingGroupName = parsed(DESCRIBE, one.auto_scaling_group_name())?;
        let scheduled_actions = scheduled_actions(client, &name).await?;
        Ok::<_, ActionError>((name.clone(), read(scope.environment, name, one, &scheduled_actions)?))
    });
    Ok(try_join_all(read).await?.into_iter().collect())
}

/// The names of a group's scheduled actions.
async fn scheduled_actions(client: &Client, name: &AutoScalingGroupName) -> Result<Vec<String>, ActionError> {
    let described = client.describe_scheduled_actions().auto_scaling_group_name(name.as_str());
    let pages = described.into_paginator().items().send();
    let actions: Vec<_> =
        pages.collect::<Result<_, _>>().await.map_err(failed("autoscaling:DescribeScheduledActions"))?;
    Ok(actions.iter().filter_map(|action| action.scheduled_action_name()).map(str::to_owned).collect())
}

/// That the blueprint names it is the proof, unless it carries another environment's tag.
fn read(
    environment: &EnvironmentName,
    name: AutoScalingGroupName,
    one: &SdkGroup,
    scheduled_actions: &[String],
) -> Result<Seen<ObservedAutoScalingGroup>, ActionError> {
    let tags = tags::from_auto_scaling(one.tags());
    let group = ObservedAutoScalingGroup {
        ownership: Ownership::prove(environment, name.clone(), &tags, Some(&name)),
        capacity: GroupCapacity {
            min: count("its minimum", one.min_size())?,
            desired: count("its desired capacity", one.desired_capacity())?,
            max: count("its maximum", one.max_size())?,
        },
        instances: instances(one.instances()),
        unsupported: unsupported::of(one, &tags, scheduled_actions),
    };
    // A group has a status only while it is being deleted.
    Ok(if one.status().is_some() { Seen::Leaving(group) } else { group.into() })
}

fn count(what: &str, found: Option<i32>) -> Result<u32, ActionError> {
    let read = found.and_then(|count| u32::try_from(count).ok());
    read.ok_or_else(|| strange(DESCRIBE, format!("{what} is no count: {found:?}")))
}

/// An instance counts as much as its weight says, where the group weighs them.
fn instances(all: &[Instance]) -> GroupInstances {
    let mut counted = GroupInstances::default();
    for one in all {
        let weight = one.weighted_capacity().and_then(|weight| weight.parse().ok()).unwrap_or(1);
        match one.lifecycle_state() {
            Some(LifecycleState::InService) => counted.in_service += weight,
            // In standby it is nobody's, and detached the group's no more; what is warmed is of a warm pool.
            Some(LifecycleState::Standby | LifecycleState::Detached | LifecycleState::Terminated) => {}
            Some(state) if state.as_str().starts_with("Warmed:") => {}
            Some(_) | None => counted.moving += weight,
        }
    }
    counted
}

/// Sets how many instances a group has.
pub(super) async fn update(
    client: &Client,
    group: &Owned<AutoScalingGroupName>,
    capacity: GroupCapacity,
) -> Result<(), ActionError> {
    let size = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let update = client
        .update_auto_scaling_group()
        .auto_scaling_group_name(group.id().as_str())
        .min_size(size(capacity.min))
        .desired_capacity(size(capacity.desired))
        .max_size(size(capacity.max));
    update.send().await.map_err(failed("autoscaling:UpdateAutoScalingGroup")).later_on(NOT_NOW)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_counted_by_their_weight_and_by_how_far_they_have_come() {
        let one = |state: &str, weight: Option<&str>| {
            let state = LifecycleState::from(state);
            Instance::builder().lifecycle_state(state).set_weighted_capacity(weight.map(str::to_owned)).build()
        };
        let all = [
            one("InService", None),
            one("InService", Some("4")),
            one("Pending:Wait", None),
            one("Terminating", Some("2")),
            one("Standby", None),
            one("Detached", None),
            one("Warmed:Stopped", None),
        ];
        assert_eq!(instances(&all), GroupInstances { in_service: 5, moving: 3 });
    }

    #[test]
    fn one_that_is_being_deleted_leaves() {
        let environment: EnvironmentName = "dev".parse().expect("a name");
        let group = || SdkGroup::builder().min_size(0).desired_capacity(1).max_size(2);
        let name: AutoScalingGroupName = "workers".parse().expect("a name");
        let seen = |one: SdkGroup| read(&environment, name.clone(), &one, &[]).map(|seen| seen.to_string());
        assert_eq!(seen(group().build()).ok().as_deref(), Some("pending"));
        assert_eq!(seen(group().desired_capacity(0).build()).ok().as_deref(), Some("ready"));
        assert_eq!(seen(group().status("Delete in progress").build()).ok().as_deref(), Some("leaving"));
        assert!(seen(SdkGroup::builder().build()).is_err(), "a group without counts is none");
    }
}
