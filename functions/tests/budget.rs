//! Every alert that SNS brings is understood, and nothing else; settings are read or told with what is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use curfew_functions::{BudgetSettings, Function, parse, parse_alert};
use expect_test::expect;
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:curfew-dev-budget";

/// The sample events of alerts, by name.
fn samples() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|file| (file.file_stem().unwrap().to_string_lossy().into_owned(), file));
    let alerts = named.filter(|(name, _)| name.starts_with("budget-"));
    alerts.map(|(name, file)| (name, serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap())).collect()
}

#[test]
fn every_sample_alert_is_understood() {
    let mut text = String::new();
    for (name, event) in samples() {
        let alert = parse_alert(&event, TOPIC).unwrap();
        let (about, amount, threshold, limit) = (alert.about, alert.amount, alert.threshold, alert.limit);
        text.push_str(&format!(
            "{name}: {amount} {about}, beyond {threshold} of {limit}, {} of {}\n",
            alert.budget, alert.account
        ));
    }
    expect![[r#"
        budget-actual: 65.10 USD spent, beyond 60.00 USD of 60.00 USD, curfew-dev of 123456789012
        budget-annual: 1,034.75 USD forecast, beyond 720.00 USD of 720.00 USD, curfew-dev of 123456789012
        budget-daily: 5.31 USD spent, beyond 4.00 USD of 5.00 USD, curfew-dev of 123456789012
        budget-forecast: 92.40 USD forecast, beyond 60.00 USD of 60.00 USD, curfew-dev of 123456789012
        budget-implausible: 48,370,000,000.00 USD spent, beyond 60.00 USD of 60.00 USD, curfew-dev of 123456789012
        budget-quarterly: 181.02 USD spent, beyond 180.00 USD of 180.00 USD, curfew-dev of 123456789012
        budget-warning: 48.37 USD spent, beyond 48.00 USD of 60.00 USD, curfew-dev of 123456789012
    "#]]
    .assert_eq(&text);
}

#[test]
fn an_alert_is_no_event_for_a_run() {
    for (name, event) in samples() {
        for function in [Function::Start, Function::Stop, Function::Reconcile] {
            let error = parse(function, &event, "2026-11-20T12:00:00Z".parse().unwrap()).unwrap_err();
            assert!(error.to_string().contains("Records: unknown field"), "{name}: {error}");
        }
    }
}

#[test]
fn what_is_no_alert_is_refused_with_the_reason() {
    let good = samples().remove("budget-actual").unwrap();
    let with = |pointer: &str, value: Value| {
        let mut event = good.clone();
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let record = good["Records"][0].clone();
    let events = [
        Value::Null,
        json!({}),
        json!({ "detail-type": "Scheduled Event" }),
        json!({ "Records": [] }),
        json!({ "Records": [record, record] }),
        with("/Records/0/EventSource", json!("aws:s3")),
        with("/Records/0/Sns", json!("text")),
        with("/Records/0/Sns/TopicArn", json!("arn:aws:sns:us-west-2:999999999999:curfew-dev-budget")),
        with("/Records/0/Sns/TopicArn", json!(7)),
        with("/Records/0/Sns/Message", json!({ "text": "no" })),
        with("/Records/0/Sns/Message", json!("")),
        with("/Records/0/Sns/Message", json!("AWS Cost Management: your Savings Plans expire")),
        with("/Records/0/Sns/Message", json!("\u{fffd}\u{0}\u{1b}[2J")),
        with("/Records/0/Sns/Message", json!("AWS Budget Notification November 20, 2026\nAWS Account 123456789012\n")),
    ];
    let told: Vec<String> = events.iter().map(|event| parse_alert(event, TOPIC).unwrap_err().to_string()).collect();
    expect![[r#"
        the event is not one notification of SNS, so nothing was done: it has no list `Records`
        the event is not one notification of SNS, so nothing was done: it has no list `Records`
        the event is not one notification of SNS, so nothing was done: it has no list `Records`
        the event is not one notification of SNS, so nothing was done: it has 0 records, not one
        the event is not one notification of SNS, so nothing was done: it has 2 records, not one
        the event is not one notification of SNS, so nothing was done: its EventSource is not aws:sns
        the event is not one notification of SNS, so nothing was done: it has no Sns.TopicArn
        the notification came by arn:aws:sns:us-west-2:999999999999:curfew-dev-budget, not by arn:aws:sns:us-west-2:123456789012:curfew-dev-budget, so nothing was done
        the event is not one notification of SNS, so nothing was done: it has no Sns.TopicArn
        the event is not one notification of SNS, so nothing was done: it has no Sns.Message
        the notification is no alert of a cost budget, so nothing was done: it begins with "", not with `AWS Budget Notification`: AWS Budgets did not write it
        the notification is no alert of a cost budget, so nothing was done: it begins with "AWS Cost Management: your Savings Plans expire", not with `AWS Budget Notification`: AWS Budgets did not write it
        the notification is no alert of a cost budget, so nothing was done: it begins with "�\0\u{1b}[2J", not with `AWS Budget Notification`: AWS Budgets did not write it
        the notification is no alert of a cost budget, so nothing was done: the line `Budget Type: …` is missing"#]].assert_eq(&told.join("\n"));
}

const ALL: [(&str, &str); 7] = [
    ("CURFEW_ENVIRONMENT", "dev"),
    ("CURFEW_STATE_BUCKET", "curfew-state-dev"),
    ("CURFEW_TOPIC_ARN", ""),
    ("CURFEW_BUDGET_NAME", "curfew-dev"),
    ("CURFEW_BUDGET_TOPIC_ARN", TOPIC),
    ("CURFEW_BUDGET_ACTION", "stop"),
    ("CURFEW_BUDGET_OVER_UP", "false"),
];

#[test]
fn settings_are_read_or_told_with_what_is_wrong() {
    let read = |variable: &str, value: &str| {
        let settings = BudgetSettings::read(|name| {
            let set = ALL.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            Some(if name == variable { value } else { set? }.to_owned())
        });
        settings
            .map_or_else(|error| error.to_string(), |settings| format!("{:?}, {}", settings.policy, settings.account))
    };
    let cases = [
        ("", ""),
        ("CURFEW_BUDGET_ACTION", ""),
        ("CURFEW_BUDGET_ACTION", "tell"),
        ("CURFEW_BUDGET_OVER_UP", ""),
        ("CURFEW_BUDGET_OVER_UP", "true"),
        ("CURFEW_BUDGET_ACTION", "Stop"),
        ("CURFEW_BUDGET_OVER_UP", "yes"),
        ("CURFEW_ENVIRONMENT", ""),
        ("CURFEW_ENVIRONMENT", "Dev"),
        ("CURFEW_STATE_BUCKET", ""),
        ("CURFEW_BUDGET_NAME", ""),
        ("CURFEW_BUDGET_NAME", "a:b"),
        ("CURFEW_BUDGET_TOPIC_ARN", ""),
        ("CURFEW_BUDGET_TOPIC_ARN", "curfew-dev-budget"),
    ];
    let lines: Vec<String> =
        cases.iter().map(|(name, value)| format!("{name}={value}: {}", read(name, value))).collect();
    expect![[r#"
        =: Stop(Respect), 123456789012
        CURFEW_BUDGET_ACTION=: Tell, 123456789012
        CURFEW_BUDGET_ACTION=tell: Tell, 123456789012
        CURFEW_BUDGET_OVER_UP=: Stop(Respect), 123456789012
        CURFEW_BUDGET_OVER_UP=true: Stop(Replace), 123456789012
        CURFEW_BUDGET_ACTION=Stop: the environment variable CURFEW_BUDGET_ACTION is `Stop`; write tell or stop
        CURFEW_BUDGET_OVER_UP=yes: the environment variable CURFEW_BUDGET_OVER_UP is `yes`; write true or false
        CURFEW_ENVIRONMENT=: the environment variable CURFEW_ENVIRONMENT is not set; it names the environment that alerts are about
        CURFEW_ENVIRONMENT=Dev: the environment variable CURFEW_ENVIRONMENT is wrong: `Dev` is not an environment's name (a-z, 0-9 and -, at most 32 characters, a letter first)
        CURFEW_STATE_BUCKET=: the environment variable CURFEW_STATE_BUCKET is not set; it names the state bucket
        CURFEW_BUDGET_NAME=: the environment variable CURFEW_BUDGET_NAME is not set; it names the budget
        CURFEW_BUDGET_NAME=a:b: the environment variable CURFEW_BUDGET_NAME is wrong: `a:b` is not a budget's name (at most 100 characters on one line, none of them : or \)
        CURFEW_BUDGET_TOPIC_ARN=: the environment variable CURFEW_BUDGET_TOPIC_ARN is not set; it names the topic that alerts come by
        CURFEW_BUDGET_TOPIC_ARN=curfew-dev-budget: the environment variable CURFEW_BUDGET_TOPIC_ARN is wrong: `` is not an account id (12 digits)"#]].assert_eq(&lines.join("\n"));
}
