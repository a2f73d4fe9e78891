//! Auto scaling: suspended before anything else of an evening, so that no alarm and no schedule starts a task at night;
//! in the morning as it was, once its service has its tasks and its policies count the new load balancer's requests.

use std::collections::BTreeSet;

use super::{Waiting, Work, up};
use crate::model::*;

/// Down: everything of every scalable target is suspended. Who resumes one at night is undone at the next look.
pub(super) fn suspend(seen: &Observation, work: &mut Work) {
    for (name, found) in &seen.services {
        let Some((service, scaling)) = scaled(found) else { continue };
        let suspended = Suspension::all();
        if scaling.suspended != suspended {
            work.act(Action::RegisterScalableTarget { name: name.clone(), service: service.clone(), suspended });
        }
    }
}

/// Up: policies that count requests are put again for the load balancer that is there now, then what is suspended
/// becomes as it was: last, because every registration moves the count into the bounds (facts §3), which starts tasks also
/// of a service that somebody else has started before there is a way out.
pub(super) fn resume(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let has_ways_out = up::has_ways_out(tier, seen);
    for (name, wanted) in &tier.services {
        let Some(found) = seen.services.get(name) else { continue };
        let Some((service, scaling)) = scaled(found) else { continue };
        let Some(configuration) = found.standing().map(|found| &found.configuration) else { continue };
        let started = configuration.desired_count > 0 || wanted.desired_count == 0;
        if !counts_what_is_there(tier, seen, name, work) || !started || !has_ways_out {
            continue;
        }
        let suspended = wanted.scaling.as_ref().map(|scaling| scaling.suspended.clone()).unwrap_or_default();
        if scaling.suspended != suspended {
            work.act(Action::RegisterScalableTarget { name: name.clone(), service: service.clone(), suspended });
        } else if was_moved(scaling.bounds, configuration.desired_count, wanted.desired_count) {
            let (name, service) = (name.clone(), service.clone());
            work.act(Action::UpdateService { name, service, desired_count: wanted.desired_count });
        }
    }
}

/// A service of ours that is there to stay, and its scalable target.
fn scaled(found: &Seen<ObservedService>) -> Option<(&Owned<ServiceArn>, &Scaling)> {
    let service = found.standing()?;
    Some((service.ownership.owned()?, service.configuration.scaling.as_ref()?))
}

/// Whether the registration moved a count into the bounds that was outside of them in the evening.
fn was_moved(bounds: Option<Bounds>, found: u32, wanted: u32) -> bool {
    found != wanted && bounds.is_some_and(|bounds| bounds.clamp(wanted) == found)
}

/// Puts policies of a service again whose label names a load balancer that is gone; true if there are none.
fn counts_what_is_there(tier: &RuntimeTier, seen: &Observation, name: &ServiceName, work: &mut Work) -> bool {
    let Some(found) = seen.services.get(name).and_then(Seen::standing) else { return true };
    let groups = tier.target_groups();
    let mut all = true;
    for (policy, kind) in &found.load_balancer_policies {
        let configuration = match kind {
            LoadBalancerPolicy::RequestCount(configuration) => configuration,
            // It blocks the way down, so no night of ours has touched its load balancer.
            LoadBalancerPolicy::Unsupported(_) => continue,
        };
        if !tier.load_balancers.contains_key(&configuration.label.load_balancer) {
            continue;
        }
        let label = relabelled(seen, &configuration.label);
        if label.as_ref() == Some(&configuration.label) {
            continue;
        }
        all = false;
        let (Some(label), Some(service)) = (label, found.ownership.owned()) else { continue };
        if may_be_counted(seen, &groups, &label, work) {
            work.act(Action::PutScalingPolicy {
                name: name.clone(),
                service: service.clone(),
                policy: policy.clone(),
                configuration: RequestCount { label, ..configuration.clone() },
            });
        }
    }
    all
}

/// The label of the same target group behind the load balancer of that name that is there now.
fn relabelled(seen: &Observation, label: &ResourceLabel) -> Option<ResourceLabel> {
    let load_balancer = seen.load_balancers.get(&label.load_balancer)?.standing()?;
    label.behind(load_balancer.ownership.id())
}

/// AWS wants the target group attached before its requests can be counted (facts §3). One that nothing of the tier
/// forwards to is somebody else's to attach.
fn may_be_counted(
    seen: &Observation,
    groups: &BTreeSet<TargetGroupArn>,
    label: &ResourceLabel,
    work: &mut Work,
) -> bool {
    let Some(group) = groups.iter().find(|group| label.names(group)) else { return true };
    let attached = seen.targets.get(group).and_then(Seen::ready).is_some_and(|targets| targets.attached);
    if !attached {
        work.wait(Waiting::TargetGroupAttached(group.clone()));
    }
    attached
}
