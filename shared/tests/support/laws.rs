//! What must be true of every action any test ever takes: the invariants of DESIGN.md that can be seen from outside.

use curfew_core::model::*;

/// Checks one action against what is there just before it.
pub fn check(tier: &RuntimeTier, seen: &Observation, action: &Action) {
    match action {
        Action::AllocateAddress { name, .. } => {
            assert_eq!(seen.addresses.get(name), Some(&Seen::Absent), "{action}: there is one already");
        }
        Action::ReleaseAddress { name, allocation } => {
            let in_place = seen.addresses.get(name).and_then(Seen::present);
            if let Some(address) = in_place.filter(|address| address.ownership.id() == allocation.id()) {
                assert_eq!(tier.addresses[name].while_down, AddressWhileDown::Release, "{action}: it is to be kept");
                assert!(!address.associated, "{action}: something holds it");
            }
        }
        Action::CreateNatGateway { name, allocation, .. } => {
            assert_eq!(seen.nat_gateways.get(name), Some(&Seen::Absent), "{action}: there is one already");
            let address = &seen.addresses[&tier.nat_gateways[name].address];
            let free = address.ready().is_some_and(|a| a.ownership.id() == allocation && !a.associated);
            assert!(free, "{action}: its address is not free");
        }
        Action::CreateRoute { nat_gateway, .. } | Action::ReplaceRoute { nat_gateway, .. } => {
            let ready = seen.nat_gateways.values().filter_map(Seen::ready).any(|n| n.ownership.id() == nat_gateway);
            assert!(ready, "{action}: the NAT gateway is not available");
        }
        Action::CreateLoadBalancer { name, .. } => {
            assert_eq!(seen.load_balancers.get(name), Some(&Seen::Absent), "{action}: there is one already");
        }
        Action::CreateListener { name, port, .. } => {
            let there = seen.load_balancers[name].standing().expect("its load balancer stands");
            assert!(!there.listeners.contains_key(port), "{action}: there is one already");
        }
        Action::CreateRule { name, port, priority, .. } => {
            let there = seen.load_balancers[name].standing().expect("its load balancer stands");
            let rules = &there.configuration.listeners[port].rules;
            assert!(!rules.contains_key(priority), "{action}: there is one already");
        }
        Action::DeleteLoadBalancer { .. } => nobody_works(seen, action),
        Action::DeleteNatGateway { name, nat_gateway } => {
            let in_place = seen.nat_gateways.get(name).and_then(Seen::present);
            if in_place.is_some_and(|found| found.ownership.id() == nat_gateway.id()) {
                nobody_works(seen, action);
            }
        }
        Action::CreateVpcEndpoint { name, vpc_endpoint, .. } => {
            assert_eq!(seen.vpc_endpoints.get(name), Some(&Seen::Absent), "{action}: there is one already");
            let mut others = seen.vpc_endpoints.values().filter_map(Seen::present);
            let taken = others.any(|one| one.configuration.contends_with(vpc_endpoint));
            assert!(!taken, "{action}: another one has the service's names");
        }
        Action::DeleteVpcEndpoints { name, vpc_endpoint } => {
            let in_place = seen.vpc_endpoints.get(name).and_then(Seen::present);
            if in_place.is_some_and(|found| found.ownership.id() == vpc_endpoint.id()) {
                nobody_works(seen, action);
            }
        }
        Action::UpdateService { name, desired_count: 0, .. } => {
            // Unless it had none in the evening, and was only moved to its minimum.
            if tier.services[name].desired_count > 0 {
                assert_names_answer_elsewhere(tier, seen, action);
                assert_last(tier, seen, action, name);
            }
            let service = seen.services[name].standing().expect("the service is there");
            let suspended = service.configuration.scaling.as_ref().map(|scaling| &scaling.suspended);
            let sleeps =
                tier.services[name].desired_count == 0 || suspended.is_none_or(|all| *all == Suspension::all());
            assert!(sleeps, "{action}: an alarm would start it again");
        }
        Action::UpdateService { name, .. } => {
            assert_ways_out(tier, seen, action);
            assert_in_turn(tier, seen, action, name);
            assert_databases_work(tier, seen, name, action);
            let service = seen.services[name].standing().expect("the service is there");
            if tier.services[name].singleton {
                assert!(!service.tasks.any(), "{action}: it would be two for a moment");
            }
        }
        Action::CreateService { name, task_definition, .. } => {
            assert_ways_out(tier, seen, action);
            assert_in_turn(tier, seen, action, name);
            assert_databases_work(tier, seen, name, action);
            assert_eq!(seen.services.get(name), Some(&Seen::Absent), "{action}: there is one already");
            assert_eq!(Some(task_definition), tier.services[name].task_definition.as_ref());
        }
        Action::DeleteService { name, .. } => {
            let tasks = seen.services[name].present().map(|service| service.tasks);
            assert_eq!(tasks, Some(TaskCounts::default()), "{action}: it has tasks");
        }
        Action::RegisterScalableTarget { name, suspended, .. } if *suspended != Suspension::all() => {
            let service = seen.services[name].standing().expect("the service is there");
            let started = service.configuration.desired_count > 0 || tier.services[name].desired_count == 0;
            assert!(started, "{action}: its count would be moved to the minimum");
            for policy in service.load_balancer_policies.values() {
                assert!(!counts_what_is_gone(seen, policy), "{action}: {policy:?} counts what is gone");
            }
        }
        Action::RegisterScalableTarget { .. } => {}
        Action::PutScalingPolicy { name, policy, configuration, .. } => {
            let service = seen.services[name].standing().expect("the service is there");
            let there = &service.load_balancer_policies[policy];
            assert!(counts_what_is_gone(seen, there), "{action}: it is right as it is");
            let put = LoadBalancerPolicy::RequestCount(configuration.clone());
            assert!(!counts_what_is_gone(seen, &put), "{action}: it is no better");
            let LoadBalancerPolicy::RequestCount(there) = there else { panic!("{action}: it is not whole") };
            let as_it_was = RequestCount { label: there.label.clone(), ..configuration.clone() };
            assert_eq!(as_it_was, *there, "{action}: only its label may change");
        }
        Action::ChangeResourceRecordSets { changes, .. } => {
            for change in changes.iter().filter(|one| matches!(one.to, RecordDestination::LoadBalancer { .. })) {
                let name = &tier.dns_records[&change.key].load_balancer;
                let meant = tier.load_balancers.get(name).and_then(|meant| meant.web_acl.as_ref());
                let there = seen.load_balancers[name].present().and_then(|found| found.configuration.web_acl.as_ref());
                assert!(meant.is_none() || meant == there, "{action}: {name} is without its web ACL");
            }
        }
        Action::ModifyLoadBalancerAttributes { name, .. } if action.unprotects() => {
            let said = tier.load_balancers.get(name).map(|wanted| wanted.deletion_protection);
            assert_eq!(said, Some(DeletionProtection::OffWhileDown), "{action}: the blueprint does not say so");
            nobody_works(seen, action);
        }
        Action::ModifyLoadBalancerAttributes { .. } => {}
        Action::StopDbInstance { name, .. } | Action::StopDbCluster { name, .. } => {
            assert_eq!(status(seen, name), DatabaseStatus::AVAILABLE, "{action}: AWS would refuse it");
            for (service, _) in tier.services.iter().filter(|(_, wanted)| wanted.databases.contains(name)) {
                let found = seen.services[service].present();
                let left = found.is_some_and(|found| found.configuration.desired_count > 0 || found.tasks.any());
                assert!(!left, "{action}: service {service} needs it");
            }
        }
        Action::StartDbInstance { name, .. } | Action::StartDbCluster { name, .. } => {
            assert_eq!(status(seen, name), DatabaseStatus::STOPPED, "{action}: AWS would refuse it");
            assert_eq!(tier.databases[name].while_up, DatabaseWhileUp::Running, "{action}: it is to stay stopped");
        }
        Action::StopInstances { name, .. } => {
            let state = seen.instances[name].present().expect("the instance is there").state;
            assert_eq!(state, InstanceState::Running, "{action}: AWS would refuse it");
            assert_no_tasks(seen, action);
        }
        Action::StartInstances { name, .. } => {
            let state = seen.instances[name].present().expect("the instance is there").state;
            assert_eq!(state, InstanceState::Stopped, "{action}: AWS would refuse it");
            assert_eq!(tier.instances[name].while_up, InstanceWhileUp::Running, "{action}: it is to stay stopped");
        }
        Action::UpdateAutoScalingGroup { name, capacity, .. } => {
            let there = seen.auto_scaling_groups[name].present().expect("the group is there").capacity;
            assert!(capacity.is_possible(), "{action}: AWS would refuse it");
            if capacity.is_asleep() {
                assert_no_tasks(seen, action);
                assert_eq!(capacity.max, there.max, "{action}: its maximum is another one");
            } else {
                assert!(there.is_asleep(), "{action}: it has a capacity that somebody gave it");
                assert_eq!(*capacity, tier.auto_scaling_groups[name].capacity, "{action}: it is another one");
            }
        }
        Action::PutMetricAlarm { on: AlarmOn::LoadBalancer { name, .. }, alarm } => {
            assert_eq!(tier.load_balancers[name].alarms, Alarms::Repoint, "{action}: the blueprint leaves it alone");
            let there = &seen.alarms[name].ready().expect("alarms watch it")[&alarm.name];
            assert_ne!(there, &**alarm, "{action}: it is right as it is");
            let plain = watching_nothing(alarm);
            assert_eq!(plain, watching_nothing(there), "{action}: only what it watches may change");
            assert!(seen.load_balancers[name].ready().is_some(), "{action}: its load balancer is not active");
        }
        Action::PutMetricAlarm { on: AlarmOn::NatGateway { name, nat_gateway }, alarm } => {
            assert_eq!(tier.nat_gateways[name].alarms, Alarms::Repoint, "{action}: the blueprint leaves it alone");
            let found = seen.gateway_alarms[name].ready().expect("alarms watch it");
            let there = &found.alarms[&alarm.name];
            assert_ne!(there, &**alarm, "{action}: it is right as it is");
            let plain = watching_nothing(alarm);
            assert_eq!(plain, watching_nothing(there), "{action}: only what it watches may change");
            assert!(alarm.nat_gateways().contains(nat_gateway.id()), "{action}: it does not watch it");
            let ready = seen.nat_gateways[name].ready().expect("it is available");
            assert_eq!(ready.ownership.id(), nat_gateway.id(), "{action}: it is another one");
        }
        Action::ModifyListenerAttributes { .. }
        | Action::AddListenerCertificates { .. }
        | Action::AssociateWebAcl { .. }
        | Action::TagCluster { .. }
        | Action::UntagCluster { .. } => {}
    }
}

