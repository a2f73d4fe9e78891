//! Instance Scheduler on AWS: a schedule with its periods, as its command line, its CloudFormation resource and its
//! DynamoDB table write them.
//!
//! A period is a time of day on some dates; its fields must all hold. With one end only, it leaves things as they are
//! before that time. Of several periods, running counts before "leave as it is", and that before stopped; a gap of one
//! minute between two of them is none.

mod cron;
mod document;
mod fields;
mod level;
mod period;
mod recurrence;
mod write;
mod yaml;

use super::local::ClockTime;
use crate::zones::Zone;
pub(super) use document::read;
pub(super) use recurrence::{MonthDayRule, Recurrence, WeekdayRule};
pub(super) use yaml::value;

/// A schedule with its periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InstanceScheduler {
    pub name: Option<String>,
    pub periods: Vec<Period>,
    pub zone: Zone,
    pub override_status: Option<OverrideStatus>,
    pub flags: Flags,
    /// Whether its periods leave no minute of a week out, which takes a while to find.
    pub is_always: bool,
}

/// A time of day on some dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    pub name: Option<String>,
    pub times: Times,
    pub recurrence: Recurrence,
    /// Whether no year has a date that is meant; the last day of February is, the thirtieth is not.
    pub is_never: bool,
    /// Which type of instance to run; an environment has none.
    pub instance_type: Option<String>,
}

/// At what times of its dates a period says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// Running all day.
    AllDay,
    /// Running from one time to the other.
    Between(ClockTime, ClockTime),
    /// Running from a time on; before it, as it is.
    From(ClockTime),
    /// Stopped from a time on; before it, as it is.
    Until(ClockTime),
}

/// What a schedule says whatever its periods say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OverrideStatus {
    Running,
    Stopped,
}

/// Settings of a schedule that say how it is carried out, not when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// What was running before a period is not stopped at its end.
    pub retain_running: Option<bool>,
    pub enforced: Option<bool>,
    pub hibernate: Option<bool>,
    pub stop_new_instances: Option<bool>,
    pub use_maintenance_window: Option<bool>,
    /// Names of SSM maintenance windows, in which instances run as well.
    pub maintenance_windows: Vec<String>,
}
