//! Down: auto scaling suspended, then DNS moved, then desired count 0, then tasks gone, then load balancers and NAT gateways deleted, then addresses
//! released if the blueprint says so (invariant 5).

use super::up::tasks_gone;
use super::{
    Waiting, Work, compute, databases, draining, order, record_batches, scaling, standalone_tasks, vpc_endpoints,
};
use crate::model::*;

pub(super) fn work(tier: &RuntimeTier, seen: &Observation) -> Work {
    let mut work = Work::default();
    scaling::suspend(seen, &mut work);
    if !work.actions.is_empty() {
        return work;
    }
    records(tier, seen, &mut work);
    if !work.actions.is_empty() {
        return work;
    }
    services(tier, seen, &mut work);
    targets(tier, seen, &mut work);
    // Whoever loses its load balancer or its way out while it still runs stalls instead of ending (facts §3).
    if work.actions.is_empty() && work.waiting.is_empty() {
        load_balancers(tier, seen, &mut work);
        nat_gateways(tier, seen, &mut work);
        vpc_endpoints::delete(tier, seen, &mut work);
    }
    databases::stop(tier, seen, &mut work);
    compute::stop(tier, seen, &mut work);
    addresses(tier, seen, &mut work);
    work
}

fn records(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let mut changes = Vec::new();
    let gone = seen.missing_base();
    let exists = |key: &RecordKey| !gone.contains(&BaseResource::HostedZone(key.zone.clone()));
    for (key, record) in tier.dns_records.iter().filter(|(key, _)| exists(key)) {
        let to = match (record.while_down, &record.sleeping_page) {
            (RecordWhileDown::Leave, _) => continue,
            (RecordWhileDown::Park, Some(page)) => RecordDestination::SleepingPage(page.clone()),
            (RecordWhileDown::Park, None) => RecordDestination::Parked,
        };
        let there = seen.records.get(key).and_then(Seen::present);
        if !there.is_some_and(|found| points_to(&found.target, key, &to)) {
            changes.push(RecordChange { key: key.clone(), to });
        }
    }
    work.actions.extend(record_batches(changes));
}

fn points_to(found: &RecordTarget, key: &RecordKey, to: &RecordDestination) -> bool {
    match (found, to) {
        (RecordTarget::Values(values), RecordDestination::Parked) => values[..] == [key.kind.parked_address()],
        (RecordTarget::Alias { dns_name, hosted_zone, .. }, RecordDestination::SleepingPage(page)) => {
            dns_name.eq_ignore_ascii_case(&page.dns_name) && *hosted_zone == page.hosted_zone
        }
        (RecordTarget::Alias { .. }, RecordDestination::Parked | RecordDestination::LoadBalancer { .. })
        | (RecordTarget::Values(_), RecordDestination::SleepingPage(_) | RecordDestination::LoadBalancer { .. }) => {
            false
        }
    }
}

fn services(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let held = draining::hold(tier, seen, work);
    for (name, found) in &seen.services {
        match found {
            Seen::Ready(service) | Seen::Pending(service) => {
                let Some(owned) = service.ownership.owned() else { continue };
                let (name, owned) = (name.clone(), owned.clone());
                if service.configuration.desired_count > 0 {
                    if held.contains(&name) || !order::may_stop(tier, seen, &name) {
                        continue;
                    }
                    work.act(Action::UpdateService { name, service: owned, desired_count: 0 });
                } else if service.tasks.any() {
                    work.wait(tasks_gone(&name, service.tasks));
                } else {
                    match tier.services.get(&name).map(|service| service.while_down) {
                        Some(ServiceWhileDown::ScaleToZero) | None => {}
                        Some(ServiceWhileDown::Delete) => work.act(Action::DeleteService { name, service: owned }),
                    }
                }
            }
            Seen::Leaving(_) => work.wait(Waiting::ServiceGone(name.clone())),
            Seen::Absent | Seen::Unknown(_) => {}
        }
    }
}

fn targets(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for group in tier.target_groups() {
        let draining = seen.targets.get(&group).and_then(Seen::ready).map_or(0, |targets| targets.draining);
        if draining > 0 {
            work.wait(Waiting::TargetsDrained { target_group: group, draining });
        }
    }
}

fn load_balancers(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, found) in seen.standing_load_balancers() {
        let Some(owned) = found.ownership.owned() else { continue };
        let (name, load_balancer) = (name.clone(), owned.clone());
        match tier.load_balancers.get(&name).map(|wanted| wanted.deletion_protection) {
            Some(DeletionProtection::OffWhileDown) if found.is_protected() => {
                let attributes = unprotected();
                work.act(Action::ModifyLoadBalancerAttributes { name, load_balancer, attributes });
            }
            Some(DeletionProtection::OffWhileDown | DeletionProtection::Blocks) | None => {
                work.act(Action::DeleteLoadBalancer { name, load_balancer });
            }
        }
    }
    for orphan in seen.orphans.values().flatten() {
        match orphan {
            Orphan::LoadBalancer { arn, name, protected: false } => {
                work.act(Action::DeleteLoadBalancer { name: name.clone(), load_balancer: arn.clone() });
            }
            Orphan::LoadBalancer { protected: true, .. }
            | Orphan::NatGateway { .. }
            | Orphan::Address(_)
            | Orphan::VpcEndpoint { .. } => {}
        }
    }
}

fn nat_gateways(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, found) in &seen.nat_gateways {
        match found {
            Seen::Ready(nat_gateway) | Seen::Pending(nat_gateway) => {
                if let Some(owned) = nat_gateway.ownership.owned()
                    && standalone_tasks::let_go(tier, seen, work)
                {
                    work.act(Action::DeleteNatGateway { name: name.clone(), nat_gateway: owned.clone() });
                }
            }
            Seen::Leaving(_) => work.wait(Waiting::NatGatewayDeleted(name.clone())),
            Seen::Absent | Seen::Unknown(_) => {}
        }
    }
    for orphan in seen.orphans.values().flatten() {
        match orphan {
            Orphan::NatGateway { nat_gateway, name } if standalone_tasks::let_go(tier, seen, work) => {
                work.act(Action::DeleteNatGateway { name: name.clone(), nat_gateway: nat_gateway.clone() });
            }
            Orphan::NatGateway { .. }
            | Orphan::LoadBalancer { .. }
            | Orphan::Address(_)
            | Orphan::VpcEndpoint { .. } => {}
        }
    }
}

/// Addresses are released only when nothing holds them: earlier, AWS answers with a misleading refusal (facts §1).
fn addresses(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    let gone = seen.nat_gateways.values().all(|found| matches!(found, Seen::Absent));
    for (name, address) in &tier.addresses {
        let Some(Seen::Ready(found)) = seen.addresses.get(name) else { continue };
        let releasable = found.ownership.owned().and_then(|owned| Releasable::declared(address, owned));
        match releasable.filter(|_| gone) {
            Some(_) if found.associated => {
                work.wait(Waiting::AddressFree { name: name.clone(), holder: found.holder.clone() });
            }
            Some(allocation) => work.act(Action::ReleaseAddress { name: name.clone(), allocation }),
            None => {}
        }
    }
    for orphan in seen.orphans.values().flatten() {
        match orphan {
            // An address that the blueprint no longer names is left.
            Orphan::Address(orphan) if tier.addresses.contains_key(orphan.name()) => {
                work.act(Action::ReleaseAddress { name: orphan.name().clone(), allocation: orphan.into() });
            }
            Orphan::Address(_)
            | Orphan::NatGateway { .. }
            | Orphan::LoadBalancer { .. }
            | Orphan::VpcEndpoint { .. } => {}
        }
    }
}
