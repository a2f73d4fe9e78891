//! What the state bucket has of an environment: its state and its recording, and whether the two belong together.

use crate::blueprint::Blueprint;
use crate::model::{EnvironmentName, NOTHING_KNOWN, Unobserved};
use crate::ports::{Cloud, Condition, FoundOverrides, Scope, Store, StoreError, Stored, World};
use crate::recording::{Recording, RecordingId};
use crate::safety::{Reason, ReasonKind};
use crate::state::{Lease, Recorded, State, recording_document, state_document};
use crate::stored::{Document, Home, InvalidDocument};

/// The state as it was found.
#[derive(Debug)]
pub struct FoundState {
    /// The document, if there is one.
    pub stored: Option<Stored>,
    /// What it says. Where there is none it is empty, or lost if there is a recording: no run writes that one first.
    pub state: Result<State, InvalidDocument>,
}

/// The recording as it was found.
#[derive(Debug)]
pub struct FoundRecording {
    /// The document, if there is one.
    pub stored: Option<Stored>,
    /// What it says, if there is one.
    pub recording: Result<Option<(Recording, RecordingId)>, InvalidDocument>,
}

/// Whose documents a blueprint's are, and the override tags, with which the account becomes known.
///
/// # Errors
/// The tags could not be read.
pub async fn home<W: World>(world: &W, blueprint: &Blueprint) -> Result<(Home, FoundOverrides), Unobserved> {
    let Blueprint { environment, cluster, region, tier, .. } = blueprint;
    let found = world.cloud().overrides(Scope { environment, cluster, tier, identities: &NOTHING_KNOWN }).await?;
    let home = Home { environment: environment.clone(), account: found.account.clone(), region: region.clone() };
    Ok((home, found))
}

/// Reads the state.
///
/// # Errors
/// The store did not answer. A document that cannot be used is no error yet: some repair it.
pub async fn find_state(store: &impl Store, home: &Home) -> Result<FoundState, StoreError> {
    let stored = store.get(&state_document(&home.environment)).await?;
    let state = match &stored {
        Some(stored) => State::parse(&stored.body, home),
        None if store.get(&recording_document(&home.environment)).await?.is_some() => Ok(State::lost()),
        None => Ok(State::default()),
    };
    Ok(FoundState { stored, state })
}

/// Reads the recording.
///
/// # Errors
/// The store did not answer. A document that cannot be used is no error yet: some repair it.
pub async fn find_recording(store: &impl Store, home: &Home) -> Result<FoundRecording, StoreError> {
    let stored = store.get(&recording_document(&home.environment)).await?;
    let read = |stored: &Stored| {
        let recording = Recording::parse(&stored.body, home)?;
        let id = recording.id(&stored.body);
        Ok((recording, id))
    };
    let recording = stored.as_ref().map(read).transpose();
    Ok(FoundRecording { stored, recording })
}

impl FoundState {
    /// Whether a lease in it keeps others out: it was written less than a lease's term ago, by the store's clock.
    pub fn is_recent(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| Lease::keeps_out(stored.age()))
    }

    /// The lease that another run has, if one has.
    pub fn lease(&self) -> Option<&Lease> {
        let lease = self.state.as_ref().ok()?.lease.as_ref();
        lease.filter(|_| self.is_recent())
    }

    /// What has to be true for a write over it.
    pub fn condition(&self) -> Condition {
        over(self.stored.as_ref())
    }
}

impl FoundRecording {
    /// What has to be true for a write over it.
    pub fn condition(&self) -> Condition {
        over(self.stored.as_ref())
    }
}

fn over(stored: Option<&Stored>) -> Condition {
    stored.map_or(Condition::Absent, |stored| Condition::Matches(stored.version.clone()))
}

/// That the state is gone, and what to do.
pub fn lost(environment: &EnvironmentName) -> Reason {
    Reason {
        kind: ReasonKind::Missing,
        resource: Document::State.of(environment),
        problem: "is gone, and there is a recording: nobody knows whether that is how the environment should be"
            .to_owned(),
        remedy: Document::State.remedy(environment),
    }
}

/// Why a recording is not the one that a state names, if so.
pub fn strange(
    environment: &EnvironmentName,
    named: &Recorded,
    there: Option<&(Recording, RecordingId)>,
) -> Option<Reason> {
    let (kind, problem) = match (named, there) {
        (named, Some((recording, id))) if named.admits(id, recording.replaces.as_deref()) => return None,
        (Recorded::Unnamed, _) => (ReasonKind::Missing, "is gone".to_owned()),
        (Recorded::This(named), None) => (ReasonKind::Missing, format!("is gone: {named} belongs to the state")),
        (Recorded::This(named), Some((_, id))) => {
            (ReasonKind::Foreign, format!("is not the one that belongs to the state: it is {id}, and not {named}"))
        }
    };
    let resource = Document::Recording.of(environment);
    Some(Reason { kind, resource, problem, remedy: Document::Recording.remedy(environment) })
}
