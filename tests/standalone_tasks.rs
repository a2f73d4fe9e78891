//! Tasks that no service started: the NAT gateway stays for them, over as many runs as it takes, up to the limit.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::time::Duration;

use curfew_stage::{Reading, Stage};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const SERVICE: &str = "durable-dev-frontend";

const WAITS: &str = "tasks of no service to end: durable-dev-frontend:1";

async fn set(limit: &str) -> Stage {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    let cluster = "cluster: durable-dev-cluster\n";
    let replace = json!({ cluster: format!("{cluster}standaloneTasks: {{ waitUpTo: {limit} }}\n") });
    stage.hand("edit_blueprint", json!({ "replace": replace })).await.unwrap();
    stage.bring("start").await.unwrap();
    stage
}

async fn run_task(stage: &Stage) -> Value {
    let task = stage.hand("run_task", json!({ "service": SERVICE })).await.unwrap();
    stage.pass(Duration::from_secs(120)).await.unwrap();
    task
}

/// Stops until nothing but the task keeps the environment from being down.
async fn stop_but_for_the_task(stage: &mut Stage, limit: &str) {
    let mut report = Value::Null;
    for _ in 0..5 {
        report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
        assert_eq!(report["outcome"], "InProgress", "{report:#}");
        if report["waiting"] == json!([format!("{WAITS} ({limit} at most)")]) {
            return;
        }
    }
    panic!("it waits for something else: {report:#}");
}

fn kinds(reading: &Reading) -> Vec<&str> {
    reading.billable.as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_nat_gateway_stays_for_a_task_of_no_service_until_it_ends() {
    let mut stage = set("12h").await;
    let day = stage.read().await.unwrap();
    let task = run_task(&stage).await;
    let plan = stage.command(&["plan", "--down"]).await.unwrap();
    let plan = String::from_utf8_lossy(&plan.stdout).into_owned();
    assert!(plan.contains(&format!("waiting for {WAITS}\n")), "{plan}");

    stop_but_for_the_task(&mut stage, "12h").await;
    assert_eq!(kinds(&stage.read().await.unwrap()), ["address", "natGateway", "task"]);

    stage.hand("end_task", json!({ "task": task })).await.unwrap();
    // One that stops is not meant to run, and no longer waited for.
    stage.pass(Duration::from_secs(120)).await.unwrap();
    stage.bring("stop").await.unwrap();
    assert_eq!(kinds(&stage.read().await.unwrap()), ["address"]);
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
}

#[tokio::test]
async fn when_the_limit_is_over_the_run_says_what_it_cut_off() {
    let mut stage = set("1h").await;
    run_task(&stage).await;
    stop_but_for_the_task(&mut stage, "1h").await;
    // The limit counts from the first run, whichever runs come after it.
    stage.pass(Duration::from_secs(60 * 60)).await.unwrap();
    let report = stage.bring("stop").await.unwrap();
    let note = "is deleted while tasks of no service still run: durable-dev-frontend:1";
    assert!(report["notes"].to_string().contains(note), "{report:#}");
    assert_eq!(kinds(&stage.read().await.unwrap()), ["address", "task"], "nobody stops it");
    let mishaps = stage.mishaps().await.unwrap();
    let whats: Vec<&str> = mishaps.as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["deleted while family:durable-dev-frontend still leaves by it (RUNNING)"], "and nothing else");
    let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
}
