//! Interface VPC endpoints: deleted at night, made again in the morning. They cost by the hour in each of their zones.

use std::collections::BTreeSet;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};
use serde::Serialize;
use serde_json::Value as Json;

use super::ids::*;
use super::ownership::Ownership;
use super::tags::Tags;
use crate::blueprint::{Entries, Problems};

/// Whether the service's own names lead to the endpoint inside its VPC. Two endpoints of a VPC cannot both have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum PrivateDns {
    /// For all of the VPC.
    #[default]
    #[deserr(rename = "enabled")]
    Enabled,
    /// Only for what asks through inbound resolvers; the VPC's own traffic takes a gateway endpoint (S3, DynamoDB).
    #[deserr(rename = "inbound-resolvers-only")]
    InboundResolversOnly,
    /// For nobody: clients use the endpoint's own names, which are others every morning.
    #[deserr(rename = "disabled")]
    Disabled,
}

impl PrivateDns {
    /// Whether it takes the service's names in its VPC.
    pub fn takes_names(self) -> bool {
        match self {
            Self::Enabled | Self::InboundResolversOnly => true,
            Self::Disabled => false,
        }
    }
}

/// The addresses an endpoint answers on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum EndpointAddressType {
    /// IPv4 alone.
    #[default]
    #[deserr(rename = "ipv4")]
    Ipv4,
    /// IPv4 and IPv6.
    #[deserr(rename = "dualstack")]
    Dualstack,
    /// IPv6 alone.
    #[deserr(rename = "ipv6")]
    Ipv6,
}

/// The DNS records that AWS makes for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum DnsRecordType {
    /// A records.
    #[deserr(rename = "ipv4")]
    Ipv4,
    /// A and AAAA records.
    #[deserr(rename = "dualstack")]
    Dualstack,
    /// AAAA records.
    #[deserr(rename = "ipv6")]
    Ipv6,
    /// Those that the service says.
    #[deserr(rename = "service-defined")]
    ServiceDefined,
}

/// What an endpoint lets through: a policy of IAM that is not AWS's default, which lets everything through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct EndpointPolicy(Json);

impl EndpointPolicy {
    /// Reads the document of an endpoint; none if it is AWS's default, which services without policies have too.
    ///
    /// # Errors
    /// If it is no JSON object.
    pub fn read(document: &str) -> Result<Option<Self>, serde_json::Error> {
        let policy: serde_json::Map<String, Json> = serde_json::from_str(document)?;
        let policy = Self(Json::Object(policy));
        Ok((!policy.is_default()).then_some(policy))
    }

    fn is_default(&self) -> bool {
        let everything = serde_json::json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
        let known = |key: &String| key == "Statement" || key == "Version";
        let is_old = self.0["Version"].as_str().is_none_or(|version| version == "2008-10-17");
        let only = self.0["Statement"].as_array().is_some_and(|statements| *statements == [everything]);
        is_old && only && self.0.as_object().is_some_and(|policy| policy.keys().all(known))
    }

    /// As AWS takes it.
    pub fn to_json(&self) -> String {
        self.0.to_string()
    }
}

impl<E: DeserializeError> Deserr<E> for EndpointPolicy {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        match value {
            Value::Map(_) => Ok(Self(value.into())),
            actual => {
                let kind = ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::Map] };
                Err(take_cf_content(E::error(None, kind, location)))
            }
        }
    }
}

/// An interface endpoint of a VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct VpcEndpoint {
    /// The service it leads to, `com.amazonaws.us-west-2.secretsmanager`.
    pub service: EndpointServiceName,
    /// The VPC it stands in.
    pub vpc: VpcId,
    /// One subnet for each of its zones.
    pub subnets: BTreeSet<SubnetId>,
    /// Its security groups.
    pub security_groups: BTreeSet<SecurityGroupId>,
    /// Whether the service's own names lead to it.
    #[deserr(default)]
    pub private_dns: PrivateDns,
    /// The addresses it answers on.
    #[deserr(default)]
    pub ip_address_type: EndpointAddressType,
    /// The DNS records that AWS makes for it; what AWS chooses if none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub dns_record_type: Option<DnsRecordType>,
    /// What it lets through; everything if none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub policy: Option<EndpointPolicy>,
    /// Tags of its own, over the environment's.
    #[serde(skip_serializing_if = "Tags::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
    /// An endpoint that existed before Curfew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub adopted: Option<VpcEndpointId>,
}

impl VpcEndpoint {
    /// Whether AWS would refuse to let both stand: they take the same names in the same VPC.
    pub fn contends_with(&self, other: &Self) -> bool {
        let both_take_names = self.private_dns.takes_names() && other.private_dns.takes_names();
        both_take_names && self.vpc == other.vpc && self.service == other.service
    }
}

/// An endpoint as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedVpcEndpoint {
    /// Whose it is.
    pub ownership: Ownership<VpcEndpointId>,
    /// Its configuration, in the blueprint's own words; `adopted` is never set.
    pub configuration: VpcEndpoint,
    /// All its tags, Curfew's and AWS's among them.
    pub tags: Tags,
    /// What of it could not be brought back, in words.
    pub unsupported: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_more_than_the_default_is_a_policy() {
        let everything = r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;
        for (document, is_default) in [
            (format!(r#"{{"Statement": [{everything}]}}"#), true),
            (format!(r#"{{"Version": "2008-10-17", "Statement": [{everything}]}}"#), true),
            (format!(r#"{{"Version": "2012-10-17", "Statement": [{everything}]}}"#), false),
            (format!(r#"{{"Id": "mine", "Statement": [{everything}]}}"#), false),
            (format!(r#"{{"Statement": [{everything}, {everything}]}}"#), false),
            (r#"{"Statement": []}"#.to_owned(), false),
        ] {
            let policy = EndpointPolicy::read(&document).expect("an object");
            assert_eq!(policy.is_none(), is_default, "{document}");
            if let Some(policy) = policy {
                assert_eq!(EndpointPolicy::read(&policy.to_json()).expect("an object"), Some(policy));
            }
        }
        assert!(EndpointPolicy::read("[]").is_err());
    }
}
