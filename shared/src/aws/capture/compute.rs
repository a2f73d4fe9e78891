//! EC2 instances that are there to stay, and Auto Scaling groups.

use aws_sdk_autoscaling::types::AutoScalingGroup as SdkGroup;
use aws_sdk_ec2::types as sdk;

use crate::aws::errors::{failed, parsed};
use crate::aws::tags;
use crate::capture::found::{AutoScalingGroup, Compute, Instance};
use crate::ports::ActionError;

const INSTANCES: &str = "ec2:DescribeInstances";
const GROUPS: &str = "autoscaling:DescribeAutoScalingGroups";
/// What a group puts on what it makes (Auto Scaling user guide, "Tag Auto Scaling groups and instances").
const MADE_BY_GROUP: &str = "aws:autoscaling:groupName";

pub(super) async fn find(
    ec2: &aws_sdk_ec2::Client,
    autoscaling: &aws_sdk_autoscaling::Client,
) -> Result<Compute, ActionError> {
    let (instances, groups) = tokio::try_join!(instances(ec2), groups(autoscaling))?;
    Ok(Compute { instances, groups })
}

async fn instances(client: &aws_sdk_ec2::Client) -> Result<Vec<Instance>, ActionError> {
    let standing = ["pending", "running", "stopping", "stopped"].map(str::to_owned).to_vec();
    let standing = sdk::Filter::builder().name("instance-state-name").set_values(Some(standing)).build();
    let pages = client.describe_instances().filters(standing).into_paginator().items().send();
    let reservations: Vec<sdk::Reservation> = pages.collect::<Result<_, _>>().await.map_err(failed(INSTANCES))?;
    let all = reservations.iter().flat_map(|reservation| reservation.instances()).map(instance);
    let all: Vec<Instance> = all.collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|one| !one.tags.contains_key(MADE_BY_GROUP)).collect())
}

fn instance(one: &sdk::Instance) -> Result<Instance, ActionError> {
    Ok(Instance {
        id: parsed(INSTANCES, one.instance_id())?,
        vpc: one.vpc_id().and_then(|vpc| vpc.parse().ok()),
        tags: tags::from_ec2(one.tags()),
    })
}

async fn groups(client: &aws_sdk_autoscaling::Client) -> Result<Vec<AutoScalingGroup>, ActionError> {
    let pages = client.describe_auto_scaling_groups().into_paginator().items().send();
    let all: Vec<SdkGroup> = pages.collect::<Result<_, _>>().await.map_err(failed(GROUPS))?;
    all.iter().map(group).collect()
}

fn group(one: &SdkGroup) -> Result<AutoScalingGroup, ActionError> {
    let subnets = one.vpc_zone_identifier().unwrap_or_default().split(',');
    Ok(AutoScalingGroup {
        name: parsed(GROUPS, one.auto_scaling_group_name())?,
        subnets: subnets.filter_map(|subnet| subnet.trim().parse().ok()).collect(),
        tags: tags::from_auto_scaling(one.tags()),
    })
}
