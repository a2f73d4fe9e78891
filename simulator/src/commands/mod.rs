//! The subcommands.

mod demo;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A simulated AWS account in virtual time.
#[derive(Debug, Parser)]
#[command(name = "curfew-sim", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a week of an environment, and show what happened and why
    Demo(demo::Arguments),
}

impl Arguments {
    /// Does what is asked for.
    pub fn run(&self) -> ExitCode {
        match &self.command {
            Command::Demo(arguments) => demo::run(arguments),
        }
    }
}
