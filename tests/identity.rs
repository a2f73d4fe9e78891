//! A tag is no proof: tags that are copied and taken away, over the wire. Nothing foreign is touched, and no address that is
//! kept is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use curfew_stage::Stage;
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;

async fn hand(stage: &Stage, change: &str, details: Value) -> Value {
    stage.hand(change, details).await.unwrap()
}

/// An environment that is up by its schedule and has been seen by a tick.
async fn by_day() -> Stage {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    hand(&stage, "schedule", json!({ "be": "up" })).await;
    stage.bring("start").await.unwrap();
    stage
}

async fn schedule(stage: &Stage, be: &str) {
    hand(stage, "schedule", json!({ "be": be })).await;
}

async fn egress(stage: &Stage) -> Value {
    hand(stage, "address", json!({ "name": "egress" })).await
}

/// A tick that has nothing to do, and changes nothing.
async fn assert_nothing_changes(stage: &mut Stage) {
    stage.proxy.calls();
    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.proxy.changes(), []);
}

fn notes(report: &Value) -> String {
    report["notes"].as_array().map(|notes| format!("{notes:?}")).unwrap_or_default()
}

#[tokio::test]
async fn a_spare_address_with_copied_tags_is_told_and_never_released() {
    let mut stage = by_day().await;
    let before = egress(&stage).await;
    let spare = hand(&stage, "spare_address", json!({ "name": "egress" })).await;
    let addresses = hand(&stage, "addresses", json!({})).await;
    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    let foreign = format!("address egress ({}, ", spare.as_str().unwrap());
    assert!(notes(&report).contains(&foreign), "{report:#}");
    schedule(&stage, "down").await;
    stage.bring("stop").await.unwrap();
    assert_eq!(hand(&stage, "addresses", json!({})).await, addresses);
    schedule(&stage, "up").await;
    stage.bring("start").await.unwrap();
    let allocation = before["allocation"].as_str().unwrap();
    let told = stage.command(&["status", "--json"]).await.unwrap();
    let status: Value = serde_json::from_slice(&told.stdout).unwrap();
    let gateway = &status["observation"]["natGateways"]["egress"]["ready"];
    assert_eq!(gateway["allocation"], allocation, "{gateway:#}");
    assert_eq!(hand(&stage, "addresses", json!({})).await, addresses);
    assert_nothing_changes(&mut stage).await;
}

#[tokio::test]
async fn an_address_that_loses_its_tags_at_night_is_neither_replaced_nor_lost() {
    let mut stage = by_day().await;
    let before = egress(&stage).await;
    let allocation = before["allocation"].as_str().unwrap().to_owned();
    schedule(&stage, "down").await;
    stage.bring("stop").await.unwrap();
    let tags = hand(&stage, "take_tags", json!({ "identifier": allocation })).await;
    schedule(&stage, "up").await;
    let report = stage.report("start", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    assert_eq!(report["reasons"][0]["kind"], "untagged", "{report:#}");
    assert_eq!(hand(&stage, "addresses", json!({})).await, json!([allocation]));
    hand(&stage, "give_tags", json!({ "identifier": allocation, "tags": tags })).await;
    let report = stage.bring("start").await.unwrap();
    assert_eq!(report.get("replacedAddresses"), None, "{report:#}");
    assert_eq!(egress(&stage).await, before);
    assert_nothing_changes(&mut stage).await;
}

#[tokio::test]
async fn a_foreign_nat_gateway_with_copied_tags_is_not_touched() {
    let mut stage = by_day().await;
    let copied = hand(&stage, "copy_nat_gateway", json!({ "name": "egress" })).await;
    let foreign = copied["natGateway"].as_str().unwrap().to_owned();
    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert!(notes(&report).contains(&format!("NAT gateway egress ({foreign})")), "{report:#}");
    for (be, function) in [("down", "stop"), ("up", "start")] {
        schedule(&stage, be).await;
        stage.bring(function).await.unwrap();
        assert_eq!(hand(&stage, "nat_gateway_state", json!({ "identifier": foreign })).await, "available");
        assert_nothing_changes(&mut stage).await;
    }
}

#[tokio::test]
async fn a_state_that_was_written_before_ids_were_remembered_learns_them_by_day() {
    let mut stage = by_day().await;
    let before = egress(&stage).await;
    hand(&stage, "forget_identities", json!({})).await;
    stage.report("reconcile", json!({})).await.unwrap();
    let state = hand(&stage, "document", json!({ "key": "dev/state.json" })).await;
    let state: Value = serde_json::from_str(state["body"].as_str().unwrap()).unwrap();
    assert_eq!(state["identities"]["addresses"]["known"]["egress"]["id"], before["allocation"]);
    assert_eq!(state["identities"]["publicAddresses"]["egress"]["publicIp"], before["publicIp"]);
    assert_nothing_changes(&mut stage).await;
}
