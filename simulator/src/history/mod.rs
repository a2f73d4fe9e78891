//! Random histories: days in the life of an environment, with everything that can go wrong, from one seed.
//!
//! First things go wrong, then they stop, then a night and a morning must bring back exactly what was there. The
//! laws are checked after every single action.

mod alarms;
mod base_tier;
mod expected;
mod foreign;
mod losses;
mod mishaps;
mod missing;
mod others;
mod plan;
mod play;
mod variation;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;

use crate::environment::Example;
use crate::laws::Violation;
use crate::trace::Trace;

pub use plan::{Happening, Plan};
pub use play::{play, play_days};

/// A history that was played.
#[derive(Debug, Clone)]
pub struct History {
    /// The seed it came from.
    pub seed: u64,
    /// Over how many days it was played, if that was asked for.
    pub days: Option<u16>,
    /// Its environment.
    pub example: Example,
    /// What happened.
    pub trace: Trace,
    /// What must be true and was not.
    pub violations: Vec<Violation>,
    /// How many actions were judged.
    pub actions: u64,
    /// How often what happened: what the seeds have covered.
    pub covered: BTreeMap<&'static str, u64>,
}

impl History {
    /// The command that plays it again.
    pub fn replay(&self) -> String {
        let days = self.days.map(|days| format!(" --days {days}")).unwrap_or_default();
        format!("cargo simulate --seed {}{days}", self.seed)
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, environment {}", self.seed, self.example)?;
        self.trace.fmt(f)?;
        for violation in &self.violations {
            writeln!(f, "{}  BROKEN  {}", violation.at.format("%a %d %b %H:%M:%S%.3f"), violation.what)?;
        }
        if self.violations.is_empty() { Ok(()) } else { writeln!(f, "play it again: {}", self.replay()) }
    }
}
