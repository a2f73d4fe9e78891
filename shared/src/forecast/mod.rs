//! What a run would do, and when: [`next`] rolled forward over a pure model of AWS. Preview and execution are the same
//! function.

mod after;
pub mod durations;

use std::time::Duration;

use serde::Serialize;

use crate::alarms;
use crate::model::*;
use crate::next::{Step, Waiting, next};
use crate::safety::{self, Reason};
pub use after::Model;

/// Actions that start at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wave {
    /// How long after the start, in seconds.
    #[serde(serialize_with = "seconds")]
    pub after: Duration,
    /// What was waited for before it.
    pub waited_for: Vec<Waiting>,
    /// What is done.
    pub actions: Vec<Action>,
}

/// How it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForecastEnd {
    /// Everything is as it should be.
    Done,
    /// Nothing may be touched.
    Blocked(Vec<Reason>),
    /// Everything would be as it should be but for what is missing, and what depends on that.
    Missing(Vec<Reason>),
    /// It would wait for something that the model knows no end of.
    Open(Vec<Waiting>),
}

/// What a run would do.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// Where it leads.
    pub target: Target,
    /// What is done, in order.
    pub waves: Vec<Wave>,
    /// What is waited for after the last of them.
    pub waits_last: Vec<Waiting>,
    /// How long it takes in all, in seconds, by observed medians (facts §9).
    #[serde(serialize_with = "seconds")]
    pub duration: Duration,
    /// How it ends.
    pub end: ForecastEnd,
    /// What a person should know besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(duration.as_secs())
}

impl Forecast {
    /// All actions in order.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.waves.iter().flat_map(|wave| &wave.actions)
    }
}

/// No environment needs more steps; a longer forecast is a fault in the model.
const MOST_STEPS: usize = 1000;

/// Forecasts a run from what is observed now.
pub fn forecast(environment: &EnvironmentName, tier: &RuntimeTier, seen: &Observation, target: Target) -> Forecast {
    let mut model = Model::new(environment, seen.clone());
    match target {
        Target::Down => {
            model.wait(tier.draining.grace);
            model.wait_for_standalone_tasks(tier.standalone_tasks.wait_up_to);
        }
        // Nobody is without anything then.
        Target::Up => model.forget_what_goes(),
    }
    let mut forecast = Forecast {
        target,
        waves: Vec::new(),
        waits_last: Vec::new(),
        duration: Duration::ZERO,
        end: ForecastEnd::Done,
        notes: Vec::new(),
    };
    for _ in 0..MOST_STEPS {
        match next(environment, tier, model.seen(), target) {
            Step::Act(actions) => {
                actions.iter().for_each(|action| model.perform(action));
                let waited_for = std::mem::take(&mut forecast.waits_last);
                forecast.waves.push(Wave { after: model.elapsed(), waited_for, actions });
            }
            Step::Wait { on, .. } => {
                // Only what was there at the first look is worth a line; the rest is the same wait going on.
                for waiting in &on {
                    if !forecast.waits_last.contains(waiting) {
                        forecast.waits_last.push(waiting.clone());
                    }
                }
                if !model.advance() {
                    forecast.end = ForecastEnd::Open(on);
                    break;
                }
            }
            Step::Done => break,
            Step::Blocked(reasons) => {
                forecast.end = ForecastEnd::Blocked(reasons);
                break;
            }
            Step::Missing(reasons) => {
                forecast.end = ForecastEnd::Missing(reasons);
                break;
            }
        }
    }
    forecast.duration = model.elapsed();
    forecast.notes = alarms::notes(tier, seen, forecast.actions());
    forecast.notes.extend(safety::notes(seen));
    let of_others = safety::other_users::notes(tier, seen, forecast.actions());
    forecast.notes.extend(of_others);
    forecast
}
