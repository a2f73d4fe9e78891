//! The figures as a table for people and for Markdown, and as JSON for machines.

use std::fmt::Write;
use std::time::Duration;

use curfew_core::model::Target;
use serde::Serialize;

use super::Engine;
use super::statistics::Distribution;
use super::survey::{Survey, Taker};
use crate::environment::Example;

/// One line: one environment's nights or mornings by one engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Which environment.
    #[serde(serialize_with = "name")]
    pub environment: Example,
    /// Whose time it is.
    pub by: Taker,
    /// Its seconds.
    pub seconds: Distribution,
    /// Its median over the lower bound's.
    pub over_bound: f64,
    /// Its median over Curfew's.
    pub over_curfew: f64,
}

fn name<S: serde::Serializer>(example: &Example, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(example.as_str())
}

/// The nights and mornings of all environments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// How many seeds each environment has.
    pub seeds: usize,
    /// Mornings, from the event until people can work.
    pub mornings: Vec<Line>,
    /// Nights, from the event until nothing is left that costs.
    pub nights: Vec<Line>,
}

/// Puts surveys together.
pub fn table(surveys: &[Survey]) -> Table {
    let seeds = surveys.iter().map(|survey| survey.samples.len()).max().unwrap_or_default();
    let of = |target| surveys.iter().flat_map(|survey| lines(survey, target)).collect();
    Table { seeds, mornings: of(Target::Up), nights: of(Target::Down) }
}

fn lines(survey: &Survey, target: Target) -> Vec<Line> {
    let of = |taker| survey.distribution(taker, target);
    let (Some(bound), Some(curfew)) = (of(Taker::Bound), of(Taker::Engine(Engine::Curfew))) else { return Vec::new() };
    let line = |by| {
        let seconds = of(by)?;
        let over = |other: Distribution| hundredths(seconds.median.as_secs_f64() / other.median.as_secs_f64());
        Some(Line { environment: survey.example, by, seconds, over_bound: over(bound), over_curfew: over(curfew) })
    };
    Taker::all().filter_map(line).collect()
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

impl Table {
    /// For a terminal.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (title, lines) in
            [("morning: event to ready", &self.mornings), ("night: event to nothing left", &self.nights)]
        {
            let _ = writeln!(text, "{title}, {} seeds, seconds\n", self.seeds);
            let _ = writeln!(
                text,
                "{:12}{:24}{:>8}{:>8}{:>8}{:>8}{:>9}{:>10}",
                "", "", "median", "p95", "p99", "max", "x bound", "x Curfew"
            );
            for line in lines {
                let name = if line.by == Taker::Bound { line.environment.as_str() } else { "" };
                let Distribution { median, p95, p99, max } = line.seconds;
                let [median, p95, p99, max] = [median, p95, p99, max].map(tenths);
                let (bound, curfew) = (line.over_bound, line.over_curfew);
                let _ = writeln!(
                    text,
                    "{name:12}{:24}{median:>8}{p95:>8}{p99:>8}{max:>8}{bound:>9.2}{curfew:>10.2}",
                    line.by
                );
            }
            text.push('\n');
        }
        text
    }

    /// For a page.
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        for (title, lines) in [
            ("Morning: from the event until ready", &self.mornings),
            ("Night: from the event until nothing is left that costs", &self.nights),
        ] {
            let _ = writeln!(text, "{title}, in seconds; {} seeds each.\n", self.seeds);
            text.push_str("| environment | | median | p95 | p99 | max | × bound | × Curfew |\n");
            text.push_str("|---|---|--:|--:|--:|--:|--:|--:|\n");
            for line in lines {
                let Distribution { median, p95, p99, max } = line.seconds;
                let [median, p95, p99, max] = [median, p95, p99, max].map(tenths);
                let (name, by, bound, curfew) = (line.environment, line.by, line.over_bound, line.over_curfew);
                let _ =
                    writeln!(text, "| {name} | {by} | {median} | {p95} | {p99} | {max} | {bound:.2} | {curfew:.2} |");
            }
            text.push('\n');
        }
        text
    }
}

fn tenths(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64())
}
