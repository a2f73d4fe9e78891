//! `cargo demo`: a week of an environment in virtual time, played with the real code, and what it shows.

pub mod cost;
pub mod gantt;
pub mod hours;
pub mod mornings;
pub mod play;
pub mod render;
pub mod snapshot;
pub mod story;
pub mod timeline;

use chrono::{DateTime, Utc};
use curfew_core::blueprint::{Blueprint, Problems};
use curfew_core::model::*;
use curfew_core::money::Prices;
use serde::Serialize;

use crate::environment::Example;
use cost::Bill;
use gantt::Gantt;
use hours::{Day, Stretch};
use mornings::{Morning, mornings};
use play::{Played, play};
use story::Story;
use timeline::Timeline;

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Which environment.
    pub example: Example,
    /// How many days.
    pub days: u32,
    /// How long AWS takes is drawn by it.
    pub seed: u64,
}

/// What a week showed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Demo {
    /// Which example.
    pub example: String,
    /// The environment's name.
    pub environment: EnvironmentName,
    /// How long AWS takes was drawn by it.
    pub seed: u64,
    /// When the environment should be up.
    pub schedule: String,
    /// The zone of all local times.
    pub zone: String,
    /// What hours and money are counted of.
    #[serde(flatten)]
    pub whole: Stretch,
    /// What comes and goes, in words.
    pub tier: String,
    /// What happened and why.
    pub timeline: Timeline,
    /// The first morning in detail, if there was one.
    pub morning: Option<Gantt>,
    /// Hours up, day by day.
    pub days: Vec<Day>,
    /// What it cost, where prices are known.
    pub bill: Option<Bill>,
    /// Every morning, compared with the evening before it.
    pub mornings: Vec<Morning>,
    /// Invariants that did not hold, of all that are checked at every action and every moment.
    pub violations: Vec<String>,
    /// The end of what was played: after the morning that follows the last day.
    pub end: DateTime<Utc>,
}

impl Demo {
    /// Plays, and looks at what it was.
    ///
    /// # Errors
    /// If an example's blueprint has become wrong.
    ///
    /// # Panics
    /// Outside a tokio runtime whose clock is paused.
    pub async fn play(wish: Wish) -> Result<Self, Problems> {
        let blueprint = wish.example.blueprint()?;
        let story = Story::of(&blueprint, wish.days);
        let played = play(&blueprint, wish.example.base_tier(), &story, wish.seed).await;
        Ok(Self::of(wish, &blueprint, &story, &played))
    }

    fn of(wish: Wish, blueprint: &Blueprint, story: &Story, played: &Played) -> Self {
        let zone = blueprint.schedule.zone();
        let whole = Stretch { from: story.begin, to: story.until };
        let days = hours::days(whole, &hours::up(&played.runs, whole), zone);
        let mornings = mornings(played);
        let first = played.runs.iter().filter(|run| mornings.first().is_some_and(|morning| morning.at == run.at));
        let report = first.filter_map(|run| run.report.as_ref()).find(|report| !report.actions.is_empty());
        let prices = Prices::of(&blueprint.region);
        Self {
            example: wish.example.to_string(),
            environment: blueprint.environment.clone(),
            seed: wish.seed,
            schedule: blueprint.schedule.to_string(),
            zone: zone.to_string(),
            whole,
            tier: in_words(&blueprint.tier),
            timeline: Timeline::of(blueprint, played, &mornings, &days),
            morning: report.map(|report| Gantt::of(report, &played.behind)),
            days,
            bill: prices.map(|prices| Bill::of(&played.life_spans, whole, blueprint, &prices)),
            mornings,
            violations: played.violations.iter().map(|one| format!("{} {}", one.at, one.what)).collect(),
            end: story.end,
        }
    }

    /// Whether every morning equals the evening before it and every invariant held.
    pub fn is_good(&self) -> bool {
        self.violations.is_empty() && self.mornings.iter().all(|morning| morning.differences.is_empty())
    }
}

/// What comes and goes, counted.
fn in_words(tier: &RuntimeTier) -> String {
    let listeners = || tier.load_balancers.values().flat_map(|one| one.listeners.values());
    let tasks: u32 = tier.services.values().map(|service| service.desired_count).sum();
    let counts = [
        (tier.nat_gateways.len(), "NAT gateway"),
        (tier.load_balancers.len(), "load balancer"),
        (listeners().count(), "listener"),
        (listeners().map(|listener| listener.rules.len()).sum(), "rule"),
        (tier.dns_records.len(), "DNS record"),
        (tier.services.len(), "service"),
        (tasks as usize, "task"),
        (tier.vpc_endpoints.len(), "VPC endpoint"),
    ];
    let words = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| match count {
        1 => format!("1 {what}"),
        several => format!("{several} {what}s"),
    });
    words.collect::<Vec<_>>().join(", ")
}
