//! `curfew-sim`: Curfew in a simulated AWS account, without any AWS crate.

use std::process::ExitCode;

use clap::Parser;
use curfew_sim::commands::Arguments;

fn main() -> ExitCode {
    Arguments::parse().run()
}
