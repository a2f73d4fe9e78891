//! What people should hear about instances, besides the actions themselves.

use super::session::Session;
use crate::model::*;
use crate::ports::World;
use crate::state::Phase;

/// Says that one is left as a person left it, and that the address of one will be another one in the morning.
///
/// To be called with the actions of a step, before the run sets out with them.
pub(super) fn note<W: World>(session: &mut Session<'_, W>, tier: &RuntimeTier, target: Target) {
    let was = session.state.phase;
    let mut notes = Vec::new();
    for name in left_stopped(tier, &session.seen) {
        match (target, was) {
            (Target::Down, Some(Phase::Up | Phase::Raised)) => {
                notes.push(format!("instance {name} is stopped already: it is recorded so, and not started in the morning"));
            }
            (Target::Up, Some(Phase::Down | Phase::Lowering) | None) => notes.push(format!(
                "instance {name} was stopped before the evening or is declared so (`whileUp: stopped`): it is left stopped"
            )),
            (Target::Down, Some(Phase::Raising | Phase::Lowering | Phase::Down) | None)
            | (Target::Up, Some(Phase::Raising | Phase::Raised | Phase::Up)) => {}
        }
    }
    match target {
        Target::Down => notes.extend(passing_addresses(&session.seen)),
        Target::Up => {}
    }
    session.note_once(notes);
}

/// Which public addresses are lost when their instances stop, in words.
pub fn passing_addresses(seen: &Observation) -> Vec<String> {
    let running = seen.instances.iter().filter_map(|(name, found)| Some((name, found.standing()?)));
    let passing = running.filter_map(|(name, found)| Some((name, found.passing_address?)));
    passing
        .map(|(name, address)| {
            format!(
                "instance {name} loses its public address {address} when it stops and has another one in the morning; an \
                 elastic IP would stay"
            )
        })
        .collect()
}

fn left_stopped<'a>(tier: &'a RuntimeTier, seen: &'a Observation) -> impl Iterator<Item = LogicalName> + 'a {
    let is_stopped = |name: &LogicalName| {
        let found = seen.instances.get(name).and_then(Seen::standing);
        found.is_some_and(|found| matches!(found.state, InstanceState::Stopped | InstanceState::Stopping))
    };
    let left = tier.instances.iter().filter(|(_, wanted)| wanted.while_up == InstanceWhileUp::Stopped);
    left.map(|(name, _)| name).filter(move |name| is_stopped(name)).cloned()
}
