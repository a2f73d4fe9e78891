//! What a look at the account shows, in the port's words: what the adapters would have made of AWS's answers.

mod other_users;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use curfew_core::model::*;
use curfew_core::placing::{
    FoundLoadBalancer, FoundNatGateway, FoundVpcEndpoint, Placeless, lacking, open_needs, place_addresses,
    place_nat_gateways, place_vpc_endpoints, placeless_load_balancer, unseen_addresses, whose_load_balancer,
};
use curfew_core::ports::Scope;

use crate::account::{self, Account, ScalingPolicy, ServiceStatus, TaskState};

/// Looks at one part.
///
/// `changed` are the records this run changed and when each is everywhere: only who made a change can ask for it.
pub(crate) fn look(
    account: &Account,
    scope: Scope<'_>,
    part: &Part,
    known: &Observation,
    changed: &BTreeMap<RecordKey, DateTime<Utc>>,
) -> Observation {
    match part {
        Part::Addresses => addresses(account, scope),
        Part::NatGateways => nat_gateways(account, scope),
        Part::Routes => routes(account, scope),
        Part::LoadBalancers => load_balancers(account, scope),
        Part::LoadBalancerConfiguration(name) => load_balancer(account, scope, name, known),
        Part::LoadBalancerStates => states(account, known),
        Part::TargetHealth => targets(account, scope, known),
        Part::TargetsOf(group) => targets_of(account, std::slice::from_ref(group), known),
        Part::Records => records(account, scope, changed),
        Part::Services => services(account, scope),
        Part::Databases => databases(account, scope),
        Part::StandaloneTasks => standalone_tasks(account),
        Part::OtherUsers => other_users::look(account, scope, known),
        Part::Needs => needs(account, scope, known),
        Part::VpcEndpoints => vpc_endpoints(account, scope),
        Part::Instances => instances(account, scope),
        Part::AutoScalingGroups => auto_scaling_groups(account, scope),
        Part::Alarms => alarms(account, scope),
    }
}

fn needs(account: &Account, scope: Scope<'_>, known: &Observation) -> Observation {
    let lacks = lacking(open_needs(scope.tier, known), |needed| account.shortcoming(needed));
    Observation { lacks: Some(lacks), ..Observation::default() }
}

fn standalone_tasks(account: &Account) -> Observation {
    let tasks: BTreeSet<StandaloneTask> = account.standalone_tasks.keys().cloned().collect();
    let seen = if tasks.is_empty() { Seen::Absent } else { Seen::Ready(tasks) };
    Observation { standalone_tasks: Some(seen), ..Observation::default() }
}

fn addresses(account: &Account, scope: Scope<'_>) -> Observation {
    let mut found = found_addresses(account, scope);
    let unseen = unseen_addresses(scope, &found);
    let there = account.addresses.iter().filter(|(id, _)| unseen.contains(*id));
    found.extend(there.map(|(id, one)| (id.clone(), observed_address(scope, id, one))));
    place_addresses(scope, &found)
}

/// The addresses that carry the environment's tag or that the blueprint adopts.
pub(crate) fn found_addresses(account: &Account, scope: Scope<'_>) -> BTreeMap<AllocationId, ObservedAddress> {
    let is_adopted =
        |id: &AllocationId| scope.tier.addresses.values().any(|address| address.adopted.as_ref() == Some(id));
    let candidates = account.addresses.iter().filter(|(id, one)| is_of(scope.environment, &one.tags) || is_adopted(id));
    candidates.map(|(id, one)| (id.clone(), observed_address(scope, id, one))).collect()
}

fn observed_address(scope: Scope<'_>, id: &AllocationId, one: &account::Address) -> ObservedAddress {
    let adopted = scope.tier.addresses.values().filter_map(|address| address.adopted.as_ref());
    ObservedAddress {
        ownership: Ownership::prove(scope.environment, id.clone(), &one.tags, adopted.into_iter().find(|a| *a == id)),
        public_ip: one.public_ip.clone(),
        associated: one.held_by.is_some(),
        holder: one.held_by.clone().map(AddressHolder::NatGateway),
        tags: one.tags.clone(),
        unsupported: Vec::new(),
    }
}

