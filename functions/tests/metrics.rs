//! The metrics of a run: what is written when, and that CloudWatch understands it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::decide::{Because, Decision, Verdict};
use curfew_core::model::{Phase, Target};
use curfew_core::money::HourlyCost;
use curfew_core::next::Waiting;
use curfew_core::report::{Outcome, Ready, Report};
use curfew_core::run::Mode;
use curfew_core::schedule::ZoneRules;
use curfew_functions::metrics::{DIMENSION, Metric, NAMESPACE, line};
use serde_json::{Value, json};

fn schema() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(include_str!("metrics/emf.schema.json")).unwrap()).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A tick that finds the environment as it should be.
fn tick(be: Target) -> Report {
    let phase = match be {
        Target::Up => Phase::Up,
        Target::Down => Phase::Down,
    };
    Report {
        environment: "dev".parse().unwrap(),
        run: "run-1".to_owned(),
        trigger: "the tick".to_owned(),
        outcome: Outcome::Unchanged,
        message: format!("dev is {be}"),
        target: Some(be),
        decision: Some(Decision { verdict: Verdict::Be(be), because: Because::Schedule, until: None }),
        because: Because::Schedule.to_string(),
        started_at: at("2026-11-18T13:00:00Z"),
        ended_at: at("2026-11-18T13:00:02Z"),
        moving_since: None,
        phase: Some(phase),
        ready: None,
        saved: None,
        cost: Some(HourlyCost {
            up: 0.16,
            down: 0.005,
            not_counted: Vec::new(),
            databases_not_counted: Vec::new(),
            vpc_endpoints_not_counted: Vec::new(),
            compute_not_counted: Vec::new(),
        }),
        replaced_addresses: Vec::new(),
        touched: false,
        actions: Vec::new(),
        waited: Vec::new(),
        waiting: Vec::new(),
        reasons: Vec::new(),
        notes: Vec::new(),
        forecast: None,
        next_check: None,
        zones: ZoneRules::default(),
    }
}

fn morning() -> Report {
    Report {
        outcome: Outcome::Converged,
        ended_at: at("2026-11-18T13:03:12Z"),
        moving_since: Some(at("2026-11-18T13:00:00Z")),
        ready: Some(Ready { seconds: 192, entrances: Vec::new(), since: None }),
        ..tick(Target::Up)
    }
}

fn written(report: &Report) -> Value {
    let line = line(report, Mode::Real).expect("a line");
    let wrong: Vec<String> = schema().iter_errors(&line).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new(), "{line:#}");
    // Each metric and the dimension are members of the root, of the right type.
    let directive = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!((&directive["Namespace"], &directive["Dimensions"]), (&json!(NAMESPACE), &json!([[DIMENSION]])));
    assert_eq!(line[DIMENSION], "dev");
    let names: Vec<&str> =
        directive["Metrics"].as_array().unwrap().iter().map(|one| one["Name"].as_str().unwrap()).collect();
    assert!(names.iter().all(|name| line[name].is_number()), "{line:#}");
    assert!(Metric::ALL.iter().all(|metric| names.contains(&metric.name()) == line.get(metric.name()).is_some()));
    line
}

