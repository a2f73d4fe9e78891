//! One change after the other.

use chrono::{DateTime, Utc};

use super::{Change, Schedule};

impl Schedule {
    /// All changes after an instant, in their order; of most schedules there is no last one.
    pub fn changes(&self, after: DateTime<Utc>) -> impl Iterator<Item = Change> {
        std::iter::successors(self.next_change(after), |change| self.next_change(change.at))
    }
}
