//! The target groups behind load balancers, and what is registered in them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types as sdk;
use futures::future::try_join_all;

use crate::aws::errors::{Outcome, failed, parsed};
use crate::model::*;
use crate::placing::other_users::{FoundTarget, TargetKind};
use crate::ports::ActionError;

const GROUPS: &str = "elasticloadbalancing:DescribeTargetGroups";
const HEALTH: &str = "elasticloadbalancing:DescribeTargetHealth";
/// Something that was there a moment ago: that is no lasting failure.
const GONE_MEANWHILE: &[&str] = &["LoadBalancerNotFound", "TargetGroupNotFound"];

type Found = (BTreeMap<LoadBalancerName, BTreeSet<TargetGroupArn>>, BTreeMap<LoadBalancerName, Vec<FoundTarget>>);

/// All groups that a listener or a rule forwards to, whoever made it, with their targets.
pub(super) async fn find(
    client: &Client,
    load_balancers: &BTreeMap<LoadBalancerName, LoadBalancerArn>,
) -> Result<Found, ActionError> {
    let asked = load_balancers.iter().map(|(name, arn)| async move {
        let groups = groups(client, arn).await?;
        let targets = try_join_all(groups.iter().map(|(group, kind)| targets(client, group, *kind))).await?;
        Ok::<_, ActionError>((name.clone(), groups.into_keys().collect::<BTreeSet<_>>(), targets.concat()))
    });
    let mut found = Found::default();
    for (name, groups, targets) in try_join_all(asked).await? {
        found.0.insert(name.clone(), groups);
        found.1.insert(name, targets);
    }
    Ok(found)
}

async fn groups(client: &Client, arn: &LoadBalancerArn) -> Result<BTreeMap<TargetGroupArn, TargetKind>, ActionError> {
    let pages = client.describe_target_groups().load_balancer_arn(arn.as_str()).into_paginator().items().send();
    let all: Vec<sdk::TargetGroup> =
        pages.collect::<Result<_, _>>().await.map_err(failed(GROUPS)).later_on(GONE_MEANWHILE)?;
    all.iter().map(|one| Ok((parsed(GROUPS, one.target_group_arn())?, kind(one.target_type())))).collect()
}

fn kind(kind: Option<&sdk::TargetTypeEnum>) -> TargetKind {
    match kind {
        Some(sdk::TargetTypeEnum::Ip) => TargetKind::Address,
        Some(sdk::TargetTypeEnum::Instance) => TargetKind::Instance,
        // Functions and load balancers have ARNs, as whatever comes will.
        _ => TargetKind::Arn,
    }
}

async fn targets(client: &Client, group: &TargetGroupArn, kind: TargetKind) -> Result<Vec<FoundTarget>, ActionError> {
    let answer = client.describe_target_health().target_group_arn(group.as_str()).send().await;
    let answer = answer.map_err(failed(HEALTH)).later_on(GONE_MEANWHILE)?;
    let standing = answer.target_health_descriptions().iter().filter(|one| !is_leaving(one));
    let ids: BTreeSet<&str> = standing.filter_map(|one| one.target()?.id()).collect();
    Ok(ids.into_iter().map(|id| FoundTarget { target_group: group.clone(), kind, id: id.to_owned() }).collect())
}

/// One that finishes its last requests is deregistered already.
fn is_leaving(one: &sdk::TargetHealthDescription) -> bool {
    let state = one.target_health().and_then(|health| health.state());
    matches!(state, Some(sdk::TargetHealthStateEnum::Draining | sdk::TargetHealthStateEnum::UnhealthyDraining))
}
