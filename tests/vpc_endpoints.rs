//! VPC endpoints over the wire: one that Curfew makes and one that existed before go at night and are back in the morning
//! as an independent reader saw them, whatever was cut off in between.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::time::Duration;

use curfew_stage::{Fault, Reading, Stage, Trap};
use serde_json::{Value, json};

const FACTOR: f64 = 30.0;
const POLICY: &str = r#"policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }] }"#;

/// `durable`, up, with an endpoint of each kind.
async fn up() -> Stage {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    let secrets = json!({ "name": "secrets", "service": "secretsmanager", "adopted": true });
    stage.hand("name_endpoint", secrets).await.unwrap();
    let objects = json!({ "name": "objects", "service": "s3", "more": POLICY });
    stage.hand("name_endpoint", objects).await.unwrap();
    stage.bring("start").await.unwrap();
    stage
}

/// The endpoints that an independent reader sees, by service.
fn endpoints(reading: &Reading) -> BTreeMap<&str, &Value> {
    let all = reading.runtime["vpcEndpoints"].as_object().unwrap();
    all.iter().map(|(name, found)| (name.split(' ').next().unwrap(), found)).collect()
}

fn costs_money(night: &Reading) -> Vec<&Value> {
    night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect()
}

#[tokio::test]
async fn they_come_back_as_they_were() {
    let mut stage = up().await;
    let day = stage.read().await.unwrap();
    assert_eq!(endpoints(&day).len(), 2);
    let s3 = endpoints(&day)["com.amazonaws.us-west-2.s3"];
    assert_eq!(s3["DnsOptions"]["PrivateDnsOnlyForInboundResolverEndpoint"], false, "{s3:#}");
    assert_eq!(s3["PolicyDocument"]["Statement"][0]["Action"], "s3:GetObject", "{s3:#}");
    for _ in 0..2 {
        stage.bring("stop").await.unwrap();
        let night = stage.read().await.unwrap();
        assert_eq!((endpoints(&night).len(), costs_money(&night)), (0, vec![]));
        stage.bring("start").await.unwrap();
        assert_eq!(day.differences(&stage.read().await.unwrap()), [], "the morning differs from the day before");
    }
    stage.proxy.calls();
    let report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.proxy.changes(), [], "a run with nothing to do did something");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]), "AWS would not have liked the order");
}

/// What was deleted by day is made again by the next run, once its names are free.
#[tokio::test]
async fn what_somebody_deletes_by_day_is_made_again() {
    let mut stage = up().await;
    let day = stage.read().await.unwrap();
    stage.hand("delete_endpoints", json!({})).await.unwrap();
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
}

/// The answer to a creation is lost, or the run dies with it: there is one of each all the same.
#[tokio::test]
async fn none_is_made_twice() {
    for fault in [Fault::AnswerLost, Fault::CutAfter] {
        let mut stage = up().await;
        let day = stage.read().await.unwrap();
        stage.bring("stop").await.unwrap();
        let call = Some("ec2:CreateVpcEndpoint".to_owned());
        stage.proxy.set(Trap { fault, call, skip: 1, times: 1 });
        let _cut_off = stage.invoke("start", json!({ "hold": "forever" })).await.unwrap();
        stage.pass(Duration::from_secs(150)).await.unwrap();
        stage.bring("start").await.unwrap();
        assert_eq!(day.differences(&stage.read().await.unwrap()), [], "{fault:?}");
        stage.bring("stop").await.unwrap();
        assert_eq!(costs_money(&stage.read().await.unwrap()), Vec::<&Value>::new(), "{fault:?}");
    }
}

/// A gateway endpoint costs nothing, so its name in the blueprint is a mistake.
#[tokio::test]
async fn one_that_would_not_come_back_blocks_the_night() {
    let mut stage = up().await;
    stage.hand("name_gateway", json!({ "name": "tables", "service": "dynamodb" })).await.unwrap();
    let day = stage.read().await.unwrap();
    let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    let told = report["reasons"][0]["problem"].as_str().unwrap();
    assert!(told.contains("is a gateway endpoint, which costs nothing"), "{report:#}");
    assert_eq!(day.differences(&stage.read().await.unwrap()), [], "a blocked run touched something");
}
