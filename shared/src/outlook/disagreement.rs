//! Where two schedules say different things.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::stretches::{Stretch, stretches};
use crate::schedule::{Schedule, State};

/// A stretch of time, `[from, to)`, in which two schedules say different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first after it.
    pub to: DateTime<Utc>,
    /// What the first schedule says.
    pub a: State,
    /// What the second says.
    pub b: State,
}

/// All stretches from one instant to another in which two schedules differ, in their order; none touches another with
/// the same two states.
pub fn disagreements(a: &Schedule, b: &Schedule, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Disagreement> {
    let (a, b) = (stretches(a, from, to), stretches(b, from, to));
    let mut found = Vec::new();
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        found.extend(common(one, other));
        let (until, until_other) = (one.to, other.to);
        if until <= until_other {
            left.next();
        }
        if until_other <= until {
            right.next();
        }
    }
    found
}

/// What two stretches have in common, if they say different things there.
fn common(a: &Stretch, b: &Stretch) -> Option<Disagreement> {
    let found = Disagreement { from: a.from.max(b.from), to: a.to.min(b.to), a: a.state, b: b.state };
    (found.a != found.b && found.from < found.to).then_some(found)
}
