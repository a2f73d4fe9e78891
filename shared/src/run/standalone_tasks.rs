//! What people should hear about tasks that no service started, besides that they are waited for.

use super::session::Session;
use crate::model::*;
use crate::ports::World;

/// Says which tasks are cut off by what is done now.
pub(super) fn note<W: World>(session: &mut Session<'_, W>, actions: &[Action]) {
    let Some(tasks) = session.seen.standalone_tasks.as_ref().and_then(Seen::present) else { return };
    let what = |action: &Action| match action {
        Action::DeleteNatGateway { name, nat_gateway } => {
            let in_place = session.seen.nat_gateways.get(name).and_then(Seen::present);
            in_place.is_some_and(|found| found.ownership.id() == nat_gateway.id()).then_some("deleted")
        }
        Action::DeleteVpcEndpoints { name, vpc_endpoint } => {
            let in_place = session.seen.vpc_endpoints.get(name).and_then(Seen::present);
            in_place.is_some_and(|found| found.ownership.id() == vpc_endpoint.id()).then_some("deleted")
        }
        action => action.takes_what_tasks_need().then_some("stopped"),
    };
    let note = |action: &Action| {
        let what = what(action)?;
        Some(format!("{} is {what} while tasks of no service still run: {}", action.subject(), named(tasks)))
    };
    let notes: Vec<String> = actions.iter().filter_map(note).collect();
    session.note_once(notes);
}
