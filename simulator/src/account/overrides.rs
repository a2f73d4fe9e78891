//! Override tags, as the cluster and the Tagging API tell of them.

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::ports::FoundOverride;

use super::Account;

/// A tag on some resource of an environment that is not its cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TaggedResource {
    pub(super) environment: EnvironmentName,
    pub(super) resource: String,
    pub(super) value: String,
    pub(super) visible_at: DateTime<Utc>,
}

/// The Tagging API learns of a tag so much later (facts §7 tells of lags; how long this one is, nobody measured).
const LAG: TimeDelta = TimeDelta::seconds(5);

impl Account {
    /// All override tags that can be seen now, the cluster's first.
    pub fn overrides(&self, environment: &EnvironmentName, cluster: &ClusterName) -> Vec<FoundOverride> {
        let of_cluster = self.cluster_tags.get(OVERRIDE_TAG).map(|value| FoundOverride {
            resource: self.arn("ecs", &format!("cluster/{cluster}")),
            value: value.clone(),
            held: self.cluster_tags.get(HOLD_TAG) == Some(value),
        });
        let seen = |one: &&TaggedResource| one.environment == *environment && one.visible_at <= self.now;
        let elsewhere = self.tagged.iter().filter(seen).map(|one| FoundOverride {
            resource: one.resource.clone(),
            value: one.value.clone(),
            held: false,
        });
        of_cluster.into_iter().chain(elsewhere).collect()
    }

    /// Somebody sets or removes the override of the cluster.
    pub fn tag_cluster_by_hand(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.cluster_tags.insert(OVERRIDE_TAG.to_owned(), value.to_owned()),
            None => self.cluster_tags.remove(OVERRIDE_TAG),
        };
    }

    /// Somebody sets or removes the override of another resource.
    pub fn tag_resource_by_hand(&mut self, environment: &EnvironmentName, resource: &str, value: Option<&str>) {
        self.tagged.retain(|one| one.resource != resource);
        if let Some(value) = value {
            self.tagged.push(TaggedResource {
                environment: environment.clone(),
                resource: resource.to_owned(),
                value: value.to_owned(),
                visible_at: self.now + LAG,
            });
        }
    }

    /// Everybody takes their own override tags away; Curfew's holds stay.
    pub fn forget_tags_by_hand(&mut self) {
        self.tagged.clear();
        let held = self.cluster_tags.get(HOLD_TAG) == self.cluster_tags.get(OVERRIDE_TAG);
        if !held {
            self.cluster_tags.remove(OVERRIDE_TAG);
            self.cluster_tags.remove(HOLD_TAG);
        }
    }
}
