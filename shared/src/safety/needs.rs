//! What the next morning would not find: what needs it is refused before it goes (invariant 8).

use super::{Reason, ReasonKind};
use crate::model::*;

/// Everything that could not come back, if it went.
pub(super) fn needs(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    match target {
        // On the way up AWS itself says what it misses, and all else comes up.
        Target::Up => {}
        Target::Down => reasons.extend(lacks(seen)),
    }
}

/// The same for whoever examines an environment, whether it is up or down.
pub fn lacks(seen: &Observation) -> impl Iterator<Item = Reason> {
    seen.lacks.iter().filter_map(Seen::present).flatten().map(reason)
}

/// So many of those that need something are named; a listener may have a hundred rules.
const NAMED: usize = 3;

fn reason(lack: &Lack) -> Reason {
    let Lack { needed, shortcoming, needed_by } = lack;
    let kind = match shortcoming {
        Shortcoming::Missing => ReasonKind::Missing,
        Shortcoming::Unfit(_) => ReasonKind::Unsupported,
    };
    let mut by: Vec<String> = needed_by.iter().take(NAMED).cloned().collect();
    let more = needed_by.len() - by.len();
    by.extend((more > 0).then(|| format!("{more} more")));
    let remedy = match (needed, shortcoming) {
        (Needed::Certificate(_), Shortcoming::Missing) => "use another one",
        (Needed::Certificate(_), Shortcoming::Unfit(_)) => "renew it, or use another one that is issued",
        (Needed::TlsPolicy(_), _) => "use one that `aws elbv2 describe-ssl-policies` lists",
        (Needed::TargetGroup(_) | Needed::Subnet(_) | Needed::SecurityGroup(_), _) => {
            "use another one, or leave it out"
        }
    };
    Reason {
        kind,
        resource: needed.to_string(),
        problem: format!("{shortcoming}, and without it these could not come back in the morning: {}", by.join(", ")),
        remedy: format!("{remedy}, in the blueprint and where it stands"),
    }
}
