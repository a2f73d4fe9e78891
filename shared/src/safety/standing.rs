//! What a night only stops, and never makes or deletes: it has to be there, be this environment's, and be able to stop.

use std::fmt::Display;

use super::{Reason, ReasonKind, foreign};
use crate::model::*;

/// What people are told of something that stays while the environment is down.
pub(super) struct Words {
    /// `database main`
    pub(super) resource: String,
    /// The fields of the blueprint that say which it is: "`id`".
    pub(super) named_by: &'static str,
    /// "being deleted"
    pub(super) leaving: &'static str,
    /// What to do about one that leaves: "restore it".
    pub(super) instead: &'static str,
}

/// Why nothing may be done to it; `of` tells of one that is there whose it is, and why it cannot be stopped.
pub(super) fn judge<T, Id: Display>(
    words: Words,
    seen: &Seen<T>,
    of: impl Fn(&T) -> (&Ownership<Id>, &[String]),
    target: Target,
    reasons: &mut Vec<Reason>,
) {
    let Words { resource, named_by, leaving, instead } = words;
    match seen {
        Seen::Pending(found) | Seen::Ready(found) => {
            let (ownership, unsupported) = of(found);
            if let Ownership::Foreign { id, environment } = ownership {
                reasons.push(foreign(resource, &id.to_string(), environment.as_ref()));
            } else if target == Target::Down {
                reasons.extend(unsupported.iter().map(|what| cannot_be_stopped(&resource, what)));
            }
        }
        Seen::Absent => reasons.push(Reason {
            kind: ReasonKind::Missing,
            resource,
            problem: "does not exist".to_owned(),
            remedy: format!("correct its {named_by}, or take it out of the blueprint"),
        }),
        Seen::Leaving(_) if target == Target::Up => reasons.push(Reason {
            kind: ReasonKind::Missing,
            resource,
            problem: format!("is {leaving}, and not by Curfew"),
            remedy: format!("{instead}, or take it out of the blueprint"),
        }),
        Seen::Leaving(_) | Seen::Unknown(_) => {}
    }
}

fn cannot_be_stopped(resource: &str, what: &str) -> Reason {
    Reason {
        kind: ReasonKind::Unsupported,
        resource: resource.to_owned(),
        problem: format!("cannot be stopped: {what}"),
        remedy: "change that, or let it run at night: take it out of the blueprint".to_owned(),
    }
}
