//! `lead`: how much earlier than its window an environment is started, so that it is ready when the window begins.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};
use serde::{Deserialize, Serialize, Serializer};

/// How much earlier, as the blueprint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lead {
    /// Not at all: it is started when the window begins, and ready some minutes later.
    #[default]
    None,
    /// So early that it has been ready by then in 95 % of the last mornings.
    Auto,
    /// So much.
    Fixed(TimeDelta),
}

/// How long one morning took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Morning {
    /// When everything was ready.
    pub ready_at: DateTime<Utc>,
    /// How many seconds after the first run that began to bring it up, however many runs it took.
    pub seconds: i64,
}

/// So many mornings are remembered.
pub const MORNINGS: usize = 20;

/// A lead as it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppliedLead {
    /// For so long it is expected to come up, or was told to.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub lead: TimeDelta,
    /// Where the figure comes from.
    pub basis: Basis,
}

/// Where an applied lead's figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// The blueprint says it.
    Declared,
    /// Nothing was measured yet.
    Default,
    /// Measured.
    Learned {
        /// In how many mornings.
        mornings: usize,
    },
}

/// A lead before the first morning was measured.
const DEFAULT: TimeDelta = TimeDelta::minutes(5);
/// A learned lead is no longer than this: what takes longer is no morning as any other.
const LONGEST_LEARNED: TimeDelta = TimeDelta::hours(1);
/// A declared one is no longer than this: what is meant is another window.
const LONGEST_DECLARED: TimeDelta = TimeDelta::hours(12);
/// From one tick to the next at most: every five minutes, up to a minute late.
const BETWEEN_TICKS: TimeDelta = TimeDelta::minutes(6);

impl Lead {
    /// The lead that these mornings, oldest first, make of it.
    pub fn applied(self, mornings: &VecDeque<Morning>) -> Option<AppliedLead> {
        match self {
            Self::None => None,
            Self::Fixed(lead) => Some(AppliedLead { lead, basis: Basis::Declared }),
            Self::Auto => Some(match usual(mornings) {
                Some(usual) => AppliedLead {
                    lead: usual.min(LONGEST_LEARNED),
                    basis: Basis::Learned { mornings: mornings.len().min(MORNINGS) },
                },
                None => AppliedLead { lead: DEFAULT, basis: Basis::Default },
            }),
        }
    }

    /// Whether it is started when the window begins.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// What 95 % of the last mornings did not exceed; nothing if none was measured.
pub fn usual(mornings: &VecDeque<Morning>) -> Option<TimeDelta> {
    let mut measured: Vec<i64> = mornings.iter().rev().take(MORNINGS).map(|morning| morning.seconds).collect();
    measured.sort_unstable();
    // Of 20 mornings, one may have been late; of fewer, none.
    let enough = (measured.len() * 95).div_ceil(100);
    enough.checked_sub(1).map(|index| TimeDelta::seconds(measured[index]))
}

impl AppliedLead {
    /// How long before a window the environment should be up, so that a tick that finds it so comes early enough.
    ///
    /// Nobody knows when within five minutes the ticks come. A learned lead therefore counts from the last tick that is
    /// sure to be early enough; a declared one is taken at its word.
    pub fn ahead(self) -> TimeDelta {
        match self.basis {
            Basis::Declared => self.lead,
            Basis::Default | Basis::Learned { .. } => self.lead + BETWEEN_TICKS,
        }
    }
}

/// Why a text is not a lead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of none, auto, or a duration such as 10m, up to 12h")]
pub struct InvalidLead(pub String);

impl FromStr for Lead {
    type Err = InvalidLead;

    fn from_str(text: &str) -> Result<Self, InvalidLead> {
        let invalid = || InvalidLead(text.to_owned());
        match text {
            "none" => return Ok(Self::None),
            "auto" => return Ok(Self::Auto),
            _ => {}
        }
        let lead = humantime::parse_duration(text).map_err(|_| invalid())?;
        let lead = TimeDelta::from_std(lead).map_err(|_| invalid())?;
        let sensible = TimeDelta::zero() < lead && lead <= LONGEST_DECLARED && lead.subsec_nanos() == 0;
        sensible.then_some(Self::Fixed(lead)).ok_or_else(invalid)
    }
}

impl<E: DeserializeError> Deserr<E> for Lead {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let error = match value {
            Value::String(text) => match text.parse() {
                Ok(lead) => return Ok(lead),
                Err(error) => ErrorKind::Unexpected { msg: InvalidLead::to_string(&error) },
            },
            actual => ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String] },
        };
        Err(take_cf_content(E::error::<V>(None, error, location)))
    }
}

impl Serialize for Lead {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn seconds<S: Serializer>(delta: &TimeDelta, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(delta.num_seconds())
}

fn duration(f: &mut fmt::Formatter<'_>, delta: TimeDelta) -> fmt::Result {
    fmt::Display::fmt(&humantime::format_duration(delta.to_std().unwrap_or_default()), f)
}

impl fmt::Display for Lead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Auto => f.write_str("auto"),
            Self::Fixed(lead) => duration(f, *lead),
        }
    }
}

impl fmt::Display for AppliedLead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lead ")?;
        duration(f, self.lead)?;
        match self.basis {
            Basis::Declared => Ok(()),
            Basis::Default => f.write_str(" (default: no mornings measured yet)"),
            Basis::Learned { mornings: 1 } => f.write_str(" (learned from 1 morning)"),
            Basis::Learned { mornings } => write!(f, " (learned from {mornings} mornings)"),
        }
    }
}
