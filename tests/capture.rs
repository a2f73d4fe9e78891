//! The three environments are adopted from what runs: captured through the real command as a CloudFormation stack left
//! them, put down and brought back by what was captured, and captured again.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use curfew_core::blueprint::Blueprint;
use curfew_stage::{Kind, Reading, Stage};
use expect_test::expect;
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const STACK: &str = "portyfoul-infra";

#[tokio::test]
async fn portyfoul_is_adopted_from_its_stack() {
    let stage = Stage::set("portyfoul", FACTOR).await.unwrap();
    let said = stage.command(&["capture", "--stack", STACK]).await.unwrap().stderr;
    let said = String::from_utf8(said).unwrap();
    let remarks: Vec<&str> = said.lines().filter(|line| !line.ends_with('…')).collect();
    expect![[r#"
        note: load balancer portyfoul-dev-alb has no DNS record: its clients use its own name, which changes each time it is recreated
        while up 0.128 USD an hour, while down 0.005 USD an hour (list prices, traffic not counted)
        the schedule has it down for 64 % of all hours: about 58 USD a month less"#]]
    .assert_eq(&remarks.join("\n"));
    let file = adopted(&stage, &["--stack", STACK]).await;
    expect![[r#"
        # dev (us-east-2), captured from the CloudFormation stack portyfoul-infra.
        # What is `adopted` existed before Curfew; all other ids are those of the base tier, which Curfew never changes.
        version: 1
        environment: dev
        region: us-east-2
        schedule: Mon-Fri 08:00-20:00 America/New_York
        cluster: portyfoul-dev-cluster

        addresses:
          portyfoul-dev-nat:
            whileDown: keep
            tags:
              Environment: dev
              Name: portyfoul-dev-nat
              Project: portyfoul
            adopted: eipalloc-0f01000000000001a

        natGateways:
          portyfoul-dev-nat:
            subnet: subnet-0f01000000000001a # us-east-2a, portyfoul-dev-public-a
            address: portyfoul-dev-nat
            tags:
              Environment: dev
              Name: portyfoul-dev-nat
              Project: portyfoul
            adopted: nat-…

        routes:
          - routeTable: rtb-0f01000000000001a # portyfoul-dev-private
            destination: 0.0.0.0/0
            natGateway: portyfoul-dev-nat

        loadBalancers:
          portyfoul-dev-alb:
            scheme: internet-facing
            ipAddressType: ipv4
            subnets: [subnet-0f01000000000001a, subnet-0f01000000000002b]
            securityGroups: [sg-0f01000000000001a]
            adopted: arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/…
            tags:
              Environment: dev
              Name: portyfoul-dev-alb
              Project: portyfoul
            listeners:
              80:
                protocol: HTTP
                defaultActions:
                  - type: forward
                    targetGroups:
                      - arn: arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/portyfoul-dev-web-tg/0f01000000000001

        services:
          portyfoul-dev-web-service:
            desiredCount: 2
            tasks: {cpu: 256, memory: 512, architecture: ARM64}
            adopted: arn:aws:ecs:us-east-2:123456789012:service/portyfoul-dev-cluster/portyfoul-dev-web-service
          portyfoul-dev-worker-service:
            desiredCount: 1
            singleton: true
            tasks: {cpu: 256, memory: 512, architecture: ARM64}
            adopted: arn:aws:ecs:us-east-2:123456789012:service/portyfoul-dev-cluster/portyfoul-dev-worker-service

        databases:
          portyfoul-dev:
            type: instance
            identifier: portyfoul-dev
            size:
              class: db.t4g.micro
              engine: postgres
    "#]].assert_eq(&plain(&stage, &std::fs::read_to_string(file).unwrap()));
}

/// A blueprint without what differs from stage to stage: ids, their order, and the public address behind one.
fn plain(stage: &Stage, blueprint: &str) -> String {
    let (one, other) = ("subnet-0f01000000000001a", "subnet-0f01000000000002b");
    let named = stage.named(blueprint).replace(&format!("[{other}, {one}]"), &format!("[{one}, {other}]"));
    let line = |line: &str| match line.split_once(" # ") {
        Some((id, _)) if id.contains("eipalloc-") => format!("{id}\n"),
        Some(_) | None => format!("{line}\n"),
    };
    named.lines().map(line).collect()
}

#[tokio::test]
async fn durable_is_adopted_from_its_cluster() {
    let stage = as_a_stack_left_it("durable").await;
    adopted(&stage, &["--cluster", "durable-dev-cluster"]).await;
}

#[tokio::test]
async fn platform_is_adopted_from_a_tag() {
    let stage = as_a_stack_left_it("platform").await;
    adopted(&stage, &["--tag", "ProductDomain=platform"]).await;
}

/// An example that is laid parked, as it would run if a stack had made all of it.
async fn as_a_stack_left_it(example: &str) -> Stage {
    let mut stage = Stage::set(example, FACTOR).await.unwrap();
    stage.bring("start").await.unwrap();
    let made = stage.hand("hand_over", json!({ "stack": format!("{example}-infra") })).await.unwrap();
    assert!(made.as_array().unwrap().len() > 5, "{made}");
    stage
}

/// Captures, plays two nights by what was captured, captures again; the answer is the file of the first capture.
async fn adopted(stage: &Stage, origin: &[&str]) -> PathBuf {
    let day = stage.read().await.unwrap();
    assert!(!day.runtime.to_string().contains("curfew:environment"), "nothing of it is Curfew's: {}", day.runtime);
    stage.proxy.calls();
    let first = captured(stage, origin).await;
    let changes: Vec<_> = stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
    assert!(changes.is_empty(), "a capture changed something: {changes:?}");

    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("captured-{}.yaml", stage.laid.example));
    std::fs::write(&file, &first).unwrap();
    let path = file.to_str().unwrap();
    done(stage.command(&["validate", path]).await.unwrap());
    for _ in 0..2 {
        bring(stage, "stop", path).await;
        assert_only_addresses_cost_money(&stage.read().await.unwrap());
        bring(stage, "start", path).await;
        let morning = stage.read().await.unwrap();
        assert_eq!(day.differences(&morning), [], "the morning differs from the day before");
        assert_eq!(day.base_differences(&morning), [], "the base tier changed");
    }
    let again = captured(stage, origin).await;
    assert_eq!(said(&again), said(&first), "captured again:\n{again}\ncaptured first:\n{first}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]), "AWS would not have liked the order");
    file
}

/// Brings it up or down, with further tries where the machine was too slow for the stage's time.
async fn bring(stage: &Stage, verb: &str, blueprint: &str) {
    for _ in 0..20 {
        let output = stage.command(&[verb, "--hold", "forever", "--blueprint", blueprint]).await.unwrap();
        match output.status.code() {
            // In progress, or busy.
            Some(4 | 5) => stage.pass(Duration::from_secs(30)).await.unwrap(),
            _ => {
                done(output);
                return;
            }
        }
    }
    panic!("{verb} does not come to an end");
}

/// The blueprint that a capture prints; as JSON, it says the same.
async fn captured(stage: &Stage, origin: &[&str]) -> String {
    let text = done(stage.command(&[&["capture"], origin].concat()).await.unwrap());
    let json = done(stage.command(&[&["capture", "--json"], origin].concat()).await.unwrap());
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["refused"], &json["problems"]), (&json!([]), &json!([])), "{json:#}");
    assert_eq!(Blueprint::parse(&json["blueprint"].to_string()).unwrap(), Blueprint::parse(&text).unwrap());
    text
}

fn done(output: Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}\n{err}");
    out.into_owned()
}

/// What a blueprint says, whatever it adopts: what a morning made needs no adoption any more.
fn said(text: &str) -> Blueprint {
    let mut blueprint = Blueprint::parse(text).unwrap();
    let tier = &mut blueprint.tier;
    tier.addresses.values_mut().for_each(|one| one.adopted = None);
    tier.nat_gateways.values_mut().for_each(|one| one.adopted = None);
    tier.load_balancers.values_mut().for_each(|one| one.adopted = None);
    tier.services.values_mut().for_each(|one| one.adopted = None);
    blueprint
}

fn assert_only_addresses_cost_money(night: &Reading) {
    let others: Vec<&Value> =
        night.billable.as_array().unwrap().iter().filter(|item| item["kind"] != "address").collect();
    assert!(others.is_empty(), "these still cost money at night: {others:?}");
}
