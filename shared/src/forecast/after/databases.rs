//! Databases in the model: they start and stop in their own time.

use super::{Event, Model};
use crate::forecast::durations;
use crate::model::*;

impl Model {
    /// What databases are in the middle of. When somebody fixes one that is broken, nobody knows.
    pub(super) fn databases_under_way(&mut self) {
        for (name, found) in self.seen.databases.clone() {
            let Some(doing) = found.standing().map(|found| found.status.doing()) else { continue };
            match doing {
                Doing::Starting | Doing::Serving | Doing::Busy => self.later(durations::DATABASE_START, started(name)),
                Doing::Stopping => self.later(durations::DATABASE_STOP, stopped(name)),
                Doing::Available | Doing::Stopped | Doing::Broken | Doing::Deleting => {}
            }
        }
    }

    pub(super) fn start_database(&mut self, name: &LogicalName) {
        self.set_database(name, DatabaseStatus::STARTING);
        self.later(durations::DATABASE_START, started(name.clone()));
    }

    pub(super) fn stop_database(&mut self, name: &LogicalName) {
        self.set_database(name, DatabaseStatus::STOPPING);
        self.later(durations::DATABASE_STOP, stopped(name.clone()));
    }

    pub(super) fn set_database(&mut self, name: &LogicalName, status: DatabaseStatus) {
        if let Some(seen) = self.seen.databases.get_mut(name)
            && let Some(found) = seen.standing().cloned()
        {
            *seen = ObservedDatabase { status, ..found }.into();
        }
    }
}

fn started(name: LogicalName) -> Event {
    Event::DatabaseIs(name, DatabaseStatus::AVAILABLE)
}

fn stopped(name: LogicalName) -> Event {
    Event::DatabaseIs(name, DatabaseStatus::STOPPED)
}
