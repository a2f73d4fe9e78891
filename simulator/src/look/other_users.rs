//! Who else uses what goes, by what stands around it in this account.

use std::collections::BTreeMap;

use curfew_core::model::*;
use curfew_core::placing::other_users::{
    FoundInstance, FoundInterface, FoundRouteTable, FoundService, FoundTarget, InterfaceKind, Surroundings, TargetKind,
    load_balancers_that_go, nat_gateways_that_go, place_other_users, untold,
};
use curfew_core::ports::Scope;

use crate::account::{Account, Lodger, parsed, subnet_of};

pub(super) fn look(account: &Account, scope: Scope<'_>, known: &Observation) -> Observation {
    let seen = if !scope.tier.may_have_other_users() {
        Seen::Absent
    } else if let Some(why) = untold(known) {
        Seen::Unknown(why)
    } else {
        let users = place_other_users(scope.tier, known, &surroundings(account, known));
        if users.is_empty() { Seen::Absent } else { Seen::Ready(users) }
    };
    Observation { other_users: Some(seen), ..Observation::default() }
}

fn surroundings(account: &Account, known: &Observation) -> Surroundings {
    let mut found = Surroundings { route_tables: route_tables(account, known), ..Surroundings::default() };
    for (name, arn) in load_balancers_that_go(known) {
        let Some(one) = account.load_balancers.get(&arn) else { continue };
        found.target_groups.insert(name.clone(), one.configuration.target_groups());
        found.targets.insert(name, Vec::new());
    }
    for lodger in account.lodgers.values() {
        match lodger {
            Lodger::RouteTable { .. } => {}
            Lodger::Instance { id, table } => {
                found.instances.push(FoundInstance {
                    id: id.clone(),
                    state: InstanceState::Running,
                    tags: Tags::new(),
                });
                found.interfaces.push(interface(id, table));
            }
            Lodger::Service { name, table, target_groups } => found.services.push(FoundService {
                name: name.clone(),
                desired_count: 1,
                subnets: [subnet_of(table)].into(),
                target_groups: target_groups.clone(),
                tags: Tags::new(),
            }),
            Lodger::Target { address, target_group } => {
                let target =
                    FoundTarget { target_group: target_group.clone(), kind: TargetKind::Address, id: address.clone() };
                let behind = found.target_groups.iter().filter(|(_, groups)| groups.contains(target_group));
                let behind: Vec<LoadBalancerName> = behind.map(|(name, _)| name.clone()).collect();
                for name in behind {
                    found.targets.entry(name).or_default().push(target.clone());
                }
            }
        }
    }
    found
}

/// Those with a route to a NAT gateway that goes, by their one subnet.
fn route_tables(account: &Account, known: &Observation) -> Vec<FoundRouteTable> {
    let gateways = nat_gateways_that_go(known);
    let mut tables: BTreeMap<RouteTableId, BTreeMap<String, NatGatewayId>> = BTreeMap::new();
    for key in account.routes.keys() {
        let Some(RouteTarget::NatGateway(id)) = account.route_target(key) else { continue };
        if gateways.contains_key(&id) {
            tables.entry(key.route_table.clone()).or_default().insert(key.destination.clone(), id);
        }
    }
    let table = |(id, nat_routes): (RouteTableId, _)| FoundRouteTable {
        subnets: [subnet_of(&id)].into(),
        id,
        is_main: false,
        nat_routes,
        tags: Tags::new(),
    };
    tables.into_iter().map(table).collect()
}

fn interface(instance: &InstanceId, table: &RouteTableId) -> FoundInterface {
    FoundInterface {
        id: parsed(instance.as_str().replace("i-", "eni-")),
        subnet: subnet_of(table),
        kind: InterfaceKind::Other,
        description: String::new(),
        requester: None,
        is_managed: false,
        is_in_use: true,
        instance: Some(instance.clone()),
        addresses: Default::default(),
        tags: Tags::new(),
    }
}
