//! The state as a document.

use super::{PastRun, Phase, Recorded, State};
use crate::stored::{self, Document, Fields, Home, InvalidDocument, Problem};

/// What has always been written; later fields are missing from what was written before versions.
const ALWAYS: [&str; 6] = ["lease", "phase", "movingSince", "applied", "told", "history"];

/// What was not yet written then.
const SINCE_VERSIONS: [&str; 1] = ["recording"];

impl State {
    /// Reads what [`State::to_json`] wrote, or what was written before documents had versions.
    ///
    /// # Errors
    /// It is anything else, or belongs elsewhere. Nobody may then act as if there were no state.
    pub fn parse(text: &str, home: &Home) -> Result<Self, InvalidDocument> {
        read(text, home).map_err(|problem| InvalidDocument {
            environment: home.environment.clone(),
            document: Document::State,
            problem,
        })
    }

    /// As it is stored.
    pub fn to_json(&self, home: &Home) -> String {
        stored::write(home, self)
    }

    /// A state that was lost, while a recording is there: nobody knows whether it counts.
    pub fn lost() -> Self {
        Self { recording: Some(Recorded::Unnamed), ..Self::default() }
    }

    /// Whether it is one that was lost.
    pub fn is_lost(&self) -> bool {
        self.phase.is_none() && self.recording == Some(Recorded::Unnamed)
    }

    /// Whether a recording must be there for it to go on: what is there of the environment is then no evidence.
    pub fn rests_on_recording(&self) -> bool {
        match self.phase {
            Some(Phase::Raising | Phase::Lowering | Phase::Down) => self.recording.is_some(),
            Some(Phase::Raised | Phase::Up) | None => false,
        }
    }
}

fn read(text: &str, home: &Home) -> Result<State, Problem> {
    let fields = stored::read(home, text)?;
    let names = serde_json::to_value(State::default()).unwrap_or_default();
    let names: Vec<&str> = names.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    match fields {
        Fields::Versioned(_) => fields.check_names(names.iter().copied(), names.iter().copied())?,
        Fields::Unversioned(_) => {
            let known = names.iter().copied().filter(|name| !SINCE_VERSIONS.contains(name));
            fields.check_names(known, ALWAYS)?;
        }
    }
    // Read from the text, so that what is wrong deeper inside is told with its line.
    let mut state: State = serde_json::from_str(text).map_err(|error| Problem::Shape(error.to_string()))?;
    if let Some(applied) = &state.applied {
        crate::recording::tier(applied).map_err(|problems| Problem::Shape(format!("applied: {problems}")))?;
    }
    match fields {
        Fields::Versioned(_) => {}
        Fields::Unversioned(_) => state.recording = upgraded(&state),
    }
    Ok(state)
}

/// Before versions, a recording was stored before the first action and never named.
fn upgraded(state: &State) -> Option<Recorded> {
    let has_acted = |run: &PastRun| !run.actions.is_empty();
    let was_recorded = match state.phase {
        None => false,
        Some(Phase::Raising | Phase::Lowering) => true,
        Some(Phase::Raised | Phase::Up | Phase::Down) => state.history.iter().any(has_acted),
    };
    was_recorded.then_some(Recorded::Unnamed)
}
