//! What an environment should be.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the environment should be now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The runtime tier is there and serves.
    Up,
    /// Nothing of the runtime tier is left that costs money, except kept addresses.
    Down,
}

impl Target {
    /// The other one.
    pub fn opposite(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Up => "up",
            Self::Down => "down",
        })
    }
}
