//! VPCs, subnets, route tables, and the ways out of them.

use std::collections::BTreeMap;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as sdk;

use crate::aws::errors::{failed, parsed};
use crate::aws::tags;
use crate::capture::found::{Address, Followers, NatGateway, Network, RouteTable, Subnet};
use crate::model::*;
use crate::ports::ActionError;

const VPCS: &str = "ec2:DescribeVpcs";
const SUBNETS: &str = "ec2:DescribeSubnets";
const ROUTE_TABLES: &str = "ec2:DescribeRouteTables";
const NAT_GATEWAYS: &str = "ec2:DescribeNatGateways";
const ADDRESSES: &str = "ec2:DescribeAddresses";

/// The network of the region.
pub(super) async fn find(client: &Client) -> Result<Network, ActionError> {
    let (vpcs, subnets, route_tables) = tokio::join!(vpcs(client), subnets(client), route_tables(client));
    Ok(Network { vpcs: vpcs?, subnets: subnets?, route_tables: route_tables? })
}

async fn vpcs(client: &Client) -> Result<BTreeMap<VpcId, Tags>, ActionError> {
    let pages = client.describe_vpcs().into_paginator().items().send();
    let all: Vec<sdk::Vpc> = pages.collect::<Result<_, _>>().await.map_err(failed(VPCS))?;
    all.iter().map(|vpc| Ok((parsed(VPCS, vpc.vpc_id())?, tags::from_ec2(vpc.tags())))).collect()
}

async fn subnets(client: &Client) -> Result<BTreeMap<SubnetId, Subnet>, ActionError> {
    let pages = client.describe_subnets().into_paginator().items().send();
    let all: Vec<sdk::Subnet> = pages.collect::<Result<_, _>>().await.map_err(failed(SUBNETS))?;
    let read = all.iter().map(|one| {
        let subnet = Subnet {
            vpc: parsed(SUBNETS, one.vpc_id())?,
            zone: one.availability_zone().unwrap_or_default().to_owned(),
            tags: tags::from_ec2(one.tags()),
        };
        Ok((parsed(SUBNETS, one.subnet_id())?, subnet))
    });
    read.collect()
}

async fn route_tables(client: &Client) -> Result<Vec<RouteTable>, ActionError> {
    let pages = client.describe_route_tables().into_paginator().items().send();
    let all: Vec<sdk::RouteTable> = pages.collect::<Result<_, _>>().await.map_err(failed(ROUTE_TABLES))?;
    all.iter().map(route_table).collect()
}

fn route_table(table: &sdk::RouteTable) -> Result<RouteTable, ActionError> {
    let associations = table.associations();
    let subnets = associations.iter().filter_map(|one| one.subnet_id()?.parse().ok()).collect();
    let is_main = associations.iter().any(|one| one.main() == Some(true));
    let to_nat = |route: &sdk::Route| {
        let destination =
            [route.destination_cidr_block(), route.destination_ipv6_cidr_block(), route.destination_prefix_list_id()];
        let destination = destination.into_iter().flatten().find(|text| !text.is_empty())?;
        Some((destination.to_owned(), route.nat_gateway_id()?.parse().ok()?))
    };
    Ok(RouteTable {
        id: parsed(ROUTE_TABLES, table.route_table_id())?,
        vpc: parsed(ROUTE_TABLES, table.vpc_id())?,
        followers: if is_main { Followers::Main(subnets) } else { Followers::Subnets(subnets) },
        nat_routes: table.routes().iter().filter_map(to_nat).collect(),
        nat_instances: table.routes().iter().filter_map(|route| route.instance_id()?.parse().ok()).collect(),
        tags: tags::from_ec2(table.tags()),
    })
}

/// Those that are there to stay.
pub(super) async fn nat_gateways(client: &Client) -> Result<Vec<NatGateway>, ActionError> {
    let alive = sdk::Filter::builder().name("state").values("pending").values("available").build();
    let pages = client.describe_nat_gateways().filter(alive).into_paginator().items().send();
    let all: Vec<sdk::NatGateway> = pages.collect::<Result<_, _>>().await.map_err(failed(NAT_GATEWAYS))?;
    all.iter().map(nat_gateway).collect()
}

fn nat_gateway(one: &sdk::NatGateway) -> Result<NatGateway, ActionError> {
    let addresses = one.nat_gateway_addresses();
    let primary = addresses.iter().find(|address| address.is_primary() == Some(true)).or(addresses.first());
    Ok(NatGateway {
        id: parsed(NAT_GATEWAYS, one.nat_gateway_id())?,
        vpc: parsed(NAT_GATEWAYS, one.vpc_id())?,
        subnet: one.subnet_id().and_then(|subnet| subnet.parse().ok()),
        allocation: primary.and_then(|address| address.allocation_id()?.parse().ok()),
        tags: tags::from_ec2(one.tags()),
    })
}

/// All of the VPCs' kind; what is left of EC2-Classic has no allocation.
pub(super) async fn addresses(client: &Client) -> Result<BTreeMap<AllocationId, Address>, ActionError> {
    let answer = client.describe_addresses().send().await.map_err(failed(ADDRESSES))?;
    let read = answer.addresses().iter().filter(|one| one.allocation_id().is_some()).map(|one| {
        let address =
            Address { public_ip: one.public_ip().unwrap_or_default().to_owned(), tags: tags::from_ec2(one.tags()) };
        Ok((parsed(ADDRESSES, one.allocation_id())?, address))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_table_is_read_with_what_follows_it() {
        let main = sdk::RouteTableAssociation::builder().main(true).build();
        let of_subnet = sdk::RouteTableAssociation::builder().main(false).subnet_id("subnet-1").build();
        let to_nat = sdk::Route::builder().destination_cidr_block("0.0.0.0/0").nat_gateway_id("nat-1").build();
        let to_list = sdk::Route::builder().destination_prefix_list_id("pl-1").nat_gateway_id("nat-1").build();
        let to_internet = sdk::Route::builder().destination_cidr_block("10.0.0.0/8").gateway_id("igw-1").build();
        let to_instance = sdk::Route::builder().destination_cidr_block("10.9.0.0/16").instance_id("i-1").build();
        let table = sdk::RouteTable::builder()
            .route_table_id("rtb-1")
            .vpc_id("vpc-1")
            .set_associations(Some(vec![main, of_subnet]))
            .set_routes(Some(vec![to_nat, to_list, to_internet, to_instance]))
            .build();
        let read = route_table(&table).expect("a route table");
        assert_eq!(read.followers, Followers::Main(["subnet-1".parse().expect("an id")].into()));
        let destinations: Vec<&str> = read.nat_routes.keys().map(String::as_str).collect();
        assert_eq!(destinations, ["0.0.0.0/0", "pl-1"]);
        assert_eq!(read.nat_instances, ["i-1".parse().expect("an id")].into());
    }
}
