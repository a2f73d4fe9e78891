//! Plays a plan, lets things calm down, and looks whether all is well.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::model::*;
use curfew_core::report::{Outcome, Report};
use curfew_core::schedule::State;
use fastrand::Rng;
use tokio::task::JoinSet;

use super::expected::{Expected, Timing};
use super::foreign::Foreign;
use super::losses::Lost;
use super::plan::{Happening, Invocation, Plan, run_task};
use super::variation::{vary, vary_more};
use super::{History, missing, verdict};
use crate::documents;
use crate::environment::{Example, by_day};
use crate::events::TICK;
use crate::faults::Faults;
use crate::in_virtual_time;
use crate::invoke::invoke;
use crate::latency::Draw;
use crate::laws::Laws;
use crate::people::{Deed, Done, Tagged};
use crate::world::Simulation;

/// Plays the history of a seed.
///
/// # Panics
/// If an example's blueprint is wrong.
pub fn play(seed: u64) -> History {
    in_virtual_time(play_out(seed, None))
}

/// Plays the history of a seed over so many days, instead of the one to three that it draws by itself.
///
/// # Panics
/// If an example's blueprint is wrong.
pub fn play_days(seed: u64, days: u16) -> History {
    in_virtual_time(play_out(seed, Some(days)))
}

async fn play_out(seed: u64, days: Option<u16>) -> History {
    let mut random = Rng::with_seed(seed);
    let example = Example::ALL[random.usize(0..Example::ALL.len())];
    let mut blueprint = example.blueprint().unwrap_or_else(|problems| unreachable!("{example}: {problems}"));
    vary(&mut blueprint, &mut random);
    let mut more = Rng::with_seed(!seed);
    vary_more(&mut blueprint, &mut more);
    let plan = Plan::draw(&blueprint, days, &mut random);
    let mut account = by_day(&blueprint, example.base_tier(), plan.begins, Draw::Seed(seed));
    let foreign = Foreign::lay(&mut account, &blueprint.tier);
    let faults = Faults::drawn(seed, plan.rates);
    let laws = Laws::of(&blueprint.environment, &blueprint.tier).with_clocks(plan.clocks_differ_by());
    let simulation = Simulation::new(account, faults, laws);
    let expected = Expected::of(&simulation.now_inner().account);
    let mut player = Player {
        simulation,
        blueprint,
        expected,
        foreign,
        runs: JoinSet::new(),
        started: 0,
        last_start: plan.begins,
        covered: BTreeMap::new(),
        lost: Vec::new(),
        more,
    };
    player.play(&plan).await;
    player.calm_down().await;
    player.last_night_and_morning().await;
    let inner = player.simulation.now_inner();
    History {
        seed,
        days,
        example,
        trace: inner.trace.clone(),
        violations: inner.laws.violations().to_vec(),
        actions: inner.laws.actions(),
        covered: player.covered.clone(),
    }
}

struct Player {
    simulation: Simulation,
    blueprint: Blueprint,
    expected: Expected,
    foreign: Foreign,
    runs: JoinSet<Option<Report>>,
    started: u32,
    last_start: DateTime<Utc>,
    covered: BTreeMap<&'static str, u64>,
    /// Documents that somebody lost and has not put back.
    lost: Vec<Lost>,
    /// For what was added later.
    more: Rng,
}

/// A change by hand counts as undisturbed when no run begins for so long before and after it.
const QUIET: TimeDelta = TimeDelta::seconds(60);

/// No hold of a history lasts longer: one until the schedule's next change may last over a weekend.
const LONGEST_HOLD: TimeDelta = TimeDelta::hours(72);

impl Player {
    async fn play(&mut self, plan: &Plan) {
        for (number, (at, what)) in plan.happenings.iter().enumerate() {
            self.simulation.advance_to(*at).await;
            if self.is_broken() {
                return;
            }
            self.reap();
            let next_run = plan.happenings[number + 1..]
                .iter()
                .find(|(_, what)| matches!(what, Happening::Invoke(_)))
                .map(|(at, _)| *at);
            match what {
                Happening::Invoke(invocation) => self.start(invocation),
                Happening::Trouble(trouble) => {
                    self.cover("trouble");
                    self.simulation.trouble(trouble);
                }
                Happening::ByHand(who, deed) => self.by_hand(who, deed, next_run),
                Happening::Loses(loss) => {
                    if let Some(lost) = self.simulation.lose(&self.blueprint.environment, *loss) {
                        self.cover("document lost");
                        self.expected.lost(*loss);
                        self.lost.push(lost);
                    }
                }
                Happening::Repairs => self.repair(),
            }
        }
        self.simulation.advance_to(plan.calms_down).await;
    }

    /// The last loss first: what was there before the first one is what comes to stand.
    fn repair(&mut self) {
        while let Some(lost) = self.lost.pop() {
            self.simulation.repair(&self.blueprint.environment, &lost);
        }
    }

