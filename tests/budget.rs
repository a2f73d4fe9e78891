//! Alerts of AWS Budgets, over the wire: told once, stopped where that is wanted and nothing speaks against it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use curfew_stage::{Call, Fault, Function, Invoked, Kind, Stage, Trap};
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:curfew-dev-budget";
const DESCRIBE: &str = "budgets:DescribeBudget";
const STOPPED: &str = "Curfew: dev is stopped by the budget curfew-dev";

/// A stage with a budget of 60 USD and the function that answers its alerts.
struct Play {
    stage: Stage,
    function: Function,
}

/// What the budget's alerts are for.
const TELL: &[(&str, &str)] = &[("CURFEW_BUDGET_ACTION", "tell")];
const STOP: &[(&str, &str)] = &[("CURFEW_BUDGET_ACTION", "stop"), ("CURFEW_BUDGET_OVER_UP", "false")];
const STOP_OVER_UP: &[(&str, &str)] = &[("CURFEW_BUDGET_ACTION", "stop"), ("CURFEW_BUDGET_OVER_UP", "true")];

fn function(stage: &Stage, policy: &[(&str, &str)]) -> Function {
    let own = [("CURFEW_BUDGET_NAME", "curfew-dev"), ("CURFEW_BUDGET_TOPIC_ARN", TOPIC)];
    let own = own.iter().chain(policy).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Function::new("budget", stage.variables().into_iter().chain(own).collect()).unwrap()
}

async fn set(policy: &[(&str, &str)]) -> Play {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.hand("schedule", json!({ "be": "up" })).await.unwrap();
    stage.hand("budget", json!({ "name": "curfew-dev", "limit": "60" })).await.unwrap();
    let function = function(&stage, policy);
    let play = Play { stage, function };
    play.spend("65.1", Some("92.4")).await;
    play
}

