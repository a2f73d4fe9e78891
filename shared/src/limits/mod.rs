//! What AWS takes: AWS's own limits, packed from the API models that botocore ships, and those that only AWS's documentation has.
//!
//! `aws.json` is written by `tests/fidelity/limits.py` and names its source and version; a test compares the two. What the
//! models do not say stands in `documented`, each with the page that says it.

mod attributes;
mod documented;
mod fields;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

pub use attributes::{AttributeKind, is_known_attribute, wrong_attribute};
pub use documented::*;
pub use fields::{Field, wrong};

/// The packed models.
#[derive(Deserialize)]
struct Packed {
    fields: BTreeMap<String, fields::Limit>,
    attributes: attributes::Known,
}

fn packed() -> &'static Packed {
    static PACKED: OnceLock<Packed> = OnceLock::new();
    PACKED.get_or_init(|| {
        let empty = Packed { fields: BTreeMap::new(), attributes: attributes::Known::default() };
        serde_json::from_str(include_str!("aws.json")).unwrap_or(empty)
    })
}

/// The one of several names that somebody probably meant.
fn meant<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|name| (strsim::damerau_levenshtein(text, name), name));
    let (distance, name) = near.min()?;
    (distance <= text.chars().count() / 3).then_some(name)
}

/// A sentence about a name that is not known, with the one that is probably meant.
fn unknown<'a>(what: &str, text: &str, known: impl Iterator<Item = &'a str>) -> String {
    match meant(text, known) {
        Some(name) => format!("`{text}` is not {what} that this Curfew knows; did you mean `{name}`?"),
        None => format!("`{text}` is not {what} that this Curfew knows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_models_have_what_is_asked_of_them_and_nothing_else() {
        let asked: Vec<&str> = Field::ALL.iter().map(|field| field.key()).collect();
        let mut packed: Vec<&str> = packed().fields.keys().map(String::as_str).collect();
        packed.sort_by_key(|key| asked.iter().position(|field| field == key));
        assert_eq!(packed, asked);
        for field in Field::ALL {
            assert!(fields::is_understood(field), "{}", field.key());
        }
    }
}
