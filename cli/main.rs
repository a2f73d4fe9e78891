//! The `curfew` command: parse, call, render, exit code.

mod arguments;
mod commands;
mod edge;
mod exit;
mod progress;
mod remote;
mod render;

use std::process::ExitCode;

use clap::Parser;
use curfew_sim::{output, tell};

use arguments::{Arguments, Command, Options};
use exit::Exit;

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { options, command } = Arguments::parse();
    let code = run(options, command).await;
    match output::failure() {
        None => code,
        Some(error) => {
            tell!("curfew: the output could not be written: {error}");
            Exit::Failed.into()
        }
    }
}

async fn run(options: Options, command: Command) -> ExitCode {
    let result = match command {
        Command::Validate { blueprint } => commands::validate(&options, &blueprint),
        Command::Capture(from) => commands::capture(&options, &from).await,
        Command::Doctor(with) => commands::doctor(&options, &with).await,
        Command::Status => commands::status(&options).await,
        Command::Plan { up, down } => commands::plan(&options, up, down).await,
        Command::Start(run) => commands::start(&options, &run).await,
        Command::Stop(run) => commands::stop(&options, &run).await,
        Command::Override { command } => commands::overrides(&options, &command).await,
        Command::Recover { command } => commands::recover(&options, &command).await,
        Command::Zones { command } => commands::zones(&options, &command).await,
        Command::Schedule { command } => commands::schedule(&options, &command),
        // They bring runtimes of their own, with virtual time.
        Command::Simulate(simulate) => return tokio::task::block_in_place(|| simulate.run()),
        Command::Bench(bench) => return tokio::task::block_in_place(|| bench.run()),
        Command::Completions { shell } => Ok(commands::completions(shell)),
    };
    let exit = result.unwrap_or_else(|error| {
        tell!("curfew: {error}");
        error.exit()
    });
    exit.into()
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
