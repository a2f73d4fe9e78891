//! AWS throttles, breaks, loses answers and refuses: the environment gets there all the same, with no orphan, or the
//! run says what was left and nothing is half deleted.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::BTreeSet;

use curfew_stage::{Call, Fault, Kind, Reading, Stage, Trap};
use serde_json::{Value, json};

/// Slower than elsewhere: the SDK's pauses between its tries are real seconds, and a lease lasts 120 of the stage's.
const SLOW: f64 = 40.0;
const FAST: f64 = 100.0;

/// So often does the SDK try: a fault then reaches Curfew itself.
const ATTEMPTS: usize = 4;

/// How an environment looks by day and by night when nothing goes wrong.
struct Reference {
    base: Reading,
    day: Reading,
    night: Reading,
}

impl Reference {
    fn assert_same(&self, up: bool, reading: &Reading, when: &str) {
        let expected = if up { &self.day } else { &self.night };
        assert_eq!(expected.differences(reading), [], "{when}");
        assert_eq!(expected.billable, reading.billable, "{when}: an orphan, or something is missing");
        assert_eq!(self.base.base_differences(reading), [], "{when}: the base tier changed");
    }
}

/// A stage that is up, after a night and a morning without faults; and the mutating calls of both.
async fn rehearsed(factor: f64) -> (Stage, Reference, [BTreeSet<String>; 2]) {
    let mut stage = Stage::set("durable", factor).await.unwrap();
    let base = stage.read().await.unwrap();
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    stage.proxy.calls();
    stage.bring("stop").await.unwrap();
    let down = names(stage.proxy.calls());
    let night = stage.read().await.unwrap();
    stage.bring("start").await.unwrap();
    let up = names(stage.proxy.calls());
    (stage, Reference { base, day, night }, [down, up])
}

fn names(calls: Vec<Call>) -> BTreeSet<String> {
    calls.into_iter().filter(|call| call.kind() == Kind::Mutation).map(|call| call.to_string()).collect()
}

/// A morning from nothing, a night, and a second morning, in which each different call of a kind is struck.
async fn weather(fault: Fault, kind: Kind, times: usize) {
    // What is written anew each time would never be written.
    let spared: &[&str] = if times < ATTEMPTS { &[] } else { &["s3", "sns"] };
    let mut stage = Stage::set("durable", SLOW).await.unwrap();
    let base = stage.read().await.unwrap();
    let mut bring = async |function: &str| {
        stage.proxy.storm(fault, kind, times, spared);
        stage.bring(function).await.unwrap();
        let struck = stage.proxy.calm();
        assert!(struck >= 5, "only {struck} calls were struck");
        stage.read().await.unwrap()
    };
    let first = bring("start").await;
    let night = bring("stop").await;
    // The SDK's pauses are real: where it makes many, the second morning is a calm one.
    let morning = if times > 1 {
        stage.bring("start").await.unwrap();
        stage.read().await.unwrap()
    } else {
        bring("start").await
    };
    assert_eq!(first.differences(&morning), [], "the morning is another");
    let kinds = |reading: &Reading| -> Vec<String> {
        let all = reading.billable.as_array().unwrap().iter();
        all.map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&night), ["address"], "an orphan");
    for up in [&first, &morning] {
        assert_eq!(kinds(up), ["address", "loadBalancer", "natGateway", "task", "task", "task", "task"], "an orphan");
        assert_eq!(base.base_differences(up), [], "the base tier changed");
    }
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
    let report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
}

#[tokio::test]
async fn every_change_is_throttled_once() {
    weather(Fault::Throttled, Kind::Mutation, 1).await;
}

#[tokio::test]
async fn every_change_meets_a_broken_server_once() {
    weather(Fault::ServerError, Kind::Mutation, 1).await;
}

#[tokio::test]
async fn every_change_happens_and_its_answer_is_lost_once() {
    weather(Fault::AnswerLost, Kind::Mutation, 1).await;
}

#[tokio::test]
async fn every_change_is_throttled_until_the_sdk_gives_up() {
    weather(Fault::Throttled, Kind::Mutation, ATTEMPTS).await;
}

#[tokio::test]
async fn every_look_is_throttled_twice() {
    weather(Fault::Throttled, Kind::Read, 2).await;
}

