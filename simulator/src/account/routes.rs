//! Routes of the base tier's route tables.

use curfew_core::model::*;

use super::Account;
use super::refusal::{Answer, Refusal};

/// Where a route was led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteTo {
    /// A NAT gateway, alive or not.
    NatGateway(NatGatewayId),
    /// Something else.
    Other(String),
}

impl Account {
    /// Facts §1: a route to a gateway that is gone, or on its way out, turns into a black hole by itself.
    pub fn route_target(&self, key: &RouteKey) -> Option<RouteTarget> {
        Some(match self.routes.get(key)? {
            RouteTo::Other(target) => RouteTarget::Other(target.clone()),
            RouteTo::NatGateway(id) if self.is_available(id) => RouteTarget::NatGateway(id.clone()),
            RouteTo::NatGateway(id) => RouteTarget::Blackhole(Some(id.clone())),
        })
    }

    /// Whether a route leads through an instance, whatever that is doing.
    pub fn leads_through(&self, instance: &InstanceId) -> bool {
        self.routes.values().any(|to| matches!(to, RouteTo::Other(target) if target == instance.as_str()))
    }

    pub(super) fn create_route(&mut self, key: &RouteKey, to: &NatGatewayId) -> Answer {
        self.check_route_table(key)?;
        if self.routes.contains_key(key) {
            return Err(Refusal::later("RouteAlreadyExists", format!("The route {key} already exists.")));
        }
        self.lead(key, to)
    }

    pub(super) fn replace_route(&mut self, key: &RouteKey, to: &NatGatewayId) -> Answer {
        self.check_route_table(key)?;
        if !self.routes.contains_key(key) {
            return Err(Refusal::later("InvalidRoute.NotFound", format!("There is no route {key}.")));
        }
        self.lead(key, to)
    }

    /// Facts §1 "CreateRoute to a `pending` NAT": everybody waits for `available`, so a pending one is refused here.
    fn lead(&mut self, key: &RouteKey, to: &NatGatewayId) -> Answer {
        if !self.is_available(to) {
            return Err(Refusal::later("InvalidNatGatewayID.NotFound", format!("{to} does not exist")));
        }
        self.routes.insert(key.clone(), RouteTo::NatGateway(to.clone()));
        Ok(())
    }

    fn check_route_table(&self, key: &RouteKey) -> Answer {
        self.must_exist(BaseResource::RouteTable(key.route_table.clone()))?;
        if self.route_tables.contains(&key.route_table) {
            return Ok(());
        }
        Err(Refusal::later("InvalidRouteTableID.NotFound", format!("{} does not exist", key.route_table)))
    }
}
