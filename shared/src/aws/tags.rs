//! Tags, to and from each service's own type.

use aws_sdk_autoscaling::types as autoscaling;
use aws_sdk_ec2::types as ec2;
use aws_sdk_ecs::types as ecs;
use aws_sdk_elasticloadbalancingv2::types as elb;
use aws_sdk_rds::types as rds;

use crate::model::{ENVIRONMENT_TAG, EnvironmentName, Tags};

/// Tags from any service's pairs.
fn collect<'a>(pairs: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>) -> Tags {
    pairs.filter_map(|(key, value)| Some((key?.to_owned(), value.unwrap_or_default().to_owned()))).collect()
}

/// From EC2.
pub(super) fn from_ec2(tags: &[ec2::Tag]) -> Tags {
    collect(tags.iter().map(|tag| (tag.key(), tag.value())))
}

/// From ECS.
pub(super) fn from_ecs(tags: &[ecs::Tag]) -> Tags {
    collect(tags.iter().map(|tag| (tag.key(), tag.value())))
}

/// From Elastic Load Balancing.
pub(super) fn from_elb(tags: &[elb::Tag]) -> Tags {
    collect(tags.iter().map(|tag| (tag.key(), tag.value())))
}

/// From RDS.
pub(super) fn from_rds(tags: &[rds::Tag]) -> Tags {
    collect(tags.iter().map(|tag| (tag.key(), tag.value())))
}

/// From EC2 Auto Scaling, which describes each with the group it is on.
pub(super) fn from_auto_scaling(tags: &[autoscaling::TagDescription]) -> Tags {
    collect(tags.iter().map(|tag| (tag.key(), tag.value())))
}

/// To EC2: the tags of something that is being created.
pub(super) fn specification(kind: ec2::ResourceType, tags: &Tags) -> ec2::TagSpecification {
    let tags = tags.iter().map(|(key, value)| ec2::Tag::builder().key(key).value(value).build()).collect();
    ec2::TagSpecification::builder().resource_type(kind).set_tags(Some(tags)).build()
}

/// To ECS.
pub(super) fn to_ecs(tags: &Tags) -> Vec<ecs::Tag> {
    tags.iter().map(|(key, value)| ecs::Tag::builder().key(key).value(value).build()).collect()
}

/// To Elastic Load Balancing, which refuses an empty list.
pub(super) fn to_elb(tags: &Tags) -> Option<Vec<elb::Tag>> {
    let tags: Vec<elb::Tag> =
        tags.iter().map(|(key, value)| elb::Tag::builder().key(key).value(value).build()).collect();
    (!tags.is_empty()).then_some(tags)
}

/// The EC2 filter for everything that carries this environment's tag.
pub(super) fn of_environment(environment: &EnvironmentName) -> ec2::Filter {
    ec2::Filter::builder().name(format!("tag:{ENVIRONMENT_TAG}")).values(environment.as_str()).build()
}
