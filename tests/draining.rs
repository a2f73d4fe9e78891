//! The grace over the wire: names move first, and services behind the load balancer serve on until it is over.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::time::Duration;

use curfew_stage::{Invoked, Reading, Stage};
use serde_json::{Value, json};

const FACTOR: f64 = 40.0;
const WAITS: &str = "the last clients of durable-dev-backend, durable-dev-frontend to leave (15m from the beginning)";

fn tasks(reading: &Reading) -> usize {
    reading.billable.as_array().unwrap().iter().filter(|item| item["kind"] == "task").count()
}

/// Runs that have little time, until nothing is left to do but to wait: a busy machine takes several.
async fn stop_but_for_the_last_clients(stage: &mut Stage) {
    for _ in 0..3 {
        let event = json!({ "hold": "forever" });
        let invoked = stage.invoke_within("stop", event, Duration::from_secs(240)).await.unwrap();
        let Invoked::Report(report) = invoked else { panic!("{invoked:?}") };
        assert_eq!(report["outcome"], "InProgress", "{report:#}");
        if report["waiting"] == json!([WAITS]) {
            return;
        }
    }
    panic!("it does not come to wait");
}

#[tokio::test]
async fn the_last_clients_are_served_until_the_grace_is_over() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    let cluster = "cluster: durable-dev-cluster\n";
    let replace = json!({ cluster: format!("{cluster}draining: {{ grace: 15m }}\n") });
    stage.hand("edit_blueprint", json!({ "replace": replace })).await.unwrap();
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    let (names, running) = (&day.runtime["dnsRecords"], tasks(&day));
    assert!(running > 0);

    stop_but_for_the_last_clients(&mut stage).await;
    let evening = stage.read().await.unwrap();
    assert_ne!(evening.runtime["dnsRecords"], *names, "the names have moved");
    assert_eq!(tasks(&evening), running, "a task was stopped too early");

    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    let left: Vec<&Value> =
        night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect();
    assert_eq!(left, Vec::<&Value>::new());
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
    let report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}
