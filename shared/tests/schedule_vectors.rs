//! What other tools do with their own schedules, and what Curfew does with them. Each deviation is named with its reason.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;

use chrono::{DateTime, DurationRound, FixedOffset, TimeDelta, Utc};
use curfew_core::schedule::{Grammar, InvalidSchedule, Schedule, State};
use serde_json::{Map, Value, json};

/// Where Curfew means something else on purpose: the tool's grammar, the schedule, the instant, and why.
const DEVIATIONS: [(&str, &str, &str, &str); 5] = [
    (
        "gokubedownscaler",
        r#""Mon-Sun 24:00-00:00 UTC""#,
        "2024-07-01T18:00:00+00:00",
        "a range that ends when it begins is an error: the tool never matches it, without a word",
    ),
    (
        "gokubedownscaler",
        r#""Mon-Sun 24:00-00:00 UTC""#,
        "2024-07-01T23:59:00+00:00",
        "a range that ends when it begins is an error: the tool never matches it, without a word",
    ),
    (
        "kube-downscaler",
        r#""Mon-Mon 00:00-00:00 CET""#,
        "any time",
        "a range that ends when it begins is an error: the tool never matches it, without a word",
    ),
    (
        "c7n-offhours",
        r#""off=(m-f,20),on=(m-f,8)""#,
        "2026-07-01T08:00:00+00:00",
        "a comma for a semicolon is an error: Custodian takes its default schedule without a word",
    ),
    (
        "c7n-offhours",
        r#""off=(m-u,2);on=(m-u,7);tz=australia/sydney""#,
        "2026-04-05T02:00:00+11:00",
        "in the repeated hour, ends count at the last occurrence: Custodian stops in both passes",
    ),
];

/// One of the vectors.
struct Vector<'a>(&'a Value);

impl Vector<'_> {
    fn text(&self, field: &str) -> Option<&str> {
        self.0[field].as_str()
    }

    fn grammar(&self) -> &str {
        self.text("grammar").expect("a grammar")
    }

    fn expect(&self) -> &str {
        self.text("expect").expect("an expectation")
    }

    /// The schedule as Curfew is given it.
    fn schedule(&self) -> Result<Schedule, InvalidSchedule> {
        let spec = &self.0["spec"];
        // Some name the zone as the parsed tag does; a schedule's own zone counts anyway.
        let zone = self.text("tz").and_then(|name| name.parse().ok());
        let (grammar, written) = match self.grammar() {
            "kube-downscaler" | "gokubedownscaler" => (Grammar::KubeDownscaler, spec.clone()),
            "c7n-offhours" if self.0["policy"].as_object().is_none_or(Map::is_empty) => {
                (Grammar::Custodian, spec.clone())
            }
            "c7n-offhours" => {
                let mut policy = self.0["policy"].clone();
                policy["fallback-schedule"] = spec.clone();
                (Grammar::Custodian, policy)
            }
            "c7n-offhours-policy" => (Grammar::Custodian, spec.clone()),
            "c7n-offhours-tz" => (Grammar::Custodian, json!(format!("tz={}", spec.as_str().expect("a name")))),
            "instance-scheduler-weekdays" => (Grammar::InstanceScheduler, json!({ "weekdays": spec })),
            "instance-scheduler-monthdays" => (Grammar::InstanceScheduler, json!({ "monthdays": spec })),
            "instance-scheduler-months" => (Grammar::InstanceScheduler, json!({ "months": spec })),
            "instance-scheduler-period" | "instance-scheduler-cron-recurrence" | "instance-scheduler-schedule" => {
                (Grammar::InstanceScheduler, spec.clone())
            }
            other => panic!("{other} is not known"),
        };
        Schedule::parse(&written, Some(grammar), zone)
    }

    /// What Curfew does otherwise than the tool; none if the same.
    fn deviation(&self) -> Option<String> {
        let schedule = match (self.schedule(), self.is_valid()) {
            (Err(_), false) => return None,
            (Err(error), true) => return Some(error.to_string()),
            (Ok(schedule), false) => return Some(format!("accepted as `{schedule}`")),
            (Ok(schedule), true) => schedule,
        };
        let at = DateTime::parse_from_rfc3339(self.text("at").unwrap_or("2026-07-01T12:00:00Z")).expect("an instant");
        let state = schedule.at(at.with_timezone(&Utc));
        let is_same = match self.expect() {
            "valid" => true,
            "match" | "running" | "contains" | "start" => state == State::Up,
            "no-match" | "stopped" | "excludes" | "stop" => state == State::Down,
            "any" => state == State::Leave,
            "no-op" => !self.acts(&schedule, at),
            other => panic!("{other} is not known"),
        };
        (!is_same).then(|| format!("{state} at {at}"))
    }

    /// Custodian tells by doing nothing that it could not read a tag.
    fn is_valid(&self) -> bool {
        let expect = self.expect();
        let is_skipped = self.text("note").is_some_and(|note| note.starts_with("unparseable"));
        !(expect.starts_with("invalid") || expect == "not-directional" || is_skipped)
    }

    /// Whether the state becomes what the action makes it, in the hour of an instant.
    fn acts(&self, schedule: &Schedule, at: DateTime<FixedOffset>) -> bool {
        let hour = at.duration_trunc(TimeDelta::hours(1)).expect("an hour").with_timezone(&Utc);
        let change = schedule.next_change(hour - TimeDelta::seconds(1));
        let to = match self.text("action").expect("an action") {
            "start" => State::Up,
            "stop" => State::Down,
            other => panic!("{other} is not known"),
        };
        change.is_some_and(|change| change.at < hour + TimeDelta::hours(1) && change.to == to)
    }
}

#[test]
fn what_other_tools_do_is_done_or_argued() {
    let vectors: Value = serde_json::from_str(include_str!("data/schedule-vectors.json")).expect("JSON");
    let (mut wrong, mut argued) = (Vec::new(), BTreeSet::new());
    for vector in vectors.as_array().expect("a list").iter().map(Vector) {
        let (spec, at) = (vector.0["spec"].to_string(), vector.text("at").unwrap_or("any time"));
        let Some(deviation) = vector.deviation() else { continue };
        let known = DEVIATIONS.iter().position(|known| (known.0, known.1, known.2) == (vector.grammar(), &spec, at));
        match known {
            Some(index) => _ = argued.insert(index),
            None => wrong.push(format!("{} {spec} at {at}: {}, but {deviation}", vector.grammar(), vector.expect())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all: BTreeSet<usize> = (0..DEVIATIONS.len()).collect();
    assert_eq!(argued, all, "each deviation in the table is one");
}
