//! What people are told: on each change of state, when a run is blocked or failed, when an override is malformed or
//! over; never one message per tick.

use chrono::TimeDelta;
use serde_json::json;

use crate::model::Target;
use crate::overrides::{Origin, Overrides};
use crate::ports::Message;
use crate::report::{Outcome, Report, spoken};

/// A message, and the mark that keeps it from being sent again while it stays true.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// What [`crate::state::State::told`] remembers.
    pub mark: String,
    /// What is sent.
    pub message: Message,
}

/// The marks of how runs end, of which only one can be true.
pub const OUTCOME_MARK: &str = "outcome ";

/// What there is to tell about how a run ended, if anything.
pub fn about_outcome(report: &Report) -> Option<Notice> {
    let headline = match (report.outcome, report.target) {
        (Outcome::Converged, Some(Target::Up)) => "is up",
        (Outcome::Converged, Some(Target::Down)) => "is down",
        (Outcome::Blocked, _) => "is blocked",
        (Outcome::Failed, _) => "failed",
        (Outcome::Converged, None)
        | (Outcome::Unchanged | Outcome::InProgress | Outcome::Skipped | Outcome::Busy, _) => return None,
    };
    let reasons: Vec<String> = report.reasons.iter().map(ToString::to_string).collect();
    let mark = match report.outcome {
        Outcome::Blocked => format!("{OUTCOME_MARK}blocked: {}", reasons.join("; ")),
        Outcome::Failed => format!("{OUTCOME_MARK}failed: {}", report.message),
        Outcome::Converged | Outcome::Unchanged | Outcome::InProgress | Outcome::Skipped | Outcome::Busy => {
            format!("{OUTCOME_MARK}{headline}")
        }
    };
    let mut text = format!("{}\n\nWhy: {}.\n", report.message, report.because);
    if !reasons.is_empty() {
        text.push_str("\nNothing was touched, because:\n");
        reasons.iter().for_each(|reason| text.push_str(&format!("- {reason}\n")));
    }
    report.notes.iter().for_each(|note| text.push_str(&format!("\nNote: {note}.\n")));
    text.push_str(&format!("\nStarted by {} (run {}).\n", report.trigger, report.run));
    let message = Message { subject: subject(report, headline), text, json: report.to_json() };
    Some(Notice { mark, message })
}

fn subject(report: &Report, headline: &str) -> String {
    ascii_line(&format!("Curfew: {} {headline}", report.environment))
}

/// SNS takes subjects of at most 100 printable ASCII characters.
fn ascii_line(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' }).take(100).collect()
}

/// What there is to tell about override tags.
pub fn about_overrides(report: &Report, overrides: &Overrides) -> Vec<Notice> {
    let malformed = overrides.malformed.iter().map(|tag| {
        let text = format!(
            "The override `{}` on {} cannot be read, so {} is left as it is until somebody corrects it.\n\n\
             Write one of: up, down, up until 2026-11-21T20:00:00Z, down until 2026-11-21T20:00:00Z.\n",
            tag.value, tag.resource, report.environment
        );
        let json = json!({ "environment": report.environment, "event": "override-malformed", "override": tag });
        notice(
            report,
            "override-malformed",
            &format!("{} {}", tag.resource, tag.value),
            "has an unreadable override",
            text,
            json,
        )
    });
    // A hold that is over is Curfew's own, and cleared away.
    let of_people = overrides.expired.iter().filter(|tag| tag.origin == Origin::Person);
    let expired = of_people.map(|tag| {
        let text = format!(
            "The override `{}` on {} is over and counts no longer. Remove the tag when you like.\n",
            tag.value, tag.resource
        );
        let json = json!({ "environment": report.environment, "event": "override-expired", "override": tag });
        notice(
            report,
            "override-expired",
            &format!("{} {}", tag.resource, tag.value),
            "has an expired override",
            text,
            json,
        )
    });
    malformed.chain(expired).collect()
}

fn notice(report: &Report, event: &str, what: &str, headline: &str, text: String, json: serde_json::Value) -> Notice {
    Notice { mark: format!("{event} {what}"), message: Message { subject: subject(report, headline), text, json } }
}

/// The sentence of a run that brought the environment somewhere.
pub fn converged(report: &Report, target: Target) -> String {
    let took: TimeDelta = report.ended_at - report.moving_since.unwrap_or(report.started_at);
    match target {
        Target::Up => format!("{} is up, after {}", report.environment, spoken(took)),
        Target::Down => format!("{} is down, after {}", report.environment, spoken(took)),
    }
}
