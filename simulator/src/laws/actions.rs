//! The laws of single actions.

mod alarms;
mod compute;
mod others;
mod scaling;

use curfew_core::model::*;
use curfew_core::placing::{NatGatewayState, VpcEndpointState};
use curfew_core::ports::Scope;

use crate::account::{Account, Task, TaskState, is_own};

/// What an action breaks.
pub(super) struct Broken {
    pub(super) what: String,
    /// It was right a moment ago: only a person's own change in between makes it wrong.
    pub(super) is_a_race: bool,
}

/// Collects what an action breaks.
#[derive(Default)]
struct Judge(Vec<Broken>);

impl Judge {
    fn must(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.0.push(Broken { what: what.into(), is_a_race: false });
        }
    }

    /// As [`Judge::must`], unless a person changed it a moment ago.
    fn must_as_seen(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.0.push(Broken { what: what.into(), is_a_race: true });
        }
    }
}

/// Everything that an action breaks, judged by what is there just before it.
pub(super) fn against(account: &Account, scope: Scope<'_>, action: &Action) -> Vec<Broken> {
    let mut judge = Judge::default();
    let tier = scope.tier;
    match action {
        Action::AllocateAddress { name, .. } => {
            let named = account.addresses.values().filter(|one| is_own(scope.environment, name.as_str(), &one.tags));
            judge.must_as_seen(named.count() == 0, "there is one already");
        }
        Action::ReleaseAddress { name, allocation } => release(&mut judge, account, scope, name, allocation.id()),
        Action::CreateNatGateway { name, allocation, .. } => {
            let alive = account.nat_gateways.values().filter(|one| one.state.is_alive());
            let named = alive.filter(|one| is_own(scope.environment, name.as_str(), &one.tags)).count();
            judge.must_as_seen(named == 0, "there is one already");
            let free = account.addresses.get(allocation).is_some_and(|address| address.held_by.is_none());
            judge.must_as_seen(free, "its address is not free");
        }
        Action::DeleteNatGateway { nat_gateway, .. } => {
            if let Some(one) = account.nat_gateways.get(nat_gateway.id()).filter(|one| one.state.is_alive()) {
                let adopted = tier.nat_gateways.values().any(|w| w.adopted.as_ref() == Some(nat_gateway.id()));
                judge.must_as_seen(is_of(scope.environment, &one.tags) || adopted, "it is somebody else's");
                let leads = |key: &RouteKey| account.exits.contains(key) && leads_to(account, key, nat_gateway.id());
                if tier.routes.keys().any(leads) {
                    nobody_works(&mut judge, account, tier);
                }
                others::nat_gateway(&mut judge, account, tier, nat_gateway.id());
            }
        }
        Action::CreateRoute { route, nat_gateway } | Action::ReplaceRoute { route, nat_gateway } => {
            judge.must(tier.routes.contains_key(route), "it is not in the blueprint");
            let state = account.nat_gateways.get(nat_gateway).map(|one| &one.state);
            judge.must_as_seen(state == Some(&NatGatewayState::Available), "its NAT gateway is not available");
        }
        Action::CreateLoadBalancer { name, .. } => {
            let there = account.load_balancers.values().any(|one| one.name == *name);
            judge.must_as_seen(!there, "there is one already");
        }
        Action::DeleteLoadBalancer { load_balancer, .. } => {
            if let Some(one) = account.load_balancers.get(load_balancer.id()) {
                let adopted = tier.load_balancers.values().any(|w| w.adopted.as_ref() == Some(load_balancer.id()));
                judge.must_as_seen(is_of(scope.environment, &one.tags) || adopted, "it is somebody else's");
                judge.must_as_seen(!one.is_protected(), "it is protected");
                others::load_balancer(&mut judge, account, tier, one);
                if tier.load_balancers.contains_key(&one.name) {
                    nobody_works(&mut judge, account, tier);
                }
            }
        }
        Action::ModifyLoadBalancerAttributes { name, attributes, load_balancer } => {
            let unprotects = attributes.get(DELETION_PROTECTION).is_some_and(|value| value != "true");
            if unprotects {
                let said = tier.load_balancers.get(name).map(|wanted| wanted.deletion_protection);
                judge.must(said == Some(DeletionProtection::OffWhileDown), "the blueprint keeps it protected");
                nobody_works(&mut judge, account, tier);
            }
            if let Some(one) = account.load_balancers.get(load_balancer.id()) {
                let adopted = tier.load_balancers.values().any(|w| w.adopted.as_ref() == Some(load_balancer.id()));
                judge.must_as_seen(is_of(scope.environment, &one.tags) || adopted, "it is somebody else's");
            }
        }
        Action::ChangeResourceRecordSets { zone, changes } => {
            let ours = changes.iter().all(|one| one.key.zone == *zone && tier.dns_records.contains_key(&one.key));
            judge.must(ours, "a record is not in the blueprint");
            for change in changes {
                guarded(&mut judge, account, tier, change);
            }
        }
        Action::UpdateService { name, desired_count, .. } => {
            service_is_ours(&mut judge, account, scope, name);
            // A service that had no tasks in the evening was only moved to its minimum.
            let had_tasks = tier.services.get(name).is_none_or(|service| service.desired_count > 0);
            if *desired_count > 0 {
                ways_out(&mut judge, account, tier);
                compute::ways_out_run(&mut judge, account, tier);
                endpoints_work(&mut judge, account, scope);
                in_turn(&mut judge, account, tier, name);
                databases_work(&mut judge, account, tier, name);
                let nobody = account.tasks_of(name).next().is_none();
                // Said again after an answer was lost, it starts nothing: a count is no deployment (facts §3).
                let repeated = account.services.get(name).is_some_and(|one| one.desired_count == *desired_count);
                let alone = !tier.services.get(name).is_some_and(|service| service.singleton) || nobody || repeated;
                judge.must_as_seen(alone, "it would be two for a moment");
            } else if had_tasks {
                names_answer_elsewhere(&mut judge, account, tier);
                last(&mut judge, account, tier, name);
                scaling::sleeps(&mut judge, account, name);
            }
        }
        Action::CreateService { name, task_definition, .. } => {
            ways_out(&mut judge, account, tier);
            compute::ways_out_run(&mut judge, account, tier);
            endpoints_work(&mut judge, account, scope);
            in_turn(&mut judge, account, tier, name);
            databases_work(&mut judge, account, tier, name);
            judge.must_as_seen(!account.services.contains_key(name), "there is one already");
            let declared = tier.services.get(name).and_then(|service| service.task_definition.as_ref());
            judge.must(declared == Some(task_definition), "its task definition is not the blueprint's");
        }
        Action::DeleteService { name, .. } => {
            service_is_ours(&mut judge, account, scope, name);
            judge.must_as_seen(account.tasks_of(name).next().is_none(), "it has tasks");
        }
        Action::StopDbInstance { instance: id, .. } | Action::StopDbCluster { cluster: id, .. } => {
            if let Some(name) = database_is_ours(&mut judge, account, scope, id.id()) {
                nobody_needs(&mut judge, account, tier, name);
                others::database(&mut judge, account, tier);
            }
        }
        Action::StartDbInstance { instance: id, .. } | Action::StartDbCluster { cluster: id, .. } => {
            if let Some(name) = database_is_ours(&mut judge, account, scope, id.id()) {
                let runs = tier.databases[name].while_up == DatabaseWhileUp::Running;
                judge.must(runs, "it is to stay stopped");
            }
        }
        Action::CreateVpcEndpoint { name, .. } => {
            let alive = account.vpc_endpoints.values().filter(|one| one.state.is_alive());
            let named = alive.filter(|one| is_own(scope.environment, name.as_str(), &one.tags)).count();
            judge.must_as_seen(named == 0, "there is one already");
        }
        Action::DeleteVpcEndpoints { vpc_endpoint: id, .. } => {
            if let Some(one) = account.vpc_endpoints.get(id.id()).filter(|one| one.state.is_alive()) {
                let adopted = tier.vpc_endpoints.values().any(|w| w.adopted.as_ref() == Some(id.id()));
                judge.must_as_seen(is_of(scope.environment, &one.tags) || adopted, "it is somebody else's");
                nobody_works(&mut judge, account, tier);
            }
        }
        Action::StopInstances { instance, .. } => {
            compute::instance_is_ours(&mut judge, account, scope, instance.id());
            nobody_works(&mut judge, account, tier);
        }
        Action::StartInstances { instance, .. } => {
            if let Some(wanted) = compute::instance_is_ours(&mut judge, account, scope, instance.id()) {
                judge.must(wanted.while_up == InstanceWhileUp::Running, "it is to stay stopped");
            }
        }
        Action::UpdateAutoScalingGroup { group, capacity, .. } => {
            compute::group_is_ours(&mut judge, account, scope, group.id());
            compute::resize(&mut judge, account, group.id(), *capacity);
            if capacity.is_asleep() {
                nobody_works(&mut judge, account, tier);
            }
        }
        Action::RegisterScalableTarget { name, suspended, .. } => {
            service_is_ours(&mut judge, account, scope, name);
            scaling::register(&mut judge, account, tier, name, suspended);
        }
        Action::PutScalingPolicy { name, policy, configuration, .. } => {
            service_is_ours(&mut judge, account, scope, name);
            scaling::put(&mut judge, account, name, policy, configuration);
        }
        Action::PutMetricAlarm { on, alarm } => alarms::put(&mut judge, account, tier, on, alarm),
        Action::CreateListener { .. }
        | Action::ModifyListenerAttributes { .. }
        | Action::AddListenerCertificates { .. }
        | Action::AssociateWebAcl { .. }
        | Action::CreateRule { .. }
        | Action::TagCluster { .. }
        | Action::UntagCluster { .. } => {}
    }
    judge.0
}

