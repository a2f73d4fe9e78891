//! A document's text as a value: JSON, or YAML.

use serde_json::Value;

use crate::schedule::InvalidSchedule;
use crate::yaml::{self, Fault};

/// Reads a text that holds one document.
pub(in crate::schedule) fn value(text: &str) -> Result<Value, InvalidSchedule> {
    let document = yaml::read(text).map_err(|fault| invalid(text, &fault))?;
    match document.faults.iter().find(|fault| !is_service_token(fault)) {
        Some(fault) => Err(invalid(text, fault)),
        None => Ok(document.value),
    }
}

/// Whether it is the way from a custom resource to Instance Scheduler itself, which says nothing about a schedule.
fn is_service_token(fault: &Fault) -> bool {
    fault.field.rsplit('.').next() == Some("ServiceToken")
}

fn invalid(text: &str, fault: &Fault) -> InvalidSchedule {
    let start = text.char_indices().nth(fault.start).map_or(text.len(), |(index, _)| index);
    InvalidSchedule::new(text, start..start, &fault.message)
}
