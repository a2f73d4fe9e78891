//! Instances that could not be stopped or not come back, groups whose instances would not go, and what is somebody else's:
//! said before anything is touched.

use super::{Reason, ReasonKind, foreign};
use crate::model::*;

pub(super) fn instances(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.instances {
        let resource = format!("instance {name}");
        match found {
            Seen::Pending(instance) | Seen::Ready(instance) => {
                if let Ownership::Foreign { id, environment } = &instance.ownership {
                    reasons.push(foreign(resource, id.as_str(), environment.as_ref()));
                } else if target == Target::Down {
                    reasons.extend(instance.unsupported.iter().map(|what| cannot_be_stopped(&resource, what)));
                }
            }
            Seen::Absent => reasons.push(Reason {
                kind: ReasonKind::Missing,
                resource,
                problem: "does not exist".to_owned(),
                remedy: "correct its `id`, or take it out of the blueprint".to_owned(),
            }),
            Seen::Leaving(_) if target == Target::Up => reasons.push(Reason {
                kind: ReasonKind::Missing,
                resource,
                problem: "is being terminated, and not by Curfew".to_owned(),
                remedy: "name another one, or take it out of the blueprint".to_owned(),
            }),
            Seen::Leaving(_) | Seen::Unknown(_) => {}
        }
    }
}

pub(super) fn groups(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.auto_scaling_groups {
        let resource = format!("Auto Scaling group {name}");
        match found {
            Seen::Pending(group) | Seen::Ready(group) => {
                if let Ownership::Foreign { id, environment } = &group.ownership {
                    reasons.push(foreign(resource, id.as_str(), environment.as_ref()));
                } else if target == Target::Down {
                    reasons.extend(group.unsupported.iter().map(|what| cannot_be_stopped(&resource, what)));
                }
            }
            Seen::Absent => reasons.push(Reason {
                kind: ReasonKind::Missing,
                resource,
                problem: "does not exist".to_owned(),
                remedy: "correct its `name`, or take it out of the blueprint".to_owned(),
            }),
            Seen::Leaving(_) if target == Target::Up => reasons.push(Reason {
                kind: ReasonKind::Missing,
                resource,
                problem: "is being deleted, and not by Curfew".to_owned(),
                remedy: "make it again, or take it out of the blueprint".to_owned(),
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