fn release(judge: &mut Judge, account: &Account, scope: Scope<'_>, name: &LogicalName, id: &AllocationId) {
    let Some(address) = account.addresses.get(id) else { return };
    let wanted = scope.tier.addresses.get(name);
    let adopted = wanted.is_some_and(|wanted| wanted.adopted.as_ref() == Some(id));
    judge.must_as_seen(is_of(scope.environment, &address.tags) || adopted, "it is somebody else's");
    judge.must_as_seen(address.held_by.is_none(), "something holds it");
}

fn leads_to(account: &Account, key: &RouteKey, id: &NatGatewayId) -> bool {
    account.route_target(key) == Some(RouteTarget::NatGateway(id.clone()))
}

/// DNS never leads to a load balancer without the web ACL that it is meant to have.
fn guarded(judge: &mut Judge, account: &Account, tier: &RuntimeTier, change: &RecordChange) {
    let RecordDestination::LoadBalancer { dns_name, .. } = &change.to else { return };
    let plain = dns_name.strip_prefix("dualstack.").unwrap_or(dns_name);
    let Some(one) = account.load_balancers.values().find(|one| one.dns_name == plain) else { return };
    let Some(meant) = tier.load_balancers.get(&one.name).and_then(|meant| meant.web_acl.as_ref()) else { return };
    let there = one.configuration.web_acl.as_ref();
    judge.must_as_seen(there == Some(meant), format!("{} is without its web ACL", one.name));
}

