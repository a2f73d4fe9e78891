//! The laws of auto scaling: no service goes to sleep with one eye open, and nothing but what is suspended and a label is
//! ever written.

use std::collections::BTreeSet;

use curfew_core::model::*;

use super::Judge;
use crate::account::{Account, ScalingPolicy};

/// Whoever is told to stop is not started again by an alarm (invariant 5).
pub(super) fn sleeps(judge: &mut Judge, account: &Account, name: &ServiceName) {
    let awake = account.scalable_targets.get(name).filter(|target| target.suspended != Suspension::all());
    judge.must_as_seen(awake.is_none(), "its auto scaling is not suspended");
}

/// What is resumed has its tasks back, and counts the load balancer that is there.
pub(super) fn register(
    judge: &mut Judge,
    account: &Account,
    tier: &RuntimeTier,
    name: &ServiceName,
    suspended: &BTreeSet<Suspension>,
) {
    let Some(target) = account.scalable_targets.get(name) else { return };
    if *suspended == Suspension::all() {
        return;
    }
    let count = account.services.get(name).map_or(0, |service| service.desired_count);
    let wanted = tier.services.get(name).map_or(0, |service| service.desired_count);
    judge.must_as_seen(count > 0 || wanted == 0, "its service has no tasks yet");
    for (policy, kind) in &target.policies {
        match kind {
            ScalingPolicy::Own(_) => {}
            ScalingPolicy::RequestCount(found) => {
                // A load balancer that stands is looked at again only when the run has done its work; it goes on then.
                let of_a_person = account.counts_what_a_person_deleted(&found.label);
                let there = account.counts_what_is_there(&found.label) || of_a_person;
                judge.must_as_seen(there, format!("its policy {policy} counts what is gone"));
            }
        }
    }
}

/// A policy is put as it was, but for its label.
pub(super) fn put(judge: &mut Judge, account: &Account, name: &ServiceName, policy: &str, wanted: &RequestCount) {
    let there = account.scalable_targets.get(name).and_then(|target| target.policies.get(policy));
    match there {
        Some(ScalingPolicy::RequestCount(found)) => {
            let same = RequestCount { label: found.label.clone(), ..wanted.clone() } == *found;
            judge.must_as_seen(same, "more of it than the label is another");
        }
        Some(ScalingPolicy::Own(_)) | None => judge.must_as_seen(false, "there is no such policy"),
    }
}
