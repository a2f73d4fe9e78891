//! Why an instance could not be stopped, or not come back as it was: "Stop and start Amazon EC2 instances" in the user
//! guide, each from what a describe shows.

use aws_sdk_ec2::types::{DeviceType, Instance};

use crate::aws::tags;

/// What is not in the description of an instance itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    /// Whether its type has disks that a stop empties.
    pub(super) has_instance_store: bool,
    /// Whether it is protected against being stopped.
    pub(super) is_protected: bool,
}

/// The tag that Auto Scaling puts on the instances of a group.
const GROUP_TAG: &str = "aws:autoscaling:groupName";

pub(super) fn of(one: &Instance, kept: Kept) -> Vec<String> {
    let mut reasons = Vec::new();
    if one.root_device_type().is_some_and(|device| *device != DeviceType::Ebs) {
        reasons.push("its root device is an instance store, which a stop would lose".to_owned());
    } else if kept.has_instance_store {
        let kind = one.instance_type().map_or("its type", |kind| kind.as_str());
        reasons.push(format!("{kind} has instance store volumes, which a stop empties"));
    }
    if let Some(lifecycle) = one.instance_lifecycle() {
        reasons.push(format!("its purchasing option is {}: whether it starts again AWS decides", lifecycle.as_str()));
    }
    if let Some(group) = tags::from_ec2(one.tags()).get(GROUP_TAG) {
        reasons.push(format!(
            "it is of the Auto Scaling group {group}, which would replace it; name that instead, under `autoScalingGroups`"
        ));
    }
    if let Some(operator) = one.operator().filter(|operator| operator.managed() == Some(true)) {
        reasons.push(format!("{} manages it", operator.principal().unwrap_or("a service of AWS")));
    }
    if kept.is_protected {
        reasons.push(
            "it is protected against being stopped (`disableApiStop`), which Curfew never switches off".to_owned(),
        );
    }
    reasons
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::builders::InstanceBuilder;
    use aws_sdk_ec2::types::{InstanceLifecycleType, InstanceType, OperatorResponse, Tag};

    use super::*;

    const NOTHING: Kept = Kept { has_instance_store: false, is_protected: false };

    #[test]
    fn an_instance_is_refused_for_what_aws_documents() {
        let ordinary = || Instance::builder().root_device_type(DeviceType::Ebs).instance_type(InstanceType::T3Micro);
        let refused =
            |change: fn(InstanceBuilder) -> InstanceBuilder| of(&change(ordinary()).build(), NOTHING).join("; ");
        for (change, expected) in [
            ((|one| one) as fn(InstanceBuilder) -> InstanceBuilder, ""),
            (
                |one| one.root_device_type(DeviceType::InstanceStore),
                "its root device is an instance store, which a stop would lose",
            ),
            (
                |one| one.instance_lifecycle(InstanceLifecycleType::Spot),
                "its purchasing option is spot: whether it starts again AWS decides",
            ),
            (
                |one| one.tags(Tag::builder().key(GROUP_TAG).value("workers").build()),
                "it is of the Auto Scaling group workers, which would replace it; name that instead, under `autoScalingGroups`",
            ),
            (
                |one| one.operator(OperatorResponse::builder().managed(true).principal("eks.amazonaws.com").build()),
                "eks.amazonaws.com manages it",
            ),
            (|one| one.operator(OperatorResponse::builder().managed(false).build()), ""),
        ] {
            assert_eq!(refused(change), expected);
        }
        let kept =
            |has_instance_store, is_protected| of(&ordinary().build(), Kept { has_instance_store, is_protected });
        assert_eq!(kept(true, false), ["t3.micro has instance store volumes, which a stop empties"]);
        assert_eq!(
            kept(false, true),
            ["it is protected against being stopped (`disableApiStop`), which Curfew never switches off"]
        );
    }
}
