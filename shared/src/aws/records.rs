//! DNS records in Route 53.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_route53::Client;
use aws_sdk_route53::types::{
    AliasTarget, Change, ChangeAction, ChangeBatch, ChangeStatus, ResourceRecord, ResourceRecordSet, RrType,
};
use futures::future::join_all;

use super::errors::{Outcome, failed, strange, unobserved};
use crate::model::*;
use crate::ports::{ActionError, Scope};

const LIST: &str = "route53:ListResourceRecordSets";
const NO_SUCH_ZONE: &str = "NoSuchHostedZone";
const CHANGE: &str = "route53:ChangeResourceRecordSets";
/// A name has few records of few types; more are asked for if there are.
const PAGE: i32 = 10;
/// What a parked record's answer may be kept, in seconds (invariant 13).
const PARKED_TTL: i64 = 60;

/// The last change of each record that this run made and that had not reached all servers when last looked at.
#[derive(Debug, Default)]
pub(super) struct Changes(Mutex<BTreeMap<RecordKey, String>>);

impl Changes {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<RecordKey, String>> {
        // Nothing can panic halfway through an insertion, so what a poisoned lock guards is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, key: &RecordKey) -> Option<String> {
        self.lock().get(key).cloned()
    }

    fn remember(&self, keys: impl Iterator<Item = RecordKey>, id: &str) {
        self.lock().extend(keys.map(|key| (key, id.to_owned())));
    }

    fn forget(&self, id: &str) {
        self.lock().retain(|_, change| change != id);
    }
}

/// Looks at the scope's records, one call for each name.
pub(super) async fn look(client: &Client, scope: Scope<'_>, changes: &Changes) -> Observation {
    let keys: Vec<&RecordKey> = scope.tier.dns_records.keys().collect();
    let names: BTreeSet<(&HostedZoneId, &str)> = keys.iter().map(|key| (&key.zone, key.name.as_str())).collect();
    let ids: BTreeSet<String> = keys.iter().filter_map(|key| changes.of(key)).collect();
    let (listed, pending) = tokio::join!(
        join_all(names.iter().map(|(zone, name)| list(client, zone, name))),
        join_all(ids.iter().map(|id| is_pending(client, id, changes))),
    );
    let listed: BTreeMap<_, _> = names.into_iter().zip(listed).collect();
    let pending: BTreeMap<_, _> = ids.into_iter().zip(pending).collect();
    let records = keys.into_iter().map(|key| {
        let under_way = changes.of(key).and_then(|id| pending.get(&id).cloned()).unwrap_or(Ok(false));
        let seen = match (listed.get(&(&key.zone, key.name.as_str())), under_way) {
            (Some(Err(error)), _) if error.code == NO_SUCH_ZONE => Seen::Absent,
            (Some(Err(error)), _) => Seen::Unknown(unobserved(error)),
            (_, Err(error)) => Seen::Unknown(unobserved(&error)),
            (Some(Ok(sets)), Ok(under_way)) => seen(key, sets, under_way),
            (None, Ok(_)) => Seen::Absent,
        };
        (key.clone(), seen)
    });
    let is_missing = |found: &Result<_, ActionError>| found.as_ref().is_err_and(|error| error.code == NO_SUCH_ZONE);
    let missing = listed.iter().filter(|(_, found)| is_missing(found));
    let missing = missing.map(|((zone, _), _)| BaseResource::HostedZone((*zone).clone())).collect();
    Observation { records: records.collect(), missing: [(Part::Records, missing)].into(), ..Observation::default() }
}

/// All record sets of one name.
async fn list(client: &Client, zone: &HostedZoneId, name: &str) -> Result<Vec<ResourceRecordSet>, ActionError> {
    let mut found = Vec::new();
    let mut start = (RrType::A, None);
    loop {
        let (kind, identifier) = start;
        let answer = client
            .list_resource_record_sets()
            .hosted_zone_id(zone.as_str())
            .start_record_name(name)
            .start_record_type(kind)
            .set_start_record_identifier(identifier)
            .max_items(PAGE)
            .send()
            .await
            .map_err(failed(LIST))?;
        found.extend(answer.resource_record_sets.into_iter().filter(|set| normalised(&set.name) == name));
        let more = answer.is_truncated && answer.next_record_name.is_some_and(|next| normalised(&next) == name);
        match answer.next_record_type {
            Some(kind) if more => start = (kind, answer.next_record_identifier),
            Some(_) | None => return Ok(found),
        }
    }
}

