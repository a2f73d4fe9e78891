//! Results for people, or as JSON.

mod capture;
mod doctor;
mod forecast;
mod schedule;
mod status;
mod zones;

use anstyle::{AnsiColor, Style};
use curfew_core::report::{Outcome, Report};
use curfew_sim::{say, tell};
use serde::Serialize;
use serde_json::Value;

use crate::arguments::Options;

pub use capture::captured;
pub use doctor::examination;
pub use forecast::forecast;
pub use schedule::{differences, import, show};
pub use status::{next_start, overrides, status};
pub use zones::zones;

/// Prints a result on standard output.
pub fn print<T: Serialize>(options: &Options, value: &T, text: impl FnOnce() -> String) {
    if options.json {
        match serde_json::to_string_pretty(value) {
            Ok(json) => say!("{json}"),
            Err(error) => tell!("curfew: the result cannot be written as JSON: {error}"),
        }
    } else {
        say!("{}", text().trim_end());
    }
}

/// A text in a style, for terminals that show it.
pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

fn outcome_style(outcome: Outcome) -> Style {
    let color = match outcome {
        Outcome::Converged | Outcome::Unchanged => AnsiColor::Green,
        Outcome::InProgress | Outcome::Skipped | Outcome::Busy => AnsiColor::Yellow,
        Outcome::Blocked | Outcome::Failed => AnsiColor::Red,
    };
    color.on_default().bold()
}

/// A run's report. Its actions were shown while they happened.
pub fn report(report: &Report) -> String {
    let mut text =
        format!("{}  {}\n", styled(outcome_style(report.outcome), &report.outcome.to_string()), report.message);
    for reason in &report.reasons {
        text.push_str(&format!(
            "  {} {} {}\n    {}\n",
            styled(AnsiColor::Red.on_default(), "!"),
            reason.resource,
            reason.problem,
            reason.remedy
        ));
    }
    for waiting in &report.waiting {
        text.push_str(&format!("  waiting for {waiting}\n"));
    }
    for note in &report.notes {
        text.push_str(&format!("  note: {note}\n"));
    }
    text
}

/// The report of a run somewhere else.
pub fn remote_report(report: &Value) -> String {
    let field = |name: &str| report[name].as_str().unwrap_or_default();
    let mut text = format!("{}  {}\n", field("outcome"), field("message"));
    for action in report["actions"].as_array().into_iter().flatten() {
        let part = |name: &str| action[name].as_str().unwrap_or_default();
        text.push_str(&format!("  {} {} {}\n", part("at"), part("action"), part("subject")));
    }
    for reason in report["reasons"].as_array().into_iter().flatten() {
        let part = |name: &str| reason[name].as_str().unwrap_or_default();
        text.push_str(&format!("  ! {} {}\n    {}\n", part("resource"), part("problem"), part("remedy")));
    }
    text
}
