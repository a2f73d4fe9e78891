//! When an environment is ready, and when nothing that costs is left: read off the account, not off a run's report.

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::placing::NatGatewayState;

use crate::account::{Account, TaskState};
use crate::world::Simulation;

/// The instant from which a condition holds, found by looking after everything that happens.
pub(super) async fn from(simulation: &Simulation, holds: impl Fn(&Account) -> bool) -> DateTime<Utc> {
    loop {
        let (now, ahead) = {
            let inner = simulation.now_inner();
            if holds(&inner.account) {
                return inner.account.now();
            }
            (inner.account.now(), next_change(&inner.account))
        };
        match ahead {
            None => simulation.effect().await,
            Some(ahead) => {
                let wait = (ahead - now).to_std().unwrap_or_default();
                tokio::time::timeout(wait, simulation.effect()).await.ok();
            }
        }
    }
}

/// When the account changes next without anybody's doing.
fn next_change(account: &Account) -> Option<DateTime<Utc>> {
    let in_sync = account.records.values().map(|record| record.in_sync_at).filter(|at| *at > account.now());
    in_sync.chain(account.next_event()).min()
}

/// Whether people can work: all tasks run, all targets are healthy, all load balancers active and complete, DNS in sync.
pub(super) fn is_ready(account: &Account, tier: &RuntimeTier) -> bool {
    let services = tier.services.iter().all(|(name, wanted)| serves(account, name, wanted.desired_count));
    let complete = tier.load_balancers.iter().all(|(name, wanted)| is_complete(account, name, wanted));
    services && complete && tier.dns_records.iter().all(|(key, record)| leads(account, key, &record.load_balancer))
}

fn serves(account: &Account, name: &ServiceName, desired: u32) -> bool {
    let Some(service) = account.services.get(name) else { return false };
    let running = account.tasks_of(name).filter(|(_, task)| task.state == TaskState::Running).count();
    running >= desired as usize
        && service.target_groups.iter().all(|group| account.targets_seen(group).healthy >= desired)
}

fn is_complete(account: &Account, name: &LoadBalancerName, wanted: &LoadBalancer) -> bool {
    let Some(found) = account.load_balancers.values().find(|one| one.name == *name) else { return false };
    let has = |(port, listener): (&u16, &Listener)| {
        let there = found.configuration.listeners.get(port);
        there.is_some_and(|there| listener.rules.keys().all(|priority| there.rules.contains_key(priority)))
    };
    found.is_active && wanted.listeners.iter().all(has)
}

fn leads(account: &Account, key: &RecordKey, to: &LoadBalancerName) -> bool {
    let Some(load_balancer) = account.load_balancers.values().find(|one| one.name == *to) else { return false };
    account.records.get(key).is_some_and(|record| {
        let there = match &record.target {
            RecordTarget::Alias { dns_name, .. } => dns_name.ends_with(&load_balancer.dns_name),
            RecordTarget::Values(_) => false,
        };
        there && record.in_sync_at <= account.now()
    })
}

/// Whether nothing is left of what a night takes away. A NAT gateway costs until it is deleted.
pub(super) fn is_gone(account: &Account, blueprint: &Blueprint) -> bool {
    let tier = &blueprint.tier;
    let tasks = tier.services.keys().any(|name| account.tasks_of(name).next().is_some());
    let load_balancers = account.load_balancers.values().any(|one| tier.load_balancers.contains_key(&one.name));
    let nat_gateways = account.nat_gateways.values().any(|one| match one.state {
        NatGatewayState::Pending | NatGatewayState::Available | NatGatewayState::Deleting => true,
        NatGatewayState::Deleted | NatGatewayState::Failed(_) => false,
    });
    !tasks
        && !load_balancers
        && !nat_gateways
        && account.vpc_endpoints.is_empty()
        && !tier.addresses.iter().any(|one| is_there(account, blueprint, one))
}

/// Whether an address is there that was to be released.
fn is_there(account: &Account, blueprint: &Blueprint, (name, wanted): (&LogicalName, &Address)) -> bool {
    let is_it = |(id, one): (&AllocationId, &crate::account::Address)| {
        wanted.adopted.as_ref() == Some(id) || is_named(&blueprint.environment, name.as_str(), &one.tags)
    };
    match wanted.while_down {
        AddressWhileDown::Keep => false,
        AddressWhileDown::Release => account.addresses.iter().any(is_it),
    }
}
