//! Which recording belongs to a state: without it, a night would be followed by a morning from the blueprint alone.

use serde::{Deserialize, Serialize};

use crate::recording::RecordingId;

/// What a state knows of its recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recorded {
    /// There is one, and which was not written down: the state was lost, or is older than such names.
    Unnamed,
    /// This one.
    This(RecordingId),
}

impl Recorded {
    /// Whether a recording belongs to it: the one that it names, or one that a run put in its place before it was cut off.
    pub fn admits(&self, there: &RecordingId, replaces: Option<&str>) -> bool {
        match self {
            Self::Unnamed => true,
            Self::This(named) => named == there || replaces == Some(&named.checksum),
        }
    }

    /// The checksum, where it is known.
    pub fn checksum(&self) -> Option<&str> {
        match self {
            Self::Unnamed => None,
            Self::This(named) => Some(&named.checksum),
        }
    }
}