fn nat_gateways(account: &Account, scope: Scope<'_>) -> Observation {
    place_nat_gateways(scope, &found_nat_gateways(account, scope))
}

/// All NAT gateways, as a describe would show them.
pub(crate) fn found_nat_gateways(account: &Account, scope: Scope<'_>) -> Vec<FoundNatGateway> {
    let adopted: BTreeSet<&NatGatewayId> =
        scope.tier.nat_gateways.values().filter_map(|gateway| gateway.adopted.as_ref()).collect();
    account
        .nat_gateways
        .iter()
        .map(|(id, one)| FoundNatGateway {
            id: id.clone(),
            state: one.state.clone(),
            observed: ObservedNatGateway {
                ownership: Ownership::prove(scope.environment, id.clone(), &one.tags, adopted.get(id).copied()),
                subnet: Some(one.subnet.clone()),
                allocation: Some(one.allocation.clone()),
                tags: one.tags.clone(),
                unsupported: Vec::new(),
            },
        })
        .collect()
}

fn vpc_endpoints(account: &Account, scope: Scope<'_>) -> Observation {
    if scope.tier.vpc_endpoints.is_empty() {
        return Observation::default();
    }
    place_vpc_endpoints(scope, &found_vpc_endpoints(account, scope))
}

/// All VPC endpoints, as a describe would show them.
pub(crate) fn found_vpc_endpoints(account: &Account, scope: Scope<'_>) -> Vec<FoundVpcEndpoint> {
    let adopted: BTreeSet<&VpcEndpointId> =
        scope.tier.vpc_endpoints.values().filter_map(|endpoint| endpoint.adopted.as_ref()).collect();
    let found = account.vpc_endpoints.iter().map(|(id, one)| FoundVpcEndpoint {
        id: id.clone(),
        state: one.state.clone(),
        observed: ObservedVpcEndpoint {
            ownership: Ownership::prove(scope.environment, id.clone(), &one.tags, adopted.get(id).copied()),
            configuration: VpcEndpoint { tags: own_tags(&one.tags), ..one.configuration.clone() },
            tags: one.tags.clone(),
            unsupported: Vec::new(),
        },
    });
    found.collect()
}

fn routes(account: &Account, scope: Scope<'_>) -> Observation {
    let seen =
        |key: &RouteKey| account.route_target(key).map_or(Seen::Absent, |target| Seen::Ready(ObservedRoute { target }));
    let routes = scope.tier.routes.keys().map(|key| (key.clone(), seen(key))).collect();
    let is_gone = |id: &&RouteTableId| {
        !account.route_tables.contains(id) || account.missing().contains(&BaseResource::RouteTable((*id).clone()))
    };
    let tables = scope.tier.routes.keys().map(|key| &key.route_table).filter(is_gone);
    let missing = tables.cloned().map(BaseResource::RouteTable).collect();
    Observation { routes, missing: [(Part::Routes, missing)].into(), ..Observation::default() }
}

fn load_balancers(account: &Account, scope: Scope<'_>) -> Observation {
    let seen = |name: &LoadBalancerName, wanted: &LoadBalancer| {
        let found = account.load_balancers.iter().find(|(_, one)| one.name == *name);
        found.map_or(Seen::Absent, |(arn, one)| {
            let ownership = whose_load_balancer(scope, by_identity(arn, one), wanted);
            seen_load_balancer(one, ownership, own_tags(&one.tags))
        })
    };
    let load_balancers = scope.tier.load_balancers.iter().map(|(name, one)| (name.clone(), seen(name, one))).collect();
    let mut observation = Observation { load_balancers, ..Observation::default() };
    let (mut orphans, mut foreign) = (Vec::new(), Vec::new());
    let placeless = account.load_balancers.iter().filter(|(_, one)| !scope.tier.load_balancers.contains_key(&one.name));
    for (arn, one) in placeless {
        match placeless_load_balancer(scope, by_identity(arn, one)) {
            Some(Placeless::Orphan(arn)) => {
                orphans.push(Orphan::LoadBalancer { arn, name: one.name.clone(), protected: one.is_protected() });
            }
            Some(Placeless::Foreign(one)) => foreign.push(one),
            None => {}
        }
    }
    observation.orphans.insert(Part::LoadBalancers, orphans);
    observation.foreign.insert(Part::LoadBalancers, foreign);
    observation
}

