//! Tasks that no service started: nobody stops them, and what they may need stays for them up to the blueprint's limit.

use std::collections::BTreeSet;

use super::{Waiting, Work};
use crate::model::*;

/// The tasks for which everything stays that they may need; none any more once the limit is over.
fn waited_for<'a>(tier: &RuntimeTier, seen: &'a Observation) -> Option<&'a BTreeSet<StandaloneTask>> {
    let tasks = seen.standalone_tasks.as_ref().and_then(Seen::present)?;
    (seen.going_down_for < tier.standalone_tasks.wait_up_to.duration()).then_some(tasks)
}

/// Whether what such a task may need can go; else it is waited for.
pub(super) fn let_go(tier: &RuntimeTier, seen: &Observation, work: &mut Work) -> bool {
    let Some(tasks) = waited_for(tier, seen) else { return true };
    let up_to = tier.standalone_tasks.wait_up_to;
    let waiting = Waiting::StandaloneTasksEnded { tasks: tasks.clone(), up_to };
    if !work.waiting.contains(&waiting) {
        work.wait(waiting);
    }
    false
}
