//! `curfew doctor` over the wire: what a stack's tags claim, what a Terraform state claims, what an apply made again at night.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use curfew_stage::{Kind, Stage};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;

#[tokio::test]
async fn a_stack_claims_all_that_it_made() {
    let stage = Stage::set("portyfoul", FACTOR).await.unwrap();
    let found = examined(&stage, &[], 3).await;
    assert_eq!(found["claimants"], json!({ "CloudFormation portyfoul-infra": 6 }), "{found:#}");
    let replaced = ["NAT gateway nat", "load balancer portyfoul-dev-alb"];
    assert_eq!(things(&found, "replaced"), replaced.map(str::to_owned).into());
    let template = "Resources:\n  NatGateway:\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n";
    assert!(found["advice"][0]["paste"][0]["text"].as_str().unwrap().starts_with(template), "{found:#}");
    assert_eq!((&found["duplicates"], &found["unknown"]), (&json!([]), &json!([])), "{found:#}");
}

/// docs/deployment.md shows what a run prints, with `…` where it leaves something out.
#[tokio::test]
async fn the_guide_shows_what_a_run_prints() {
    let stage = Stage::set("portyfoul", FACTOR).await.unwrap();
    let output = stage.command(&["doctor"]).await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/deployment.md")).unwrap();
    let begins = "```text\ndev: others claim what goes at night\n";
    let shown = guide.split_once(begins).expect("the guide shows it").1.split_once("\n```").unwrap().0;
    let mut rest = printed.lines();
    assert_eq!(rest.next(), Some("dev: others claim what goes at night"));
    let mut may_skip = false;
    for line in shown.lines() {
        if line == "…" {
            may_skip = true;
            continue;
        }
        let found = if may_skip { rest.find(|one| *one == line) } else { rest.next() };
        assert_eq!(found, Some(line), "of what is printed:\n{printed}");
        may_skip = false;
    }
    assert!(may_skip || rest.next().is_none(), "there is more:\n{printed}");
}

#[tokio::test]
async fn a_state_claims_what_runs_then_what_is_gone_and_then_what_an_apply_made_again() {
    let mut stage = Stage::set("platform", FACTOR).await.unwrap();
    assert_eq!(examined(&stage, &[], 0).await["claims"], json!([]), "nobody claims anything of platform");
    stage.bring("start").await.unwrap();
    let state = state(&stage).await;
    let file = state.to_str().unwrap();

    let by_day = examined(&stage, &["--terraform", file], 3).await;
    let place = ["NAT gateway a", "load balancer platform-dev-alb"].map(str::to_owned);
    assert_eq!(things(&by_day, "replaced"), place.clone().into());
    assert_eq!(which(&by_day), ["current", "current"], "{by_day:#}");

    stage.bring("stop").await.unwrap();
    let by_night = examined(&stage, &["--terraform", file], 3).await;
    assert_eq!(which(&by_night), ["gone", "gone"], "{by_night:#}");
    assert_eq!(by_night["duplicates"], json!([]), "{by_night:#}");

    let subnet = &stage.laid.replacements["subnet-0b1a000000000001a"];
    let made = stage.hand("add_nat_gateway", json!({ "subnet": subnet })).await.unwrap();
    let again = examined(&stage, &["--terraform", file], 3).await;
    let duplicate = &again["duplicates"][0];
    let (id, place, position) = (&duplicate["id"], &duplicate["thing"], &duplicate["position"]);
    assert_eq!((id, place, position), (&made, &json!("NAT gateway a"), &json!("instead")), "{again:#}");
    let adopt = format!("natGateways:\n  a:\n    adopted: {}\n", made.as_str().unwrap());
    assert_eq!(duplicate["adopt"], json!(adopt));
    assert!(duplicate["hourly"].as_f64().unwrap() > 0.04, "{duplicate:#}");
}

