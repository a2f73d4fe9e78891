//! What belongs to others in the same account, and must never change.

use std::collections::BTreeMap;

use curfew_core::model::*;

use super::alarms;
use crate::account::{Account, NatGateway, STRANGER, VpcEndpoint, is_strangers, parsed};

/// The other environment of the same account.
const OTHER: &str = "other";
/// What belongs to others, as it was in the beginning.
pub(super) struct Foreign(BTreeMap<String, String>);

impl Foreign {
    /// Lays another environment's resources and somebody's who has never heard of Curfew.
    /// Alarms watch theirs and the environment's own.
    pub(super) fn lay(account: &mut Account, tier: &RuntimeTier) -> Self {
        let stranger = Tags::from([(STRANGER.to_owned(), "yes".to_owned())]);
        let mut other = stranger.clone();
        other.extend([(ENVIRONMENT_TAG.to_owned(), OTHER.to_owned()), (NAME_TAG.to_owned(), "egress".to_owned())]);
        for (number, tags) in [other, stranger].into_iter().enumerate() {
            let allocation = account.add_address(&tags);
            let subnet = parsed(format!("subnet-0ff000000000000{number}"));
            let id: NatGatewayId = parsed(format!("nat-0ff000000000000{number}"));
            let gateway = NatGateway::standing(subnet, allocation.clone(), tags.clone(), account.now());
            account.nat_gateways.insert(id.clone(), gateway);
            if let Some(address) = account.addresses.get_mut(&allocation) {
                address.held_by = Some(id);
            }
            lay_endpoints_beside(account, number, &tags);
            account.lay_stranger(&parsed(format!("other-{number}")), &tags);
        }
        alarms::lay(account, tier);
        Self(found(account))
    }

    /// Takes in what others have made since.
    pub(super) fn take_in(&mut self, account: &Account) {
        for (name, as_it_is) in found(account) {
            self.0.entry(name).or_insert(as_it_is);
        }
    }

    /// Goes by how it is from now on: its owners have changed it.
    pub(super) fn go_by(&mut self, account: &Account) {
        self.0 = found(account);
    }

    /// What has become of it.
    pub(super) fn differences(&self, account: &Account) -> Vec<String> {
        let now = found(account);
        let changed = self.0.iter().filter(|(name, was)| now.get(*name) != Some(was));
        changed
            .map(|(name, was)| format!("{name} is somebody else's; it was {was} and is {:?}", now.get(name)))
            .collect()
    }
}

/// Beside each of ours one for the same service, that leaves it its names.
fn lay_endpoints_beside(account: &mut Account, number: usize, tags: &Tags) {
    let ours: Vec<_> = account.vpc_endpoints.values().filter(|one| !is_strangers(&one.tags)).cloned().collect();
    for (index, one) in ours.into_iter().enumerate() {
        let configuration = curfew_core::model::VpcEndpoint { private_dns: PrivateDns::Disabled, ..one.configuration };
        let id = parsed(format!("vpce-0ff00000000000{number}{index}"));
        account.vpc_endpoints.insert(id, VpcEndpoint::standing(configuration, tags.clone()));
    }
}

fn found(account: &Account) -> BTreeMap<String, String> {
    let addresses = account.addresses.iter().filter(|(_, one)| is_strangers(&one.tags));
    let gateways = account.nat_gateways.iter().filter(|(_, one)| is_strangers(&one.tags));
    let load_balancers = account.load_balancers.iter().filter(|(_, one)| is_strangers(&one.tags));
    let endpoints = account.vpc_endpoints.iter().filter(|(_, one)| is_strangers(&one.tags));
    addresses
        .map(|(id, one)| (id.to_string(), format!("{one:?}")))
        .chain(gateways.map(|(id, one)| (id.to_string(), format!("{one:?}"))))
        .chain(endpoints.map(|(id, one)| (id.to_string(), format!("{one:?}"))))
        .chain(load_balancers.map(|(id, one)| (id.to_string(), format!("{one:?}"))))
        .chain(alarms::foreign(account))
        .collect()
}