fn by_identity<'a>(arn: &'a LoadBalancerArn, one: &'a account::LoadBalancer) -> FoundLoadBalancer<'a> {
    FoundLoadBalancer { arn, name: &one.name, tags: &one.tags, subnets: &one.configuration.subnets }
}

fn seen_load_balancer(
    one: &account::LoadBalancer,
    ownership: Ownership<LoadBalancerArn>,
    tags: Tags,
) -> Seen<ObservedLoadBalancer> {
    let mut configuration = LoadBalancer { tags, ..one.configuration.clone() };
    for listener in configuration.listeners.values_mut() {
        listener.tags = own_tags(&listener.tags);
        listener.rules.values_mut().for_each(|rule| rule.tags = own_tags(&rule.tags));
    }
    let observed = ObservedLoadBalancer {
        ownership,
        dns_name: one.dns_name.clone(),
        hosted_zone: one.hosted_zone.clone(),
        configuration,
        mark: Mark::of(&one.tags),
        listeners: one.listeners.clone(),
        unsupported: Vec::new(),
    };
    if one.is_active { Seen::Ready(observed) } else { Seen::Pending(observed) }
}

/// Its tags, and so whose it is, are carried over.
fn load_balancer(account: &Account, scope: Scope<'_>, name: &LoadBalancerName, known: &Observation) -> Observation {
    let Some(before) = known.load_balancers.get(name).and_then(Seen::present) else {
        let mut all = load_balancers(account, scope).load_balancers;
        let load_balancers = all.remove_entry(name).into_iter().collect();
        return Observation { load_balancers, ..Observation::default() };
    };
    let found = account.load_balancers.get(before.ownership.id());
    let seen = found.map_or(Seen::Absent, |one| {
        let mut one = one.clone();
        // WAF is asked again only while it is to answer something else.
        if scope.tier.load_balancers.get(name).is_some_and(|wanted| wanted.web_acl == before.configuration.web_acl) {
            one.configuration.web_acl = before.configuration.web_acl.clone();
        }
        seen_load_balancer(&one, before.ownership.clone(), before.configuration.tags.clone())
    });
    Observation { load_balancers: [(name.clone(), seen)].into(), ..Observation::default() }
}

fn states(account: &Account, known: &Observation) -> Observation {
    let seen = known.load_balancers.iter().filter_map(|(name, seen)| {
        let before = match seen {
            Seen::Pending(before) => before,
            Seen::Absent | Seen::Ready(_) | Seen::Leaving(_) | Seen::Unknown(_) => return None,
        };
        let now = match account.load_balancers.get(before.ownership.id()) {
            None => Seen::Absent,
            Some(one) if one.is_active => Seen::Ready(before.clone()),
            Some(_) => Seen::Pending(before.clone()),
        };
        Some((name.clone(), now))
    });
    Observation { load_balancers: seen.collect(), ..Observation::default() }
}

fn targets(account: &Account, scope: Scope<'_>, known: &Observation) -> Observation {
    let mut wanted = scope.tier.target_groups();
    for service in known.services.values().filter_map(Seen::present) {
        wanted.extend(service.target_groups.iter().cloned());
    }
    targets_of(account, &wanted.into_iter().collect::<Vec<_>>(), known)
}

fn targets_of(account: &Account, wanted: &[TargetGroupArn], known: &Observation) -> Observation {
    let before = |arn: &TargetGroupArn| known.targets.get(arn).and_then(Seen::ready);
    let was_attached = |arn: &TargetGroupArn| before(arn).is_some_and(|targets| targets.attached);
    let mut targets = BTreeMap::new();
    for batch in wanted.chunks(20) {
        // A run that has seen all of them attached does not ask again while it waits for their targets.
        let carried_over = batch.iter().all(was_attached);
        targets.extend(batch.iter().map(|arn| (arn.clone(), seen_targets(account, arn, before(arn), carried_over))));
    }
    Observation { targets, ..Observation::default() }
}

