//! Curfew in a simulated AWS account.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Curfew in a simulated AWS account.
#[derive(Debug, Parser)]
#[command(name = "curfew-sim")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Bench(commands::bench::Bench),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Bench(bench) => bench.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("curfew-sim: {error}");
            ExitCode::FAILURE
        }
    }
}
