//! What people have written of the ids and names that are others each morning: where Curfew does not put the new one,
//! somebody has to know. Looked for in previews, a capture and a doctor's examination; never by a tick.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::*;

/// Something of a resource that its next morning's one has otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// A load balancer's DNS name.
    DnsName(LoadBalancerName),
    /// A load balancer's ARN, or its end, by which metrics name it.
    Arn(LoadBalancerName),
    /// A NAT gateway's id.
    NatGateway(LogicalName),
    /// A VPC endpoint's id, which its DNS names begin with.
    VpcEndpoint(LogicalName),
    /// A public address that is released at night.
    Address(LogicalName),
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DnsName(name) => write!(f, "the DNS name of load balancer {name}"),
            Self::Arn(name) => write!(f, "the ARN of load balancer {name}"),
            Self::NatGateway(name) => write!(f, "the id of NAT gateway {name}"),
            Self::VpcEndpoint(name) => write!(f, "the id of VPC endpoint {name}"),
            Self::Address(name) => write!(f, "the address {name}"),
        }
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An identity, and the text by which it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// Whose.
    pub identity: Identity,
    /// In lower case.
    text: String,
}

impl Needle {
    /// Looks for a text.
    pub fn new(identity: Identity, text: &str) -> Self {
        Self { identity, text: text.to_ascii_lowercase() }
    }

    /// Whether a text has it, as a word of its own: `192.0.2.1` does not stand in `192.0.2.10`.
    pub fn is_in(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        text.match_indices(&self.text).any(|(at, found)| {
            is_end(text[..at].chars().next_back()) && is_end(text[at + found.len()..].chars().next())
        })
    }
}

/// All identities of a tier that a night ends, as they are now.
pub fn needles(tier: &RuntimeTier, seen: &Observation) -> Vec<Needle> {
    let mut needles = Vec::new();
    for (name, one) in seen.standing_load_balancers().filter(|(name, _)| tier.load_balancers.contains_key(*name)) {
        needles.push(Needle::new(Identity::DnsName(name.clone()), &one.dns_name));
        if let Some((_, suffix)) = one.ownership.id().as_str().split_once(":loadbalancer/") {
            needles.push(Needle::new(Identity::Arn(name.clone()), suffix));
        }
    }
    for (name, one) in seen.nat_gateways.iter().filter_map(|(name, found)| Some((name, found.standing()?))) {
        needles.push(Needle::new(Identity::NatGateway(name.clone()), one.ownership.id().as_str()));
    }
    for (name, one) in seen.vpc_endpoints.iter().filter_map(|(name, found)| Some((name, found.standing()?))) {
        needles.push(Needle::new(Identity::VpcEndpoint(name.clone()), one.ownership.id().as_str()));
    }
    let released = |name: &LogicalName| {
        tier.addresses.get(name).is_some_and(|address| address.while_down == AddressWhileDown::Release)
    };
    for (name, found) in seen.addresses.iter().filter(|(name, _)| released(name)) {
        needles.extend(found.present().map(|one| Needle::new(Identity::Address(name.clone()), &one.public_ip)));
    }
    needles
}

/// Whose sign-in names a load balancer by its own DNS name: those that authenticate behind a load balancer that no DNS
/// record of the tier leads to. Cognito's callback URLs have to name it.
pub fn callbacks(tier: &RuntimeTier) -> Vec<String> {
    let has_record = |name: &LoadBalancerName| tier.dns_records.values().any(|record| record.load_balancer == *name);
    let without = tier.load_balancers.iter().filter(|(name, _)| !has_record(name));
    let of_listener = |listener: &Listener| -> BTreeSet<String> {
        let of_rules = listener.rules.values().flat_map(|rule| &rule.actions);
        let client = |action: &RuleAction| match action {
            RuleAction::AuthenticateCognito { user_pool_client_id, .. } => Some(user_pool_client_id.clone()),
            RuleAction::Forward { .. }
            | RuleAction::Redirect { .. }
            | RuleAction::FixedResponse { .. }
            | RuleAction::JwtValidation { .. } => None,
        };
        listener.default_actions.iter().chain(of_rules).filter_map(client).collect()
    };
    let clients = without.flat_map(|(name, one)| {
        let all: BTreeSet<String> = one.listeners.values().flat_map(of_listener).collect();
        all.into_iter().map(move |client| (name, client))
    });
    let said = clients.map(|(name, client)| {
        format!(
            "no DNS record leads to load balancer {name}, so the callback URLs of Cognito's client {client} name its own DNS \
             name, which is another one each morning; give it a DNS record"
        )
    });
    said.collect()
}

/// Where an identity is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mention {
    /// In what, with its name: `dashboard latency`.
    pub place: String,
    /// Which.
    pub identity: Identity,
}

impl fmt::Display for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} names {}, which is another one each morning; name something that stays",
            self.place, self.identity
        )
    }
}

/// What was found. Only where something stands is told, never what else stands there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mentions {
    /// Where.
    pub found: BTreeSet<Mention>,
    /// What could not be looked through, with the reason.
    pub unseen: Vec<String>,
}

impl Mentions {
    /// Takes in what a text says.
    pub fn look_at(&mut self, place: &str, text: &str, needles: &[Needle]) {
        let found = needles.iter().filter(|needle| needle.is_in(text)).map(|needle| needle.identity.clone());
        self.found.extend(found.map(|identity| Mention { place: place.to_owned(), identity }));
    }

    /// As notes for people.
    pub fn notes(&self) -> Vec<String> {
        let unseen = self.unseen.iter();
        let unseen = unseen.map(|what| format!("whether anything names what is another one each morning: {what}"));
        self.found.iter().map(ToString::to_string).chain(unseen).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_mentions() {
        let name: LogicalName = "egress".parse().expect("a name");
        let needle = Needle::new(Identity::Address(name), "192.0.2.1");
        for text in ["192.0.2.1", "https://192.0.2.1:8080/x", "a=192.0.2.1;"] {
            assert!(needle.is_in(text), "{text}");
        }
        for text in ["192.0.2.10", "1192.0.2.1", "192.0.2", ""] {
            assert!(!needle.is_in(text), "{text}");
        }
    }
}
