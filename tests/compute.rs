//! EC2 instances and Auto Scaling groups over the wire: both go at night and come back as they were, read by somebody else;
//! what could not come back is refused before anything is touched.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::time::Duration;

use curfew_stage::{Kind, Stage};
use serde_json::{Value, json};

/// Slower than elsewhere: more has to come and go.
const FACTOR: f64 = 40.0;

/// durable by day, with an instance and a group; the instance's id.
async fn up() -> (Stage, String) {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    let jump = stage.hand("add_instance", json!({ "name": "jump" })).await.unwrap().as_str().unwrap().to_owned();
    stage.hand("add_group", json!({ "name": "workers", "min": 1, "desired": 2, "max": 4 })).await.unwrap();
    stage.bring("start").await.unwrap();
    (stage, jump)
}

#[tokio::test]
async fn they_come_back_as_they_were() {
    let (mut stage, jump) = up().await;
    // Somebody gives the group another capacity by day.
    stage.hand("resize_group", json!({ "name": "workers", "min": 2, "desired": 3, "max": 5 })).await.unwrap();
    stage.pass(Duration::from_secs(120)).await.unwrap();
    let day = stage.read().await.unwrap();
    let group = |instances: Value, min: u32, desired: u32| json!({ "MinSize": min, "DesiredCapacity": desired, "MaxSize": 5, "instances": instances });
    assert_eq!(day.runtime["instances"], json!({ &jump: "running" }));
    assert_eq!(day.runtime["autoScalingGroups"]["workers"], group(json!({ "InService": 3 }), 2, 3));
    for _ in 0..2 {
        stage.bring("stop").await.unwrap();
        let night = stage.read().await.unwrap();
        assert_eq!(night.runtime["instances"], json!({ &jump: "stopped" }));
        assert_eq!(night.runtime["autoScalingGroups"]["workers"], group(json!({}), 0, 0));
        let others: Vec<&Value> =
            night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect();
        assert!(others.is_empty(), "these still cost money at night: {others:?}");
        stage.bring("start").await.unwrap();
        assert_eq!(day.differences(&stage.read().await.unwrap()), [], "the morning differs from the day before");
    }
    stage.proxy.calls();
    let again = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(again["outcome"], "Unchanged", "{again:#}");
    let changes: Vec<_> = stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
    assert!(changes.iter().all(|call| call.service == "s3" || call.service == "sns"), "{changes:?}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]), "AWS would not have liked the order");
}

#[tokio::test]
async fn what_a_person_stopped_by_day_stays_stopped() {
    let (mut stage, jump) = up().await;
    stage.hand("switch_instance", json!({ "identifier": jump, "to": "stopped" })).await.unwrap();
    stage.hand("resize_group", json!({ "name": "workers", "min": 0, "desired": 0, "max": 4 })).await.unwrap();
    stage.pass(Duration::from_secs(120)).await.unwrap();
    let day = stage.read().await.unwrap();
    stage.bring("stop").await.unwrap();
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
}

#[tokio::test]
async fn what_could_not_come_back_blocks_the_night() {
    let (mut stage, _) = up().await;
    let protected = json!({ "name": "kept", "DisableApiStop": true });
    stage.hand("add_instance", protected).await.unwrap();
    let stored = json!({ "name": "scratch", "type": "m5d.large" });
    stage.hand("add_instance", stored).await.unwrap();
    stage.hand("schedule_group", json!({ "name": "workers", "action": "morning" })).await.unwrap();
    let day = stage.read().await.unwrap();
    let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    let reasons = report["reasons"].to_string();
    for what in ["disableApiStop", "m5d.large has instance store volumes", "it has scheduled actions (morning)"] {
        assert!(reasons.contains(what), "{what}: {reasons}");
    }
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
}
