//! Interface VPC endpoints.

use curfew_core::model::*;
use curfew_core::placing::VpcEndpointState;

use super::refusal::{Answer, Refusal};
use super::timetable::Event;
use super::{Account, Kind};

/// An interface endpoint. One that is deleted is not listed any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VpcEndpoint {
    /// What it is like; its tags are beside it.
    pub configuration: curfew_core::model::VpcEndpoint,
    /// Its tags.
    pub tags: Tags,
    /// What has become of it.
    pub state: VpcEndpointState,
    subject: String,
}

impl VpcEndpoint {
    /// One that works.
    pub fn standing(configuration: curfew_core::model::VpcEndpoint, tags: Tags) -> Self {
        let subject = configuration.service.to_string();
        Self { configuration, tags, state: VpcEndpointState::Available, subject }
    }
}

impl Account {
    pub(super) fn create_vpc_endpoint(
        &mut self,
        wanted: &curfew_core::model::VpcEndpoint,
        tags: &Tags,
        token: &str,
    ) -> Answer {
        let parameters = format!("{wanted:?} {tags:?}");
        match self.endpoint_tokens.get(token) {
            Some(before) if *before == parameters => return Ok(()),
            Some(_) => return Err(Refusal::never("IdempotentParameterMismatch", "The client token is used already.")),
            None => {}
        }
        // One that is being deleted, or that failed, has its names still.
        if self.vpc_endpoints.values().any(|one| one.configuration.contends_with(wanted)) {
            let message = format!(
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for {} in the VPC {}",
                wanted.service, wanted.vpc
            );
            return Err(Refusal::later("InvalidParameter", message));
        }
        let id: VpcEndpointId = super::parsed(format!("vpce-{:017x}", self.number("vpc endpoint")));
        let subject = Self::subject(wanted.service.as_str(), self.number(wanted.service.as_str()));
        let configuration = curfew_core::model::VpcEndpoint { tags: Tags::new(), adopted: None, ..wanted.clone() };
        let state = VpcEndpointState::Pending;
        let made = VpcEndpoint { configuration, tags: tags.clone(), state, subject: subject.clone() };
        self.vpc_endpoints.insert(id.clone(), made);
        self.endpoint_tokens.insert(token.to_owned(), parameters);
        self.later(Kind::VpcEndpointCreate, &subject, Event::VpcEndpointMade(id));
        Ok(())
    }

    pub(super) fn vpc_endpoint_made(&mut self, id: &VpcEndpointId) {
        if let Some(one) = self.vpc_endpoints.get_mut(id).filter(|one| one.state == VpcEndpointState::Pending) {
            one.state = VpcEndpointState::Available;
        }
    }

    /// One that is gone or leaving is as it should be.
    pub(super) fn delete_vpc_endpoint(&mut self, id: &VpcEndpointId) -> Answer {
        let stands = |one: &&mut VpcEndpoint| one.state != VpcEndpointState::Deleting;
        let Some(one) = self.vpc_endpoints.get_mut(id).filter(stands) else { return Ok(()) };
        one.state = VpcEndpointState::Deleting;
        let subject = one.subject.clone();
        self.later(Kind::VpcEndpointDelete, &subject, Event::VpcEndpointDeleted(id.clone()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::latency::Draw;

    #[test]
    fn the_names_of_a_service_are_free_when_the_old_endpoint_is_gone() {
        let start: DateTime<Utc> = "2026-10-26T04:00:00Z".parse().expect("an instant");
        let cluster = "dev".parse().expect("a name");
        let mut account = Account::new("us-west-2", &cluster, start, Draw::Median);
        let wanted = curfew_core::model::VpcEndpoint {
            service: "com.amazonaws.us-west-2.ssm".parse().expect("a name"),
            vpc: "vpc-1".parse().expect("an id"),
            subnets: Default::default(),
            security_groups: Default::default(),
            private_dns: PrivateDns::Enabled,
            ip_address_type: EndpointAddressType::Ipv4,
            dns_record_type: None,
            policy: None,
            tags: Tags::new(),
            adopted: None,
        };
        let create = |account: &mut Account, token| {
            account.create_vpc_endpoint(&wanted, &Tags::new(), token).map_err(|no| no.code)
        };
        assert_eq!(create(&mut account, "evening"), Ok(()));
        assert_eq!(create(&mut account, "evening"), Ok(()), "the same call again");
        assert_eq!(account.vpc_endpoints.len(), 1);
        assert_eq!(create(&mut account, "another"), Err("InvalidParameter"));
        let id = account.vpc_endpoints.keys().next().cloned().expect("an endpoint");
        account.delete_vpc_endpoint(&id).expect("it is there");
        assert_eq!(create(&mut account, "morning"), Err("InvalidParameter"));
        account.catch_up(start + TimeDelta::minutes(10));
        assert_eq!(account.vpc_endpoints.len(), 0);
        account.delete_vpc_endpoint(&id).expect("what is gone is gone");
        assert_eq!(create(&mut account, "morning"), Ok(()));
    }
}