    fn is_broken(&self) -> bool {
        !self.simulation.now_inner().laws.violations().is_empty()
    }

    fn cover(&mut self, what: &'static str) {
        *self.covered.entry(what).or_default() += 1;
    }

    fn start(&mut self, invocation: &Invocation) {
        self.started += 1;
        self.last_start = self.simulation.now();
        let world = self.simulation.world(&format!("run-{}", self.started));
        if invocation.skew.abs() > TimeDelta::seconds(10) {
            self.cover("clock wrong");
        }
        let world = world.with_skew(invocation.skew).with_crash(invocation.crash);
        let (blueprint, command) = (self.blueprint.clone(), invocation.command.clone());
        self.runs.spawn(async move {
            let report = invoke(&world, &blueprint, command).await;
            if let Some(report) = &report {
                missing::judge(world.simulation(), &blueprint.tier, report);
            }
            report
        });
    }

    fn reap(&mut self) {
        while let Some(ended) = self.runs.try_join_next() {
            self.ended(ended.ok().flatten());
        }
    }

    fn ended(&mut self, report: Option<Report>) {
        self.cover(match report.map(|report| report.outcome) {
            None => "died",
            Some(Outcome::Unchanged) => "unchanged",
            Some(Outcome::Converged) => "converged",
            Some(Outcome::InProgress) => "in progress",
            Some(Outcome::Skipped) => "skipped",
            Some(Outcome::Busy) => "busy",
            Some(Outcome::Blocked) => "blocked",
            Some(Outcome::Failed) => "failed",
        });
    }

    fn by_hand(&mut self, who: &str, deed: &Deed, next_run: Option<DateTime<Utc>>) {
        let now = self.simulation.now();
        let alone =
            self.runs.is_empty() && now - self.last_start > QUIET && next_run.is_none_or(|next| next - now > QUIET);
        let timing = if alone && self.is_settled_by_day() { Timing::Undisturbed } else { Timing::Amid };
        let sets_tasks = matches!(
            deed,
            Deed::Scale { .. } | Deed::SwitchDatabase { .. } | Deed::SwitchInstance { .. } | Deed::ResizeGroup { .. }
        );
        if sets_tasks && !self.is_settled_by_day() || !self.is_remembered(deed) {
            return;
        }
        if self.simulation.by_hand(who, &self.blueprint.environment, deed) == Done::Yes {
            self.cover("by hand");
            match deed {
                Deed::CopyTags(_) => self.cover("tags copied"),
                Deed::DeleteBase(_) => self.cover("base tier deleted"),
                Deed::StripTags(_) => self.cover("tags taken away"),
                Deed::MoveIn(_) => self.cover("others"),
                Deed::Spoil(_) => self.cover("base tier spoilt"),
                _ => {}
            }
            let inner = self.simulation.now_inner();
            self.foreign.take_in(&inner.account);
            self.expected.done(&inner.account, deed, timing);
        }
    }

    /// Whether the state has come to know what somebody copies or strips: before that, nothing but the tags tells which is which.
    fn is_remembered(&self, deed: &Deed) -> bool {
        let inner = self.simulation.now_inner();
        let environment = &self.blueprint.environment;
        let id = match deed {
            Deed::CopyTags(Tagged::Address(name)) | Deed::StripTags(Tagged::Address(name)) => {
                inner.account.own_address(environment, name).map(String::from)
            }
            Deed::CopyTags(Tagged::NatGateway(name)) | Deed::StripTags(Tagged::NatGateway(name)) => {
                inner.account.own_nat_gateway(environment, name).map(String::from)
            }
            _ => return true,
        };
        let state = inner.documents.get(&format!("{environment}/state.json"));
        id.is_some_and(|id| state.is_some_and(|state| state.contains(&format!("\"{id}\""))))
    }

    /// Whether Curfew has said that it is up.
    fn is_settled_by_day(&self) -> bool {
        let document = format!("{}/state.json", self.blueprint.environment);
        let inner = self.simulation.now_inner();
        let state = documents::State::read(inner.documents.get(&document));
        state.phase.as_deref() == Some("up") && state.lease.is_none()
    }

    /// Nothing goes wrong any more; people take their tags away.
    async fn calm_down(&mut self) {
        self.repair();
        {
            let now = self.simulation.now();
            let mut inner = self.simulation.now_inner();
            inner.faults.stop();
            inner.account.latencies_mut().recover();
            inner.account.run_out_of_capacity(now);
            inner.account.run_out_of_database_capacity(now);
            inner.account.run_out_of_instance_capacity(now);
            inner.account.forget_tags_by_hand();
            inner.account.restore_tags();
            inner.account.move_all_out();
            inner.account.repair_all();
            inner.account.restore_base();
            inner.trace.add(now, "things calm down");
        }
        while let Some(ended) = self.runs.join_next().await {
            self.ended(ended.ok().flatten());
        }
        self.tell_apart();
    }

