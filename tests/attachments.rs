//! What other services attach to the load balancer: a web ACL comes back with it; what could not come back blocks the
//! night, all of it at once, and without it the night comes.
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
    for kind in ["accelerator", "vpc-origin"] {
        stage.hand("attach", json!({ "kind": kind, "load_balancer": LOAD_BALANCER })).await.unwrap();
    }
    let managed = json!({ "kind": "web-acl", "load_balancer": LOAD_BALANCER, "managed": true });
    stage.hand("attach", managed).await.unwrap();
    let day = stage.read().await.unwrap();

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
        load balancer durable-dev-alb could not come back exactly: has a web ACL of Firewall Manager (dev), which gives it to a new load balancer in its own time
        load balancer durable-dev-alb could not come back exactly: is an endpoint of the accelerator dev, which would lead nowhere
        load balancer durable-dev-alb could not come back exactly: is the VPC origin dev of CloudFront, which would lead nowhere"#]].assert_eq(&reasons(&report));

    stage.hand("detach_all", json!({})).await.unwrap();
    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    let others: Vec<&Value> =
        night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect();
    assert!(others.is_empty(), "these still cost money at night: {others:?}");
}

/// Before any name leads to the new load balancer, which the emulator would note as a mishap.
#[tokio::test]
async fn a_web_acl_that_somebody_attached_is_back_in_the_morning() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    stage.hand("attach", json!({ "kind": "web-acl", "load_balancer": LOAD_BALANCER })).await.unwrap();
    let day = stage.read().await.unwrap();
    assert_eq!(day.runtime["loadBalancers"][LOAD_BALANCER]["webAcl"], "dev");
    for _ in 0..2 {
        stage.bring("stop").await.unwrap();
        stage.proxy.calls();
        stage.bring("start").await.unwrap();
        let changes: Vec<String> = stage.proxy.changes().iter().map(ToString::to_string).collect();
        let place = |call: &str| changes.iter().position(|one| one == call).unwrap();
        assert!(place("wafv2:AssociateWebACL") < place("route53:ChangeResourceRecordSets"), "{changes:?}");
        assert_eq!(day.differences(&stage.read().await.unwrap()), []);
    }
    let report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

/// An environment stays asleep rather than unguarded, and says what it waits for; once it is fixed it comes up.
#[tokio::test]
async fn without_its_web_acl_no_name_leads_to_the_load_balancer() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    stage.hand("attach", json!({ "kind": "web-acl", "load_balancer": LOAD_BALANCER })).await.unwrap();
    let day = stage.read().await.unwrap();
    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    let call = Some("wafv2:AssociateWebACL".to_owned());
    stage.proxy.set(Trap { fault: Fault::Denied, call, skip: 0, times: usize::MAX });
    let mut report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    while report["outcome"] == "InProgress" {
        report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    }
    assert_eq!(report["outcome"], "Failed", "{report:#}");
    assert!(report.to_string().contains("wafv2:AssociateWebACL"), "{report:#}");
    let now = stage.read().await.unwrap();
    assert_eq!(night.runtime["dnsRecords"], now.runtime["dnsRecords"], "a name leads to what is not guarded");
    assert!(stage.proxy.clear().is_some());
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
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
