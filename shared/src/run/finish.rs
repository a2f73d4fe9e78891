//! After the last action: tell people, write down what happened, give the lease back.

use chrono::TimeDelta;

use super::session::Session;
use super::{Ending, Mode};
use crate::notify::{self, Notice, OUTCOME_MARK};
use crate::ports::{Notifier, World};
use crate::recording::tier_document;
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
    if let Some(phase) = ending.phase {
        session.state.phase = Some(phase);
        session.note_applied(phase);
        if phase == Phase::Up {
            session.state.ready(session.report.ended_at);
        }
    }
    if session.holds_lease() || session.state.lease.as_ref().is_some_and(|lease| !lease.holds(session.report.ended_at))
    {
        session.state.lease = None;
    }
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
    /// An environment that is up before Curfew ever raised it counts as made from the blueprint of its first run.
    fn note_applied(&mut self, phase: Phase) {
        if phase == Phase::Up && self.state.applied.is_none() {
            self.state.applied = Some(tier_document(&self.request.blueprint, &self.request.blueprint.tier));
        }
    }

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

/// Sends what has not been told yet, and forgets what is no longer true.
async fn tell<W: World>(session: &mut Session<'_, W>) {
    let outcome = notify::about_outcome(&session.report);
    let overrides = notify::about_overrides(&session.report, &session.overrides);
    let still_true = |mark: &String| match mark.strip_prefix(OUTCOME_MARK) {
        // Blocked yesterday and blocked again today are two events only if something else was true in between.
        Some(_) => outcome.as_ref().is_none_or(|notice| notice.mark == *mark) && !is_well(&session.report),
        None => overrides.iter().any(|notice| notice.mark == *mark),
    };
    session.state.told.retain(still_true);
    let lasting = !is_well(&session.report);
    for (notice, remembered) in
        outcome.into_iter().map(|n| (n, lasting)).chain(overrides.into_iter().map(|n| (n, true)))
    {
        send(session, notice, remembered).await;
    }
}

/// Whether a run ended in a way that makes an earlier failure or block a thing of the past.
fn is_well(report: &Report) -> bool {
    match report.outcome {
        Outcome::Converged | Outcome::Unchanged => true,
        Outcome::InProgress | Outcome::Skipped | Outcome::Busy | Outcome::Blocked | Outcome::Failed => false,
    }
}

async fn send<W: World>(session: &mut Session<'_, W>, notice: Notice, remembered: bool) {
    if session.state.told.contains(&notice.mark) {
        return;
    }
    match session.world.notifier().send(&notice.message).await {
        Ok(()) if remembered => {
            session.state.told.insert(notice.mark);
        }
        Ok(()) => {}
        Err(error) => session.report.notes.push(error.to_string()),
    }
}
