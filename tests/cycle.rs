//! Every environment goes up, down, up, down and up again over the wire. After each morning an independent reader finds
//! what was there before; after each night nothing is left that costs money but kept addresses; the base tier is the
//! same all along.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::BTreeMap;

use curfew_stage::{Call, Reading, Stage};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;

#[tokio::test]
async fn durable_comes_back_as_it_was() {
    cycle("durable").await;
}

#[tokio::test]
async fn platform_comes_back_as_it_was() {
    cycle("platform").await;
}

#[tokio::test]
async fn portyfoul_comes_back_as_it_was() {
    cycle("portyfoul").await;
}

async fn cycle(example: &str) {
    let mut stage = Stage::set(example, FACTOR).await.unwrap();
    let base = stage.read().await.unwrap();
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    for _ in 0..2 {
        stage.bring("stop").await.unwrap();
        let night = stage.read().await.unwrap();
        assert_only_addresses_cost_money(&night);
        assert_eq!(base.base_differences(&night), [], "the base tier changed at night");
        stage.bring("start").await.unwrap();
        let morning = stage.read().await.unwrap();
        assert_eq!(day.differences(&morning), [], "the morning differs from the day before");
        assert_eq!(base.base_differences(&morning), [], "the base tier changed in the morning");
    }
    assert_unchanged_by_another_run(&mut stage, "start").await;
    assert_eq!(stage.mishaps().await.unwrap(), json!([]), "AWS would not have liked the order");
}

fn assert_only_addresses_cost_money(night: &Reading) {
    let others: Vec<&Value> =
        night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect();
    assert!(others.is_empty(), "these still cost money at night: {others:?}");
}

async fn assert_unchanged_by_another_run(stage: &mut Stage, function: &str) {
    stage.proxy.calls();
    let report = stage.report(function, json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.proxy.changes(), [], "a run with nothing to do did something");
}

/// How many of which calls a night and a morning need.
#[tokio::test]
async fn a_night_and_a_morning_of_durable_need_few_calls() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    stage.proxy.calls();
    stage.bring("stop").await.unwrap();
    let night = counted(stage.proxy.calls());
    stage.bring("start").await.unwrap();
    let morning = counted(stage.proxy.calls());
    for (name, calls) in [("night", &night), ("morning", &morning)] {
        println!("{name}: {} calls", calls.values().sum::<usize>());
        calls.iter().for_each(|(call, count)| println!("  {count:>4}  {call}"));
    }
    // What nothing changes and nothing waits for is looked at once, whatever the number of polls.
    for call in ["elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeRules"] {
        assert!(morning[call] <= 6, "{call} was called {} times in the morning", morning[call]);
    }
    // Once for the routes, and twice for who else leaves by a NAT gateway: before the night, and before it is deleted.
    assert!(night["ec2:DescribeRouteTables"] <= 5, "routes were looked at again and again: {night:?}");
    assert!(morning["ec2:DescribeAddresses"] <= 2, "addresses were looked at again and again: {morning:?}");
    assert!(night["route53:ListResourceRecordSets"] <= 3, "records were looked at again and again: {night:?}");
}

fn counted(calls: Vec<Call>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for call in calls {
        *counts.entry(call.to_string()).or_default() += 1;
    }
    counts
}