/// Load balancer and NAT gateway go when no task is left that needs them (invariant 5).
fn nobody_works(judge: &mut Judge, account: &Account, tier: &RuntimeTier) {
    for name in tier.services.keys() {
        let wanted = account.services.get(name).map_or(0, |service| service.desired_count);
        judge.must_as_seen(wanted == 0, format!("service {name} still wants {wanted} tasks"));
        let left: Vec<&Task> = account.tasks_of(name).map(|(_, task)| task).collect();
        judge.must_as_seen(left.is_empty(), format!("service {name} still has {} tasks", left.len()));
    }
}

/// DNS is moved before the first task is told to stop (invariant 5).
fn names_answer_elsewhere(judge: &mut Judge, account: &Account, tier: &RuntimeTier) {
    let exists = |key: &RecordKey| !account.missing().contains(&BaseResource::HostedZone(key.zone.clone()));
    for (key, record) in tier.dns_records.iter().filter(|(key, _)| exists(key)) {
        let moved = match account.records.get(key).map(|record| &record.target) {
            Some(RecordTarget::Values(_)) => true,
            Some(RecordTarget::Alias { dns_name, .. }) => {
                record.sleeping_page.as_ref().is_some_and(|page| page.dns_name == *dns_name)
            }
            None => false,
        };
        let may_stay = record.while_down == RecordWhileDown::Leave;
        judge.must_as_seen(moved || may_stay, format!("{} still answers with the load balancer", key.name));
    }
}

