//! What a tick asks AWS for that finds nothing to do: docs/cost.md reckons with it, 8,640 times a month.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::BTreeMap;

use curfew_stage::Stage;
use expect_test::{Expect, expect};
use serde_json::json;

/// The calls of one tick that changes nothing.
async fn idle(stage: &mut Stage, expected: Expect) {
    stage.report("reconcile", json!({})).await.unwrap();
    stage.proxy.calls();
    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    let mut counts = BTreeMap::new();
    for call in stage.proxy.calls() {
        *counts.entry(call.to_string()).or_insert(0) += 1;
    }
    let sum: i32 = counts.values().sum();
    let lines: String = counts.iter().map(|(call, count)| format!("{count} {call}\n")).collect();
    expected.assert_eq(&format!("{lines}{sum} together\n"));
}

#[tokio::test]
async fn a_tick_that_finds_nothing_to_do_looks_and_writes_nothing() {
    let mut stage = Stage::set("durable", 80.0).await.unwrap();
    stage.bring("start").await.unwrap();
    stage.pass(std::time::Duration::from_secs(120)).await.unwrap();
    idle(
        &mut stage,
        expect![[r#"
            1 application-autoscaling:DescribeScalableTargets
            1 cloudfront:ListVpcOrigins
            1 ec2:DescribeAddresses
            1 ec2:DescribeNatGateways
            1 ec2:DescribeRouteTables
            1 ecs:DescribeClusters
            1 ecs:DescribeServices
            1 elasticloadbalancing:DescribeCapacityReservation
            2 elasticloadbalancing:DescribeListenerAttributes
            1 elasticloadbalancing:DescribeListenerCertificates
            1 elasticloadbalancing:DescribeListeners
            1 elasticloadbalancing:DescribeLoadBalancerAttributes
            1 elasticloadbalancing:DescribeLoadBalancers
            2 elasticloadbalancing:DescribeRules
            2 elasticloadbalancing:DescribeTags
            1 elasticloadbalancing:DescribeTargetGroups
            2 elasticloadbalancing:DescribeTargetHealth
            1 globalaccelerator:ListAccelerators
            1 route53:ListResourceRecordSets
            2 s3:GetObject
            1 ssm:GetParameter
            1 tagging:GetResources
            1 wafv2:GetWebACLForResource
            28 together
        "#]],
    )
    .await;
    stage.bring("stop").await.unwrap();
    idle(
        &mut stage,
        expect![[r#"
            1 application-autoscaling:DescribeScalableTargets
            1 ec2:DescribeAddresses
            2 ec2:DescribeNatGateways
            1 ec2:DescribeRouteTables
            1 ecs:DescribeClusters
            1 ecs:DescribeServices
            1 ecs:DescribeTasks
            1 ecs:ListTasks
            1 elasticloadbalancing:DescribeLoadBalancers
            1 elasticloadbalancing:DescribeTargetGroups
            1 route53:ListResourceRecordSets
            2 s3:GetObject
            1 ssm:GetParameter
            1 tagging:GetResources
            16 together
        "#]],
    )
    .await;
}
