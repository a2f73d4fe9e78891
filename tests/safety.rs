//! What is not Curfew's, or could not come back, blocks: all reasons at once, nothing touched, people told once.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::time::Duration;

use curfew_stage::Stage;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const LOAD_BALANCER: &str = "durable-dev-alb";
const CERTIFICATE: &str = "arn:aws:acm:us-west-2:123456789012:certificate/0d1a0000-0000-4000-8000-000000000001";

/// An id that was made in the stead of one in the example's file.
fn made<'a>(stage: &'a Stage, stand_in: &str) -> &'a str {
    &stage.laid.replacements[stand_in]
}

async fn hand(stage: &Stage, change: &str, details: Value) -> Value {
    stage.hand(change, details).await.unwrap()
}

async fn schedule(stage: &Stage, be: &str) {
    hand(stage, "schedule", json!({ "be": be })).await;
}

/// Runs three times: each is blocked for the same reasons, nothing is touched, and people are told once.
async fn assert_blocked(stage: &mut Stage, function: &str, expected: Expect) {
    let before = stage.read().await.unwrap();
    let told = stage.notifications().await.unwrap().len();
    let mut said = Vec::new();
    for function in [function, "reconcile", function] {
        stage.proxy.calls();
        let report = stage.report(function, json!({})).await.unwrap();
        assert_eq!(report["outcome"], "Blocked", "{report:#}");
        assert_eq!(stage.proxy.changes(), [], "a blocked run changed something");
        assert_eq!(report["actions"], json!([]));
        said.push(reasons(stage, &report));
    }
    expected.assert_eq(&said[0]);
    assert_eq!((&said[1], &said[2]), (&said[0], &said[0]), "each run says the same");
    assert_eq!(before.all_differences(&stage.read().await.unwrap()), [], "a blocked run touched something");
    let news: Vec<Value> = stage.notifications().await.unwrap().split_off(told);
    assert_eq!(news.len(), 1, "people are told once: {news:#?}");
    assert_eq!(news[0]["subject"], "Curfew: dev is blocked");
}

/// The reasons of a report, with the ids of this stage replaced by what they stand for.
fn reasons(stage: &Stage, report: &Value) -> String {
    let line = |reason: &Value| {
        let part = |name: &str| reason[name].as_str().unwrap().to_owned();
        format!("{}: {} {}; {}", part("kind"), part("resource"), part("problem"), part("remedy"))
    };
    let lines: Vec<String> = report["reasons"].as_array().unwrap().iter().map(line).collect();
    stage.named(&lines.join("\n"))
}

