//! What each grammar means, what is wrong in it, and what the others are in the native one.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod custodian;
mod import;
mod instance_scheduler;
mod kube_downscaler;
mod native;

use chrono::{DateTime, Utc};
use curfew_core::schedule::{Grammar, Schedule};
use expect_test::{Expect, expect};

fn parse(grammar: Option<Grammar>, text: &str) -> Result<Schedule, String> {
    Schedule::parse(text, grammar, None).map_err(|error| error.to_string())
}

/// The next changes after an instant, in the schedule's zone.
fn changes(schedule: &Schedule, from: &str, count: usize) -> String {
    let from: DateTime<Utc> = from.parse().expect("an instant");
    let mut lines = vec![format!("{schedule}"), format!("{}", schedule.at(from))];
    let mut after = from;
    for _ in 0..count {
        let Some(change) = schedule.next_change(after) else {
            lines.push("for good".to_owned());
            break;
        };
        let local = change.at.with_timezone(&schedule.zone());
        lines.push(format!("{} {}", local.format("%a %Y-%m-%d %H:%M %:z"), change.to));
        after = change.at;
    }
    lines.join("\n")
}

/// What a text says from an instant on.
fn shows(grammar: Grammar, text: &str, from: &str, count: usize, expected: &Expect) {
    let schedule = parse(Some(grammar), text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expected.assert_eq(&changes(&schedule, from, count));
}

/// What is wrong with each, one after the other.
fn errors(grammar: Grammar, texts: &[&str]) -> String {
    let error = |text: &&str| match parse(Some(grammar), text) {
        Ok(schedule) => panic!("{text} is accepted as {schedule}"),
        Err(error) => error,
    };
    texts.iter().map(error).collect::<Vec<_>>().join("\n\n")
}

/// What each is in the native grammar, and what differs.
fn imports(grammar: Grammar, texts: &[&str]) -> String {
    let import = |text: &&str| {
        let schedule = parse(Some(grammar), text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let (native, differences) = schedule.to_native();
        let lines = differences.iter().map(|difference| format!("\n  - {difference}"));
        format!("{schedule}\n  = {native}{}", lines.collect::<String>())
    };
    texts.iter().map(import).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn each_grammar_is_told_by_its_looks() {
    let cases = [
        "Mon-Fri 08:00-20:00 Europe/Berlin",
        "off=(M-F,19);on=(M-F,7);tz=pt",
        "offu3du28m-fu2c20u29u3btzu3dutc",
        "2026-12-21T00:00:00+01:00-2027-01-02T00:00:00+01:00",
        "from 2026-12-21T00:00:00Z",
        "Mon-Fri 08:00-20:00 Europe/Berlin, until2026-12-21T00:00:00Z",
        "{\"begintime\": \"09:00\", \"endtime\": \"17:00\"}",
        "{\"offhour\": 20, \"default_tz\": \"pt\"}",
        "periods:\n- begintime: 09:00\n  weekdays: mon-fri\ntimezone: Europe/Berlin",
        "Mon-Fri 22:00-06:00 Europe/Berlin",
        "always",
        "on",
        "true",
    ];
    let told: Vec<String> = cases.iter().map(|text| format!("{:18} {text:?}", Grammar::of(*text))).collect();
    expect![[r#"
        native             "Mon-Fri 08:00-20:00 Europe/Berlin"
        custodian          "off=(M-F,19);on=(M-F,7);tz=pt"
        custodian          "offu3du28m-fu2c20u29u3btzu3dutc"
        kube-downscaler    "2026-12-21T00:00:00+01:00-2027-01-02T00:00:00+01:00"
        kube-downscaler    "from 2026-12-21T00:00:00Z"
        kube-downscaler    "Mon-Fri 08:00-20:00 Europe/Berlin, until2026-12-21T00:00:00Z"
        instance-scheduler "{\"begintime\": \"09:00\", \"endtime\": \"17:00\"}"
        custodian          "{\"offhour\": 20, \"default_tz\": \"pt\"}"
        instance-scheduler "periods:\n- begintime: 09:00\n  weekdays: mon-fri\ntimezone: Europe/Berlin"
        native             "Mon-Fri 22:00-06:00 Europe/Berlin"
        native             "always"
        native             "on"
        native             "true""#]]
    .assert_eq(&told.join("\n"));
}
