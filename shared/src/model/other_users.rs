//! Who else uses what goes at night: whoever the blueprint does not name, and would be without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};
use serde::{Serialize, Serializer};

use super::ids::{InstanceId, LoadBalancerName, LogicalName, NetworkInterfaceId, RouteTableId, ServiceName};
use crate::blueprint::Problems;

/// Which other user: as reasons name it, and as the blueprint allows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherUserId {
    /// A route table with a route to a NAT gateway.
    RouteTable(RouteTableId),
    /// A service of the environment's cluster.
    Service(ServiceName),
    /// An EC2 instance.
    Instance(InstanceId),
    /// A Lambda function.
    Function(String),
    /// A target that somebody registered: an address, an instance or a function by its ARN.
    Target(String),
    /// A network interface of anything else.
    Interface(NetworkInterfaceId),
}

/// Why a text is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not one of rtb-…, i-…, eni-…, service/NAME, function/NAME, target/ADDRESS, as `curfew plan --down` names other users"
)]
pub struct InvalidOtherUserId(pub String);

impl FromStr for OtherUserId {
    type Err = InvalidOtherUserId;

    fn from_str(text: &str) -> Result<Self, InvalidOtherUserId> {
        let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let read = match text.split_once('/') {
            Some(("service", name)) => name.parse().ok().map(Self::Service),
            Some(("function", name)) => named(name).map(Self::Function),
            Some(("target", name)) => named(name).map(Self::Target),
            Some(_) => None,
            None => (text.parse().ok().map(Self::RouteTable))
                .or_else(|| text.parse().ok().map(Self::Instance))
                .or_else(|| text.parse().ok().map(Self::Interface)),
        };
        read.ok_or_else(|| InvalidOtherUserId(text.to_owned()))
    }
}

impl fmt::Display for OtherUserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RouteTable(id) => id.fmt(f),
            Self::Service(name) => write!(f, "service/{name}"),
            Self::Instance(id) => id.fmt(f),
            Self::Function(name) => write!(f, "function/{name}"),
            Self::Target(target) => write!(f, "target/{target}"),
            Self::Interface(id) => id.fmt(f),
        }
    }
}

impl Serialize for OtherUserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<E: DeserializeError> Deserr<E> for OtherUserId {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let error = match value {
            Value::String(text) => match text.parse() {
                Ok(id) => return Ok(id),
                Err(error) => ErrorKind::Unexpected { msg: InvalidOtherUserId::to_string(&error) },
            },
            actual => ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String] },
        };
        Err(take_cf_content(E::error::<V>(None, error, location)))
    }
}

/// Something that goes at night.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Used {
    /// A NAT gateway.
    NatGateway(LogicalName),
    /// A load balancer.
    LoadBalancer(LoadBalancerName),
    /// A database.
    Database(LogicalName),
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NatGateway(name) => write!(f, "NAT gateway {name}"),
            Self::LoadBalancer(name) => write!(f, "load balancer {name}"),
            Self::Database(name) => write!(f, "database {name}"),
        }
    }
}

/// Another user, and what it uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherUser {
    /// What it is, with its owner, in words: `instance i-0a1b2c3d (bastion, of stack shared)`.
    pub called: String,
    /// What it would be without.
    pub uses: BTreeSet<Used>,
}

/// All other users.
pub type OtherUsers = BTreeMap<OtherUserId, OtherUser>;

/// What a night does where others use what goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OtherUsersRule {
    /// Nothing goes.
    #[default]
    Block,
    /// It goes all the same, and people are told.
    Allow,
    /// It goes if these are all of them.
    AllowThese(BTreeSet<OtherUserId>),
}

impl OtherUsersRule {
    /// Whether nothing was said of them.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether somebody may be without what it uses.
    pub fn allows(&self, id: &OtherUserId) -> bool {
        match self {
            Self::Block => false,
            Self::Allow => true,
            Self::AllowThese(these) => these.contains(id),
        }
    }
}

/// The form that names them one by one.
#[derive(Debug, Serialize, Deserr)]
#[deserr(deny_unknown_fields, error = Problems)]
struct These {
    allow: BTreeSet<OtherUserId>,
}

impl Serialize for OtherUsersRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Block => serializer.serialize_str("block"),
            Self::Allow => serializer.serialize_str("allow"),
            Self::AllowThese(these) => These { allow: these.clone() }.serialize(serializer),
        }
    }
}

impl Deserr<Problems> for OtherUsersRule {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, Problems> {
        let error = match value {
            Value::String(text) if text == "block" => return Ok(Self::Block),
            Value::String(text) if text == "allow" => return Ok(Self::Allow),
            Value::String(text) => ErrorKind::Unexpected {
                msg: format!("`{text}` is not one of block, allow, or `allow:` with a list of which"),
            },
            Value::Map(map) => {
                return These::deserialize_from_value(Value::<V>::Map(map), place)
                    .map(|these| Self::AllowThese(these.allow));
            }
            actual => ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String, ValueKind::Map] },
        };
        Err(take_cf_content(Problems::error::<V>(None, error, place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for text in [
            "rtb-0a1",
            "i-0a1",
            "eni-0a1",
            "service/orders",
            "function/nightly-report",
            "target/10.0.1.9",
            "target/arn:aws:lambda:x",
        ] {
            assert_eq!(text.parse::<OtherUserId>().map(|id| id.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "orders", "service/", "function/", "target/", "lambda/report", "vpc-0a1", "service/a b"] {
            assert!(text.parse::<OtherUserId>().is_err(), "{text}");
        }
    }
}
