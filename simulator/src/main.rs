//! `curfew-sim`: what the simulated account is good for, from the command line.

mod commands;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    commands::Arguments::parse().run()
}
