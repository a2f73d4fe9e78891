//! People who delete and garble Curfew's documents, and put the version before back later, as docs/recovery.md tells them.

use std::fmt;

use chrono::TimeDelta;
use curfew_core::model::EnvironmentName;
use fastrand::Rng;
use serde_json::Value;

use super::plan::{Happening, Plan};
use crate::world::{Inner, Simulation};

/// One of the two documents that a run depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// `state.json`
    State,
    /// `recording.json`
    Recording,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It is deleted.
    Deleted,
    /// It is `{}`.
    Emptied,
    /// It breaks off in the middle.
    CutOff,
    /// A field has another name.
    Misspelt,
    /// It is replaced by that of another environment.
    Foreign,
}

/// What somebody does to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Which one.
    pub which: Which,
    /// What becomes of it.
    pub damage: Damage,
}

/// A document as it was, and as it is damaged; none if it is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    which: Which,
    before: String,
    after: Option<String>,
}

impl Plan {
    /// Draws who loses what; drawn after all else, so that it changes nothing else of a seed.
    pub(super) fn lose_documents(&mut self, random: &mut Rng) {
        if random.u8(0..3) > 0 {
            return;
        }
        let span = (self.calms_down - self.begins).num_seconds();
        for _ in 0..random.u8(1..=3) {
            let at = self.begins + TimeDelta::seconds(random.i64(0..span));
            let which = if random.bool() { Which::State } else { Which::Recording };
            let damages = [Damage::Deleted, Damage::Emptied, Damage::CutOff, Damage::Misspelt, Damage::Foreign];
            // Deleted is what happens most.
            let damage = if random.bool() { Damage::Deleted } else { damages[random.usize(0..damages.len())] };
            let repaired = at + TimeDelta::minutes(random.i64(3..16 * 60));
            self.happenings.push((at, Happening::Loses(Loss { which, damage })));
            self.happenings.push((repaired.min(self.calms_down), Happening::Repairs));
        }
    }
}

impl Simulation {
    /// Somebody does it, if the document is there.
    pub(super) fn lose(&self, environment: &EnvironmentName, loss: Loss) -> Option<Lost> {
        let now = self.now();
        let mut inner = self.now_inner();
        let Inner { account, documents, laws, trace, .. } = &mut *inner;
        // Of a resource without tags nothing but the state knows whose it is.
        if loss.which == Which::State && account.is_stripped() {
            return None;
        }
        let name = loss.which.of(environment);
        let before = documents.get(&name)?.to_owned();
        let after = loss.damage.done_to(&before);
        documents.set_by_hand(&name, after.clone(), now);
        laws.document_lost(now);
        trace.add(now, format!("somebody: {name} {loss}"));
        Some(Lost { which: loss.which, before, after })
    }

    /// Puts the version before back, where nothing better is there by now.
    pub(super) fn repair(&self, environment: &EnvironmentName, lost: &Lost) {
        let now = self.now();
        let mut inner = self.now_inner();
        let Inner { documents, trace, .. } = &mut *inner;
        let name = lost.which.of(environment);
        if lost.is_still(documents.get(&name)) {
            documents.set_by_hand(&name, Some(lost.before.clone()), now);
            trace.add(now, format!("somebody puts the version before of {name} back"));
        }
    }
}

impl Lost {
    /// Whether it is as it was left, or a state that says of itself that it was lost.
    fn is_still(&self, there: Option<&str>) -> bool {
        let says_so = |text: &str| {
            let value: Value = serde_json::from_str(text).unwrap_or_default();
            value["phase"].is_null() && value["recording"] == "unnamed"
        };
        there == self.after.as_deref() || self.which == Which::State && there.is_some_and(says_so)
    }
}

impl Which {
    fn of(self, environment: &EnvironmentName) -> String {
        match self {
            Self::State => format!("{environment}/state.json"),
            Self::Recording => format!("{environment}/recording.json"),
        }
    }
}

impl Damage {
    fn done_to(self, text: &str) -> Option<String> {
        match self {
            Self::Deleted => None,
            Self::Emptied => Some("{}".to_owned()),
            Self::CutOff => Some(text.chars().take(text.chars().count() / 2).collect()),
            // Each document has one of these.
            Self::Misspelt => Some(text.replace("\"phase\"", "\"fase\"").replace("\"observed\"", "\"obsreved\"")),
            Self::Foreign => Some(text.replace("\"environment\": \"", "\"environment\": \"other-")),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is {:?}", self.damage)
    }
}
