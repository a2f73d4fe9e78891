//! `bench`: how long nights and mornings take.

use std::process::ExitCode;

use crate::bench::growth::{Size, efforts};
use crate::bench::growth_table::growth_table;
use crate::bench::{survey, table};
use crate::environment::Example;
use crate::output;
use crate::tell;
use clap::Args;

/// Measures nights and mornings of the three example environments in simulated accounts.
///
/// Beside Curfew: the least that AWS allows, and engines that go one stage after the other.
#[derive(Debug, Args)]
pub struct Bench {
    /// How many accounts of each environment, by seed from 0 on
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Only this environment: durable, platform or portyfoul
    #[arg(long)]
    example: Option<Example>,
    /// Print JSON
    #[arg(long, conflicts_with = "growth")]
    json: bool,
    /// Instead: how calls and time grow with the number of services and of rules
    #[arg(long, conflicts_with_all = ["seeds", "example"])]
    growth: bool,
}

impl Bench {
    /// Measures and prints; fails on a history that an engine spoiled, or a closed output.
    pub fn run(&self) -> ExitCode {
        match self.print() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tell!("curfew-sim: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn print(&self) -> Result<(), Box<dyn std::error::Error>> {
        let text = if self.growth { Self::growth()? } else { self.times()? };
        output::print(format_args!("{text}"));
        Ok(())
    }

    fn times(&self) -> Result<String, Box<dyn std::error::Error>> {
        let examples = self.example.map_or(Example::ALL.to_vec(), |one| vec![one]);
        let surveys = examples.into_iter().map(|one| survey(one, self.seeds)).collect::<Result<Vec<_>, _>>()?;
        let table = table::table(&surveys);
        Ok(if self.json { serde_json::to_string_pretty(&table)? + "\n" } else { table.to_text() })
    }

    fn growth() -> Result<String, Box<dyn std::error::Error>> {
        let all = Size::ALL.into_iter().map(efforts).collect::<Result<Vec<_>, _>>()?;
        Ok(growth_table(&all))
    }
}
