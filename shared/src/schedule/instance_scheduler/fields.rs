//! An object's fields under one spelling: `begintime`, `BeginTime` and `begin_time` are the same, and so are a value and
//! DynamoDB's `{"S": value}`.

use serde_json::{Map, Value};

use crate::schedule::InvalidSchedule;
use crate::schedule::piece::Piece;

/// The fields of an object, and the way to it.
pub(super) struct Fields<'a> {
    place: String,
    /// Each with the name as it is written and the name in small letters, without `_` and `-`.
    fields: Vec<(&'a str, String, &'a Value)>,
}

/// One field's value, and the way to it.
pub(super) struct Field<'a> {
    pub place: String,
    pub value: &'a Value,
}

impl<'a> Fields<'a> {
    /// The fields of an object; a field that stands there in two spellings is an error.
    pub fn of(place: &str, object: &'a Map<String, Value>) -> Result<Self, InvalidSchedule> {
        let fields: Vec<_> = object.iter().map(|(name, value)| (name.as_str(), normal(name), plain(value))).collect();
        let fields = Self { place: place.to_owned(), fields };
        for (index, (name, normal, value)) in fields.fields.iter().enumerate() {
            if fields.fields[..index].iter().any(|(_, other, _)| other == normal) {
                return Err(Field { place: fields.way(name), value }.invalid("this field stands here twice"));
            }
        }
        Ok(fields)
    }

    fn way(&self, name: &str) -> String {
        match self.place.is_empty() {
            true => name.to_owned(),
            false => format!("{}.{name}", self.place),
        }
    }

    /// Makes sure that each field is one of these, or of those that are passed over.
    pub fn only(&self, known: &[&str], passed_over: &[&str]) -> Result<(), InvalidSchedule> {
        let is_known = |normal: &str| known.iter().chain(passed_over).any(|name| self::normal(name) == normal);
        match self.fields.iter().find(|(_, normal, _)| !is_known(normal)) {
            Some((name, _, value)) => {
                let field = Field { place: self.way(name), value };
                Err(field.invalid(format!("`{name}` is not a field here; those are {}", known.join(", "))))
            }
            None => Ok(()),
        }
    }

    /// Whether a field is there, whatever it holds.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(_, normal, _)| normal == name)
    }

    /// A field that holds something.
    pub fn get(&self, name: &str) -> Option<Field<'a>> {
        let (written, _, value) = self.fields.iter().find(|(_, normal, _)| normal == name)?;
        (!value.is_null()).then(|| Field { place: self.way(written), value })
    }

    /// A text; an empty one is none.
    pub fn text(&self, name: &str) -> Result<Option<(Field<'a>, &'a str)>, InvalidSchedule> {
        match self.get(name) {
            None => Ok(None),
            Some(field) => match field.value {
                Value::String(text) if text.is_empty() => Ok(None),
                Value::String(text) => Ok(Some((field, text))),
                _ => Err(field.invalid("a text is wanted, in quotes")),
            },
        }
    }

    /// `true` or `false`, also as a text.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, InvalidSchedule> {
        match self.get(name) {
            None => Ok(None),
            Some(field) => match field.value {
                Value::Bool(flag) => Ok(Some(*flag)),
                Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
                Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
                _ => Err(field.invalid("true or false is wanted")),
            },
        }
    }

    /// What is wrong with all of it.
    pub fn invalid(&self, message: &str) -> InvalidSchedule {
        let object: Map<String, Value> =
            self.fields.iter().map(|(name, _, value)| ((*name).to_owned(), (*value).clone())).collect();
        let place = if self.place.is_empty() { "schedule" } else { &self.place };
        Field { place: place.to_owned(), value: &Value::Object(object) }.invalid(message)
    }

    /// Names: a list, or one text with commas between them.
    pub fn texts_or_none(&self, name: &str) -> Result<Vec<String>, InvalidSchedule> {
        let Some(field) = self.get(name) else { return Ok(Vec::new()) };
        match field.value {
            Value::Array(items) if items.is_empty() => return Ok(Vec::new()),
            Value::String(text) if text.is_empty() => return Ok(Vec::new()),
            _ => {}
        }
        let texts = self.texts(name)?.map(|(_, texts)| texts).unwrap_or_default();
        Ok(texts.iter().flat_map(|text| text.split(',')).map(|part| part.trim().to_owned()).collect())
    }

    /// Texts: a list, or one text; numbers are taken for texts. None if the field is missing or null.
    pub fn texts(&self, name: &str) -> Result<Option<(Field<'a>, Vec<String>)>, InvalidSchedule> {
        let Some(field) = self.get(name) else { return Ok(None) };
        let text = |value: &Value| match plain(value) {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let texts: Option<Vec<String>> = match field.value {
            Value::Array(items) => items.iter().map(text).collect(),
            value => text(value).map(|text| vec![text]),
        };
        match texts {
            Some(texts) if texts.is_empty() => {
                Err(field.invalid("this list is empty; leave the field out if all is meant"))
            }
            Some(texts) => Ok(Some((field, texts))),
            None => Err(field.invalid("a text or a list of texts is wanted")),
        }
    }
}

impl Field<'_> {
    /// What is wrong with it.
    pub fn invalid(&self, message: impl Into<String>) -> InvalidSchedule {
        let start = self.place.len() + 2;
        let text = format!("{}: {}", self.place, self.value);
        InvalidSchedule::new(&text, start..text.len(), message)
    }

    /// What is wrong with a text that stands in it.
    pub fn holds(&self, piece: &str, error: &InvalidSchedule) -> InvalidSchedule {
        let start = self.place.len() + 2;
        let place = start + error.place().start..start + error.place().end;
        // What may be meant is a part of the object here, and no whole schedule.
        let meant = error.suggestion().map(|text| format!("; did you mean `{text}`?")).unwrap_or_default();
        InvalidSchedule::new(&format!("{}: {piece}", self.place), place, format!("{}{meant}", error.message()))
    }

    /// What is wrong with all of a text that stands in it.
    pub fn holds_wrong(&self, text: &str, message: &str) -> InvalidSchedule {
        self.holds(text, &Piece::all(text).invalid(message))
    }
}

fn normal(name: &str) -> String {
    name.replace(['_', '-'], "").to_lowercase()
}

/// A value without DynamoDB's type around it.
pub(super) fn plain(value: &Value) -> &Value {
    const TYPES: [&str; 6] = ["S", "SS", "N", "BOOL", "L", "M"];
    match value {
        Value::Object(object) if object.len() == 1 => match object.iter().next() {
            Some((name, inner)) if TYPES.contains(&name.as_str()) => inner,
            Some((name, _)) if name == "NULL" => &Value::Null,
            Some(_) | None => value,
        },
        value => value,
    }
}
