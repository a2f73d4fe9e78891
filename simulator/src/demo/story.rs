//! The demo's calendar: what people and their CI do in its weeks, and what goes wrong.
//!
//! It is fixed and reads no clock. It begins on a Monday, in the week in which New York sets its clocks back.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::schedule::{Schedule, State};
use curfew_core::zones::Zone;
use serde::Serialize;

use crate::people::Deed;

/// Who does something by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A developer.
    Ana,
    /// A tester who works late.
    Ben,
    /// What deploys.
    Ci,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ana => "Ana",
            Self::Ben => "Ben",
            Self::Ci => "CI",
        })
    }
}

/// Something that somebody does by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: Who,
    /// What.
    pub deed: Deed,
}

/// Everything that happens besides Curfew's own events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The first midnight.
    pub begin: DateTime<Utc>,
    /// The last midnight: hours and money are counted until here.
    pub until: DateTime<Utc>,
    /// A while after the morning that follows: the end of what is played.
    pub end: DateTime<Utc>,
    /// What people and their CI do.
    pub acts: Vec<Act>,
    /// Whoever is invoked then dies in the middle of the teardown.
    pub deaths: Vec<DateTime<Utc>>,
}

/// A Monday, six days before the clocks go back.
const BEGIN: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 10, 26);
/// So long after a start every morning is over.
const MORNING: TimeDelta = TimeDelta::minutes(20);

impl Story {
    /// The story of so many days. After a week it goes on with another one like it.
    pub fn of(blueprint: &Blueprint, days: u32) -> Self {
        let calendar = Calendar { zone: blueprint.schedule.zone(), days: u64::from(days) };
        let until = calendar.midnight(calendar.days);
        let weeks = 0..calendar.days.div_ceil(7);
        let in_time = |at: &DateTime<Utc>| *at < until;
        let acts = weeks.clone().flat_map(|week| calendar.acts(blueprint, week)).filter(|act| in_time(&act.at));
        let deaths = weeks.map(|week| calendar.at(week * 7 + 3, 20, 0)).filter(in_time);
        Self {
            begin: calendar.midnight(0),
            until,
            end: next_start(&blueprint.schedule, until) + MORNING,
            acts: acts.collect(),
            deaths: deaths.collect(),
        }
    }
}

fn next_start(schedule: &Schedule, after: DateTime<Utc>) -> DateTime<Utc> {
    let next = |at: DateTime<Utc>| schedule.next_change(at);
    let mut changes = std::iter::successors(next(after), |change| next(change.at));
    changes.find(|change| change.to == State::Up).map_or(after, |change| change.at)
}

struct Calendar {
    zone: Zone,
    days: u64,
}

impl Calendar {
    /// What is done in a week, counted from 0.
    fn acts(&self, blueprint: &Blueprint, week: u64) -> Vec<Act> {
        let [_, tuesday, wednesday] = [0, 1, 2].map(|day| week * 7 + day);
        let tonight = self.at(tuesday, 22, 30).to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut acts = Vec::new();
        if let Some((load_balancer, port)) = busiest_listener(&blueprint.tier) {
            let priority = 50 + u16::try_from(week).unwrap_or_default();
            let deed = Deed::AddRule { load_balancer, port, priority };
            acts.push(Act { at: self.at(tuesday, 12, 0), who: Who::Ana, deed });
        }
        let deed = Deed::TagCluster(Some(format!("up until {tonight}")));
        acts.push(Act { at: self.at(tuesday, 19, 30), who: Who::Ben, deed });
        if let Some(service) = deployed(&blueprint.tier) {
            acts.push(Act { at: self.at(wednesday, 2, 15), who: Who::Ci, deed: Deed::Deploy { service } });
        }
        acts
    }

    fn at(&self, day: u64, hour: u32, minute: u32) -> DateTime<Utc> {
        let date = BEGIN.unwrap_or_default() + Days::new(day);
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        // The clocks change by night on a Sunday, when nobody does anything.
        let local = self.zone.from_local_datetime(&date.and_time(time)).earliest();
        local.map_or(DateTime::<Utc>::MIN_UTC, |local| local.with_timezone(&Utc))
    }

    fn midnight(&self, day: u64) -> DateTime<Utc> {
        self.at(day, 0, 0)
    }
}

/// The listener that people add rules to: the last port's.
fn busiest_listener(tier: &RuntimeTier) -> Option<(LoadBalancerName, u16)> {
    let (name, one) = tier.load_balancers.iter().next()?;
    Some((name.clone(), *one.listeners.keys().next_back()?))
}

/// The service that is deployed at night.
fn deployed(tier: &RuntimeTier) -> Option<ServiceName> {
    let mut several = tier.services.iter().rev().filter(|(_, service)| !service.singleton);
    several.next().map(|(name, _)| name.clone())
}
