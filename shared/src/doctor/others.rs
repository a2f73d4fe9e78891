//! Who else uses what goes at night, and which routes lead nowhere since a night took what they led to.

use std::collections::BTreeSet;

use super::place::Place;
use crate::capture::found::RouteTable;
use crate::model::*;
use crate::safety::{self, Reason, ReasonKind};

/// Everybody who would be without what it uses, and is not allowed to be.
pub(super) fn barred(place: Place<'_>) -> Vec<Reason> {
    let reasons = safety::reasons(place.tier, place.seen, Target::Down);
    reasons.into_iter().filter(|reason| reason.kind == ReasonKind::OtherUser).collect()
}

/// Routes of the environment's VPCs that the blueprint does not list, and that lead to a NAT gateway that is gone. Where it
/// could not be told which there are, none is.
pub(super) fn black_holes(place: Place<'_>) -> Vec<RouteKey> {
    let Some(network) = &place.found.network else { return Vec::new() };
    let Some(standing) = &place.found.nat_gateways else { return Vec::new() };
    let standing: BTreeSet<&NatGatewayId> = standing.iter().map(|one| &one.id).collect();
    let is_ours = |table: &&RouteTable| place.tier.routes.keys().any(|key| key.route_table == table.id);
    let vpcs: BTreeSet<&VpcId> = network.route_tables.iter().filter(is_ours).map(|table| &table.vpc).collect();
    let tables = network.route_tables.iter().filter(|table| vpcs.contains(&table.vpc));
    let gone = tables.flat_map(|table| {
        let led = table.nat_routes.iter().filter(|(_, gateway)| !standing.contains(gateway));
        led.map(|(to, _)| RouteKey { route_table: table.id.clone(), destination: to.clone() })
    });
    gone.filter(|key| !place.tier.routes.contains_key(key)).collect()
}
