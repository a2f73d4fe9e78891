//! `curfew doctor`

use clap::Args;
use curfew_core::doctor::{Finding, State, examine, terraform};
use curfew_core::ports::World;
use curfew_core::status;

use crate::arguments::Options;
use crate::edge::{self, Edge};
use crate::exit::{CliError, Exit};
use crate::render;

/// Options of doctor: what else may claim to manage the environment.
#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// A Terraform state of version 4, or what `terraform show -json` prints; - for standard input
    #[arg(long, value_name = "FILE")]
    pub terraform: Vec<String>,
}

/// Tells who else manages what Curfew takes away and brings back. States are read before anybody is asked.
pub async fn doctor(options: &Options, with: &DoctorOptions) -> Result<Exit, CliError> {
    let states = with.terraform.iter().map(|file| state(file)).collect::<Result<Vec<State>, CliError>>()?;
    let edge = Edge::open(options).await?;
    let status = status::preview(&edge.world, &edge.blueprint).await?;
    let examination = examine(edge.world.cloud(), edge.world.store(), &edge.blueprint, &status, &states).await;
    render::print(options, &examination, || render::examination(&examination));
    Ok(match examination.finding() {
        Finding::Sound => Exit::Done,
        Finding::Ailing => Exit::Blocked,
        Finding::Unclear => Exit::Failed,
    })
}

fn state(file: &str) -> Result<State, CliError> {
    let named = if file == "-" { "standard input" } else { file };
    let entries = terraform::read(&edge::read(file)?);
    let entries = entries.map_err(|error| CliError::State { file: named.to_owned(), error })?;
    Ok(State { file: named.to_owned(), entries })
}
