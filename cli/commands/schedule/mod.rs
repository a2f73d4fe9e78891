//! `curfew schedule`: what a schedule says, without an environment and without an account.

mod diff;
mod eval;
mod import;
mod show;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use curfew_core::schedule::{Defaults, Grammar, Holidays, Schedule, UnknownGrammar};
use curfew_core::zones::UnknownZone;

use crate::arguments::Options;
use crate::edge;
use crate::exit::{CliError, Exit};

/// So far ahead two schedules are compared.
const YEAR: TimeDelta = TimeDelta::days(365);

/// What can be asked about schedules.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Show the weeks ahead as a picture, the windows in the zone and in UTC, the next changes, and what is saved
    Show {
        /// Such as "Mon-Fri 08:00-20:00 America/New_York"
        schedule: String,
        /// So many weeks, from this one's Monday on
        #[arg(long, default_value_t = 2)]
        weeks: u32,
        /// The grammar it is written in
        #[arg(long, default_value = "auto", value_parser = named)]
        grammar: Named,
        #[command(flatten)]
        reading: Reading,
    },
    /// Answer questions, one JSON object a line on standard input, in their order
    ///
    /// A question is {"id": any, "schedule": text or object, "grammar": name or "auto", "zone": name or null,
    /// "at": instant or null}; an answer {"id", "state", "until", "then"}, {"id", "valid": true} where `at` is null,
    /// or {"id", "error"}.
    Eval,
    /// Show where two schedules differ in the year ahead
    Diff {
        /// One schedule
        a: String,
        /// Another one
        b: String,
        /// The grammar both are written in; given twice, that of each
        #[arg(long, value_parser = named)]
        grammar: Vec<Named>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Write a schedule of another tool in Curfew's own grammar, and say what differs in meaning
    Import {
        /// The schedule as the other tool has it
        schedule: String,
        /// The grammar it is written in
        #[arg(long, default_value = "auto", value_parser = named)]
        grammar: Named,
        #[command(flatten)]
        reading: Reading,
    },
}

/// How schedules are read, and from when on.
#[derive(Debug, Args)]
pub struct Reading {
    /// The zone of windows that name none, such as Europe/Berlin
    #[arg(long)]
    pub zone: Option<String>,
    /// The iCalendar file that `except holidays` means; - for standard input
    #[arg(long, value_name = "FILE")]
    pub holidays: Option<String>,
    /// As of this instant instead of now, such as 2026-12-21T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub from: Option<DateTime<Utc>>,
}

/// A grammar by its name; `auto` is whichever it looks like.
#[derive(Debug, Clone, Copy)]
pub struct Named(Option<Grammar>);

fn named(text: &str) -> Result<Named, UnknownGrammar> {
    match text {
        "auto" => Ok(Named(None)),
        name => name.parse().map(|grammar| Named(Some(grammar))),
    }
}

impl Reading {
    /// Reads schedules, each in its grammar.
    fn schedules<const N: usize>(&self, written: [(&str, Named); N]) -> Result<[Schedule; N], CliError> {
        let holidays = self.holidays.as_deref().map(holidays).transpose()?;
        let mut read = Vec::with_capacity(N);
        for (text, Named(grammar)) in written {
            let zone = self.zone.as_deref().map(|name| {
                let known = grammar.unwrap_or_else(|| Grammar::of(text)).zone(name);
                known.ok_or_else(|| CliError::Usage(format!("--zone: {}", UnknownZone(name.to_owned()))))
            });
            let defaults = Defaults { zone: zone.transpose()?, holidays: holidays.as_ref() };
            read.push(Schedule::parse_as(text, grammar, &defaults)?);
        }
        read.try_into().map_err(|_| CliError::Usage("a schedule is missing".to_owned()))
    }

    /// From when on.
    fn from(&self) -> Result<DateTime<Utc>, CliError> {
        self.from.map_or_else(edge::now, Ok)
    }
}

fn holidays(file: &str) -> Result<Holidays, CliError> {
    Holidays::parse(&edge::read(file)?).map_err(|error| CliError::Holidays { file: file.to_owned(), error })
}

/// Runs one of the commands.
pub fn schedule(options: &Options, command: &ScheduleCommand) -> Result<Exit, CliError> {
    match command {
        ScheduleCommand::Show { schedule, weeks, grammar, reading } => {
            show::show(options, schedule, *weeks, *grammar, reading)
        }
        ScheduleCommand::Eval => eval::eval(),
        ScheduleCommand::Diff { a, b, grammar, reading } => diff::diff(options, (a, b), grammar, reading),
        ScheduleCommand::Import { schedule, grammar, reading } => import::import(options, schedule, *grammar, reading),
    }
}
