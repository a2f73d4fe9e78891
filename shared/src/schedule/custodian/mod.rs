//! Cloud Custodian's off-hours: a tag such as `off=(M-F,19);on=(M-F,7);tz=pt`, or the policy around it.
//!
//! Custodian has two policies that run every hour; each acts if hour and day are exactly those of the tag, and
//! remembers nothing. Here the edges become the level that they imply: up from an `on` hour until the next `off` hour.
//! Where both are at the same hour of a day, `on` counts: what should be up is not down.

mod level;
mod parse;
mod policy;
mod zones;

use std::fmt;

use chrono::{NaiveDate, Weekday};

use super::InvalidSchedule;
use super::dates::Weekdays;
use crate::zones::Zone;
pub(super) use parse::plain;
pub(super) use policy::{is_policy, read as policy};
pub(super) use zones::named as zone;

/// What a tag or a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Custodian {
    /// `off` alone: Custodian leaves it as it is. The zone only shows times.
    OptOut(Zone),
    /// When it is stopped and started.
    Hours(Hours),
}

/// The edges of each week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hours {
    /// At which it is stopped.
    pub off: Vec<Edge>,
    /// At which it is started.
    pub on: Vec<Edge>,
    /// The zone of the hours.
    pub zone: Zone,
    /// Dates without any edge, in order.
    pub skip_days: Vec<NaiveDate>,
}

/// An hour on some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub days: Weekdays,
    /// 0 to 23.
    pub hour: u16,
}

const LETTERS: [(char, Weekday); 7] = [
    ('m', Weekday::Mon),
    ('t', Weekday::Tue),
    ('w', Weekday::Wed),
    ('h', Weekday::Thu),
    ('f', Weekday::Fri),
    ('s', Weekday::Sat),
    ('u', Weekday::Sun),
];

/// Reads a tag's value; what it leaves out is Custodian's own default, in a zone.
pub(super) fn tag(value: &str, zone: Option<Zone>) -> Result<Custodian, InvalidSchedule> {
    parse::tag(value, &policy::Policy::defaults(zone))
}

impl Custodian {
    /// The zone of its hours.
    pub fn zone(&self) -> Zone {
        match self {
            Self::OptOut(zone) => *zone,
            Self::Hours(hours) => hours.zone,
        }
    }
}

impl Edge {
    fn new(first: Weekday, last: Weekday, hour: u16) -> Self {
        let mut days = Weekdays::default();
        days.insert_range(first, last);
        Self { days, hour }
    }

    /// The days as one range; every set of days that can be written is one.
    fn range(&self) -> (char, char) {
        let has = |index: usize| self.days.contains(LETTERS[index % 7].1);
        let first = (0..7).find(|day| has(*day) && !has(day + 6)).unwrap_or(0);
        let last = (first..first + 7).find(|day| has(*day) && !has(day + 1)).unwrap_or(first + 6);
        (LETTERS[first].0, LETTERS[last % 7].0)
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.range() {
            (first, last) if first == last => write!(f, "({first},{})", self.hour),
            (first, last) => write!(f, "({first}-{last},{})", self.hour),
        }
    }
}

impl fmt::Display for Custodian {
    /// The tag that says the same; where dates are skipped, which a tag cannot say, the policy as JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OptOut(_) => f.write_str("off"),
            Self::Hours(hours) if hours.skip_days.is_empty() => fmt::Display::fmt(hours, f),
            Self::Hours(hours) => policy::write(hours, f),
        }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let edges = |edges: &[Edge]| match edges {
            [edge] => edge.to_string(),
            edges => format!("[{}]", edges.iter().map(Edge::to_string).collect::<Vec<_>>().join(",")),
        };
        write!(f, "off={};on={};tz={}", edges(&self.off), edges(&self.on), self.zone.name().to_lowercase())
    }
}
