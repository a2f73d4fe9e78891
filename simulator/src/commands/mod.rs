//! What the simulated account is good for, from the command line. The `curfew` command has the same subcommands.

mod bench;
mod demo;
mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use bench::Bench;
pub use demo::Demo;
pub use simulate::Simulate;

/// Curfew in a simulated AWS account in virtual time
#[derive(Debug, Parser)]
#[command(name = "curfew-sim", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
enum Command {
    /// Measure nights and mornings against the least that AWS allows
    Bench(Bench),
    /// Play a week of an environment, and show what happened and why
    Demo(Demo),
    /// Play random histories, and check every invariant after every action
    Simulate(Simulate),
}

impl Arguments {
    /// Does what is asked for.
    pub fn run(&self) -> ExitCode {
        match &self.command {
            Command::Bench(bench) => bench.run(),
            Command::Demo(demo) => demo.run(),
            Command::Simulate(simulate) => simulate.run(),
        }
    }
}