    /// Where the state was lost for good, nothing but tags tells which of two things is the environment's: people take them
    /// off the other one, as the report asks.
    fn tell_apart(&mut self) {
        let tier = &self.blueprint.tier;
        let addresses = tier.addresses.keys().cloned().map(Tagged::Address);
        let gateways = tier.nat_gateways.keys().cloned().map(Tagged::NatGateway);
        if addresses.chain(gateways).all(|what| self.is_remembered(&Deed::CopyTags(what))) {
            return;
        }
        let changed = self.foreign.differences(&self.simulation.now_inner().account);
        for what in changed {
            self.broken(what);
        }
        let mut inner = self.simulation.now_inner();
        inner.account.untag_copies(&self.blueprint.environment);
        self.foreign.go_by(&inner.account);
    }

    /// Runs to its end.
    async fn run(&mut self, command: Option<Command>) -> Option<Report> {
        self.start(&Invocation { command, crash: Default::default(), skew: TimeDelta::zero() });
        let report = self.runs.join_next().await.and_then(Result::ok).flatten();
        self.ended(report.clone());
        report
    }

    /// Ticks until the environment is what the schedule says.
    async fn tick_until_unchanged(&mut self) {
        for _ in 0..40 {
            if self.is_broken() {
                return;
            }
            let report = self.run(None).await;
            if report.is_some_and(|report| report.outcome == Outcome::Unchanged && report.waiting.is_empty()) {
                return;
            }
            let next = self.simulation.now() + TICK;
            self.simulation.advance_to(next).await;
        }
        self.broken("the ticks do not come to an end");
    }

    fn broken(&self, what: impl Into<String>) {
        let now = self.simulation.now();
        self.simulation.now_inner().laws.broken(now, what);
    }

    async fn advance_to_next(&mut self, state: State) {
        let now = self.simulation.now();
        let mut change = self.blueprint.schedule.next_change(now);
        while let Some(next) = change.filter(|next| next.to != state) {
            change = self.blueprint.schedule.next_change(next.at);
        }
        if let Some(change) = change {
            self.simulation.advance_to(change.at).await;
        }
    }

    /// A day, a night and a morning without trouble.
    async fn last_night_and_morning(&mut self) {
        self.tick_until_unchanged().await;
        // What a manual command holds is over by then.
        let rested = self.simulation.now() + LONGEST_HOLD;
        self.simulation.advance_to(rested).await;
        self.tick_until_unchanged().await;
        self.advance_to_next(State::Up).await;
        self.run(Some(Command::Scheduled(Target::Up))).await;
        self.tick_until_unchanged().await;
        self.judge("in the morning", verdict::in_the_morning);
        self.judge_configuration();
        self.nothing_changes().await;
        self.advance_to_next(State::Down).await;
        if self.more.bool() {
            let deed = run_task(&mut self.more);
            self.simulation.by_hand("a schedule", &self.blueprint.environment, &deed);
        }
        self.run(Some(Command::Scheduled(Target::Down))).await;
        self.tick_until_unchanged().await;
        self.judge("at night", verdict::at_night);
        self.nothing_changes().await;
        self.advance_to_next(State::Up).await;
        self.run(Some(Command::Scheduled(Target::Up))).await;
        self.tick_until_unchanged().await;
        self.judge("the morning after", verdict::in_the_morning);
        self.judge("the morning after", |account, _| verdict::of_deployments(account));
        self.judge_configuration();
        self.nothing_changes().await;
    }

    fn judge(&self, when: &str, wrong: impl FnOnce(&crate::account::Account, &Blueprint) -> Vec<String>) {
        if self.is_broken() {
            return;
        }
        let inner = self.simulation.now_inner();
        let mut found = wrong(&inner.account, &self.blueprint);
        found.extend(self.foreign.differences(&inner.account));
        found.extend(verdict::left_behind(&inner.account, &self.blueprint, &inner.documents));
        drop(inner);
        for what in found {
            self.broken(format!("{when}: {what}"));
        }
    }

    fn judge_configuration(&self) {
        if self.is_broken() {
            return;
        }
        let differences = self.expected.differences(&self.simulation.now_inner().account);
        for what in differences {
            self.broken(format!("not as it was: {what}"));
        }
    }

    /// One more tick performs no mutating call.
    async fn nothing_changes(&mut self) {
        if self.is_broken() {
            return;
        }
        let before = self.simulation.now_inner().laws.actions();
        self.run(None).await;
        let after = self.simulation.now_inner().laws.actions();
        if before != after {
            self.broken(format!("one more tick performed {} actions", after - before));
        }
    }
}
