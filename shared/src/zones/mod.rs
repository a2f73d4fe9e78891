//! Time zones: the rules by which a zone's clocks follow from an instant, and an instant from its clocks.
//!
//! The rules are data of the IANA time zone database, carried in the binary, so that a run depends on no file of the
//! machine and the core on nothing but its arguments. `jiff` reads them (TZif, RFC 9636) and computes offsets; instants
//! stay `chrono`'s, which sees a [`Zone`] as one of its own time zones. Nothing else knows of either data or reader.

mod built_in;
mod clocks;
mod release;
mod stored;
mod tzif;

use std::fmt;
use std::str::FromStr;

use built_in::BuiltIn;
pub use built_in::RELEASE;
pub use clocks::{Instants, ZoneOffset};
pub use release::{InvalidRelease, Release};
use stored::Given;
pub use stored::{InvalidRules, StoredZones};
pub use tzif::InvalidTzif;

/// A time zone of the IANA database, by its name there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Rules);

/// Where a zone's rules come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Rules {
    /// None are needed.
    Utc,
    /// The binary.
    BuiltIn(&'static BuiltIn),
    /// Somebody, newer than the binary.
    Given(&'static Given),
}

/// A name that no zone has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone of the IANA database")]
pub struct UnknownZone(pub String);

impl Zone {
    /// `UTC`.
    pub const UTC: Self = Self(Rules::Utc);

    /// The zone of a name, exactly as the database writes it.
    pub fn named(name: &str) -> Option<Self> {
        Self::in_any_case(name).filter(|zone| zone.name() == name)
    }

    /// The zone of a name, in capitals or small letters.
    pub fn in_any_case(name: &str) -> Option<Self> {
        built_in::find(name).map(Self::built_in)
    }

    /// Every zone and alias, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        built_in::ALL.iter().map(Self::built_in)
    }

    /// The zone of a name that is written in the code.
    #[expect(clippy::expect_used, reason = "a mistake of the code; a test looks up all of them")]
    pub(crate) fn known(name: &'static str) -> Self {
        Self::named(name).expect("a zone of the database")
    }

    fn built_in(rules: &'static BuiltIn) -> Self {
        match rules.name {
            "UTC" => Self::UTC,
            _ => Self(Rules::BuiltIn(rules)),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self.0 {
            Rules::Utc => "UTC",
            Rules::BuiltIn(rules) => rules.name,
            Rules::Given(given) => given.name,
        }
    }

    /// Its rules as TZif data; none of UTC, which needs none.
    fn data(self) -> Option<&'static [u8]> {
        match self.0 {
            Rules::Utc => None,
            Rules::BuiltIn(rules) => Some(rules.tzif),
            Rules::Given(given) => Some(&given.data),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::named(name).ok_or_else(|| UnknownZone(name.to_owned()))
    }
}
