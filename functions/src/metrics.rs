//! Metrics of a run, in CloudWatch's embedded metric format: a line of the log, and no API call.
//!
//! CloudWatch bills a metric by the hours in which it is written. So a run that found everything as it should be writes
//! nothing, as it writes no state: what is missing is well, and alarms treat it so. Mornings, evenings and whatever is
//! wrong write everything they know, zeros too.

use curfew_core::decide::Verdict;
use curfew_core::model::{Phase, Target};
use curfew_core::report::{Outcome, Report};
use curfew_core::run::Mode;
use serde_json::{Map, Value, json};

/// The namespace of all metrics.
pub const NAMESPACE: &str = "Curfew";
/// The only dimension: the environment's name.
pub const DIMENSION: &str = "Environment";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// 1 if the run failed, else 0.
    Failed,
    /// 1 if nothing may be touched, else 0.
    Blocked,
    /// 1 if it should be down and is not, else 0. What an override keeps up should be up.
    UpOutsideSchedule,
    /// 1 if it should be up and does not serve, else 0.
    NotReady,
    /// 1 if it is up, else 0.
    Up,
    /// How long the run took.
    RunSeconds,
    /// How long the morning took that is over with this run.
    MorningSeconds,
    /// How long the evening took that is over with this run.
    EveningSeconds,
    /// How many API calls changed something.
    Actions,
    /// What being down has saved so far this month, in USD by list prices.
    SavedThisMonthUsd,
    /// What it costs an hour as it is now, in USD by list prices.
    HourlyCostUsd,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Failed,
        Self::Blocked,
        Self::UpOutsideSchedule,
        Self::NotReady,
        Self::Up,
        Self::RunSeconds,
        Self::MorningSeconds,
        Self::EveningSeconds,
        Self::Actions,
        Self::SavedThisMonthUsd,
        Self::HourlyCostUsd,
    ];

    /// Its name in CloudWatch.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failed => "Failed",
            Self::Blocked => "Blocked",
            Self::UpOutsideSchedule => "UpOutsideSchedule",
            Self::NotReady => "NotReady",
            Self::Up => "Up",
            Self::RunSeconds => "RunSeconds",
            Self::MorningSeconds => "MorningSeconds",
            Self::EveningSeconds => "EveningSeconds",
            Self::Actions => "Actions",
            Self::SavedThisMonthUsd => "SavedThisMonthUsd",
            Self::HourlyCostUsd => "HourlyCostUsd",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Failed | Self::Blocked | Self::UpOutsideSchedule | Self::NotReady | Self::Up | Self::Actions => {
                "Count"
            }
            Self::RunSeconds | Self::MorningSeconds | Self::EveningSeconds => "Seconds",
            // CloudWatch has no unit for money.
            Self::SavedThisMonthUsd | Self::HourlyCostUsd => "None",
        }
    }

    /// Whether an alarm looks at it.
    fn alarms(self) -> bool {
        match self {
            Self::Failed | Self::Blocked | Self::UpOutsideSchedule | Self::NotReady => true,
            Self::Up
            | Self::RunSeconds
            | Self::MorningSeconds
            | Self::EveningSeconds
            | Self::Actions
            | Self::SavedThisMonthUsd
            | Self::HourlyCostUsd => false,
        }
    }

    /// What a run says of it, if anything.
    fn of(self, report: &Report) -> Option<f64> {
        let verdict = report.decision.as_ref().map(|decision| decision.verdict);
        let took = report.moving_since.map(|since| (report.ended_at - since).as_seconds_f64());
        let converged = |target| report.outcome == Outcome::Converged && report.target == Some(target);
        match self {
            Self::Failed => Some(number(report.outcome == Outcome::Failed)),
            Self::Blocked => Some(number(report.outcome == Outcome::Blocked)),
            Self::UpOutsideSchedule => {
                let is_down = report.phase? == Phase::Down;
                Some(number(verdict? == Verdict::Be(Target::Down) && !is_down))
            }
            Self::NotReady => {
                let serves = report.phase? == Phase::Up && report.waiting.is_empty();
                Some(number(verdict? == Verdict::Be(Target::Up) && !serves))
            }
            Self::Up => Some(number(report.phase? == Phase::Up)),
            Self::RunSeconds => Some((report.ended_at - report.started_at).as_seconds_f64()),
            Self::MorningSeconds => report.ready.as_ref().map(|ready| ready.seconds as f64),
            Self::EveningSeconds => took.filter(|_| converged(Target::Down)),
            Self::Actions => Some(report.actions.len() as f64),
            Self::SavedThisMonthUsd => report.saved.as_ref()?.usd,
            Self::HourlyCostUsd => {
                let cost = report.cost.as_ref()?;
                Some(if report.phase? == Phase::Down { cost.down } else { cost.up })
            }
        }
    }
}

fn number(is_so: bool) -> f64 {
    if is_so { 1.0 } else { 0.0 }
}

/// The line of the log that a run's metrics are; none if everything is as it should be, or if nothing was real.
pub fn line(report: &Report, mode: Mode) -> Option<Value> {
    let values: Vec<(Metric, f64)> =
        Metric::ALL.into_iter().filter_map(|metric| Some((metric, metric.of(report)?))).collect();
    let is_quiet = match report.outcome {
        Outcome::Unchanged | Outcome::Skipped | Outcome::Busy => {
            report.actions.is_empty() && values.iter().all(|(metric, value)| !metric.alarms() || *value == 0.0)
        }
        Outcome::Converged | Outcome::InProgress | Outcome::Blocked | Outcome::Failed => false,
    };
    match mode {
        Mode::Real if !is_quiet => Some(embedded(report, &values)),
        Mode::Real | Mode::DryRun => None,
    }
}

fn embedded(report: &Report, values: &[(Metric, f64)]) -> Value {
    let definitions: Vec<Value> =
        values.iter().map(|(metric, _)| json!({ "Name": metric.name(), "Unit": metric.unit() })).collect();
    let mut line = Map::new();
    let directive = json!({ "Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": definitions });
    let timestamp = report.ended_at.timestamp_millis();
    line.insert("_aws".to_owned(), json!({ "Timestamp": timestamp, "CloudWatchMetrics": [directive] }));
    line.insert(DIMENSION.to_owned(), json!(report.environment));
    line.insert("run".to_owned(), json!(report.run));
    line.insert("outcome".to_owned(), json!(report.outcome));
    line.extend(values.iter().map(|(metric, value)| (metric.name().to_owned(), json!(value))));
    Value::Object(line)
}
