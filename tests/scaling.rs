//! Auto scaling over the wire: what a night suspends a morning resumes as it was, an alarm starts nothing at night, and
//! what could not be put again is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use curfew_stage::{Reading, Stage};
use expect_test::expect;
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const BACKEND: &str = "platform-dev-backend";
const FRONTEND: &str = "platform-dev-frontend";

async fn up() -> Stage {
    let mut stage = Stage::set("platform", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    stage
}

async fn push(stage: &Stage, service: &str, push: &str) -> u64 {
    stage.hand("push", json!({ "service": service, "push": push })).await.unwrap().as_u64().unwrap()
}

fn of_service<'a>(reading: &'a Reading, service: &str) -> &'a Value {
    &reading.runtime["autoScaling"][format!("service/platform-dev-cluster/{service}")]
}

#[tokio::test]
async fn a_night_suspends_and_a_morning_resumes_as_it_was() {
    let mut stage = up().await;
    let suspended = json!({ "service": BACKEND, "suspended": ["dynamic-scaling-in"] });
    stage.hand("suspend", suspended).await.unwrap();
    assert_eq!(push(&stage, FRONTEND, "out").await, 3, "by day it scales");
    stage.pass(std::time::Duration::from_secs(300)).await.unwrap();
    let day = stage.read().await.unwrap();

    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    for service in [BACKEND, FRONTEND] {
        let all = of_service(&night, service)["SuspendedState"].as_object().unwrap();
        assert!(all.len() == 3 && all.values().all(|one| *one == true), "{service}: {all:?}");
        for kind in ["out", "in", "scheduled"] {
            assert_eq!(push(&stage, service, kind).await, 0, "{service} was started at night: {kind}");
        }
    }
    stage.bring("start").await.unwrap();
    let morning = stage.read().await.unwrap();
    assert_eq!(day.differences(&morning), []);
    let frontend = of_service(&morning, FRONTEND);
    let label = &frontend["policies"]["requests"]["TargetTrackingScalingPolicyConfiguration"];
    let label = &label["PredefinedMetricSpecification"]["ResourceLabel"];
    assert!(label.as_str().unwrap().starts_with("platform-dev-alb › platform-dev-frontend/"), "{label}");
}

#[tokio::test]
async fn whoever_resumes_one_at_night_is_undone() {
    let mut stage = up().await;
    let day = stage.read().await.unwrap();
    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    // AWS moves the count to the minimum at once.
    stage.hand("suspend", json!({ "service": BACKEND, "suspended": [] })).await.unwrap();
    stage.bring("stop").await.unwrap();
    assert_eq!(night.differences(&stage.read().await.unwrap()), []);
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
}

#[tokio::test]
async fn a_metric_that_names_the_load_balancer_blocks_the_night() {
    let mut stage = up().await;
    let metric = json!({
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "TargetResponseTime",
        "Statistic": "Average",
        "Dimensions": [{ "Name": "LoadBalancer", "Value": "app/platform-dev-alb/0123456789abcdef" }],
    });
    let configuration = json!({ "TargetValue": 0.5, "CustomizedMetricSpecification": metric });
    let policy = json!({ "service": FRONTEND, "policy": "slow", "configuration": configuration });
    stage.hand("track", policy).await.unwrap();
    let day = stage.read().await.unwrap();
    let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    expect![[r#"service platform-dev-frontend could not come back exactly: its scaling policy slow measures a metric of its own that names a load balancer, which is another one every morning"#]]
        .assert_eq(&format!(
            "{} {}",
            report["reasons"][0]["resource"].as_str().unwrap(),
            report["reasons"][0]["problem"].as_str().unwrap()
        ));
    assert_eq!(day.differences(&stage.read().await.unwrap()), [], "a blocked run touched something");
}
