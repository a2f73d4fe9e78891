//! The base tier's own resources, which people delete.

use std::collections::BTreeSet;

use curfew_core::model::*;

use super::Account;
use super::refusal::{Answer, Refusal};

impl Account {
    /// What people deleted of the base tier.
    pub fn missing(&self) -> &BTreeSet<BaseResource> {
        &self.missing
    }

    /// Deletes something of the base tier, as far as AWS allows: a target group that a rule forwards to is in use, and a
    /// zone has to be empty, so its records go first.
    pub(crate) fn delete_base_by_hand(&mut self, what: &BaseResource) -> Option<()> {
        if self.missing.contains(what) {
            return None;
        }
        match what {
            // Its services would have to go first.
            BaseResource::Cluster(_) => return None,
            BaseResource::TargetGroup(arn) => {
                self.target_groups.get(arn)?;
                if self.load_balancer_of(arn).is_some() || self.targets_of(arn) > 0 {
                    return None;
                }
            }
            BaseResource::RouteTable(id) => self.routes.retain(|key, _| key.route_table != *id),
            BaseResource::HostedZone(id) => self.records.retain(|key, _| key.zone != *id),
        }
        self.missing.insert(what.clone());
        Some(())
    }

    /// Makes it again. AWS would give it another id, and its owner would write that into the blueprint; here it has the
    /// same.
    pub(crate) fn restore_base_by_hand(&mut self, what: &BaseResource) -> Option<()> {
        self.missing.remove(what).then_some(())
    }

    /// Makes all of it again.
    pub(crate) fn restore_base(&mut self) {
        self.missing.clear();
    }

    /// Facts §1, §2: how each service says that there is no such thing.
    pub(super) fn must_exist(&self, what: BaseResource) -> Answer {
        if !self.missing.contains(&what) {
            return Ok(());
        }
        let code = match &what {
            BaseResource::Cluster(_) => "ClusterNotFoundException",
            BaseResource::HostedZone(_) => "NoSuchHostedZone",
            BaseResource::RouteTable(_) => "InvalidRouteTableID.NotFound",
            BaseResource::TargetGroup(_) => "TargetGroupNotFound",
        };
        Err(Refusal::later(code, format!("{what} does not exist")))
    }
}
