//! YAML, and so JSON, as one value in which nothing is left out: what is not understood is a fault with its line.
//!
//! YAML lets much pass that no schema sees afterwards: a key that is a list, a key that stands twice, a tag such as `!Ref`,
//! an empty value. Left out, each of them would silently take a listener or a service out of a blueprint.

mod json;
mod reader;
mod scalar;

use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Parser, ScanError};
use serde_json::Value;

use json::Unpaired;
use reader::Reader;

/// A text that is YAML, with what is not understood in it.
pub(crate) struct Document {
    /// What it says. What is not understood is left out, or stands in it as well as it can be read.
    pub value: Value,
    /// On which line each field stands.
    pub lines: BTreeMap<String, usize>,
    /// The fields whose values are not understood.
    pub unread: BTreeSet<String>,
    /// What is not understood, in the order of the text.
    pub faults: Vec<Fault>,
}

/// One thing that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The field, or the one around it where a key is at fault.
    pub field: String,
    /// The line, from 1.
    pub line: usize,
    /// Where it begins, in characters of the text.
    pub start: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Reads one document.
///
/// # Errors
/// Where the text stops being one: no YAML, a second document, or too deep.
pub(crate) fn read(text: &str) -> Result<Document, Fault> {
    let unpaired = Unpaired::of(text);
    let placed = |fault: Fault| Fault { start: unpaired.was_at(fault.start), ..fault };
    let document = read_yaml(&unpaired.text).map_err(placed)?;
    Ok(Document { faults: document.faults.into_iter().map(placed).collect(), ..document })
}

fn read_yaml(text: &str) -> Result<Document, Fault> {
    let mut reader = Reader::default();
    for event in Parser::new_from_iter(text.chars()) {
        let (event, span) = event.map_err(|error| not_yaml(text, &error))?;
        reader.take(event, span.start)?;
    }
    Ok(reader.into_document())
}

fn not_yaml(text: &str, error: &ScanError) -> Fault {
    let marker = error.marker();
    // What is missing at the end of a text is missing on its last line.
    let line = marker.line().min(text.lines().count()).max(1);
    let message = format!("this is not YAML: {}", error.info());
    Fault { field: String::new(), line, start: marker.index(), message }
}

/// Puts a field's name behind the way to its parent.
pub(crate) fn join(place: &str, field: &str) -> String {
    if place.is_empty() { field.to_owned() } else { format!("{place}.{field}") }
}
