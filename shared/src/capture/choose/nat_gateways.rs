//! NAT gateways of the VPC that nobody else's tasks leave by.

use super::residents::{Resident, residents};
use super::{LeftOut, LeftOutKind, View, listed};
use crate::capture::found::{NatGateway, Service};
use crate::model::RouteTableId;

pub(super) fn nat_gateways<'a>(
    view: View<'a>,
    chosen: &[&Service],
    left_out: &mut Vec<LeftOut>,
) -> Vec<&'a NatGateway> {
    residents(view, &view.found.nat_gateways, left_out, |one| why_not(view, one, chosen))
}

fn why_not(view: View<'_>, one: &NatGateway, chosen: &[&Service]) -> Option<LeftOut> {
    let unknown = |problem: &str| Some(LeftOut::new(LeftOutKind::UnknownKind, one.called(), problem));
    if one.subnet.is_none() {
        return unknown("is a regional one, and Curfew makes zonal ones");
    }
    if one.allocation.is_none() {
        return unknown("is a private one, and Curfew makes public ones");
    }
    if let Some((table, list)) = prefix_list(view, one) {
        return unknown(&format!("is led to by the route {list} in {table}, and Curfew makes routes to ranges alone"));
    }
    let others: Vec<&Service> = users(view, one).filter(|service| !chosen.contains(service)).collect();
    (!others.is_empty()).then(|| {
        let problem = format!("is shared: {} by it too", listed(others.into_iter(), ("leaves", "leave")));
        LeftOut::new(LeftOutKind::Shared, one.called(), problem)
    })
}

/// A route to it whose destination is no range: it could not be made again.
fn prefix_list<'a>(view: View<'a>, one: &NatGateway) -> Option<(&'a RouteTableId, &'a str)> {
    let is_list = |destination: &&String| !destination.contains('/');
    view.found.network.route_tables.iter().find_map(|table| {
        let mut led = table.nat_routes.iter().filter(|(_, gateway)| **gateway == one.id).map(|(to, _)| to);
        Some((&table.id, led.find(is_list)?.as_str()))
    })
}

/// The services that leave by it, by the route tables of their subnets.
fn users<'a>(view: View<'a>, one: &'a NatGateway) -> impl Iterator<Item = &'a Service> {
    let network = &view.found.network;
    let leads_there = move |subnet| {
        network.table_of(subnet).is_some_and(|table| table.nat_routes.values().any(|gateway| *gateway == one.id))
    };
    view.found.ecs.services.iter().filter(move |service| service.subnets.iter().any(leads_there))
}
