//! What Curfew remembers of an environment: `<environment>/state.json`, readable by a person.

mod identities;
mod last_morning;
mod lease;
mod read;
mod recorded;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kept_up::KeptUp;
use crate::lead::{MORNINGS, Morning};
use crate::ledger::Ledger;
use crate::model::{EnvironmentName, Identities, Target};
use crate::report::{Outcome, PerformedAction};
use crate::retain::ManualStart;
use crate::stored::Document;
use crate::zones::{StoredZones, Zone};

pub use crate::model::Phase;
pub use last_morning::{LastMorning, revisions};
pub use lease::{Lease, MARGIN, TERM};
pub use recorded::Recorded;

/// A run as the history keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PastRun {
    /// Its id.
    pub run: String,
    /// What started it.
    pub trigger: String,
    /// What it was for.
    pub target: Option<Target>,
    /// Why.
    pub because: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// How it ended.
    pub outcome: Outcome,
    /// What it did.
    pub actions: Vec<PerformedAction>,
}

/// What Curfew remembers of an environment, besides its recording.
///
/// Each field is always written, `null` where there is nothing to say: one that is missing was lost or misspelt.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct State {
    /// Who works on the environment now.
    pub lease: Option<Lease>,
    /// How far it has come; nothing before the first run that changed something.
    pub phase: Option<Phase>,
    /// Which recording belongs to this state; none before the first one, and where a person went on without it.
    pub recording: Option<Recorded>,
    /// When it last began to come up or go down.
    pub moving_since: Option<DateTime<Utc>>,
    /// When it last began to come up after it had been down; nothing once it is ready, or goes down again.
    pub morning_since: Option<DateTime<Utc>>,
    /// How long the last mornings took, newest last.
    pub mornings: VecDeque<Morning>,
    /// What was there when the last morning was over.
    pub last_morning: Option<LastMorning>,
    /// How long it was down this month; nothing before its first evening under Curfew.
    pub ledger: Option<Ledger>,
    /// The override that has kept it up against its schedule, while it does.
    pub kept_up: Option<KeptUp>,
    /// Who started it by hand outside every window, until it goes down.
    pub manual_start: Option<ManualStart>,
    /// Which resources are the environment's, by id, and what Curfew made.
    pub identities: Identities,
    /// The blueprint's tier when it was last applied, as a document.
    pub applied: Option<Value>,
    /// Rules of the schedule's time zones that were given; they count while they are newer than the program's.
    pub zones: Option<StoredZones>,
    /// What people have been told and need not be told again, while it lasts.
    pub told: BTreeSet<String>,
    /// The last runs that did or found something, newest last.
    pub history: VecDeque<PastRun>,
}

/// So many runs are kept.
pub const HISTORY: usize = 200;

impl State {
    /// Where it is on its way to, if it is on one.
    pub fn under_way(&self) -> Option<Target> {
        match self.phase? {
            Phase::Raising | Phase::Raised => Some(Target::Up),
            Phase::Lowering => Some(Target::Down),
            Phase::Up | Phase::Down => None,
        }
    }

    /// Whether it is down, or a night's work has begun.
    pub fn has_set_out_down(&self) -> bool {
        matches!(self.phase, Some(Phase::Lowering | Phase::Down))
    }

    /// For how long it has been on its way down; not at all if it is on none.
    pub fn going_down_for(&self, now: DateTime<Utc>) -> Duration {
        let since = self.moving_since.filter(|_| self.phase == Some(Phase::Lowering));
        since.and_then(|since| (now - since).to_std().ok()).unwrap_or_default()
    }

    /// Begins to measure a morning, if it is one: what is only fixed by day says nothing about mornings. A night is
    /// over when a run sets out, whereto ever.
    pub fn set_out(&mut self, target: Target, now: DateTime<Utc>, zone: Zone) {
        if self.phase == Some(Phase::Down) {
            self.ledger = self.ledger.take().map(|ledger| ledger.comes_up(now, zone));
        }
        match (target, self.phase) {
            (Target::Up, Some(Phase::Down)) => self.morning_since = Some(now),
            (Target::Up, Some(Phase::Raising | Phase::Raised | Phase::Up | Phase::Lowering) | None) => {}
            (Target::Down, Some(_) | None) => self.morning_since = None,
        }
    }

    /// Remembers how long a morning took that is ready now, and forgets the oldest. One in which a run failed or was
    /// blocked tells how long a person took, not how long mornings take.
    pub fn ready(&mut self, now: DateTime<Utc>) {
        let Some(since) = self.morning_since.take() else { return };
        let went_wrong = |run: &PastRun| match run.outcome {
            Outcome::Failed | Outcome::Blocked => run.started_at >= since,
            Outcome::Unchanged | Outcome::Converged | Outcome::InProgress | Outcome::Skipped | Outcome::Busy => false,
        };
        if self.history.iter().any(went_wrong) {
            return;
        }
        self.mornings.push_back(Morning { ready_at: now, seconds: (now - since).num_seconds() });
        while self.mornings.len() > MORNINGS {
            self.mornings.pop_front();
        }
    }

    /// Adds a run and forgets the oldest.
    pub fn remember(&mut self, run: PastRun) {
        self.history.push_back(run);
        while self.history.len() > HISTORY {
            self.history.pop_front();
        }
    }
}

/// Where an environment's state is.
pub fn state_document(environment: &EnvironmentName) -> String {
    Document::State.of(environment)
}

/// Where an environment's recording is.
pub fn recording_document(environment: &EnvironmentName) -> String {
    Document::Recording.of(environment)
}
