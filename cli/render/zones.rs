//! Which rules of time zones count.

use chrono::{DateTime, Utc};
use curfew_core::schedule::{Schedule, ZoneRules};
use curfew_core::zones::{Release, StoredZones, Zone};

/// Renders where the rules of a schedule's zones are from, and what a person should know of them.
pub fn zones(schedule: &Schedule, stored: Option<&StoredZones>, now: DateTime<Utc>) -> String {
    let rules = ZoneRules::of(schedule, stored);
    let names: Vec<&str> = schedule.zones().into_iter().map(Zone::name).collect();
    let stored_release = stored.map_or("none".to_owned(), |stored| format!("IANA {}", stored.release));
    let mut text = format!(
        "{}\n  this command  IANA {}\n  the state     {stored_release}\n  counts        {rules}\n",
        names.join(", "),
        Release::of_the_binary()
    );
    for warning in rules.warnings(schedule, stored, now) {
        text.push_str(&format!("! {warning}\n"));
    }
    text
}
