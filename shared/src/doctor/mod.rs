//! Who else manages what Curfew takes away and brings back: what CloudFormation and Terraform claim, what follows from it,
//! what an apply made again while the environment was down, and how the
//! state bucket keeps what a morning rests on. Read-only.
//!
//! ```text
//!   states ──> read ──┐
//!   tags ─────────────┼─> claims ──> duplicates, advice
//!   tier, observed ───┘
//! ```

mod advice;
pub mod bucket;
mod by_terraform;
mod claims;
mod cloudformation;
mod duplicates;
mod evidence;
mod hcl;
mod others;
mod place;
pub mod terraform;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::blueprint::Blueprint;
use crate::capture::{Finder, mentioned};
use crate::model::{EnvironmentName, Foreign, Unobserved};
use crate::safety::{self, Reason};
use crate::schedule::ZoneRules;
use crate::status::Status;

use bucket::{Keeper, Weakness, untold, weaknesses};

pub use advice::{Language, Paste, Step};
pub use by_terraform::State;
pub use claims::{Claim, Claimant, Effect, Field, Thing, Which};
pub use duplicates::{Duplicate, Position};
pub use place::{Found, Place};

/// What was found out about an environment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Examination {
    /// Which environment.
    pub environment: EnvironmentName,
    /// How much each stack and each state claims.
    pub claimants: BTreeMap<String, usize>,
    /// All claims.
    pub claims: Vec<Claim>,
    /// What is there twice, or in the place of Curfew's own.
    pub duplicates: Vec<Duplicate>,
    /// What carries the environment's tags and is not what the blueprint means by them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<Foreign>,
    /// What to do, in order.
    pub advice: Vec<Step>,
    /// Which rules of time zones count.
    pub zones: ZoneRules,
    /// What a person should know of the schedule's clocks: that newer rules are stored, that two sources disagree.
    pub clocks: Vec<String>,
    /// Who else uses what goes, and may not be without it.
    pub other_users: Vec<Reason>,
    /// What could not come back in the morning.
    pub lacks: Vec<Reason>,
    /// What the state bucket should do and does not.
    pub bucket: Vec<Weakness>,
    /// Routes that lead to a NAT gateway that is gone, and that the blueprint does not list.
    pub black_holes: Vec<String>,
    /// What was looked at for claims.
    pub looked_at: Vec<String>,
    /// What goes at night and was made by something that nobody has told of.
    pub unexplained: Vec<Thing>,
    /// What could not be looked at, with the reason: nobody can say that nothing is the matter with it.
    pub unknown: Vec<String>,
    /// Where ids and names are written that are others each morning.
    pub mentions: Vec<String>,
}

/// Whether anything has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Nothing that goes at night is claimed, there twice, or used by others, who made it is known, and all of it could come
    /// back; no document can be lost for good.
    Sound,
    /// Something is.
    Ailing,
    /// It cannot be told: not all could be looked at, or something was made by nobody who was asked.
    Unclear,
}

impl Examination {
    /// Whether somebody claims what goes at night.
    pub fn is_claimed(&self) -> bool {
        self.claims.iter().any(|claim| claim.effect == Effect::Replaced)
    }

    /// Whether anything has to be done. What only drifts in place is no reason: nobody can see whether it is ignored already.
    pub fn finding(&self) -> Finding {
        let lists = [self.duplicates.len(), self.foreign.len(), self.other_users.len(), self.lacks.len()];
        let is_in_danger = self.bucket.iter().any(|weakness| weakness.is_dangerous);
        if self.is_claimed() || is_in_danger || lists.iter().any(|count| *count > 0) {
            Finding::Ailing
        } else if self.unknown.is_empty() && self.unexplained.is_empty() {
            Finding::Sound
        } else {
            Finding::Unclear
        }
    }
}

/// Examines an environment that has just been looked at.
pub async fn examine(
    finder: &impl Finder,
    keeper: &impl Keeper,
    blueprint: &Blueprint,
    status: &Status,
    states: &[State],
) -> Examination {
    let (safeguards, network, nat_gateways, addresses, load_balancers, ecs, databases, vpc_endpoints, compute) = tokio::join!(
        keeper.safeguards(),
        finder.network(),
        finder.nat_gateways(),
        finder.addresses(),
        finder.load_balancers(),
        finder.ecs(),
        finder.databases(),
        finder.vpc_endpoints(),
        finder.compute()
    );
    let mut unknown: Vec<String> =
        status.observation.unknowns().into_iter().map(|(resource, why)| format!("{resource}: {why}")).collect();
    let found = Found {
        network: known("route tables", network, &mut unknown),
        nat_gateways: known("NAT gateways", nat_gateways, &mut unknown),
        addresses: known("elastic IPs", addresses, &mut unknown),
        load_balancers: known("load balancers", load_balancers, &mut unknown),
        ecs: known("clusters and services", ecs, &mut unknown),
        databases: known("databases", databases, &mut unknown),
        vpc_endpoints: known("VPC endpoints", vpc_endpoints, &mut unknown),
        compute: known("instances and Auto Scaling groups", compute, &mut unknown),
    };
    let place = Place {
        environment: &blueprint.environment,
        region: &blueprint.region,
        cluster: &blueprint.cluster,
        tier: &status.tier,
        seen: &status.observation,
        found: &found,
    };
    unknown.extend(untold(&safeguards));
    let bucket = weaknesses(&safeguards);
    let stored = status.state.zones.as_ref();
    let mut clocks = status.zones.warnings(&blueprint.schedule, stored, status.at);
    clocks.extend(blueprint.schedule.running_out(status.at).map(|calendar| calendar.to_string()));
    let mentions = match &found.ecs {
        Some(ecs) => mentioned(finder, &status.tier, &status.observation, ecs, &blueprint.cluster).await,
        None => Vec::new(),
    };
    Examination { unknown, bucket, mentions, zones: status.zones.clone(), clocks, ..diagnose(place, states) }
}

fn known<T>(what: &str, answer: Result<T, Unobserved>, unknown: &mut Vec<String>) -> Option<T> {
    answer.map_err(|why| unknown.push(format!("{what}: {why}"))).ok()
}

/// What follows from what is there, and from what states say.
pub fn diagnose(place: Place<'_>, states: &[State]) -> Examination {
    let mut claims = cloudformation::claims(place);
    claims.extend(by_terraform::claims(place, states));
    claims.sort();
    claims.dedup();
    let untold = cloudformation::untold(place, &claims);
    Examination {
        environment: place.environment.clone(),
        claimants: advice::counted(&claims),
        duplicates: duplicates::duplicates(place, &claims),
        foreign: place.seen.foreign.values().flatten().cloned().collect(),
        other_users: others::barred(place),
        lacks: safety::needs::lacks(place.seen).collect(),
        bucket: Vec::new(),
        black_holes: others::black_holes(place).iter().map(ToString::to_string).collect(),
        advice: advice::advice(place.region, &claims, states, untold.as_ref()),
        looked_at: evidence::looked_at(states),
        unexplained: evidence::unexplained(place, &claims, states),
        claims,
        zones: ZoneRules::default(),
        clocks: Vec::new(),
        mentions: Vec::new(),
        unknown: Vec::new(),
    }
}
