//! How long functions take from their start to the first response, how much memory they need, and how big they are.
//!
//! All of them are measured in one run, in turns, so that whatever else the machine does meets them alike.
//! `tests/cold_start/measure` builds them and runs this.

mod aws;
mod program;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use anstream::{eprintln, println};
use clap::Parser;
use serde_json::json;

use crate::aws::Aws;
use crate::program::{Program, Sample};

/// Measures the cold starts of functions side by side.
#[derive(Debug, Parser)]
#[command(name = "cold_start", version)]
struct Arguments {
    /// How often each is started
    #[arg(long, default_value_t = 50)]
    runs: usize,
    /// What each is to be compared with, by name
    #[arg(long)]
    beside: Option<String>,
    /// A blueprint, which the functions read
    #[arg(long)]
    blueprint: PathBuf,
    /// Functions: a name and a command, as in `start=target/release/start`
    #[arg(required = true)]
    programs: Vec<Program>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: &Arguments) -> std::io::Result<()> {
    let aws = Aws::start(std::fs::read_to_string(&arguments.blueprint)?).await?;
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); arguments.programs.len()];
    for run in 0..=arguments.runs {
        for (program, samples) in arguments.programs.iter().zip(&mut samples) {
            let at_once = program.start(&aws, &json!({ "unheardOf": true })).await?;
            let asking = program.start(&aws, &json!({ "dryRun": true })).await?;
            // The first of all reads the binaries from the disk.
            if run > 0 {
                samples.push(Sample { at_once, asking });
            }
        }
    }
    println!("{}", table::markdown(&arguments.programs, &samples, arguments.beside.as_deref())?);
    Ok(())
}
