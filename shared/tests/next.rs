//! What is possible and needed right now, and what is not yet.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::environment::{by_day, by_night};
use crate::support::{example, id};
use chrono::DateTime;
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::next::{Step, Waiting, next};

fn step(blueprint: &Blueprint, seen: &Observation, target: Target) -> Step {
    next(&blueprint.environment, &blueprint.tier, seen, target)
}

fn actions(step: Step) -> Vec<String> {
    match step {
        Step::Act(actions) => actions.iter().map(ToString::to_string).collect(),
        Step::Done => Vec::new(),
        Step::Wait { .. } | Step::Blocked(_) | Step::Missing(_) => panic!("{step:?}"),
    }
}

/// The proof that a second one of something is this environment's.
fn ours<Id: Clone + PartialEq>(blueprint: &Blueprint, id: Id) -> Owned<Id> {
    let tags = Tags::from([(ENVIRONMENT_TAG.to_owned(), blueprint.environment.to_string())]);
    Ownership::prove(&blueprint.environment, id, &tags, None).owned().expect("it carries the tag").clone()
}

#[test]
fn load_balancers_stay_while_one_target_finishes_its_last_requests() {
    let blueprint = example("durable");
    let mut seen = by_day(&blueprint);
    for (key, found) in &mut seen.records {
        let Seen::Ready(record) = found else { panic!("{key} is there") };
        record.target = RecordTarget::Values(vec![key.kind.parked_address().to_owned()]);
    }
    for found in seen.services.values_mut() {
        let Seen::Ready(service) = found else { panic!("it is there") };
        (service.configuration.desired_count, service.tasks) = (0, TaskCounts::default());
    }
    let draining = |seen: &mut Observation, count: u32| {
        let found = seen.targets.values_mut().next().expect("a target group");
        *found = Seen::Ready(ObservedTargets { draining: count, attached: true, ..ObservedTargets::default() });
    };
    draining(&mut seen, 1);
    let Step::Wait { on, .. } = step(&blueprint, &seen, Target::Down) else { panic!("it waits") };
    assert!(matches!(on[..], [Waiting::TargetsDrained { draining: 1, .. }]), "{on:?}");
    draining(&mut seen, 0);
    let deleted = actions(step(&blueprint, &seen, Target::Down));
    assert!(deleted.iter().any(|action| action.starts_with("DeleteLoadBalancer")), "{deleted:?}");
}

#[test]
fn a_second_address_of_a_name_is_released_and_one_that_nobody_names_is_left() {
    let blueprint = example("platform");
    let orphan = |name: &str| orphan_address(&blueprint, "eipalloc-second", &id(name));
    for (mut seen, target) in [(by_day(&blueprint), Target::Up), (by_night(&blueprint), Target::Down)] {
        seen.orphans.insert(Part::Addresses, vec![orphan("a"), orphan("unnamed")]);
        let released = actions(step(&blueprint, &seen, target));
        assert_eq!(released, ["ReleaseAddress address a (eipalloc-second)"], "{target}");
    }
}

/// An address that a run was cut off over.
fn orphan_address(blueprint: &Blueprint, allocation: &str, name: &LogicalName) -> Orphan {
    let mut identities = Identities::default();
    let tags = tags_for(&blueprint.environment, name.as_str(), &Tags::new());
    let action = Action::AllocateAddress { name: name.clone(), tags };
    let marked = identities.intend(&action, "token", "run-1", DateTime::UNIX_EPOCH);
    let Action::AllocateAddress { tags, .. } = marked else { panic!("it is the same action") };
    let owned = ours(blueprint, id(allocation));
    Orphan::Address(OrphanAddress::prove(&identities, &owned, name, &tags, 1).expect("it is proven"))
}

#[test]
fn a_second_nat_gateway_of_a_name_goes_once_no_route_leads_to_it() {
    let blueprint = example("platform");
    let mut seen = by_day(&blueprint);
    let second: NatGatewayId = id("nat-second");
    let orphan = Orphan::NatGateway { nat_gateway: ours(&blueprint, second.clone()), name: id("a") };
    seen.orphans.insert(Part::NatGateways, vec![orphan]);
    let is = seen.clone();
    let route = seen.routes.values_mut().next().expect("a route");
    *route = Seen::Ready(ObservedRoute { target: RouteTarget::NatGateway(second) });
    let first = actions(step(&blueprint, &seen, Target::Up));
    assert_eq!(first, ["ReplaceRoute route 0.0.0.0/0 in rtb-0b1a000000000001a (to nat-day0)"]);
    assert_eq!(actions(step(&blueprint, &is, Target::Up)), ["DeleteNatGateway NAT gateway a (nat-second)"]);
}

#[test]
fn a_service_whose_turn_has_not_come_keeps_the_tier_from_counting_as_configured() {
    let mut blueprint = example("platform");
    let (backend, frontend): (ServiceName, ServiceName) = (id("platform-dev-backend"), id("platform-dev-frontend"));
    blueprint.tier.services.get_mut(&frontend).expect("it is there").after.insert(backend.clone());
    let mut seen = by_day(&blueprint);
    let tasks = |seen: &mut Observation, name: &ServiceName, desired: u32, tasks: TaskCounts| {
        let Some(Seen::Ready(found)) = seen.services.get_mut(name) else { panic!("{name} is there") };
        (found.configuration.desired_count, found.tasks) = (desired, tasks);
    };
    tasks(&mut seen, &backend, 2, TaskCounts { pending: 2, ..TaskCounts::default() });
    tasks(&mut seen, &frontend, 0, TaskCounts::default());
    let Step::Wait { on, .. } = step(&blueprint, &seen, Target::Up) else { panic!("it waits") };
    let turn = on.iter().find(|waiting| matches!(waiting, Waiting::Turn { .. })).expect("a turn");
    assert_eq!(turn.to_string(), "service platform-dev-backend to serve before platform-dev-frontend starts");
    assert!(!turn.is_readiness());
}