/// An alarm without what it watches.
fn watching_nothing(alarm: &MetricAlarm) -> MetricAlarm {
    let gateway = "nat-0".parse().expect("an id");
    let alarm = alarm.clone().leaving_by(&gateway, &alarm.nat_gateways());
    let balancer = |one: &WatchedLoadBalancer| format!("app/{}/0", one.name).parse().expect("a dimension");
    alarm.watched().iter().fold(alarm, |alarm, one| alarm.pointed_at(&balancer(one)))
}

/// Whether a policy's label names another load balancer than the one that stands.
fn counts_what_is_gone(seen: &Observation, policy: &LoadBalancerPolicy) -> bool {
    let LoadBalancerPolicy::RequestCount(RequestCount { label, .. }) = policy else { return false };
    let standing = seen.load_balancers.get(&label.load_balancer).and_then(Seen::standing);
    standing.is_none_or(|found| label.behind(found.ownership.id()).as_ref() != Some(label))
}

/// Checks what is there after each action and after each moment that passes.
pub fn check_state(tier: &RuntimeTier, seen: &Observation) {
    for (name, service) in &tier.services {
        let tasks = seen.services.get(name).and_then(Seen::present).map(|found| found.tasks).unwrap_or_default();
        let all = tasks.pending + tasks.running + tasks.stopping;
        assert!(!service.singleton || all <= 1, "the singleton {name} is {all}");
    }
}

