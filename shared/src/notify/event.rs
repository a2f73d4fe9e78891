//! What happened that somebody wants to hear of.

use chrono::TimeDelta;

use crate::kept_up::Reminder;
use crate::model::Target;
use crate::overrides::{MalformedOverride, Origin, Overrides, TaggedOverride};
use crate::report::{Outcome, Report};
use crate::schedule::RunningOut;

/// Something that people are told. What it is about besides is in the report.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A morning is over: the environment serves.
    Ready,
    /// It is up, which was no morning: its first time, something fixed, an evening that was turned around.
    Up,
    /// It is down.
    Down,
    /// It has been coming up for too long.
    NotReady,
    /// Nothing may be touched.
    Blocked,
    /// A run went wrong.
    Failed,
    /// An override that nobody can read.
    OverrideMalformed(MalformedOverride),
    /// A person's override that counts no longer.
    OverrideOver(TaggedOverride),
    /// An override that somebody may have forgotten.
    KeptUp(Reminder),
    /// The calendar of holidays has no more dates soon.
    HolidaysEnd(RunningOut),
}

/// A morning that takes longer than this is told of.
pub const NOT_READY_AFTER: TimeDelta = TimeDelta::minutes(15);

/// Until when an event need not be told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Each time that it happens is news.
    EachTime,
    /// While runs do not end well, of all such events the last one told.
    WhileUnwell,
    /// While it stays true.
    WhileTrue,
}

impl Event {
    /// Its name for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Up => "up",
            Self::Down => "down",
            Self::NotReady => "not-ready",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::OverrideMalformed(_) => "override-malformed",
            Self::OverrideOver(_) => "override-over",
            Self::KeptUp(_) => "kept-up",
            Self::HolidaysEnd(_) => "holidays-end",
        }
    }

    /// Until when it need not be told again.
    pub fn news(&self) -> News {
        match self {
            // A reminder counts its own times.
            Self::Ready | Self::Up | Self::Down | Self::KeptUp(_) => News::EachTime,
            Self::Blocked | Self::Failed | Self::NotReady => News::WhileUnwell,
            Self::OverrideMalformed(_) | Self::OverrideOver(_) | Self::HolidaysEnd(_) => News::WhileTrue,
        }
    }

    /// What the state remembers it by.
    pub fn mark(&self, report: &Report) -> String {
        match self {
            Self::Ready | Self::Up | Self::Down | Self::NotReady | Self::KeptUp(_) => self.name().to_owned(),
            Self::Blocked => {
                let reasons: Vec<String> = report.reasons.iter().map(ToString::to_string).collect();
                format!("{OUTCOME_MARK}blocked: {}", reasons.join("; "))
            }
            Self::Failed => format!("{OUTCOME_MARK}failed: {}", report.message),
            Self::OverrideMalformed(tag) => format!("override-malformed {} {}", tag.resource, tag.value),
            Self::OverrideOver(tag) => format!("override-expired {} {}", tag.resource, tag.value),
            // Once a year.
            Self::HolidaysEnd(calendar) => format!("{} {} {}", self.name(), calendar.last, calendar.years),
        }
    }
}

/// Before the marks of how runs end, of which only one can be true.
const OUTCOME_MARK: &str = "outcome ";

/// Whether what was told is still true, so that it need not be told again.
pub fn is_still_true(mark: &str, now: &[Event], report: &Report) -> bool {
    if is_well(report) {
        return now.iter().any(|event| event.news() == News::WhileTrue && event.mark(report) == mark);
    }
    let is_outcome = |event: &&Event| event.mark(report).starts_with(OUTCOME_MARK);
    match now.iter().find(is_outcome) {
        // Blocked yesterday and blocked again today are two events only if something else was true in between.
        Some(event) if mark.starts_with(OUTCOME_MARK) => event.mark(report) == mark,
        Some(_) | None if mark.starts_with(OUTCOME_MARK) || mark == Event::NotReady.name() => true,
        Some(_) | None => now.iter().any(|event| event.mark(report) == mark),
    }
}

/// Whether a run ended in a way that makes an earlier failure or block a thing of the past.
fn is_well(report: &Report) -> bool {
    match report.outcome {
        Outcome::Converged | Outcome::Unchanged => true,
        Outcome::InProgress | Outcome::Skipped | Outcome::Busy | Outcome::Blocked | Outcome::Failed => false,
    }
}

/// What there is to tell about how a run ended, if anything.
pub fn about_outcome(report: &Report) -> Option<Event> {
    match (report.outcome, report.target) {
        (Outcome::Converged, Some(Target::Up)) if report.ready.is_some() => Some(Event::Ready),
        (Outcome::Converged, Some(Target::Up)) => Some(Event::Up),
        (Outcome::Converged, Some(Target::Down)) => Some(Event::Down),
        (Outcome::Blocked, _) => Some(Event::Blocked),
        (Outcome::Failed, _) => Some(Event::Failed),
        (Outcome::InProgress, Some(Target::Up)) => {
            let late = report.moving_since.is_some_and(|since| report.ended_at - since >= NOT_READY_AFTER);
            late.then_some(Event::NotReady)
        }
        (Outcome::Converged, None)
        | (Outcome::InProgress, Some(Target::Down) | None)
        | (Outcome::Unchanged | Outcome::Skipped | Outcome::Busy, _) => None,
    }
}

/// What there is to tell about override tags.
pub fn about_overrides(overrides: &Overrides) -> Vec<Event> {
    let malformed = overrides.malformed.iter().cloned().map(Event::OverrideMalformed);
    // A hold that is over is Curfew's own, and cleared away.
    let of_people = overrides.expired.iter().filter(|tag| tag.origin == Origin::Person);
    malformed.chain(of_people.cloned().map(Event::OverrideOver)).collect()
}
