//! What people are told: on each change of state, when a run is blocked or failed, when a morning takes too long, when an
//! override is malformed, over or forgotten; never one message per tick.
//!
//! An [`Event`] is what happened. It becomes a [`Letter`], which says it in words, and that becomes a [`Message`] in three
//! forms: text for e-mail, JSON for machines, and a custom notification for a chat channel.

mod chat;
mod event;
mod json;
mod letter;
mod telling;
mod text;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{EnvironmentName, Target};
use crate::ports::Message;
use crate::report::{Report, spoken};
use crate::zones::Zone;

pub use chat::Chat;
pub use event::{Event, NOT_READY_AFTER, News, about_outcome, about_overrides, is_still_true};
pub use json::SCHEMA_VERSION;
pub use letter::{Letter, Paragraph};
pub use text::subject;

/// The message about an event, in all its forms. Times are told in the schedule's zone.
pub fn message(event: &Event, report: &Report, zone: Zone) -> Message {
    let letter = telling::letter(event, report, zone);
    let chat = Chat::about(&letter, event.name(), &thread(&report.environment, report.ended_at, zone), report);
    Message::new(
        subject(&report.environment, &letter.headline),
        text::text(&letter),
        json::json(event, report, &letter),
    )
    .with_chat(chat.to_json())
}

/// The thread that an environment's messages of one day share in a chat channel: by the date in the schedule's zone.
pub fn thread(environment: &EnvironmentName, at: DateTime<Utc>, zone: Zone) -> String {
    format!("curfew-{environment}-{}", at.with_timezone(&zone).date_naive())
}

/// The sentence of a run that brought the environment somewhere.
pub fn converged(report: &Report, target: Target) -> String {
    format!("{} is {target}, after {}", report.environment, spoken(took(report)))
}

/// How long it took, from the first run that set out.
fn took(report: &Report) -> TimeDelta {
    report.ended_at - report.moving_since.unwrap_or(report.started_at)
}
