//! What people and pipelines change is theirs: by day it is left alone, and in the morning it is back.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use curfew_stage::{Difference, Reading, Stage};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const LOAD_BALANCER: &str = "durable-dev-alb";
const BACKEND: &str = "durable-dev-backend";
const FRONTEND: &str = "durable-dev-frontend";

async fn hand(stage: &Stage, change: &str, details: Value) -> Value {
    stage.hand(change, details).await.unwrap()
}

async fn idle(stage: &mut Stage, function: &str) {
    stage.proxy.calls();
    let event = if function == "reconcile" { json!({}) } else { json!({ "hold": "forever" }) };
    let report = stage.report(function, event).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.proxy.changes(), [], "{report:#}");
}

/// Differences as lines, so that a test can say which it wants.
fn lines(differences: Vec<Difference>) -> Vec<String> {
    let line = |one: Difference| {
        let place = one.place.rsplit(" / ").take(2).collect::<Vec<_>>();
        format!("{} {}: {} -> {}", place.last().unwrap(), place[0], one.before, one.after)
    };
    differences.into_iter().map(line).collect()
}

fn rule<'a>(reading: &'a Reading, priority: &str) -> &'a Value {
    &reading.runtime["loadBalancers"][LOAD_BALANCER]["listeners"]["443"]["rules"][priority]
}

#[tokio::test]
async fn what_was_changed_by_hand_at_noon_is_back_in_the_morning() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    stage.bring("start").await.unwrap();
    let first = stage.read().await.unwrap();

    hand(&stage, "add_rule", json!({ "name": LOAD_BALANCER, "port": 443, "priority": 20, "path": "/admin/*" })).await;
    hand(&stage, "remove_rule", json!({ "name": LOAD_BALANCER, "port": 443, "priority": 10 })).await;
    hand(&stage, "add_rule", json!({ "name": LOAD_BALANCER, "port": 443, "priority": 30, "path": "/ci-*" })).await;
    hand(&stage, "tag_load_balancer", json!({ "name": LOAD_BALANCER, "tags": { "Team": "red" } })).await;
    let certificate = json!({ "name": LOAD_BALANCER, "port": 443, "domain": "other.durable.example.com" });
    hand(&stage, "add_certificate", certificate).await;
    let attributes = json!({ "idle_timeout.timeout_seconds": "300", "routing.http.xff_client_port.enabled": "true" });
    hand(&stage, "set_attributes", json!({ "name": LOAD_BALANCER, "attributes": attributes })).await;
    hand(&stage, "scale", json!({ "service": BACKEND, "count": 5 })).await;
    stage.pass(std::time::Duration::from_secs(180)).await.unwrap();
    idle(&mut stage, "reconcile").await;
    idle(&mut stage, "start").await;
    let day = stage.read().await.unwrap();
    assert!(first.differences(&day).len() >= 7, "{:?}", first.differences(&day));

    for _ in 0..2 {
        stage.bring("stop").await.unwrap();
        stage.bring("start").await.unwrap();
        let morning = stage.read().await.unwrap();
        assert_eq!(day.differences(&morning), []);
        assert_eq!(day.base_differences(&morning), []);
    }
    let morning = stage.read().await.unwrap();
    assert_ne!(rule(&morning, "20"), &Value::Null, "the rule of noon is not back");
    assert_eq!(rule(&morning, "10"), &Value::Null, "the rule that was removed is back");
    assert_eq!(hand(&stage, "running", json!({ "service": BACKEND })).await.as_array().unwrap().len(), 5);
    idle(&mut stage, "reconcile").await;
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn what_a_pipeline_deploys_at_night_runs_in_the_morning_and_a_second_stop_records_nothing() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    stage.bring("stop").await.unwrap();
    let recording = hand(&stage, "document", json!({ "key": "dev/recording.json" })).await;
    assert!(recording["body"].as_str().unwrap().contains("/api/*"), "{recording}");

    let image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/durable-frontend:night";
    let revision = hand(&stage, "deploy", json!({ "service": FRONTEND, "image": image })).await;
    for _ in 0..2 {
        let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
        assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    }
    let after = hand(&stage, "document", json!({ "key": "dev/recording.json" })).await;
    assert_eq!(recording, after, "the recording was overwritten by night");

    stage.bring("start").await.unwrap();
    let morning = stage.read().await.unwrap();
    let old = format!("{}1\"", revision.to_string().trim_end_matches(['"', '2']));
    assert_eq!(
        lines(day.differences(&morning)),
        [format!("{FRONTEND} taskDefinition: {old} -> {revision}")],
        "only the deployed task definition is another"
    );
    let running = hand(&stage, "running", json!({ "service": FRONTEND })).await;
    assert_eq!(running, json!([revision, revision]));
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn a_blueprint_edited_at_night_or_by_day_takes_effect_in_the_next_morning() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    hand(&stage, "add_rule", json!({ "name": LOAD_BALANCER, "port": 443, "priority": 20, "path": "/admin/*" })).await;
    let day = stage.read().await.unwrap();
    stage.bring("stop").await.unwrap();
    let edits = json!({
        "idle_timeout.timeout_seconds: \"120\"": "idle_timeout.timeout_seconds: \"240\"",
        "values: [/api/*]": "values: [/api/*, /v2/*]",
        "durable-dev-frontend:\n    desiredCount: 2": "durable-dev-frontend:\n    desiredCount: 3",
    });
    hand(&stage, "edit_blueprint", json!({ "replace": edits })).await;
    stage.bring("start").await.unwrap();
    let morning = stage.read().await.unwrap();
    let different = lines(day.differences(&morning));
    for wanted in [
        "attributes idle_timeout.timeout_seconds: \"120\" -> \"240\"".to_owned(),
        format!("{FRONTEND} desiredCount: 2 -> 3"),
    ] {
        assert!(different.contains(&wanted), "{wanted} is not among {different:#?}");
    }
    assert!(rule(&morning, "10").to_string().contains("/v2/*"), "{}", rule(&morning, "10"));
    assert_ne!(rule(&morning, "20"), &Value::Null, "the rule of noon is not back");

    // By day, what is there counts; the edit waits for the next morning.
    let edits = json!({ "idle_timeout.timeout_seconds: \"240\"": "idle_timeout.timeout_seconds: \"360\"" });
    hand(&stage, "edit_blueprint", json!({ "replace": edits })).await;
    idle(&mut stage, "reconcile").await;
    assert_eq!(morning.differences(&stage.read().await.unwrap()), []);
    stage.bring("stop").await.unwrap();
    stage.bring("start").await.unwrap();
    assert_eq!(
        lines(morning.differences(&stage.read().await.unwrap())),
        ["attributes idle_timeout.timeout_seconds: \"240\" -> \"360\""]
    );
    idle(&mut stage, "reconcile").await;
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}
