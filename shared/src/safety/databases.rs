//! Databases that AWS would refuse to stop, and those that are somebody else's.

use super::Reason;
use super::standing::{Words, judge};
use crate::model::*;

pub(super) fn databases(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.databases {
        let words = Words {
            resource: format!("database {name}"),
            named_by: "`type` and `identifier`",
            leaving: "being deleted",
            instead: "restore it",
        };
        judge(words, found, |database| (&database.ownership, &database.unsupported), target, reasons);
    }
}
