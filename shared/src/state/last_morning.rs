//! The tier as the last morning left it: what the next one is compared with.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Observation, Seen};

/// What was there when a morning was over, or when Curfew first found the environment up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LastMorning {
    /// When.
    pub at: DateTime<Utc>,
    /// The tier, as a document.
    pub tier: Value,
    /// Each service's task definition with its revision, as far as they were seen.
    pub revisions: BTreeMap<String, String>,
}

/// The task definitions of the services that are there.
pub fn revisions(seen: &Observation) -> BTreeMap<String, String> {
    let standing = seen.services.iter().filter_map(|(name, service)| Some((name, Seen::standing(service)?)));
    standing.filter_map(|(name, service)| Some((name.to_string(), service.task_definition.clone()?))).collect()
}
