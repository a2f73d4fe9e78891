//! A look at an environment that changes nothing: what `curfew status` and `curfew plan` show.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::blueprint::Blueprint;
use crate::decide::{Because, Decision, Verdict, decide};
use crate::documents::{find_recording, find_state, home, lost, strange};
use crate::forecast::{Forecast, ForecastEnd, forecast};
use crate::model::*;
use crate::money::{HourlyCost, Prices, hourly};
use crate::next::{Step, Waiting, next};
use crate::overrides::Overrides;
use crate::ports::{Clock, Cloud, Scope, StoreError, World};
use crate::recording::{Recording, RecordingId};
use crate::run::{base_tier, effective_tier, is_whole, morning_tier, timetable};
use crate::safety::Reason;
use crate::schedule::ZoneRules;
use crate::state::State;
use crate::stored::{Home, InvalidDocument};
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
    /// A stored document cannot be used.
    #[error(transparent)]
    Document(#[from] InvalidDocument),
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
    /// What is wrong with the documents, so that a run would touch nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Reason>,
    /// Whether all that was recorded is there; only asked where the state is lost.
    #[serde(skip)]
    pub is_whole: bool,
}

/// Looks at an environment.
///
/// # Errors
/// What could not be read. A resource that could not be observed is no error: it is `Unknown`.
pub async fn status<W: World>(world: &W, blueprint: &Blueprint) -> Result<Status, NoStatus> {
    look(world, blueprint).await.map(|(status, _)| status)
}

/// The same, with the recording.
async fn look<W: World>(world: &W, blueprint: &Blueprint) -> Result<(Status, Option<Recording>), NoStatus> {
    let at = world.clock().now();
    let (home, found) = home(world, blueprint).await?;
    let overrides = Overrides::read(&found.tags, at);
    let recording = find_recording(world.store(), &home).await?.recording?;
    let found = find_state(world.store(), &home).await?;
    let lease = found.lease().cloned();
    let state = State { lease, ..found.state? };
    let documents = problems(&blueprint.environment, &state, recording.as_ref());
    let zones = ZoneRules::of(&blueprint.schedule, state.zones.as_ref());
    let timetable = timetable(blueprint, &state);
    let decision = decide(at, &timetable, &overrides, None);
    let next_start = match (decision.verdict, &decision.because) {
        (Verdict::Be(Target::Down) | Verdict::LeaveAsItIs, Because::Schedule) => timetable.next_start(at),
        (Verdict::Be(_) | Verdict::LeaveAsItIs, _) => None,
    };
    let base = base_tier(blueprint, state.phase, recording.as_ref().map(|(recording, _)| recording));
    let observation = world
        .cloud()
        .observe(scope_of(blueprint, &base, &state.identities), &Part::for_preview(&base), &Observation::default())
        .await;
    let observation = Observation { going_down_for: state.going_down_for(at), ..observation };
    let tier = effective_tier(&base, &observation, state.phase);
    let cost = Prices::of(&blueprint.region).map(|prices| hourly(&tier, &prices));
    let is_whole =
        !state.is_lost() || is_whole(blueprint, recording.as_ref().map(|(recording, _)| recording), &observation);
    let environment = blueprint.environment.clone();
    let status = Status {
        is_whole,
        at,
        environment,
        decision,
        next_start,
        overrides,
        state,
        observation,
        tier,
        cost,
        zones,
        documents,
    };
    Ok((status, recording.map(|(recording, _)| recording)))
}

fn scope_of<'a>(blueprint: &'a Blueprint, tier: &'a RuntimeTier, identities: &'a Identities) -> Scope<'a> {
    Scope { environment: &blueprint.environment, cluster: &blueprint.cluster, tier, identities }
}

/// What is remembered of an environment, and whose documents those are; a look at its tags and its state alone.
///
/// # Errors
/// What could not be read.
pub async fn remembered<W: World>(world: &W, blueprint: &Blueprint) -> Result<(Home, State), NoStatus> {
    let (home, _) = home(world, blueprint).await?;
    let state = find_state(world.store(), &home).await?.state?;
    Ok((home, state))
}

/// What would keep a run from touching anything.
fn problems(environment: &EnvironmentName, state: &State, recording: Option<&(Recording, RecordingId)>) -> Vec<Reason> {
    if state.is_lost() {
        return vec![lost(environment)];
    }
    let named = state.recording.as_ref().filter(|_| state.rests_on_recording());
    named.and_then(|named| strange(environment, named, recording)).into_iter().collect()
}

/// The same with who else uses what goes at night, and with what the next morning would not find: what a plan and an
/// examination have to know besides.
///
/// # Errors
/// As [`status`].
pub async fn preview<W: World>(world: &W, blueprint: &Blueprint) -> Result<Status, NoStatus> {
    let (mut status, recording) = look(world, blueprint).await?;
    if status.tier.may_have_other_users() {
        let Status { tier, state, .. } = &status;
        let scope = scope_of(blueprint, tier, &state.identities);
        let others = world.cloud().observe(scope, &[Part::OtherUsers].into(), &status.observation).await;
        status.observation.update(others);
    }
    let Status { tier, state, observation, .. } = &status;
    let tier = &morning_tier(blueprint, state, recording.as_ref(), tier, observation);
    let scope = scope_of(blueprint, tier, &state.identities);
    let lacks = world.cloud().observe(scope, &[Part::Needs].into(), observation).await;
    status.observation.update(lacks);
    Ok(status)
}

impl Status {
    /// What it still lacks until it serves, if Curfew has brought it up: as a run would say it.
    pub fn waiting(&self) -> Vec<Waiting> {
        let is_up = self.state.phase.is_some_and(Phase::is_settled) && self.state.phase != Some(Phase::Down);
        match next(&self.environment, &self.tier, &self.observation, Target::Up) {
            Step::Wait { on, .. } if is_up => on,
            Step::Wait { .. } | Step::Act(_) | Step::Done | Step::Blocked(_) | Step::Missing(_) => Vec::new(),
        }
    }

    /// What a run towards a target would do.
    pub fn forecast(&self, blueprint: &Blueprint, target: Target) -> Forecast {
        let foreseen = self.foresee(blueprint, target);
        let does_nothing = foreseen.waves.is_empty() && foreseen.end == ForecastEnd::Done;
        let tells = self.state.is_lost() && (target == Target::Down || self.is_whole);
        if self.documents.is_empty() || does_nothing && tells {
            return foreseen;
        }
        Forecast { end: ForecastEnd::Blocked(self.documents.clone()), waves: Vec::new(), ..foreseen }
    }

    fn foresee(&self, blueprint: &Blueprint, target: Target) -> Forecast {
        let mut seen = self.observation.clone();
        if self.state.has_set_out_down() {
            // What an evening has begun is brought to its end.
            seen.lacks = None;
        }
        forecast(&blueprint.environment, &self.tier, &seen, target)
    }
}
