//! Every way of invoking the functions, over the wire: late, early, twice, at once, short of time, and malformed.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use curfew_stage::{Call, Invoked, Kind, Reading, Stage};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;

async fn set_with_schedule(be: &str) -> Stage {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    schedule(&stage, be).await;
    stage
}

async fn schedule(stage: &Stage, be: &str) {
    stage.hand("schedule", json!({ "be": be })).await.unwrap();
}

/// One of `events/*.json`.
fn sample(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("events").join(name).with_extension("json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Invokes, and answers the report of a run that ended as it had to.
async fn invoked(stage: &mut Stage, function: &str, event: Value, outcome: &str) -> Value {
    let report = stage.report(function, event).await.unwrap();
    assert_eq!(report["outcome"], outcome, "{function}: {report:#}");
    report
}

/// The same of a run that changed nothing of the account.
async fn idle(stage: &mut Stage, function: &str, event: Value, outcome: &str) -> Value {
    stage.proxy.calls();
    let report = invoked(stage, function, event, outcome).await;
    assert_eq!(stage.proxy.changes(), [], "{function}: {report:#}");
    report
}

async fn assert_untouched(stage: &Stage, before: &Reading) {
    assert_eq!(before.all_differences(&stage.read().await.unwrap()), [], "something was touched");
}

async fn subjects(stage: &Stage) -> Vec<String> {
    let told = stage.notifications().await.unwrap();
    told.iter().map(|one| one["subject"].as_str().unwrap().to_owned()).collect()
}

fn only_addresses_cost_money(billable: &Value) -> bool {
    billable.as_array().unwrap().iter().all(|item| item["kind"] == "address")
}

#[tokio::test]
async fn a_malformed_event_is_an_error_that_names_the_field_and_reaches_nothing() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    let cases = [
        ("start", json!({ "dryrun": true }), "dryrun: unknown field"),
        ("start", json!({ "environment": "Dev_1" }), "environment: "),
        ("stop", json!({ "hold": "5 parsecs" }), "hold: "),
        ("stop", json!({ "hold": "2020-01-01T00:00:00Z" }), "hold: "),
        ("stop", json!({ "dryRun": "yes" }), "dryRun: "),
        ("stop", json!({ "hold": 5, "requestedBy": 7 }), "requestedBy: "),
        ("stop", json!({ "scheduledTime": "soon" }), "scheduledTime: "),
        ("stop", json!({ "detail-type": "AWS API Call via CloudTrail" }), "detail-type: "),
        ("reconcile", json!({ "hold": "4h" }), "hold: "),
        ("reconcile", json!([]), "wanted: fields"),
        ("stop", json!("dev"), "wanted: fields"),
        ("stop", json!(4), "wanted: fields"),
    ];
    for (function, event, wanted) in cases {
        let Invoked::Error(error) = stage.invoke(function, event.clone()).await.unwrap() else {
            panic!("{function} took {event}");
        };
        let message = error["errorMessage"].as_str().unwrap();
        assert!(message.contains("nothing was touched") && message.contains(wanted), "{event}: {error}");
        assert_eq!(error["errorType"], "InvalidEvent", "not what Rust calls it");
    }
    assert_eq!(stage.proxy.calls(), [], "a malformed event reached AWS");

    let unknown = stage.invoke("stop", json!({ "environment": "prod" })).await.unwrap();
    let Invoked::Error(error) = unknown else { panic!("there is no environment prod: {unknown:?}") };
    assert_eq!(error["errorMessage"], "there is no parameter /curfew/prod/blueprint");
    assert_eq!(stage.proxy.changes(), []);
}

#[tokio::test]
async fn an_event_that_is_late_or_early_or_comes_twice_does_no_harm() {
    let mut stage = set_with_schedule("up").await;
    invoked(&mut stage, "start", sample("scheduler-start"), "Converged").await;
    let day = stage.read().await.unwrap();
    for (function, event, outcome) in [
        ("start", sample("scheduler-start"), "Unchanged"),
        ("start", sample("scheduler-without-input"), "Unchanged"),
        ("start", sample("manual-empty"), "Unchanged"),
        ("start", sample("manual-empty"), "Unchanged"),
        ("stop", sample("scheduler-stop"), "Skipped"),
        ("stop", sample("rule-tick"), "Skipped"),
        ("reconcile", sample("rule-tick"), "Unchanged"),
        ("reconcile", json!({}), "Unchanged"),
    ] {
        let report = idle(&mut stage, function, event, outcome).await;
        if outcome == "Skipped" {
            let message = report["message"].as_str().unwrap();
            assert!(message.starts_with("dev is not brought down: it should be up"), "{message}");
            assert!(message.contains("the schedule says so"), "{message}");
        }
    }
    assert_untouched(&stage, &day).await;

    schedule(&stage, "down").await;
    idle(&mut stage, "start", sample("scheduler-start"), "Skipped").await;
    invoked(&mut stage, "reconcile", sample("rule-tick"), "Converged").await;
    let night = stage.read().await.unwrap();
    assert!(only_addresses_cost_money(&night.billable), "{}", night.billable);
    for (function, event, outcome) in [
        ("stop", sample("scheduler-stop"), "Unchanged"),
        ("stop", sample("scheduler-without-input"), "Unchanged"),
        ("stop", sample("manual-empty"), "Unchanged"),
        ("stop", sample("manual-empty"), "Unchanged"),
        ("start", sample("scheduler-start"), "Skipped"),
        ("reconcile", sample("rule-tick"), "Unchanged"),
    ] {
        idle(&mut stage, function, event, outcome).await;
    }
    assert_untouched(&stage, &night).await;
    assert_eq!(subjects(&stage).await, ["Curfew: dev is up", "Curfew: dev is down"]);
}

#[tokio::test]
async fn a_stop_under_a_persons_override_is_skipped_and_says_why() {
    let mut stage = set_with_schedule("up").await;
    stage.bring("start").await.unwrap();
    stage.hand("override", json!({ "value": "up" })).await.unwrap();
    schedule(&stage, "down").await;
    let day = stage.read().await.unwrap();
    for event in [sample("scheduler-stop"), sample("manual-stop-forever"), sample("manual-empty")] {
        let report = idle(&mut stage, "stop", event, "Skipped").await;
        let message = report["message"].as_str().unwrap();
        assert!(message.starts_with("dev is not brought down: it should be up"), "{message}");
        assert!(message.contains("the override `up` on arn:aws:ecs:"), "{message}");
    }
    idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
    assert_untouched(&stage, &day).await;

    stage.hand("override", json!({})).await.unwrap();
    invoked(&mut stage, "reconcile", sample("rule-tick"), "Converged").await;
    idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn a_manual_stop_against_the_schedule_is_held_until_a_manual_start() {
    let mut stage = set_with_schedule("up").await;
    invoked(&mut stage, "start", sample("scheduler-start"), "Converged").await;
    assert_eq!(stage.hand("cluster_tags", json!({})).await.unwrap()["curfew:override"], Value::Null);

    invoked(&mut stage, "stop", json!({ "hold": "4h", "requestedBy": "ana" }), "Converged").await;
    let tags = stage.hand("cluster_tags", json!({})).await.unwrap();
    assert!(tags["curfew:override"].as_str().unwrap().starts_with("down until 20"), "{tags}");
    assert_eq!(tags["curfew:hold"], tags["curfew:override"]);
    idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
    idle(&mut stage, "start", sample("scheduler-start"), "Skipped").await;

    invoked(&mut stage, "start", sample("manual-empty"), "Converged").await;
    let tags = stage.hand("cluster_tags", json!({})).await.unwrap();
    assert_eq!((&tags["curfew:override"], &tags["curfew:hold"]), (&Value::Null, &Value::Null), "{tags}");
    idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
}

#[tokio::test]
async fn an_override_that_cannot_be_read_or_is_over_is_told_once() {
    let mut stage = set_with_schedule("up").await;
    stage.bring("start").await.unwrap();
    schedule(&stage, "down").await;
    stage.hand("override", json!({ "value": "upp till noon" })).await.unwrap();
    let day = stage.read().await.unwrap();
    let before = stage.notifications().await.unwrap().len();
    for _ in 0..3 {
        let report = idle(&mut stage, "reconcile", sample("rule-tick"), "Skipped").await;
        assert!(report["message"].as_str().unwrap().contains("`upp till noon`"), "{report:#}");
    }
    idle(&mut stage, "stop", sample("manual-stop"), "Skipped").await;
    assert_untouched(&stage, &day).await;
    assert_eq!(subjects(&stage).await[before..], ["Curfew: dev has an unreadable override"]);

    // Over, while the schedule wants it up anyway.
    schedule(&stage, "up").await;
    stage.hand("override", json!({ "value": "down", "minutes": -5 })).await.unwrap();
    let day = stage.read().await.unwrap();
    let before = stage.notifications().await.unwrap().len();
    for _ in 0..3 {
        idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
    }
    assert_eq!(subjects(&stage).await[before..], ["Curfew: dev has an expired override"]);
    assert_untouched(&stage, &day).await;

    // The same mistake made again later is news again.
    stage.hand("override", json!({})).await.unwrap();
    idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
    stage.hand("override", json!({ "value": "upp till noon" })).await.unwrap();
    idle(&mut stage, "reconcile", sample("rule-tick"), "Skipped").await;
    assert_eq!(subjects(&stage).await[before + 1..], ["Curfew: dev has an unreadable override"]);
}

#[tokio::test]
async fn of_two_runs_at_once_one_works_and_the_other_says_who_does() {
    let mut stage = set_with_schedule("up").await;
    for (be, function, outcome) in [("up", "start", "up"), ("down", "stop", "down")] {
        schedule(&stage, be).await;
        let (mut tick, proxy) = (stage.another("reconcile").unwrap(), stage.proxy.clone());
        let (one, other) = tokio::join!(
            stage.report(function, sample("manual-empty")),
            tick.invoke(sample("rule-tick"), Duration::from_secs(60), &proxy),
        );
        let one = one.unwrap();
        let Invoked::Report(other) = other.unwrap() else { panic!("the tick did not answer") };
        let (worked, busy) = if one["outcome"] == "Busy" { (other, one) } else { (one, other) };
        assert_eq!(worked["outcome"], "Converged", "{worked:#}");
        assert_eq!(busy["outcome"], "Busy", "{busy:#}");
        let message = busy["message"].as_str().unwrap();
        let holder = format!("{} works on it since ", worked["trigger"].as_str().unwrap());
        assert!(message.starts_with(&holder) && message.contains(worked["run"].as_str().unwrap()), "{message}");
        assert_eq!(busy["actions"], json!([]));
        idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
        assert_eq!(subjects(&stage).await.last().unwrap(), &format!("Curfew: dev is {outcome}"));
    }
    let night = stage.read().await.unwrap();
    assert!(only_addresses_cost_money(&night.billable), "{}", night.billable);
    assert_eq!(night.billable.as_array().unwrap().len(), 1, "an orphan: {}", night.billable);
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn a_run_that_meets_its_deadline_ends_in_progress_and_the_tick_finishes_it() {
    let mut stage = Stage::set("durable", 40.0).await.unwrap();
    for (be, function) in [("up", "start"), ("down", "stop")] {
        schedule(&stage, be).await;
        let time = Duration::from_secs(100);
        let begun = stage.invoke_within(function, sample("scheduler-without-input"), time).await.unwrap();
        let Invoked::Report(begun) = begun else { panic!("{function}: {begun:?}") };
        assert_eq!(begun["outcome"], "InProgress", "{begun:#}");
        assert_eq!(begun["message"], format!("dev is not {be} yet; the tick goes on"));
        let mut report = begun.clone();
        for _ in 0..20 {
            let Invoked::Report(next) = stage.invoke_within("reconcile", sample("rule-tick"), time).await.unwrap()
            else {
                panic!("the tick did not answer");
            };
            report = next;
            if report["outcome"] != "InProgress" {
                break;
            }
        }
        assert_eq!(report["outcome"], "Converged", "{report:#}");
        assert_eq!(report["movingSince"], begun["startedAt"], "how long it took counts from the first run");
        idle(&mut stage, "reconcile", sample("rule-tick"), "Unchanged").await;
    }
    assert_eq!(subjects(&stage).await, ["Curfew: dev is up", "Curfew: dev is down"], "never one message per tick");
    let night = stage.read().await.unwrap();
    assert_eq!(night.billable.as_array().unwrap().len(), 1, "an orphan: {}", night.billable);
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_changes_nothing() {
    let mut stage = set_with_schedule("up").await;
    let dry_run = json!({ "dryRun": true });
    let forecast = |report: &Value| -> Vec<String> {
        let waves = report["forecast"]["waves"].as_array().unwrap().clone();
        let actions = waves.iter().flat_map(|wave| wave["actions"].as_array().unwrap().clone());
        actions.map(|action| action["action"].as_str().unwrap().to_owned()).collect()
    };
    let before = stage.read().await.unwrap();
    stage.proxy.calls();
    let up = invoked(&mut stage, "start", dry_run.clone(), "Unchanged").await;
    let tick = invoked(&mut stage, "reconcile", dry_run.clone(), "Unchanged").await;
    assert!(forecast(&up).contains(&"CreateNatGateway".to_owned()), "{up:#}");
    assert_eq!(forecast(&up), forecast(&tick));
    let written: Vec<Call> = stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
    assert_eq!(written, [], "a dry run wrote something");
    assert_untouched(&stage, &before).await;

    // What it said is what is then done.
    let real = invoked(&mut stage, "start", sample("manual-empty"), "Converged").await;
    assert_eq!(real["actions"].as_array().unwrap().len(), forecast(&up).len(), "{up:#} {real:#}");

    stage.proxy.calls();
    let down = invoked(&mut stage, "stop", dry_run, "Unchanged").await;
    assert!(!forecast(&down).is_empty(), "{down:#}");
    let written: Vec<Call> = stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
    assert_eq!(written, [], "a dry run wrote something");
}

#[tokio::test]
async fn a_message_has_a_subject_a_text_for_people_and_a_form_for_machines() {
    let mut stage = set_with_schedule("up").await;
    invoked(&mut stage, "start", json!({ "requestedBy": "ana" }), "Converged").await;
    invoked(&mut stage, "stop", json!({ "requestedBy": "ana", "hold": "4h" }), "Converged").await;
    let told = stage.notifications().await.unwrap();
    assert_eq!(told.len(), 2, "{told:#?}");
    for (message, (be, verb)) in told.iter().zip([("up", "start"), ("down", "stop")]) {
        assert_eq!(message["topic"], stage.laid.topic.as_str());
        assert_eq!(message["subject"], format!("Curfew: dev is {be}"));
        assert_eq!(message["structure"], "json");
        let text = message["message"]["default"].as_str().unwrap();
        assert!(text.starts_with(&format!("dev is {be}, after ")), "{text}");
        assert!(text.contains(&format!("Started by a manual {verb} by ana (run ")), "{text}");
        assert_eq!(message["message"]["email"], text);
        let machine: Value = serde_json::from_str(message["message"]["sqs"].as_str().unwrap()).unwrap();
        assert_eq!((&machine["environment"], &machine["event"]), (&json!("dev"), &json!(be)));
        assert_eq!((&machine["report"]["outcome"], &machine["report"]["target"]), (&json!("Converged"), &json!(be)));
    }
}
