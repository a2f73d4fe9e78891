//! How far an environment has come.

use serde::{Deserialize, Serialize};

/// How far the environment has come.
///
/// It says whose configuration counts. While the tier is being raised or lowered, the recording's: what is half there
/// is no evidence. Once everything is configured, what is there: people change things by day, and the evening records them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Coming up; something is still to be made or configured.
    Raising,
    /// Everything is configured; not everything serves yet.
    Raised,
    /// It serves.
    Up,
    /// Going down; a recording is stored.
    Lowering,
    /// Down.
    Down,
}

impl Phase {
    /// Whether what is there is what should be there.
    pub fn is_settled(self) -> bool {
        match self {
            Self::Raised | Self::Up => true,
            Self::Raising | Self::Lowering | Self::Down => false,
        }
    }
}