/// Tasks start when every route leads out (invariant 5).
fn ways_out(judge: &mut Judge, account: &Account, tier: &RuntimeTier) {
    let exists = |key: &RouteKey| !account.missing().contains(&BaseResource::RouteTable(key.route_table.clone()));
    let some_left = tier.routes.is_empty() || tier.routes.keys().any(exists);
    judge.must_as_seen(some_left, "every route table that leads out is gone");
    for key in tier.routes.keys().filter(|key| exists(key)) {
        let leads = matches!(account.route_target(key), Some(RouteTarget::NatGateway(_)));
        judge.must_as_seen(leads, format!("{key} leads nowhere yet"));
    }
}

/// Tasks start when every endpoint works through which they may pull their images and secrets.
fn endpoints_work(judge: &mut Judge, account: &Account, scope: Scope<'_>) {
    for (name, wanted) in &scope.tier.vpc_endpoints {
        let is_it = |(id, one): (&VpcEndpointId, &crate::account::VpcEndpoint)| {
            let is_ours = is_own(scope.environment, name.as_str(), &one.tags) || wanted.adopted.as_ref() == Some(id);
            is_ours && one.state == VpcEndpointState::Available
        };
        judge.must_as_seen(account.vpc_endpoints.iter().any(is_it), format!("VPC endpoint {name} does not work yet"));
    }
}

/// A service starts when those that it comes after have tasks that run.
fn in_turn(judge: &mut Judge, account: &Account, tier: &RuntimeTier, name: &ServiceName) {
    for first in tier.services.get(name).iter().flat_map(|service| &service.after) {
        let wanted = tier.services.get(first).is_some_and(|service| service.desired_count > 0);
        let runs = account.tasks_of(first).any(|(_, task)| task.state == TaskState::Running);
        judge.must_as_seen(!wanted || runs, format!("it comes after {first}, which does not run yet"));
    }
}

/// A service stops when none that comes after it has tasks.
fn last(judge: &mut Judge, account: &Account, tier: &RuntimeTier, name: &ServiceName) {
    for (follower, _) in tier.services.iter().filter(|(_, service)| service.after.contains(name)) {
        let left = account.tasks_of(follower).count();
        judge.must_as_seen(left == 0, format!("{follower} comes after it and still has {left} tasks"));
    }
}

/// The name of a database that the blueprint has and no other environment's tag claims.
fn database_is_ours<'a>(
    judge: &mut Judge,
    account: &Account,
    scope: Scope<'a>,
    id: &DatabaseId,
) -> Option<&'a LogicalName> {
    let named = scope.tier.databases.iter().find(|(_, wanted)| wanted.id() == *id).map(|(name, _)| name);
    let tags = account.databases.get(id).map(|one| &one.tags);
    let foreign = tags.is_some_and(|tags| tags.contains_key(ENVIRONMENT_TAG) && !is_of(scope.environment, tags));
    judge.must(named.is_some() && !foreign, "it is somebody else's");
    named
}

/// A database is stopped when no task is left of the services that need it.
fn nobody_needs(judge: &mut Judge, account: &Account, tier: &RuntimeTier, database: &LogicalName) {
    for (name, _) in tier.services.iter().filter(|(_, service)| service.databases.contains(database)) {
        let wanted = account.services.get(name).map_or(0, |service| service.desired_count);
        let left = account.tasks_of(name).count();
        judge.must_as_seen(wanted == 0 && left == 0, format!("service {name} needs it and has {left} tasks"));
    }
}

/// Tasks start when the databases work that their service needs; those that are to stay stopped are not waited for.
fn databases_work(judge: &mut Judge, account: &Account, tier: &RuntimeTier, service: &ServiceName) {
    let Some(service) = tier.services.get(service) else { return };
    let needed = tier.databases.iter().filter(|(name, _)| service.databases.contains(name));
    for (name, wanted) in needed.filter(|(_, wanted)| wanted.while_up == DatabaseWhileUp::Running) {
        let works = account.databases.get(&wanted.id()).is_some_and(|one| one.status.serves());
        judge.must_as_seen(works, format!("database {name} does not work yet"));
    }
}

fn service_is_ours(judge: &mut Judge, account: &Account, scope: Scope<'_>, name: &ServiceName) {
    let Some(found) = account.services.get(name) else { return };
    let adopted = scope.tier.services.get(name).is_some_and(|wanted| wanted.adopted.as_ref() == Some(&found.arn));
    judge.must(is_of(scope.environment, &found.tags) || adopted, "it is somebody else's");
}
