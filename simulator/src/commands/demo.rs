//! `demo`: a week of an environment.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Args;

use crate::demo::render::render;
use crate::demo::{Demo as Played, Wish};
use crate::environment::Example;
use crate::in_virtual_time;
use crate::output;
use crate::{say, tell};

/// A week of an environment: what happened, why, and what it cost.
#[derive(Debug, Args)]
pub struct Demo {
    /// Which environment: durable, platform or portyfoul
    #[arg(long, default_value_t = Example::Durable)]
    environment: Example,
    /// How many days
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
    /// How long AWS takes is drawn by it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Demo {
    /// Plays, prints, and fails if a morning is not as the evening before it.
    pub fn run(&self) -> ExitCode {
        let wish = Wish { example: self.environment, days: self.days, seed: self.seed };
        let watched = std::io::stderr().is_terminal() && !self.json;
        if watched {
            output::tell(format_args!("playing …\r"));
        }
        let played = in_virtual_time(Played::play(wish));
        let demo = match played {
            Ok(demo) => demo,
            Err(problems) => {
                tell!("curfew-sim: the blueprint of {}: {problems}", self.environment);
                return ExitCode::FAILURE;
            }
        };
        if self.json {
            say!("{:#}", serde_json::json!(demo));
        } else {
            output::print(format_args!("{}", render(&demo)));
        }
        if demo.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
