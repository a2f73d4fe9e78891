//! From the parser's events to a value. No recursion: how deep a text is nested is the text's own choice.

use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Marker, ScalarStyle, Tag};
use serde_json::{Map, Value};

use super::{Document, Fault, join, scalar};

/// So deep may lists and mappings be nested; what reads the value afterwards is recursive.
const DEPTH: usize = 64;
/// So many values may all aliases together stand for.
const ALIASED: usize = 10_000;

/// What has been read so far.
#[derive(Default)]
pub(super) struct Reader {
    open: Vec<Collection>,
    root: Option<Value>,
    anchors: BTreeMap<usize, Value>,
    aliased: usize,
    has_begun: bool,
    lines: BTreeMap<String, usize>,
    unread: BTreeSet<String>,
    faults: Vec<Fault>,
}

/// A list or a mapping that has not ended yet.
struct Collection {
    place: String,
    anchor: usize,
    start: Marker,
    /// Whether it stands where a key should, or in such a one: that is the fault, whatever it contains.
    is_key: bool,
    entries: Entries,
}

enum Entries {
    List(Vec<Value>),
    Mapping { entries: Map<String, Value>, key: Key },
}

/// The key of the entry that is being read.
enum Key {
    /// It comes next.
    Awaited,
    /// Its value comes next.
    Is(String),
    /// It is at fault, so its value is left out.
    Refused,
}

/// A node as it would be called if it is a key.
enum Name {
    Text(String),
    Empty,
    Merge,
    None,
}