/// One of `events/*.json`.
fn sample(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("events").join(name).with_extension("json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

impl Play {
    async fn spend(&self, actual: &str, forecast: Option<&str>) {
        let spend = json!({ "budget": "curfew-dev", "actual": actual, "forecast": forecast });
        self.stage.hand("spend", spend).await.unwrap();
    }

    async fn invoke(&mut self, event: Value) -> Invoked {
        self.stage.proxy.calls();
        self.function.invoke(event, Duration::from_secs(60), &self.stage.proxy).await.unwrap()
    }

    /// An alert that is answered, and its report.
    async fn answered(&mut self, event: Value, answer: &str) -> Value {
        let Invoked::Report(report) = self.invoke(event).await else { panic!("it ended with an error") };
        assert_eq!((&report["outcome"], &report["answer"]), (&json!("Answered"), &json!(answer)), "{report:#}");
        report
    }

    /// An alert that ends with an error.
    async fn refused(&mut self, event: Value) -> String {
        let Invoked::Error(error) = self.invoke(event).await else { panic!("it was answered") };
        error["errorMessage"].as_str().unwrap().to_owned()
    }

    /// The same alert again: nobody is told and nothing is written.
    async fn assert_unchanged(&mut self, event: Value) {
        let told = self.told().await.len();
        let Invoked::Report(report) = self.invoke(event).await else { panic!("it ended with an error") };
        assert_eq!(report["outcome"], "Unchanged", "{report:#}");
        let written: Vec<Call> =
            self.stage.proxy.calls().into_iter().filter(|call| call.kind() == Kind::Mutation).collect();
        assert_eq!(written, []);
        assert_eq!(self.told().await.len(), told);
    }

    async fn tags(&self) -> Value {
        self.stage.hand("cluster_tags", json!({})).await.unwrap()
    }

    async fn assert_no_override(&self) {
        let tags = self.tags().await;
        assert_eq!((&tags["curfew:override"], &tags["curfew:hold"]), (&Value::Null, &Value::Null), "{tags}");
    }

    async fn told(&self) -> Vec<String> {
        let told = self.stage.notifications().await.unwrap();
        told.iter().map(|one| one["subject"].as_str().unwrap().to_owned()).collect()
    }

    async fn tick(&mut self, outcome: &str) -> Value {
        let report = self.stage.report("reconcile", sample("rule-tick")).await.unwrap();
        assert_eq!(report["outcome"], outcome, "{report:#}");
        report
    }
}

/// The calls that were made, each once.
fn names(calls: Vec<Call>) -> BTreeSet<String> {
    calls.iter().map(ToString::to_string).collect()
}

/// What answering takes where nothing is to be stopped.
const TELLING: [&str; 5] = [DESCRIBE, "s3:GetObject", "s3:PutObject", "sns:Publish", "ssm:GetParameter"];
/// What asking for a stop takes besides.
const STOPPING: [&str; 3] = ["ecs:DescribeClusters", "ecs:TagResource", "tagging:GetResources"];

fn owned(names: impl IntoIterator<Item = &'static str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_alert_is_told_once() {
    let mut play = set(TELL).await;
    let report = play.answered(sample("budget-actual"), "told").await;
    assert_eq!(names(play.stage.proxy.calls()), owned(TELLING), "{report:#}");
    play.assert_no_override().await;
    let message = play.stage.notifications().await.unwrap().pop().unwrap();
    assert_eq!(message["subject"], "Curfew: dev is at 109 % (spent) of the budget curfew-dev");
    assert_eq!((&message["topic"], &message["structure"]), (&json!(play.stage.laid.topic), &json!("json")));
    let text = message["message"]["email"].as_str().unwrap();
    for wanted in [
        "the budget curfew-dev of account 123456789012: 65.10 USD spent",
        "Limit:    60.00 USD",
        "Forecast: 92.40 USD",
        "the runtime tier of dev is up for",
        "curfew -e dev stop --hold 20",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let machine: Value = serde_json::from_str(message["message"]["sqs"].as_str().unwrap()).unwrap();
    assert_eq!((&machine["event"], &machine["alert"]["about"]), (&json!("budget-alert"), &json!("actual")));
    play.assert_unchanged(sample("budget-actual")).await;

    // A forecast and another threshold are other occasions.
    play.answered(sample("budget-forecast"), "told").await;
    play.answered(sample("budget-warning"), "told").await;
    for name in ["budget-actual", "budget-forecast", "budget-warning"] {
        play.assert_unchanged(sample(name)).await;
    }
    assert_eq!(play.told().await.len(), 3);
}

#[tokio::test]
async fn beyond_its_limit_a_budget_stops_and_a_person_starts_again() {
    let mut play = set(STOP).await;
    play.stage.bring("start").await.unwrap();
    play.stage.hand("override", json!({})).await.unwrap();
    play.spend("48.37", Some("92.4")).await;
    play.answered(sample("budget-warning"), "told").await;
    play.assert_no_override().await;

    play.spend("65.1", Some("92.4")).await;
    let report = play.answered(sample("budget-actual"), "stopped").await;
    assert_eq!(
        names(play.stage.proxy.calls()),
        owned(TELLING.into_iter().chain(STOPPING)),
        "it deletes nothing itself"
    );
    let tags = play.tags().await;
    let until = report["figures"]["until"].as_str().unwrap();
    assert_eq!(tags["curfew:override"], format!("down until {until}"));
    assert_eq!(tags["curfew:hold"], tags["curfew:override"], "whoever starts it by hand may");
    assert_eq!(play.told().await.last().unwrap(), STOPPED);
    play.assert_unchanged(sample("budget-actual")).await;

    play.tick("Converged").await;
    let night = play.stage.read().await.unwrap();
    assert!(night.billable.as_array().unwrap().iter().all(|item| item["kind"] == "address"), "{}", night.billable);
    assert_eq!(night.billable.as_array().unwrap().len(), 1, "its address is kept: {}", night.billable);
    play.tick("Unchanged").await;
    play.assert_unchanged(sample("budget-actual")).await;
    // The forecast's alert finds it stopped already, and says so.
    play.answered(sample("budget-forecast"), "stopped").await;
    assert_eq!(play.tags().await, tags);
    play.tick("Unchanged").await;

    let report = play.stage.report("start", sample("manual-empty")).await.unwrap();
    assert_eq!(report["outcome"], "Converged", "{report:#}");
    play.assert_no_override().await;
    for name in ["budget-actual", "budget-forecast"] {
        play.assert_unchanged(sample(name)).await;
    }
    play.tick("Unchanged").await;
    assert_eq!(play.stage.mishaps().await.unwrap(), json!([]));
}

#[tokio::test]
async fn a_persons_override_is_respected_unless_it_is_configured_not_to_be() {
    let mut play = set(STOP).await;
    play.stage.hand("override", json!({ "value": "up" })).await.unwrap();
    let report = play.answered(sample("budget-actual"), "not-stopped").await;
    assert!(report["message"].as_str().unwrap().contains("the override `up` on arn:aws:ecs:"), "{report:#}");
    assert_eq!(play.tags().await["curfew:override"], "up");
    play.assert_unchanged(sample("budget-actual")).await;

    play.function = function(&play.stage, STOP_OVER_UP);
    play.stage.hand("override", json!({ "value": "upp" })).await.unwrap();
    let report = play.answered(sample("budget-forecast"), "not-stopped").await;
    assert!(report["message"].as_str().unwrap().contains("the override `upp`"), "{report:#}");
    assert_eq!(play.tags().await["curfew:override"], "upp");

    play.stage.hand("override", json!({ "value": "up" })).await.unwrap();
    play.answered(sample("budget-actual"), "stopped").await;
    assert!(play.tags().await["curfew:override"].as_str().unwrap().starts_with("down until "));
    let told = play.stage.notifications().await.unwrap().pop().unwrap();
    let text = told["message"]["email"].as_str().unwrap();
    assert!(text.contains("The override `up` was replaced, as BudgetOverUp says."), "{text}");
}

#[tokio::test]
async fn a_figure_that_is_wrong_or_not_confirmed_is_told_and_not_acted_on() {
    let mut play = set(STOP).await;
    // 2026-07-16: wrong by 10^9, in the alert and in what AWS Budgets says.
    play.spend("48370000000", Some("92370000000")).await;
    let report = play.answered(sample("budget-implausible"), "doubted").await;
    let message = report["message"].as_str().unwrap();
    assert!(message.contains("48,370,000,000.00 USD spent cannot be right"), "{message}");
    assert_eq!(names(play.stage.proxy.calls()), owned(TELLING));
    play.assert_unchanged(sample("budget-implausible")).await;

    play.spend("12.5", None).await;
    let report = play.answered(sample("budget-forecast"), "doubted").await;
    assert!(report["message"].as_str().unwrap().contains("AWS Budgets says nothing"), "{report:#}");
    play.assert_unchanged(sample("budget-actual")).await;
    play.assert_no_override().await;
    assert_eq!(play.told().await, ["Curfew: dev does not believe the budget curfew-dev"; 2]);

    // It was right after all.
    play.spend("65.1", None).await;
    play.answered(sample("budget-actual"), "stopped").await;
}

#[tokio::test]
async fn what_is_malformed_or_foreign_reaches_nothing() {
    let mut play = set(STOP).await;
    let with = |pointer: &str, value: Value| {
        let mut event = sample("budget-actual");
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let message = sample("budget-actual")["Records"][0]["Sns"]["Message"].as_str().unwrap().to_owned();
    let cases = [
        (json!({}), "it has no list `Records`"),
        (sample("rule-tick"), "it has no list `Records`"),
        (with("/Records/0/Sns/TopicArn", json!(format!("{TOPIC}-of-somebody"))), "not by arn:aws:sns:"),
        (with("/Records/0/Sns/Message", json!("You won!")), "AWS Budgets did not write it"),
        (with("/Records/0/Sns/Message", json!("\u{0}\u{fffd}\u{7}")), "AWS Budgets did not write it"),
        (
            with("/Records/0/Sns/Message", json!(message.replace("Alert Type", "Alarm Type"))),
            "`Alert Type: …` is missing",
        ),
        (with("/Records/0/Sns/Message", json!(message.replace("$65.10", "$NaN"))), "`ACTUAL Amount` is \"$NaN\""),
    ];
    for (event, wanted) in cases {
        let said = play.refused(event).await;
        assert!(said.contains(wanted) && said.contains("nothing was done"), "{said}");
        assert_eq!(play.stage.proxy.calls(), [], "{said}");
    }
    for (old, new) in
        [("Budget Name: curfew-dev", "Budget Name: prod"), ("Account 123456789012", "Account 999999999999")]
    {
        let said = play.refused(with("/Records/0/Sns/Message", json!(message.replace(old, new)))).await;
        assert!(said.starts_with("the alert is about the budget") && said.contains("nothing was done"), "{said}");
        assert_eq!(names(play.stage.proxy.calls()), owned(["ssm:GetParameter"]));
    }
    play.assert_no_override().await;
    assert_eq!(play.told().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_budget_that_cannot_be_described_stops_nothing() {
    let mut play = set(STOP).await;
    let trap = |fault, times| Trap { fault, call: Some(DESCRIBE.to_owned()), skip: 0, times };
    // Throttled beyond the SDK's patience: Lambda tries again.
    play.stage.proxy.set(trap(Fault::Throttled, 100));
    let said = play.refused(sample("budget-actual")).await;
    assert!(said.contains("nothing was done") && said.contains("ThrottlingException"), "{said}");
    assert_eq!(names(play.stage.proxy.calls()), owned([DESCRIBE, "ssm:GetParameter"]));
    assert_eq!(play.told().await, Vec::<String>::new());

    play.stage.proxy.set(trap(Fault::Denied, 100));
    let report = play.answered(sample("budget-actual"), "doubted").await;
    assert!(report["message"].as_str().unwrap().contains("AccessDeniedException"), "{report:#}");
    play.assert_unchanged(sample("budget-actual")).await;
    play.assert_no_override().await;

    play.stage.proxy.set(trap(Fault::Throttled, 2));
    play.answered(sample("budget-actual"), "stopped").await;
    play.stage.proxy.clear();
    play.assert_unchanged(sample("budget-actual")).await;
}

#[tokio::test]
async fn after_the_period_it_comes_up_again() {
    let mut play = set(STOP).await;
    play.stage.bring("start").await.unwrap();
    play.stage.hand("override", json!({})).await.unwrap();
    let custom = json!({ "name": "campaign", "limit": "60", "unit": "CUSTOM", "minutes": 40 });
    let end = play.stage.hand("budget", custom).await.unwrap();
    let spend = json!({ "budget": "campaign", "actual": "65.1", "forecast": null });
    play.stage.hand("spend", spend).await.unwrap();
    let mut variables = STOP.to_vec();
    variables.push(("CURFEW_BUDGET_NAME", "campaign"));
    play.function = function(&play.stage, &variables);
    let mut event = sample("budget-actual");
    let message = event["Records"][0]["Sns"]["Message"].as_str().unwrap().replace("curfew-dev", "campaign");
    event["Records"][0]["Sns"]["Message"] = json!(message);
    let day = play.stage.read().await.unwrap();

    play.answered(event.clone(), "stopped").await;
    assert_eq!(play.tags().await["curfew:override"], format!("down until {}", end.as_str().unwrap()));
    play.tick("Converged").await;
    play.tick("Unchanged").await;
    play.stage.pass(Duration::from_secs(40 * 60)).await.unwrap();

    let report = play.tick("Converged").await;
    assert_eq!(report["target"], "up", "{report:#}");
    play.assert_no_override().await;
    assert_eq!(day.differences(&play.stage.read().await.unwrap()), [], "everything is back");
    play.tick("Unchanged").await;
    // The budget has no period any more: told, and nothing is stopped.
    play.answered(event, "doubted").await;
    play.tick("Unchanged").await;
    assert_eq!(play.stage.mishaps().await.unwrap(), json!([]));
}