/// Of a group without a load balancer only the targets that were seen lately are asked for.
fn seen_targets(
    account: &Account,
    arn: &TargetGroupArn,
    before: Option<&ObservedTargets>,
    carried_over: bool,
) -> Seen<ObservedTargets> {
    let is_gone = account.missing().contains(&BaseResource::TargetGroup(arn.clone()));
    if is_gone || !account.target_groups.contains_key(arn) {
        return Seen::Absent;
    }
    let attached = carried_over || account.load_balancer_of(arn).is_some();
    let had_targets = before.is_some_and(|before| before.healthy + before.waiting + before.draining > 0);
    Seen::Ready(if attached || had_targets {
        ObservedTargets { attached, ..account.targets_seen(arn) }
    } else {
        ObservedTargets::default()
    })
}

fn records(account: &Account, scope: Scope<'_>, changed: &BTreeMap<RecordKey, DateTime<Utc>>) -> Observation {
    let seen = |key: &RecordKey| {
        let Some(record) = account.records.get(key) else { return Seen::Absent };
        let observed = ObservedRecord { target: record.target.clone(), unsupported: Vec::new() };
        let under_way = changed.get(key).is_some_and(|in_sync_at| *in_sync_at > account.now());
        if under_way { Seen::Pending(observed) } else { Seen::Ready(observed) }
    };
    let records = scope.tier.dns_records.keys().map(|key| (key.clone(), seen(key))).collect();
    let zones = scope.tier.dns_records.keys().map(|key| BaseResource::HostedZone(key.zone.clone()));
    let missing = zones.filter(|zone| account.missing().contains(zone)).collect();
    Observation { records, missing: [(Part::Records, missing)].into(), ..Observation::default() }
}

fn services(account: &Account, scope: Scope<'_>) -> Observation {
    let seen = |name: &ServiceName, wanted: &Service| {
        let Some(found) = account.services.get(name) else { return Seen::Absent };
        let observed = seen_service(account, scope, name, wanted, found);
        match found.status {
            ServiceStatus::Active => Seen::Ready(observed),
            ServiceStatus::Draining => Seen::Leaving(observed),
        }
    };
    let services = scope.tier.services.iter().map(|(name, wanted)| (name.clone(), seen(name, wanted))).collect();
    // Nobody deletes the cluster here: its services would have to go first.
    Observation { services, missing: [(Part::Services, BTreeSet::new())].into(), ..Observation::default() }
}

fn seen_service(
    account: &Account,
    scope: Scope<'_>,
    name: &ServiceName,
    wanted: &Service,
    found: &account::Service,
) -> ObservedService {
    let mut tasks = TaskCounts::default();
    for (_, task) in account.tasks_of(name) {
        match task.state {
            TaskState::Starting => tasks.pending += 1,
            TaskState::Running => tasks.running += 1,
            TaskState::Draining | TaskState::Stopping => tasks.stopping += 1,
        }
    }
    // They are only asked for when none may be left.
    let matters = found.desired_count == 0 || wanted.singleton || wanted.while_down == ServiceWhileDown::Delete;
    if !matters {
        tasks.stopping = 0;
    }
    let mut configuration =
        Service { desired_count: found.desired_count, task_definition: None, definition: None, ..wanted.clone() };
    let load_balancer_policies = scaling(account, name, found, &mut configuration);
    if wanted.while_down == ServiceWhileDown::Delete {
        configuration.task_definition = Some(found.family.clone());
        let tags = own_tags(&found.tags);
        configuration.definition = found.definition.clone().map(|definition| ServiceDefinition { tags, ..definition });
    }
    ObservedService {
        ownership: Ownership::prove(scope.environment, found.arn.clone(), &found.tags, wanted.adopted.as_ref()),
        configuration,
        tasks,
        task_definition: Some(format!("{}:{}", found.family, found.revision)),
        target_groups: found.target_groups.clone(),
        load_balancer_policies,
        unsupported: Vec::new(),
    }
}

