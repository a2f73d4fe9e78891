//! After the last action: tell people, write down what happened, give the lease back.

use chrono::TimeDelta;

use super::session::Session;
use super::{Ending, Mode, kept_up};
use crate::notify::{self, Event, News};
use crate::ports::{NotSent, Notifier, World};
use crate::report::{Outcome, Report};
use crate::state::{PastRun, Phase, State};

/// Between two ticks.
const TICK: TimeDelta = TimeDelta::minutes(5);

/// Ends a run: one write at the most, and only when there is something to remember.
pub(super) async fn finish<W: World>(mut session: Session<'_, W>, ending: Ending) -> Report {
    session.report.outcome = ending.outcome;
    session.report.ended_at = session.now();
    session.report.next_check = match ending.outcome {
        Outcome::InProgress | Outcome::Busy | Outcome::Failed => Some(session.report.ended_at + TICK),
        Outcome::Unchanged | Outcome::Converged | Outcome::Skipped | Outcome::Blocked => None,
    };
    session.report.message = match (&ending.message[..], session.report.target) {
        ("", Some(target)) => notify::converged(&session.report, target),
        (message, _) => message.to_owned(),
    };
    session.report_memory();
    // While another run holds the lease, its state is its own: a write would take the lease from it.
    if session.request.mode == Mode::DryRun || session.report.outcome == Outcome::Busy {
        return session.report;
    }
    if !session.loaded && (!has_more_to_do(&session) || session.load_state().await.is_err()) {
        return session.report;
    }
    if session.wait_for_nobody().is_err() && !session.holds_lease() {
        return session.report;
    }
    let before = session.state.clone();
    kept_up::note(&mut session);
    if let Some(phase) = ending.phase {
        session.enter(phase);
    }
    session.report_memory();
    // The run's own, or one that is over: `wait_for_nobody` found nobody else's.
    session.state.lease = None;
    tell(&mut session).await;
    if is_memorable(&session, &before) {
        remember(&mut session);
    }
    if session.state != session.stored
        && let Err(ending) = session.write_state().await
    {
        session.report.notes.push(ending.message);
    }
    session.report
}

impl<W: World> Session<'_, W> {
    fn holds_lease(&self) -> bool {
        self.holds_lease_of(&self.state)
    }

    fn holds_lease_of(&self, state: &State) -> bool {
        state.lease.as_ref().is_some_and(|lease| lease.run == self.request.run)
    }
}

/// A run that skips before it looks at the state is remembered all the same if somebody asked for it, and tells of
/// override tags once.
fn has_more_to_do<W: World>(session: &Session<'_, W>) -> bool {
    let overrides = &session.overrides;
    let has_news = !overrides.malformed.is_empty() || !overrides.expired.is_empty();
    session.report.outcome == Outcome::Skipped && (has_news || session.request.command.is_some())
}

/// The history keeps what was asked for, changed or found, not every tick.
fn is_memorable<W: World>(session: &Session<'_, W>, before: &State) -> bool {
    let after = &session.state;
    session.request.command.is_some()
        || session.holds_lease_of(before)
        || !session.report.actions.is_empty()
        || before.told != after.told
        || before.phase != after.phase
        || reminders(before) != reminders(after)
}

fn remember<W: World>(session: &mut Session<'_, W>) {
    let report = &session.report;
    let run = PastRun {
        run: report.run.clone(),
        trigger: report.trigger.clone(),
        target: report.target,
        because: report.because.clone(),
        started_at: report.started_at,
        ended_at: report.ended_at,
        outcome: report.outcome,
        actions: report.actions.clone(),
    };
    if matches!(session.state.phase, Some(Phase::Up | Phase::Down)) {
        session.state.moving_since = None;
    }
    session.state.remember(run);
}

/// How often somebody was reminded of the override that keeps the environment up.
fn reminders(state: &State) -> i64 {
    state.kept_up.as_ref().map_or(0, |kept_up| kept_up.reminders)
}

/// Sends what has not been told yet, and forgets what is no longer true.
async fn tell<W: World>(session: &mut Session<'_, W>) {
    let mut events: Vec<Event> = notify::about_outcome(&session.report).into_iter().collect();
    events.extend(notify::about_overrides(&session.overrides));
    events.extend(session.schedule.running_out(session.report.started_at).map(Event::HolidaysEnd));
    let report = &session.report;
    session.state.told.retain(|mark| notify::is_still_true(mark, &events, report));
    for event in events {
        let mark = event.mark(&session.report);
        if !session.state.told.contains(&mark) && send(session, &event).await {
            match event.news() {
                News::EachTime => {}
                News::WhileUnwell | News::WhileTrue => {
                    session.state.told.insert(mark);
                }
            }
        }
    }
    if let Some((reminder, count)) = kept_up::reminder(session)
        && send(session, &Event::KeptUp(reminder)).await
        && let Some(kept_up) = &mut session.state.kept_up
    {
        kept_up.reminders = count;
    }
}

/// Sends a message; whether anybody was told. Who was not is noted in the report.
async fn send<W: World>(session: &mut Session<'_, W>, event: &Event) -> bool {
    let zone = session.schedule.zone();
    let message = notify::message(event, &session.report, zone);
    let sent = session.world.notifier().send(&message).await;
    session.report.notes.extend(sent.as_ref().err().map(ToString::to_string));
    match sent {
        Ok(()) | Err(NotSent::ToSome(_)) => true,
        Err(NotSent::ToAnybody(_)) => false,
    }
}
