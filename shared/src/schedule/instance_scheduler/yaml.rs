//! A document's text as a value: JSON, or YAML.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Number, Value};

use crate::schedule::InvalidSchedule;

/// Reads a text that holds one document.
pub(in crate::schedule) fn value(text: &str) -> Result<Value, InvalidSchedule> {
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    let documents = Yaml::load_from_str(text).map_err(|error| {
        let start = text.char_indices().nth(error.marker().index()).map_or(text.len(), |(index, _)| index);
        InvalidSchedule::new(text, start..start, format!("this is neither JSON nor YAML: {}", error.info()))
    })?;
    match &documents[..] {
        [document] => Ok(read(document)),
        _ => Err(InvalidSchedule::new(text, 0..text.len(), "one document is wanted")),
    }
}

fn read(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Null) | Yaml::Alias(_) | Yaml::BadValue => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => Value::Bool(*value),
        Yaml::Value(Scalar::Integer(value)) => Value::Number((*value).into()),
        Yaml::Value(Scalar::FloatingPoint(value)) => {
            Number::from_f64(value.into_inner()).map_or(Value::Null, Value::Number)
        }
        Yaml::Value(Scalar::String(text)) => Value::String(text.to_string()),
        Yaml::Representation(text, ..) => Value::String(text.to_string()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(read).collect()),
        Yaml::Mapping(entries) => {
            Value::Object(entries.iter().map(|(key, entry)| (name(key), read(entry))).collect::<Map<_, _>>())
        }
        Yaml::Tagged(_, inner) => read(inner),
    }
}

fn name(key: &Yaml<'_>) -> String {
    match read(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
