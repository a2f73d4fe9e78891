//! What of the base tier is gone or unfit for a while: certificates that expire, subnets and security groups that people
//! delete. AWS keeps what is in use, and makes nothing of what is not there.

use chrono::{DateTime, Utc};
use curfew_core::model::*;

use super::Account;
use super::refusal::{Answer, Refusal};

impl Account {
    /// A certificate expires, or somebody deletes something that nothing uses.
    pub(crate) fn spoil(&mut self, needed: &Needed) -> Option<()> {
        let may_go = match needed {
            Needed::Certificate(_) => true,
            Needed::Subnet(_) | Needed::SecurityGroup(_) => !self.is_in_use(needed),
            Needed::TlsPolicy(_) | Needed::TargetGroup(_) => false,
        };
        if !may_go || self.spoilt.contains_key(needed) {
            return None;
        }
        self.spoilt.insert(needed.clone(), self.now);
        Some(())
    }

    /// It is renewed, or made again.
    pub(crate) fn repair(&mut self, needed: &Needed) -> Option<()> {
        self.spoilt.remove(needed).map(|_| ())
    }

    /// Nothing is missing any more.
    pub(crate) fn repair_all(&mut self) {
        self.spoilt.clear();
    }

    /// What is the matter with something.
    pub(crate) fn shortcoming(&self, needed: &Needed) -> Option<Shortcoming> {
        self.spoilt.get(needed).map(|_| match needed {
            Needed::Certificate(_) => Shortcoming::Unfit("is EXPIRED, not ISSUED".to_owned()),
            Needed::TlsPolicy(_) | Needed::TargetGroup(_) | Needed::Subnet(_) | Needed::SecurityGroup(_) => {
                Shortcoming::Missing
            }
        })
    }

    /// What was gone or unfit before an instant, and the words mention.
    pub(crate) fn spoilt_among(&self, words: &str, before: DateTime<Utc>) -> Option<&Needed> {
        let spoilt = self.spoilt.iter().filter(|(_, since)| **since < before);
        spoilt.map(|(needed, _)| needed).find(|needed| words.contains(&format!("\"{}\"", id(needed))))
    }

    fn is_in_use(&self, needed: &Needed) -> bool {
        let balancers = self.load_balancers.values().map(|one| format!("{:?}", one.configuration));
        let gateways =
            self.nat_gateways.values().filter(|one| one.gone_at.is_none()).map(|one| format!("{:?}", one.subnet));
        let endpoints = self.vpc_endpoints.values().map(|one| format!("{:?}", one.configuration));
        let working = self.services.iter().filter(|(name, _)| self.tasks_of(name).next().is_some());
        let services = working.map(|(_, one)| format!("{:?}", one.definition));
        let id = format!("\"{}\"", id(needed));
        balancers.chain(gateways).chain(endpoints).chain(services).any(|words| words.contains(&id))
    }

    /// Whether AWS finds what an action names.
    pub(super) fn finds_what_is_named(&self, action: &Action) -> Answer {
        let words = match action {
            Action::CreateNatGateway { subnet, .. } => format!("{subnet:?}"),
            Action::CreateLoadBalancer { load_balancer, .. } => {
                format!("{:?} {:?}", load_balancer.subnets, load_balancer.security_groups)
            }
            Action::CreateListener { listener, .. } => format!("{:?}", listener.certificate),
            Action::AddListenerCertificates { certificates, .. } => format!("{certificates:?}"),
            Action::CreateService { definition, .. } => format!("{definition:?}"),
            Action::CreateVpcEndpoint { vpc_endpoint, .. } => format!("{vpc_endpoint:?}"),
            _ => return Ok(()),
        };
        match self.spoilt_among(&words, DateTime::<Utc>::MAX_UTC) {
            None => Ok(()),
            Some(needed) => Err(refusal(needed)),
        }
    }
}

fn refusal(needed: &Needed) -> Refusal {
    let code = match needed {
        Needed::Certificate(_) => "UnsupportedCertificate",
        Needed::TlsPolicy(_) => "SSLPolicyNotFound",
        Needed::TargetGroup(_) => "TargetGroupNotFound",
        Needed::Subnet(_) => "InvalidSubnetID.NotFound",
        Needed::SecurityGroup(_) => "InvalidGroup.NotFound",
    };
    Refusal::never(code, format!("The {needed} does not exist or cannot be used"))
}

fn id(needed: &Needed) -> &str {
    match needed {
        Needed::Certificate(arn) => arn.as_str(),
        Needed::TlsPolicy(name) => name,
        Needed::TargetGroup(arn) => arn.as_str(),
        Needed::Subnet(id) => id.as_str(),
        Needed::SecurityGroup(id) => id.as_str(),
    }
}
