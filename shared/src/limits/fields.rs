//! Members of requests, and what the models say of their values.

use regex_lite::Regex;
use serde::Deserialize;

use super::packed;

/// What limits the values of one member.
#[derive(Debug, Deserialize)]
pub(super) struct Limit {
    r#type: Kind,
    min: Option<usize>,
    max: Option<usize>,
    pattern: Option<String>,
    #[serde(default)]
    r#enum: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    String,
    Integer,
    List,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $key:literal),* $(,)?) => {
        /// A member of a request that a blueprint has the value of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Field {
            $($(#[$doc])* $name),*
        }

        impl Field {
            /// All of them, in the order of `aws.json`.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its service, call and path in the models.
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key),*
                }
            }
        }
    };
}

fields! {
    /// A listener's port.
    Port = "elbv2:CreateListener.Port",
    /// A rule's priority.
    Priority = "elbv2:CreateRule.Priority",
    /// The value of a load balancer's attribute.
    AttributeValue = "elbv2:ModifyLoadBalancerAttributes.Attributes[].Value",
    /// Whether the names of the trusted authorities are told.
    AdvertiseTrustStoreCaNames = "elbv2:CreateListener.MutualAuthentication.AdvertiseTrustStoreCaNames",
    /// A redirect's protocol.
    RedirectProtocol = "elbv2:CreateRule.Actions[].RedirectConfig.Protocol",
    /// A redirect's host.
    RedirectHost = "elbv2:CreateRule.Actions[].RedirectConfig.Host",
    /// A redirect's path.
    RedirectPath = "elbv2:CreateRule.Actions[].RedirectConfig.Path",
    /// A redirect's query.
    RedirectQuery = "elbv2:CreateRule.Actions[].RedirectConfig.Query",
    /// A redirect's status code.
    RedirectStatusCode = "elbv2:CreateRule.Actions[].RedirectConfig.StatusCode",
    /// A fixed response's body.
    FixedResponseBody = "elbv2:CreateRule.Actions[].FixedResponseConfig.MessageBody",
    /// A fixed response's status code.
    FixedResponseStatusCode = "elbv2:CreateRule.Actions[].FixedResponseConfig.StatusCode",
    /// A fixed response's content type.
    FixedResponseContentType = "elbv2:CreateRule.Actions[].FixedResponseConfig.ContentType",
    /// What happens to somebody who is not signed in.
    OnUnauthenticatedRequest = "elbv2:CreateRule.Actions[].AuthenticateCognitoConfig.OnUnauthenticatedRequest",
    /// The format of a claim.
    ClaimFormat = "elbv2:CreateRule.Actions[].JwtValidationConfig.AdditionalClaims[].Format",
    /// A tag's key.
    TagKey = "elbv2:AddTags.Tags[].Key",
    /// A tag's value.
    TagValue = "elbv2:AddTags.Tags[].Value",
    /// All tags of a resource. The models say it of ECS alone; by the services' documentation it is true of all.
    Tags = "ecs:CreateService.tags",
    /// A capacity provider's share.
    CapacityWeight = "ecs:CreateService.capacityProviderStrategy[].weight",
    /// A capacity provider's tasks before the weights count.
    CapacityBase = "ecs:CreateService.capacityProviderStrategy[].base",
    /// Whose tags a service's tasks get.
    PropagateTags = "ecs:CreateService.propagateTags",
    /// Whether a service's tasks are moved between zones.
    AvailabilityZoneRebalancing = "ecs:CreateService.availabilityZoneRebalancing",
    /// A hosted zone's id.
    HostedZone = "route53:ChangeResourceRecordSets.HostedZoneId",
    /// A record's name.
    RecordName = "route53:ChangeResourceRecordSets.ChangeBatch.Changes[].ResourceRecordSet.Name",
    /// The name that an alias leads to.
    AliasName = "route53:ChangeResourceRecordSets.ChangeBatch.Changes[].ResourceRecordSet.AliasTarget.DNSName",
    /// A web ACL's ARN.
    WebAcl = "wafv2:AssociateWebACL.WebACLArn",
}

/// What is wrong with a value, by the models: nothing, or a sentence. A list's value is how many entries it has.
pub fn wrong(field: Field, value: &str) -> Option<String> {
    let limit = packed().fields.get(field.key())?;
    if !limit.r#enum.is_empty() {
        let is_one = limit.r#enum.iter().any(|one| one == value);
        return (!is_one).then(|| format!("`{value}` is not one of {}", limit.r#enum.join(", ")));
    }
    let size = match limit.r#type {
        Kind::String => value.chars().count(),
        Kind::Integer | Kind::List => value.parse().ok()?,
    };
    let (min, max) = (limit.min.unwrap_or(0), limit.max.unwrap_or(usize::MAX));
    let is_fitting = (min..=max).contains(&size);
    match limit.r#type {
        Kind::String if !is_fitting => Some(format!("AWS takes {min} to {max} characters, and here are {size}")),
        Kind::Integer if !is_fitting => Some(format!("AWS takes a number from {min} to {max}")),
        Kind::List if !is_fitting => Some(format!("AWS takes {max} at most, and here are {size}")),
        Kind::String | Kind::Integer | Kind::List => mismatch(limit, value),
    }
}

/// Letters, separators, digits and a few more in any script, which `regex_lite` cannot say.
const TAG: &str = r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$";

fn mismatch(limit: &Limit, value: &str) -> Option<String> {
    let pattern = limit.pattern.as_deref()?;
    if pattern == TAG {
        let is_separator = |c: char| c.is_whitespace() && !c.is_control();
        let is_fitting = |c: char| c.is_alphanumeric() || is_separator(c) || "_.:/=+-@".contains(c);
        let message = || "a tag has letters, digits, spaces and _ . : / = + - @ only".to_owned();
        return (!value.chars().all(is_fitting)).then(message);
    }
    let is_fitting = Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value));
    (!is_fitting).then(|| format!("`{value}` does not match what AWS takes, {pattern}"))
}

/// Whether a field's pattern, if it has one, is one that can be asked.
#[cfg(test)]
pub(super) fn is_understood(field: &Field) -> bool {
    let pattern = packed().fields.get(field.key()).and_then(|limit| limit.pattern.as_deref());
    pattern.is_none_or(|pattern| pattern == TAG || Regex::new(pattern).is_ok())
}
