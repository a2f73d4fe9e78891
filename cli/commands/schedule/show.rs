//! `curfew schedule show`

use curfew_core::outlook::weeks;
use curfew_core::schedule::ZoneRules;
use serde_json::json;

use super::{Named, Reading};
use crate::arguments::Options;
use crate::exit::{CliError, Exit};
use crate::render;

/// Shows the weeks ahead.
pub fn show(options: &Options, text: &str, number: u32, grammar: Named, reading: &Reading) -> Result<Exit, CliError> {
    let [schedule] = reading.schedules([(text, grammar)])?;
    let from = reading.from()?;
    let running_out = schedule.running_out(from);
    let weeks = weeks(&schedule, schedule.zone(), from, number).map_err(|error| CliError::Usage(error.to_string()))?;
    let days = weeks.days.iter().map(|day| {
        let clock_change =
            day.clock_change.map(|change| json!({ "at": change.at, "seconds": change.by.num_seconds() }));
        json!({ "date": day.date, "quarters": day.strip.0, "clockChange": clock_change })
    });
    let value = json!({
        "schedule": schedule.to_string(),
        "grammar": schedule.grammar().name(),
        "zone": weeks.zone.name(),
        "days": days.collect::<Vec<_>>(),
        "windows": weeks.windows,
        "nextChanges": weeks.changes,
        "uptime": weeks.uptime,
        "holidaysEnd": running_out.map(|calendar| calendar.last),
        "zones": ZoneRules::of(&schedule, None),
    });
    render::print(options, &value, || render::show(&schedule, &weeks, running_out));
    Ok(Exit::Done)
}
