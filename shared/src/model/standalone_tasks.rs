//! Tasks that no service started: scheduled ones, and those that somebody runs by hand.

use std::collections::BTreeSet;
use std::time::Duration;

use deserr::Deserr;
use serde::Serialize;

use super::night_wait::NightWait;
use crate::blueprint::Problems;

/// What a night does for them: nobody stops them, and what they may need stays for them up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct StandaloneTasks {
    /// For so long after a night has begun, NAT gateways and databases stay while such a task runs.
    #[deserr(default = HALF_AN_HOUR)]
    pub wait_up_to: NightWait,
}

/// Long enough for what is run every hour, short enough to cost cents.
const HALF_AN_HOUR: NightWait = NightWait::of(Duration::from_secs(30 * 60));

impl Default for StandaloneTasks {
    fn default() -> Self {
        Self { wait_up_to: HALF_AN_HOUR }
    }
}

impl StandaloneTasks {
    /// Whether nothing was said of them.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A task of the environment's cluster that no service started, and that nobody has told to stop.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StandaloneTask {
    /// Its task definition with its revision: `report:7`.
    pub task_definition: String,
    /// Its id: the last part of its ARN.
    pub id: String,
}

/// So many are named; of more, only how many there are.
const NAMED: usize = 5;

/// Names tasks by their definitions, as people know them.
pub fn named(tasks: &BTreeSet<StandaloneTask>) -> String {
    let mut names: Vec<&str> = tasks.iter().take(NAMED).map(|task| task.task_definition.as_str()).collect();
    let more = format!("{} more", tasks.len().saturating_sub(NAMED));
    if tasks.len() > NAMED {
        names.push(&more);
    }
    names.join(", ")
}
