//! What people should hear about databases, besides the actions themselves.

use super::session::Session;
use crate::model::*;
use crate::ports::World;
use crate::state::Phase;

/// Says why a database is stopped in the middle of a night, and that one is left as a person left it.
///
/// To be called with the actions of a step, before the run sets out with them.
pub(super) fn note<W: World>(session: &mut Session<'_, W>, tier: &RuntimeTier, target: Target, actions: &[Action]) {
    let was = session.state.phase;
    let mut notes = Vec::new();
    for action in actions {
        if let Action::StopDbInstance { name, .. } | Action::StopDbCluster { name, .. } = action
            && was == Some(Phase::Down)
        {
            notes.push(format!(
                "database {name} ran although the environment is down (AWS starts a stopped one by itself after 7 days): it is \
                 stopped again"
            ));
        }
    }
    for name in left_stopped(tier, &session.seen) {
        match (target, was) {
            (Target::Down, Some(Phase::Up | Phase::Raised)) => {
                notes.push(format!("database {name} is stopped already: it is recorded so, and not started in the morning"));
            }
            (Target::Up, Some(Phase::Down | Phase::Lowering) | None) => notes.push(format!(
                "database {name} was stopped before the evening or is declared so (`whileUp: stopped`): it is left stopped, and \
                 no service waits for it"
            )),
            (Target::Down, Some(Phase::Raising | Phase::Lowering | Phase::Down) | None)
            | (Target::Up, Some(Phase::Raising | Phase::Raised | Phase::Up)) => {}
        }
    }
    session.note_once(notes);
}

fn left_stopped<'a>(tier: &'a RuntimeTier, seen: &'a Observation) -> impl Iterator<Item = LogicalName> + 'a {
    let is_stopped = |name: &LogicalName| {
        let found = seen.databases.get(name).and_then(Seen::standing);
        found.is_some_and(|found| matches!(found.status.doing(), Doing::Stopped | Doing::Stopping))
    };
    let left = tier.databases.iter().filter(|(_, wanted)| wanted.while_up == DatabaseWhileUp::Stopped);
    left.map(|(name, _)| name).filter(move |name| is_stopped(name)).cloned()
}
