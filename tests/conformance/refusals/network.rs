//! Addresses, NAT gateways and routes.

use curfew_core::model::*;
use curfew_core::ports::Token;
use curfew_sim::environment::Example;
use expect_test::expect;

use super::{id, tags};
use crate::moments::Moment;
use crate::pair::Pair;

fn allocate(name: &str) -> Action {
    Action::AllocateAddress { name: id(name), tags: tags(name) }
}

/// The address of a name, in its place or not.
fn allocation(seen: &Observation, name: &str) -> Owned<AllocationId> {
    let placed = seen.addresses.get(&id(name)).and_then(Seen::present).and_then(|one| one.ownership.owned().cloned());
    let orphan = seen.orphans.values().flatten().find_map(|orphan| match orphan {
        Orphan::Address(one) if one.name().as_str() == name => Some(one.allocation().clone()),
        Orphan::Address(_) | Orphan::NatGateway { .. } | Orphan::LoadBalancer { .. } | Orphan::VpcEndpoint { .. } => {
            None
        }
    });
    placed.or(orphan).expect(name)
}

/// The NAT gateway of a name, in its place or not.
fn nat_gateway(seen: &Observation, name: &str) -> Owned<NatGatewayId> {
    let placed =
        seen.nat_gateways.get(&id(name)).and_then(Seen::present).and_then(|one| one.ownership.owned().cloned());
    let orphan = seen.orphans.values().flatten().find_map(|orphan| match orphan {
        Orphan::NatGateway { nat_gateway, name: of } if of.as_str() == name => Some(nat_gateway.clone()),
        Orphan::Address(_) | Orphan::NatGateway { .. } | Orphan::LoadBalancer { .. } | Orphan::VpcEndpoint { .. } => {
            None
        }
    });
    placed.or(orphan).expect(name)
}

fn release(seen: &Observation, name: &str) -> Action {
    let declared = Address { while_down: AddressWhileDown::Release, ..Address::default() };
    let allocation = Releasable::declared(&declared, &allocation(seen, name)).expect("it is declared so");
    Action::ReleaseAddress { name: id(name), allocation }
}

fn delete(seen: &Observation, name: &str) -> Action {
    Action::DeleteNatGateway { name: id(name), nat_gateway: nat_gateway(seen, name) }
}

