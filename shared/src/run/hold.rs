//! The override that a manual start or stop leaves behind (the thermostat rule).

use super::Ending;
use super::session::Session;
use crate::decide::{Command, hold_change};
use crate::model::*;
use crate::overrides::Overrides;
use crate::ports::World;
use crate::retain::ManualStart;
use crate::schedule::State;

/// The change of the cluster's tags that this run brings with it, if any.
pub(super) fn change<W: World>(session: &Session<'_, W>, overrides: &Overrides) -> Option<Action> {
    let request = session.request;
    let timetable = super::timetable(&request.blueprint, &session.state);
    hold_change(session.report.started_at, &timetable, overrides, request.command.as_ref())
}

/// Makes it, before anything else: else the next tick would undo what the run does.
pub(super) async fn perform<W: World>(session: &mut Session<'_, W>, change: Action) -> Result<(), Ending> {
    let tier = session.request.blueprint.tier.clone();
    let performed = session.perform(&tier, &change).await;
    performed
        .map_err(|error| Ending::failed(format!("the override could not be set, so nothing else was touched: {error}")))
}

/// Remembers who started it by hand outside every window, until it goes down: the end of the next one is not for them.
///
/// Written with the lease, before the first action: a run that dies must not leave behind what the evening takes away.
pub(super) fn note_manual_start<W: World>(session: &mut Session<'_, W>, target: Target) {
    let at = session.report.started_at;
    match (target, &session.request.command) {
        (Target::Down, _) => session.state.manual_start = None,
        (Target::Up, Some(Command::Manual { .. })) => {
            let in_window = super::timetable(&session.request.blueprint, &session.state).at(at) == State::Up;
            if !in_window {
                session.state.manual_start = Some(ManualStart { by: session.report.trigger.clone(), at });
            }
        }
        (Target::Up, Some(Command::Scheduled(_)) | None) => {}
    }
}
