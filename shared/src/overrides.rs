//! Override tags: what beats the schedule, until an instant or until removed.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::Serialize;

use crate::model::Target;
use crate::ports::FoundOverride;

/// The value of an override tag: `up`, `down until 2026-11-21T20:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Override {
    /// What the environment is to be.
    pub target: Target,
    /// Until when; until removed if not said.
    pub until: Option<DateTime<Utc>>,
}

/// Why a tag's value is no override.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an override; write up, down, up until 2026-11-21T20:00:00Z or down until …")]
pub struct InvalidOverride(pub String);

impl Override {
    /// Whether a tag can say an instant: its year has four digits.
    pub fn can_say(instant: DateTime<Utc>) -> bool {
        (0..=9999).contains(&instant.year())
    }
}

impl FromStr for Override {
    type Err = InvalidOverride;

    fn from_str(text: &str) -> Result<Self, InvalidOverride> {
        let invalid = || InvalidOverride(text.to_owned());
        let words: Vec<&str> = text.split_whitespace().collect();
        // A tag's words mean the same however they are capitalised.
        let (target, until) = match words[..] {
            [target] => (target, None),
            [target, until, instant] if until.eq_ignore_ascii_case("until") => {
                let instant = DateTime::parse_from_rfc3339(instant).map_err(|_| invalid())?.with_timezone(&Utc);
                if !Self::can_say(instant) {
                    return Err(invalid());
                }
                (target, Some(instant))
            }
            _ => return Err(invalid()),
        };
        let target = match &target.to_ascii_lowercase()[..] {
            "up" => Target::Up,
            "down" => Target::Down,
            _ => return Err(invalid()),
        };
        Ok(Self { target, until })
    }
}

impl fmt::Display for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.target.fmt(f)?;
        match self.until {
            Some(until) => write!(f, " until {}", until.to_rfc3339_opts(SecondsFormat::Secs, true)),
            None => Ok(()),
        }
    }
}

/// Who set an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A manual start or stop; the next one may replace it.
    Hold,
    /// A person, or a tool of theirs; obeyed until it is removed or over.
    Person,
}

/// An override on a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaggedOverride {
    /// On which resource.
    pub resource: String,
    /// What it says.
    #[serde(flatten)]
    pub value: Override,
    /// Who set it.
    pub origin: Origin,
}

/// A tag that is meant as an override and is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MalformedOverride {
    /// On which resource.
    pub resource: String,
    /// What it says.
    pub value: String,
}

/// All override tags of an environment at an instant, sorted out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Overrides {
    /// Those that hold.
    pub active: Vec<TaggedOverride>,
    /// Those that are over, which count as not there.
    pub expired: Vec<TaggedOverride>,
    /// Those that nobody can read.
    pub malformed: Vec<MalformedOverride>,
}

impl Overrides {
    /// Sorts tags out.
    pub fn read(found: &[FoundOverride], now: DateTime<Utc>) -> Self {
        let mut overrides = Self::default();
        for tag in found {
            let Ok(value) = tag.value.parse::<Override>() else {
                let malformed = MalformedOverride { resource: tag.resource.clone(), value: tag.value.clone() };
                overrides.malformed.push(malformed);
                continue;
            };
            let origin = if tag.held { Origin::Hold } else { Origin::Person };
            let tagged = TaggedOverride { resource: tag.resource.clone(), value, origin };
            if value.until.is_some_and(|until| until <= now) {
                overrides.expired.push(tagged);
            } else {
                overrides.active.push(tagged);
            }
        }
        overrides
    }

    /// The one that counts: `up` beats `down`, and the longest of several `up` holds.
    pub fn strongest(&self, counts: impl Fn(&TaggedOverride) -> bool) -> Option<&TaggedOverride> {
        let no_end = DateTime::<Utc>::MAX_UTC;
        self.active
            .iter()
            .filter(|tagged| counts(tagged))
            .max_by_key(|tagged| (tagged.value.target == Target::Up, tagged.value.until.unwrap_or(no_end)))
    }
}
