//! CloudWatch's metric alarms that watch a load balancer or a NAT gateway of the tier.
//!
//! All are listed once in a run; from then on those that were found are asked for by their names. An alarm that says what
//! cannot be put again, in PromQL for one, is none of these; nor are those of Application Auto Scaling, which makes its own
//! anew.

mod words;

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::AlarmType;
use futures::future::join_all;

use super::errors::{failed, unobserved};
use crate::model::*;
use crate::ports::{ActionError, Scope};

const DESCRIBE: &str = "cloudwatch:DescribeAlarms";
/// The most that one answer holds, and the most names that one call takes (bc:cloudwatch).
const PAGE: usize = 100;
/// How Application Auto Scaling calls the alarms of its target tracking policies.
const TARGET_TRACKING: &str = "TargetTracking-";

type Found = BTreeMap<String, MetricAlarm>;

/// Looks at the alarms that watch each load balancer, or one that had its name before; and each NAT gateway, or one that is
/// remembered as it.
pub(super) async fn look(client: &Client, scope: Scope<'_>, known: &Observation) -> Observation {
    let (balancers, gateways) = (&scope.tier.load_balancers, &scope.tier.nat_gateways);
    if balancers.is_empty() && gateways.is_empty() {
        return Observation::default();
    }
    let found = match names(scope.tier, known) {
        None => describe(client, None).await,
        Some(names) => by_name(client, &names).await,
    };
    let seen = |name: &LoadBalancerName| match &found {
        Ok(alarms) => watching(name, alarms),
        Err(error) => Seen::Unknown(unobserved(error)),
    };
    let seen_on_gateway = |name: &LogicalName, declared: &NatGateway| match &found {
        Ok(alarms) => {
            let ids = scope.identities.ids_of_nat_gateway(name).into_iter().chain(declared.adopted.clone()).collect();
            GatewayAlarms::among(alarms, ids).map_or(Seen::Absent, Seen::Ready)
        }
        Err(error) => Seen::Unknown(unobserved(error)),
    };
    let alarms = balancers.keys().map(|name| (name.clone(), seen(name))).collect();
    let gateway_alarms = gateways.iter().map(|(name, one)| (name.clone(), seen_on_gateway(name, one))).collect();
    Observation { alarms, gateway_alarms, ..Observation::default() }
}

fn watching(name: &LoadBalancerName, alarms: &Found) -> Seen<Found> {
    let watching = alarms.iter().filter(|(_, alarm)| alarm.watches(name));
    let watching: Found = watching.map(|(name, alarm)| (name.clone(), alarm.clone())).collect();
    if watching.is_empty() { Seen::Absent } else { Seen::Ready(watching) }
}

/// The names of all that an earlier look found; none if there was none that could tell.
fn names(tier: &RuntimeTier, known: &Observation) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for balancer in tier.load_balancers.keys() {
        match known.alarms.get(balancer)? {
            Seen::Ready(alarms) => names.extend(alarms.keys().cloned()),
            Seen::Absent | Seen::Pending(_) | Seen::Leaving(_) => {}
            Seen::Unknown(_) => return None,
        }
    }
    for gateway in tier.nat_gateways.keys() {
        match known.gateway_alarms.get(gateway)? {
            Seen::Ready(found) => names.extend(found.alarms.keys().cloned()),
            Seen::Absent | Seen::Pending(_) | Seen::Leaving(_) => {}
            Seen::Unknown(_) => return None,
        }
    }
    names.sort();
    names.dedup();
    Some(names)
}

async fn by_name(client: &Client, names: &[String]) -> Result<Found, ActionError> {
    let batches = join_all(names.chunks(PAGE).map(|batch| describe(client, Some(batch.to_vec())))).await;
    let batches = batches.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(batches.into_iter().flatten().collect())
}

async fn describe(client: &Client, names: Option<Vec<String>>) -> Result<Found, ActionError> {
    let call = client.describe_alarms().alarm_types(AlarmType::MetricAlarm).set_alarm_names(names);
    let call = call.max_records(i32::try_from(PAGE).unwrap_or(i32::MAX));
    let pages = call.into_paginator().send().collect::<Result<Vec<_>, _>>().await.map_err(failed(DESCRIBE))?;
    let alarms = pages.iter().flat_map(|page| page.metric_alarms()).filter_map(words::read);
    Ok(alarms.filter(|one| !one.name.starts_with(TARGET_TRACKING)).map(|one| (one.name.clone(), one)).collect())
}

/// Puts an alarm again, all of it. Its state, its history and its tags stay (bc:cloudwatch).
///
/// # Errors
/// What AWS refuses is left to the next run: no alarm keeps anybody from their morning.
pub(super) async fn put(client: &Client, alarm: &MetricAlarm) -> Result<(), ActionError> {
    let answer = words::write(client.put_metric_alarm(), alarm).send().await;
    answer.map_err(failed("cloudwatch:PutMetricAlarm")).map(drop).map_err(|error| {
        let retry = match error.retry {
            Retry::Never => Retry::NextRun,
            retry @ (Retry::Later | Retry::NextRun) => retry,
        };
        ActionError { retry, ..error }
    })
}
