//! kube-downscaler's time specs, of the Python and the Go flavour: `Mon-Fri 08:00-20:00 Europe/Berlin`.
//!
//! A spec is read as an uptime: up while it matches, down otherwise. Days and times are compared with what the zone's
//! clocks show, so that `Mon-Fri 22:00-06:00` matches before 06:00 and from 22:00 on, on each of these days: the Go
//! flavour's rule. (The Python flavour never matches it, without a word.)

mod matches;
mod parse;

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc, Weekday};

use super::local::ClockTime;
use crate::zones::Zone;
pub(super) use parse::{is_only_here, parse};

/// A list of items; it matches where one of them does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KubeDownscaler {
    pub items: Vec<Item>,
    /// The zone to show times in: the first that is named, else UTC.
    pub zone: Zone,
}

/// One item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// `always`, `true`
    Always,
    /// `never`, `false`
    Never,
    /// `Mon-Fri 08:00-20:00 Europe/Berlin`
    Weekly(Weekly),
    /// `2026-12-21T00:00:00+01:00-2027-01-02T00:00:00+01:00`
    Between(DateTime<Utc>, DateTime<Utc>),
    /// `from 2026-12-21T00:00:00Z`
    From(DateTime<Utc>),
    /// `until 2026-12-21T00:00:00Z`
    Until(DateTime<Utc>),
}

/// The same times on some days of each week. From a later time to an earlier one: before the one, and from the other on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weekly {
    pub first: Weekday,
    pub last: Weekday,
    pub from: ClockTime,
    pub to: ClockTime,
    pub zone: Zone,
}

impl Weekly {
    /// The stretches of a day in which it matches.
    pub fn stretches(&self) -> Vec<(ClockTime, ClockTime)> {
        let stretches = match self.from <= self.to {
            true => vec![(self.from, self.to)],
            false => vec![(ClockTime::MIDNIGHT, self.to), (self.from, ClockTime::DAY_END)],
        };
        stretches.into_iter().filter(|(from, to)| from < to).collect()
    }
}

impl fmt::Display for KubeDownscaler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.items.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = |instant: &DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::AutoSi, false);
        match self {
            Self::Always => f.write_str("always"),
            Self::Never => f.write_str("never"),
            Self::Weekly(weekly) => weekly.fmt(f),
            Self::Between(from, to) => write!(f, "{}-{}", written(from), written(to)),
            Self::From(from) => write!(f, "from {}", written(from)),
            Self::Until(until) => write!(f, "until {}", written(until)),
        }
    }
}

impl fmt::Display for Weekly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{} {}-{} {}", self.first, self.last, self.from, self.to, self.zone.name())
    }
}
