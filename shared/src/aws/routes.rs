//! Default routes.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{Filter, Route, RouteState, RouteTable};

use super::errors::{Outcome, failed, parsed, unobserved};
use crate::model::*;
use crate::ports::{ActionError, Scope};

const DESCRIBE: &str = "ec2:DescribeRouteTables";
/// Both were there at the last look.
const GONE_MEANWHILE: &[&str] = &["InvalidNatGatewayID.NotFound", "NatGatewayNotFound", "InvalidRouteTableID.NotFound"];

/// Looks at the route tables that have a default route of ours.
pub(super) async fn look(client: &Client, scope: Scope<'_>) -> Observation {
    let keys = scope.tier.routes.keys();
    let tables = describe(client, keys.clone().map(|key| &key.route_table).collect()).await;
    let routes = keys.map(|key| {
        let seen = match &tables {
            Ok(tables) => seen(key, tables),
            Err(error) => Seen::Unknown(unobserved(error)),
        };
        (key.clone(), seen)
    });
    let missing = match &tables {
        Ok(tables) => keys_of_missing(scope, tables),
        Err(_) => BTreeSet::new(),
    };
    Observation { routes: routes.collect(), missing: [(Part::Routes, missing)].into(), ..Observation::default() }
}

fn keys_of_missing(scope: Scope<'_>, tables: &BTreeMap<RouteTableId, RouteTable>) -> BTreeSet<BaseResource> {
    let wanted = scope.tier.routes.keys().map(|key| &key.route_table);
    wanted.filter(|id| !tables.contains_key(id)).cloned().map(BaseResource::RouteTable).collect()
}

async fn describe(
    client: &Client,
    ids: BTreeSet<&RouteTableId>,
) -> Result<BTreeMap<RouteTableId, RouteTable>, ActionError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids = ids.into_iter().map(RouteTableId::to_string).collect();
    let filter = Filter::builder().name("route-table-id").set_values(Some(ids)).build();
    let pages = client.describe_route_tables().filters(filter).into_paginator().items().send();
    let tables: Vec<RouteTable> = pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE))?;
    tables.into_iter().map(|table| Ok((parsed(DESCRIBE, table.route_table_id())?, table))).collect()
}

fn seen(key: &RouteKey, tables: &BTreeMap<RouteTableId, RouteTable>) -> Seen<ObservedRoute> {
    let Some(table) = tables.get(&key.route_table) else { return Seen::Absent };
    let there = |route: &&Route| {
        let destination = Some(key.destination.as_str());
        route.destination_cidr_block() == destination || route.destination_ipv6_cidr_block() == destination
    };
    match table.routes().iter().find(there) {
        Some(route) => Seen::Ready(ObservedRoute { target: target(route) }),
        None => Seen::Absent,
    }
}

fn target(route: &Route) -> RouteTarget {
    let nat_gateway = route.nat_gateway_id().and_then(|id| id.parse().ok());
    match (route.state(), nat_gateway) {
        (Some(RouteState::Blackhole), nat_gateway) => RouteTarget::Blackhole(nat_gateway),
        (Some(RouteState::Active) | None, Some(nat_gateway)) => RouteTarget::NatGateway(nat_gateway),
        _ => RouteTarget::Other(other_target(route).to_owned()),
    }
}

/// The id of whatever a route leads to.
fn other_target(route: &Route) -> &str {
    [
        route.gateway_id(),
        route.nat_gateway_id(),
        route.transit_gateway_id(),
        route.network_interface_id(),
        route.vpc_peering_connection_id(),
        route.egress_only_internet_gateway_id(),
        route.local_gateway_id(),
        route.carrier_gateway_id(),
        route.core_network_arn(),
        route.odb_network_arn(),
        route.instance_id(),
    ]
    .into_iter()
    .flatten()
    .next()
    .unwrap_or("something that Curfew does not know")
}

fn is_ipv6(destination: &str) -> bool {
    destination.contains(':')
}

/// Adds a route. One that is there already was added meanwhile: the run looks again.
pub(super) async fn create(client: &Client, route: &RouteKey, to: &NatGatewayId) -> Result<(), ActionError> {
    let call = client.create_route().route_table_id(route.route_table.as_str()).nat_gateway_id(to.as_str());
    let call = if is_ipv6(&route.destination) {
        call.destination_ipv6_cidr_block(&route.destination)
    } else {
        call.destination_cidr_block(&route.destination)
    };
    let answer = call.send().await.map_err(failed("ec2:CreateRoute"));
    answer.later_on(&["RouteAlreadyExists"]).later_on(GONE_MEANWHILE)?;
    Ok(())
}

/// Leads a route somewhere else. One that is gone was deleted meanwhile: the run looks again.
pub(super) async fn replace(client: &Client, route: &RouteKey, to: &NatGatewayId) -> Result<(), ActionError> {
    let call = client.replace_route().route_table_id(route.route_table.as_str()).nat_gateway_id(to.as_str());
    let call = if is_ipv6(&route.destination) {
        call.destination_ipv6_cidr_block(&route.destination)
    } else {
        call.destination_cidr_block(&route.destination)
    };
    let answer = call.send().await.map_err(failed("ec2:ReplaceRoute"));
    match answer.later_on(&["InvalidRoute.NotFound"]).later_on(GONE_MEANWHILE) {
        Ok(_) => Ok(()),
        Err(error) if error.code == "InvalidParameterValue" => Err(gone_or_refused(client, route, error).await),
        Err(error) => Err(error),
    }
}

/// `InvalidParameterValue` may also say that there is no such route (facts §1 has another code, from memory): only a
/// describe tells.
async fn gone_or_refused(client: &Client, route: &RouteKey, refused: ActionError) -> ActionError {
    match describe(client, [&route.route_table].into()).await.map(|tables| seen(route, &tables)) {
        Ok(Seen::Absent) => ActionError { retry: Retry::Later, ..refused },
        Ok(Seen::Ready(_) | Seen::Pending(_) | Seen::Leaving(_) | Seen::Unknown(_)) => refused,
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_leads_to_a_nat_gateway_nowhere_or_elsewhere() {
        let nat: NatGatewayId = "nat-0a1".parse().expect("an id");
        let to_nat = Route::builder().nat_gateway_id("nat-0a1");
        assert_eq!(target(&to_nat.clone().state(RouteState::Active).build()), RouteTarget::NatGateway(nat.clone()));
        assert_eq!(target(&to_nat.state(RouteState::Blackhole).build()), RouteTarget::Blackhole(Some(nat)));
        let to_igw = Route::builder().gateway_id("igw-1").state(RouteState::Active).build();
        assert_eq!(target(&to_igw), RouteTarget::Other("igw-1".into()));
        let to_nothing = Route::builder().state(RouteState::Blackhole).gateway_id("vgw-1").build();
        assert_eq!(target(&to_nothing), RouteTarget::Blackhole(None));
    }
}
