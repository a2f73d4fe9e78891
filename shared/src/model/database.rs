//! Databases: stopped at night, never deleted.

use std::collections::BTreeSet;
use std::fmt;

use deserr::Deserr;
use serde::Serialize;

use super::database_status::DatabaseStatus;
use super::ids::{DatabaseIdentifier, InstanceClass, LogicalName};
use super::ownership::Ownership;
use super::seen::Seen;
use crate::blueprint::Problems;

/// What RDS stops and starts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum DatabaseKind {
    /// A DB instance.
    #[deserr(rename = "instance")]
    Instance,
    /// An Aurora DB cluster, with all its instances.
    #[deserr(rename = "cluster")]
    Cluster,
}

/// Which DB instance or cluster. Instances and clusters have names of their own: one of each may be called the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseId {
    /// Whether it is an instance or a cluster.
    pub kind: DatabaseKind,
    /// Its identifier in RDS.
    pub identifier: DatabaseIdentifier,
}

impl fmt::Display for DatabaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            DatabaseKind::Instance => "instance",
            DatabaseKind::Cluster => "cluster",
        };
        write!(f, "{kind} {}", self.identifier)
    }
}

/// What becomes of a database in the morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum DatabaseWhileUp {
    /// It is started, and services wait for it.
    #[default]
    #[deserr(rename = "running")]
    Running,
    /// It stays stopped, and nobody waits for it: so a recording remembers one that a person had stopped by day.
    #[deserr(rename = "stopped")]
    Stopped,
}

/// What an hour of a DB instance depends on; only for what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct DatabaseSize {
    /// Its instance class, `db.t4g.micro`.
    pub class: InstanceClass,
    /// Its engine as RDS names it, `postgres`.
    pub engine: String,
    /// Whether a standby in another zone is paid for too.
    #[deserr(default)]
    pub multi_az: bool,
}

/// A DB instance or an Aurora cluster, which is base tier: only whether it runs comes and goes. The blueprint proves by
/// its name that it may be stopped and started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Database {
    /// Whether it is an instance or a cluster.
    #[serde(rename = "type")]
    #[deserr(rename = "type")]
    pub kind: DatabaseKind,
    /// Its identifier in RDS.
    pub identifier: DatabaseIdentifier,
    /// What becomes of it in the morning.
    #[deserr(default)]
    pub while_up: DatabaseWhileUp,
    /// Its size, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub size: Option<DatabaseSize>,
}

impl Database {
    /// Which one it is.
    pub fn id(&self) -> DatabaseId {
        DatabaseId { kind: self.kind, identifier: self.identifier.clone() }
    }
}

/// Which databases a service needs: it is stopped before they are, and started when they are available.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(untagged)]
pub enum NeededDatabases {
    /// All of the environment's.
    #[default]
    All,
    /// These, perhaps none.
    These(BTreeSet<LogicalName>),
}

impl NeededDatabases {
    /// Those that are named.
    pub fn these(names: BTreeSet<LogicalName>) -> Self {
        Self::These(names)
    }

    /// Whether nothing is said, which means all.
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }

    /// Whether a database is among them.
    pub fn contains(&self, name: &LogicalName) -> bool {
        match self {
            Self::All => true,
            Self::These(names) => names.contains(name),
        }
    }
}

/// A database as RDS describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedDatabase {
    /// Whose it is.
    pub ownership: Ownership<DatabaseId>,
    /// What it is doing.
    pub status: DatabaseStatus,
    /// Its size, of an instance.
    pub size: Option<DatabaseSize>,
    /// Why AWS would refuse to stop it, in words.
    pub unsupported: Vec<String>,
}

impl From<ObservedDatabase> for Seen<ObservedDatabase> {
    fn from(database: ObservedDatabase) -> Self {
        use super::database_status::Doing::*;
        match database.status.doing() {
            Available | Stopped => Self::Ready(database),
            Serving | Starting | Stopping | Busy | Broken => Self::Pending(database),
            Deleting => Self::Leaving(database),
        }
    }
}
