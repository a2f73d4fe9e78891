//! What people and their tools do to tags: a module's default tags land on other things, an apply takes tags away.

use curfew_core::model::*;

use super::nat_gateways::NatGateway;
use super::{Account, parsed};

/// A tag that tells the laws, and nobody else, what is not the environment's, whatever other tags it carries.
pub const STRANGER: &str = "Stranger";

/// Whether a resource belongs to others.
pub(crate) fn is_strangers(tags: &Tags) -> bool {
    tags.contains_key(STRANGER)
}

/// Whether a resource of a name is the environment's own.
pub(crate) fn is_own(environment: &EnvironmentName, name: &str, tags: &Tags) -> bool {
    is_named(environment, name, tags) && !is_strangers(tags)
}

/// Tags that somebody took away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stripped {
    Address(AllocationId, Tags),
    NatGateway(NatGatewayId, Tags),
}

impl Account {
    /// The environment's own address of a name.
    pub(crate) fn own_address(&self, environment: &EnvironmentName, name: &LogicalName) -> Option<AllocationId> {
        let mut all = self.addresses.iter();
        all.find(|(_, one)| is_own(environment, name.as_str(), &one.tags)).map(|(id, _)| id.clone())
    }

    /// The environment's own NAT gateway of a name.
    pub(crate) fn own_nat_gateway(&self, environment: &EnvironmentName, name: &LogicalName) -> Option<NatGatewayId> {
        let mut alive = self.nat_gateways.iter().filter(|(_, one)| one.state.is_alive());
        alive.find(|(_, one)| is_own(environment, name.as_str(), &one.tags)).map(|(id, _)| id.clone())
    }

    /// Somebody allocates a spare address with all tags of ours.
    pub(crate) fn copy_address(&mut self, environment: &EnvironmentName, name: &LogicalName) -> Option<()> {
        let own = self.own_address(environment, name)?;
        let tags = copied(&self.addresses.get(&own)?.tags);
        self.add_strangers_address(&tags);
        Some(())
    }

    /// Somebody makes a NAT gateway in a subnet of theirs, with an address of its own and all tags of ours.
    pub(crate) fn copy_nat_gateway(&mut self, environment: &EnvironmentName, name: &LogicalName) -> Option<()> {
        let own = self.own_nat_gateway(environment, name)?;
        let tags = copied(&self.nat_gateways.get(&own)?.tags);
        let allocation = self.add_strangers_address(&[(STRANGER.to_owned(), "yes".to_owned())].into());
        let number = self.number("copied NAT gateway");
        // By its id it comes before all of ours.
        let id: NatGatewayId = parsed(format!("nat-00000000000c{number:04x}"));
        let subnet = parsed(format!("subnet-0ffc{number:013x}"));
        self.nat_gateways.insert(id.clone(), NatGateway::standing(subnet, allocation.clone(), tags, self.now));
        self.addresses.get_mut(&allocation)?.held_by = Some(id);
        Some(())
    }

    /// Somebody makes a load balancer of another name with all tags of ours.
    pub(crate) fn copy_load_balancer(&mut self, name: &LoadBalancerName) -> Option<()> {
        let own = self.load_balancers.values().find(|one| one.name == *name)?;
        let tags = copied(&own.tags);
        let number = self.number("copied load balancer");
        self.lay_stranger(&parsed(format!("copied-{number}")), &tags);
        Some(())
    }

    /// Others' addresses take nothing from the account's quota: whoever wants more of them has it raised.
    fn add_strangers_address(&mut self, tags: &Tags) -> AllocationId {
        self.more_addresses += 1;
        self.add_address(tags)
    }

    /// An apply takes the tags of an address away.
    pub(crate) fn strip_address(&mut self, environment: &EnvironmentName, name: &LogicalName) -> Option<()> {
        let own = self.own_address(environment, name)?;
        let tags = std::mem::take(&mut self.addresses.get_mut(&own)?.tags);
        self.stripped.push(Stripped::Address(own, tags));
        Some(())
    }

    /// An apply takes the tags of a NAT gateway away.
    pub(crate) fn strip_nat_gateway(&mut self, environment: &EnvironmentName, name: &LogicalName) -> Option<()> {
        let own = self.own_nat_gateway(environment, name)?;
        let tags = std::mem::take(&mut self.nat_gateways.get_mut(&own)?.tags);
        self.stripped.push(Stripped::NatGateway(own, tags));
        Some(())
    }

    /// Whether something of ours is without its tags.
    pub(crate) fn is_stripped(&self) -> bool {
        !self.stripped.is_empty()
    }

    /// Takes our tags off everything that was given copies of them.
    pub(crate) fn untag_copies(&mut self, environment: &EnvironmentName) {
        let addresses = self.addresses.values_mut().map(|one| &mut one.tags);
        let gateways = self.nat_gateways.values_mut().map(|one| &mut one.tags);
        let load_balancers = self.load_balancers.values_mut().map(|one| &mut one.tags);
        for tags in addresses.chain(gateways).chain(load_balancers) {
            if is_strangers(tags) && is_of(environment, tags) {
                tags.retain(|key, _| key == STRANGER);
            }
        }
    }

    /// Somebody gives back all tags that were taken away.
    pub(crate) fn restore_tags(&mut self) -> Option<()> {
        let stripped = std::mem::take(&mut self.stripped);
        let any = !stripped.is_empty();
        for one in stripped {
            match one {
                Stripped::Address(id, tags) => {
                    self.addresses.entry(id).and_modify(|found| found.tags = tags);
                }
                Stripped::NatGateway(id, tags) => {
                    self.nat_gateways.entry(id).and_modify(|found| found.tags = tags);
                }
            }
        }
        any.then_some(())
    }
}

fn copied(tags: &Tags) -> Tags {
    let mut tags = tags.clone();
    tags.insert(STRANGER.to_owned(), "yes".to_owned());
    tags
}
