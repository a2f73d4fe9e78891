//! In-between states that a script must have shown to both sides: a comparison of nothing proves nothing.

use std::collections::BTreeSet;

use curfew_core::model::*;

/// Something that is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    NatGatewayPending,
    NatGatewayLeaving,
    AddressHeldByOneThatLeaves,
    RouteIntoABlackHole,
    LoadBalancerProvisionedWithListeners,
    TasksPending,
    TasksStopping,
    TargetsWaiting,
    TargetsDraining,
    RecordPending,
    ServiceDraining,
    DatabaseStarting,
    DatabaseStopping,
    VpcEndpointPending,
    VpcEndpointLeaving,
    InstanceStarting,
    InstanceStopping,
    GroupMoving,
}

/// Those that an observation shows.
pub fn of(seen: &Observation) -> BTreeSet<Moment> {
    let mut moments = BTreeSet::new();
    let mut note = |moment, shown: bool| {
        if shown {
            moments.insert(moment);
        }
    };
    let mut gateways = seen.nat_gateways.values();
    note(Moment::NatGatewayPending, gateways.clone().any(|one| matches!(one, Seen::Pending(_))));
    let leaving = gateways.any(|one| matches!(one, Seen::Leaving(_)));
    note(Moment::NatGatewayLeaving, leaving);
    let held = seen.addresses.values().filter_map(Seen::present).any(|address| address.associated);
    note(Moment::AddressHeldByOneThatLeaves, leaving && held);
    let black = |route: &ObservedRoute| matches!(route.target, RouteTarget::Blackhole(_));
    note(Moment::RouteIntoABlackHole, seen.routes.values().filter_map(Seen::present).any(black));
    let provisioned = |one: &Seen<ObservedLoadBalancer>| matches!(one, Seen::Pending(one) if !one.listeners.is_empty());
    note(Moment::LoadBalancerProvisionedWithListeners, seen.load_balancers.values().any(provisioned));
    let services = || seen.services.values().filter_map(Seen::present);
    note(Moment::TasksPending, services().any(|one| one.tasks.pending > 0));
    note(Moment::TasksStopping, services().any(|one| one.tasks.stopping > 0));
    note(Moment::ServiceDraining, seen.services.values().any(|one| matches!(one, Seen::Leaving(_))));
    let targets = || seen.targets.values().filter_map(Seen::present);
    note(Moment::TargetsWaiting, targets().any(|one| one.waiting > 0));
    note(Moment::TargetsDraining, targets().any(|one| one.draining > 0));
    note(Moment::RecordPending, seen.records.values().any(|one| matches!(one, Seen::Pending(_))));
    let mut databases = seen.databases.values().filter_map(Seen::present).map(|one| one.status.doing());
    note(Moment::DatabaseStarting, databases.clone().any(|doing| doing == Doing::Starting));
    note(Moment::DatabaseStopping, databases.any(|doing| doing == Doing::Stopping));
    let mut endpoints = seen.vpc_endpoints.values();
    note(Moment::VpcEndpointPending, endpoints.clone().any(|one| matches!(one, Seen::Pending(_))));
    note(Moment::VpcEndpointLeaving, endpoints.any(|one| matches!(one, Seen::Leaving(_))));
    let mut instances = seen.instances.values().filter_map(Seen::present).map(|one| one.state);
    note(Moment::InstanceStarting, instances.clone().any(|state| state == InstanceState::Pending));
    note(Moment::InstanceStopping, instances.any(|state| state == InstanceState::Stopping));
    let mut groups = seen.auto_scaling_groups.values().filter_map(Seen::present);
    note(Moment::GroupMoving, groups.any(|one| one.instances.moving > 0));
    moments
}
