//! What docs/recovery.md promises: the damage is done, the page's own commands are run, and what is there is compared.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::path::{Path, PathBuf};

use curfew_stage::{Difference, Stage, StageError, binary};
use serde_json::{Value, json};

/// Slower than elsewhere: the AWS CLI takes its time, and a lease lasts 120 s of the stage's.
const FACTOR: f64 = 40.0;
const LOAD_BALANCER: &str = "durable-dev-alb";
const BACKEND: &str = "durable-dev-backend";

/// A stage, and a folder in which a person works.
struct Play {
    stage: Stage,
    folder: PathBuf,
}

impl Play {
    /// An environment that was up once, and on which people then changed a rule and a count.
    async fn begin(name: &str) -> Self {
        let mut stage = Stage::set("durable", FACTOR).await.unwrap();
        stage.bring("start").await.unwrap();
        let rule = json!({ "name": LOAD_BALANCER, "port": 443, "priority": 20, "path": "/admin/*" });
        stage.hand("add_rule", rule).await.unwrap();
        stage.hand("scale", json!({ "service": BACKEND, "count": 3 })).await.unwrap();
        stage.pass(std::time::Duration::from_secs(180)).await.unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recovery").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self { stage, folder }
    }

    /// Runs the commands that the page has under a heading: those of one of its blocks.
    async fn follow(&self, heading: &str, block: usize) -> String {
        self.follow_with(heading, block, &[]).await
    }

    /// The same with variables. A start at their end is repeated while it is in progress or busy, as the tick would.
    async fn follow_with(&self, heading: &str, block: usize, variables: &[(&str, &str)]) -> String {
        let script = &commands(heading)[block];
        let Some(start) = script.lines().last().filter(|line| line.starts_with("curfew start")) else {
            return self.shell(script, variables).await;
        };
        let before = self.shell(script.strip_suffix(&format!("{start}\n")).unwrap(), variables).await;
        for _ in 0..10 {
            let (code, said) = self.try_to(start, variables).await;
            match code {
                Some(0) => {
                    assert!(said.contains("dev is up"), "{said}");
                    return before + &said;
                }
                Some(4 | 5) => self.stage.pass(std::time::Duration::from_secs(60)).await.unwrap(),
                code => panic!("{start} ended with {code:?}: {said}"),
            }
        }
        panic!("{start} does not get there");
    }

    /// Runs commands that have to work.
    async fn shell(&self, script: &str, variables: &[(&str, &str)]) -> String {
        let (code, said) = self.try_to(script, variables).await;
        assert_eq!(code, Some(0), "{script}\n{said}");
        said
    }

    /// Runs commands as a person would in that folder: how they ended, and what they said.
    async fn try_to(&self, script: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
        let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guides/bin");
        let tools = format!("{}:{}", guides.display(), binary("curfew").unwrap().parent().unwrap().display());
        let script = format!("PATH=\"{tools}:$PATH\"\n{script}");
        let output = tokio::process::Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(&self.folder)
            .envs(self.stage.variables())
            // The AWS CLI's first version, which is the one on PyPI, does not read AWS_REGION.
            .env("AWS_DEFAULT_REGION", &self.stage.laid.region)
            .envs(variables.iter().copied())
            .output()
            .await
            .unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), said)
    }

    /// A run that touches nothing, and says why.
    async fn refuses(&mut self, function: &str, outcome: &str, why: &str) {
        self.stage.proxy.calls();
        // The tick holds nothing.
        let event = if function == "reconcile" { json!({}) } else { json!({ "hold": "forever" }) };
        let said = match self.stage.report(function, event).await {
            Ok(report) => {
                assert_eq!(report["outcome"], outcome, "{report:#}");
                report["message"].to_string()
            }
            Err(StageError::Function { error, .. }) => error.to_string(),
            Err(error) => panic!("{error}"),
        };
        assert!(said.contains(why), "{said} does not say {why}");
        let changes = self.stage.proxy.changes();
        assert!(changes.iter().all(|call| call.service == "sns"), "{changes:?}");
    }

    /// A tick later nothing is left to do, and at no time did anybody feel anything.
    async fn end(mut self) {
        let report = self.stage.report("start", json!({ "hold": "forever" })).await.unwrap();
        assert_eq!(report["outcome"], "Unchanged", "{report:#}");
        assert_eq!(self.stage.mishaps().await.unwrap(), json!([]));
    }
}

/// The shell blocks under a heading of the page.
fn commands(heading: &str) -> Vec<String> {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recovery.md")).unwrap();
    let part = page.split("\n## ").find(|part| part.starts_with(heading)).expect(heading);
    let blocks = part.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    blocks.collect()
}