#[test]
fn the_network_is_refused_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    let gateway = pair.blueprint.tier.nat_gateways.values().next().expect("a NAT gateway").clone();
    let other_subnet = {
        let subnets = &pair.blueprint.tier.load_balancers.values().next().expect("a load balancer").subnets;
        subnets.iter().find(|subnet| **subnet != gateway.subnet).expect("another subnet").clone()
    };
    let mut routes = pair.blueprint.tier.routes.keys();
    let [route, other_route] = [(); 2].map(|()| routes.next().expect("a route").clone());
    let create = |subnet: &SubnetId, name: &str, allocation: AllocationId| Action::CreateNatGateway {
        name: id(name),
        subnet: subnet.clone(),
        allocation,
        tags: tags(name),
        attempt: 0,
    };
    let on = |seen: &Observation, name: &str, address: &str| {
        create(&gateway.subnet, name, allocation(seen, address).id().clone())
    };
    let lead = |seen: &Observation| Action::CreateRoute {
        route: route.clone(),
        nat_gateway: nat_gateway(seen, "egress").id().clone(),
    };
    let lead_elsewhere = |seen: &Observation| Action::ReplaceRoute {
        route: route.clone(),
        nat_gateway: nat_gateway(seen, "egress").id().clone(),
    };

    pair.look();
    for name in ["egress", "a", "b", "c", "d"] {
        pair.attempt(&format!("allocate {name}"), |_| allocate(name));
    }
    pair.attempt("allocate a sixth", |_| allocate("e"));

    let first = pair.seen().map(|seen| on(seen, "egress", "egress"));
    let token = first.map(|action| Token::of("first", action));
    pair.perform("make egress", &first, &token);
    pair.perform("make it again with its token", &first, &token);
    let moved = pair.seen().map(|seen| create(&other_subnet, "egress", allocation(seen, "egress").id().clone()));
    pair.perform("make another with its token", &moved, &token);
    pair.attempt("a route to it while it is made", lead);
    pair.attempt("replace a route that is not there", lead_elsewhere);
    pair.pass(110);
    pair.look();
    pair.attempt("replace a route that is still not there", lead_elsewhere);
    pair.attempt("a route to it", lead);
    pair.attempt("the same route again", lead);
    pair.attempt("replace it by itself", lead_elsewhere);
    let nowhere = |route: RouteKey| {
        move |_: &Observation| Action::CreateRoute { route: route.clone(), nat_gateway: id("nat-0123456789abcdef0") }
    };
    pair.attempt("a route to a gateway that is not there", nowhere(other_route));
    let missing_table = RouteKey { route_table: id("rtb-0123456789abcdef0"), ..route.clone() };
    pair.attempt("a route in a table that is not there", |seen| Action::CreateRoute {
        route: missing_table.clone(),
        nat_gateway: nat_gateway(seen, "egress").id().clone(),
    });

    // One after the other: of two orphans of one name nobody can tell which is which.
    pair.attempt("another on the same address", |seen| on(seen, "egress", "egress"));
    for seconds in [5, 20] {
        pair.pass(seconds);
        pair.look();
    }
    pair.attempt("one on an address that is not there", |_| {
        create(&gateway.subnet, "egress", id("eipalloc-0123456789abcdef0"))
    });
    for seconds in [5, 20] {
        pair.pass(seconds);
        pair.look();
    }
    pair.attempt("release a held address", |seen| release(seen, "egress"));

    for name in ["a", "b", "c", "d"] {
        pair.attempt(&format!("make {name}"), |seen| on(seen, name, name));
    }
    let before = pair.seen().clone();
    pair.attempt("a sixth in the zone", |seen| on(seen, "f", "egress"));
    pair.pass(110);
    pair.look();
    for name in ["egress", "a", "b", "c", "d"] {
        pair.attempt(&format!("delete {name}"), |seen| delete(seen, name));
    }
    pair.attempt_on("delete it again", &before, |seen| delete(seen, "egress"));
    pair.attempt_on("make one while they are deleted", &before, |seen| on(seen, "f", "egress"));
    pair.attempt("release an address of one that is deleted", |seen| release(seen, "egress"));
    pair.pass(60);
    pair.look();
    pair.attempt("release it as soon as that is gone", |seen| release(seen, "egress"));
    pair.pass(10);
    pair.attempt_on("release it later", &before, |seen| release(seen, "egress"));
    pair.attempt_on("release it again", &before, |seen| release(seen, "egress"));
    pair.attempt_on("delete the gateway again", &before, |seen| delete(seen, "egress"));
    pair.pass(3700);
    pair.look();
    pair.attempt_on("delete what AWS has forgotten", &before, |seen| delete(seen, "egress"));

    let told = pair.finish(&[Moment::NatGatewayPending, Moment::NatGatewayLeaving, Moment::RouteIntoABlackHole]);
    expect![[r#"
        allocate egress: ok
        allocate a: ok
        allocate b: ok
        allocate c: ok
        allocate d: ok
        allocate a sixth: AddressLimitExceeded, refused
        make egress: ok
        make it again with its token: ok
        make another with its token: IdempotentParameterMismatch, refused
        a route to it while it is made: InvalidNatGatewayID.NotFound, look again
        replace a route that is not there: InvalidRoute.NotFound, look again
        replace a route that is still not there: InvalidRoute.NotFound, look again
        a route to it: ok
        the same route again: RouteAlreadyExists, look again
        replace it by itself: ok
        a route to a gateway that is not there: InvalidNatGatewayID.NotFound, look again
        a route in a table that is not there: InvalidRouteTableID.NotFound, look again
        another on the same address: ok
        one on an address that is not there: ok
        release a held address: AuthFailure, look again
        make a: ok
        make b: ok
        make c: ok
        make d: ok
        a sixth in the zone: NatGatewayLimitExceeded, refused
        delete egress: ok
        delete a: ok
        delete b: ok
        delete c: ok
        delete d: ok
        delete it again: ok
        make one while they are deleted: NatGatewayLimitExceeded, refused
        release an address of one that is deleted: AuthFailure, look again
        release it as soon as that is gone: InvalidNetworkInterfaceID.NotFound, look again
        release it later: ok
        release it again: ok
        delete the gateway again: ok
        delete what AWS has forgotten: ok
    "#]]
    .assert_eq(&told);
}
