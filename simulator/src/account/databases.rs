//! DB instances and Aurora clusters: stopped and started in their own time, and started by AWS after seven days.

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;

use super::refusal::{Answer, Refusal};
use super::timetable::Event;
use super::{Account, Kind};

/// A DB instance or an Aurora cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Its tags.
    pub tags: Tags,
    /// What it is doing.
    pub status: DatabaseStatus,
    /// Its size, of an instance.
    pub size: Option<DatabaseSize>,
    /// How often AWS has started it by itself.
    pub restarts: u32,
    /// How often its status has changed: what was put on the timetable for an earlier one does not happen.
    changes: u32,
}

/// AWS starts what is stopped for so long ("Stopping an Amazon RDS DB instance temporarily").
const STOPPED_AT_MOST: TimeDelta = TimeDelta::days(7);

impl Account {
    /// A database that works.
    pub fn lay_database(&mut self, id: DatabaseId, size: Option<DatabaseSize>, tags: Tags) {
        let database = Database { tags, status: DatabaseStatus::AVAILABLE, size, restarts: 0, changes: 0 };
        self.databases.insert(id, database);
    }

    /// Leaves no capacity to start databases with until an instant.
    pub fn run_out_of_database_capacity(&mut self, until: DateTime<Utc>) {
        self.no_database_capacity_until = Some(until);
    }

    pub(super) fn start_database(&mut self, id: &DatabaseId) -> Answer {
        self.must_be(id, DatabaseStatus::STOPPED)?;
        if self.no_database_capacity_until.is_some_and(|until| until > self.now) {
            let message = "The specified DB instance class isn't available in the specified Availability Zone.";
            return Err(Refusal::next_run("InsufficientDBInstanceCapacity", message));
        }
        self.set_database(id, DatabaseStatus::STARTING);
        Ok(())
    }

    /// Whoever stops a database before the tasks that need it are gone is told by the laws: AWS does not mind.
    pub(super) fn stop_database(&mut self, id: &DatabaseId) -> Answer {
        self.must_be(id, DatabaseStatus::AVAILABLE)?;
        self.set_database(id, DatabaseStatus::STOPPING);
        Ok(())
    }

    /// Only the exact state will do.
    fn must_be(&self, id: &DatabaseId, wanted: DatabaseStatus) -> Answer {
        let (state, missing) = match id.kind {
            DatabaseKind::Instance => ("InvalidDBInstanceState", "DBInstanceNotFound"),
            DatabaseKind::Cluster => ("InvalidDBClusterStateFault", "DBClusterNotFoundFault"),
        };
        match self.databases.get(id) {
            None => Err(Refusal::later(missing, format!("The {id} is not found."))),
            Some(one) if one.status != wanted => {
                Err(Refusal::later(state, format!("The {id} is {}, and not {wanted}.", one.status)))
            }
            Some(_) => Ok(()),
        }
    }

    /// What a database does from now on, and what follows from that by itself.
    pub(super) fn set_database(&mut self, id: &DatabaseId, status: DatabaseStatus) {
        let Some(one) = self.databases.get_mut(id) else { return };
        one.status = status;
        one.changes += 1;
        let (changes, subject) = (one.changes, Self::subject(id.identifier.as_str(), one.changes));
        let becomes = |status| Event::DatabaseIs(id.clone(), changes, status);
        match status.doing() {
            Doing::Starting => self.later(Kind::DatabaseStart, &subject, becomes(DatabaseStatus::AVAILABLE)),
            Doing::Stopping => self.later(Kind::DatabaseStop, &subject, becomes(DatabaseStatus::STOPPED)),
            Doing::Stopped => self.timetable.add(self.now + STOPPED_AT_MOST, becomes(DatabaseStatus::STARTING)),
            Doing::Serving | Doing::Busy => {
                self.later(Kind::DatabaseBusy, &subject, becomes(DatabaseStatus::AVAILABLE));
            }
            Doing::Available | Doing::Broken | Doing::Deleting => {}
        }
    }

    pub(super) fn database_is(&mut self, id: &DatabaseId, changes: u32, status: DatabaseStatus) {
        if let Some(one) = self.databases.get_mut(id).filter(|one| one.changes == changes) {
            one.restarts += u32::from(status == DatabaseStatus::STARTING);
            self.set_database(id, status);
        }
    }
}

impl Database {
    /// Whether its instance hours are billed ("Viewing DB instance status": not while it starts, stops or is stopped).
    pub fn is_billed(&self) -> bool {
        match self.status.doing() {
            Doing::Available | Doing::Serving | Doing::Busy | Doing::Broken => true,
            Doing::Starting | Doing::Stopping | Doing::Stopped | Doing::Deleting => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{Example, by_day};
    use crate::latency::Draw;

    #[test]
    fn what_is_stopped_runs_again_after_seven_days() {
        let blueprint = Example::Portyfoul.blueprint().expect("a blueprint");
        let start: DateTime<Utc> = "2026-10-26T04:00:00Z".parse().expect("an instant");
        let mut account = by_day(&blueprint, Example::Portyfoul.base_tier(), start, Draw::Median);
        let id = account.databases.keys().next().cloned().expect("a database");
        let is = |account: &Account| account.databases[&id].status.word();
        assert_eq!(account.start_database(&id).map_err(|no| no.code), Err("InvalidDBInstanceState"));
        account.stop_database(&id).expect("it is available");
        assert_eq!(is(&account), "stopping");
        assert_eq!(account.stop_database(&id).map_err(|no| no.code), Err("InvalidDBInstanceState"));
        account.catch_up(start + TimeDelta::hours(1));
        assert_eq!(is(&account), "stopped");
        account.catch_up(start + TimeDelta::days(7));
        assert_eq!(is(&account), "stopped");
        account.catch_up(start + TimeDelta::days(7) + TimeDelta::minutes(5));
        assert_eq!(is(&account), "starting");
        account.catch_up(start + TimeDelta::days(7) + TimeDelta::hours(1));
        assert_eq!(is(&account), "available");
    }

    #[test]
    fn one_that_was_started_in_time_is_left_alone() {
        let blueprint = Example::Portyfoul.blueprint().expect("a blueprint");
        let start: DateTime<Utc> = "2026-10-26T04:00:00Z".parse().expect("an instant");
        let mut account = by_day(&blueprint, Example::Portyfoul.base_tier(), start, Draw::Median);
        let id = account.databases.keys().next().cloned().expect("a database");
        account.stop_database(&id).expect("it is available");
        account.catch_up(start + TimeDelta::hours(1));
        account.start_database(&id).expect("it is stopped");
        account.catch_up(start + TimeDelta::days(6));
        account.stop_database(&id).expect("it is available");
        account.catch_up(start + TimeDelta::days(8));
        assert_eq!(account.databases[&id].status, DatabaseStatus::STOPPED);
    }
}
