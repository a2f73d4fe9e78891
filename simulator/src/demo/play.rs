//! Plays a story with the real code: every event that EventBridge would send invokes Curfew once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::report::Report;
use futures::future::{join, join_all};

use super::gantt::Behind;
use super::snapshot::Snapshot;
use super::story::{Act, Story};
use crate::account::LifeSpan;
use crate::environment::{BaseTier, by_day};
use crate::events::{Event, events};
use crate::faults::Faults;
use crate::invoke::invoke;
use crate::latency::Draw;
use crate::laws::{Laws, Violation};
use crate::people::Done;
use crate::trace::Trace;
use crate::world::{Moment, Simulation};

/// One invocation, as it went.
#[derive(Debug, Clone)]
pub struct Run {
    /// When it was invoked.
    pub at: DateTime<Utc>,
    /// By what.
    pub event: Event,
    /// What it answered; nothing if it died.
    pub report: Option<Report>,
    /// The last that it did before it died.
    pub last_words: Option<String>,
    /// What was there before and after it, if it may have changed something.
    pub snapshots: Option<Snapshots>,
}

/// What was there before a run and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshots {
    /// Before.
    pub before: Snapshot,
    /// After.
    pub after: Snapshot,
}

/// Everything that happened.
#[derive(Debug, Clone)]
pub struct Played {
    /// All invocations in their order.
    pub runs: Vec<Run>,
    /// What people and their CI did, and whether they could.
    pub acts: Vec<(Act, Done)>,
    /// Everything billable, from asked for to gone.
    pub life_spans: Vec<LifeSpan>,
    /// Which services' tasks are behind which target group.
    pub behind: Behind,
    /// The laws that did not hold.
    pub violations: Vec<Violation>,
}

/// Plays a story. The same seed gives the same.
pub async fn play(blueprint: &Blueprint, base: BaseTier, story: &Story, seed: u64) -> Played {
    let mut account = by_day(blueprint, base, story.begin, Draw::Seed(seed));
    account.keep_ledger();
    let laws = Laws::of(&blueprint.environment, &blueprint.tier);
    let simulation = Simulation::new(account, Faults::none(), laws);
    let events = events(&blueprint.schedule, story.begin, story.end);
    let runs = join_all(events.into_iter().map(|(at, event)| run(&simulation, blueprint, story, at, event)));
    let acts = join_all(story.acts.iter().map(|act| by_hand(&simulation, &blueprint.environment, act)));
    let (runs, acts) = join(runs, acts).await;
    let inner = simulation.now_inner();
    let violations = inner.laws.violations().to_vec();
    let services = inner.account.services.iter();
    let behind = services.flat_map(|(name, one)| one.target_groups.iter().map(|group| (group.clone(), name.clone())));
    Played { runs, acts, life_spans: inner.account.life_spans(), behind: behind.collect(), violations }
}

async fn run(simulation: &Simulation, blueprint: &Blueprint, story: &Story, at: DateTime<Utc>, event: Event) -> Run {
    simulation.advance_to(at).await;
    let id = format!("{event}-{}", at.format("%m%dT%H%MZ"));
    let moment = match event {
        Event::Scheduled(_) if story.deaths.contains(&at) => Moment::After(middle_of_teardown(&blueprint.tier)),
        Event::Scheduled(_) | Event::Tick => Moment::Never,
    };
    let before = simulation.now_inner().account.clone();
    let report = invoke(&simulation.world(&id).with_crash(moment), blueprint, event.command()).await;
    let inner = simulation.now_inner();
    // Thousands of ticks do nothing: only of the others it is worth a look.
    let idle = report.as_ref().is_some_and(|report| report.actions.is_empty());
    let snapshots = (!idle).then(|| Snapshots { before: Snapshot::of(&before), after: Snapshot::of(&inner.account) });
    let last_words = match &report {
        Some(_) => None,
        None => last_words(&inner.trace, &id),
    };
    Run { at, event, report, last_words, snapshots }
}

/// The last that a run did before it died.
fn last_words(trace: &Trace, id: &str) -> Option<String> {
    let lines: Vec<&str> = trace.lines().filter_map(|(_, line)| line.strip_prefix(id)).map(str::trim).collect();
    lines.iter().rev().nth(1).map(|line| (*line).to_owned())
}

/// Which of a run's changes stops the last service: after lease, recording and phase, each zone's records are one, and
/// each service is one. Load balancer and NAT gateway still stand then.
fn middle_of_teardown(tier: &RuntimeTier) -> u32 {
    let zones: BTreeSet<&HostedZoneId> = tier.dns_records.keys().map(|key| &key.zone).collect();
    u32::try_from(2 + zones.len() + tier.services.len()).unwrap_or_default()
}

async fn by_hand(simulation: &Simulation, environment: &EnvironmentName, act: &Act) -> (Act, Done) {
    simulation.advance_to(act.at).await;
    let done = simulation.by_hand(&act.who.to_string(), environment, &act.deed);
    (act.clone(), done)
}
