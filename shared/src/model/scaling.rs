//! Application Auto Scaling of a service: what is suspended at night, and the policies that a new load balancer needs put
//! again. Bounds, policies and scheduled actions stay in AWS the whole time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use deserr::Deserr;
use serde::Serialize;

use super::ids::{InvalidId, LoadBalancerArn, LoadBalancerName, TargetGroupArn};
use crate::blueprint::{Entries, Problems};

/// A kind of scaling that a scalable target can be told to leave alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum Suspension {
    /// Policies take no tasks away.
    #[deserr(rename = "dynamic-scaling-in")]
    DynamicScalingIn,
    /// Policies add no tasks.
    #[deserr(rename = "dynamic-scaling-out")]
    DynamicScalingOut,
    /// Scheduled actions do nothing.
    #[deserr(rename = "scheduled-scaling")]
    ScheduledScaling,
}

impl Suspension {
    /// All of them: how a service sleeps.
    pub fn all() -> BTreeSet<Self> {
        [Self::DynamicScalingIn, Self::DynamicScalingOut, Self::ScheduledScaling].into()
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DynamicScalingIn => "dynamic-scaling-in",
            Self::DynamicScalingOut => "dynamic-scaling-out",
            Self::ScheduledScaling => "scheduled-scaling",
        }
    }
}

/// Between how many tasks a service is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Bounds {
    /// The fewest.
    pub minimum: u32,
    /// The most.
    pub maximum: u32,
}

impl Bounds {
    /// The count that AWS makes of another one whenever a scalable target is registered (facts §3).
    pub fn clamp(self, count: u32) -> u32 {
        count.min(self.maximum).max(self.minimum)
    }
}

/// The scalable target of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Scaling {
    /// What of it is suspended while the environment is up.
    #[deserr(default)]
    pub suspended: BTreeSet<Suspension>,
    /// As it was observed: never declared, because Curfew never sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub bounds: Option<Bounds>,
    /// Its policies by name, in words; observed, never declared.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub policies: BTreeMap<String, String>,
    /// Its scheduled actions by name, in words; observed, never declared.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub scheduled_actions: BTreeMap<String, String>,
}

/// A scaling policy that names a load balancer, which is another one every morning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadBalancerPolicy {
    /// It counts requests per target: it is put again with the new load balancer's label.
    RequestCount(RequestCount),
    /// It could not be put again; why, in words.
    Unsupported(String),
}

/// A target tracking policy on `ALBRequestCountPerTarget`, all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestCount {
    /// Whose requests are counted.
    pub label: ResourceLabel,
    /// How many a minute each target should get.
    pub target_value: TargetValue,
    /// Seconds between two scale-outs.
    pub scale_out_cooldown: Option<u32>,
    /// Seconds between two scale-ins.
    pub scale_in_cooldown: Option<u32>,
    /// Whether it only ever adds tasks.
    pub disable_scale_in: Option<bool>,
}

/// A metric's target value: any number, equal to itself alone.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct TargetValue(pub f64);

impl PartialEq for TargetValue {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for TargetValue {}

/// Which requests are counted: `app/<name>/<id>/targetgroup/<name>/<id>`, the ends of two ARNs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLabel {
    /// The load balancer's name.
    pub load_balancer: LoadBalancerName,
    load_balancer_id: String,
    target_group: String,
}

impl ResourceLabel {
    /// The same target group behind another load balancer; none if its ARN does not end as an application load balancer's.
    pub fn behind(&self, arn: &LoadBalancerArn) -> Option<Self> {
        let (_, end) = arn.as_str().split_once(":loadbalancer/")?;
        format!("{end}/{}", self.target_group).parse().ok()
    }

    /// Whether it names this target group.
    pub fn names(&self, group: &TargetGroupArn) -> bool {
        group.as_str().rsplit(':').next() == Some(&self.target_group)
    }
}

impl FromStr for ResourceLabel {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let wanted = "a resource label (app/<name>/<id>/targetgroup/<name>/<id>)";
        let invalid = || InvalidId { text: text.to_owned(), wanted };
        match text.split('/').collect::<Vec<_>>()[..] {
            ["app", name, id, "targetgroup", group, group_id]
                if [id, group, group_id].iter().all(|part| !part.is_empty()) =>
            {
                Ok(Self {
                    load_balancer: name.parse().map_err(|_| invalid())?,
                    load_balancer_id: id.to_owned(),
                    target_group: format!("targetgroup/{group}/{group_id}"),
                })
            }
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for ResourceLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "app/{}/{}/{}", self.load_balancer, self.load_balancer_id, self.target_group)
    }
}

impl Serialize for ResourceLabel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    const LABEL: &str = "app/dev-alb/0123456789abcdef/targetgroup/web/fedcba9876543210";

    #[test]
    fn a_label_moves_to_another_load_balancer_and_keeps_its_target_group() {
        let label: ResourceLabel = LABEL.parse().expect("a label");
        let arn = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/dev-alb/1111111111111111";
        let moved = label.behind(&arn.parse().expect("an ARN")).expect("it is whole");
        assert_eq!(moved.to_string(), "app/dev-alb/1111111111111111/targetgroup/web/fedcba9876543210");
        assert_eq!(label.to_string(), LABEL);
        let group = "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/web/fedcba9876543210";
        assert!(label.names(&group.parse().expect("an ARN")));
        assert!(!label.names(&group.replace("web", "api").parse().expect("an ARN")));
    }

    #[test]
    fn a_label_that_is_not_whole_is_none() {
        for text in [
            "",
            "app/dev-alb/1",
            "net/dev-nlb/1/targetgroup/web/1",
            "app/dev-alb/1/targetgroup/web/",
            "app/dev-alb/1/targetgroup/web/1/2",
        ] {
            assert!(text.parse::<ResourceLabel>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_count_is_moved_into_the_bounds() {
        let bounds = Bounds { minimum: 2, maximum: 4 };
        assert_eq!([0, 2, 3, 9].map(|count| bounds.clamp(count)), [2, 2, 3, 4]);
    }
}
