//! Rules of a listener.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::Rule as SdkRule;

use super::{GONE_MEANWHILE, Outcome, actions, conditions, failed};
use crate::aws::errors::strange;
use crate::model::*;
use crate::ports::ActionError;

const DESCRIBE: &str = "elasticloadbalancing:DescribeRules";

/// All rules of a listener but its default one, which the listener itself says.
pub(super) async fn describe(client: &Client, listener: &ListenerArn) -> Result<Vec<SdkRule>, ActionError> {
    let pages = client.describe_rules().listener_arn(listener.as_str()).into_paginator().items().send();
    let all: Vec<SdkRule> = pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE)).later_on(GONE_MEANWHILE)?;
    Ok(all.into_iter().filter(|rule| rule.is_default() != Some(true)).collect())
}

/// Rules in the blueprint's words, by priority.
pub(super) fn read(
    rules: &[SdkRule],
    listener: &str,
    tags: &BTreeMap<String, Tags>,
    unsupported: &mut Vec<String>,
) -> Result<BTreeMap<u16, Rule>, ActionError> {
    let mut read = BTreeMap::new();
    for sdk in rules {
        let priority = sdk.priority().and_then(|priority| priority.parse::<u16>().ok());
        let priority = priority.ok_or_else(|| strange(DESCRIBE, format!("a rule of {listener} has no priority")))?;
        let place = format!("{listener}, rule {priority}");
        let rule = Rule {
            conditions: conditions::from_sdk(sdk.conditions(), &place, unsupported),
            actions: actions::from_sdk(sdk.actions(), &place, unsupported),
            transforms: conditions::transforms_from_sdk(sdk.transforms(), &place, unsupported),
            tags: sdk.rule_arn().and_then(|arn| tags.get(arn)).map(own_tags).unwrap_or_default(),
        };
        read.insert(priority, rule);
    }
    Ok(read)
}
