//! DNS records.

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;

use super::refusal::Answer;
use super::{Account, Kind};

/// A DNS record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where it points.
    pub target: RecordTarget,
    /// When all of Route 53's servers know.
    pub in_sync_at: DateTime<Utc>,
}

impl Account {
    /// All of a batch or none; here nothing can go wrong with one of them (facts §2 "Route 53").
    pub(super) fn change_records(&mut self, changes: &[RecordChange]) -> Answer {
        for change in changes {
            self.must_exist(BaseResource::HostedZone(change.key.zone.clone()))?;
        }
        let number = self.number("dns change");
        let after = self.latencies.of(Kind::RecordInSync, &Self::subject("dns change", number));
        let in_sync_at = self.now + TimeDelta::from_std(after).unwrap_or_default();
        for change in changes {
            let target = target_of(change);
            self.records.insert(change.key.clone(), Record { target, in_sync_at });
        }
        Ok(())
    }
}

fn target_of(change: &RecordChange) -> RecordTarget {
    match &change.to {
        RecordDestination::LoadBalancer { dns_name, hosted_zone, evaluate_target_health } => RecordTarget::Alias {
            dns_name: dns_name.to_ascii_lowercase(),
            hosted_zone: hosted_zone.clone(),
            evaluate_target_health: *evaluate_target_health,
        },
        RecordDestination::SleepingPage(page) => RecordTarget::Alias {
            dns_name: page.dns_name.to_ascii_lowercase(),
            hosted_zone: page.hosted_zone.clone(),
            evaluate_target_health: false,
        },
        RecordDestination::Parked => RecordTarget::Values(vec![change.key.kind.parked_address().to_owned()]),
    }
}
