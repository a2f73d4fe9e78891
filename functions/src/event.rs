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
    let invoke: Invoke = deserr::deserialize(event.clone()).map_err(InvalidEvent)?;
    let mut problems = Problems::default();
    let hold = invoke.hold.as_deref().map(|text| read_hold(text, now));
    if let Some(Err(message)) = &hold {
        problems.add("hold", message);
    }
    if invoke.hold.is_some() && function.target().is_none() {
        problems.add("hold", "the tick holds nothing; invoke start or stop");
    }
    if let Some(time) = &invoke.scheduled_time {
        if DateTime::parse_from_rfc3339(time).is_err() {
            problems.add("scheduledTime", format!("`{time}` is not an instant such as 2026-11-21T08:00:00Z"));
        }
        if invoke.hold.is_some() {
            problems
                .add("hold", "the schedule's own event holds nothing; leave `scheduledTime` out of a manual invoke");
        }
    }
    let requested_by = invoke.requested_by.map(|who| who.trim().to_owned()).filter(|who| !who.is_empty());
    if requested_by.as_ref().is_some_and(|who| who.chars().count() > 100 || who.chars().any(char::is_control)) {
        problems.add("requestedBy", "at most 100 characters on one line are wanted");
    }
    if !problems.0.is_empty() {
        return Err(InvalidEvent(problems));
    }
    let hold = hold.and_then(Result::ok).unwrap_or_default();
    let command = match invoke.scheduled_time {
        Some(_) => scheduled(function),
        None => function.target().map(|target| Command::Manual { target, hold }),
    };
    let mode = if invoke.dry_run { Mode::DryRun } else { Mode::Real };
    Ok(Asked { environment: invoke.environment, command, mode, requested_by })
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