/// Differences as lines, the most telling part of each.
fn lines(differences: &[Difference]) -> Vec<String> {
    let line = |one: &Difference| {
        let before = if one.before.len() > 20 { "…" } else { &one.before };
        format!("{}: {before} -> {}", one.place.rsplit(" / ").next().unwrap(), one.after)
    };
    differences.iter().map(line).collect()
}

#[tokio::test]
async fn a_bucket_lost_by_day_costs_nothing_but_history() {
    let mut play = Play::begin("bucket-by-day").await;
    let day = play.stage.read().await.unwrap();
    play.stage.hand("lose_bucket", json!({})).await.unwrap();
    play.refuses("stop", "Failed", "cannot be read, so nothing was touched").await;

    play.follow("The state bucket is lost while the environment is up", 0).await;
    let report = play.stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["actions"], json!([]), "{report:#}");
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);
    play.stage.bring("stop").await.unwrap();
    play.stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), [], "what was changed by hand is back as well");
    play.end().await;
}

#[tokio::test]
async fn a_bucket_lost_at_night_costs_what_was_changed_by_hand() {
    let mut play = Play::begin("bucket-at-night").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    play.stage.hand("lose_bucket", json!({})).await.unwrap();
    play.refuses("start", "Failed", "cannot be read, so nothing was touched").await;

    play.follow("The state bucket is lost while the environment is down", 0).await;
    let lost = lines(&day.differences(&play.stage.read().await.unwrap()));
    assert!(lost.contains(&"20: … -> null".to_owned()), "the rule: {lost:#?}");
    // The count, seen from the service and from its targets.
    assert!(lost.iter().filter(|line| *line != "20: … -> null").all(|line| line.contains(": 3 -> 2")), "{lost:#?}");
    play.end().await;
}

#[tokio::test]
async fn a_state_lost_at_night_costs_nothing_if_it_is_written_anew() {
    let mut play = Play::begin("state-at-night").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    play.shell("aws s3 rm s3://$CURFEW_STATE_BUCKET/dev/state.json", &[]).await;
    play.refuses("start", "Blocked", "dev/state.json is gone").await;

    play.follow("Only the state is lost while the environment is down", 0).await;
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);

    play.stage.bring("stop").await.unwrap();
    play.shell("aws s3 rm s3://$CURFEW_STATE_BUCKET/dev/state.json", &[]).await;
    let report = play.stage.report("reconcile", json!({})).await.unwrap();
    assert_eq!(report["actions"], json!([]), "{report:#}");
    play.stage.bring("start").await.unwrap();
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), [], "a tick writes it anew");
    play.end().await;
}

#[tokio::test]
async fn a_recording_lost_at_night_blocks_until_it_is_put_back_or_a_person_goes_on_without() {
    const HEADING: &str = "The recording is lost while the environment is down";
    let mut play = Play::begin("recording-at-night").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    play.shell("aws s3 rm s3://$CURFEW_STATE_BUCKET/dev/recording.json", &[]).await;
    play.refuses("reconcile", "Blocked", "dev/recording.json is gone").await;
    play.refuses("start", "Blocked", "dev/recording.json is gone").await;

    play.follow(HEADING, 0).await;
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);

    play.stage.bring("stop").await.unwrap();
    play.shell("aws s3 rm s3://$CURFEW_STATE_BUCKET/dev/recording.json", &[]).await;
    let said = play.follow(HEADING, 1).await;
    assert!(said.contains("what was changed by hand since is not among it"), "{said}");
    let lost = lines(&day.differences(&play.stage.read().await.unwrap()));
    assert!(lost.contains(&"20: … -> null".to_owned()), "the rule: {lost:#?}");
    play.end().await;
}

#[tokio::test]
async fn a_document_of_another_environment_is_refused() {
    let mut play = Play::begin("foreign").await;
    play.stage.bring("stop").await.unwrap();
    let foreign = "aws s3 cp s3://$CURFEW_STATE_BUCKET/dev/recording.json recording.json
        jq '.observed.environment = \"prod\"' recording.json | aws s3 cp - s3://$CURFEW_STATE_BUCKET/dev/recording.json";
    play.shell(foreign, &[]).await;
    play.refuses("start", "Blocked", "its `observed.environment` is prod, not dev").await;
    play.shell("aws s3 cp recording.json s3://$CURFEW_STATE_BUCKET/dev/recording.json", &[]).await;

    // And a blueprint under another environment's name.
    let copy = "aws ssm get-parameter --name /curfew/dev/blueprint --query Parameter.Value --output text > blueprint.yaml
        aws ssm put-parameter --name /curfew/other/blueprint --type String --tier Intelligent-Tiering --value file://blueprint.yaml";
    play.shell(copy, &[]).await;
    play.stage.proxy.calls();
    let (code, said) = play.try_to("curfew -e other stop", &[]).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("/curfew/other/blueprint holds the blueprint of dev, not of other"), "{said}");
    assert_eq!(play.stage.proxy.changes(), []);
    play.stage.bring("start").await.unwrap();
    play.end().await;
}

