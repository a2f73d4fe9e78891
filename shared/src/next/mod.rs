//! Which actions are possible and needed right now.
//!
//! Dependencies are preconditions on what is observed, not edges in a stored graph. No plan is stored anywhere: after
//! a crash the next run observes again and goes on.

mod alarms;
mod compute;
mod databases;
mod down;
mod draining;
mod order;
mod scaling;
mod standalone_tasks;
mod up;
mod vpc_endpoints;
mod waiting;

use std::time::Duration;

use serde::Serialize;

use crate::model::*;
use crate::safety::{self, Reason, missing};

pub use waiting::{Waiting, held_back, worth_a_look};

/// What is to be done next.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Step {
    /// Perform these, at the same time.
    Act(Vec<Action>),
    /// Nothing but wait.
    Wait {
        /// For these.
        on: Vec<Waiting>,
        /// And look again after so long.
        #[serde(skip)]
        poll_after: Duration,
    },
    /// Everything is as it should be.
    Done,
    /// Nothing may be touched.
    Blocked(Vec<Reason>),
    /// Everything is as it should be but for what is missing, and what depends on that.
    Missing(Vec<Reason>),
}

/// Between two looks at what AWS is doing. The SDK's own waiters look every 15 s and waste half of that (facts §1).
pub const POLL: Duration = Duration::from_secs(4);

/// Answers what is possible and needed right now to bring the tier to a target. Pure.
///
/// Blocked reasons come first and all at once; then, while anything is unknown, nothing is done (invariant 4). What is
/// missing blocks only what depends on it: everything else goes on, and the reasons come when nothing else is left to do.
pub fn next(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation, target: Target) -> Step {
    let reasons = safety::reasons(tier, seen, target);
    if !reasons.is_empty() {
        return Step::Blocked(reasons);
    }
    let unknowns = seen.unknowns();
    if !unknowns.is_empty() {
        let on = unknowns.into_iter().map(|(subject, why)| Waiting::Observed { subject, why: why.clone() }).collect();
        return Step::Wait { on, poll_after: POLL };
    }
    let missing = missing::of(tier, seen, target);
    let tier = missing.as_ref().map_or(tier, |missing| &missing.possible);
    let Work { actions, waiting } = match target {
        Target::Up => up::work(environment, tier, seen),
        Target::Down => down::work(tier, seen),
    };
    if !actions.is_empty() {
        Step::Act(actions)
    } else if !waiting.is_empty() {
        Step::Wait { on: waiting, poll_after: POLL }
    } else {
        missing.map_or(Step::Done, |missing| Step::Missing(missing.reasons))
    }
}

/// What can be done now, and what has to be waited for.
#[derive(Debug, Default)]
struct Work {
    actions: Vec<Action>,
    waiting: Vec<Waiting>,
}

impl Work {
    fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    fn wait(&mut self, waiting: Waiting) {
        self.waiting.push(waiting);
    }
}

/// DNS changes, one batch for each zone: Route 53 makes all of a batch or none.
fn record_batches(changes: Vec<RecordChange>) -> impl Iterator<Item = Action> {
    let mut zones: std::collections::BTreeMap<HostedZoneId, Vec<RecordChange>> = Default::default();
    for change in changes {
        zones.entry(change.key.zone.clone()).or_default().push(change);
    }
    zones.into_iter().map(|(zone, changes)| Action::ChangeResourceRecordSets { zone, changes })
}
