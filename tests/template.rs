//! What the template makes goes down and comes up: `template.yaml` deployed on the emulator's CloudFormation, its functions
//! started with the variables that the stack gave them, its blueprint read from the parameter that the stack filled in.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use curfew_stage::Stage;
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;

#[tokio::test]
async fn with_a_domain() {
    cycle(json!({ "Product": "durable", "ProductDomain": "durableai", "DomainName": "dev.durable.example.com" })).await;
}

#[tokio::test]
async fn without_a_domain() {
    cycle(json!({ "Product": "durable", "ProductDomain": "durableai", "NetworkPrefix": "10.7" })).await;
}

/// Up, where ECS has never seen the services; down; up again as it was.
async fn cycle(parameters: Value) {
    let mut stage = Stage::deploy(&parameters, FACTOR).await.unwrap();
    let base = stage.read().await.unwrap();
    assert_eq!(base.billable, json!([]), "the template itself makes something that comes and goes");

    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    assert_ne!(day.billable, json!([]));

    stage.bring("stop").await.unwrap();
    let night = stage.read().await.unwrap();
    let others: Vec<&Value> =
        night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect();
    assert!(others.is_empty(), "these still cost money at night: {others:?}");
    assert_eq!(base.base_differences(&night), [], "the base tier changed at night");

    stage.bring("start").await.unwrap();
    let morning = stage.read().await.unwrap();
    assert_eq!(day.differences(&morning), [], "the morning differs from the day before");
    assert_eq!(base.base_differences(&morning), [], "the base tier changed in the morning");

    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]), "AWS would not have liked the order");
    assert_chat_is_told_too(&stage).await;

    // Whoever comes with a terminal needs the environment's name alone.
    let unnamed = [("CURFEW_STATE_BUCKET", ""), ("CURFEW_TOPIC_ARN", "")];
    let status = stage.command_with(&["status"], &unnamed).await.unwrap();
    let said = String::from_utf8(status.stdout).unwrap();
    assert!(status.status.success() && said.contains("\nphase: up\n"), "{said}");
    let told = stage.notifications().await.unwrap().len();
    assert!(stage.command_with(&["stop"], &unnamed).await.unwrap().status.success());
    assert!(stage.notifications().await.unwrap().len() > told, "nobody heard of it");
    assert_chat_is_told_too(&stage).await;
}

/// What people are told, a chat channel is told in the form that it reads (facts §10); of one event once.
async fn assert_chat_is_told_too(stage: &Stage) {
    let told = stage.notifications().await.unwrap();
    let to = |variable: &str| {
        let topic = json!(stage.laid.variables["start"][variable]);
        told.iter().filter(move |one| one["topic"] == topic).collect::<Vec<_>>()
    };
    let (people, chat) = (to("CURFEW_TOPIC_ARN"), to("CURFEW_CHAT_TOPIC_ARN"));
    assert!(!people.is_empty());
    assert_eq!(people.len(), chat.len(), "{told:#?}");
    for (people, chat) in people.iter().zip(chat) {
        let custom: Value = serde_json::from_str(chat["message"].as_str().unwrap()).unwrap();
        assert_eq!((&custom["version"], &custom["source"]), (&json!("1.0"), &json!("custom")));
        let title = custom["content"]["title"].as_str().unwrap();
        let subject = people["subject"].as_str().unwrap().trim_start_matches("Curfew: ");
        assert!(title.contains(subject), "{title:?} and {subject:?}");
    }
}
