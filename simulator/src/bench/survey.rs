//! Many seeds of one environment, by every engine, in the same accounts.

use curfew_core::model::Target;
use rayon::prelude::*;
use serde::Serialize;

use super::bound::bound;
use super::statistics::Distribution;
use super::{Engine, Spoiled, Times, history};
use crate::environment::Example;
use crate::latency::Draw;

/// One seed: the least that AWS allows, and what each engine took, in the order of [`Engine::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// The account's seed.
    pub seed: u64,
    /// The lower bound.
    pub bound: Times,
    /// The engines.
    pub engines: [Times; Engine::ALL.len()],
}

/// All samples of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Which environment.
    pub example: Example,
    /// By seed.
    pub samples: Vec<Sample>,
}

/// Why there is no survey.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The example's blueprint is wrong.
    #[error("the blueprint of {0} is wrong: {1}")]
    Blueprint(Example, String),
    /// A history is spoiled.
    #[error("{example}, seed {seed}: {why}")]
    Spoiled {
        /// Which environment.
        example: Example,
        /// Which seed.
        seed: u64,
        /// What is wrong with it.
        why: Spoiled,
    },
}

/// Plays the seeds from 0 on, on all cores. The same for the same number of seeds, whatever the number of cores.
///
/// # Errors
/// A history that an engine spoiled.
pub fn survey(example: Example, seeds: u64) -> Result<Survey, Failed> {
    let mut blueprint = example.blueprint().map_err(|problems| Failed::Blueprint(example, problems.to_string()))?;
    // How long RDS takes is assumed, and minutes: beside it nothing else could be told apart.
    blueprint.tier.databases.clear();
    let base = example.base_tier();
    let sample = |seed| {
        let draw = Draw::Seed(seed);
        let play =
            |engine| history(&blueprint, base, draw, engine).map_err(|why| Failed::Spoiled { example, seed, why });
        let [first, second, third] = Engine::ALL;
        let engines = [play(first)?, play(second)?, play(third)?];
        Ok(Sample { seed, bound: bound(&blueprint, base, draw), engines })
    };
    let samples = (0..seeds).into_par_iter().map(sample).collect::<Result<_, _>>()?;
    Ok(Survey { example, samples })
}

/// Who or what took so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Taker {
    /// The lower bound.
    #[serde(serialize_with = "lower_bound")]
    Bound,
    /// An engine.
    Engine(Engine),
}

fn lower_bound<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("lower bound")
}

impl Taker {
    /// The bound, then the engines.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Bound).chain(Engine::ALL.map(Self::Engine))
    }
}

impl std::fmt::Display for Taker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bound => f.pad("lower bound"),
            Self::Engine(engine) => engine.fmt(f),
        }
    }
}

impl Survey {
    /// What a night or a morning took.
    pub fn distribution(&self, taker: Taker, target: Target) -> Option<Distribution> {
        let times = self.samples.iter().map(|sample| match taker {
            Taker::Bound => sample.bound,
            Taker::Engine(engine) => {
                let place = Engine::ALL.iter().position(|one| *one == engine).unwrap_or_default();
                sample.engines[place]
            }
        });
        Distribution::of(times.map(|times| match target {
            Target::Up => times.morning,
            Target::Down => times.night,
        }))
    }
}