#[tokio::test]
async fn an_earlier_recording_brings_its_evening_back() {
    let mut play = Play::begin("recording").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    play.stage.bring("start").await.unwrap();
    let rule = json!({ "name": LOAD_BALANCER, "port": 443, "priority": 10 });
    play.stage.hand("remove_rule", rule).await.unwrap();
    play.stage.bring("stop").await.unwrap();

    let said = play.follow("The recording is wrong", 0).await;
    assert!(said.contains("/api/*"), "the version that was looked at has the rule: {said}");
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);
    play.end().await;
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_replaced_by_the_one_before() {
    let mut play = Play::begin("unreadable").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    let garbage = "echo '{ \"phase\": \"asleep\"' | aws s3 cp - s3://$CURFEW_STATE_BUCKET/dev/state.json";
    play.shell(garbage, &[]).await;
    play.refuses("start", "Blocked", "dev/state.json cannot be read").await;

    let said = play.follow("The state cannot be read", 0).await;
    assert!(said.contains("\"down\""), "{said}");
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);

    play.stage.bring("stop").await.unwrap();
    play.shell("echo '{ \"phase\": \"down\" }' | aws s3 cp - s3://$CURFEW_STATE_BUCKET/dev/state.json", &[]).await;
    play.refuses("reconcile", "Blocked", "dev/state.json cannot be read").await;
    play.follow("The state cannot be read", 1).await;
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);
    play.end().await;
}

#[tokio::test]
async fn without_its_stack_an_environment_comes_up_from_a_terminal() {
    const HEADING: &str = "The stack was deleted while the environment was down";
    let mut play = Play::begin("stack").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    // The parameter and the topic were the stack's; the file is the repository's.
    let parameter =
        "aws ssm get-parameter --name /curfew/dev/blueprint --query Parameter.Value --output text > blueprint.yaml
        aws ssm delete-parameter --name /curfew/dev/blueprint";
    play.shell(parameter, &[]).await;

    play.follow_with(HEADING, 0, &[("CURFEW_TOPIC_ARN", "")]).await;
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);

    play.shell("aws s3 mb s3://my-new-state-bucket", &[]).await;
    let said = play.follow(HEADING, 1).await;
    assert!(said.contains("phase: up"), "the new bucket knows: {said}");
    // From here on as the new stack's functions would.
    let new = [("CURFEW_STATE_BUCKET", "my-new-state-bucket")];
    for (command, there) in [("curfew stop --hold forever", "down"), ("curfew start --hold forever", "up")] {
        let mut said = String::new();
        for _ in 0..10 {
            said = play.try_to(command, &new).await.1;
            if said.contains(&format!("dev is {there}")) {
                break;
            }
            play.stage.pass(std::time::Duration::from_secs(60)).await.unwrap();
        }
        assert!(said.contains(&format!("dev is {there}")), "{said}");
    }
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);
    assert_eq!(play.stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn a_lost_blueprint_is_in_the_recording() {
    let mut play = Play::begin("parameter").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    play.shell("aws ssm delete-parameter --name /curfew/dev/blueprint", &[]).await;
    play.refuses("start", "Failed", "/curfew/dev/blueprint").await;

    play.follow("The blueprint's parameter was deleted", 0).await;
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), []);
    play.end().await;
}

#[tokio::test]
async fn where_a_zone_gives_no_nat_gateway_it_stands_in_the_other() {
    let mut play = Play::begin("zone").await;
    let day = play.stage.read().await.unwrap();
    play.stage.bring("stop").await.unwrap();
    let [broken, other] =
        ["subnet-0d1a000000000001a", "subnet-0d1a000000000002b"].map(|name| &play.stage.laid.replacements[name]);
    let (broken, other) = (broken.clone(), other.clone());
    play.stage.hand("fill_subnet", json!({ "subnet": broken })).await.unwrap();
    let mut report = Value::Null;
    for _ in 0..6 {
        report = play.stage.report("start", json!({ "hold": "forever" })).await.unwrap();
        if report["outcome"] == "Blocked" {
            break;
        }
    }
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    assert!(report["message"].to_string().contains("NAT gateway egress failed 3 times in the last hour"), "{report:#}");

    let subnets = [("BROKEN_SUBNET", broken.as_str()), ("OTHER_SUBNET", other.as_str())];
    play.follow_with("A zone gives no NAT gateway", 0, &subnets).await;
    let moved = day.differences(&play.stage.read().await.unwrap());
    let of_it = |one: &Difference| [&broken, &other].iter().any(|subnet| format!("{one:?}").contains(subnet.as_str()));
    assert!(!moved.is_empty() && moved.iter().all(of_it), "{moved:#?}");
    play.stage.bring("stop").await.unwrap();
    play.stage.bring("start").await.unwrap();
    play.end().await;
}
