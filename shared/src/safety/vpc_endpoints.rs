//! VPC endpoints that are somebody else's, could not come back, or could not be made.

use super::identity::not_ours;
use super::{Reason, ReasonKind, unsupported};
use crate::model::*;

const STAYS: &str = "change that, or let it stay at night: take it out of the blueprint";

pub(super) fn vpc_endpoints(seen: &Observation, target: Target, reasons: &mut Vec<Reason>) {
    for (name, found) in &seen.vpc_endpoints {
        let resource = format!("VPC endpoint {name}");
        if let Some(endpoint) = found.standing() {
            if let Some(reason) = not_ours(&resource, &endpoint.ownership) {
                reasons.push(reason);
            } else if target == Target::Down {
                reasons.extend(endpoint.unsupported.iter().map(|what| unsupported(&resource, what, STAYS)));
            }
            continue;
        }
        // It stays, and has the service's names, until it is deleted; a night does that.
        let failures = seen.failed_vpc_endpoints.get(name).map_or(&[][..], Vec::as_slice);
        if target == Target::Up && !failures.is_empty() {
            reasons.push(Reason {
                kind: ReasonKind::KeepsFailing,
                resource,
                problem: format!("could not be made: {}", failures.join("; ")),
                remedy: "fix what AWS names and delete it; Curfew makes it again".to_owned(),
            });
        }
    }
}
