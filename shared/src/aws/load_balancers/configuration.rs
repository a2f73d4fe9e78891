//! All that can be set on a load balancer and hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{LoadBalancer as SdkLoadBalancer, LoadBalancerStateEnum};

use super::listeners;
use super::{GONE_MEANWHILE, Outcome, failed};
use crate::model::*;
use crate::ports::ActionError;

/// A load balancer's attributes and listeners, and what of them could not be brought back.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) web_acl: Option<WebAclArn>,
    pub(super) listeners: BTreeMap<u16, Listener>,
    pub(super) arns: BTreeMap<u16, ListenerArn>,
    pub(super) unsupported: Vec<String>,
}

/// Reads all of it, as much as possible at the same time.
pub(super) async fn read(
    client: &Client,
    arn: &LoadBalancerArn,
    sdk: &SdkLoadBalancer,
) -> Result<Configuration, ActionError> {
    let (attributes, listeners, reserved) =
        tokio::join!(attributes(client, arn), listeners::read(client, arn), reserved_capacity(client, arn, sdk));
    let mut configuration = Configuration { attributes: attributes?, ..Configuration::default() };
    if let Some(units) = reserved? {
        configuration.unsupported.push(format!("has {units} capacity units reserved"));
    }
    let mut seen = BTreeSet::new();
    for listener in listeners? {
        configuration.unsupported.extend(listener.unsupported);
        if !seen.insert(listener.port) {
            configuration.unsupported.push(format!("has two listeners on port {}", listener.port));
        }
        configuration.arns.insert(listener.port, listener.arn);
        configuration.listeners.extend(listener.listener.map(|read| (listener.port, read)));
    }
    Ok(configuration)
}

/// Its attributes, key by key.
pub(super) async fn attributes(
    client: &Client,
    arn: &LoadBalancerArn,
) -> Result<BTreeMap<String, String>, ActionError> {
    let answer = client.describe_load_balancer_attributes().load_balancer_arn(arn.as_str()).send().await;
    let answer =
        answer.map_err(failed("elasticloadbalancing:DescribeLoadBalancerAttributes")).later_on(GONE_MEANWHILE)?;
    let pairs = answer.attributes().iter().filter_map(|one| Some((one.key()?, one.value().unwrap_or_default())));
    Ok(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

/// How many capacity units somebody reserved for it (facts §2). One that is still being made has none.
async fn reserved_capacity(
    client: &Client,
    arn: &LoadBalancerArn,
    sdk: &SdkLoadBalancer,
) -> Result<Option<i32>, ActionError> {
    if sdk.state().and_then(|state| state.code()) == Some(&LoadBalancerStateEnum::Provisioning) {
        return Ok(None);
    }
    let answer = client.describe_capacity_reservation().load_balancer_arn(arn.as_str()).send().await;
    let answer = answer.map_err(failed("elasticloadbalancing:DescribeCapacityReservation")).later_on(GONE_MEANWHILE)?;
    Ok(answer.minimum_load_balancer_capacity().and_then(|minimum| minimum.capacity_units()).filter(|units| *units > 0))
}
