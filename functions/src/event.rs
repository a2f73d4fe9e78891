//! What an invocation asks for. A field that is not known or has a bad value is an error that names it; nothing is
//! guessed, because a guess could tear something down.

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Problems;
use curfew_core::decide::{Command, Hold};
use curfew_core::model::{EnvironmentName, Target};
use curfew_core::run::Mode;
use deserr::Deserr;
use serde_json::Value;

/// Which function was invoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Brings the environment up.
    Start,
    /// Brings it down.
    Stop,
    /// Does what the schedule and the overrides say.
    Reconcile,
}

impl Function {
    /// What it asks for; nothing in particular by the tick.
    pub fn target(self) -> Option<Target> {
        match self {
            Self::Start => Some(Target::Up),
            Self::Stop => Some(Target::Down),
            Self::Reconcile => None,
        }
    }
}

/// What an invocation asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The environment, where the event names one; else the function's own.
    pub environment: Option<EnvironmentName>,
    /// What for.
    pub command: Option<Command>,
    /// Whether anything is changed.
    pub mode: Mode,
    /// Who asks.
    pub requested_by: Option<String>,
}

/// Why an event asks for nothing that can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event was not understood, so nothing was touched: {0}")]
pub struct InvalidEvent(pub Problems);

/// A manual invoke, or the input of an EventBridge Scheduler schedule.
#[derive(Debug, Deserr)]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
struct Invoke {
    #[deserr(default)]
    environment: Option<EnvironmentName>,
    #[deserr(default)]
    hold: Option<String>,
    #[deserr(default)]
    dry_run: bool,
    #[deserr(default)]
    requested_by: Option<String>,
    /// `<aws.scheduler.scheduled-time>`: only the schedule's own event has it.
    #[deserr(default)]
    scheduled_time: Option<String>,
}

/// Reads an event.
///
/// # Errors
/// Everything about it that is not understood, each with its field.
pub fn parse(function: Function, event: &Value, now: DateTime<Utc>) -> Result<Asked, InvalidEvent> {
    match event.get("detail-type") {
        Some(kind) => from_event_bridge(function, kind),
        None if event.is_null() => from_invoke(function, &Value::Object(Default::default()), now),
        None => from_invoke(function, event, now),
    }
}

fn scheduled(function: Function) -> Option<Command> {
    function.target().map(Command::Scheduled)
}

/// A rule's event, or that of a schedule without an input of its own. It only says that it is time to look.
fn from_event_bridge(function: Function, kind: &Value) -> Result<Asked, InvalidEvent> {
    if kind.as_str() != Some("Scheduled Event") {
        return Err(invalid("detail-type", format!("{kind} is not `Scheduled Event`")));
    }
    Ok(Asked { environment: None, command: scheduled(function), mode: Mode::Real, requested_by: None })
}

fn from_invoke(function: Function, event: &Value, now: DateTime<Utc>) -> Result<Asked, InvalidEvent> {
    let mut senseless = senseless(function, event, now);
    let invoke: Invoke = match deserr::deserialize(event.clone()) {
        Ok(_) if !senseless.0.is_empty() => return Err(InvalidEvent(senseless)),
        Ok(invoke) => invoke,
        Err(Problems(mut shapeless)) => {
            shapeless.append(&mut senseless.0);
            return Err(InvalidEvent(Problems(shapeless)));
        }
    };
    let hold = invoke.hold.as_deref().and_then(|text| read_hold(text, now).ok()).unwrap_or_default();
    let command = match invoke.scheduled_time {
        Some(_) => scheduled(function),
        None => function.target().map(|target| Command::Manual { target, hold }),
    };
    let requested_by = invoke.requested_by.map(|who| who.trim().to_owned()).filter(|who| !who.is_empty());
    let mode = if invoke.dry_run { Mode::DryRun } else { Mode::Real };
    Ok(Asked { environment: invoke.environment, command, mode, requested_by })
}

/// What makes no sense, whatever else is wrong with the event's shape: all of it is told at once.
fn senseless(function: Function, event: &Value, now: DateTime<Utc>) -> Problems {
    let mut problems = Problems::default();
    let text = |field: &str| event.get(field).and_then(Value::as_str);
    let time = text("scheduledTime");
    if let Some(hold) = text("hold") {
        if let Err(message) = read_hold(hold, now) {
            problems.add("hold", message);
        }
        if function.target().is_none() {
            problems.add("hold", "the tick holds nothing; invoke start or stop");
        } else if time.is_some() {
            problems
                .add("hold", "the schedule's own event holds nothing; leave `scheduledTime` out of a manual invoke");
        }
    }
    if let Some(time) = time.filter(|time| DateTime::parse_from_rfc3339(time).is_err()) {
        problems.add("scheduledTime", format!("`{time}` is not an instant such as 2026-11-21T08:00:00Z"));
    }
    let who = text("requestedBy").map(str::trim).unwrap_or_default();
    if who.chars().count() > 100 || who.chars().any(char::is_control) {
        problems.add("requestedBy", "at most 100 characters on one line are wanted");
    }
    problems
}

fn read_hold(text: &str, now: DateTime<Utc>) -> Result<Hold, String> {
    let hold: Hold = text.parse().map_err(|error: curfew_core::decide::InvalidHold| error.to_string())?;
    match hold {
        Hold::Until(instant) if instant <= now => Err(format!("`{text}` is in the past")),
        Hold::Until(_) | Hold::UntilNext | Hold::None | Hold::Forever | Hold::For(_) => Ok(hold),
    }
}

fn invalid(field: &str, message: String) -> InvalidEvent {
    let mut problems = Problems::default();
    problems.add(field, message);
    InvalidEvent(problems)
}