/// All that a service comes after have their tasks.
fn assert_in_turn(tier: &RuntimeTier, seen: &Observation, action: &Action, name: &ServiceName) {
    for first in tier.services[name].after.iter().filter(|first| tier.services[*first].desired_count > 0) {
        let found = seen.services[first].standing().map(|found| (found.configuration.desired_count, found.tasks));
        let serves = found.is_some_and(|(desired, tasks)| desired > 0 && tasks.running >= desired);
        assert!(serves, "{action}: it comes after {first}, which is not there yet");
    }
}

/// None that comes after a service has tasks.
fn assert_last(tier: &RuntimeTier, seen: &Observation, action: &Action, name: &ServiceName) {
    for (follower, _) in tier.services.iter().filter(|(_, service)| service.after.contains(name)) {
        let tasks = seen.services[follower].standing().is_some_and(|found| found.tasks.any());
        assert!(!tasks, "{action}: {follower} comes after it and still has tasks");
    }
}

fn status(seen: &Observation, name: &LogicalName) -> DatabaseStatus {
    seen.databases[name].present().expect("the database is there").status
}

/// Tasks start when the databases work that they need and that run at all.
fn assert_databases_work(tier: &RuntimeTier, seen: &Observation, service: &ServiceName, action: &Action) {
    let needed = tier.databases.iter().filter(|(name, _)| tier.services[service].databases.contains(name));
    for (name, _) in needed.filter(|(_, wanted)| wanted.while_up == DatabaseWhileUp::Running) {
        assert!(status(seen, name).serves(), "{action}: database {name} does not work yet");
    }
}

