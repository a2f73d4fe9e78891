//! Every way of invoking a function is understood, and whatever is not understood is told with the name of its field.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use curfew_functions::{Function, parse};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const FUNCTIONS: [Function; 3] = [Function::Start, Function::Stop, Function::Reconcile];

fn now() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// What a function makes of an event, in one line.
fn asked(function: Function, event: &Value) -> String {
    match parse(function, event, now()) {
        Ok(asked) => {
            let environment = asked.environment.as_ref().map_or("its own", |name| name.as_str());
            let who = asked.requested_by.map(|who| format!(", for {who}")).unwrap_or_default();
            let command = asked.command.map_or("nothing".to_owned(), |command| format!("{command:?}"));
            format!("{command} in {environment}, {:?}{who}", asked.mode)
        }
        Err(error) => format!("{error}"),
    }
}

fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}

#[test]
fn every_sample_event_is_understood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // Alerts are for another function: `budget.rs`.
    files.retain(|file| !file.file_name().unwrap().to_string_lossy().starts_with("budget-"));
    files.sort();
    let mut text = String::new();
    for file in files {
        let event: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        text.push_str(&format!("{}\n", file.file_name().unwrap().to_string_lossy()));
        for function in FUNCTIONS {
            text.push_str(&format!("  {function:?}: {}\n", asked(function, &event)));
        }
    }
    check(
        text,
        expect![[r#"
        manual-dry-run.json
          Start: Manual { target: Up, hold: UntilNext } in dev, DryRun
          Stop: Manual { target: Down, hold: UntilNext } in dev, DryRun
          Reconcile: nothing in dev, DryRun
        manual-empty.json
          Start: Manual { target: Up, hold: UntilNext } in its own, Real
          Stop: Manual { target: Down, hold: UntilNext } in its own, Real
          Reconcile: nothing in its own, Real
        manual-start-until.json
          Start: Manual { target: Up, hold: Until(2026-11-21T04:30:00Z) } in dev, Real
          Stop: Manual { target: Down, hold: Until(2026-11-21T04:30:00Z) } in dev, Real
          Reconcile: the event was not understood, so nothing was touched: hold: the tick holds nothing; invoke start or stop
        manual-start.json
          Start: Manual { target: Up, hold: For(TimeDelta { secs: 14400, nanos: 0 }) } in dev, Real, for ana
          Stop: Manual { target: Down, hold: For(TimeDelta { secs: 14400, nanos: 0 }) } in dev, Real, for ana
          Reconcile: the event was not understood, so nothing was touched: hold: the tick holds nothing; invoke start or stop
        manual-stop-forever.json
          Start: Manual { target: Up, hold: Forever } in dev, Real, for ana
          Stop: Manual { target: Down, hold: Forever } in dev, Real, for ana
          Reconcile: the event was not understood, so nothing was touched: hold: the tick holds nothing; invoke start or stop
        manual-stop.json
          Start: Manual { target: Up, hold: UntilNext } in dev, Real, for ana
          Stop: Manual { target: Down, hold: UntilNext } in dev, Real, for ana
          Reconcile: the event was not understood, so nothing was touched: hold: the tick holds nothing; invoke start or stop
        rule-tick.json
          Start: Scheduled(Up) in its own, Real
          Stop: Scheduled(Down) in its own, Real
          Reconcile: nothing in its own, Real
        scheduler-start.json
          Start: Scheduled(Up) in dev, Real
          Stop: Scheduled(Down) in dev, Real
          Reconcile: nothing in dev, Real
        scheduler-stop.json
          Start: Scheduled(Up) in dev, Real
          Stop: Scheduled(Down) in dev, Real
          Reconcile: nothing in dev, Real
        scheduler-without-input.json
          Start: Scheduled(Up) in its own, Real
          Stop: Scheduled(Down) in its own, Real
          Reconcile: nothing in its own, Real
    "#]],
    );
}

#[test]
fn no_event_at_all_is_an_empty_one() {
    for function in FUNCTIONS {
        assert_eq!(asked(function, &Value::Null), asked(function, &json!({})));
    }
}

fn refused(function: Function, event: Value) -> String {
    let error = parse(function, &event, now()).expect_err("it is no event of ours");
    error.0.to_string()
}

#[test]
fn what_is_not_understood_is_told_with_its_field() {
    let cases = [
        json!({ "dryrun": true }),
        json!({ "environment": 7 }),
        json!({ "environment": "Dev_1" }),
        json!({ "hold": 4 }),
        json!({ "hold": "5 parsecs" }),
        json!({ "hold": "" }),
        json!({ "hold": "0h" }),
        json!({ "hold": "2 years" }),
        json!({ "hold": "2026-11-20T11:59:59Z" }),
        json!({ "hold": "2026-11-20" }),
        json!({ "dryRun": "yes" }),
        json!({ "dryRun": null }),
        json!({ "requestedBy": ["ana"] }),
        json!({ "requestedBy": "a\nb" }),
        json!({ "requestedBy": "a".repeat(101) }),
        json!({ "scheduledTime": "tomorrow" }),
        json!({ "scheduledTime": "2026-11-20T13:00:00Z", "hold": "4h" }),
        json!({ "detail-type": "EC2 Instance State-change Notification" }),
        json!({ "detail-type": 3 }),
        json!({ "detail-type": null }),
        json!([]),
        json!([{ "environment": "dev" }]),
        json!(4),
        json!("dev"),
        json!(true),
    ];
    let text: Vec<String> = cases.into_iter().map(|event| refused(Function::Stop, event)).collect();
    check(
        text.join("\n"),
        expect![[r#"
        dryrun: unknown field; known here: environment, hold, dryRun, requestedBy, scheduledTime
        environment: wanted: a text, found: a whole number; put it in quotes
        environment: `Dev_1` is not an environment's name (a-z, 0-9 and -, at most 32 characters, a letter first)
        hold: wanted: a text, found: a whole number; put it in quotes
        hold: `5 parsecs` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z
        hold: `` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z
        hold: `0h` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z
        hold: `2 years` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z
        hold: `2026-11-20T11:59:59Z` is in the past
        hold: `2026-11-20` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z
        dryRun: wanted: true or false, found: a text
        dryRun: wanted: true or false, found: nothing
        requestedBy: wanted: a text, found: a list
        requestedBy: at most 100 characters on one line are wanted
        requestedBy: at most 100 characters on one line are wanted
        scheduledTime: `tomorrow` is not an instant such as 2026-11-21T08:00:00Z
        hold: the schedule's own event holds nothing; leave `scheduledTime` out of a manual invoke
        detail-type: "EC2 Instance State-change Notification" is not `Scheduled Event`
        detail-type: 3 is not `Scheduled Event`
        detail-type: null is not `Scheduled Event`
        wanted: fields (name: value), found: a list
        wanted: fields (name: value), found: a list
        wanted: fields (name: value), found: a whole number
        wanted: fields (name: value), found: a text
        wanted: fields (name: value), found: true or false"#]],
    );
}

#[test]
fn the_tick_holds_nothing() {
    check(
        refused(Function::Reconcile, json!({ "hold": "4h" })),
        expect!["hold: the tick holds nothing; invoke start or stop"],
    );
}

#[test]
fn mistakes_are_all_told_at_once() {
    let of_shape = refused(Function::Start, json!({ "hold": 5, "dryRun": "yes" }));
    let of_sense = refused(Function::Start, json!({ "hold": "5 parsecs", "scheduledTime": "soon" }));
    let of_both = refused(Function::Start, json!({ "environment": "Dev", "hold": "5 parsecs", "until": "noon" }));
    check(
        format!("{of_shape}\n--\n{of_sense}\n--\n{of_both}"),
        expect![[r#"
        hold: wanted: a text, found: a whole number; put it in quotes
        dryRun: wanted: true or false, found: a text
        --
        hold: `5 parsecs` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z
        hold: the schedule's own event holds nothing; leave `scheduledTime` out of a manual invoke
        scheduledTime: `soon` is not an instant such as 2026-11-21T08:00:00Z
        --
        environment: `Dev` is not an environment's name (a-z, 0-9 and -, at most 32 characters, a letter first)
        until: unknown field; known here: environment, hold, dryRun, requestedBy, scheduledTime
        hold: `5 parsecs` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z"#]],
    );
}
