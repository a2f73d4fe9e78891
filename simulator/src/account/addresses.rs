//! Elastic IPs.

use curfew_core::model::*;

use super::refusal::{Answer, Refusal};
use super::{Account, TimeDelta};

/// An elastic IP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address itself.
    pub public_ip: String,
    /// Its tags.
    pub tags: Tags,
    /// The NAT gateway that holds it.
    pub held_by: Option<NatGatewayId>,
    /// Until when AWS still sees an interface that is gone (facts §1 "Even after `deleted`").
    pub(super) stale_until: Option<chrono::DateTime<chrono::Utc>>,
}

/// Facts §1 "EIP quota 5/region".
const QUOTA: usize = 5;

/// For so long after its NAT gateway is gone a release may still fail (facts §1); how long is not known.
pub(super) const STALE: TimeDelta = TimeDelta::seconds(5);

impl Account {
    pub(super) fn allocate_address(&mut self, tags: &Tags) -> Answer {
        if self.addresses.len() >= QUOTA + self.more_addresses {
            return Err(Refusal::never("AddressLimitExceeded", "The maximum number of addresses has been reached."));
        }
        self.add_address(tags);
        Ok(())
    }

    /// A new address, whatever the quota.
    pub fn add_address(&mut self, tags: &Tags) -> AllocationId {
        let number = self.number("address");
        let id: AllocationId = super::parsed(format!("eipalloc-{number:017x}"));
        let address = Address {
            public_ip: format!("203.0.113.{}", number % 256),
            tags: tags.clone(),
            held_by: None,
            stale_until: None,
        };
        self.addresses.insert(id.clone(), address);
        id
    }

    /// Facts §1 "Order down": released early, AWS answers with a misleading `AuthFailure`; after `deleted` perhaps with
    /// `InvalidNetworkInterfaceID.NotFound`; what is gone is as it should be.
    pub(super) fn release_address(&mut self, id: &AllocationId) -> Answer {
        let Some(address) = self.addresses.get(id) else { return Ok(()) };
        if address.held_by.is_some() {
            let message = "You do not have permission to access the specified resource.";
            return Err(Refusal::later("AuthFailure", message));
        }
        if address.stale_until.is_some_and(|until| until > self.now) {
            return Err(Refusal::later("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID does not exist"));
        }
        self.addresses.remove(id);
        Ok(())
    }
}
