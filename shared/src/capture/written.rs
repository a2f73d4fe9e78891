//! The blueprint as a person would write it: its sections apart, short lists on one line, and beside an id what it is.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use serde_saphyr::{Commented, FlowMap, FlowSeq, to_string_with_options};

use super::place::NoCapture;

/// What ids stand for, by id.
pub(super) type Comments = BTreeMap<String, String>;

/// Lists of words that stand on one line.
const ON_ONE_LINE: [&str; 4] = ["subnets", "securityGroups", "values", "regexValues"];
/// Of these, those that are not too long for it.
const LINE: usize = 90;
/// What each entry of a section has by itself.
const BY_ITSELF: [(&str, &[(&str, &str)]); 4] = [
    ("services", &[("whileDown", "scale-to-zero"), ("singleton", "false")]),
    ("databases", &[("whileUp", "running")]),
    ("vpcEndpoints", &[("privateDns", "enabled"), ("ipAddressType", "ipv4")]),
    ("dnsRecords", &[("evaluateTargetHealth", "false"), ("aliasForm", "plain")]),
];

/// Leaves out of a document what it says by not saying it.
pub(super) fn shortened(mut document: Value) -> Value {
    for (section, defaults) in BY_ITSELF {
        for entry in entries(&mut document[section]) {
            entry.retain(|key, value| {
                let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                !defaults.contains(&(key, plain.as_str()))
            });
        }
    }
    for service in entries(&mut document["services"]) {
        if let Some(Value::Object(tasks)) = service.get_mut("tasks") {
            tasks.retain(|_, value| value != "X86_64");
        }
    }
    for database in entries(&mut document["databases"]) {
        if let Some(Value::Object(size)) = database.get_mut("size") {
            size.retain(|_, value| *value != false);
        }
    }
    for load_balancer in entries(&mut document["loadBalancers"]) {
        if let Some(adopted) = load_balancer.shift_remove("adopted") {
            // Before what takes pages.
            let place = load_balancer.keys().position(|key| key == "securityGroups").map_or(0, |index| index + 1);
            load_balancer.shift_insert(place, "adopted".to_owned(), adopted);
        }
    }
    if document["retain"] == true
        && let Value::Object(fields) = &mut document
    {
        fields.shift_remove("retain");
    }
    without_empty(&mut document);
    document
}

fn entries(section: &mut Value) -> Vec<&mut Map<String, Value>> {
    let values: Vec<&mut Value> = match section {
        Value::Object(map) => map.values_mut().collect(),
        Value::Array(list) => list.iter_mut().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    values.into_iter().filter_map(Value::as_object_mut).collect()
}

/// An empty map or list says what none says.
fn without_empty(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(without_empty);
            fields.retain(|key, value| match value {
                Value::Object(fields) => !fields.is_empty(),
                // These must be said, however few.
                Value::Array(items) => !items.is_empty() || ["subnets", "securityGroups"].contains(&key.as_str()),
                Value::Null => false,
                Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
            });
        }
        Value::Array(items) => items.iter_mut().for_each(without_empty),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Writes a document.
pub(super) fn written(head: &str, document: &Value, comments: &Comments) -> Result<String, NoCapture> {
    let mut text = head.lines().map(|line| format!("# {line}\n")).collect::<String>();
    for (key, value) in document.as_object().into_iter().flatten() {
        let is_section = value.is_object() || value.is_array();
        if is_section {
            text.push('\n');
        }
        if let Some(remark) = remark(key) {
            text.push_str(&format!("# {remark}\n"));
        }
        let section = BTreeMap::from([(key, Written { key, value, comments })]);
        text.push_str(&yaml(&section)?);
    }
    Ok(text)
}

fn remark(section: &str) -> Option<&'static str> {
    match section {
        "tags" => Some("On everything Curfew creates, besides its own curfew:environment and curfew:name."),
        _ => None,
    }
}

fn yaml<T: Serialize>(value: &T) -> Result<String, NoCapture> {
    let options = serde_saphyr::ser_options! { compact_list_indent: false, prefer_block_scalars: false };
    to_string_with_options(value, options).map_err(|error| NoCapture::Unwritten(error.to_string()))
}

/// A value under its key, with what its ids stand for.
struct Written<'a> {
    key: &'a str,
    value: &'a Value,
    comments: &'a Comments,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |key, value| Written { key, value, comments: self.comments };
        match self.value {
            Value::String(text) => match self.comments.get(text) {
                Some(comment) => Commented(text, comment.clone()).serialize(serializer),
                None => serializer.serialize_str(text),
            },
            Value::Array(items) if self.is_short(items) => FlowSeq(items).serialize(serializer),
            Value::Array(items) => serializer.collect_seq(items.iter().map(|item| of("", item))),
            Value::Object(fields) if self.key == "tasks" && fields.contains_key("cpu") => {
                FlowMap(fields).serialize(serializer)
            }
            Value::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(key, value)| (Key(key), of(key, value))))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => self.value.serialize(serializer),
        }
    }
}

impl Written<'_> {
    fn is_short(&self, items: &[Value]) -> bool {
        let length: usize = items.iter().filter_map(Value::as_str).map(|text| text.len() + 2).sum();
        ON_ONE_LINE.contains(&self.key) && items.iter().all(Value::is_string) && length <= LINE
    }
}

/// A key; ports and priorities are numbers.
struct Key<'a>(&'a str);

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<u16>() {
            Ok(number) if number.to_string() == self.0 => serializer.serialize_u16(number),
            Ok(_) | Err(_) => serializer.serialize_str(self.0),
        }
    }
}