#[test]
fn a_morning_writes_what_it_knows() {
    let expected = expect_test::expect![[r#"
        {
          "_aws": {
            "Timestamp": 1795006992000,
            "CloudWatchMetrics": [
              {
                "Namespace": "Curfew",
                "Dimensions": [
                  [
                    "Environment"
                  ]
                ],
                "Metrics": [
                  {
                    "Name": "Failed",
                    "Unit": "Count"
                  },
                  {
                    "Name": "Blocked",
                    "Unit": "Count"
                  },
                  {
                    "Name": "UpOutsideSchedule",
                    "Unit": "Count"
                  },
                  {
                    "Name": "NotReady",
                    "Unit": "Count"
                  },
                  {
                    "Name": "Up",
                    "Unit": "Count"
                  },
                  {
                    "Name": "RunSeconds",
                    "Unit": "Seconds"
                  },
                  {
                    "Name": "MorningSeconds",
                    "Unit": "Seconds"
                  },
                  {
                    "Name": "Actions",
                    "Unit": "Count"
                  },
                  {
                    "Name": "HourlyCostUsd",
                    "Unit": "None"
                  }
                ]
              }
            ]
          },
          "Environment": "dev",
          "run": "run-1",
          "outcome": "Converged",
          "Failed": 0.0,
          "Blocked": 0.0,
          "UpOutsideSchedule": 0.0,
          "NotReady": 0.0,
          "Up": 1.0,
          "RunSeconds": 192.0,
          "MorningSeconds": 192.0,
          "Actions": 0.0,
          "HourlyCostUsd": 0.16
        }"#]];
    expected.assert_eq(&format!("{:#}", written(&morning())));
}

#[test]
fn what_is_as_it_should_be_writes_nothing_and_nor_does_a_dry_run() {
    for report in [tick(Target::Up), tick(Target::Down)] {
        assert_eq!(line(&report, Mode::Real), None);
        let busy = Report { outcome: Outcome::Busy, ..report.clone() };
        assert_eq!(line(&busy, Mode::Real), None);
        // A run that was skipped for an override before it read the state.
        let skipped = Report { outcome: Outcome::Skipped, phase: None, cost: None, ..report };
        assert_eq!(line(&skipped, Mode::Real), None);
    }
    assert_eq!(line(&morning(), Mode::DryRun), None);
}

#[test]
fn each_alarm_has_its_metric() {
    let group = "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/api/0a1b2c3d4e5f6071".parse().unwrap();
    let waiting = vec![Waiting::TargetsHealthy { target_group: group, healthy: 0, desired: 2 }];
    let up = |report: Report| Report { phase: Some(Phase::Up), ..report };
    let down = |report: Report| Report { phase: Some(Phase::Down), ..report };
    let cases = [
        ("a morning", morning(), [0, 0, 0, 0]),
        (
            "failed on the way up",
            Report { outcome: Outcome::Failed, phase: Some(Phase::Raising), ..tick(Target::Up) },
            [1, 0, 0, 1],
        ),
        (
            "failed on the way down",
            Report { outcome: Outcome::Failed, phase: Some(Phase::Lowering), ..tick(Target::Down) },
            [1, 0, 1, 0],
        ),
        ("blocked in the evening", up(Report { outcome: Outcome::Blocked, ..tick(Target::Down) }), [0, 1, 1, 0]),
        (
            "another run is at work",
            Report { outcome: Outcome::Busy, phase: Some(Phase::Raising), ..tick(Target::Up) },
            [0, 0, 0, 1],
        ),
        ("targets fail by day", Report { waiting, ..tick(Target::Up) }, [0, 0, 0, 1]),
        ("down where it should be up", down(Report { outcome: Outcome::InProgress, ..tick(Target::Up) }), [0, 0, 0, 1]),
    ];
    for (case, report, [failed, blocked, outside, not_ready]) in cases {
        let line = written(&report);
        let values = ["Failed", "Blocked", "UpOutsideSchedule", "NotReady"].map(|name| line[name].as_f64().unwrap());
        assert_eq!(values, [failed, blocked, outside, not_ready].map(f64::from), "{case}");
    }
}

#[test]
fn an_evening_takes_as_long_as_all_its_runs() {
    let report = tick(Target::Down);
    let moving_since = Some(report.ended_at - TimeDelta::minutes(7));
    let line = written(&Report { outcome: Outcome::Converged, moving_since, ..report });
    assert_eq!(line["EveningSeconds"], 420.0);
    assert_eq!(line["HourlyCostUsd"], 0.005);
    assert_eq!(line.get("MorningSeconds"), None);
}

#[test]
fn what_is_not_known_is_not_written() {
    let failed = Report { outcome: Outcome::Failed, phase: None, decision: None, cost: None, ..tick(Target::Up) };
    let line = written(&failed);
    let missing = ["Up", "UpOutsideSchedule", "NotReady", "HourlyCostUsd", "SavedThisMonthUsd"];
    assert!(missing.iter().all(|name| line.get(name).is_none()), "{line:#}");
}
