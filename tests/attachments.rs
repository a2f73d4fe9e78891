//! What other services attach to the load balancer could not come back: all of it blocks the night, and without it the
//! night comes.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use curfew_stage::{Fault, Stage, Trap};
use expect_test::expect;
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const LOAD_BALANCER: &str = "durable-dev-alb";

#[tokio::test]
async fn what_other_services_attach_blocks_the_night() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    for kind in ["web-acl", "accelerator", "vpc-origin"] {
        stage.hand("attach", json!({ "kind": kind, "load_balancer": LOAD_BALANCER })).await.unwrap();
    }

    stage.proxy.calls();
    let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    let changes = stage.proxy.changes();
    let only_the_hold = |name: &str| matches!(name, "ecs:TagResource" | "ecs:UntagResource");
    assert!(
        changes.iter().all(|call| only_the_hold(&call.to_string())),
        "a blocked run changed something: {changes:?}"
    );
    assert_eq!(day.differences(&stage.read().await.unwrap()), [], "a blocked run touched something");
    expect![[r#"
        load balancer durable-dev-alb could not come back exactly: has the web ACL dev, which a new load balancer would be without
        load balancer durable-dev-alb could not come back exactly: is an endpoint of the accelerator dev, which would lead nowhere
        load balancer durable-dev-alb could not come back exactly: is the VPC origin dev of CloudFront, which would lead nowhere"#]].assert_eq(&reasons(&report));

    stage.hand("detach_all", json!({})).await.unwrap();
    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    let others: Vec<&Value> =
        night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect();
    assert!(others.is_empty(), "these still cost money at night: {others:?}");
}

/// What may be attached is not known, so nothing is deleted (invariant 4).
#[tokio::test]
async fn what_may_not_be_asked_for_is_not_deleted() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    for call in [
        "wafv2:GetWebACLForResource",
        "globalaccelerator:ListAccelerators",
        "cloudfront:ListVpcOrigins",
        "application-autoscaling:DescribeScalableTargets",
    ] {
        stage.proxy.set(Trap { fault: Fault::Denied, call: Some(call.to_owned()), skip: 0, times: usize::MAX });
        let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
        assert!(stage.proxy.clear().is_some(), "{call} was not struck");
        assert_eq!(report["outcome"], "Failed", "{call}: {report:#}");
        assert!(report.to_string().contains(call), "{call} is not named: {report:#}");
        let now = stage.read().await.unwrap();
        assert_eq!(day.runtime["loadBalancers"], now.runtime["loadBalancers"], "{call}");
        assert_eq!(day.billable, now.billable, "{call}: something was deleted");
    }
}

fn reasons(report: &Value) -> String {
    let line =
        |reason: &Value| format!("{} {}", reason["resource"].as_str().unwrap(), reason["problem"].as_str().unwrap());
    let lines: Vec<String> = report["reasons"].as_array().unwrap().iter().map(line).collect();
    lines.join("\n")
}
