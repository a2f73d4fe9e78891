//! What every stored document says of itself, and how it is read: everything in it is understood, or it is refused.
//!
//! A document names its version, the environment, the account and the region that it belongs to. One that was copied
//! from elsewhere, misspelt or cut off is never taken for an empty one.

mod invalid;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::model::{AccountId, EnvironmentName, Region};

pub use invalid::{Document, InvalidDocument, Problem};

/// The version that is written. A document with another set of fields is of another version.
pub const VERSION: u64 = 1;

/// What the first fields of a document are called.
const HEADING: [&str; 4] = ["version", "environment", "account", "region"];

/// Whose documents these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The environment.
    pub environment: EnvironmentName,
    /// The account that its cluster is in, as its own ARN says.
    pub account: AccountId,
    /// Where it is.
    pub region: Region,
}

/// A document's own fields, once its heading was checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Fields {
    /// It has no heading: it was written before documents had one.
    Unversioned(Map<String, Value>),
    /// It belongs to this home.
    Versioned(Map<String, Value>),
}

impl Fields {
    /// The fields by name, without those of the heading.
    pub fn map(&self) -> &Map<String, Value> {
        match self {
            Self::Unversioned(fields) | Self::Versioned(fields) => fields,
        }
    }

    /// What is wrong with the names: each that is not known, and each that is missing.
    pub fn check_names<'a>(
        &self,
        known: impl IntoIterator<Item = &'a str>,
        required: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Problem> {
        let known: BTreeSet<&str> = known.into_iter().collect();
        let unknown = self.map().keys().filter(|name| !known.contains(name.as_str()));
        let unknown = unknown.map(|name| invalid::unknown(name, &known));
        let missing = required.into_iter().filter(|name| !self.map().contains_key(*name));
        let missing = missing.map(|name| format!("the field `{name}` is missing"));
        let all: Vec<String> = unknown.chain(missing).collect();
        if all.is_empty() { Ok(()) } else { Err(Problem::Fields(all)) }
    }
}

/// A document as it is stored: its heading, then its own fields.
pub fn write(home: &Home, own: &impl Serialize) -> String {
    let mut fields = Map::new();
    fields.insert("version".to_owned(), VERSION.into());
    fields.insert("environment".to_owned(), home.environment.as_str().into());
    fields.insert("account".to_owned(), home.account.as_str().into());
    fields.insert("region".to_owned(), home.region.as_str().into());
    if let Ok(Value::Object(own)) = serde_json::to_value(own) {
        fields.extend(own);
    }
    format!("{:#}\n", Value::Object(fields))
}

/// Reads a document's fields, and whether they belong here.
///
/// # Errors
/// It is no JSON object, of a version that is not known, or another environment's, account's or region's.
pub fn read(home: &Home, text: &str) -> Result<Fields, Problem> {
    let value: Value = serde_json::from_str(text).map_err(|error| Problem::Shape(error.to_string()))?;
    let Value::Object(mut fields) = value else {
        return Err(Problem::Shape("it is not one object `{ … }`".to_owned()));
    };
    let Some(version) = fields.get("version").cloned() else { return Ok(Fields::Unversioned(fields)) };
    if version != VERSION {
        return Err(Problem::Version(version.to_string()));
    }
    let wanted = [home.environment.as_str(), home.account.as_str(), home.region.as_str()];
    for (name, wanted) in HEADING[1..].iter().zip(wanted) {
        match fields.get(*name) {
            Some(found) if found == wanted => {}
            Some(found) => return Err(foreign(name, found, wanted)),
            None => return Err(Problem::Fields(vec![format!("the field `{name}` is missing")])),
        }
    }
    HEADING.iter().for_each(|name| drop(fields.shift_remove(*name)));
    Ok(Fields::Versioned(fields))
}

/// That a document belongs to somebody else.
pub(crate) fn foreign(field: &str, found: &Value, wanted: &str) -> Problem {
    let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
    Problem::Foreign { field: field.to_owned(), found, wanted: wanted.to_owned() }
}

/// A document's checksum: SHA-256 of what it says, however it is indented and in whatever order, in hexadecimal digits.
pub fn checksum(text: &str) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap_or_default();
    value.sort_all_objects();
    Sha256::digest(value.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
}
