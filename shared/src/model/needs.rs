//! What the next morning needs of the base tier: Curfew does not make it, and AWS makes nothing without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::ids::{CertificateArn, SecurityGroupId, SubnetId, TargetGroupArn};
use super::listener::{Listener, RuleAction};
use super::service::{ServiceDefinition, ServiceWhileDown};
use super::tier::{LoadBalancer, RuntimeTier};

/// Something that has to be there in the morning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needed {
    /// A certificate of a listener.
    Certificate(CertificateArn),
    /// A TLS policy of a listener.
    TlsPolicy(String),
    /// A target group that a listener or a rule forwards to, or that tasks register in.
    TargetGroup(TargetGroupArn),
    /// A subnet that something stands in.
    Subnet(SubnetId),
    /// A security group that something has.
    SecurityGroup(SecurityGroupId),
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(arn) => write!(f, "certificate {arn}"),
            Self::TlsPolicy(name) => write!(f, "TLS policy {name}"),
            Self::TargetGroup(arn) => write!(f, "target group {}", arn.name()),
            Self::Subnet(id) => id.fmt(f),
            Self::SecurityGroup(id) => id.fmt(f),
        }
    }
}

/// All that has to be there, with what needs it, in words.
pub type Needs = BTreeMap<Needed, BTreeSet<String>>;

/// What is the matter with something that is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shortcoming {
    /// It does not exist.
    Missing,
    /// It exists, and AWS would not take it; why not, in words.
    Unfit(String),
}

impl fmt::Display for Shortcoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("does not exist"),
            Self::Unfit(why) => f.write_str(why),
        }
    }
}

/// Something that the next morning needs and would not find.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lack {
    /// What.
    pub needed: Needed,
    /// What is the matter with it.
    pub shortcoming: Shortcoming,
    /// What needs it, in words.
    pub needed_by: BTreeSet<String>,
}

impl RuntimeTier {
    /// All that has to be there to bring back what a night takes away. What stays through the night needs nothing.
    pub fn needs(&self) -> Needs {
        let mut needs = Collected::default();
        for (name, nat_gateway) in &self.nat_gateways {
            needs.add(&format!("NAT gateway {name}"), [Needed::Subnet(nat_gateway.subnet.clone())]);
        }
        for (name, load_balancer) in &self.load_balancers {
            needs.of_load_balancer(&format!("load balancer {name}"), load_balancer);
        }
        for (name, service) in &self.services {
            match (service.while_down, &service.definition) {
                (ServiceWhileDown::Delete, Some(definition)) => {
                    needs.of_service(&format!("service {name}"), definition);
                }
                (ServiceWhileDown::Delete | ServiceWhileDown::ScaleToZero, _) => {}
            }
        }
        for (name, endpoint) in &self.vpc_endpoints {
            let place = format!("VPC endpoint {name}");
            needs.add(&place, endpoint.subnets.iter().cloned().map(Needed::Subnet));
            needs.add(&place, endpoint.security_groups.iter().cloned().map(Needed::SecurityGroup));
        }
        needs.0
    }
}

#[derive(Default)]
struct Collected(Needs);

impl Collected {
    fn add(&mut self, by: &str, all: impl IntoIterator<Item = Needed>) {
        for one in all {
            self.0.entry(one).or_default().insert(by.to_owned());
        }
    }

    fn of_load_balancer(&mut self, place: &str, load_balancer: &LoadBalancer) {
        self.add(place, load_balancer.subnets.iter().cloned().map(Needed::Subnet));
        self.add(place, load_balancer.security_groups.iter().cloned().map(Needed::SecurityGroup));
        for (port, listener) in &load_balancer.listeners {
            self.of_listener(&format!("listener {port} of {place}"), listener);
        }
    }

    fn of_listener(&mut self, place: &str, listener: &Listener) {
        self.add(place, listener.ssl_policy.iter().cloned().map(Needed::TlsPolicy));
        let certificates = listener.certificate.iter().chain(&listener.additional_certificates);
        self.add(place, certificates.cloned().map(Needed::Certificate));
        self.of_actions(place, &listener.default_actions);
        for (priority, rule) in &listener.rules {
            self.of_actions(&format!("rule {priority} of {place}"), &rule.actions);
        }
    }

    fn of_actions(&mut self, place: &str, actions: &[RuleAction]) {
        self.add(place, actions.iter().flat_map(RuleAction::target_groups).cloned().map(Needed::TargetGroup));
    }

    fn of_service(&mut self, place: &str, definition: &ServiceDefinition) {
        self.add(place, definition.subnets.iter().cloned().map(Needed::Subnet));
        self.add(place, definition.security_groups.iter().cloned().map(Needed::SecurityGroup));
        let groups = definition.attachments.iter().map(|one| one.target_group.clone());
        self.add(place, groups.map(Needed::TargetGroup));
    }
}
