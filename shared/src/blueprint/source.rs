//! A document's text: YAML or JSON to one value, and where in the text each field stands.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Number, Value};

use super::problems::{Problem, Problems, join};

/// A parsed text.
pub struct Source {
    /// What it says.
    pub value: Value,
    lines: BTreeMap<String, usize>,
}

impl Source {
    /// Parses YAML, and so JSON.
    ///
    /// # Errors
    /// The place where the text stops being YAML, or a key that stands twice.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        let documents = MarkedYaml::load_from_str(text).map_err(|error| {
            let problem = Problem {
                field: String::new(),
                line: Some(error.marker().line()),
                message: format!("this is not YAML: {}", error.info()),
            };
            Problems(vec![problem])
        })?;
        if let [_, second, ..] = &documents[..] {
            let line = Some(second.span.start.line());
            let message = "one document is wanted; another one begins here (after `---`)".to_owned();
            return Err(Problems(vec![Problem { field: String::new(), line, message }]));
        }
        let mut lines = BTreeMap::new();
        let value = documents.first().map_or(Value::Null, |node| read(node, "", &mut lines));
        Ok(Self { value, lines })
    }

    /// The line of a field, or of the nearest thing around it that has one.
    pub fn line(&self, field: &str) -> Option<usize> {
        let mut place = field;
        loop {
            if let Some(line) = self.lines.get(place) {
                return Some(*line);
            }
            place = &place[..place.rfind(['.', '['])?];
        }
    }

    /// Gives each problem its line.
    pub fn locate(&self, mut problems: Problems) -> Problems {
        for problem in &mut problems.0 {
            problem.line = problem.line.or_else(|| self.line(&problem.field));
        }
        problems.0.sort_by_key(|problem| problem.line);
        problems
    }
}

fn read(node: &MarkedYaml<'_>, place: &str, lines: &mut BTreeMap<String, usize>) -> Value {
    // A block's own span begins at its first entry; its key, written before it, is the better place.
    lines.entry(place.to_owned()).or_insert(node.span.start.line());
    match &node.data {
        YamlData::Value(scalar) => scalar_value(scalar),
        YamlData::Sequence(items) => Value::Array(
            items.iter().enumerate().map(|(index, item)| read(item, &format!("{place}[{index}]"), lines)).collect(),
        ),
        YamlData::Mapping(entries) => {
            let mut map = Map::new();
            for (key, entry) in entries {
                let name = match &key.data {
                    YamlData::Value(Scalar::String(text)) => text.to_string(),
                    YamlData::Value(scalar) => scalar_value(scalar).to_string(),
                    _ => continue,
                };
                let entry_place = join(place, &name);
                lines.insert(entry_place.clone(), key.span.start.line());
                map.insert(name, read(entry, &entry_place, lines));
            }
            Value::Object(map)
        }
        YamlData::Tagged(_, inner) => read(inner, place, lines),
        YamlData::Representation(text, ..) => Value::String(text.to_string()),
        YamlData::Alias(_) | YamlData::BadValue => Value::Null,
    }
}

fn scalar_value(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::Bool(*value),
        Scalar::Integer(value) => Value::Number((*value).into()),
        Scalar::FloatingPoint(value) => Number::from_f64(value.into_inner()).map_or(Value::Null, Value::Number),
        Scalar::String(text) => Value::String(text.to_string()),
    }
}
