//! Which rules a schedule's zones go by: the binary's own, or newer ones that were given.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::custodian::Custodian;
use super::kube_downscaler::Item;
use super::{Form, Schedule};
use crate::zones::{Release, StoredZones, Zone};

/// Which rules of time zones count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ZoneRules {
    /// The release of the IANA database that they are of.
    pub release: Release,
    /// Where they are from.
    pub from: RulesFrom,
}

/// Where rules of time zones are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RulesFrom {
    /// The program.
    Binary,
    /// The environment's state.
    State,
}

/// So many changes of a schedule are compared.
const CHANGES: usize = 10;

impl Schedule {
    /// Its zones, each once.
    pub fn zones(&self) -> Vec<Zone> {
        let mut zones = Vec::new();
        let mut schedule = self.clone();
        schedule.each_zone(&mut |zone| {
            if !zones.contains(zone) {
                zones.push(*zone);
            }
        });
        zones
    }

    /// The same by stored rules, if they are newer than the binary's.
    pub fn by<'a>(&'a self, stored: Option<&StoredZones>) -> Cow<'a, Self> {
        match stored.filter(|stored| stored.is_newer()) {
            Some(stored) => Cow::Owned(self.by_all_of(stored)),
            None => Cow::Borrowed(self),
        }
    }

    fn by_all_of(&self, stored: &StoredZones) -> Self {
        let mut schedule = self.clone();
        schedule.each_zone(&mut |zone| *zone = zone.by(stored));
        schedule
    }

    fn each_zone(&mut self, change: &mut impl FnMut(&mut Zone)) {
        match &mut self.form {
            Form::Native(native) => native.each_zone(change),
            Form::Custodian(Custodian::OptOut(zone)) => change(zone),
            Form::Custodian(Custodian::Hours(hours)) => change(&mut hours.zone),
            Form::KubeDownscaler(spec) => {
                change(&mut spec.zone);
                spec.items.iter_mut().for_each(|item| match item {
                    Item::Weekly(weekly) => change(&mut weekly.zone),
                    Item::Always | Item::Never | Item::Between(..) | Item::From(_) | Item::Until(_) => {}
                });
            }
            Form::InstanceScheduler(schedule) => change(&mut schedule.zone),
        }
    }
}

impl ZoneRules {
    /// Those that count for a schedule.
    pub fn of(schedule: &Schedule, stored: Option<&StoredZones>) -> Self {
        let newer = stored.filter(|stored| stored.is_newer() && schedule.zones().iter().any(|zone| stored.has(*zone)));
        match newer {
            Some(stored) => Self { release: stored.release.clone(), from: RulesFrom::State },
            None => Self::default(),
        }
    }

    /// What a person should know of them: that they are not the newest there are, or that two sources disagree.
    pub fn warnings(&self, schedule: &Schedule, stored: Option<&StoredZones>, now: DateTime<Utc>) -> Vec<String> {
        let Some(stored) = stored else { return Vec::new() };
        let binary = Release::of_the_binary();
        let mut warnings = Vec::new();
        if stored.is_newer() {
            warnings.push(format!(
                "this program carries the time zones of IANA {binary}, older than those of {} in the state, which count",
                stored.release
            ));
            let missing = schedule.zones().into_iter().filter(|zone| !stored.has(*zone)).map(Zone::name);
            warnings.extend(missing.map(|name| {
                format!("the state has no rules of {name}, so those of {binary} count; store them with `curfew zones update`")
            }));
        }
        warnings.extend(disagreement(schedule, stored, now).map(|(here, there)| {
            let said = |at: Option<DateTime<Utc>>| at.map_or("never".to_owned(), |at| at.format("%F %H:%M UTC").to_string());
            format!(
                "IANA {binary} and {} disagree about the next {CHANGES} changes of this schedule: one has {}, the other {}",
                stored.release,
                said(here),
                said(there)
            )
        }));
        warnings
    }
}

impl Default for ZoneRules {
    fn default() -> Self {
        Self { release: Release::of_the_binary(), from: RulesFrom::Binary }
    }
}

/// When a change comes by the binary's rules, and by stored ones; none where there is no such change.
type Disagreement = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The first of a schedule's next changes that is at another instant by stored rules.
fn disagreement(schedule: &Schedule, stored: &StoredZones, now: DateTime<Utc>) -> Option<Disagreement> {
    let next = |schedule: &Schedule| -> Vec<DateTime<Utc>> {
        schedule.changes(now - TimeDelta::seconds(1)).take(CHANGES).map(|change| change.at).collect()
    };
    let (here, there) = (next(schedule), next(&schedule.by_all_of(stored)));
    let index = (0..CHANGES).find(|index| here.get(*index) != there.get(*index))?;
    Some((here.get(index).copied(), there.get(index).copied()))
}

impl fmt::Display for ZoneRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = match self.from {
            RulesFrom::Binary => "",
            RulesFrom::State => " (from the state)",
        };
        write!(f, "IANA {}{from}", self.release)
    }
}
