//! What AWS would refuse to stop, and what is somebody else's: said before anything is deleted.

use super::{Reason, ReasonKind, foreign};
use crate::model::*;

pub(super) fn databases(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.databases {
        let resource = format!("database {name}");
        match found {
            Seen::Pending(database) | Seen::Ready(database) => {
                if let Ownership::Foreign { id, environment } = &database.ownership {
                    reasons.push(foreign(resource, &id.to_string(), environment.as_ref()));
                } else if target == Target::Down {
                    reasons.extend(database.unsupported.iter().map(|what| cannot_be_stopped(&resource, what)));
                }
            }
            Seen::Absent => reasons.push(Reason {
                kind: ReasonKind::Missing,
                resource,
                problem: "does not exist".to_owned(),
                remedy: "correct its `type` and `identifier`, or take it out of the blueprint".to_owned(),
            }),
            Seen::Leaving(_) if target == Target::Up => reasons.push(Reason {
                kind: ReasonKind::Missing,
                resource,
                problem: "is being deleted, and not by Curfew".to_owned(),
                remedy: "restore it, or take it out of the blueprint".to_owned(),
            }),
            Seen::Leaving(_) | Seen::Unknown(_) => {}
        }
    }
}

fn cannot_be_stopped(resource: &str, what: &str) -> Reason {
    Reason {
        kind: ReasonKind::Unsupported,
        resource: resource.to_owned(),
        problem: format!("cannot be stopped: {what}"),
        remedy: "take it out of the blueprint, or change it".to_owned(),
    }
}
