//! `curfew-sim`: Curfew in a simulated AWS account, without any AWS crate.

use std::process::ExitCode;

use clap::Parser;
use curfew_sim::commands::Arguments;
use curfew_sim::{output, tell};

fn main() -> ExitCode {
    let code = Arguments::parse().run();
    match output::failure() {
        None => code,
        Some(error) => {
            tell!("curfew-sim: the output could not be written: {error}");
            ExitCode::FAILURE
        }
    }
}
