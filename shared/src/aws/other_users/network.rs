//! Route tables, network interfaces and instances around NAT gateways.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as sdk;

use crate::aws::errors::{failed, parsed, strange};
use crate::aws::tags;
use crate::model::*;
use crate::placing::other_users::{
    FoundInstance, FoundInterface, FoundRouteTable, FoundTarget, InterfaceKind, TargetKind,
};
use crate::ports::ActionError;

const ROUTE_TABLES: &str = "ec2:DescribeRouteTables";
const INTERFACES: &str = "ec2:DescribeNetworkInterfaces";
const INSTANCES: &str = "ec2:DescribeInstances";
/// The most values that one filter takes (EC2 user guide, "Find your Amazon EC2 resources").
const VALUES: usize = 200;

type Network = (Vec<FoundRouteTable>, Vec<FoundInterface>);
type Targets = BTreeMap<LoadBalancerName, Vec<FoundTarget>>;

/// All route tables with a route to one of the NAT gateways, and the interfaces in their VPCs. Where one of them is a
/// VPC's main one, that VPC's other tables too: they tell which subnets follow it.
pub(super) async fn find(
    client: &Client,
    gateways: &BTreeMap<NatGatewayId, LogicalName>,
) -> Result<Network, ActionError> {
    if gateways.is_empty() {
        return Ok(Network::default());
    }
    let ids: Vec<String> = gateways.keys().map(NatGatewayId::to_string).collect();
    let mut tables = route_tables(client, "route.nat-gateway-id", ids).await?;
    let vpcs = |tables: &[sdk::RouteTable], of: fn(&sdk::RouteTable) -> bool| {
        let some = tables.iter().filter(|table| of(table)).filter_map(|table| Some(table.vpc_id()?.to_owned()));
        some.collect::<BTreeSet<String>>()
    };
    let all = vpcs(&tables, |_| true);
    let by_main = vpcs(&tables, is_main);
    if !by_main.is_empty() {
        let others = route_tables(client, "vpc-id", by_main.into_iter().collect()).await?;
        let known: BTreeSet<Option<String>> =
            tables.iter().map(|one| one.route_table_id().map(str::to_owned)).collect();
        tables.extend(others.into_iter().filter(|one| !known.contains(&one.route_table_id().map(str::to_owned))));
    }
    let interfaces = interfaces(client, "vpc-id", all.into_iter().collect()).await?;
    Ok((tables.iter().map(route_table).collect::<Result<_, _>>()?, interfaces))
}

async fn route_tables(client: &Client, filter: &str, values: Vec<String>) -> Result<Vec<sdk::RouteTable>, ActionError> {
    let mut all = Vec::new();
    for values in values.chunks(VALUES) {
        let filter = sdk::Filter::builder().name(filter).set_values(Some(values.to_vec())).build();
        let pages = client.describe_route_tables().filters(filter).into_paginator().items().send();
        all.extend(pages.collect::<Result<Vec<_>, _>>().await.map_err(failed(ROUTE_TABLES))?);
    }
    Ok(all)
}

fn is_main(table: &sdk::RouteTable) -> bool {
    table.associations().iter().any(|one| one.main() == Some(true))
}

fn route_table(table: &sdk::RouteTable) -> Result<FoundRouteTable, ActionError> {
    let to_nat = |route: &sdk::Route| {
        let destination =
            [route.destination_cidr_block(), route.destination_ipv6_cidr_block(), route.destination_prefix_list_id()];
        let destination = destination.into_iter().flatten().find(|text| !text.is_empty())?;
        Some((destination.to_owned(), route.nat_gateway_id()?.parse().ok()?))
    };
    Ok(FoundRouteTable {
        id: parsed(ROUTE_TABLES, table.route_table_id())?,
        is_main: is_main(table),
        subnets: table.associations().iter().filter_map(|one| one.subnet_id()?.parse().ok()).collect(),
        nat_routes: table.routes().iter().filter_map(to_nat).collect(),
        tags: tags::from_ec2(table.tags()),
    })
}