impl Reader {
    /// Takes the next event.
    pub fn take(&mut self, event: Event<'_>, at: Marker) -> Result<(), Fault> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) if self.has_begun => {
                return Err(fault("", at, "one document is wanted; another one begins here"));
            }
            Event::DocumentStart(_) => self.has_begun = true,
            Event::SequenceStart(anchor, tag) => {
                self.open(Entries::List(Vec::new()), anchor, tag.as_deref(), at)?;
            }
            Event::MappingStart(anchor, tag) => {
                let entries = Entries::Mapping { entries: Map::new(), key: Key::Awaited };
                self.open(entries, anchor, tag.as_deref(), at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), at),
            Event::Alias(anchor) => self.alias(anchor, at)?,
        }
        Ok(())
    }

    /// What the text says.
    pub fn into_document(self) -> Document {
        let Self { root, lines, unread, faults, .. } = self;
        Document { value: root.unwrap_or_default(), lines, unread, faults }
    }

    /// Where the next node stands; a key stands where its mapping does.
    fn place(&self) -> String {
        match self.open.last() {
            None => String::new(),
            Some(Collection { place, entries: Entries::List(items), .. }) => format!("{place}[{}]", items.len()),
            Some(Collection { place, entries: Entries::Mapping { key: Key::Is(name), .. }, .. }) => join(place, name),
            Some(Collection { place, entries: Entries::Mapping { key: Key::Awaited | Key::Refused, .. }, .. }) => {
                place.clone()
            }
        }
    }

    fn awaits_key(&self) -> bool {
        let last = self.open.last().map(|open| &open.entries);
        matches!(last, Some(Entries::Mapping { key: Key::Awaited, .. }))
    }

    fn is_in_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_key)
    }

    fn refuse(&mut self, place: &str, at: Marker, message: impl Into<String>) {
        if !self.is_in_key() {
            self.faults.push(fault(place, at, message));
        }
    }

    fn refuse_value(&mut self, place: &str, at: Marker, message: impl Into<String>) {
        self.refuse(place, at, message);
        if !self.awaits_key() && !self.is_in_key() {
            self.unread.insert(place.to_owned());
        }
    }

    fn begin(&mut self, place: &str, tag: Option<&Tag>, at: Marker) {
        self.lines.entry(place.to_owned()).or_insert(at.line());
        if let Some(tag) = tag {
            let message = format!("the tag `{}` is not understood: write what it stands for", written(tag));
            self.refuse_value(place, at, message);
        }
    }

    fn open(&mut self, entries: Entries, anchor: usize, tag: Option<&Tag>, at: Marker) -> Result<(), Fault> {
        let place = self.place();
        if self.open.len() == DEPTH {
            return Err(fault("", at, format!("lists and mappings are nested more than {DEPTH} deep")));
        }
        self.begin(&place, tag, at);
        let is_key = self.awaits_key() || self.is_in_key();
        self.open.push(Collection { place, anchor, start: at, is_key, entries });
        Ok(())
    }

    fn close(&mut self) {
        let Some(Collection { anchor, start, entries, .. }) = self.open.pop() else { return };
        let value = match entries {
            Entries::List(items) => Value::Array(items),
            Entries::Mapping { entries, .. } => Value::Object(entries),
        };
        self.put(value, Name::None, anchor, start);
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, at: Marker) {
        let place = self.place();
        self.begin(&place, tag, at);
        let (is_plain, is_key) = (style == ScalarStyle::Plain, self.awaits_key());
        let name = match text {
            "" | "~" | "null" | "Null" | "NULL" if is_plain => Name::Empty,
            "<<" if is_plain => Name::Merge,
            _ => Name::Text(text.to_owned()),
        };
        let value = match scalar::plain(text) {
            _ if !is_plain || is_key => Value::String(text.to_owned()),
            _ if text.is_empty() => {
                // A text without anything in it is no blueprint, which its reader says best.
                if !self.open.is_empty() {
                    let message = "nothing is written here: give it a value, or leave the whole field out";
                    self.refuse_value(&place, at, message);
                }
                Value::Null
            }
            Ok(value) => value,
            Err(message) => {
                self.refuse_value(&place, at, message);
                Value::String(text.to_owned())
            }
        };
        self.put(value, name, anchor, at);
    }

    fn alias(&mut self, anchor: usize, at: Marker) -> Result<(), Fault> {
        let place = self.place();
        self.begin(&place, None, at);
        let Some(value) = self.anchors.get(&anchor).cloned() else {
            return Err(fault(&place, at, "this alias stands for what it is itself a part of"));
        };
        self.aliased = self.aliased.saturating_add(size(&value));
        if self.aliased > ALIASED {
            return Err(fault(&place, at, format!("the aliases of this text stand for more than {ALIASED} values")));
        }
        let name = match &value {
            Value::String(text) => Name::Text(text.clone()),
            Value::Number(number) => Name::Text(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Name::None,
        };
        self.put(value, name, 0, at);
        Ok(())
    }

    /// Puts a node where it belongs.
    fn put(&mut self, value: Value, name: Name, anchor: usize, at: Marker) {
        // Anchors are counted from 1; 0 is none.
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        if self.awaits_key() {
            let next = self.key(name, at);
            if let Some(Collection { entries: Entries::Mapping { key, .. }, .. }) = self.open.last_mut() {
                *key = next;
            }
            return;
        }
        match self.open.last_mut().map(|open| &mut open.entries) {
            None => self.root = Some(value),
            Some(Entries::List(items)) => items.push(value),
            Some(Entries::Mapping { entries, key }) => match std::mem::replace(key, Key::Awaited) {
                Key::Is(name) => _ = entries.insert(name, value),
                Key::Refused | Key::Awaited => {}
            },
        }
    }

    /// What a node is as a key of the mapping that is open.
    fn key(&mut self, name: Name, at: Marker) -> Key {
        let mapping = self.place();
        let message = match name {
            Name::Text(text) => {
                let place = join(&mapping, &text);
                let Some(first) = self.line_of_entry(&text, &place) else {
                    self.lines.insert(place, at.line());
                    return Key::Is(text);
                };
                self.refuse(&place, at, format!("this key stands twice, first on line {first}"));
                return Key::Refused;
            }
            Name::Empty => "a key is missing before the `:`, or it is `null`",
            Name::Merge => "merge keys (`<<`) are not read: repeat the fields, or let an alias stand for all of them",
            Name::None => {
                "a key is a text or a number; here stands a list or a mapping, as where `{{ … }}` of a template was not filled in"
            }
        };
        self.refuse(&mapping, at, message);
        Key::Refused
    }

    /// On which line the open mapping has an entry already.
    fn line_of_entry(&self, name: &str, place: &str) -> Option<usize> {
        match &self.open.last()?.entries {
            Entries::Mapping { entries, .. } if entries.contains_key(name) => self.lines.get(place).copied(),
            Entries::Mapping { .. } | Entries::List(_) => None,
        }
    }
}

fn fault(field: &str, at: Marker, message: impl Into<String>) -> Fault {
    Fault { field: field.to_owned(), line: at.line(), start: at.index(), message: message.into() }
}

/// A tag as it is written.
fn written(tag: &Tag) -> String {
    if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { format!("{}{}", tag.handle, tag.suffix) }
}

/// How many values a value consists of.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(entries) => 1 + entries.values().map(size).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}
