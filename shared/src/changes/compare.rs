//! Comparing one thing with what it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;

use super::{Change, Difference};

/// Everything that changed of one thing, as it is found.
pub(super) struct Changes<'a> {
    subject: String,
    found: &'a mut Vec<Change>,
}

impl<'a> Changes<'a> {
    pub(super) fn of(subject: impl Into<String>, found: &'a mut Vec<Change>) -> Self {
        Self { subject: subject.into(), found }
    }

    fn add(&mut self, difference: Difference) {
        self.found.push(Change { subject: self.subject.clone(), difference });
    }

    /// A short value.
    pub(super) fn value<T: Serialize + PartialEq>(&mut self, field: &str, from: &T, to: &T) {
        if from != to {
            self.add(Difference::Value { field: field.to_owned(), from: text(from), to: text(to) });
        }
    }

    /// Something whose value is not told.
    pub(super) fn content<T: PartialEq>(&mut self, field: &str, from: &T, to: &T) {
        if from != to {
            self.add(Difference::Content { field: field.to_owned() });
        }
    }

    /// Short values, one by one.
    pub(super) fn set<T: Ord + Serialize>(&mut self, field: &str, from: &BTreeSet<T>, to: &BTreeSet<T>) {
        for gone in from.difference(to) {
            self.add(Difference::Value { field: field.to_owned(), from: text(gone), to: None });
        }
        for new in to.difference(from) {
            self.add(Difference::Value { field: field.to_owned(), from: None, to: text(new) });
        }
    }

    /// Attributes: a key and a short value each. AWS always names all of them, so one that only one side has is AWS's
    /// own news and nobody's change.
    pub(super) fn attributes(&mut self, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) {
        for (key, before, after) in both(from, to) {
            if let (Some(before), Some(after)) = (before, after) {
                self.value(&format!("attribute {key}"), before, after);
            }
        }
    }

    /// Tags, by key: what people write into them is not told on.
    pub(super) fn tags(&mut self, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) {
        for (key, before, after) in both(from, to) {
            if before != after {
                self.add(Difference::Content { field: format!("tag {key}") });
            }
        }
    }

    /// The thing's task definition, where both are known.
    pub(super) fn revision(&mut self, from: Option<&String>, to: Option<&String>) {
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            self.add(Difference::Revision { from: from.clone(), to: to.clone() });
        }
    }
}

/// Things with names: those that came, those that went, and what changed of those that stayed.
pub(super) fn things<K: Ord, T>(
    from: &BTreeMap<K, T>,
    to: &BTreeMap<K, T>,
    found: &mut Vec<Change>,
    subject: impl Fn(&K) -> String,
    mut compare: impl FnMut(&K, &T, &T, &mut Vec<Change>),
) {
    for (key, before, after) in both(from, to) {
        match (before, after) {
            (Some(before), Some(after)) => compare(key, before, after, found),
            (None, _) => found.push(Change { subject: subject(key), difference: Difference::Added }),
            (Some(_), None) => found.push(Change { subject: subject(key), difference: Difference::Removed }),
        }
    }
}

/// The keys of two maps in their order, with what each has in either.
fn both<'a, K: Ord, T>(
    from: &'a BTreeMap<K, T>,
    to: &'a BTreeMap<K, T>,
) -> impl Iterator<Item = (&'a K, Option<&'a T>, Option<&'a T>)> {
    let keys: BTreeSet<&K> = from.keys().chain(to.keys()).collect();
    keys.into_iter().map(|key| (key, from.get(key), to.get(key)))
}

/// A value as people read it: the blueprint's word for it; none if it is not set.
fn text<T: Serialize>(value: &T) -> Option<String> {
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// A thing in another: `rule 50 of listener 443`.
pub(super) fn of(part: impl Display, whole: impl Display) -> String {
    format!("{part} of {whole}")
}
