//! Others, whom no blueprint names and who use what the environment has: a route table, an instance, a service of the
//! cluster, a target that somebody registered.

use std::collections::BTreeSet;

use curfew_core::model::*;

use super::{Account, RouteTo, parsed};

/// Somebody who uses what is the environment's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lodger {
    /// A route table with a route of its own, to wherever one of the environment's leads.
    RouteTable {
        /// The route.
        route: RouteKey,
        /// The environment's.
        like: RouteKey,
    },
    /// An instance in a subnet that follows one of the environment's route tables.
    Instance {
        /// Which.
        id: InstanceId,
        /// The route table.
        table: RouteTableId,
    },
    /// A service of the cluster, in such a subnet and in some of the environment's target groups.
    Service {
        /// What it is called.
        name: ServiceName,
        /// The route table.
        table: RouteTableId,
        /// Where its tasks register.
        target_groups: BTreeSet<TargetGroupArn>,
    },
    /// An address that somebody registered in one of the environment's target groups.
    Target {
        /// The address.
        address: String,
        /// The group.
        target_group: TargetGroupArn,
    },
}

impl Lodger {
    /// As reasons and blueprints name it.
    pub fn id(&self) -> OtherUserId {
        match self {
            Self::RouteTable { route, .. } => OtherUserId::RouteTable(route.route_table.clone()),
            Self::Instance { id, .. } => OtherUserId::Instance(id.clone()),
            Self::Service { name, .. } => OtherUserId::Service(name.clone()),
            Self::Target { address, .. } => OtherUserId::Target(address.clone()),
        }
    }

    /// The target groups it stands in.
    pub fn target_groups(&self) -> BTreeSet<TargetGroupArn> {
        match self {
            Self::RouteTable { .. } | Self::Instance { .. } => BTreeSet::new(),
            Self::Service { target_groups, .. } => target_groups.clone(),
            Self::Target { target_group, .. } => [target_group.clone()].into(),
        }
    }
}

impl Account {
    /// Somebody begins to use what is there; nothing if it is not.
    pub(crate) fn move_in(&mut self, lodger: &Lodger) -> Option<()> {
        if self.lodgers.contains_key(&lodger.id()) {
            return None;
        }
        match lodger {
            Lodger::RouteTable { route, like } => {
                let to = self.routes.get(like).cloned()?;
                let RouteTo::NatGateway(id) = &to else { return None };
                if !self.is_available(id) {
                    return None;
                }
                self.routes.insert(route.clone(), to);
            }
            Lodger::Target { target_group, .. } => {
                self.target_groups.get(target_group)?;
            }
            Lodger::Instance { .. } | Lodger::Service { .. } => {}
        }
        self.lodgers.insert(lodger.id(), lodger.clone());
        Some(())
    }

    /// Somebody uses it no more.
    pub(crate) fn move_out(&mut self, id: &OtherUserId) -> Option<()> {
        if let Lodger::RouteTable { route, .. } = self.lodgers.remove(id)? {
            self.routes.remove(&route);
        }
        Some(())
    }

    /// Nobody uses it any more but the environment.
    pub(crate) fn move_all_out(&mut self) {
        let all: Vec<OtherUserId> = self.lodgers.keys().cloned().collect();
        for id in all {
            self.move_out(&id);
        }
    }

    /// Whether somebody leaves by a NAT gateway.
    pub(crate) fn leaves_by(&self, lodger: &Lodger, gateway: &NatGatewayId) -> bool {
        let table = match lodger {
            Lodger::RouteTable { route, .. } => &route.route_table,
            Lodger::Instance { table, .. } | Lodger::Service { table, .. } => table,
            Lodger::Target { .. } => return false,
        };
        let to = RouteTarget::NatGateway(gateway.clone());
        self.routes.keys().filter(|key| key.route_table == *table).any(|key| self.route_target(key) == Some(to.clone()))
    }
}

/// The one subnet of this account that follows a route table.
pub(crate) fn subnet_of(table: &RouteTableId) -> SubnetId {
    parsed(table.as_str().replace("rtb-", "subnet-"))
}
