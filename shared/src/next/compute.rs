//! EC2 instances and Auto Scaling groups: started at once in the morning, stopped in the evening when no task is left.
//! Services wait for an instance that routes lead through, and nothing waits for any other.

use super::{Waiting, Work, order, standalone_tasks};
use crate::model::*;

/// What a morning does about instances and groups.
pub(super) fn start(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, wanted) in &tier.instances {
        let Some(found) = seen.instances.get(name).and_then(Seen::standing) else { continue };
        match wanted.while_up {
            InstanceWhileUp::Running => start_instance(tier, seen, name, found, work),
            InstanceWhileUp::Stopped => {}
        }
    }
    for (name, wanted) in &tier.auto_scaling_groups {
        let Some(found) = seen.auto_scaling_groups.get(name).and_then(Seen::standing) else { continue };
        wake_group(name, wanted.capacity, found, work);
    }
}

/// Whether every instance runs through which services leave. That it runs is all that can be seen of it; one that is to stay
/// stopped is not waited for.
pub(super) fn ways_out_run(tier: &RuntimeTier, seen: &Observation) -> bool {
    let wanted = tier.instances.iter().filter(|(_, wanted)| wanted.while_up == InstanceWhileUp::Running);
    let found = |(name, _): (&LogicalName, _)| seen.instances.get(name).and_then(Seen::standing);
    wanted.filter_map(found).all(|found| !found.is_way_out || found.state == InstanceState::Running)
}

fn start_instance(
    tier: &RuntimeTier,
    seen: &Observation,
    name: &LogicalName,
    found: &ObservedInstance,
    work: &mut Work,
) {
    let (instance, state) = (name.clone(), found.state);
    match (state, found.ownership.owned()) {
        (InstanceState::Stopped, Some(owned)) => match seen.unstartable_instances.get(name) {
            Some(why) => work.wait(Waiting::InstanceStarted { instance, why: why.clone() }),
            None => work.act(Action::StartInstances { name: instance, instance: owned.clone() }),
        },
        // Only what is stopped can be started.
        (InstanceState::Stopping, _) => work.wait(Waiting::InstanceStopped { instance, state }),
        (InstanceState::Pending, _) => {
            let held_up = order::not_started(tier, seen, |_| found.is_way_out);
            work.wait(Waiting::InstanceRunning { instance, state, held_up });
        }
        (InstanceState::Stopped, None)
        | (InstanceState::Running | InstanceState::ShuttingDown | InstanceState::Terminated, _) => {}
    }
}

/// Only what sleeps is woken: any other capacity is somebody's, and counts.
fn wake_group(name: &LogicalName, wanted: GroupCapacity, found: &ObservedAutoScalingGroup, work: &mut Work) {
    let GroupCapacity { desired, .. } = found.capacity;
    match found.ownership.owned() {
        Some(owned) if found.capacity.is_asleep() && !wanted.is_asleep() => {
            work.act(Action::UpdateAutoScalingGroup { name: name.clone(), group: owned.clone(), capacity: wanted });
        }
        Some(_) | None if found.instances.in_service < desired => {
            let (group, in_service) = (name.clone(), found.instances.in_service);
            work.wait(Waiting::GroupInService { group, in_service, desired });
        }
        Some(_) | None => {}
    }
}

/// What an evening does about instances and groups.
pub(super) fn stop(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let needed = anybody_works(tier, seen);
    for (name, found) in &seen.instances {
        let Some(found) = found.standing() else { continue };
        let Some(owned) = found.ownership.owned() else { continue };
        let (instance, state) = (name.clone(), found.state);
        match state {
            InstanceState::Running if needed || !standalone_tasks::let_go(tier, seen, work) => {}
            InstanceState::Running => work.act(Action::StopInstances { name: instance, instance: owned.clone() }),
            InstanceState::Pending | InstanceState::Stopping => work.wait(Waiting::InstanceStopped { instance, state }),
            InstanceState::Stopped | InstanceState::ShuttingDown | InstanceState::Terminated => {}
        }
    }
    for (name, found) in &seen.auto_scaling_groups {
        let Some(found) = found.standing() else { continue };
        let Some(owned) = found.ownership.owned() else { continue };
        let left = found.instances.in_service + found.instances.moving;
        if !found.capacity.is_asleep() {
            if !needed && standalone_tasks::let_go(tier, seen, work) {
                let capacity = found.capacity.asleep();
                work.act(Action::UpdateAutoScalingGroup { name: name.clone(), group: owned.clone(), capacity });
            }
        } else if left > 0 {
            work.wait(Waiting::GroupEmpty { group: name.clone(), left });
        }
    }
}

/// Whether a task is left, or wanted, of any service: which of them need an instance nobody says.
fn anybody_works(tier: &RuntimeTier, seen: &Observation) -> bool {
    tier.services.keys().any(|service| match seen.services.get(service) {
        Some(Seen::Ready(found) | Seen::Pending(found)) => found.configuration.desired_count > 0 || found.tasks.any(),
        Some(Seen::Leaving(_) | Seen::Unknown(_)) => true,
        Some(Seen::Absent) | None => false,
    })
}
