//! What RDS says that a database is doing, word by word as its documentation lists them.
//!
//! A word that is not in these tables is no status: what it means for stopping and starting nobody knows.

use std::fmt;

use serde::{Serialize, Serializer};

use super::database::DatabaseKind;

/// What a status means for stopping and starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It works, and can be stopped.
    Available,
    /// It works, and cannot be stopped before it is done with something.
    Serving,
    /// It will work.
    Starting,
    /// It will be stopped.
    Stopping,
    /// It is stopped, and can be started.
    Stopped,
    /// It is in the middle of something, and may not work until that is done.
    Busy,
    /// It does not work, and only a person can fix it.
    Broken,
    /// It is being deleted; never by Curfew.
    Deleting,
}

/// A status with what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseStatus {
    word: &'static str,
    doing: Doing,
}

impl DatabaseStatus {
    /// It works.
    pub const AVAILABLE: Self = Self { word: "available", doing: Doing::Available };
    /// It will work.
    pub const STARTING: Self = Self { word: "starting", doing: Doing::Starting };
    /// It will be stopped.
    pub const STOPPING: Self = Self { word: "stopping", doing: Doing::Stopping };
    /// It is stopped.
    pub const STOPPED: Self = Self { word: "stopped", doing: Doing::Stopped };

    /// Reads a status as RDS writes it; none of a word that its documentation does not have.
    pub fn read(kind: DatabaseKind, word: &str) -> Option<Self> {
        let table = match kind {
            DatabaseKind::Instance => INSTANCE,
            DatabaseKind::Cluster => CLUSTER,
        };
        table.iter().find(|(known, _)| *known == word).map(|(word, doing)| Self { word, doing: *doing })
    }

    /// RDS's own word.
    pub fn word(self) -> &'static str {
        self.word
    }

    /// What it means.
    pub fn doing(self) -> Doing {
        self.doing
    }

    /// Whether it answers those that need it. An optimization of its storage may take a day, and it works all the while.
    pub fn serves(self) -> bool {
        match self.doing {
            Doing::Available | Doing::Serving => true,
            Doing::Starting | Doing::Stopping | Doing::Stopped | Doing::Busy | Doing::Broken | Doing::Deleting => false,
        }
    }
}

impl fmt::Display for DatabaseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word)
    }
}

impl Serialize for DatabaseStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word)
    }
}

/// "Viewing DB instance status" in the user guides of RDS and Aurora.
const INSTANCE: &[(&str, Doing)] = &[
    ("available", Doing::Available),
    ("backing-up", Doing::Serving),
    ("backtracking", Doing::Busy),
    ("configuring-enhanced-monitoring", Doing::Serving),
    ("configuring-iam-database-auth", Doing::Serving),
    ("configuring-log-exports", Doing::Serving),
    ("converting-to-vpc", Doing::Busy),
    ("creating", Doing::Busy),
    ("delete-precheck", Doing::Deleting),
    ("deleting", Doing::Deleting),
    ("failed", Doing::Broken),
    ("inaccessible-encryption-credentials", Doing::Broken),
    ("inaccessible-encryption-credentials-recoverable", Doing::Broken),
    ("incompatible-create", Doing::Broken),
    ("incompatible-network", Doing::Broken),
    ("incompatible-option-group", Doing::Broken),
    ("incompatible-parameters", Doing::Broken),
    ("incompatible-restore", Doing::Broken),
    ("insufficient-capacity", Doing::Broken),
    ("maintenance", Doing::Busy),
    ("modifying", Doing::Busy),
    ("moving-to-vpc", Doing::Busy),
    ("rebooting", Doing::Busy),
    ("renaming", Doing::Busy),
    ("resetting-master-credentials", Doing::Busy),
    ("restore-error", Doing::Broken),
    ("starting", Doing::Starting),
    ("stopped", Doing::Stopped),
    ("stopping", Doing::Stopping),
    ("storage-config-upgrade", Doing::Busy),
    ("storage-full", Doing::Broken),
    ("storage-initialization", Doing::Serving),
    ("storage-optimization", Doing::Serving),
    ("upgrading", Doing::Busy),
];

/// "Viewing DB cluster status" in the user guide of Aurora.
const CLUSTER: &[(&str, Doing)] = &[
    ("available", Doing::Available),
    ("backing-up", Doing::Serving),
    ("backtracking", Doing::Busy),
    ("cloning-failed", Doing::Broken),
    ("creating", Doing::Busy),
    ("deleting", Doing::Deleting),
    ("failing-over", Doing::Busy),
    ("inaccessible-encryption-credentials", Doing::Broken),
    ("inaccessible-encryption-credentials-recoverable", Doing::Broken),
    ("maintenance", Doing::Busy),
    ("migrating", Doing::Busy),
    ("migration-failed", Doing::Broken),
    ("modifying", Doing::Busy),
    ("preparing-data-migration", Doing::Busy),
    ("promoting", Doing::Busy),
    ("renaming", Doing::Busy),
    ("resetting-master-credentials", Doing::Busy),
    ("starting", Doing::Starting),
    ("stopped", Doing::Stopped),
    ("stopping", Doing::Stopping),
    ("storage-optimization", Doing::Serving),
    ("update-iam-db-auth", Doing::Serving),
    ("upgrading", Doing::Busy),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_without_repetition() {
        for table in [INSTANCE, CLUSTER] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }

    #[test]
    fn the_named_ones_are_those_of_both_tables() {
        use DatabaseStatus as Status;
        for status in [Status::AVAILABLE, Status::STARTING, Status::STOPPING, Status::STOPPED] {
            for kind in [DatabaseKind::Instance, DatabaseKind::Cluster] {
                assert_eq!(Status::read(kind, status.word()), Some(status));
            }
        }
    }

    #[test]
    fn what_the_documentation_does_not_have_is_no_status() {
        for word in ["", "Available", "available ", "hibernating"] {
            assert_eq!(DatabaseStatus::read(DatabaseKind::Instance, word), None, "{word}");
        }
        assert_eq!(DatabaseStatus::read(DatabaseKind::Instance, "failing-over"), None);
    }
}