#[tokio::test]
async fn somebody_elses_load_balancer_and_nat_gateway_in_our_place_block_both_ways() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    schedule(&stage, "up").await;
    let subnets = [made(&stage, "subnet-0d1a000000000001a"), made(&stage, "subnet-0d1a000000000002b")];
    hand(&stage, "add_load_balancer", json!({ "name": LOAD_BALANCER, "subnets": subnets })).await;
    hand(&stage, "add_nat_gateway", json!({ "subnet": subnets[0] })).await;
    stage.pass(Duration::from_secs(200)).await.unwrap();
    assert_blocked(&mut stage, "start", expect![[r#"
        foreign: NAT gateway egress (nat-…) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)
        foreign: load balancer durable-dev-alb (arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/…) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)"#]]).await;

    // At night the same would be deleted, were it ours.
    schedule(&stage, "down").await;
    let before = stage.read().await.unwrap();
    let report = stage.report("stop", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    assert_eq!(before.all_differences(&stage.read().await.unwrap()), []);
}

#[tokio::test]
async fn a_load_balancer_that_lost_its_tag_or_carries_anothers_is_not_deleted() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    schedule(&stage, "up").await;
    stage.bring("start").await.unwrap();
    hand(&stage, "override", json!({})).await;
    schedule(&stage, "down").await;

    hand(&stage, "tag_load_balancer", json!({ "name": LOAD_BALANCER, "tags": { "curfew:environment": null } })).await;
    assert_blocked(&mut stage, "stop", expect!["untagged: load balancer durable-dev-alb (arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/…) is remembered as this environment's, and carries its tag no more; tag it with curfew:environment and curfew:name again; nothing else is put in its place, and it is not touched before"]).await;

    let tags = json!({ "curfew:environment": "staging" });
    hand(&stage, "tag_load_balancer", json!({ "name": LOAD_BALANCER, "tags": tags })).await;
    assert_blocked(&mut stage, "stop", expect!["foreign: load balancer durable-dev-alb (arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/…) belongs to the environment staging; give one of the two another name or place, or take it out of one of the blueprints"]).await;

    let tags = json!({ "curfew:environment": "dev" });
    hand(&stage, "tag_load_balancer", json!({ "name": LOAD_BALANCER, "tags": tags })).await;
    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Converged", "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn what_could_not_come_back_blocks_with_all_reasons_at_once_until_it_is_fixed() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    schedule(&stage, "up").await;
    stage.report("start", json!({})).await.unwrap();
    let protected = |on: &str| json!({ "name": LOAD_BALANCER, "attributes": { "deletion_protection.enabled": on } });
    hand(&stage, "set_attributes", protected("true")).await;
    let oidc = json!({
        "Type": "authenticate-oidc",
        "AuthenticateOidcConfig": {
            "Issuer": "https://id.example.com",
            "AuthorizationEndpoint": "https://id.example.com/authorize",
            "TokenEndpoint": "https://id.example.com/token",
            "UserInfoEndpoint": "https://id.example.com/user",
            "ClientId": "curfew",
            "ClientSecret": "not-to-be-seen-again",
        },
    });
    let rule = json!({ "name": LOAD_BALANCER, "port": 443, "priority": 5, "path": "/inside/*", "action": oidc });
    hand(&stage, "add_rule", rule).await;
    hand(&stage, "deploy_by", json!({ "service": "durable-dev-backend", "strategy": "BLUE_GREEN" })).await;
    let table = made(&stage, "rtb-0d1a000000000002b").to_owned();
    let ours = hand(&stage, "lead_route", json!({ "table": table, "gateway": "internet" })).await;
    // Whatever of this deploys is over.
    stage.pass(Duration::from_secs(200)).await.unwrap();

    schedule(&stage, "down").await;
    assert_blocked(&mut stage, "stop", expect![[r#"
        protected: load balancer durable-dev-alb is protected against deletion; if it may go at night, say `deletionProtection: off-while-down` of it in the blueprint, or switch its protection off by hand
        unsupported: load balancer durable-dev-alb could not come back exactly: listener 443, rule 5: authenticate-oidc has a client secret that AWS never returns; change that, or let it stay at night: take it out of the blueprint, and its tag `curfew:environment` off it
        unsupported: service durable-dev-backend could not come back exactly: deploys by BLUE_GREEN: its listener rules would be others every morning; change that; if it may run at night without what goes, take it out of the blueprint and write `otherUsers: { allow: [service/durable-dev-backend] }`
        leads-elsewhere: route 0.0.0.0/0 in rtb-0d1a000000000002b leads to igw-…, not to NAT gateway egress; lead it back by hand, or take it out of the blueprint"#]]).await;
    let told = serde_json::to_string(&stage.notifications().await.unwrap()).unwrap();
    assert!(!told.contains("not-to-be-seen-again"), "a secret was told");

    hand(&stage, "set_attributes", protected("false")).await;
    hand(&stage, "remove_rule", json!({ "name": LOAD_BALANCER, "port": 443, "priority": 5 })).await;
    hand(&stage, "lead_route", json!({ "table": table, "gateway": ours })).await;
    // Fewer reasons are news.
    assert_blocked(&mut stage, "stop", expect!["unsupported: service durable-dev-backend could not come back exactly: deploys by BLUE_GREEN: its listener rules would be others every morning; change that; if it may run at night without what goes, take it out of the blueprint and write `otherUsers: { allow: [service/durable-dev-backend] }`"]).await;
    hand(&stage, "deploy_by", json!({ "service": "durable-dev-backend", "strategy": "ROLLING" })).await;
    let report = stage.report("stop", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Converged", "{report:#}");
    let night = stage.read().await.unwrap();
    assert_eq!(night.billable.as_array().unwrap().len(), 1, "{}", night.billable);
    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

/// The scenario of `otherUsers`: a service that the blueprint does not name stands behind the load balancer, and leaves by
/// the NAT gateway.
#[tokio::test]
async fn another_service_of_the_cluster_blocks_until_the_blueprint_lets_it_be_without() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    schedule(&stage, "up").await;
    stage.bring("start").await.unwrap();
    hand(&stage, "override", json!({})).await;
    let orders = json!({ "name": "orders", "load_balancer": LOAD_BALANCER, "port": 443, "priority": 77 });
    hand(&stage, "add_service", orders).await;
    stage.pass(Duration::from_secs(200)).await.unwrap();
    schedule(&stage, "down").await;
    assert_blocked(&mut stage, "stop", expect!["other-user: service orders of the cluster is not in the blueprint, and would be without NAT gateway egress, load balancer durable-dev-alb; add it under `services`, so that it stops and starts with the rest; if it may run without, write `otherUsers: { allow: [service/orders] }`"]).await;
    for command in [&["plan", "--down"][..], &["doctor"][..]] {
        let output = stage.command(command).await.unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.contains("service orders"), "{command:?}: {printed}");
        assert_eq!(output.status.code(), Some(3), "{command:?}: {printed}");
    }

    let allow = json!({ "\ncluster: ": "\notherUsers: allow\ncluster: " });
    hand(&stage, "edit_blueprint", json!({ "replace": allow })).await;
    let report = stage.report("stop", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Converged", "{report:#}");
    let notes = report["notes"].to_string();
    assert!(notes.contains("orders") && notes.contains("as `otherUsers` allows"), "{notes}");
}

#[tokio::test]
async fn what_the_morning_would_not_find_does_not_go() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    schedule(&stage, "up").await;
    stage.bring("start").await.unwrap();
    hand(&stage, "override", json!({})).await;
    let certificate = made(&stage, CERTIFICATE).to_owned();
    hand(&stage, "set_certificate", json!({ "certificate": certificate, "status": "EXPIRED" })).await;
    // By day nothing stops by it.
    stage.proxy.calls();
    let report = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    let asked = stage.proxy.calls().iter().filter(|call| call.to_string().contains("DescribeCertificate")).count();
    assert_eq!(asked, 0, "a tick by day looks for nothing");

    schedule(&stage, "down").await;
    assert_blocked(&mut stage, "stop", expect!["unsupported: certificate arn:aws:acm:us-west-2:123456789012:certificate/0d1a0000-0000-4000-8000-000000000001 is EXPIRED, not ISSUED, and without it these could not come back in the morning: listener 443 of load balancer durable-dev-alb; renew it, or use another one that is issued, in the blueprint and where it stands"]).await;
    for command in [&["plan", "--down"][..], &["doctor"][..]] {
        let output = stage.command(command).await.unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.contains("is EXPIRED, not ISSUED"), "{command:?}: {printed}");
        assert_eq!(output.status.code(), Some(3), "{command:?}: {printed}");
    }

    hand(&stage, "set_certificate", json!({ "certificate": certificate, "status": "ISSUED" })).await;
    // What the blueprint says since is what the next morning would make.
    let (subnet, gone) = (made(&stage, "subnet-0d1a000000000002b").to_owned(), "subnet-0f1a0000000000009");
    hand(&stage, "edit_blueprint", json!({ "replace": { (subnet.as_str()): gone } })).await;
    assert_blocked(&mut stage, "stop", expect!["missing: subnet-0f1a0000000000009 does not exist, and without it these could not come back in the morning: load balancer durable-dev-alb; use another one, or leave it out, in the blueprint and where it stands"]).await;
    hand(&stage, "edit_blueprint", json!({ "replace": { gone: subnet } })).await;
    let report = stage.report("stop", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Converged", "{report:#}");
    stage.bring("start").await.unwrap();
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

const GROUP: &str =
    "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/durable-dev-backend/0d1a000000000001";

#[tokio::test]
async fn a_target_group_that_somebody_deletes_at_night_holds_up_only_what_needs_it() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    schedule(&stage, "up").await;
    stage.bring("start").await.unwrap();
    hand(&stage, "override", json!({})).await;
    schedule(&stage, "down").await;
    stage.bring("stop").await.unwrap();
    hand(&stage, "override", json!({})).await;
    let group = made(&stage, GROUP).to_owned();
    hand(&stage, "delete_target_group", json!({ "arn": group })).await;

    schedule(&stage, "up").await;
    let mut report = stage.report("start", json!({})).await.unwrap();
    for _ in 0..20 {
        if report["outcome"] == "Blocked" {
            break;
        }
        stage.pass(Duration::from_secs(60)).await.unwrap();
        report = stage.report("reconcile", json!({})).await.unwrap();
    }
    assert_eq!(
        (&report["outcome"], &report["reasons"][0]["kind"]),
        (&json!("Blocked"), &json!("missing")),
        "{report:#}"
    );
    assert!(report["reasons"][0]["resource"].as_str().unwrap().starts_with("target group durable-dev-backend"));
    let there = stage.read().await.unwrap();
    assert!(there.billable.as_array().unwrap().len() > 2, "the rest is up: {}", there.billable);
    stage.proxy.calls();
    let again = stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!((&again["outcome"], stage.proxy.changes()), (&json!("Blocked"), vec![]), "{again:#}");

    schedule(&stage, "down").await;
    let report = stage.report("stop", json!({})).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    assert_eq!(report["phase"], "down", "{report:#}");
    let night = stage.read().await.unwrap();
    assert_eq!(night.billable.as_array().unwrap().len(), 1, "{}", night.billable);
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}
