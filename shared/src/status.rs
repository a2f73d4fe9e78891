//! A look at an environment that changes nothing: what `curfew status` and `curfew plan` show.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::blueprint::Blueprint;
use crate::decide::{Because, Decision, Verdict, decide};
use crate::forecast::{Forecast, forecast};
use crate::model::*;
use crate::money::{HourlyCost, Prices, hourly};
use crate::overrides::Overrides;
use crate::ports::{Clock, Cloud, Scope, Store, StoreError, World};
use crate::recording::{InvalidRecording, Recording};
use crate::run::{base_tier, effective_tier, timetable};
use crate::schedule::ZoneRules;
use crate::state::{State, recording_document, state_document};
use crate::timetable::NextStart;

/// Why an environment could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum NoStatus {
    /// The override tags could not be read.
    #[error("the override tags could not be read: {0}")]
    Overrides(#[from] Unobserved),
    /// The state bucket did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state is not one.
    #[error("the state cannot be read: {0}")]
    State(#[from] serde_json::Error),
    /// The recording is not one.
    #[error(transparent)]
    Recording(#[from] InvalidRecording),
}

/// An environment as it is and should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// When it was looked at.
    pub at: DateTime<Utc>,
    /// Which one.
    pub environment: EnvironmentName,
    /// What it should be, and why.
    pub decision: Decision,
    /// When the schedule starts it, if it is down by the schedule.
    pub next_start: Option<NextStart>,
    /// Override tags.
    pub overrides: Overrides,
    /// What is remembered.
    pub state: State,
    /// What is there.
    pub observation: Observation,
    /// The tier a run would work with.
    pub tier: RuntimeTier,
    /// What it costs an hour, where prices are known.
    pub cost: Option<HourlyCost>,
    /// Which rules of time zones count.
    pub zones: ZoneRules,
}

/// Looks at an environment.
///
/// # Errors
/// What could not be read. A resource that could not be observed is no error: it is `Unknown`.
pub async fn status<W: World>(world: &W, blueprint: &Blueprint) -> Result<Status, NoStatus> {
    let at = world.clock().now();
    let scope =
        |tier, identities| Scope { environment: &blueprint.environment, cluster: &blueprint.cluster, tier, identities };
    let found = world.cloud().overrides(scope(&blueprint.tier, &NOTHING_KNOWN)).await?;
    let overrides = Overrides::read(&found, at);
    let state = state(world.store(), &blueprint.environment).await?;
    let zones = ZoneRules::of(&blueprint.schedule, state.zones.as_ref());
    let timetable = timetable(blueprint, &state);
    let decision = decide(at, &timetable, &overrides, None);
    let next_start = match (decision.verdict, &decision.because) {
        (Verdict::Be(Target::Down) | Verdict::LeaveAsItIs, Because::Schedule) => timetable.next_start(at),
        (Verdict::Be(_) | Verdict::LeaveAsItIs, _) => None,
    };
    let recording = match world.store().get(&recording_document(&blueprint.environment)).await? {
        Some((body, _)) => Some(Recording::parse(&body)?),
        None => None,
    };
    let base = base_tier(blueprint, state.phase, recording.as_ref());
    let observation = world
        .cloud()
        .observe(scope(&base, &state.identities), &Part::for_preview(&base), &Observation::default())
        .await;
    let observation = Observation { going_down_for: state.going_down_for(at), ..observation };
    let tier = effective_tier(&base, &observation, state.phase);
    let cost = Prices::of(&blueprint.region).map(|prices| hourly(&tier, &prices));
    let environment = blueprint.environment.clone();
    Ok(Status { at, environment, decision, next_start, overrides, state, observation, tier, cost, zones })
}

/// What is remembered of an environment.
///
/// # Errors
/// If the store does not answer, or what it has is no state.
pub async fn state(store: &impl Store, environment: &EnvironmentName) -> Result<State, NoStatus> {
    Ok(match store.get(&state_document(environment)).await? {
        Some((body, _)) => State::parse(&body)?,
        None => State::default(),
    })
}

impl Status {
    /// What a run towards a target would do.
    pub fn forecast(&self, blueprint: &Blueprint, target: Target) -> Forecast {
        forecast(&blueprint.environment, &self.tier, &self.observation, target)
    }
}