/// Whether a change has still not reached all servers; forgotten when it has.
async fn is_pending(client: &Client, id: &str, changes: &Changes) -> Result<bool, ActionError> {
    let answer = client.get_change().id(id).send().await;
    let answer = answer.map_err(failed("route53:GetChange")).none_on("NoSuchChange")?;
    let pending =
        answer.and_then(|answer| answer.change_info).is_some_and(|change| change.status == ChangeStatus::Pending);
    if !pending {
        changes.forget(id);
    }
    Ok(pending)
}

fn seen(key: &RecordKey, sets: &[ResourceRecordSet], under_way: bool) -> Seen<ObservedRecord> {
    let of_type: Vec<&ResourceRecordSet> = sets.iter().filter(|set| set.r#type.as_str() == key.kind.as_str()).collect();
    let Some(first) = of_type.first() else { return Seen::Absent };
    let target = match target(first) {
        Ok(target) => target,
        Err(error) => return Seen::Unknown(unobserved(&error)),
    };
    let mut unsupported: Vec<String> = of_type.iter().flat_map(|set| unsupported(set)).map(str::to_owned).collect();
    unsupported.sort();
    unsupported.dedup();
    let record = ObservedRecord { target, unsupported };
    if under_way { Seen::Pending(record) } else { Seen::Ready(record) }
}

fn target(set: &ResourceRecordSet) -> Result<RecordTarget, ActionError> {
    match &set.alias_target {
        Some(alias) => Ok(RecordTarget::Alias {
            dns_name: normalised(&alias.dns_name),
            hosted_zone: zone(&alias.hosted_zone_id).map_err(|error| strange(LIST, error.to_string()))?,
            evaluate_target_health: alias.evaluate_target_health,
        }),
        None => Ok(RecordTarget::Values(set.resource_records().iter().map(|record| record.value.clone()).collect())),
    }
}

/// What of a record the blueprint's words cannot say.
fn unsupported(set: &ResourceRecordSet) -> Vec<&'static str> {
    [
        (set.weight.is_some(), "has a weight"),
        (set.region.is_some(), "is routed by latency"),
        (set.geo_location.is_some(), "is routed by the asker's place"),
        (set.geo_proximity_location.is_some(), "is routed by the asker's distance"),
        (set.failover.is_some(), "is one of a failover pair"),
        (set.multi_value_answer.is_some(), "is one of several answers"),
        (set.cidr_routing_config.is_some(), "is routed by the asker's network"),
        (set.health_check_id.is_some(), "has a health check of its own"),
        (set.traffic_policy_instance_id.is_some(), "belongs to a traffic policy"),
        (set.set_identifier.is_some(), "is one of several records of this name and type"),
    ]
    .into_iter()
    .filter_map(|(present, words)| present.then_some(words))
    .collect()
}

/// A zone's id without the path that some answers put before it.
pub(super) fn zone(text: &str) -> Result<HostedZoneId, InvalidId> {
    text.rsplit('/').next().unwrap_or(text).parse()
}

/// A name as the blueprint writes it: lower case, no last dot, `\052` as `*`.
pub(super) fn normalised(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name.trim_end_matches('.');
    while let Some((before, escaped)) = rest.split_once('\\') {
        plain.push_str(before);
        let code = escaped.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => {
                plain.push(char::from(code));
                rest = &escaped[3..];
            }
            None => {
                plain.push('\\');
                rest = escaped;
            }
        }
    }
    plain.push_str(rest);
    plain.to_ascii_lowercase()
}

