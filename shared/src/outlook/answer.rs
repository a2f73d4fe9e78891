//! Questions about schedules, one a line, and their answers: what `curfew schedule eval` reads and writes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::schedule::{Grammar, Schedule, State};
use crate::zones::UnknownZone;

/// Answers questions. Schedules that were read are kept for the questions after, as long as they are not too many.
#[derive(Debug, Default)]
pub struct Answerer {
    read: HashMap<String, Result<Schedule, String>>,
    /// The key of the schedule in question.
    key: String,
}

/// So many schedules are kept.
const KEPT: usize = 1024;

/// A question as it is written. What else stands on the line is the asker's own.
#[derive(Deserialize)]
struct Question<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    schedule: Option<&'a RawValue>,
    #[serde(borrow, default)]
    grammar: Option<&'a RawValue>,
    #[serde(borrow, default)]
    zone: Option<&'a RawValue>,
    #[serde(borrow, default)]
    at: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Answer<'a, T> {
    id: Option<&'a RawValue>,
    #[serde(flatten)]
    said: T,
}

#[derive(Serialize)]
struct Failed<'a> {
    error: &'a str,
}

#[derive(Serialize)]
struct Valid {
    valid: bool,
}

#[derive(Serialize)]
struct Level {
    state: State,
    until: Option<String>,
    then: Option<State>,
}

impl Answerer {
    /// Answers one line with one line, without its end. A question that is none is answered with what is wrong with it.
    pub fn answer(&mut self, line: &[u8]) -> String {
        let question = match question(line) {
            Ok(question) => question,
            Err(error) => return written(&Answer { id: None, said: Failed { error: &error } }),
        };
        let id = question.id;
        match self.level(&question) {
            Ok(Some(level)) => written(&Answer { id, said: level }),
            Ok(None) => written(&Answer { id, said: Valid { valid: true } }),
            Err(error) => written(&Answer { id, said: Failed { error: &error } }),
        }
    }

    /// What the schedule says at the instant in question; nothing if it names none.
    fn level(&mut self, question: &Question<'_>) -> Result<Option<Level>, String> {
        let schedule = self.schedule(question).as_ref().map_err(Clone::clone)?;
        let Some(at) = text("at", question.at)? else { return Ok(None) };
        let at = DateTime::parse_from_rfc3339(&at)
            .map_err(|_| format!("at: `{at}` is not an instant such as 2026-11-21T20:00:00Z"))?
            .with_timezone(&Utc);
        let next = schedule.next_change(at);
        let until = next.map(|change| change.at.to_rfc3339_opts(SecondsFormat::Secs, true));
        Ok(Some(Level { state: schedule.at(at), until, then: next.map(|change| change.to) }))
    }

    fn schedule(&mut self, question: &Question<'_>) -> &Result<Schedule, String> {
        self.key.clear();
        for part in [question.schedule, question.grammar, question.zone] {
            // No JSON text has a newline outside of its white space, and that changes nothing.
            let _ = writeln!(self.key, "{}", part.map_or("null", RawValue::get));
        }
        if !self.read.contains_key(&self.key) {
            if self.read.len() >= KEPT {
                self.read.clear();
            }
            self.read.insert(self.key.clone(), read(question));
        }
        &self.read[&self.key]
    }
}

fn question(line: &[u8]) -> Result<Question<'_>, String> {
    // serde would take an array for its fields in their order.
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err("the line is no question: a JSON object is wanted".to_owned());
    }
    serde_json::from_slice(line).map_err(|error| format!("the line is no question: {error}"))
}

fn read(question: &Question<'_>) -> Result<Schedule, String> {
    let grammar = match text("grammar", question.grammar)?.as_deref() {
        None | Some("auto") => None,
        Some(name) => Some(name.parse::<Grammar>().map_err(|error| format!("grammar: {error}, or auto"))?),
    };
    let schedule = question.schedule.ok_or("schedule: it is missing; a text or an object is wanted")?;
    let schedule: Value = serde_json::from_str(schedule.get()).map_err(|error| format!("schedule: {error}"))?;
    match schedule {
        Value::String(_) | Value::Object(_) => {}
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            return Err("schedule: a text or an object is wanted".to_owned());
        }
    }
    let zone = match text("zone", question.zone)? {
        None => None,
        Some(name) => {
            let known = grammar.unwrap_or_else(|| Grammar::of(&schedule)).zone(&name);
            Some(known.ok_or_else(|| format!("zone: {}", UnknownZone(name.into_owned())))?)
        }
    };
    Schedule::parse(&schedule, grammar, zone).map_err(|error| format!("schedule: {error}"))
}

/// A field that is a text, or null, or left out.
fn text<'a>(field: &str, value: Option<&'a RawValue>) -> Result<Option<Cow<'a, str>>, String> {
    let Some(value) = value else { return Ok(None) };
    // A borrowed text has no escapes; one that has is copied.
    if let Ok(text) = serde_json::from_str::<&str>(value.get()) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    serde_json::from_str::<Option<String>>(value.get())
        .map(|text| text.map(Cow::Owned))
        .map_err(|_| format!("{field}: a text or null is wanted"))
}

fn written<T: Serialize>(answer: &Answer<'_, T>) -> String {
    serde_json::to_string(answer).unwrap_or_else(|error| format!(r#"{{"id":null,"error":"{error}"}}"#))
}
