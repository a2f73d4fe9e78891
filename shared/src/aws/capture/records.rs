//! DNS records that lead to load balancers, in all zones the caller may list.

use std::collections::BTreeSet;

use aws_sdk_route53::Client;
use aws_sdk_route53::types::{HostedZone, ResourceRecordSet, RrType};
use futures::stream::{self, StreamExt};

use crate::aws::errors::{failed, strange, unobserved};
use crate::aws::records::{normalised, zone};
use crate::capture::found::{Record, RecordForm, Records};
use crate::model::*;
use crate::ports::ActionError;

const ZONES: &str = "route53:ListHostedZones";
const LIST: &str = "route53:ListResourceRecordSets";
/// The most that one answer holds.
const PAGE: i32 = 300;
/// Route 53 takes five requests a second of an account (facts §2): more at once would only be told to wait.
const AT_ONCE: usize = 4;

pub(super) async fn find(client: &Client, dns_names: &BTreeSet<String>) -> Result<Records, ActionError> {
    let pages = client.list_hosted_zones().into_paginator().items().send();
    let zones: Vec<HostedZone> = pages.collect::<Result<_, _>>().await.map_err(failed(ZONES))?;
    let lists = stream::iter(zones).map(|one| async move {
        let listed = in_zone(client, &one.id, dns_names).await;
        (normalised(&one.name), listed)
    });
    let lists: Vec<(String, Result<Vec<Record>, ActionError>)> = lists.buffered(AT_ONCE).collect().await;
    let mut records = Records::default();
    for (name, listed) in lists {
        match listed {
            Ok(found) => records.records.extend(found),
            Err(error) => records.unread.push((name, unobserved(&error))),
        }
    }
    Ok(records)
}

async fn in_zone(client: &Client, id: &str, dns_names: &BTreeSet<String>) -> Result<Vec<Record>, ActionError> {
    let zone = zone(id).map_err(|error| strange(ZONES, error.to_string()))?;
    let mut found: Vec<Record> = Vec::new();
    let mut next: Option<(String, RrType, Option<String>)> = None;
    loop {
        let call = client.list_resource_record_sets().hosted_zone_id(zone.as_str()).max_items(PAGE);
        let call = match next {
            None => call,
            Some((name, kind, identifier)) => {
                call.start_record_name(name).start_record_type(kind).set_start_record_identifier(identifier)
            }
        };
        let answer = call.send().await.map_err(failed(LIST))?;
        found.extend(answer.resource_record_sets.iter().filter_map(|set| record(&zone, set, dns_names)));
        next = match (answer.is_truncated, answer.next_record_name, answer.next_record_type) {
            (true, Some(name), Some(kind)) => Some((name, kind, answer.next_record_identifier)),
            _ => {
                // Several of one name and type, such as weighted ones, are looked at as one.
                found.dedup();
                return Ok(found);
            }
        };
    }
}

/// A record, if it leads to one of the names.
fn record(zone: &HostedZoneId, set: &ResourceRecordSet, dns_names: &BTreeSet<String>) -> Option<Record> {
    let values = set.resource_records().iter().map(|record| record.value.as_str());
    let leads_to = set.alias_target.as_ref().map(|alias| alias.dns_name.as_str()).into_iter().chain(values);
    let load_balancer = leads_to
        .map(|name| {
            let name = normalised(name);
            name.strip_prefix("dualstack.").map(str::to_owned).unwrap_or(name)
        })
        .find(|name| dns_names.contains(name))?;
    let form = match (&set.alias_target, &set.r#type) {
        (Some(_), RrType::A) => RecordForm::Alias(RecordKind::A),
        (Some(_), RrType::Aaaa) => RecordForm::Alias(RecordKind::Aaaa),
        (Some(_), other) => RecordForm::Other(format!("an alias of type {other}")),
        (None, other) => RecordForm::Other(format!("a {other}")),
    };
    Some(Record { zone: zone.clone(), name: normalised(&set.name), form, load_balancer })
}

#[cfg(test)]
mod tests {
    use aws_sdk_route53::types::{AliasTarget, ResourceRecord};

    use super::*;

    #[test]
    fn aliases_and_others_that_lead_there_are_found() {
        let names = BTreeSet::from(["lb-1.us-west-2.elb.amazonaws.com".to_owned()]);
        let zone: HostedZoneId = "Z1".parse().expect("a zone");
        let alias = AliasTarget::builder()
            .dns_name("dualstack.LB-1.us-west-2.elb.amazonaws.com.")
            .hosted_zone_id("Z2")
            .evaluate_target_health(false)
            .build();
        let set = ResourceRecordSet::builder().name("Dev.example.com.").r#type(RrType::A);
        let found = record(&zone, &set.alias_target(alias.expect("an alias")).build().expect("a set"), &names);
        let found = found.expect("it leads there");
        assert_eq!((found.name.as_str(), found.form), ("dev.example.com", RecordForm::Alias(RecordKind::A)));
        let cname = |value: &str| {
            let value = ResourceRecord::builder().value(value).build().expect("a value");
            let set = ResourceRecordSet::builder().name("old.example.com.").r#type(RrType::Cname);
            set.resource_records(value).build().expect("a set")
        };
        let found = record(&zone, &cname("lb-1.us-west-2.elb.amazonaws.com"), &names).map(|one| one.form);
        assert_eq!(found, Some(RecordForm::Other("a CNAME".to_owned())));
        assert_eq!(record(&zone, &cname("elsewhere.example.com"), &names), None);
    }
}
