//! Whether load balancers have become active.

use std::collections::BTreeSet;

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{LoadBalancer as SdkLoadBalancer, LoadBalancerStateEnum};
use futures::future::join_all;

use super::{DESCRIBE, Outcome, Stage, failed, unobserved};
use crate::model::*;
use crate::ports::ActionError;

/// The most ARNs that one DescribeLoadBalancers takes.
const BATCH: usize = 20;

/// Wraps what was observed in the state AWS says the load balancer is in.
pub(super) fn wrap(
    sdk: &SdkLoadBalancer,
    observed: Result<ObservedLoadBalancer, ActionError>,
) -> Seen<ObservedLoadBalancer> {
    let observed = match observed {
        Ok(observed) => observed,
        Err(error) => return Seen::Unknown(unobserved(&error)),
    };
    let state = sdk.state();
    let unknown = |message: String, retry| Seen::Unknown(Unobserved { call: DESCRIBE.to_owned(), message, retry });
    match state.and_then(|state| state.code()) {
        Some(LoadBalancerStateEnum::Provisioning) => Seen::Pending(observed),
        Some(LoadBalancerStateEnum::Active | LoadBalancerStateEnum::ActiveImpaired) => Seen::Ready(observed),
        Some(LoadBalancerStateEnum::Failed) => {
            let reason = state.and_then(|state| state.reason()).unwrap_or("no reason");
            unknown(format!("AWS could not make it: {reason}"), Retry::Never)
        }
        other => unknown(format!("it is in an unknown state {other:?}"), Retry::Later),
    }
}

/// How far AWS has come with a load balancer.
pub(super) fn stage(sdk: &SdkLoadBalancer) -> Stage {
    match sdk.state().and_then(|state| state.code()) {
        Some(LoadBalancerStateEnum::Provisioning) => Stage::BeingMade,
        _ => Stage::Standing,
    }
}

/// One load balancer; none if it is gone.
pub(super) async fn describe(client: &Client, arn: &LoadBalancerArn) -> Result<Option<SdkLoadBalancer>, ActionError> {
    let answer = client.describe_load_balancers().load_balancer_arns(arn.as_str()).send().await;
    let answer = answer.map_err(failed(DESCRIBE)).none_on("LoadBalancerNotFound")?;
    Ok(answer.and_then(|answer| answer.load_balancers.unwrap_or_default().into_iter().next()))
}

/// Asks for the state of those that are being made; all else of them is carried over from `known`.
///
/// Those whose configuration is looked at by the same run of `parts` get their state there.
pub(in crate::aws) async fn look_at_states(
    client: &Client,
    parts: &BTreeSet<Part>,
    known: &Observation,
) -> Observation {
    let pending: Vec<(&LoadBalancerName, &ObservedLoadBalancer)> = known
        .load_balancers
        .iter()
        .filter(|(name, _)| !parts.contains(&Part::LoadBalancerConfiguration((*name).clone())))
        .filter_map(|(name, seen)| match seen {
            Seen::Pending(before) => Some((name, before)),
            Seen::Absent | Seen::Ready(_) | Seen::Leaving(_) | Seen::Unknown(_) => None,
        })
        .collect();
    let batches = join_all(pending.chunks(BATCH).map(|batch| look_at_batch(client, batch))).await;
    Observation { load_balancers: batches.into_iter().flatten().collect(), ..Observation::default() }
}

type Entry = (LoadBalancerName, Seen<ObservedLoadBalancer>);

async fn look_at_batch(client: &Client, batch: &[(&LoadBalancerName, &ObservedLoadBalancer)]) -> Vec<Entry> {
    let arns = batch.iter().map(|(_, before)| before.ownership.id().to_string()).collect();
    let answer = client.describe_load_balancers().set_load_balancer_arns(Some(arns)).send().await;
    match answer.map_err(failed(DESCRIBE)).none_on("LoadBalancerNotFound") {
        Ok(Some(answer)) => {
            let all = answer.load_balancers();
            let by_arn = |arn: &LoadBalancerArn| all.iter().find(|sdk| sdk.load_balancer_arn() == Some(arn.as_str()));
            batch.iter().map(|(name, before)| entry(name, before, by_arn(before.ownership.id()))).collect()
        }
        // One of them is gone, and AWS does not say which.
        Ok(None) => join_all(batch.iter().map(|(name, before)| look_at_one(client, name, before))).await,
        Err(error) => batch.iter().map(|(name, _)| ((*name).clone(), Seen::Unknown(unobserved(&error)))).collect(),
    }
}

async fn look_at_one(client: &Client, name: &LoadBalancerName, before: &ObservedLoadBalancer) -> Entry {
    match describe(client, before.ownership.id()).await {
        Ok(sdk) => entry(name, before, sdk.as_ref()),
        Err(error) => (name.clone(), Seen::Unknown(unobserved(&error))),
    }
}

fn entry(name: &LoadBalancerName, before: &ObservedLoadBalancer, sdk: Option<&SdkLoadBalancer>) -> Entry {
    (name.clone(), sdk.map_or(Seen::Absent, |sdk| wrap(sdk, Ok(before.clone()))))
}
