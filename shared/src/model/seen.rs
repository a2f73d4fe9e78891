//! What one look at one resource showed.

use std::fmt;

use serde::Serialize;

/// Why something could not be observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{call}: {message}")]
pub struct Unobserved {
    /// The API call that failed.
    pub call: String,
    /// What it answered.
    pub message: String,
    /// Whether looking again may help.
    pub retry: Retry,
}

/// Whether trying again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// A throttled call, a server's error, a time-out: the next look may succeed.
    Later,
    /// Not within this run: AWS has no capacity for it now.
    NextRun,
    /// A refused or malformed call: a person has to act.
    Never,
}

/// A resource as a run saw it. What could not be observed is `Unknown`, never `Absent` (invariant 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen<T> {
    /// The owning service says it does not exist.
    Absent,
    /// It is being made.
    Pending(T),
    /// It is there and works.
    Ready(T),
    /// It is being taken away.
    Leaving(T),
    /// It could not be observed.
    Unknown(Unobserved),
}

impl<T> Seen<T> {
    /// The resource, in whatever state it is there.
    pub fn present(&self) -> Option<&T> {
        match self {
            Self::Pending(value) | Self::Ready(value) | Self::Leaving(value) => Some(value),
            Self::Absent | Self::Unknown(_) => None,
        }
    }

    /// The resource, if it is there to stay.
    pub fn standing(&self) -> Option<&T> {
        match self {
            Self::Pending(value) | Self::Ready(value) => Some(value),
            Self::Absent | Self::Leaving(_) | Self::Unknown(_) => None,
        }
    }

    /// The resource, if it works.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Absent | Self::Pending(_) | Self::Leaving(_) | Self::Unknown(_) => None,
        }
    }

    /// Why it could not be observed, if so.
    pub fn unknown(&self) -> Option<&Unobserved> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::Absent | Self::Pending(_) | Self::Ready(_) | Self::Leaving(_) => None,
        }
    }
}

impl<T> fmt::Display for Seen<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Absent => "absent",
            Self::Pending(_) => "pending",
            Self::Ready(_) => "ready",
            Self::Leaving(_) => "leaving",
            Self::Unknown(_) => "unknown",
        })
    }
}
