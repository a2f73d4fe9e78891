//! A message for machines: a stable shape with a version (docs/notification.schema.json).
//!
//! Fields may be added within a version; none is renamed, removed or given another meaning.

use serde_json::{Map, Value, json};

use super::{Event, Letter};
use crate::report::Report;

/// The version of the shape.
pub const SCHEMA_VERSION: u32 = 1;

pub(super) fn json(event: &Event, report: &Report, letter: &Letter) -> Value {
    let mut fields = Map::new();
    fields.insert("schemaVersion".to_owned(), json!(SCHEMA_VERSION));
    fields.insert("event".to_owned(), json!(event.name()));
    fields.insert("environment".to_owned(), json!(report.environment));
    fields.insert("at".to_owned(), json!(report.ended_at));
    fields.insert("run".to_owned(), json!(report.run));
    fields.insert("headline".to_owned(), json!(format!("{} {}", report.environment, letter.headline)));
    if !report.replaced_addresses.is_empty() {
        fields.insert("replacedAddresses".to_owned(), json!(report.replaced_addresses));
    }
    match event {
        Event::OverrideMalformed(tag) => fields.insert("override".to_owned(), json!(tag)),
        Event::OverrideOver(tag) => fields.insert("override".to_owned(), json!(tag)),
        Event::KeptUp(reminder) => fields.insert("reminder".to_owned(), json!(reminder)),
        Event::HolidaysEnd(calendar) => fields.insert("lastHoliday".to_owned(), json!(calendar.last)),
        Event::Ready | Event::Up | Event::Down | Event::NotReady | Event::Blocked | Event::Failed => None,
    };
    fields.insert("report".to_owned(), report.to_json());
    Value::Object(fields)
}
