//! The override that a manual start or stop leaves behind (the thermostat rule).

use super::Ending;
use super::session::Session;
use crate::decide::hold_change;
use crate::model::*;
use crate::overrides::Overrides;
use crate::ports::World;

/// The change of the cluster's tags that this run brings with it, if any.
pub(super) fn change<W: World>(session: &Session<'_, W>, overrides: &Overrides) -> Option<Action> {
    let request = session.request;
    hold_change(session.report.started_at, &request.blueprint.schedule, overrides, request.command.as_ref())
}

/// Makes it, before anything else: else the next tick would undo what the run does.
pub(super) async fn perform<W: World>(session: &mut Session<'_, W>, change: Action) -> Result<(), Ending> {
    let tier = session.request.blueprint.tier.clone();
    let performed = session.perform(&tier, &change).await;
    performed
        .map_err(|error| Ending::failed(format!("the override could not be set, so nothing else was touched: {error}")))
}
