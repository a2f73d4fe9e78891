//! Names and ids, each its own type, so that a subnet can never stand where a route table belongs.

use std::fmt;
use std::str::FromStr;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};
use serde::{Deserialize, Serialize};

use crate::blueprint::Key;

/// Why a text is not an id of the kind that was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct InvalidId {
    /// What was given.
    pub text: String,
    /// What would have been right, in words.
    pub wanted: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as AWS writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { text: text.to_owned(), wanted: $wanted })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl Key for $name {
            fn read(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error: InvalidId| error.to_string())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl<E: DeserializeError> Deserr<E> for $name {
            fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
                let Value::String(text) = value else {
                    let kind = ErrorKind::IncorrectValueKind { actual: value, accepted: &[ValueKind::String] };
                    return Err(take_cf_content(E::error(None, kind, location)));
                };
                text.parse().map_err(|error: InvalidId| {
                    let kind: ErrorKind<'_, V> = ErrorKind::Unexpected { msg: error.to_string() };
                    take_cf_content(E::error(None, kind, location))
                })
            }
        }
    };
}

fn prefixed(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric()))
}

fn arn_of(text: &str, service: &str, resource: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    parts.next() == Some("arn")
        && parts.next().is_some_and(|partition| partition.starts_with("aws"))
        && parts.next() == Some(service)
        && parts.nth(2).is_some_and(|rest| rest.starts_with(resource))
}

