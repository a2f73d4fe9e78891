//! What IAM would answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::policies::{Policies, script};

/// What a role asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Request {
    /// Who.
    pub role: String,
    /// What.
    pub action: String,
    /// On what.
    pub resource: String,
    /// The keys of conditions; the values are kept as text so that requests have an order.
    #[serde(serialize_with = "as_values")]
    pub context: BTreeMap<String, String>,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// Whether.
    pub answer: Decision,
    /// The statements that allow it.
    pub statements: Vec<String>,
    /// What is wrong with the request itself.
    #[serde(default)]
    pub why: String,
}

/// Whether something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Decision {
    /// Some statement allows it.
    Allowed,
    /// None does.
    ImplicitlyDenied,
    /// Some statement denies it.
    ExplicitlyDenied,
    /// There is no such action on such a resource.
    Invalid,
}

impl Request {
    /// A request; context values are texts or lists of texts.
    pub fn new(role: &str, action: &str, resource: &str, context: &Value) -> Self {
        let context = context.as_object().into_iter().flatten();
        Self {
            role: role.to_owned(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            context: context.map(|(key, value)| (key.clone(), value.to_string())).collect(),
        }
    }
}

fn as_values<S: serde::Serializer>(context: &BTreeMap<String, String>, serializer: S) -> Result<S::Ok, S::Error> {
    let values = context.iter().map(|(key, text)| (key, serde_json::from_str::<Value>(text).unwrap_or_default()));
    serializer.collect_map(values)
}

/// Evaluates requests, in order.
pub fn evaluate(policies: &Policies, requests: &[Request]) -> Vec<Answer> {
    let answers = script("evaluate", &[], &json!({ "roles": policies.roles, "requests": requests }));
    serde_json::from_value(answers).unwrap()
}