fn databases(account: &Account, scope: Scope<'_>) -> Observation {
    let seen = |wanted: &Database| {
        let id = wanted.id();
        let Some(one) = account.databases.get(&id) else { return Seen::Absent };
        let ownership = Ownership::prove(scope.environment, id.clone(), &one.tags, Some(&id));
        ObservedDatabase { ownership, status: one.status, size: one.size.clone(), unsupported: Vec::new() }.into()
    };
    let databases = scope.tier.databases.iter().map(|(name, wanted)| (name.clone(), seen(wanted))).collect();
    Observation { databases, ..Observation::default() }
}

fn instances(account: &Account, scope: Scope<'_>) -> Observation {
    let seen = |wanted: &Instance| {
        let Some(one) = account.instances.get(&wanted.id) else { return Seen::Absent };
        let ownership = Ownership::prove(scope.environment, wanted.id.clone(), &one.tags, Some(&wanted.id));
        let (state, is_way_out) = (one.state, account.leads_through(&wanted.id));
        ObservedInstance { ownership, state, passing_address: None, is_way_out, unsupported: Vec::new() }.into()
    };
    let instances = scope.tier.instances.iter().map(|(name, wanted)| (name.clone(), seen(wanted))).collect();
    Observation { instances, ..Observation::default() }
}

fn auto_scaling_groups(account: &Account, scope: Scope<'_>) -> Observation {
    let seen = |wanted: &AutoScalingGroup| {
        let Some(one) = account.auto_scaling_groups.get(&wanted.name) else { return Seen::Absent };
        let ownership = Ownership::prove(scope.environment, wanted.name.clone(), &one.tags, Some(&wanted.name));
        let (capacity, instances) = (one.capacity, one.instances);
        ObservedAutoScalingGroup { ownership, capacity, instances, unsupported: Vec::new() }.into()
    };
    let groups = &scope.tier.auto_scaling_groups;
    let auto_scaling_groups = groups.iter().map(|(name, wanted)| (name.clone(), seen(wanted))).collect();
    Observation { auto_scaling_groups, ..Observation::default() }
}

fn alarms(account: &Account, scope: Scope<'_>) -> Observation {
    let seen = |name: &LoadBalancerName| {
        let watching = account.alarms_on(name);
        if watching.is_empty() { Seen::Absent } else { Seen::Ready(watching) }
    };
    let seen_on_gateway = |name: &LogicalName, declared: &NatGateway| {
        let ids = scope.identities.ids_of_nat_gateway(name).into_iter().chain(declared.adopted.clone()).collect();
        GatewayAlarms::among(&account.alarms, ids).map_or(Seen::Absent, Seen::Ready)
    };
    let alarms = scope.tier.load_balancers.keys().map(|name| (name.clone(), seen(name))).collect();
    let gateways = scope.tier.nat_gateways.iter();
    let gateway_alarms = gateways.map(|(name, one)| (name.clone(), seen_on_gateway(name, one))).collect();
    Observation { alarms, gateway_alarms, ..Observation::default() }
}

/// Puts a service's auto scaling into its configuration; tells the policies that name a load balancer.
fn scaling(
    account: &Account,
    name: &ServiceName,
    found: &account::Service,
    configuration: &mut Service,
) -> BTreeMap<String, LoadBalancerPolicy> {
    let standing = found.status == ServiceStatus::Active;
    let target = account.scalable_targets.get(name).filter(|_| standing);
    let policies = || target.into_iter().flat_map(|target| &target.policies);
    configuration.scaling = target.map(|target| Scaling {
        suspended: target.suspended.clone(),
        bounds: Some(target.bounds),
        policies: policies().map(|(name, policy)| (name.clone(), policy.words())).collect(),
        scheduled_actions: target.scheduled_actions.clone(),
    });
    let counted = policies().filter_map(|(name, policy)| match policy {
        ScalingPolicy::Own(_) => None,
        ScalingPolicy::RequestCount(policy) => Some((name.clone(), LoadBalancerPolicy::RequestCount(policy.clone()))),
    });
    counted.collect()
}
