//! Releases of the IANA database.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::built_in;

/// A release: a year and letters, `2026f`. After `z` comes `za`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Release {
    year: u16,
    letters: String,
}

/// A text that names no release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a release of the IANA database, such as 2026f")]
pub struct InvalidRelease(pub String);

impl Release {
    /// The one that the binary carries.
    pub fn of_the_binary() -> Self {
        // A test reads it.
        built_in::RELEASE.parse().unwrap_or(Self { year: 0, letters: String::new() })
    }
}

impl FromStr for Release {
    type Err = InvalidRelease;

    fn from_str(text: &str) -> Result<Self, InvalidRelease> {
        let wrong = || InvalidRelease(text.to_owned());
        let (year, letters) = text.split_at_checked(4).ok_or_else(wrong)?;
        let is_year = year.bytes().all(|b| b.is_ascii_digit());
        let are_letters = (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_lowercase());
        let year = year.parse().ok().filter(|_| is_year && are_letters).ok_or_else(wrong)?;
        Ok(Self { year, letters: letters.to_owned() })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{}", self.year, self.letters)
    }
}

impl TryFrom<String> for Release {
    type Error = InvalidRelease;

    fn try_from(text: String) -> Result<Self, InvalidRelease> {
        text.parse()
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.to_string()
    }
}