/// Examines twice: the same both times, and nothing is changed by it.
async fn examined(stage: &Stage, arguments: &[&str], code: i32) -> Value {
    let words = [&["doctor", "--json"], arguments].concat();
    stage.proxy.calls();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let output = stage.command(&words).await.unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
        answers.push(serde_json::from_str::<Value>(&out).unwrap());
    }
    let changes: Vec<_> = stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
    assert!(changes.is_empty(), "a doctor changed something: {changes:?}");
    assert_eq!(answers[0], answers[1], "asked again, it says the same");
    answers.swap_remove(0)
}

fn things(found: &Value, effect: &str) -> BTreeSet<String> {
    let claims = found["claims"].as_array().unwrap().iter().filter(|claim| claim["effect"] == effect);
    claims.map(|claim| claim["thing"].as_str().unwrap().to_owned()).collect()
}

fn which(found: &Value) -> Vec<&str> {
    found["claims"].as_array().unwrap().iter().map(|claim| claim["which"].as_str().unwrap()).collect()
}

/// A Terraform state that has a NAT gateway and the load balancer as they run now.
async fn state(stage: &Stage) -> PathBuf {
    let status = stage.command(&["status", "--json"]).await.unwrap();
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    let seen = &status["observation"];
    let id = |one: &Value| one["ready"]["ownership"]["ours"]["id"].clone();
    let subnet = &stage.laid.replacements["subnet-0b1a000000000001a"];
    let gateway = json!({ "id": id(&seen["natGateways"]["a"]), "subnet_id": subnet });
    let load_balancer = json!({ "arn": id(&seen["loadBalancers"]["platform-dev-alb"]) });
    assert!(gateway["id"].is_string() && load_balancer["arn"].is_string(), "{seen:#}");
    let resource = |kind: &str, attributes: &Value| {
        let instances = json!([{ "schema_version": 0, "attributes": attributes }]);
        json!({ "mode": "managed", "type": kind, "name": "main", "instances": instances })
    };
    let resources = [resource("aws_nat_gateway", &gateway), resource("aws_lb", &load_balancer)];
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("platform.tfstate");
    std::fs::write(&file, json!({ "version": 4, "resources": resources }).to_string()).unwrap();
    file
}

#[tokio::test]
async fn a_bucket_that_keeps_no_versions_is_told() {
    let stage = Stage::set("platform", FACTOR).await.unwrap();
    assert_eq!(examined(&stage, &[], 0).await["bucket"], json!([]));
    stage.hand("weaken_bucket", json!({})).await.unwrap();
    let found = examined(&stage, &[], 3).await;
    let problems: Vec<&str> =
        found["bucket"].as_array().unwrap().iter().map(|one| one["problem"].as_str().unwrap()).collect();
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert!(problems[0].contains("versioning is suspended"), "{problems:#?}");
}

#[tokio::test]
async fn where_people_have_written_what_is_another_one_each_morning_is_told() {
    let stage = Stage::set("portyfoul", FACTOR).await.unwrap();
    let words = json!({ "name": "portyfoul-dev-alb", "service": "portyfoul-dev-web-service" });
    stage.hand("write_identities", words).await.unwrap();
    let found = examined(&stage, &[], 3).await;
    let said: Vec<&str> = found["mentions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let wanted = [
        "dashboard latency names the ARN of load balancer portyfoul-dev-alb",
        "of Route 53 names the DNS name of load balancer portyfoul-dev-alb",
        "of load balancer front-door names the DNS name of load balancer portyfoul-dev-alb",
        "names the DNS name of load balancer portyfoul-dev-alb",
    ];
    for one in wanted {
        assert!(said.iter().any(|line| line.contains(one)), "{one} is not told: {said:#?}");
    }
    assert!(said.iter().any(|line| line.starts_with("variable BACKEND of container")), "{said:#?}");
    let plan = stage.command(&["plan", "--down"]).await.unwrap();
    let printed = String::from_utf8(plan.stdout).unwrap();
    assert!(said.iter().all(|line| printed.contains(line)), "a plan tells the same:\n{printed}");
    // What the blueprint says of alarms on NAT gateways stands beside them.
    assert!(printed.contains("nat-ports"), "{printed}");
}
