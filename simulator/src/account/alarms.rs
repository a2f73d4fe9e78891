//! CloudWatch's metric alarms: kept as they were put. Nothing here measures anything.

use std::collections::BTreeMap;

use curfew_core::model::*;

use super::Account;
use super::refusal::Answer;

impl Account {
    /// Replaces an alarm whole. CloudWatch asks nobody whether what its dimensions name is there.
    pub(super) fn put_metric_alarm(&mut self, alarm: &MetricAlarm) -> Answer {
        self.alarms.insert(alarm.name.clone(), alarm.clone());
        Ok(())
    }

    /// The alarms that watch a load balancer, or one that had its name before.
    pub fn alarms_on(&self, name: &LoadBalancerName) -> BTreeMap<String, MetricAlarm> {
        let watching = self.alarms.iter().filter(|(_, alarm)| alarm.watches(name));
        watching.map(|(name, alarm)| (name.clone(), alarm.clone())).collect()
    }
}
