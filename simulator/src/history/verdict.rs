//! What must be true at the end of a history, at night and in the morning.

use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::placing::NatGatewayState;

use crate::account::{Account, TargetState, TaskState, is_strangers};
use crate::documents::State;
use crate::world::Documents;

/// What is left at night that should be gone, and what is gone that should be left.
pub(super) fn at_night(account: &Account, blueprint: &Blueprint) -> Vec<String> {
    let mut wrong = Vec::new();
    let tier = &blueprint.tier;
    let is_ours = |tags: &Tags| is_of(&blueprint.environment, tags) && !is_strangers(tags);
    for (id, one) in &account.nat_gateways {
        let going =
            matches!(one.state, NatGatewayState::Pending | NatGatewayState::Available | NatGatewayState::Deleting);
        if going && (is_ours(&one.tags) || tier.nat_gateways.values().any(|w| w.adopted.as_ref() == Some(id))) {
            wrong.push(format!("the NAT gateway {id} is {:?} at night", one.state));
        }
    }
    for (id, one) in &account.vpc_endpoints {
        if is_ours(&one.tags) || tier.vpc_endpoints.values().any(|w| w.adopted.as_ref() == Some(id)) {
            wrong.push(format!("the VPC endpoint {id} is {:?} at night", one.state));
        }
    }
    for one in account.load_balancers.values().filter(|one| tier.load_balancers.contains_key(&one.name)) {
        wrong.push(format!("the load balancer {} is there at night", one.name));
    }
    for (name, service) in &tier.services {
        let left = account.tasks_of(name).count();
        if left > 0 {
            wrong.push(format!("service {name} has {left} tasks at night"));
        }
        let is_there = account.services.contains_key(name);
        if is_there != (service.while_down == ServiceWhileDown::ScaleToZero) {
            wrong.push(format!("service {name}: {:?} at night, and there: {is_there}", service.while_down));
        }
    }
    for database in tier.databases.values() {
        let status = account.databases.get(&database.id()).map(|one| one.status);
        if status != Some(DatabaseStatus::STOPPED) {
            wrong.push(format!("the {} is {status:?} at night", database.id()));
        }
    }
    for instance in tier.instances.values() {
        let state = account.instances.get(&instance.id).map(|one| one.state);
        if state != Some(InstanceState::Stopped) {
            wrong.push(format!("the instance {} is {state:?} at night", instance.id));
        }
    }
    for group in tier.auto_scaling_groups.values() {
        let instances = account.auto_scaling_groups.get(&group.name).map(|one| one.instances);
        if instances != Some(GroupInstances::default()) {
            wrong.push(format!("the Auto Scaling group {} has {instances:?} at night", group.name));
        }
    }
    for (name, target) in &account.scalable_targets {
        if target.suspended != Suspension::all() {
            wrong.push(format!("auto scaling of service {name} is not suspended at night: {:?}", target.suspended));
        }
    }
    let addresses = ours(account, blueprint);
    let kept = tier.addresses.values().filter(|address| address.while_down == AddressWhileDown::Keep).count();
    if addresses != kept {
        wrong.push(format!("{addresses} addresses at night instead of {kept}"));
    }
    wrong
}

/// How many addresses are this environment's.
fn ours(account: &Account, blueprint: &Blueprint) -> usize {
    let adopted =
        |id: &AllocationId| blueprint.tier.addresses.values().any(|wanted| wanted.adopted.as_ref() == Some(id));
    let is_ours = |(id, one): &(&AllocationId, &crate::account::Address)| {
        is_of(&blueprint.environment, &one.tags) && !is_strangers(&one.tags) || adopted(id)
    };
    account.addresses.iter().filter(is_ours).count()
}

/// What does not serve in the morning.
pub(super) fn in_the_morning(account: &Account, blueprint: &Blueprint) -> Vec<String> {
    let mut wrong = Vec::new();
    let tier = &blueprint.tier;
    let is_ours = |tags: &Tags| is_of(&blueprint.environment, tags) && !is_strangers(tags);
    let adopted = |id: &NatGatewayId| tier.nat_gateways.values().any(|wanted| wanted.adopted.as_ref() == Some(id));
    let alive =
        account.nat_gateways.iter().filter(|(id, one)| one.state.is_alive() && (is_ours(&one.tags) || adopted(id)));
    let endpoints = account.vpc_endpoints.iter().filter(|(id, one)| {
        let adopted = tier.vpc_endpoints.values().any(|wanted| wanted.adopted.as_ref() == Some(*id));
        one.state.is_alive() && (is_ours(&one.tags) || adopted)
    });
    let counts = [
        ("VPC endpoints", endpoints.count(), tier.vpc_endpoints.len()),
        ("NAT gateways", alive.count(), tier.nat_gateways.len()),
        ("addresses", ours(account, blueprint), tier.addresses.len()),
        (
            "load balancers",
            account.load_balancers.values().filter(|one| tier.load_balancers.contains_key(&one.name)).count(),
            tier.load_balancers.len(),
        ),
    ];
    for (what, there, wanted) in counts {
        if there != wanted {
            wrong.push(format!("{there} {what} instead of {wanted}"));
        }
    }
    for (name, service) in &account.services {
        let running = account.tasks_of(name).filter(|(_, task)| task.state == TaskState::Running).count();
        if running != service.desired_count as usize {
            wrong.push(format!("service {name} has {running} of {} tasks", service.desired_count));
        }
    }
    for (arn, group) in &account.target_groups {
        let healthy = group.targets.values().filter(|state| **state == TargetState::Healthy).count();
        if healthy != group.targets.len() {
            wrong.push(format!("{healthy} of {} targets of {} are healthy", group.targets.len(), arn.name()));
        }
    }
    wrong
}

/// Tasks that do not run what CI deployed last (invariant 6).
///
/// Only after a night: a deployment that a person stalled by deleting a load balancer goes on when its tasks have ended
/// (facts §3).
pub(super) fn of_deployments(account: &Account) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, service) in &account.services {
        let newest = account.revisions.get(&service.family).copied();
        if account.tasks_of(name).any(|(_, task)| Some(task.revision) != newest) {
            wrong.push(format!("a task of {name} is not of the newest revision {newest:?}"));
        }
    }
    wrong
}

/// What Curfew left behind for itself and should have cleared away.
pub(super) fn left_behind(account: &Account, blueprint: &Blueprint, documents: &Documents) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(lease) = State::read(documents.get(&format!("{}/state.json", blueprint.environment))).lease {
        wrong.push(format!("a lease is left: {lease:?}"));
    }
    for key in [OVERRIDE_TAG, HOLD_TAG] {
        if let Some(value) = account.cluster_tags.get(key) {
            wrong.push(format!("the tag {key}={value} is left"));
        }
    }
    wrong
}
