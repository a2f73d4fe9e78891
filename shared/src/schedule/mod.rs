//! When an environment should be up.
//!
//! A schedule is a level: its state at an instant follows from the schedule alone, so an event that comes late, early or
//! twice does no harm. Every grammar lists the spans that begin on a date (`timeline`), by the time rules of `local`;
//! `docs/schedules.md` is the reference for those who write schedules.

mod changes;
mod custodian;
mod date_set;
mod dates;
mod grammar;
mod holidays;
mod import;
mod instance_scheduler;
mod invalid;
mod kube_downscaler;
mod local;
mod native;
mod piece;
mod rules;
mod running_out;
mod timeline;
mod week;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::model::Target;
use crate::zones::Zone;
use custodian::Custodian;
pub use grammar::{Grammar, Source, UnknownGrammar};
pub use holidays::{Holidays, InvalidHolidays};
pub use import::Difference;
use instance_scheduler::InstanceScheduler;
pub use invalid::InvalidSchedule;
use kube_downscaler::KubeDownscaler;
use native::Native;
pub use rules::{RulesFrom, ZoneRules};
pub use running_out::RunningOut;

/// What a schedule says at an instant. Of several that say something, the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The environment should be down.
    Down,
    /// It should stay as it is. The native grammar never says so.
    Leave,
    /// It should be up.
    Up,
}

/// From this instant on, a schedule says something else than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The first instant at which it does.
    pub at: DateTime<Utc>,
    /// What it says then.
    pub to: State,
}

/// When an environment should be up. Printed and read again, it is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    form: Form,
}

/// The grammar a schedule is written in.
#[derive(Debug, Clone, PartialEq)]
enum Form {
    Native(Native),
    Custodian(Custodian),
    KubeDownscaler(KubeDownscaler),
    InstanceScheduler(InstanceScheduler),
}

/// What a schedule does not say itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Defaults<'a> {
    /// The zone of windows that name none.
    pub zone: Option<Zone>,
    /// The calendar that `except holidays` means.
    pub holidays: Option<&'a Holidays>,
}

impl Schedule {
    /// Reads a text in the grammar that it looks to be in ([`Grammar::of`]), with what it does not say itself.
    ///
    /// # Errors
    /// What is wrong, where, and what to write instead.
    pub fn parse_with(text: &str, defaults: &Defaults<'_>) -> Result<Self, InvalidSchedule> {
        match Grammar::of(text) {
            Grammar::Native => Ok(Self { form: Form::Native(Native::parse(text, defaults)?) }),
            grammar @ (Grammar::Custodian | Grammar::KubeDownscaler | Grammar::InstanceScheduler) => {
                Self::parse(text, Some(grammar), defaults.zone)
            }
        }
    }

    /// What the environment should be at an instant, by the schedule alone.
    pub fn at(&self, instant: DateTime<Utc>) -> State {
        match &self.form {
            Form::Native(native) => timeline::at(native, instant),
            Form::Custodian(custodian) => timeline::at(custodian, instant),
            Form::KubeDownscaler(spec) => timeline::at(spec, instant),
            Form::InstanceScheduler(schedule) => timeline::at(schedule, instant),
        }
    }

    /// The first instant after this one at which that changes, exactly; none if it stays so for good.
    pub fn next_change(&self, after: DateTime<Utc>) -> Option<Change> {
        match &self.form {
            Form::Native(native) => timeline::next_change(native, after),
            Form::Custodian(custodian) => timeline::next_change(custodian, after),
            Form::KubeDownscaler(spec) => timeline::next_change(spec, after),
            Form::InstanceScheduler(schedule) => timeline::next_change(schedule, after),
        }
    }

    /// The zone to show its times in: that of its first window.
    pub fn zone(&self) -> Zone {
        match &self.form {
            Form::Native(native) => native.zone(),
            Form::Custodian(custodian) => custodian.zone(),
            Form::KubeDownscaler(spec) => spec.zone,
            Form::InstanceScheduler(schedule) => schedule.zone,
        }
    }
}

impl FromStr for Schedule {
    type Err = InvalidSchedule;

    fn from_str(text: &str) -> Result<Self, InvalidSchedule> {
        Self::parse_with(text, &Defaults::default())
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            Form::Native(native) => native.fmt(f),
            Form::Custodian(custodian) => custodian.fmt(f),
            Form::KubeDownscaler(spec) => spec.fmt(f),
            Form::InstanceScheduler(schedule) => schedule.fmt(f),
        }
    }
}

impl From<Target> for State {
    fn from(target: Target) -> Self {
        match target {
            Target::Up => Self::Up,
            Target::Down => Self::Down,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Leave => "leave",
        })
    }
}
