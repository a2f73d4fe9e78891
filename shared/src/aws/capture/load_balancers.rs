//! Load balancers of all kinds but the classic one.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types as sdk;

use crate::aws::errors::{failed, parsed};
use crate::aws::load_balancers::tags_of;
use crate::capture::found::{LoadBalancer, LoadBalancerKind};
use crate::model::*;
use crate::ports::ActionError;

const DESCRIBE: &str = "elasticloadbalancing:DescribeLoadBalancers";
const TARGET_GROUPS: &str = "elasticloadbalancing:DescribeTargetGroups";
/// The most that one answer holds (facts §2).
const PAGE: i32 = 400;

pub(super) async fn find(client: &Client) -> Result<Vec<LoadBalancer>, ActionError> {
    let (all, groups) = tokio::join!(describe(client), target_groups(client));
    let (all, mut groups) = (all?, groups?);
    let arns = all.iter().filter_map(|one| one.load_balancer_arn().map(str::to_owned)).collect();
    let mut tags = tags_of(client, arns).await?;
    let read = all.iter().map(|one| {
        let arn: LoadBalancerArn = parsed(DESCRIBE, one.load_balancer_arn())?;
        Ok(LoadBalancer {
            name: parsed(DESCRIBE, one.load_balancer_name())?,
            kind: kind(one),
            vpc: parsed(DESCRIBE, one.vpc_id())?,
            dns_name: one.dns_name().unwrap_or_default().to_ascii_lowercase(),
            target_groups: groups.remove(arn.as_str()).unwrap_or_default(),
            tags: tags.remove(arn.as_str()).unwrap_or_default(),
            arn,
        })
    });
    read.collect()
}

async fn describe(client: &Client) -> Result<Vec<sdk::LoadBalancer>, ActionError> {
    let pages = client.describe_load_balancers().page_size(PAGE).into_paginator().items().send();
    pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE))
}

fn kind(one: &sdk::LoadBalancer) -> LoadBalancerKind {
    match one.r#type() {
        Some(sdk::LoadBalancerTypeEnum::Application) => LoadBalancerKind::Application,
        Some(other) => LoadBalancerKind::Other(other.as_str().to_owned()),
        None => LoadBalancerKind::Other("nameless kind of".to_owned()),
    }
}

/// The target groups that each load balancer forwards to, by its ARN.
async fn target_groups(client: &Client) -> Result<BTreeMap<String, BTreeSet<TargetGroupArn>>, ActionError> {
    let pages = client.describe_target_groups().page_size(PAGE).into_paginator().items().send();
    let all: Vec<sdk::TargetGroup> = pages.collect::<Result<_, _>>().await.map_err(failed(TARGET_GROUPS))?;
    let mut by_load_balancer: BTreeMap<String, BTreeSet<TargetGroupArn>> = BTreeMap::new();
    for group in &all {
        for load_balancer in group.load_balancer_arns() {
            let arn = parsed(TARGET_GROUPS, group.target_group_arn())?;
            by_load_balancer.entry(load_balancer.clone()).or_default().insert(arn);
        }
    }
    Ok(by_load_balancer)
}
