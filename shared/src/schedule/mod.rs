//! When an environment should be up. For now one window line; the grammar grows in `parse`.
//!
//! Half-open windows `[start, end)` in an IANA zone. A boundary in a spring gap takes effect at the first instant after
//! the gap; a boundary in the repeated autumn hour starts at its first occurrence and ends at its last.

mod days;
mod parse;
mod window;

use std::fmt;

use chrono::{DateTime, Utc};

use crate::model::Target;
pub use days::Days;
pub use parse::InvalidSchedule;
pub use window::Window;

/// When an environment should be up.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    window: Window,
}

impl Schedule {
    /// What the environment should be at an instant, by the schedule alone.
    pub fn at(&self, instant: DateTime<Utc>) -> Target {
        if self.window.contains(instant) { Target::Up } else { Target::Down }
    }

    /// The first instant after this one at which that changes; none of a schedule that never does.
    pub fn next_change(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.window.next_boundary(after)
    }

    /// The zone people read its times in.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.window.zone
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.window.fmt(f)
    }
}
