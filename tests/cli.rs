//! The real `curfew` command: what it prints where, how it exits, and what of it reaches AWS.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::path::{Path, PathBuf};
use std::process::Output;

use curfew_stage::{Kind, Stage, binary};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;

/// What a command printed, and how it ended.
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let said = Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "colours without a terminal: {said:?}");
        said
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The same, of a command that ended with this code.
    fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\n-- out\n{}\n-- err\n{}", self.code, self.out, self.err)
    }
}

/// Runs the command where there is no AWS at all.
fn alone(arguments: &[&str]) -> Said {
    let mut command = std::process::Command::new(binary("curfew").unwrap());
    Said::of(command.args(arguments).env_clear().output().unwrap())
}

/// Runs it on a stage.
async fn on(stage: &Stage, arguments: &[&str]) -> Said {
    Said::of(stage.command(arguments).await.unwrap())
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).with_extension("yaml")
}

fn check(actual: &str, expected: Expect) {
    expected.assert_eq(actual);
}

#[test]
fn the_examples_are_valid() {
    for (name, environment) in
        [("durable", "dev"), ("platform", "dev"), ("platform-prod", "prod"), ("portyfoul", "dev")]
    {
        let file = example(name);
        let said = alone(&["validate", file.to_str().unwrap()]).ended(0);
        assert!(said.out.contains(&format!(" is a blueprint of {environment}: ")), "{said:?}");
        assert_eq!(said.err, "");
        let said = alone(&["validate", "--json", file.to_str().unwrap()]).ended(0);
        assert_eq!(said.json()["valid"], true);
    }
}