async fn interfaces(client: &Client, filter: &str, values: Vec<String>) -> Result<Vec<FoundInterface>, ActionError> {
    let mut all = Vec::new();
    for values in values.chunks(VALUES) {
        let filter = sdk::Filter::builder().name(filter).set_values(Some(values.to_vec())).build();
        let pages = client.describe_network_interfaces().filters(filter).into_paginator().items().send();
        let found: Vec<sdk::NetworkInterface> = pages.collect::<Result<_, _>>().await.map_err(failed(INTERFACES))?;
        all.extend(found.iter().map(interface).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(all)
}

/// Whose the addresses of targets are that no interface found so far has: there may be no NAT gateway, or another VPC.
pub(super) async fn addresses(
    client: &Client,
    known: &[FoundInterface],
    targets: &Targets,
) -> Result<Vec<FoundInterface>, ActionError> {
    let is_known = |address: &String| known.iter().any(|one| one.addresses.contains(address));
    let addresses = targets.values().flatten().filter(|one| one.kind == TargetKind::Address).map(|one| one.id.clone());
    // An interface's addresses are asked for as IPv4; of an IPv6 target the address is all that is told.
    let unknown: BTreeSet<String> = addresses.filter(|one| !is_known(one) && !one.contains(':')).collect();
    interfaces(client, "addresses.private-ip-address", unknown.into_iter().collect()).await
}

fn interface(one: &sdk::NetworkInterface) -> Result<FoundInterface, ActionError> {
    let v4 = one.private_ip_addresses().iter().filter_map(|address| address.private_ip_address());
    let v6 = one.ipv6_addresses().iter().filter_map(|address| address.ipv6_address());
    let addresses = one.private_ip_address().into_iter().chain(v4).chain(v6).map(str::to_owned).collect();
    let attachment = one.attachment();
    Ok(FoundInterface {
        id: parsed(INTERFACES, one.network_interface_id())?,
        subnet: parsed(INTERFACES, one.subnet_id())?,
        kind: kind(one.interface_type()),
        description: one.description().unwrap_or_default().to_owned(),
        requester: one.requester_id().map(str::to_owned),
        is_managed: one.requester_managed() == Some(true),
        is_in_use: one.status() != Some(&sdk::NetworkInterfaceStatus::Available),
        instance: attachment.and_then(|attachment| attachment.instance_id()?.parse().ok()),
        addresses,
        tags: tags::from_ec2(one.tag_set()),
    })
}

fn kind(kind: Option<&sdk::NetworkInterfaceType>) -> InterfaceKind {
    use sdk::NetworkInterfaceType as Type;
    match kind {
        Some(Type::Lambda) => InterfaceKind::Lambda,
        Some(Type::TransitGateway) => InterfaceKind::TransitGateway,
        Some(
            Type::NatGateway
            | Type::LoadBalancer
            | Type::NetworkLoadBalancer
            | Type::GatewayLoadBalancer
            | Type::VpcEndpoint
            | Type::GatewayLoadBalancerEndpoint
            | Type::ApiGatewayManaged
            | Type::GlobalAcceleratorManaged,
        ) => InterfaceKind::Answering,
        // What AWS writes beyond the SDK's list, such as `efs`, is told by its description.
        _ => InterfaceKind::Other,
    }
}

/// The instances that interfaces and targets belong to.
pub(super) async fn instances(
    client: &Client,
    interfaces: &[FoundInterface],
    targets: &Targets,
) -> Result<Vec<FoundInstance>, ActionError> {
    let of_interfaces = interfaces.iter().filter_map(|one| one.instance.as_ref()).map(InstanceId::to_string);
    let of_targets = targets.values().flatten().filter(|one| one.kind == TargetKind::Instance);
    let ids: BTreeSet<String> = of_interfaces.chain(of_targets.map(|one| one.id.clone())).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let mut all = Vec::new();
    for ids in ids.chunks(VALUES) {
        // A filter, because an id that is gone would fail the call.
        let filter = sdk::Filter::builder().name("instance-id").set_values(Some(ids.to_vec())).build();
        let pages = client.describe_instances().filters(filter).into_paginator().items().send();
        let reservations: Vec<sdk::Reservation> = pages.collect::<Result<_, _>>().await.map_err(failed(INSTANCES))?;
        let found = reservations.iter().flat_map(|one| one.instances());
        all.extend(found.map(instance).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(all)
}

fn instance(one: &sdk::Instance) -> Result<FoundInstance, ActionError> {
    let word = one.state().and_then(|state| state.name()).map_or("", |name| name.as_str());
    let state = InstanceState::read(word)
        .ok_or_else(|| strange(INSTANCES, format!("an instance has the unknown state `{word}`")))?;
    Ok(FoundInstance { id: parsed(INSTANCES, one.instance_id())?, state, tags: tags::from_ec2(one.tags()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_table_is_read_with_its_subnets_and_ways_out() {
        let main = sdk::RouteTableAssociation::builder().main(true).build();
        let of_subnet = sdk::RouteTableAssociation::builder().main(false).subnet_id("subnet-1").build();
        let to_nat = sdk::Route::builder().destination_cidr_block("0.0.0.0/0").nat_gateway_id("nat-1").build();
        let to_internet = sdk::Route::builder().destination_cidr_block("10.0.0.0/8").gateway_id("igw-1").build();
        let table = sdk::RouteTable::builder()
            .route_table_id("rtb-1")
            .set_associations(Some(vec![main, of_subnet]))
            .set_routes(Some(vec![to_nat, to_internet]));
        let read = route_table(&table.build()).expect("a route table");
        assert!(read.is_main);
        assert_eq!(read.subnets, ["subnet-1".parse().expect("an id")].into());
        assert_eq!(read.nat_routes.into_keys().collect::<Vec<_>>(), ["0.0.0.0/0"]);
    }

    #[test]
    fn an_interface_says_who_has_it() {
        let one = || sdk::NetworkInterface::builder().network_interface_id("eni-1").subnet_id("subnet-1");
        let read = |one: sdk::NetworkInterface| interface(&one).expect("an interface");
        let attached = sdk::NetworkInterfaceAttachment::builder().instance_id("i-1").build();
        assert_eq!(read(one().attachment(attached).build()).instance.map(|id| id.to_string()).as_deref(), Some("i-1"));
        let free = read(one().status(sdk::NetworkInterfaceStatus::Available).build());
        assert!(!free.is_in_use);
        for (word, expected) in [
            ("lambda", InterfaceKind::Lambda),
            ("transit_gateway", InterfaceKind::TransitGateway),
            ("natGateway", InterfaceKind::Answering),
            ("vpc_endpoint", InterfaceKind::Answering),
            ("network_load_balancer", InterfaceKind::Answering),
            ("interface", InterfaceKind::Other),
            ("efs", InterfaceKind::Other),
            ("something new", InterfaceKind::Other),
        ] {
            assert_eq!(read(one().interface_type(word.into()).build()).kind, expected, "{word}");
        }
    }
}
