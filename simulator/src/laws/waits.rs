//! What a night waits for before it takes away what others may need: clients that still come, tasks that no service started.

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::ports::Scope;

use super::BLINK;
use crate::account::Account;
use crate::documents::State;

/// What keeps a service behind a load balancer from being stopped now.
pub(super) fn cuts_clients_off(
    account: &Account,
    scope: Scope<'_>,
    action: &Action,
    state: &State,
    (now, skew): (DateTime<Utc>, TimeDelta),
) -> Option<String> {
    let Action::UpdateService { name, desired_count: 0, .. } = action else { return None };
    let balanced = scope.tier.target_groups();
    let serves = account.services.get(name)?.target_groups.iter().any(|group| balanced.contains(group));
    let moves = scope.tier.dns_records.values().any(|record| record.while_down == RecordWhileDown::Park);
    let grace = TimeDelta::from_std(scope.tier.draining.grace.duration()).unwrap_or_default();
    let waited = lowering_for(state, now);
    (serves && moves && waited + skew < grace)
        .then(|| format!("clients of {name} had only {} s to leave", waited.num_seconds()))
}

fn lowering_for(state: &State, now: DateTime<Utc>) -> TimeDelta {
    let lowering = state.moving_since.filter(|_| state.phase.as_deref() == Some("lowering"));
    lowering.map_or(TimeDelta::zero(), |since| now - since)
}

/// What keeps a NAT gateway that routes lead to, a VPC endpoint, a database or an instance from being taken away now.
pub(super) fn against(
    account: &Account,
    scope: Scope<'_>,
    action: &Action,
    state: &State,
    (now, skew): (DateTime<Utc>, TimeDelta),
) -> Option<String> {
    let is_needed = match action {
        Action::DeleteNatGateway { nat_gateway, .. } => {
            let target = Some(RouteTarget::NatGateway(nat_gateway.id().clone()));
            scope.tier.routes.keys().any(|key| account.route_target(key) == target)
        }
        Action::UpdateAutoScalingGroup { capacity, .. } => capacity.desired == 0,
        action => matches!(
            action,
            Action::DeleteVpcEndpoints { .. }
                | Action::StopDbInstance { .. }
                | Action::StopDbCluster { .. }
                | Action::StopInstances { .. }
        ),
    };
    // One that has only begun may not have been seen.
    let seen_by_now = |(_, since): &(&StandaloneTask, &DateTime<Utc>)| **since + BLINK <= now;
    let (task, _) = account.standalone_tasks.iter().find(seen_by_now).filter(|_| is_needed)?;
    let limit = TimeDelta::from_std(scope.tier.standalone_tasks.wait_up_to.duration()).unwrap_or_default();
    let waited = lowering_for(state, now);
    (waited + skew < limit).then(|| {
        format!("task {} may need it, and was waited for only {} s", task.task_definition, waited.num_seconds())
    })
}
