//! `curfew schedule import`

use curfew_core::outlook::disagreements;
use serde_json::json;

use super::{Named, Reading, YEAR};
use crate::arguments::Options;
use crate::exit::{CliError, Exit};
use crate::render;

/// Writes a schedule in the native grammar, with what differs: in meaning, and in the year ahead.
pub fn import(options: &Options, text: &str, grammar: Named, reading: &Reading) -> Result<Exit, CliError> {
    let [schedule] = reading.schedules([(text, grammar)])?;
    let (native, differences) = schedule.to_native();
    let from = reading.from()?;
    let found = disagreements(&schedule, &native, from, from + YEAR);
    let value = json!({
        "schedule": schedule.to_string(),
        "grammar": schedule.grammar().name(),
        "native": native.to_string(),
        "differences": differences,
        "differentStretches": found,
    });
    render::print(options, &value, || render::import(&native, &differences, &found));
    Ok(Exit::Done)
}
