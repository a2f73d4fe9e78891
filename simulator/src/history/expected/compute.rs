//! What is expected of instances and Auto Scaling groups.

use std::collections::BTreeMap;
use std::fmt;

use curfew_core::model::*;

use super::Known;
use crate::account::Account;

/// Which instances run.
pub(super) fn instances(account: &Account) -> BTreeMap<InstanceId, InstanceWhileUp> {
    let is = |state: InstanceState| match state {
        InstanceState::Stopped | InstanceState::Stopping => InstanceWhileUp::Stopped,
        InstanceState::Pending | InstanceState::Running | InstanceState::ShuttingDown | InstanceState::Terminated => {
            InstanceWhileUp::Running
        }
    };
    account.instances.iter().map(|(id, one)| (id.clone(), is(one.state))).collect()
}

/// The capacities of groups.
pub(super) fn groups(account: &Account) -> BTreeMap<AutoScalingGroupName, GroupCapacity> {
    account.auto_scaling_groups.iter().map(|(name, one)| (name.clone(), one.capacity)).collect()
}

/// What is not as it is known to be.
pub(super) fn differences<K: Ord + fmt::Display, V: PartialEq + fmt::Debug>(
    what: &str,
    known: &BTreeMap<K, Known<V>>,
    there: &BTreeMap<K, V>,
) -> Vec<String> {
    let differs = |(key, known): (&K, &Known<V>)| match known {
        Known::So(expected) if there.get(key) != Some(expected) => {
            Some(format!("the {what} {key} should be {expected:?}, and is {:?}", there.get(key)))
        }
        Known::So(_) | Known::Either => None,
    };
    known.iter().filter_map(differs).collect()
}
