//! What is to be kept, and what only carries the environment's tags.

use std::collections::BTreeMap;

use curfew_core::model::*;
use curfew_core::ports::Scope;

use crate::account::{Account, is_strangers};

/// The addresses by which an environment has been seen to leave, by the names that they carried: partners may know them.
#[derive(Debug, Clone, Default)]
pub(super) struct Served(BTreeMap<AllocationId, LogicalName>);

impl Served {
    /// Takes in who holds which address now.
    pub(super) fn follow(&mut self, account: &Account, environment: &EnvironmentName) {
        for (id, one) in &account.addresses {
            let is_ours = one.held_by.is_some() && is_of(environment, &one.tags) && !is_strangers(&one.tags);
            let name = one.tags.get(NAME_TAG).filter(|_| is_ours).and_then(|name| name.parse().ok());
            if let Some(name) = name {
                self.0.insert(id.clone(), name);
            }
        }
    }

    /// What an action does to an address that has served and is to be kept: none is released, and none is replaced while it is
    /// there.
    pub(super) fn against(&self, account: &Account, scope: Scope<'_>, action: &Action) -> Option<String> {
        let is_kept = |name: &LogicalName| {
            scope.tier.addresses.get(name).is_some_and(|address| address.while_down == AddressWhileDown::Keep)
        };
        match action {
            Action::ReleaseAddress { allocation, .. } => {
                let mut adopted = scope.tier.addresses.iter();
                let adopted =
                    adopted.find(|(_, one)| one.adopted.as_ref() == Some(allocation.id())).map(|(name, _)| name);
                let name = self.0.get(allocation.id()).or(adopted).filter(|name| is_kept(name))?;
                Some(format!("address {name} was in use and is to be kept"))
            }
            Action::AllocateAddress { name, .. } if is_kept(name) => {
                let mut of_name = self.0.iter().filter(|(_, served)| *served == name);
                let (there, _) = of_name.find(|(id, _)| account.addresses.contains_key(*id))?;
                Some(format!("{there} is to be kept and is still there"))
            }
            _ => None,
        }
    }
}

/// Something that an action is about to touch, or to lead through, although it only carries the environment's tags.
pub(super) fn touches_a_strangers(account: &Account, action: &Action) -> Option<String> {
    let gateway = |id: &NatGatewayId| account.nat_gateways.get(id).map(|one| &one.tags);
    let tags = match action {
        Action::ReleaseAddress { allocation, .. } => account.addresses.get(allocation.id()).map(|one| &one.tags),
        Action::CreateNatGateway { allocation, .. } => account.addresses.get(allocation).map(|one| &one.tags),
        Action::DeleteNatGateway { nat_gateway, .. } => gateway(nat_gateway.id()),
        Action::CreateRoute { nat_gateway, .. } | Action::ReplaceRoute { nat_gateway, .. } => gateway(nat_gateway),
        Action::DeleteLoadBalancer { load_balancer, .. } => {
            account.load_balancers.get(load_balancer.id()).map(|one| &one.tags)
        }
        Action::DeleteVpcEndpoints { vpc_endpoint, .. } => {
            account.vpc_endpoints.get(vpc_endpoint.id()).map(|one| &one.tags)
        }
        _ => None,
    };
    tags.filter(|tags| is_strangers(tags)).map(|_| "it only carries the environment's tags".to_owned())
}
