//! What the runtime tier costs within a budget's period.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Period, Usd};
use crate::blueprint::Blueprint;
use crate::model::{LogicalName, ServiceName};
use crate::money::{HourlyCost, Prices, hourly};
use crate::outlook::stretches;
use crate::schedule::State;

/// What the runtime tier costs, by list prices.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TierCost {
    /// An hour, up and down.
    pub hour: HourlyCost,
    /// From now to the period's end, by the schedule.
    pub by_schedule: Usd,
    /// So many hours of that it is up.
    pub hours_up: f64,
    /// The same if it is down all the time.
    pub down: Usd,
    /// All through the period, if it were up all the time.
    pub most: Usd,
}

impl TierCost {
    /// Counts; none where the region's prices are not known.
    pub fn of(blueprint: &Blueprint, period: &Period, now: DateTime<Utc>) -> Option<Self> {
        let hour = hourly(&blueprint.tier, &Prices::of(&blueprint.region)?);
        let (mut hours_up, mut hours_down) = (0.0, 0.0);
        for stretch in stretches(&blueprint.schedule, now, period.until) {
            let hours = stretch.length().as_seconds_f64() / 3600.0;
            match stretch.state {
                // Nobody knows how it is left; the dearer is assumed.
                State::Up | State::Leave => hours_up += hours,
                State::Down => hours_down += hours,
            }
        }
        Some(Self {
            by_schedule: Usd::computed(hour.up * hours_up + hour.down * hours_down),
            hours_up,
            down: Usd::computed(hour.down * (hours_up + hours_down)),
            most: Usd::computed(hour.up * period.length().as_seconds_f64() / 3600.0),
            hour,
        })
    }

    /// The services that are not counted, as the blueprint does not say how large their tasks are.
    pub fn not_counted(&self) -> &[ServiceName] {
        &self.hour.not_counted
    }

    /// The databases that are not counted, as no price is known of their size.
    pub fn databases_not_counted(&self) -> &[LogicalName] {
        &self.hour.databases_not_counted
    }

    /// The VPC endpoints that are not counted, as no price is known in their region.
    pub fn vpc_endpoints_not_counted(&self) -> &[LogicalName] {
        &self.hour.vpc_endpoints_not_counted
    }

    /// The instances and Auto Scaling groups, none of which is counted.
    pub fn compute_not_counted(&self) -> &[LogicalName] {
        &self.hour.compute_not_counted
    }
}
