//! Since when an override has kept the environment up against its schedule.

use chrono::{DateTime, TimeDelta, Utc};

use super::session::Session;
use crate::decide::{Because, Verdict, decide};
use crate::kept_up::{KeptUp, Reminder};
use crate::model::Target;
use crate::overrides::Overrides;
use crate::ports::World;
use crate::schedule::State;
use crate::state::Phase;

/// Remembers it from the run on that finds it so, and forgets it when something else decides.
pub(super) fn note<W: World>(session: &mut Session<'_, W>) {
    let Some(decision) = session.report.decision.clone() else { return };
    let now = session.report.started_at;
    let before = session.state.kept_up.take();
    session.state.kept_up = match (&decision.because, decision.verdict) {
        (Because::Override(tag), Verdict::Be(Target::Up)) => KeptUp::by(before, tag, otherwise(session, now), now),
        (
            Because::Override(_)
            | Because::Schedule
            | Because::Ahead { .. }
            | Because::Retained(_)
            | Because::UnderWay
            | Because::Malformed(_)
            | Because::Manual,
            _,
        ) => None,
    };
}

/// What the environment would be without overrides.
fn otherwise<W: World>(session: &Session<'_, W>, now: DateTime<Utc>) -> State {
    let timetable = super::timetable(&session.request.blueprint, &session.state);
    match decide(now, &timetable, &Overrides::default(), None).verdict {
        Verdict::Be(Target::Up) => State::Up,
        Verdict::Be(Target::Down) => State::Down,
        Verdict::LeaveAsItIs => State::Leave,
    }
}

/// The reminder that is due, if one is, and how many there have been with it.
pub(super) fn reminder<W: World>(session: &Session<'_, W>) -> Option<(Reminder, i64)> {
    let kept_up = session.state.kept_up.as_ref().filter(|_| session.state.phase == Some(Phase::Up))?;
    let Because::Override(tag) = &session.report.decision.as_ref()?.because else { return None };
    let beyond = kept_up.beyond(&session.schedule, session.report.ended_at);
    let due = KeptUp::due(beyond);
    (due > kept_up.reminders).then(|| {
        let usd = session.report.cost.as_ref().map(|cost| in_cents((cost.up - cost.down) * hours(beyond)));
        let reminder = Reminder { tag: tag.clone(), since: kept_up.since, beyond_seconds: beyond.num_seconds(), usd };
        (reminder, due)
    })
}

/// An estimate has no use for more.
fn in_cents(usd: f64) -> f64 {
    (usd * 100.0).round() / 100.0
}

fn hours(duration: TimeDelta) -> f64 {
    duration.as_seconds_f64() / 3600.0
}
