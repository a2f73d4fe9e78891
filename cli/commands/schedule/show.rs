//! `curfew schedule show`

use curfew_core::outlook::weeks;
use serde_json::json;

use super::{Named, Reading};
use crate::arguments::Options;
use crate::exit::{CliError, Exit};
use crate::render;

/// Shows the weeks ahead.
pub fn show(options: &Options, text: &str, number: u32, grammar: Named, reading: &Reading) -> Result<Exit, CliError> {
    let [schedule] = reading.schedules([(text, grammar)])?;
    let weeks = weeks(&schedule, schedule.zone(), reading.from()?, number)
        .map_err(|error| CliError::Usage(error.to_string()))?;
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
    });
    render::print(options, &value, || render::show(&schedule, &weeks));
    Ok(Exit::Done)
}
