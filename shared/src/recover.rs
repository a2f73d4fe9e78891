//! How a person goes on when a stored document is lost or is another one. Documents are written, conditionally, and
//! nothing else is touched; the versions before stay in the bucket.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::blueprint::Blueprint;
use crate::documents::{FoundRecording, FoundState, find_recording, find_state, home, lost, strange};
use crate::model::{EnvironmentName, Target, Unobserved};
use crate::ports::{Clock, Store, StoreError, World};
use crate::recording::Recording;
use crate::report::Outcome;
use crate::run::Mode;
use crate::state::{PastRun, Phase, Recorded, State, recording_document, state_document};
use crate::stored::{Home, InvalidDocument};

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// The state is lost: the environment is down, or on its way, and the recording says what it should be again.
    StateDown,
    /// The state is lost: the environment is up, and what is there counts.
    StateUp,
    /// The recording that is there is the one to go on with.
    Recording,
    /// There is no recording to go on with: the blueprint alone counts.
    WithoutRecording,
}

/// Who decides it, and as which run it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is decided.
    pub recovery: Recovery,
    /// By whom.
    pub requested_by: Option<String>,
    /// The id under which the history keeps it.
    pub run: String,
    /// Whether anything is written.
    pub mode: Mode,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovered {
    /// The environment.
    pub environment: EnvironmentName,
    /// `Unchanged` if there was nothing to recover.
    pub outcome: Outcome,
    /// In a sentence.
    pub message: String,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum NoRecovery {
    /// The override tags could not be read, which tell the account.
    #[error("the environment's cluster could not be read, so nothing was written: {0}")]
    Cluster(#[from] Unobserved),
    /// The state bucket did not answer, or somebody else wrote first.
    #[error("nothing was written: {0}")]
    Store(#[from] StoreError),
    /// The recording is not one.
    #[error("nothing was written: {0}")]
    Recording(InvalidDocument),
    /// The state is not one, and it is not what is to be recovered.
    #[error("nothing was written: {0}")]
    State(InvalidDocument),
    /// There is no recording to go on with.
    #[error(
        "there is no {0}, so nothing was written; put one of its versions back, or go on with `recover without-recording`"
    )]
    NoRecording(String),
    /// The state is lost, which has to be recovered first.
    #[error("nothing was written: {0}")]
    Lost(crate::safety::Reason),
    /// A run works on the environment.
    #[error("{0} works on it; nothing was written. Try again in two minutes")]
    Busy(String),
}

/// What is there.
struct There {
    home: Home,
    state: FoundState,
    recording: FoundRecording,
}

/// Does what a person decides.
///
/// # Errors
/// What kept it from being done; nothing was written then.
pub async fn recover<W: World>(world: &W, blueprint: &Blueprint, request: &Request) -> Result<Recovered, NoRecovery> {
    let environment = &blueprint.environment;
    let there = look(world, blueprint).await?;
    let answer = |outcome, message: String| Recovered { environment: environment.clone(), outcome, message };
    if let Some(lease) = there.state.lease() {
        return Err(NoRecovery::Busy(lease.trigger.clone()));
    }
    let now = world.clock().now();
    let (mut state, recording, message) = match decide(blueprint, request, &there, now)? {
        Decided::Nothing(message) => return Ok(answer(Outcome::Unchanged, message)),
        Decided::Write(state, recording, message) => (*state, recording, message),
    };
    if request.mode == Mode::DryRun {
        return Ok(answer(Outcome::Unchanged, format!("would write {}: {message}", state_document(environment))));
    }
    if let Some(text) = recording {
        let over = there.recording.condition();
        world.store().put(&recording_document(environment), &text, over).await?;
    }
    state.lease = None;
    state.told.clear();
    state.remember(past_run(request, &message, now));
    let over = there.state.condition();
    world.store().put(&state_document(environment), &state.to_json(&there.home), over).await?;
    Ok(answer(Outcome::Converged, message))
}

enum Decided {
    /// There is nothing to recover.
    Nothing(String),
    /// A state is written, before it perhaps a recording.
    Write(Box<State>, Option<String>, String),
}

fn decide(blueprint: &Blueprint, request: &Request, there: &There, now: DateTime<Utc>) -> Result<Decided, NoRecovery> {
    let environment = &blueprint.environment;
    match request.recovery {
        Recovery::StateDown => anew(environment, Phase::Down, there, now),
        Recovery::StateUp => anew(environment, Phase::Up, there, now),
        Recovery::Recording => with_recording(environment, there),
        Recovery::WithoutRecording => without_recording(blueprint, request, there, now),
    }
}

/// A new state in the place of one that is lost.
fn anew(environment: &EnvironmentName, phase: Phase, there: &There, now: DateTime<Utc>) -> Result<Decided, NoRecovery> {
    if there.state.stored.is_some()
        && let Ok(state) = &there.state.state
        && !state.is_lost()
    {
        let document = state_document(environment);
        return Ok(Decided::Nothing(format!("{document} can be read; there is nothing to recover")));
    }
    let named = match &there.recording.recording {
        Ok(there) => there.as_ref().map(|(_, id)| Recorded::This(id.clone())),
        // What is to become of that is the next thing to decide.
        Err(_) => Some(Recorded::Unnamed),
    };
    let message = match (phase, &named) {
        (Phase::Up | Phase::Raised | Phase::Raising, _) => {
            format!("{environment} counts as up: what is there counts, and the next evening records it")
        }
        (Phase::Down | Phase::Lowering, Some(Recorded::This(id))) => {
            format!("{environment} counts as down, and comes up again as the recording says: {id}")
        }
        (Phase::Down | Phase::Lowering, Some(Recorded::Unnamed)) => {
            format!("{environment} counts as down; its recording cannot be read, and has to be recovered next")
        }
        (Phase::Down | Phase::Lowering, None) => format!(
            "{environment} counts as down, and comes up again as the blueprint says, because there is no recording: what was \
             changed by hand since is not among it"
        ),
    };
    let state = State { phase: Some(phase), recording: named, moving_since: Some(now), ..State::default() };
    Ok(Decided::Write(Box::new(state), None, message))
}

fn with_recording(environment: &EnvironmentName, there: &There) -> Result<Decided, NoRecovery> {
    let state = readable(environment, there)?;
    let recording = there.recording.recording.as_ref().map_err(|invalid| NoRecovery::Recording(invalid.clone()))?;
    let Some((recording, id)) = recording else {
        return Err(NoRecovery::NoRecording(recording_document(environment)));
    };
    let named = state.recording.as_ref();
    if named.is_some_and(|named| named.admits(id, recording.replaces.as_deref())) {
        return Ok(Decided::Nothing(format!("the recording belongs to the state already: {id}")));
    }
    let message = format!("{environment} comes up again as this recording says: {id}");
    let state = State { recording: Some(Recorded::This(id.clone())), ..state };
    Ok(Decided::Write(Box::new(state), None, message))
}

/// A recording of what the blueprint says, in the place of the one that is gone: from then on the documents agree again.
fn without_recording(
    blueprint: &Blueprint,
    request: &Request,
    there: &There,
    now: DateTime<Utc>,
) -> Result<Decided, NoRecovery> {
    let environment = &blueprint.environment;
    let state = readable(environment, there)?;
    let is_fine = match (&state.recording, &there.recording.recording) {
        (None, Ok(_)) => true,
        (Some(named), Ok(there)) => strange(environment, named, there.as_ref()).is_none(),
        (None | Some(_), Err(_)) => false,
    };
    if is_fine {
        return Ok(Decided::Nothing("nothing is missing that the state names; there is nothing to recover".to_owned()));
    }
    let message =
        format!("{environment} comes up again as the blueprint says: what was changed by hand since is not among it");
    let recording = Recording {
        recorded_at: now,
        run: request.run.clone(),
        replaces: state.recording.as_ref().and_then(Recorded::checksum).map(str::to_owned),
        declared: blueprint.tier.clone(),
        observed: blueprint.tier.clone(),
    };
    let text = recording.to_json(blueprint, &there.home);
    let named = Some(Recorded::This(recording.id(&text)));
    // What the last morning brought is no measure for one that comes from the blueprint alone.
    let state = State { recording: named, last_morning: None, ..state };
    Ok(Decided::Write(Box::new(state), Some(text), message))
}

/// The state, which has to be one before anything can be said of its recording.
fn readable(environment: &EnvironmentName, there: &There) -> Result<State, NoRecovery> {
    let state = there.state.state.clone().map_err(NoRecovery::State)?;
    let is_there = there.state.stored.is_some() && !state.is_lost();
    if is_there { Ok(state) } else { Err(NoRecovery::Lost(lost(environment))) }
}

async fn look<W: World>(world: &W, blueprint: &Blueprint) -> Result<There, NoRecovery> {
    let (home, _) = home(world, blueprint).await?;
    let state = find_state(world.store(), &home).await?;
    let recording = find_recording(world.store(), &home).await?;
    Ok(There { home, state, recording })
}

fn past_run(request: &Request, message: &str, now: DateTime<Utc>) -> PastRun {
    let by = request.requested_by.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
    PastRun {
        run: request.run.clone(),
        trigger: format!("{}{by}", request.recovery),
        target: None::<Target>,
        because: message.to_owned(),
        started_at: now,
        ended_at: now,
        outcome: Outcome::Converged,
        actions: Vec::new(),
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StateDown => "recover state down",
            Self::StateUp => "recover state up",
            Self::Recording => "recover recording",
            Self::WithoutRecording => "recover without-recording",
        })
    }
}
