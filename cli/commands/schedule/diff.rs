//! `curfew schedule diff`

use curfew_core::outlook::disagreements;
use serde_json::json;

use super::{Named, Reading, YEAR};
use crate::arguments::Options;
use crate::exit::{CliError, Exit};
use crate::render;

/// Compares two schedules over the year ahead.
pub fn diff(options: &Options, (a, b): (&str, &str), grammars: &[Named], reading: &Reading) -> Result<Exit, CliError> {
    let (one, other) = match grammars {
        [] => (Named(None), Named(None)),
        [both] => (*both, *both),
        [one, other] => (*one, *other),
        [..] => return Err(CliError::Usage("--grammar is given twice at most: for A and for B".to_owned())),
    };
    let [a, b] = reading.schedules([(a, one), (b, other)])?;
    let from = reading.from()?;
    let to = from + YEAR;
    let found = disagreements(&a, &b, from, to);
    let value = json!({
        "a": a.to_string(),
        "b": b.to_string(),
        "from": from,
        "to": to,
        "differences": found,
    });
    render::print(options, &value, || render::differences(&found, (from, to), a.zone()));
    Ok(Exit::Done)
}
