//! Newer rules of time zones for functions that nobody deploys: put into the environment's state, where every run finds them.

use serde::Serialize;

use crate::documents::find_state;
use crate::ports::{Store, StoreError};
use crate::run::Mode;
use crate::schedule::Schedule;
use crate::state::{Lease, State, state_document};
use crate::stored::{Home, InvalidDocument};
use crate::zones::{Release, StoredZones};

/// What became of an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Updated {
    /// The rules are stored.
    Stored {
        /// The release that was stored before, if one was.
        replaced: Option<Release>,
    },
    /// They would be stored; nothing was, because a dry run was asked for.
    #[serde(rename_all = "camelCase")]
    WouldStore {
        /// The release that is stored, if one is.
        replacing: Option<Release>,
    },
    /// They were there already.
    Unchanged,
}

/// Why nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum NotUpdated {
    /// What is there is newer.
    #[error("the state has the time zones of IANA {stored} already, newer than {given}; nothing was changed")]
    Older {
        /// The release that is stored.
        stored: Release,
        /// The release that was given.
        given: Release,
    },
    /// A run has the lease.
    #[error("{} works on the environment until {} at the latest; nothing was changed: try again then", .0.run, .0.until.format("%F %H:%M:%S UTC"))]
    Busy(Lease),
    /// The state bucket did not answer, or a run wrote at the same time.
    #[error("the time zones were not stored: {0}")]
    Store(#[from] StoreError),
    /// The state is not one.
    #[error("the state cannot be read, so nothing was changed: {0}")]
    State(#[from] InvalidDocument),
}

/// Stores rules of a schedule's zones in an environment's state, unless newer ones are there; a dry run only looks.
///
/// # Errors
/// If a run holds the lease or wrote in the meantime, if the state cannot be read, or if its rules are newer.
pub async fn update(
    store: &impl Store,
    home: &Home,
    schedule: &Schedule,
    given: StoredZones,
    mode: Mode,
) -> Result<Updated, NotUpdated> {
    let found = find_state(store, home).await?;
    if let Some(lease) = found.lease() {
        return Err(NotUpdated::Busy(lease.clone()));
    }
    let condition = found.condition();
    let mut state = State { lease: None, ..found.state? };
    let replaced = match state.zones.take() {
        Some(stored) if stored.release > given.release => {
            return Err(NotUpdated::Older { stored: stored.release, given: given.release });
        }
        Some(stored) if stored.release == given.release && schedule.zones().iter().all(|zone| stored.has(*zone)) => {
            return Ok(Updated::Unchanged);
        }
        stored => stored.map(|stored| stored.release),
    };
    if mode == Mode::DryRun {
        return Ok(Updated::WouldStore { replacing: replaced });
    }
    state.zones = Some(given);
    store.put(&state_document(&home.environment), &state.to_json(home), condition).await?;
    Ok(Updated::Stored { replaced })
}