/// Points records of one zone somewhere else, all or none, and remembers the change.
pub(super) async fn change(
    client: &Client,
    zone: &HostedZoneId,
    wanted: &[RecordChange],
    changes: &Changes,
) -> Result<(), ActionError> {
    let batch = batch(wanted).map_err(|error| ActionError {
        call: CHANGE.to_owned(),
        code: "request".to_owned(),
        message: error.to_string(),
        retry: Retry::Never,
    })?;
    let answer = client
        .change_resource_record_sets()
        .hosted_zone_id(zone.as_str())
        .change_batch(batch)
        .send()
        .await
        .map_err(failed(CHANGE))
        // Somebody deleted the zone meanwhile: the next look says so.
        .later_on(&["NoSuchHostedZone"])?;
    if let Some(info) = answer.change_info.filter(|info| info.status == ChangeStatus::Pending) {
        let id = info.id.rsplit('/').next().unwrap_or(&info.id);
        changes.remember(wanted.iter().map(|change| change.key.clone()), id);
    }
    Ok(())
}

type Built<T> = Result<T, aws_sdk_route53::error::BuildError>;

fn batch(wanted: &[RecordChange]) -> Built<ChangeBatch> {
    let upsert = |change: &RecordChange| -> Built<Change> {
        Change::builder().action(ChangeAction::Upsert).resource_record_set(record_set(change)?).build()
    };
    let changes = wanted.iter().map(upsert).collect::<Built<Vec<_>>>()?;
    ChangeBatch::builder().set_changes(Some(changes)).build()
}

fn record_set(change: &RecordChange) -> Built<ResourceRecordSet> {
    let set = ResourceRecordSet::builder().name(&change.key.name).r#type(change.key.kind.as_str().into());
    match &change.to {
        RecordDestination::LoadBalancer { dns_name, hosted_zone, evaluate_target_health } => {
            set.alias_target(alias(dns_name, hosted_zone, *evaluate_target_health)?)
        }
        RecordDestination::SleepingPage(page) => set.alias_target(alias(&page.dns_name, &page.hosted_zone, false)?),
        RecordDestination::Parked => {
            let address = ResourceRecord::builder().value(change.key.kind.parked_address()).build()?;
            set.ttl(PARKED_TTL).resource_records(address)
        }
    }
    .build()
}

fn alias(dns_name: &str, zone: &HostedZoneId, evaluate_target_health: bool) -> Built<AliasTarget> {
    AliasTarget::builder()
        .dns_name(dns_name)
        .hosted_zone_id(zone.as_str())
        .evaluate_target_health(evaluate_target_health)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change_to(to: RecordDestination) -> RecordChange {
        let zone = "Z1".parse().expect("a zone");
        RecordChange { key: RecordKey { zone, name: "dev.example.com".into(), kind: RecordKind::A }, to }
    }

    #[test]
    fn names_are_compared_as_the_blueprint_writes_them() {
        assert_eq!(normalised("\\052.Dev.Example.com."), "*.dev.example.com");
        assert_eq!(normalised("a\\"), "a\\");
        assert_eq!(zone("/hostedzone/Z1").map(|zone| zone.to_string()).as_deref(), Ok("Z1"));
    }

    #[test]
    fn an_alias_survives_the_way_there_and_back() {
        let to = RecordDestination::LoadBalancer {
            dns_name: "dualstack.lb-1.us-west-2.elb.amazonaws.com".into(),
            hosted_zone: "Z2".parse().expect("a zone"),
            evaluate_target_health: true,
        };
        let set = record_set(&change_to(to)).expect("a record set");
        let wanted = RecordTarget::Alias {
            dns_name: "dualstack.lb-1.us-west-2.elb.amazonaws.com".into(),
            hosted_zone: "Z2".parse().expect("a zone"),
            evaluate_target_health: true,
        };
        assert_eq!(target(&set), Ok(wanted));
    }

    #[test]
    fn a_parked_record_answers_for_a_minute() {
        let set = record_set(&change_to(RecordDestination::Parked)).expect("a record set");
        assert_eq!(set.ttl, Some(60));
        assert_eq!(target(&set), Ok(RecordTarget::Values(vec!["192.0.2.1".into()])));
    }

    #[test]
    fn a_weighted_record_is_refused() {
        let set = ResourceRecordSet::builder().name("a").r#type(RrType::A).weight(5).set_identifier("x").build();
        let words = unsupported(&set.expect("a record set")).join("; ");
        assert_eq!(words, "has a weight; is one of several records of this name and type");
    }
}
