//! NAT gateways.

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::placing::NatGatewayState;

use super::addresses::STALE;
use super::refusal::{Answer, Refusal};
use super::timetable::Event;
use super::{Account, Kind};

/// A public, zonal NAT gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatGateway {
    /// Where it stands.
    pub subnet: SubnetId,
    /// The address it leaves by.
    pub allocation: AllocationId,
    /// Its tags.
    pub tags: Tags,
    /// What has become of it.
    pub state: NatGatewayState,
    /// When it was asked for.
    pub since: DateTime<Utc>,
    /// When it was gone.
    pub gone_at: Option<DateTime<Utc>>,
    /// What its failure will be, if it will fail (facts §1 "Create failures are asynchronous").
    pub(super) failure: Option<String>,
    pub(super) subject: String,
}

/// Facts §1 "Quota 5 NAT/AZ": pending, available and deleting ones count. A subnet stands for its zone.
const QUOTA: usize = 5;
/// Deleted and failed ones stay listed for so long (facts §1).
const LISTED: TimeDelta = TimeDelta::hours(1);

impl Account {
    pub(super) fn create_nat_gateway(
        &mut self,
        subnet: &SubnetId,
        allocation: &AllocationId,
        tags: &Tags,
        token: &str,
    ) -> Answer {
        let parameters = format!("{subnet} {allocation} {tags:?}");
        match self.tokens.get(token) {
            Some((_, before)) if *before == parameters => return Ok(()),
            // Facts §1 "ClientToken reuse trap".
            Some(_) => return Err(Refusal::never("IdempotentParameterMismatch", "The client token is used already.")),
            None => {}
        }
        let counts = |one: &NatGateway| one.subnet == *subnet && (one.state.is_alive() || one.is_deleting());
        if self.nat_gateways.values().filter(|one| counts(one)).count() >= QUOTA {
            let message = "Performing this operation would exceed the limit of 5 NAT gateways";
            return Err(Refusal::never("NatGatewayLimitExceeded", message));
        }
        let failure = match self.addresses.get(allocation) {
            None => Some(format!("InvalidAllocationID.NotFound: {allocation} does not exist")),
            Some(address) if address.held_by.is_some() => {
                Some(format!("Resource.AlreadyAssociated: {allocation} is already associated"))
            }
            Some(_) => None,
        };
        let id = self.add_nat_gateway(subnet, allocation, tags, failure);
        self.tokens.insert(token.to_owned(), (id, parameters));
        Ok(())
    }

    /// A NAT gateway that is being made.
    pub(super) fn add_nat_gateway(
        &mut self,
        subnet: &SubnetId,
        allocation: &AllocationId,
        tags: &Tags,
        failure: Option<String>,
    ) -> NatGatewayId {
        let id: NatGatewayId = super::parsed(format!("nat-{:017x}", self.number("nat gateway")));
        let subject = Self::subject(subnet.as_str(), self.number(subnet.as_str()));
        if failure.is_none()
            && let Some(address) = self.addresses.get_mut(allocation)
        {
            address.held_by = Some(id.clone());
        }
        let made = NatGateway {
            subnet: subnet.clone(),
            allocation: allocation.clone(),
            tags: tags.clone(),
            state: NatGatewayState::Pending,
            since: self.now,
            gone_at: None,
            failure,
            subject: subject.clone(),
        };
        let told_after = if made.failure.is_some() { Kind::NatGatewayFail } else { Kind::NatGatewayCreate };
        self.nat_gateways.insert(id.clone(), made);
        self.later(told_after, &subject, Event::NatGatewayMade(id.clone()));
        id
    }

    /// Lets the NAT gateways that are being made fail in the end (facts §1 "InternalError").
    pub fn fail_pending_nat_gateways(&mut self, why: &str) {
        for one in self.nat_gateways.values_mut().filter(|one| one.state == NatGatewayState::Pending) {
            one.failure.get_or_insert_with(|| why.to_owned());
        }
    }

    pub(super) fn nat_gateway_made(&mut self, id: &NatGatewayId) {
        let now = self.now;
        let Some(one) = self.nat_gateways.get_mut(id).filter(|one| one.state == NatGatewayState::Pending) else {
            return;
        };
        match one.failure.clone() {
            None => one.state = NatGatewayState::Available,
            Some(why) => {
                one.state = NatGatewayState::Failed(why);
                one.gone_at = Some(now);
                let allocation = one.allocation.clone();
                self.let_go_of(&allocation, id);
                self.timetable.add(now + LISTED, Event::NatGatewayForgotten(id.clone()));
            }
        }
    }

    /// Whatever its state, an unknown or leaving one is as it should be (facts §1 "NatGatewayNotFound = ok").
    pub(super) fn delete_nat_gateway(&mut self, id: &NatGatewayId) -> Answer {
        let Some(one) = self.nat_gateways.get_mut(id).filter(|one| one.state.is_alive()) else { return Ok(()) };
        one.state = NatGatewayState::Deleting;
        let subject = one.subject.clone();
        self.later(Kind::NatGatewayDelete, &subject, Event::NatGatewayDeleted(id.clone()));
        let stranded = self.tasks_that_leave_by(id);
        if stranded > 0 {
            self.mishap(format!("NAT gateway {id} was deleted while {stranded} tasks leave by it"));
        }
        Ok(())
    }

    pub(super) fn nat_gateway_deleted(&mut self, id: &NatGatewayId) {
        let now = self.now;
        let Some(one) = self.nat_gateways.get_mut(id) else { return };
        one.state = NatGatewayState::Deleted;
        one.gone_at = Some(now);
        let allocation = one.allocation.clone();
        self.let_go_of(&allocation, id);
        self.timetable.add(now + LISTED, Event::NatGatewayForgotten(id.clone()));
    }

    fn let_go_of(&mut self, allocation: &AllocationId, id: &NatGatewayId) {
        if let Some(address) = self.addresses.get_mut(allocation).filter(|a| a.held_by.as_ref() == Some(id)) {
            address.held_by = None;
            address.stale_until = Some(self.now + STALE);
        }
    }
}

impl NatGateway {
    fn is_deleting(&self) -> bool {
        self.state == NatGatewayState::Deleting
    }
}
