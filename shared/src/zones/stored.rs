//! Rules newer than the binary's, given from outside: governments give weeks of notice, and functions run for years.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::release::Release;
use super::tzif::{self, InvalidTzif};
use super::{Rules, Zone};

/// So many zones at most: a schedule has one or two, and the state is read by every tick.
const MOST: usize = 16;

/// Rules of some zones, as the state keeps them: TZif data in Base64, by the zone's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredZones {
    /// The release they are of.
    pub release: Release,
    zones: BTreeMap<String, String>,
}

/// Why rules cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRules {
    /// A zone's data cannot be used.
    #[error("{zone}: {wrong}")]
    Zone {
        /// Which zone.
        zone: Zone,
        /// What is wrong.
        wrong: InvalidTzif,
    },
    /// There are too many zones.
    #[error("{0} zones are too many: {MOST} at most are kept")]
    TooMany(usize),
}

impl StoredZones {
    /// Rules of a release, from each zone's TZif data.
    ///
    /// # Errors
    /// If one of them cannot be used.
    pub fn new(release: Release, data: &BTreeMap<&'static str, Vec<u8>>) -> Result<Self, InvalidRules> {
        if data.len() > MOST {
            return Err(InvalidRules::TooMany(data.len()));
        }
        let mut zones = BTreeMap::new();
        for (name, data) in data {
            let invalid = |wrong| InvalidRules::Zone { zone: Zone::named(name).unwrap_or(Zone::UTC), wrong };
            tzif::read(name, data).map_err(invalid)?;
            zones.insert((*name).to_owned(), STANDARD.encode(data));
        }
        Ok(Self { release, zones })
    }

    /// The rules that the binary has of some zones.
    ///
    /// # Errors
    /// If there are too many.
    pub fn of_the_binary(zones: &[Zone]) -> Result<Self, InvalidRules> {
        let data = zones.iter().filter_map(|zone| Some((zone.name(), zone.data()?.to_owned()))).collect();
        Self::new(Release::of_the_binary(), &data)
    }

    /// Whether they count: newer than the binary's own.
    pub fn is_newer(&self) -> bool {
        self.release > Release::of_the_binary()
    }

    /// Whether a zone is among them, with data that can be used.
    pub fn has(&self, zone: Zone) -> bool {
        zone == Zone::UTC || self.rules(zone).is_some()
    }

    fn rules(&self, zone: Zone) -> Option<Zone> {
        let data = STANDARD.decode(self.zones.get(zone.name())?).ok()?;
        Some(Zone(Rules::Given(interned(zone.name(), data)?)))
    }
}

impl Zone {
    /// The same zone by stored rules, if they have it.
    #[must_use]
    pub fn by(self, stored: &StoredZones) -> Self {
        stored.rules(self).unwrap_or(self)
    }
}

/// A zone's rules from outside, kept while the process lives.
#[derive(Debug)]
pub(super) struct Given {
    pub name: &'static str,
    pub data: Vec<u8>,
    pub rules: TimeZone,
}

/// What was read so far. A zone is copied everywhere, so its rules are kept for good; a process sees each version once, and
/// hardly ever a second one.
static READ: Mutex<Vec<&'static Given>> = Mutex::new(Vec::new());

fn interned(name: &'static str, data: Vec<u8>) -> Option<&'static Given> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read.iter().find(|known| known.name == name && known.data == data) {
        return Some(known);
    }
    let rules = tzif::read(name, &data).ok()?;
    let given: &'static Given = Box::leak(Box::new(Given { name, data, rules }));
    read.push(given);
    Some(given)
}

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.data == other.data
    }
}

impl Eq for Given {}

impl Hash for Given {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