fn assert_no_tasks(seen: &Observation, action: &Action) {
    for (name, service) in &seen.services {
        let Some(service) = service.present() else { continue };
        let left = service.configuration.desired_count > 0 || service.tasks.any();
        assert!(!left, "{action}: service {name} still has tasks");
    }
}

/// Load balancer and NAT gateway go when no task is left that needs them.
fn nobody_works(seen: &Observation, action: &Action) {
    for (name, service) in &seen.services {
        let Some(service) = service.present() else { continue };
        assert_eq!(service.configuration.desired_count, 0, "{action}: service {name} still wants tasks");
        assert!(!service.tasks.any(), "{action}: service {name} still has tasks");
    }
    for (group, targets) in &seen.targets {
        let draining = targets.ready().map_or(0, |targets| targets.draining);
        assert_eq!(draining, 0, "{action}: {} still drains", group.name());
    }
}

/// DNS is moved before the first task is told to stop.
fn assert_names_answer_elsewhere(tier: &RuntimeTier, seen: &Observation, action: &Action) {
    for (key, record) in &tier.dns_records {
        let found = seen.records.get(key).and_then(Seen::present).map(|record| &record.target);
        let moved = match found {
            Some(RecordTarget::Values(_)) => true,
            Some(RecordTarget::Alias { dns_name, .. }) => {
                record.sleeping_page.as_ref().is_some_and(|page| page.dns_name == *dns_name)
            }
            None => false,
        };
        assert!(moved || record.while_down == RecordWhileDown::Leave, "{action}: {} still answers", key.name);
    }
}

/// Tasks start when every route leads out.
fn assert_ways_out(tier: &RuntimeTier, seen: &Observation, action: &Action) {
    for (key, name) in &tier.routes {
        let nat = seen.nat_gateways[name].ready().map(|found| found.ownership.id().clone());
        let route = seen.routes[key].ready().map(|route| &route.target);
        let leads_out = nat.is_some_and(|nat| route == Some(&RouteTarget::NatGateway(nat)));
        assert!(leads_out, "{action}: {} leads nowhere yet", key.route_table);
    }
    for name in tier.vpc_endpoints.keys() {
        assert!(seen.vpc_endpoints[name].ready().is_some(), "{action}: VPC endpoint {name} does not work yet");
    }
}
