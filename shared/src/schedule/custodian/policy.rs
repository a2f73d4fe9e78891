//! The policy around the tags: what counts where a tag leaves something out.
//!
//! Custodian has two, one that stops (`offhour`) and one that starts (`onhour`), with the same other settings. Here both
//! are one object: `{"offhour": 19, "onhour": 7, "default_tz": "et", "weekends-only": true, "skip-days": ["2026-12-25"]}`.

use std::fmt;

use chrono::{NaiveDate, Weekday};
use serde_json::{Map, Value, json};

use super::{Custodian, Edge, Hours, parse, zones};
use crate::schedule::InvalidSchedule;
use crate::zones::Zone;

/// The settings that the state depends on.
pub(super) struct Policy {
    off_hour: u16,
    on_hour: u16,
    days: PolicyDays,
    zone: Zone,
    skip_days: Vec<NaiveDate>,
}

/// On which days a policy stops and starts.
#[derive(Clone, Copy)]
enum PolicyDays {
    /// From Monday to Friday.
    Workdays,
    /// Every day.
    EveryDay,
    /// Stops on Friday, starts on Monday.
    WeekendsOnly,
}

const FIELDS: [&str; 12] = [
    "type",
    "tag",
    "opt-out",
    "offhour",
    "onhour",
    "default_tz",
    "fallback-schedule",
    "fallback_schedule",
    "weekends",
    "weekends-only",
    "skip-days",
    "skip-days-from",
];

impl Policy {
    /// Custodian's own defaults, in a zone.
    pub fn defaults(zone: Option<Zone>) -> Self {
        let zone = zone.map_or_else(zones::default, zones::sayable);
        Self { off_hour: 19, on_hour: 7, days: PolicyDays::Workdays, zone, skip_days: Vec::new() }
    }

    /// What it does where a tag says nothing.
    pub fn hours(&self) -> Hours {
        use Weekday::{Fri, Mon, Sun};
        let (off, on) = match self.days {
            PolicyDays::Workdays => ((Mon, Fri), (Mon, Fri)),
            PolicyDays::EveryDay => ((Mon, Sun), (Mon, Sun)),
            PolicyDays::WeekendsOnly => ((Fri, Fri), (Mon, Mon)),
        };
        Hours {
            off: vec![Edge::new(off.0, off.1, self.off_hour)],
            on: vec![Edge::new(on.0, on.1, self.on_hour)],
            zone: self.zone,
            skip_days: self.skip_days.clone(),
        }
    }
}

/// Whether an object is a policy rather than another grammar's.
pub(in crate::schedule) fn is_policy(object: &Map<String, Value>) -> bool {
    object.keys().any(|key| FIELDS[2..].contains(&key.as_str()))
}

/// Reads a policy with the tag that it falls back to.
pub(in crate::schedule) fn read(object: &Map<String, Value>, zone: Option<Zone>) -> Result<Custodian, InvalidSchedule> {
    let fields = Fields(object);
    fields.known()?;
    let defaults = Policy::defaults(zone);
    let days = match (fields.flag("weekends", true)?, fields.flag("weekends-only", false)?) {
        (_, true) => PolicyDays::WeekendsOnly,
        (true, false) => PolicyDays::Workdays,
        (false, false) => PolicyDays::EveryDay,
    };
    let policy = Policy {
        off_hour: fields.hour("offhour")?.unwrap_or(defaults.off_hour),
        on_hour: fields.hour("onhour")?.unwrap_or(defaults.on_hour),
        days,
        zone: fields.zone()?.unwrap_or(defaults.zone),
        skip_days: fields.skip_days()?,
    };
    parse::tag(fields.text("fallback-schedule")?.or(fields.text("fallback_schedule")?).unwrap_or(""), &policy)
}

struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn known(&self) -> Result<(), InvalidSchedule> {
        match self.0.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            Some(key) => Err(self.wrong(key, &format!("unknown field; known here: {}", FIELDS.join(", ")))),
            None => Ok(()),
        }
    }

    fn wrong(&self, field: &str, message: &str) -> InvalidSchedule {
        let shown = json!({ field: self.0.get(field) }).to_string();
        InvalidSchedule::new(&shown, 1..field.len() + 3, message)
    }

    fn flag(&self, field: &str, default: bool) -> Result<bool, InvalidSchedule> {
        match self.0.get(field) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(field, "true or false is wanted")),
        }
    }

    fn text(&self, field: &str) -> Result<Option<&'a str>, InvalidSchedule> {
        match self.0.get(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(field, "a text is wanted")),
        }
    }

    fn hour(&self, field: &str) -> Result<Option<u16>, InvalidSchedule> {
        let Some(value) = self.0.get(field) else { return Ok(None) };
        let hour = value.as_u64().and_then(|hour| u16::try_from(hour).ok()).filter(|hour| *hour < 24);
        hour.map(Some).ok_or_else(|| self.wrong(field, "an hour from 0 to 23 is wanted"))
    }

    fn zone(&self) -> Result<Option<Zone>, InvalidSchedule> {
        let Some(name) = self.text("default_tz")? else { return Ok(None) };
        let zone = zones::named(name).map(Some);
        zone.ok_or_else(|| {
            self.wrong("default_tz", "a zone of the IANA database is wanted, or a short name of Custodian's")
        })
    }

    fn skip_days(&self) -> Result<Vec<NaiveDate>, InvalidSchedule> {
        let field = "skip-days";
        if self.0.contains_key("skip-days-from") {
            let message = "the dates have to stand here, under `skip-days`: Curfew does not read other places";
            return Err(self.wrong("skip-days-from", message));
        }
        let wrong = || self.wrong(field, "a list of dates is wanted: [\"2026-12-25\"]");
        let days = match self.0.get(field) {
            None => return Ok(Vec::new()),
            Some(Value::Array(days)) => days,
            Some(_) => return Err(wrong()),
        };
        let date = |day: &Value| day.as_str().and_then(|day| day.parse().ok()).ok_or_else(wrong);
        let mut days: Vec<NaiveDate> = days.iter().map(date).collect::<Result<_, _>>()?;
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }
}

/// The policy that says what these hours say.
pub(super) fn write(hours: &Hours, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let days: Vec<String> = hours.skip_days.iter().map(NaiveDate::to_string).collect();
    write!(f, "{}", json!({ "fallback-schedule": hours.to_string(), "skip-days": days }))
}
