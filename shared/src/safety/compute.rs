//! Instances that could not be stopped or not come back, groups whose instances would not go, and what is somebody else's.

use super::Reason;
use super::standing::{Words, judge};
use crate::model::*;

pub(super) fn instances(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.instances {
        let words = Words {
            resource: format!("instance {name}"),
            named_by: "`id`",
            leaving: "being terminated",
            instead: "name another one",
        };
        judge(words, found, |instance| (&instance.ownership, &instance.unsupported), target, reasons);
    }
}

pub(super) fn groups(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.auto_scaling_groups {
        let words = Words {
            resource: format!("Auto Scaling group {name}"),
            named_by: "`name`",
            leaving: "being deleted",
            instead: "make it again",
        };
        judge(words, found, |group| (&group.ownership, &group.unsupported), target, reasons);
    }
}
