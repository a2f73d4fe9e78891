//! What to do about an alert: tell, or ask for a stop too.
//!
//! A stop is an override tag on the cluster, marked as a hold: the tick brings the environment down, and whoever starts
//! it by hand has it up again (invariant 11: a budget's signal may only ever stop, and deletes nothing itself).

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Alert, Doubt, Figures};
use crate::model::*;
use crate::overrides::{MalformedOverride, Origin, Override, Overrides, TaggedOverride};

/// What alerts are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// People are told.
    #[default]
    Tell,
    /// Beyond the limit, the environment is stopped too.
    Stop(UnderUp),
}

/// What a stop does where a person keeps the environment up by an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnderUp {
    /// It leaves it up.
    #[default]
    Respect,
    /// It takes the override's place on the cluster.
    Replace,
}

/// What is done about an alert.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Nothing is stopped.
    Tell(WhyNot),
    /// The environment is held down until the budget's period ends.
    Stop(Stop),
}

/// A stop.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Until when.
    pub until: DateTime<Utc>,
    /// The change of the cluster's tags that it takes; none if they say so already.
    pub change: Option<Action>,
    /// A person's override that is replaced, so that they can set it again.
    pub replaces: Option<Override>,
}

/// Why nothing is stopped.
#[derive(Debug, Clone, PartialEq)]
pub enum WhyNot {
    /// Something speaks against the figures.
    Doubts(Vec<Doubt>),
    /// Nobody asked for stops.
    NotConfigured,
    /// The figure is beyond the alert's threshold, and not beyond the limit.
    BelowLimit,
    /// A stop would release these addresses, by the blueprint's own words.
    WouldRelease(Vec<LogicalName>),
    /// An override cannot be read, so nobody knows what its writer wants.
    Malformed(MalformedOverride),
    /// A person keeps it up.
    KeptUp(TaggedOverride),
    /// A person, or a longer hold, keeps it down.
    KeptDown(TaggedOverride),
}

/// The name of an answer: an alert is answered again only if the answer is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// Figures are distrusted.
    Doubted,
    /// Told as a warning, or because only that is configured.
    Told,
    /// Told, because the environment may not be stopped or is down anyway.
    NotStopped,
    /// Stopped, and told.
    Stopped,
}

impl Answer {
    /// Its name.
    pub fn kind(&self) -> AnswerKind {
        match self {
            Self::Stop(_) => AnswerKind::Stopped,
            Self::Tell(WhyNot::Doubts(_)) => AnswerKind::Doubted,
            Self::Tell(WhyNot::NotConfigured | WhyNot::BelowLimit) => AnswerKind::Told,
            Self::Tell(WhyNot::WouldRelease(_) | WhyNot::Malformed(_) | WhyNot::KeptUp(_) | WhyNot::KeptDown(_)) => {
                AnswerKind::NotStopped
            }
        }
    }
}

/// Whether a stop is wanted, as far as that does not depend on overrides.
///
/// # Errors
/// Why not.
pub fn wanted(policy: Policy, alert: &Alert, figures: &Figures, tier: &RuntimeTier) -> Result<UnderUp, WhyNot> {
    let Policy::Stop(under_up) = policy else { return Err(WhyNot::NotConfigured) };
    // An alert at 80 % warns; the budget is what may be spent.
    if figures.about(alert.about).is_none_or(|figure| figure <= figures.limit) {
        return Err(WhyNot::BelowLimit);
    }
    let released = tier.addresses.iter().filter(|(_, address)| match address.while_down {
        AddressWhileDown::Release => true,
        AddressWhileDown::Keep => false,
    });
    let released: Vec<LogicalName> = released.map(|(name, _)| name.clone()).collect();
    if released.is_empty() { Ok(under_up) } else { Err(WhyNot::WouldRelease(released)) }
}

/// A stop until an instant, as far as the overrides let it.
pub fn stop(until: DateTime<Utc>, under_up: UnderUp, overrides: &Overrides, cluster: &ClusterName) -> Answer {
    if let Some(malformed) = overrides.malformed.first() {
        return Answer::Tell(WhyNot::Malformed(malformed.clone()));
    }
    let is_persons = |tagged: &&TaggedOverride| tagged.origin == Origin::Person;
    let mut replaces = None;
    for tagged in overrides.active.iter().filter(is_persons) {
        match (tagged.value.target, under_up) {
            // Only the cluster's own tag can be replaced; on anything else `up` would beat `down`.
            (Target::Up, UnderUp::Replace) if is_on(tagged, cluster) => replaces = Some(tagged.value),
            (Target::Up, UnderUp::Respect | UnderUp::Replace) => return Answer::Tell(WhyNot::KeptUp(tagged.clone())),
            // Theirs may be over sooner, but a person's tag is theirs.
            (Target::Down, _) if is_on(tagged, cluster) => return Answer::Tell(WhyNot::KeptDown(tagged.clone())),
            (Target::Down, _) => {}
        }
    }
    let wanted = Override { target: Target::Down, until: Some(until) };
    let held = overrides.active.iter().find(|tagged| tagged.origin == Origin::Hold);
    match held.filter(|held| held.value.target == Target::Down) {
        Some(held) if held.value == wanted => Answer::Stop(Stop { until, change: None, replaces }),
        Some(held) if held.value.until.is_none_or(|end| end > until) => Answer::Tell(WhyNot::KeptDown(held.clone())),
        Some(_) | None => {
            let value = wanted.to_string();
            let tags = Tags::from([(OVERRIDE_TAG.to_owned(), value.clone()), (HOLD_TAG.to_owned(), value)]);
            Answer::Stop(Stop { until, change: Some(Action::TagCluster { tags }), replaces })
        }
    }
}

/// Whether an override is the cluster's own tag.
fn is_on(tagged: &TaggedOverride, cluster: &ClusterName) -> bool {
    tagged.resource.parse::<ClusterArn>().is_ok() && tagged.resource.ends_with(&format!("/{cluster}"))
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Doubts(doubts) => {
                let doubts: Vec<String> = doubts.iter().map(ToString::to_string).collect();
                f.write_str(&doubts.join("; "))
            }
            Self::NotConfigured => f.write_str("alerts of this budget are only told (BudgetAction is `tell`)"),
            Self::BelowLimit => f.write_str("this is a warning; only beyond its limit a budget stops anything"),
            Self::WouldRelease(addresses) => {
                let names: Vec<&str> = addresses.iter().map(LogicalName::as_str).collect();
                write!(
                    f,
                    "the blueprint releases addresses while it is down ({}), which a budget may never cause; write \
                     `whileDown: keep` there",
                    names.join(", ")
                )
            }
            Self::Malformed(malformed) => write!(
                f,
                "the override `{}` on {} cannot be read, so nobody knows what its writer wants",
                malformed.value, malformed.resource
            ),
            Self::KeptUp(tagged) => write!(f, "the override `{}` on {} keeps it up", tagged.value, tagged.resource),
            Self::KeptDown(tagged) => {
                write!(f, "the override `{}` on {} keeps it down already", tagged.value, tagged.resource)
            }
        }
    }
}
