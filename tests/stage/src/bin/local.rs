//! `cargo local`: a night and a morning of an example environment, with the real functions, against the emulator.

use std::collections::BTreeMap;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};
use clap::{Parser, ValueEnum};
use curfew_stage::{Difference, Reading, Stage, StageError};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

/// Plays a night and a morning of an example environment on this machine.
#[derive(Debug, Parser)]
#[command(name = "cargo local", version)]
struct Arguments {
    /// Which environment
    #[arg(long, value_enum, default_value_t = Example::Durable)]
    example: Example,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// How many times faster than AWS's the emulator's time passes
    #[arg(long, default_value_t = 40.0)]
    clock_factor: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Example {
    Durable,
    Platform,
    Portyfoul,
    All,
}

impl Example {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Durable => &["durable"],
            Self::Platform => &["platform"],
            Self::Portyfoul => &["portyfoul"],
            Self::All => &["durable", "platform", "portyfoul"],
        }
    }
}

/// What a play showed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Played {
    example: String,
    /// What was compared, and how much of it is the same.
    compared: BTreeMap<String, Compared>,
    /// What is not as it was.
    differences: Vec<Difference>,
    /// What of the base tier is not as it was.
    base_differences: Vec<Difference>,
    /// What cost money at night.
    billable_at_night: Value,
    /// What did not go as it should.
    surprises: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy, Serialize)]
struct Compared {
    values: usize,
    same: usize,
}

impl Played {
    fn is_good(&self) -> bool {
        self.differences.is_empty() && self.base_differences.is_empty() && self.surprises.is_empty()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !build() {
        return ExitCode::FAILURE;
    }
    let mut plays = Vec::new();
    for example in arguments.example.names() {
        match play(example, &arguments).await {
            Ok(played) => plays.push(played),
            Err(error) => {
                eprintln!("{example}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    if arguments.json {
        println!("{:#}", json!(plays));
    } else {
        plays.iter().for_each(|played| println!("{}", table(played)));
    }
    if plays.iter().all(Played::is_good) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The functions and the command are binaries of their own.
fn build() -> bool {
    eprintln!("building the functions …");
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let mut command = std::process::Command::new(cargo);
    command.args(["build", "--quiet", "-p", "curfew-functions", "-p", "curfew"]).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

async fn play(example: &str, arguments: &Arguments) -> Result<Played, StageError> {
    say(&format!("{example}: starting the emulator and laying the base tier"));
    let mut stage = Stage::set(example, arguments.clock_factor).await?;
    let (log, mut lines) = unbounded_channel::<Value>();
    stage.listen(&log);
    tokio::spawn(async move {
        while let Some(line) = lines.recv().await {
            if line["level"] == "INFO" || line["level"] == "WARN" {
                eprintln!("    {}", line["message"].as_str().unwrap_or_default());
            }
        }
    });
    let base = stage.read().await?;
    let mut surprises = Vec::new();
    say("start");
    stage.bring("start").await?;
    let before = stage.read().await?;
    say("stop, while the override `up` says otherwise");
    command(&stage, &["override", "set", "up"], &mut surprises).await?;
    let report = stage.report("stop", json!({})).await?;
    expect("a stop under an override", &report, "Skipped", &mut surprises);
    command(&stage, &["override", "clear"], &mut surprises).await?;
    say("stop");
    stage.bring("stop").await?;
    let night = stage.read().await?;
    say("stop once more: nothing changes");
    let report = stage.report("stop", json!({ "hold": "forever" })).await?;
    expect("a second stop", &report, "Unchanged", &mut surprises);
    say("start again");
    stage.bring("start").await?;
    stage.pass(Duration::from_secs(10)).await?;
    let after = stage.read().await?;
    Ok(Played {
        example: example.to_owned(),
        compared: compared(&before, &after),
        differences: before.differences(&after),
        base_differences: base.base_differences(&after),
        billable_at_night: night.billable,
        surprises,
    })
}

async fn command(stage: &Stage, arguments: &[&str], surprises: &mut Vec<String>) -> Result<(), StageError> {
    eprintln!("    curfew {}", arguments.join(" "));
    let output = stage.command(arguments).await?;
    if !output.status.success() {
        surprises.push(format!("curfew {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)));
    }
    Ok(())
}

fn expect(what: &str, report: &Value, outcome: &str, surprises: &mut Vec<String>) {
    if report["outcome"] != outcome {
        surprises.push(format!("{what} ended {} instead of {outcome}: {}", report["outcome"], report["message"]));
    }
}

fn say(text: &str) {
    let bold = Style::new().bold();
    eprintln!("{bold}{text}{bold:#}");
}

/// Counts the values of every resource, and those that are as they were.
fn compared(before: &Reading, after: &Reading) -> BTreeMap<String, Compared> {
    let mut counts = BTreeMap::new();
    for (kind, resources) in before.runtime.as_object().into_iter().flatten() {
        for (name, resource) in resources.as_object().into_iter().flatten() {
            let later = &after.runtime[kind][name];
            count(&format!("{} {name}", words(kind)), resource, later, &mut counts);
        }
    }
    counts
}

/// Parts of a resource that are worth a row of their own.
const ROWS: [&str; 7] = ["attributes", "listeners", "rules", "certificates", "tags", "ownTags", "defaultActions"];

fn count(row: &str, before: &Value, after: &Value, counts: &mut BTreeMap<String, Compared>) {
    match before {
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| !matches!(key.as_str(), "curfewTags" | "awsTags")) {
                let own = ROWS.contains(&key.as_str()) && value.as_object().is_some_and(|map| !map.is_empty());
                let row = if own { format!("{row}: {}", words(key)) } else { row.to_owned() };
                count(&row, value, &after[key], counts);
            }
        }
        value => {
            let entry = counts.entry(row.to_owned()).or_default();
            entry.values += 1;
            entry.same += usize::from(value == after);
        }
    }
}

/// `loadBalancers` as people write it.
fn words(key: &str) -> String {
    let mut text = String::new();
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            text.push(' ');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

fn table(played: &Played) -> String {
    let (green, red) = (AnsiColor::Green.on_default(), AnsiColor::Red.on_default());
    let width = played.compared.keys().map(String::len).max().unwrap_or(0);
    let mut text = format!("\n{}: what came back against what was there\n", played.example);
    for (row, compared) in &played.compared {
        let style = if compared.same == compared.values { green } else { red };
        text.push_str(&format!(
            "  {row:width$}  {style}{:>3} of {:>3} the same{style:#}\n",
            compared.same, compared.values
        ));
    }
    for difference in played.differences.iter().chain(&played.base_differences) {
        text.push_str(&format!(
            "  {red}{}{red:#}\n    was {}\n    is  {}\n",
            difference.place, difference.before, difference.after
        ));
    }
    for surprise in &played.surprises {
        text.push_str(&format!("  {red}{surprise}{red:#}\n"));
    }
    text.push_str(&format!("  billable at night: {}\n", played.billable_at_night));
    let verdict = if played.is_good() {
        format!("{green}everything is as it was{green:#}")
    } else {
        format!("{red}not everything is as it was{red:#}")
    };
    text.push_str(&format!("  {verdict}\n"));
    text
}