/// One call after another happens each time the SDK tries it and never answers, once in a night and once in a morning.
#[tokio::test]
async fn a_change_whose_answers_stay_lost_is_not_made_twice() {
    let (mut stage, reference, [down, up]) = rehearsed(FAST).await;
    let (mut down, mut up) = (down.into_iter(), up.into_iter());
    loop {
        let calls = [("stop", down.next()), ("start", up.next())];
        if calls.iter().all(|(_, call)| call.is_none()) {
            break;
        }
        for (function, call) in calls {
            if let Some(call) = &call {
                stage.proxy.set(Trap { fault: Fault::AnswerLost, call: Some(call.clone()), skip: 0, times: ATTEMPTS });
            }
            stage.bring(function).await.unwrap();
            let struck = stage.proxy.clear();
            let when = format!("after {function} without an answer to {call:?}");
            assert_eq!(call.is_some(), struck.is_some(), "{when}: nothing was struck");
            reference.assert_same(function == "start", &stage.read().await.unwrap(), &when);
        }
    }
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

/// Runs once while every call of one name is refused.
async fn refused(stage: &mut Stage, function: &str, fault: Fault, call: &str) -> Value {
    stage.proxy.calls();
    stage.proxy.set(Trap { fault, call: Some(call.to_owned()), skip: 0, times: usize::MAX });
    let report = stage.report(function, json!({ "hold": "forever" })).await.unwrap();
    assert!(stage.proxy.clear().is_some(), "{call} was not struck");
    assert_eq!(report["outcome"], "Failed", "{call}: {report:#}");
    report
}

#[tokio::test]
async fn credentials_that_are_over_or_not_enough_end_a_run_that_says_what_was_left() {
    let (mut stage, reference, _) = rehearsed(FAST).await;
    let told = stage.notifications().await.unwrap().len();
    let by_day = stage.read().await.unwrap();

    // A look that is refused: nothing is touched.
    for (fault, code) in [(Fault::ExpiredCredentials, "ExpiredToken"), (Fault::Denied, "AccessDenied")] {
        for call in ["ecs:DescribeServices", "elasticloadbalancing:DescribeLoadBalancers"] {
            let report = refused(&mut stage, "stop", fault, call).await;
            let message = report["message"].as_str().unwrap();
            assert!(message.contains(call) && message.contains(code), "{message}");
            assert!(message.contains("nothing more was touched"), "{message}");
            let changes: Vec<String> = stage.proxy.changes().iter().map(Call::to_string).collect();
            assert!(changes.iter().all(|change| change == "ecs:TagResource"), "{call}: {changes:?}");
        }
    }
    assert_eq!(by_day.differences(&stage.read().await.unwrap()), [], "something was touched");
    assert_eq!(by_day.billable, stage.read().await.unwrap().billable);
    let news = stage.notifications().await.unwrap().split_off(told);
    assert!(news.iter().all(|one| one["subject"] == "Curfew: dev failed"), "{news:#?}");
    assert_eq!(news.len(), 4, "each failure is told once");

    // A deletion that is refused: what stood before it still stands, and the next night goes on.
    let report = refused(&mut stage, "stop", Fault::Denied, "ecs:UpdateService").await;
    let message = report["message"].as_str().unwrap();
    assert!(message.contains("what is not done is left as it was"), "{message}");
    let left = stage.read().await.unwrap();
    assert_eq!(left.billable, by_day.billable, "something was deleted while tasks run");
    stage.bring("stop").await.unwrap();
    reference.assert_same(false, &stage.read().await.unwrap(), "after the night that was refused");

    // A morning without the right to make a NAT gateway.
    for fault in [Fault::Denied, Fault::ExpiredCredentials] {
        let report = refused(&mut stage, "start", fault, "ec2:CreateNatGateway").await;
        let message = report["message"].as_str().unwrap();
        assert!(message.contains("ec2:CreateNatGateway") && message.contains("left as it was"), "{message}");
        assert!(!message.contains("AKIDEXAMPLE"), "{message}");
    }
    stage.bring("start").await.unwrap();
    reference.assert_same(true, &stage.read().await.unwrap(), "after the morning that was refused");
    let report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}
