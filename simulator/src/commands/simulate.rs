//! `simulate`: random histories by seed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::process::ExitCode;

use clap::Args;
use rayon::prelude::*;
use serde_json::json;

use crate::history::{History, play, play_days};
use crate::output;
use crate::say;

/// Random days in the life of the three environments.
///
/// Calls that are refused or lost, looks that show nothing or the past, runs that die or meet, slow and failing
/// resources, people and CI in the middle of it. Each seed is one history; the same seed gives the same one.
/// The exit code is 1 if a law was broken.
#[derive(Debug, Args)]
pub struct Simulate {
    /// How many seeds
    #[arg(long, default_value_t = 1000, conflicts_with = "seed")]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 0, conflicts_with = "seed")]
    from: u64,
    /// Play one seed, and print all that happens
    #[arg(long)]
    seed: Option<u64>,
    /// How many days each history lasts; a seed draws one to three by itself
    #[arg(long)]
    days: Option<u16>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What many histories came to.
#[derive(Debug, Default)]
struct Tally {
    covered: BTreeMap<&'static str, u64>,
    actions: u64,
    broken: Vec<History>,
}

/// So many broken histories are printed whole; more of the same tell nothing new.
const MOST_PRINTED: usize = 1;

impl Simulate {
    /// Plays the seeds.
    pub fn run(&self) -> ExitCode {
        let broken = match self.seed {
            Some(seed) => self.one(seed),
            None => self.many(self.from..self.from.saturating_add(self.seeds)),
        };
        if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    fn one(&self, seed: u64) -> bool {
        let history = self.play(seed);
        if self.json {
            let lines = history.trace.lines().map(|(at, what)| json!({ "at": at, "what": what }));
            let broken = history.violations.iter().map(|one| json!({ "at": one.at, "what": one.what }));
            let all = json!({
                "seed": seed,
                "environment": history.example.as_str(),
                "trace": lines.collect::<Vec<_>>(),
                "violations": broken.collect::<Vec<_>>(),
            });
            say!("{all:#}");
        } else {
            output::print(format_args!("{history}"));
        }
        !history.violations.is_empty()
    }

    fn play(&self, seed: u64) -> History {
        match self.days {
            Some(days) => play_days(seed, days),
            None => play(seed),
        }
    }

    /// Plays histories on all cores; what they come to does not depend on how many there are.
    fn play_all(&self, seeds: Range<u64>) -> Tally {
        seeds.into_par_iter().map(|seed| Tally::of(self.play(seed))).reduce(Tally::default, Tally::and)
    }

    fn many(&self, seeds: Range<u64>) -> bool {
        let (first, count) = (seeds.start, seeds.end - seeds.start);
        let tally = self.play_all(seeds);
        if self.json {
            let broken: Vec<_> =
                tally.broken.iter().map(|one| json!({ "seed": one.seed, "replay": one.replay() })).collect();
            let all = json!({
                "from": first, "seeds": count, "actions": tally.actions, "runs": tally.covered, "broken": broken,
            });
            say!("{all:#}");
        } else {
            say!("{count} histories from seed {first}: {} actions, each judged by the laws", tally.actions);
            let runs = tally.covered.iter().map(|(what, times)| format!("{what} {times}")).collect::<Vec<_>>();
            say!("runs and what befell them: {}", runs.join(", "));
            for history in tally.broken.iter().take(MOST_PRINTED) {
                output::print(format_args!("\n{history}"));
            }
            for history in tally.broken.iter().skip(MOST_PRINTED) {
                say!("broken too: {}", history.replay());
            }
            say!("{} of {count} broke a law", tally.broken.len());
        }
        !tally.broken.is_empty()
    }
}

impl Tally {
    fn of(history: History) -> Self {
        let (covered, actions) = (history.covered.clone(), history.actions);
        let broken = if history.violations.is_empty() { Vec::new() } else { vec![history] };
        Self { covered, actions, broken }
    }

    /// Both, in the order of their seeds.
    fn and(mut self, other: Self) -> Self {
        for (what, times) in other.covered {
            *self.covered.entry(what).or_default() += times;
        }
        self.actions += other.actions;
        self.broken.extend(other.broken);
        self
    }
}
