//! The process is killed before or after a mutating call, in both directions, and run again: the same end
//! state, no orphans, nothing of the base tier touched (invariant 3).
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::time::Duration;

use curfew_stage::{Call, Fault, Invoked, Reading, Stage, Trap};
use serde_json::json;

/// Fast, because a morning and a night are played for each cut; a run that cannot keep up with its lease ends, and
/// the next one goes on, as in an account.
const FACTOR: f64 = 100.0;

/// No morning and no night has more mutating calls, writes of the state included.
const MOST_CALLS: usize = 80;

#[tokio::test]
async fn platform_survives_a_cut_after_every_third_call() {
    cut_every_third("platform", Fault::CutAfter).await;
}

#[tokio::test]
async fn portyfoul_survives_a_cut_after_every_third_call() {
    cut_every_third("portyfoul", Fault::CutAfter).await;
}

// Killed before a call is killed after the one before it, but for calls that are made at the same time: every second
// call of one environment is enough. The histories cut anywhere.
#[tokio::test]
async fn durable_with_all_that_can_be_survives_a_cut_before_every_second_call() {
    cut_with_all_that_can_be(Fault::CutBefore, 2).await;
}

#[tokio::test]
async fn durable_with_all_that_can_be_survives_a_cut_after_each_call() {
    cut_with_all_that_can_be(Fault::CutAfter, 1).await;
}

/// What no example has: a web ACL, deletion protection, an alarm, VPC endpoints, an instance and an Auto Scaling group.
async fn cut_with_all_that_can_be(fault: Fault, step: usize) {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    let scheme = "    scheme: internet-facing\n";
    let replace = json!({
        scheme: format!("{scheme}    deletionProtection: off-while-down\n    alarms: repoint\n"),
        "    attributes:\n": "    attributes:\n      deletion_protection.enabled: \"true\"\n",
    });
    stage.hand("edit_blueprint", json!({ "replace": replace })).await.unwrap();
    for service in ["secretsmanager", "s3"] {
        stage.hand("name_endpoint", json!({ "name": service, "service": service })).await.unwrap();
    }
    stage.hand("add_instance", json!({ "name": "jump" })).await.unwrap();
    stage.hand("add_group", json!({ "name": "workers", "min": 1, "desired": 2, "max": 4 })).await.unwrap();
    let base = stage.read().await.unwrap();
    stage.bring("start").await.unwrap();
    stage.hand("attach", json!({ "kind": "web-acl", "load_balancer": "durable-dev-alb" })).await.unwrap();
    stage.hand("add_alarm", json!({ "name": "errors", "load_balancer": "durable-dev-alb" })).await.unwrap();
    cut_each(stage, base, "durable with all that can be", fault, step).await;
}

/// Most kinds of calls are durable's too, and each is made several times.
async fn cut_every_third(example: &str, fault: Fault) {
    let mut stage = Stage::set(example, FACTOR).await.unwrap();
    let base = stage.read().await.unwrap();
    stage.bring("start").await.unwrap();
    cut_each(stage, base, example, fault, 3).await;
}

/// Cuts an environment that is up at each `step`th call of a night and of a morning.
async fn cut_each(mut stage: Stage, base: Reading, example: &str, fault: Fault, step: usize) {
    let day = stage.read().await.unwrap();
    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    stage.bring("start").await.unwrap();

    let (mut cut_down, mut cut_up) = (true, true);
    for skip in (0..MOST_CALLS).step_by(step) {
        let was_cut = cut(&mut stage, "stop", fault, skip).await;
        let reading = stage.read().await.unwrap();
        assert_same(&night, &reading, &base, &format!("after a night cut at call {skip} ({was_cut:?})"));
        cut_down = was_cut.is_some();

        let was_cut = cut(&mut stage, "start", fault, skip).await;
        let reading = stage.read().await.unwrap();
        assert_same(&day, &reading, &base, &format!("after a morning cut at call {skip} ({was_cut:?})"));
        cut_up = was_cut.is_some();
        if !cut_down && !cut_up {
            println!("{example}: cut at {} of {skip} calls", skip / step);
            break;
        }
    }
    assert!(!cut_down && !cut_up, "{MOST_CALLS} calls were not enough to cut everywhere");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]), "AWS would not have liked the order");
}

/// Invokes a function that is killed at its `skip`th mutating call, and then again until it is done. Answers which
/// call it was cut at; none if there are not so many.
async fn cut(stage: &mut Stage, function: &str, fault: Fault, skip: usize) -> Option<Call> {
    stage.proxy.set(Trap { fault, call: None, skip, times: 1 });
    let event = json!({ "hold": "forever" });
    let invoked = stage.invoke(function, event).await.unwrap();
    let struck = stage.proxy.clear();
    assert_eq!(struck.is_some(), invoked == Invoked::Killed, "{invoked:?}");
    // The lease of the run that was killed runs out.
    if struck.is_some() {
        stage.pass(Duration::from_secs(125)).await.unwrap();
    }
    stage.bring(function).await.unwrap();
    struck
}

fn assert_same(expected: &Reading, reading: &Reading, base: &Reading, when: &str) {
    assert_eq!(expected.differences(reading), [], "{when}");
    assert_eq!(expected.billable, reading.billable, "{when}: an orphan, or something is missing");
    assert_eq!(base.base_differences(reading), [], "{when}: the base tier changed");
}