#[test]
fn three_mistakes_are_all_told_with_their_lines() {
    let text = std::fs::read_to_string(example("durable")).unwrap();
    let wrong = text
        .replace("region: us-west-2", "region: Oregon")
        .replace("protocol: HTTPS", "protocol: HTTQ")
        .replace("durable-dev-frontend:\n    desiredCount: 2", "durable-dev-frontend:\n    desiredCount: two");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("three-mistakes.yaml");
    std::fs::write(&file, wrong).unwrap();
    let said = alone(&["validate", file.to_str().unwrap()]).ended(1);
    check(
        &said.out.replace(folder.to_str().unwrap(), ""),
        expect![[r#"
        /three-mistakes.yaml: line 5: region: `Oregon` is not a region such as us-west-2
        /three-mistakes.yaml: line 52: loadBalancers.durable-dev-alb.listeners.443.protocol: `HTTQ` is not one of HTTP, HTTPS
        /three-mistakes.yaml: line 81: services.durable-dev-frontend.desiredCount: wanted: a whole number, found: a text
    "#]],
    );
    check(
        &said.err.replace(folder.to_str().unwrap(), ""),
        expect![[r#"
        curfew: /three-mistakes.yaml is not a blueprint (3 to fix)
    "#]],
    );
    let said = alone(&["validate", "--json", file.to_str().unwrap()]).ended(1);
    let problems = said.json()["problems"].as_array().unwrap().clone();
    assert_eq!(problems.len(), 3);
    assert!(problems.iter().all(|problem| problem["line"].is_u64() && problem["field"].is_string()), "{problems:?}");
    assert_eq!(alone(&["validate", "no-such-file.yaml"]).ended(1).out, "");
}

#[test]
fn what_a_template_left_unrendered_is_told_and_not_left_out() {
    let text = std::fs::read_to_string(example("durable")).unwrap();
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("unrendered.yaml");
    let unrendered = text.replace("  durable-dev-frontend:\n", "  {{ frontend }}:\n");
    assert_ne!(unrendered, text);
    std::fs::write(&file, unrendered).unwrap();
    let said = alone(&["validate", file.to_str().unwrap()]).ended(1);
    assert!(said.out.contains("line 80: services: a key is a text or a number"), "{said:?}");
    assert!(said.err.contains("is not a blueprint (1 to "), "{said:?}");
}

#[test]
fn help_documents_the_exit_codes_and_words_that_are_off_end_with_two() {
    let help = alone(&["--help"]).ended(0).out;
    for line in [
        "0  done, nothing to do, or skipped with the reason said",
        "1  failed",
        "2  usage",
        "3  blocked: a person has to decide",
        "4  in progress: the tick goes on",
        "5  busy: another run works on the environment",
    ] {
        assert!(help.contains(line), "{help}");
    }
    for wrong in [
        &["go"][..],
        &[],
        &["plan", "--up", "--down", "-e", "dev"],
        &["status", "-e", "Dev"],
        &["stop", "-e", "dev", "--hold", "5 parsecs"],
        &["override", "set", "sideways", "-e", "dev"],
        &["start", "-e", "dev", "--function", "f"],
        &["start", "--remote"],
        &["capture"],
        &["capture", "--vpc", "vpc-1", "--stack", "portyfoul-infra"],
        &["capture", "--vpc", "igw-1"],
        &["capture", "--tag", "Project"],
        &["capture", "--cluster", "c", "--schedule", "sometimes"],
        &["doctor", "--terraform"],
    ] {
        let said = alone(wrong).ended(2);
        assert_eq!(said.out, "", "{wrong:?}");
        assert!(!said.err.is_empty(), "{wrong:?}");
    }
}

#[test]
fn completions_are_printed_for_bash() {
    let said = alone(&["completions", "bash"]).ended(0);
    assert!(said.out.contains("complete -F _curfew") && said.out.contains("override"), "{}", said.out);
}

/// A plan without ids. The order of two route tables is that of theirs.
fn planned(stage: &Stage, plan: &Said) -> String {
    let text = stage.named(&plan.out);
    ["rtb-0d1a000000000001a", "rtb-0d1a000000000002b"].iter().fold(text, |text, table| text.replace(table, "rtb-…"))
}

#[tokio::test]
async fn status_and_plan_only_look() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    stage.proxy.calls();

    let status = on(&stage, &["status"]).await.ended(0);
    check(status.out.lines().next().unwrap(), expect!["dev should be up: the schedule says so"]);
    assert!(status.out.contains("\nphase: not yet touched by Curfew\n"), "{status:?}");
    assert!(status.out.lines().any(|line| line.starts_with("NAT gateway egress") && line.ends_with("absent")));
    assert_eq!(status.err, "");
    let status = on(&stage, &["status", "--json"]).await.ended(0).json();
    assert_eq!(status["environment"], "dev");
    let route = format!("0.0.0.0/0 in {}", stage.laid.replacements["rtb-0d1a000000000001a"]);
    assert_eq!(status["tier"]["routes"][route], "egress", "{status:#}");

    let plan = on(&stage, &["plan"]).await.ended(0);
    assert_eq!(plan.out, on(&stage, &["plan", "--up"]).await.ended(0).out, "the schedule wants it up");
    check(
        // Real ids are new each time, and with them the order of the two routes.
        &stage.named(&plan.out).replace("rtb-0d1a000000000001a", "rtb-…").replace("rtb-0d1a000000000002b", "rtb-…"),
        expect![[r#"
                    +0 s  AllocateAddress address egress
                          CreateLoadBalancer load balancer durable-dev-alb
                    +0 s  CreateNatGateway NAT gateway egress (in subnet-0d1a000000000001a)
                          ModifyLoadBalancerAttributes load balancer durable-dev-alb (idle_timeout.timeout_seconds=120, routing.http.drop_invalid_header_fields.enabled=true)
                          CreateListener listener 80 of durable-dev-alb
                          CreateListener listener 443 of durable-dev-alb
                          ChangeResourceRecordSets DNS dev.durable.example.com A (to the load balancer)
                    +0 s  CreateRule rule 10 of listener 443 of durable-dev-alb
                          waiting for NAT gateway egress to be available
                          waiting for load balancer durable-dev-alb to be active
                          waiting for DNS dev.durable.example.com A to be in sync
             +1 min 46 s  CreateRoute route 0.0.0.0/0 in rtb-… (to nat-…)
                          CreateRoute route 0.0.0.0/0 in rtb-… (to nat-…)
             +1 min 46 s  UpdateService service durable-dev-backend (desired count 2)
                          UpdateService service durable-dev-frontend (desired count 2)
                          waiting for load balancer durable-dev-alb to be active
                          waiting for tasks of service durable-dev-backend
                          waiting for targets of durable-dev-backend
                          waiting for tasks of service durable-dev-frontend
                          waiting for targets of durable-dev-frontend
             +2 min 56 s  up
            while up 0.157 USD an hour, while down 0.005 USD an hour (list prices, traffic not counted)
        "#]],
    );
    assert_eq!(plan.err, "");
    let plan = on(&stage, &["plan", "--up", "--json"]).await.ended(0).json();
    assert_eq!((&plan["target"], &plan["end"]), (&json!("up"), &json!("done")));
    let down = on(&stage, &["plan", "--down"]).await.ended(0);
    let dry_run = on(&stage, &["start", "--dry-run"]).await.ended(0);
    assert!(dry_run.out.starts_with("Unchanged  a run would perform "), "{dry_run:?}");

    let changes: Vec<_> = stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
    assert_eq!(changes, [], "looking changed something: {down:?}");

    // By day, the way down.
    stage.report("start", json!({})).await.unwrap();
    stage.proxy.calls();
    let plan = on(&stage, &["plan", "--down"]).await.ended(0);
    check(
        &planned(&stage, &plan),
        expect![[r#"
                    +0 s  ChangeResourceRecordSets DNS dev.durable.example.com A (parked at 192.0.2.1)
                    +0 s  UpdateService service durable-dev-backend (desired count 0)
                          UpdateService service durable-dev-frontend (desired count 0)
                          waiting for tasks of service durable-dev-backend to stop
                          waiting for tasks of service durable-dev-frontend to stop
                          waiting for targets of durable-dev-backend to drain
                          waiting for targets of durable-dev-frontend to drain
             +5 min 30 s  DeleteLoadBalancer load balancer durable-dev-alb
                          DeleteNatGateway NAT gateway egress (nat-…)
                          waiting for NAT gateway egress to be deleted
             +6 min 31 s  down
            while up 0.157 USD an hour, while down 0.005 USD an hour (list prices, traffic not counted)
        "#]],
    );
    let status = on(&stage, &["status"]).await.ended(0);
    assert!(status.out.contains("\nphase: up\n") && status.out.contains("2 of 2 running"), "{status:?}");
    let changes: Vec<_> = stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
    assert_eq!(changes, []);
}

#[tokio::test]
async fn start_and_stop_show_progress_on_standard_error_and_the_result_on_standard_output() {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    let said = on(&stage, &["start", "--requested-by", "ana"]).await.ended(0);
    assert!(said.out.starts_with("Converged  dev is up, after ") && said.out.lines().count() == 1, "{said:?}");
    assert!(said.err.contains("waiting for NAT gateway egress to be available"), "{said:?}");
    let waits = said.err.matches("waiting for NAT gateway egress to be available").count();
    assert_eq!(waits, 1, "what is waited for is said once: {said:?}");
    assert!(said.err.lines().all(|line| line.trim_start().starts_with('+')), "{said:?}");
    let day = stage.read().await.unwrap();

    let said = on(&stage, &["start"]).await.ended(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("Unchanged  dev is up\n", ""));

    let said = on(&stage, &["stop", "--json", "--hold", "4h"]).await.ended(0);
    let report = said.json();
    assert_eq!((&report["outcome"], &report["target"]), (&json!("Converged"), &json!("down")));
    assert!(!said.err.is_empty() && !said.err.contains("\"outcome\""), "{said:?}");
    let said = on(&stage, &["start"]).await.ended(0);
    assert!(said.out.starts_with("Converged  dev is up, after "), "{said:?}");
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}

/// TZif data of clocks that are ahead of UTC by three hours for good.
fn tzif() -> Vec<u8> {
    let mut data = Vec::new();
    for _ in 0..2 {
        data.extend(b"TZif2");
        data.extend([0; 15]);
        [0, 0, 0, 0, 1, 4].into_iter().for_each(|count: u32| data.extend(count.to_be_bytes()));
        data.extend(10_800_i32.to_be_bytes());
        data.extend(b"\0\0NEW\0");
    }
    data.extend(b"\nNEW-3\n");
    data
}

#[tokio::test]
async fn newer_time_zones_are_stored_once_and_named_from_then_on() {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    let said = on(&stage, &["zones", "show"]).await.ended(0);
    assert!(said.out.contains("  the state     none\n"), "{said:?}");
    let folder = std::env::temp_dir().join(format!("curfew-zones-{}", std::process::id()));
    for name in said.out.lines().next().unwrap().split(", ") {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, tzif()).unwrap();
    }
    let from = folder.to_str().unwrap();
    let said = on(&stage, &["zones", "update", "--from", from]).await.ended(2);
    assert!(said.err.contains("does not say which release it is of"), "{said:?}");
    std::fs::write(folder.join("tzdata.zi"), "# version 2099a\n").unwrap();

    let said = on(&stage, &["zones", "update", "--from", from, "--dry-run"]).await.ended(0);
    assert!(said.out.starts_with("dev: would store the time zones of IANA 2099a ("), "{said:?}");
    let said = on(&stage, &["zones", "update", "--from", from, "--dry-run", "--json"]).await.ended(0);
    assert_eq!(said.json(), json!({ "result": "would-store", "replacing": null }), "{said:?}");
    let said = on(&stage, &["zones", "update", "--from", from]).await.ended(0);
    assert!(said.out.starts_with("dev: stored the time zones of IANA 2099a ("), "{said:?}");
    let said = on(&stage, &["zones", "update", "--from", from]).await.ended(0);
    assert!(said.out.starts_with("dev: the state has already the time zones of IANA 2099a ("), "{said:?}");
    let said = on(&stage, &["zones", "update"]).await.ended(1);
    assert!(said.err.contains("the state has the time zones of IANA 2099a already, newer than"), "{said:?}");

    let newer = json!({ "release": "2099a", "from": "state" });
    assert_eq!(on(&stage, &["status", "--json"]).await.ended(0).json()["zones"], newer);
    assert_eq!(on(&stage, &["stop", "--dry-run", "--json"]).await.json()["zones"], newer);
    let clocks = on(&stage, &["doctor", "--json"]).await.json()["clocks"].to_string();
    assert!(clocks.contains("older than those of 2099a in the state, which count"), "{clocks}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn overrides_are_shown_set_and_cleared() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    stage.bring("start").await.unwrap();
    let tag = async |stage: &Stage| stage.hand("cluster_tags", json!({})).await.unwrap()["curfew:override"].clone();

    let said = on(&stage, &["override", "clear"]).await.ended(0);
    assert_eq!(said.out, "no overrides: the schedule counts\n");
    let said = on(&stage, &["override", "set", "down", "--for", "4h", "--dry-run"]).await.ended(0);
    assert!(said.err.contains("would ") && tag(&stage).await.is_null(), "{said:?}");
    let said = on(&stage, &["override", "set", "up", "--for", "4h"]).await.ended(0);
    assert!(said.out.starts_with("up until ") && tag(&stage).await.as_str().unwrap().starts_with("up until 20"));
    let said = on(&stage, &["override", "set", "up", "--until", "2100-01-01T08:00:00+01:00"]).await.ended(0);
    assert_eq!(tag(&stage).await, "up until 2100-01-01T07:00:00Z", "{said:?}");
    let said = on(&stage, &["override", "set", "up"]).await.ended(0);
    assert_eq!(said.out, format!("up until removed  on {}\n", stage.laid.cluster));
    assert_eq!(tag(&stage).await, "up");
    let said = on(&stage, &["override", "show", "--json"]).await.ended(0).json();
    assert_eq!(said["active"][0]["target"], "up");
    assert_eq!(said["active"][0]["origin"], "person");

    // A stop is skipped, which is not a failure, and says why.
    stage.proxy.calls();
    let said = on(&stage, &["stop"]).await.ended(0);
    assert!(said.out.starts_with("Skipped  dev is not brought down: it should be up"), "{said:?}");
    assert!(said.out.contains("the override `up` on arn:aws:ecs:"), "{said:?}");
    assert_eq!(stage.proxy.changes(), []);
    on(&stage, &["override", "set", "up", "--until", "2020-01-01T00:00:00Z"]).await.ended(2);
    on(&stage, &["override", "set", "up", "--until", "2100-01-01T00:00:00Z", "--for", "4h"]).await.ended(2);
    let said = on(&stage, &["override", "set", "up", "--for", "300000y"]).await.ended(2);
    assert!(said.err.contains("of at most a year"), "{said:?}");
    on(&stage, &["override", "set", "up", "--for", "9000y"]).await.ended(2);
    let said = on(&stage, &["override", "set", "up", "--until", "9999-12-31T23:59:59-12:00"]).await.ended(2);
    assert!(said.err.contains("years of four digits"), "{said:?}");
    on(&stage, &["stop", "--hold", "9999-12-31T23:59:59-12:00"]).await.ended(2);
    assert_eq!(tag(&stage).await, "up");

    stage.hand("override", json!({ "value": "upp" })).await.unwrap();
    let said = on(&stage, &["override", "show"]).await.ended(0);
    let cannot = format!(
        "`upp` on {} cannot be read: the environment is neither stopped nor started until it is corrected\n",
        stage.laid.cluster
    );
    assert_eq!(said.out, cannot);
    on(&stage, &["override", "clear"]).await.ended(0);
    assert!(tag(&stage).await.is_null());
}

#[tokio::test]
async fn blocked_busy_and_failed_have_codes_of_their_own() {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    stage.hand("lease", json!({ "minutes": 600 })).await.unwrap();
    stage.proxy.calls();
    let said = on(&stage, &["start"]).await.ended(5);
    assert!(said.out.starts_with("Busy  a manual start by bob works on it since "), "{said:?}");
    assert!(said.out.contains("run-of-somebody"), "{said:?}");
    let said = on(&stage, &["status"]).await.ended(0);
    assert!(said.out.contains("\nat work: a manual start by bob since "), "{said:?}");
    stage.hand("lease", json!({ "minutes": 0 })).await.unwrap();

    let subnets = ["subnet-0d1a000000000001a", "subnet-0d1a000000000002b"].map(|id| &stage.laid.replacements[id]);
    stage.hand("add_load_balancer", json!({ "name": "durable-dev-alb", "subnets": subnets })).await.unwrap();
    for arguments in [&["start"][..], &["start", "--dry-run"], &["plan", "--up"]] {
        let said = on(&stage, arguments).await.ended(3);
        assert!(said.out.contains("! load balancer durable-dev-alb (arn:aws:"), "{said:?}");
    }
    assert_eq!(stage.proxy.changes(), [], "a blocked or busy command changed something");

    let said = on(&stage, &["status", "-e", "prod"]).await.ended(1);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", "curfew: there is no parameter /curfew/prod/blueprint\n"));
}

/// Of the stack's parameter, where the options do not say it.
#[tokio::test]
async fn the_state_bucket_and_the_topics_are_those_of_the_stack() {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    let without = async |arguments: &[&str]| {
        let empty = [("CURFEW_STATE_BUCKET", ""), ("CURFEW_TOPIC_ARN", "")];
        Said::of(stage.command_with(arguments, &empty).await.unwrap())
    };
    without(&["start"]).await.ended(0);
    let told = stage.notifications().await.unwrap();
    assert_eq!(told[0]["topic"], stage.laid.topic, "{told:?}");
    let status = on(&stage, &["status"]).await.ended(0);
    assert!(status.out.contains("a manual start"), "the other bucket was meant: {status:?}");

    let told = stage.notifications().await.unwrap().len();
    let arguments = ["stop", "--hold", "none", "--bucket", &stage.laid.bucket];
    stage.hand("schedule", json!({ "be": "down" })).await.unwrap();
    without(&arguments).await.ended(0);
    assert_eq!(stage.notifications().await.unwrap().len(), told, "nobody was to be told");

    let prod = example("platform-prod");
    let said = without(&["status", "-e", "prod", "--blueprint", prod.to_str().unwrap()]).await.ended(2);
    check(
        &said.err,
        expect![[r#"
            curfew: name the state bucket with --bucket (or CURFEW_STATE_BUCKET): there is no parameter /curfew/prod/deployment that says which it is
        "#]],
    );
}

#[tokio::test]
async fn start_and_stop_work_through_the_deployed_functions() {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    let lambda = stage.serve_functions().await.unwrap();
    let remote = async |arguments: &[&str]| {
        let variables = [("AWS_ENDPOINT_URL_LAMBDA", lambda.endpoint.as_str()), ("USER", "ana")];
        Said::of(stage.command_with(arguments, &variables).await.unwrap())
    };
    let said = remote(&["start", "--remote"]).await.ended(0);
    assert!(said.out.starts_with("Converged  dev is up, after "), "{said:?}");
    assert!(said.out.contains(" CreateNatGateway ") && said.err.contains("asking curfew-dev-start"), "{said:?}");
    let said = remote(&["stop", "--remote", "--json", "--hold", "4h"]).await.ended(0);
    let report = said.json();
    assert_eq!((&report["outcome"], &report["trigger"]), (&json!("Converged"), &json!("a manual stop by ana")));
    let said = remote(&["stop", "--remote", "--dry-run", "--function", "curfew-dev-stop"]).await.ended(0);
    assert!(said.out.starts_with("Unchanged  "), "{said:?}");
    stage.hand("override", json!({ "value": "down" })).await.unwrap();
    let said = remote(&["start", "--remote"]).await.ended(0);
    assert!(said.out.starts_with("Skipped  "), "{said:?}");

    let said = remote(&["start", "--remote", "-e", "prod"]).await.ended(1);
    assert_eq!(said.out, "");
    assert!(said.err.ends_with("there is no parameter /curfew/prod/blueprint\n"), "{said:?}");
    let said = remote(&["start", "--remote", "--function", "nobody"]).await.ended(1);
    assert!(said.err.contains("the function nobody did not answer") && said.out.is_empty(), "{said:?}");
}

/// Runs the command with its output somewhere where nobody reads it.
fn printed_to(arguments: &[&str], output: std::process::Stdio) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(binary("curfew").unwrap());
    let run = command.args(arguments).env_clear().stdout(output).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let ended = run.wait_with_output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn an_output_that_is_closed_or_full_is_no_panic() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(
        printed_to(&["completions", "bash"], writer.into()),
        (Some(0), String::new()),
        "who left wanted no more"
    );
    let commands: [&[&str]; 3] = [
        &["completions", "bash"],
        &["schedule", "show", "Mon-Fri 08:00-20:00 Europe/Berlin"],
        &["simulate", "--seeds", "1"],
    ];
    for command in commands {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let (code, said) = printed_to(command, full.into());
        assert_eq!(code, Some(1), "{command:?}: {said}");
        assert!(said.starts_with("curfew: the output could not be written: "), "{command:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn what_is_missing_around_it_is_named() {
    let said = alone(&["status", "-e", "dev"]).ended(2);
    assert!(said.err.contains("no region is set: name it with AWS_REGION"), "{said:?}");
    let command = |attempts: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(binary("curfew").unwrap());
        command.args(arguments).env_clear().env("AWS_REGION", "us-west-2").env("AWS_EC2_METADATA_DISABLED", "true");
        Said::of(command.env("AWS_MAX_ATTEMPTS", attempts).output().unwrap())
    };
    let said = command("2", &["start", "-e", "dev", "--remote"]).ended(1);
    assert!(said.err.contains("no AWS credentials could be loaded"), "{said:?}");
    for inside in ["CredentialsNotLoaded", "DispatchFailure", "{", "Error("] {
        assert!(!said.err.contains(inside), "{said:?} shows what is inside: {inside}");
    }
    let said = command("many", &["status", "-e", "dev"]).ended(2);
    assert!(said.err.contains("AWS_MAX_ATTEMPTS is `many`"), "{said:?}");
}

#[tokio::test]
async fn who_interrupts_a_start_hears_goodbye_and_leaves_no_lease() {
    let mut stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    stage.proxy.calls();
    let running = stage.spawn(&["stop", "--hold", "4h"]).unwrap();
    while stage.proxy.changes().is_empty() {
        stage.pass(std::time::Duration::from_secs(1)).await.unwrap();
    }
    let id = running.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let said = Said::of(running.wait_with_output().await.unwrap()).ended(4);
    assert!(said.err.contains("interrupted: finishing the call under way"), "{said:?}");
    assert!(said.out.starts_with("InProgress  interrupted: dev is not down yet; the tick goes on"), "{said:?}");
    let mut tick = stage.report("reconcile", json!({})).await.unwrap();
    for _ in 0..20 {
        if tick["phase"] == "down" {
            break;
        }
        stage.pass(std::time::Duration::from_secs(30)).await.unwrap();
        tick = stage.report("reconcile", json!({})).await.unwrap();
    }
    assert_eq!(tick["phase"], "down", "{tick:#}");
    stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&stage.read().await.unwrap()), []);
}
