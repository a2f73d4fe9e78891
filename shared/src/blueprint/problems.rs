//! Everything that is wrong with a document, all at once, each with its place.

use std::fmt;
use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};
use serde::Serialize;

use crate::yaml::join;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The way to the place: `loadBalancers.api.listeners.443.protocol`.
    pub field: String,
    /// The line in the text, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// All that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one at a place.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem { field: field.into(), line: None, message: message.into() });
    }
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl MergeWithError<Problems> for Problems {
    fn merge(so_far: Option<Self>, other: Problems, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = so_far.unwrap_or_default();
        all.0.extend(other.0);
        ControlFlow::Continue(all)
    }
}

impl DeserializeError for Problems {
    fn error<V: IntoValue>(
        so_far: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut all = so_far.unwrap_or_default();
        let place = path(location);
        match error {
            ErrorKind::UnknownKey { key, accepted } => {
                all.add(join(&place, key), format!("unknown field; known here: {}", accepted.join(", ")));
            }
            ErrorKind::MissingField { field } => all.add(place, format!("the field `{field}` is missing")),
            ErrorKind::IncorrectValueKind { actual, accepted } => {
                all.add(place, wrong_kind(actual.kind(), accepted));
            }
            ErrorKind::UnknownValue { value, accepted } => {
                all.add(place, format!("`{value}` is not one of {}", accepted.join(", ")));
            }
            ErrorKind::BadSequenceLen { expected, .. } => all.add(place, format!("{expected} entries are wanted")),
            // deserr's words for a variant it does not know; it keeps the known ones to itself.
            ErrorKind::Unexpected { msg } if msg == "Incorrect tag value" => {
                all.add(place, "its `type` (or `field`) is not a known one");
            }
            ErrorKind::Unexpected { msg } => all.add(place, msg),
        }
        ControlFlow::Continue(all)
    }
}

fn path(location: ValuePointerRef<'_>) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => join(&path(*prev), key),
        ValuePointerRef::Index { index, prev } => format!("{}[{index}]", path(*prev)),
    }
}

fn wrong_kind(actual: ValueKind, accepted: &[ValueKind]) -> String {
    let is_bare =
        matches!(actual, ValueKind::Boolean | ValueKind::Integer | ValueKind::NegativeInteger | ValueKind::Float);
    let hint = if is_bare && accepted == [ValueKind::String] { "; put it in quotes" } else { "" };
    format!("wanted: {}, found: {}{hint}", kinds_in_words(accepted), kind_in_words(actual))
}

fn kind_in_words(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "nothing",
        ValueKind::Boolean => "true or false",
        ValueKind::Integer => "a whole number",
        ValueKind::NegativeInteger => "a negative number",
        ValueKind::Float => "a number with a fraction",
        ValueKind::String => "a text",
        ValueKind::Sequence => "a list",
        ValueKind::Map => "fields (name: value)",
    }
}

fn kinds_in_words(kinds: &[ValueKind]) -> String {
    let mut words: Vec<&str> = kinds.iter().map(|kind| kind_in_words(*kind)).collect();
    words.dedup();
    words.join(" or ")
}
