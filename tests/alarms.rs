//! CloudWatch's alarms over the wire: those that watch a load balancer or a NAT gateway watch the new one in the morning where the blueprint
//! lets them, as an independent reader sees, and are left as they are where not.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use curfew_stage::{Fault, Stage, Trap};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const LOAD_BALANCER: &str = "durable-dev-alb";
const PUT: &str = "monitoring:PutMetricAlarm";

/// `durable`, up, with an alarm on one metric and one on metric math.
async fn up(repoint: bool) -> Stage {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    if repoint {
        let scheme = "    scheme: internet-facing\n";
        let address = "    address: egress\n";
        let replace = json!({
            scheme: format!("{scheme}    alarms: repoint\n"),
            address: format!("{address}    alarms: repoint\n"),
        });
        stage.hand("edit_blueprint", json!({ "replace": replace })).await.unwrap();
    }
    stage.bring("start").await.unwrap();
    stage.hand("add_alarm", json!({ "name": "errors", "load_balancer": LOAD_BALANCER })).await.unwrap();
    stage.hand("add_ratio_alarm", json!({ "name": "ratio", "load_balancer": LOAD_BALANCER })).await.unwrap();
    stage.hand("add_gateway_alarm", json!({ "name": "lost" })).await.unwrap();
    stage
}

fn puts(stage: &Stage) -> usize {
    stage.proxy.calls().iter().filter(|call| call.to_string() == PUT).count()
}

async fn idle(stage: &mut Stage) {
    stage.proxy.calls();
    let report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.proxy.changes(), [], "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]), "AWS would not have liked the order");
}

#[tokio::test]
async fn they_watch_the_new_load_balancer_and_are_else_as_they_were() {
    let mut stage = up(true).await;
    let day = stage.read().await.unwrap();
    let said = day.runtime["alarms"].to_string();
    assert_eq!(said.matches(&format!("load balancer {LOAD_BALANCER}")).count(), 3, "{said}");
    assert_eq!(said.matches("NAT gateway in ").count(), 2, "{said}");
    for _ in 0..2 {
        stage.bring("stop").await.unwrap();
        stage.proxy.calls();
        let night = stage.read().await.unwrap();
        assert_eq!(night.runtime["alarms"].to_string().matches("a load balancer that is gone").count(), 3);
        assert_eq!(night.runtime["alarms"].to_string().matches("a NAT gateway that is gone").count(), 2);
        stage.bring("start").await.unwrap();
        assert_eq!(puts(&stage), 3, "each once");
        assert_eq!(day.differences(&stage.read().await.unwrap()), [], "the morning differs from the day before");
    }
    idle(&mut stage).await;
}

#[tokio::test]
async fn they_are_left_alone_and_told_of_unless_the_blueprint_says_so() {
    let mut stage = up(false).await;
    let before: Value = stage.hand("alarm", json!({ "name": "errors" })).await.unwrap();
    stage.proxy.calls();
    let night = stage.bring("stop").await.unwrap();
    let notes = night["notes"].as_array().unwrap();
    for kind in ["load balancer", "NAT gateway"] {
        let told = format!("these alarms will watch a {kind} that is gone");
        assert!(notes.iter().any(|note| note.as_str().unwrap().starts_with(&told)), "{night:#}");
    }
    stage.bring("start").await.unwrap();
    assert_eq!(puts(&stage), 0);
    assert_eq!(stage.hand("alarm", json!({ "name": "errors" })).await.unwrap(), before);
    idle(&mut stage).await;
}

#[tokio::test]
async fn one_that_may_not_be_put_keeps_nobody_from_a_morning() {
    let mut stage = up(true).await;
    let day = stage.read().await.unwrap();
    stage.bring("stop").await.unwrap();
    stage.proxy.set(Trap { fault: Fault::Denied, call: Some(PUT.to_owned()), skip: 0, times: 2 });
    let morning = stage.bring("start").await.unwrap();
    assert!(stage.proxy.clear().is_some());
    let notes = morning["notes"].to_string();
    assert!(notes.contains("alarm errors") && notes.contains("AdoptedArns"), "{morning:#}");
    // The next run may.
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
    idle(&mut stage).await;
}

#[tokio::test]
async fn a_lost_answer_and_too_many_calls_leave_each_put_once() {
    let mut stage = up(true).await;
    let day = stage.read().await.unwrap();
    for fault in [Fault::AnswerLost, Fault::Throttled, Fault::ServerError, Fault::CutBefore, Fault::CutAfter] {
        stage.bring("stop").await.unwrap();
        stage.proxy.set(Trap { fault, call: Some(PUT.to_owned()), skip: 0, times: 1 });
        let _ = stage.invoke("start", json!({ "hold": "forever" })).await.unwrap();
        assert!(stage.proxy.clear().is_some(), "{fault:?}");
        stage.pass(std::time::Duration::from_secs(125)).await.unwrap();
        stage.bring("start").await.unwrap();
        assert_eq!(day.differences(&stage.read().await.unwrap()), [], "{fault:?}");
    }
    idle(&mut stage).await;
}
