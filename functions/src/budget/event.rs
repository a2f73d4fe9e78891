//! What SNS brings: one notification of AWS Budgets by the topic that only AWS Budgets may publish to.

use curfew_core::budget::{Alert, InvalidAlert};
use serde_json::Value;

/// Why an event is no alert.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNotification {
    /// It is something else.
    #[error("the event is not one notification of SNS, so nothing was done: {0}")]
    Shape(String),
    /// It came by another topic.
    #[error("the notification came by {found}, not by {wanted}, so nothing was done")]
    Topic {
        /// The one it came by.
        found: String,
        /// The configured one.
        wanted: String,
    },
    /// It is no alert.
    #[error("the notification is no alert of a cost budget, so nothing was done: {0}")]
    Alert(#[from] InvalidAlert),
}

/// Reads an event: an alert that came by a topic.
///
/// # Errors
/// What keeps it from being one.
pub fn parse(event: &Value, topic: &str) -> Result<Alert, InvalidNotification> {
    let shape = |problem: &str| InvalidNotification::Shape(problem.to_owned());
    let records = event.get("Records").and_then(Value::as_array).ok_or_else(|| shape("it has no list `Records`"))?;
    let [record] = &records[..] else { return Err(shape(&format!("it has {} records, not one", records.len()))) };
    if record.get("EventSource").and_then(Value::as_str) != Some("aws:sns") {
        return Err(shape("its EventSource is not aws:sns"));
    }
    let text = |name: &str| record.pointer(&format!("/Sns/{name}")).and_then(Value::as_str);
    let found = text("TopicArn").ok_or_else(|| shape("it has no Sns.TopicArn"))?;
    if found != topic {
        return Err(InvalidNotification::Topic { found: found.to_owned(), wanted: topic.to_owned() });
    }
    Ok(text("Message").ok_or_else(|| shape("it has no Sns.Message"))?.parse()?)
}