/// Lower-case kebab-case of at most 32 characters, beginning with a letter.
fn kebab(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

id! {
    /// The name of one deployment of an application: `dev`, `staging`.
    EnvironmentName, "an environment's name (a-z, 0-9 and -, at most 32 characters, a letter first)", kebab
}
id! {
    /// What the blueprint calls an address or a NAT gateway; the value of the tag `curfew:name`.
    LogicalName, "a name (a-z, 0-9 and -, at most 32 characters, a letter first)", kebab
}
id! {
    /// The name of a load balancer, unique in its region and account.
    LoadBalancerName, "a load balancer's name (letters, digits and -, at most 32 characters)",
    |t| !t.is_empty() && t.len() <= 32 && t.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
id! {
    /// The name of an ECS service in the environment's cluster.
    ServiceName, "an ECS service's name (letters, digits, - and _)",
    |t| !t.is_empty() && t.len() <= 255 && t.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}
id! {
    /// The name of an ECS cluster.
    ClusterName, "an ECS cluster's name (letters, digits, - and _)",
    |t| !t.is_empty() && t.len() <= 255 && t.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}
id! {
    /// An ECS task definition's family; never a revision (the newest one is what runs in the morning).
    TaskFamily, "a task definition's family without a revision",
    |t| !t.is_empty() && t.len() <= 255 && t.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}
id! {
    /// An AWS region such as `us-west-2`.
    Region, "a region such as us-west-2",
    |t| t.split('-').count() >= 3 && t.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
id! {
    /// An AWS account.
    AccountId, "an account id (12 digits)", |t| t.len() == 12 && t.chars().all(|c| c.is_ascii_digit())
}
id! {
    /// The name of a budget, unique in its account.
    BudgetName, "a budget's name (at most 100 characters on one line, none of them : or \\)",
    |t| !t.is_empty() && t.chars().count() <= 100 && !t.chars().any(|c| c.is_control() || ":\\".contains(c))
}
id! {
    /// What RDS calls a DB instance or a DB cluster; it keeps it in lower case.
    DatabaseIdentifier, "an identifier of RDS (a-z, 0-9 and -, at most 63 characters, a letter first, no -- and no - at the end)",
    |t| {
        t.len() <= 63
            && t.starts_with(|c: char| c.is_ascii_lowercase())
            && t.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !t.contains("--")
            && !t.ends_with('-')
    }
}
id! {
    /// A DB instance class such as `db.t4g.micro`.
    InstanceClass, "a DB instance class such as db.t4g.micro",
    |t| t.starts_with("db.") && t.split('.').count() >= 3 && t.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
}
id! {
    /// The name of an Auto Scaling group, unique in its region and account.
    AutoScalingGroupName, "an Auto Scaling group's name (at most 255 printable characters, none of them : and none a space at an end)",
    |t| {
        !t.is_empty()
            && t.chars().count() <= 255
            && t.trim() == t
            && !t.chars().any(|c| c.is_control() || c == ':')
    }
}
id! { /// An EC2 instance; base tier.
InstanceId, "an instance's id (i-…)", |t| prefixed(t, "i-") }
id! { /// A network interface.
NetworkInterfaceId, "a network interface's id (eni-…)", |t| prefixed(t, "eni-") }
id! { /// An elastic IP's allocation.
AllocationId, "an allocation id (eipalloc-…)", |t| prefixed(t, "eipalloc-") }
id! { /// A NAT gateway.
NatGatewayId, "a NAT gateway's id (nat-…)", |t| prefixed(t, "nat-") }
id! { /// A VPC; base tier.
VpcId, "a VPC's id (vpc-…)", |t| prefixed(t, "vpc-") }
id! { /// A VPC endpoint; new each morning.
VpcEndpointId, "a VPC endpoint's id (vpce-…)", |t| prefixed(t, "vpce-") }
id! {
    /// The name of a service that a VPC endpoint leads to.
    EndpointServiceName, "an endpoint service's name such as com.amazonaws.us-west-2.secretsmanager",
    |t| t.contains('.') && t.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}
id! { /// A subnet.
SubnetId, "a subnet's id (subnet-…)", |t| prefixed(t, "subnet-") }
id! { /// A security group.
SecurityGroupId, "a security group's id (sg-…)", |t| prefixed(t, "sg-") }
id! { /// A route table.
RouteTableId, "a route table's id (rtb-…)", |t| prefixed(t, "rtb-") }
id! { /// A Route 53 hosted zone, without the `/hostedzone/` that some answers put before it.
HostedZoneId, "a hosted zone's id (Z…)", |t| t.starts_with('Z') && t.chars().all(|c| c.is_ascii_alphanumeric()) }
id! { /// An application load balancer; new each morning.
LoadBalancerArn, "a load balancer's ARN", |t| arn_of(t, "elasticloadbalancing", "loadbalancer/") }
id! { /// A listener; new each morning.
ListenerArn, "a listener's ARN", |t| arn_of(t, "elasticloadbalancing", "listener/") }
id! { /// A target group; base tier.
TargetGroupArn, "a target group's ARN", |t| arn_of(t, "elasticloadbalancing", "targetgroup/") }
id! { /// A trust store for mutual TLS; base tier.
TrustStoreArn, "a trust store's ARN", |t| arn_of(t, "elasticloadbalancing", "truststore/") }
id! { /// A certificate in ACM or IAM; base tier.
CertificateArn, "a certificate's ARN", |t| arn_of(t, "acm", "certificate/") || arn_of(t, "iam", "server-certificate/") }
id! { /// A web ACL of WAF; base tier.
WebAclArn, "the ARN of a regional web ACL", |t| arn_of(t, "wafv2", "regional/webacl/") }
id! { /// An ECS service.
ServiceArn, "an ECS service's ARN", |t| arn_of(t, "ecs", "service/") }
id! { /// An ECS cluster.
ClusterArn, "an ECS cluster's ARN", |t| arn_of(t, "ecs", "cluster/") }

impl ClusterArn {
    /// The account that the cluster is in; none if the ARN names none.
    pub fn account(&self) -> Option<AccountId> {
        self.0.split(':').nth(4)?.parse().ok()
    }
}

impl CertificateArn {
    /// Whether ACM has it, not IAM.
    pub fn is_of_acm(&self) -> bool {
        arn_of(&self.0, "acm", "certificate/")
    }
}

impl WebAclArn {
    /// The web ACL's own name, out of its ARN.
    pub fn name(&self) -> &str {
        self.0.split('/').nth(2).unwrap_or(&self.0)
    }
}

impl EndpointServiceName {
    /// Whether somebody offers it who is not AWS (AWS calls those all alike: `com.amazonaws.vpce.<region>.vpce-svc-…`).
    pub fn is_of_somebody(&self) -> bool {
        self.0.contains(".vpce-svc-")
    }

    /// Whether there are gateway endpoints of it too, which cost nothing.
    pub fn has_gateway_endpoints(&self) -> bool {
        self.0.ends_with(".s3") || self.0.ends_with(".dynamodb")
    }
}

impl TargetGroupArn {
    /// The target group's own name, out of its ARN.
    pub fn name(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or(&self.0)
    }
}
