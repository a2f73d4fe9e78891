//! What a run carries along: what it has seen, what it holds, what it will report.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::tier::morning;
use super::{Mode, Request};
use crate::model::*;
use crate::next::Step;
use crate::overrides::Overrides;
use crate::ports::{Clock, Cloud, Version, World};
use crate::recording::{Recording, RecordingId};
use crate::report::{Outcome, Report};
use crate::safety::{self, Reason};
use crate::schedule::{Schedule, ZoneRules};
use crate::state::State;

/// A run under way.
pub(super) struct Session<'a, W: World> {
    pub(super) world: &'a W,
    pub(super) request: &'a Request,
    pub(super) report: Report,
    pub(super) overrides: Overrides,
    /// The account of the environment's cluster, once it was asked.
    pub(super) account: Option<AccountId>,
    /// What is remembered, as last read or written.
    pub(super) state: State,
    /// The same as it is stored.
    pub(super) stored: State,
    /// Its version; none while it does not exist.
    pub(super) version: Option<Version>,
    /// The blueprint's schedule, once the state was read by the rules of its zones that count.
    pub(super) schedule: Schedule,
    /// Whether the state was read: only then may it be written.
    pub(super) loaded: bool,
    /// Whether the lease that was read, if there was one, was still another run's.
    pub(super) is_kept_out: bool,
    /// Which recording is there, once it was read.
    pub(super) recording_there: Option<RecordingId>,
    /// Why that is not the one that the state names, if so.
    pub(super) strange_recording: Option<Reason>,
    pub(super) seen: Observation,
    /// The tier it works with, once it has looked.
    pub(super) tier: Option<RuntimeTier>,
    /// The tier that the next morning would build, where it is looked for what that needs.
    pub(super) morning: Option<RuntimeTier>,
    /// When each part was last looked at.
    pub(super) looked: BTreeMap<Part, DateTime<Utc>>,
}

impl<'a, W: World> Session<'a, W> {
    pub(super) fn new(world: &'a W, request: &'a Request) -> Self {
        let now = world.clock().now();
        let report = Report {
            environment: request.blueprint.environment.clone(),
            run: request.run.clone(),
            trigger: request.trigger(),
            outcome: Outcome::Failed,
            message: String::new(),
            target: None,
            decision: None,
            because: String::new(),
            started_at: now,
            ended_at: now,
            moving_since: None,
            phase: None,
            ready: None,
            saved: None,
            cost: None,
            replaced_addresses: Vec::new(),
            touched: false,
            actions: Vec::new(),
            waited: Vec::new(),
            waiting: Vec::new(),
            reasons: Vec::new(),
            notes: Vec::new(),
            forecast: None,
            next_check: None,
            zones: ZoneRules::default(),
        };
        Self {
            world,
            request,
            report,
            overrides: Overrides::default(),
            account: None,
            state: State::default(),
            stored: State::default(),
            version: None,
            schedule: request.blueprint.schedule.clone(),
            loaded: false,
            is_kept_out: false,
            recording_there: None,
            strange_recording: None,
            seen: Observation::default(),
            tier: None,
            morning: None,
            looked: BTreeMap::new(),
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.world.clock().now()
    }

    /// The first look: at everything, and for a preview at what a run would look at when it comes to it.
    pub(super) async fn observe_all(&mut self, tier: &RuntimeTier) {
        let parts = match self.request.mode {
            Mode::Real => Part::for_run(tier),
            Mode::DryRun => Part::for_preview(tier).into_iter().chain([Part::OtherUsers]).collect(),
        };
        self.observe(tier, &parts).await;
    }

    /// Before anything is touched on the way down: who else uses what goes, and whether the morning would find what it needs
    /// to bring it back. A look that is fresh is as good as another.
    pub(super) async fn look_ahead(
        &mut self,
        tier: &RuntimeTier,
        target: Target,
        step: &Step,
        recording: Option<&Recording>,
    ) -> bool {
        let goes_down = match (target, step) {
            (Target::Up, _) | (Target::Down, Step::Done | Step::Missing(_)) => false,
            (Target::Down, Step::Act(_) | Step::Wait { .. } | Step::Blocked(_)) => true,
        };
        // What is not known itself has no users that could be known, nor can it be said what it would need.
        if !goes_down || !self.seen.unknowns().is_empty() {
            return false;
        }
        let others = self.seen.other_users.is_none() && tier.may_have_other_users();
        if others {
            self.observe(tier, &[Part::OtherUsers].into()).await;
        }
        // What an evening has begun is brought to its end: a morning without all is better than a night with half.
        let is_under_way = self.state.has_set_out_down() && self.recording_there.is_some();
        if self.seen.lacks.is_some() || is_under_way {
            return others;
        }
        self.morning = Some(morning(&self.request.blueprint, &self.state, recording, tier, &self.seen));
        self.look_at_needs().await;
        true
    }

    /// Notes what people should hear, once however often a step comes to it.
    pub(super) fn note_once(&mut self, notes: impl IntoIterator<Item = String>) {
        for note in notes {
            if !self.report.notes.contains(&note) {
                self.report.notes.push(note);
            }
        }
    }

    /// Notes what carries the environment's names and is not its own, and what has lost its tag.
    pub(super) fn note_foreign(&mut self) {
        let notes = safety::notes(&self.seen);
        self.note_once(notes);
    }

    /// Looks at some parts, and remembers when, and which resources are the environment's.
    /// Who else uses what goes is told by what was seen of that before, as is what it would need to come back.
    pub(super) async fn observe(&mut self, tier: &RuntimeTier, parts: &BTreeSet<Part>) {
        let mut parts = widened(parts);
        let others = parts.take(&Part::OtherUsers);
        let needs = parts.take(&Part::Needs);
        // A look at nothing tells how late it is.
        if !parts.is_empty() || others.is_none() && needs.is_none() {
            self.look(tier, &parts).await;
        }
        if let Some(others) = others {
            self.look(tier, &[others].into()).await;
        }
        if needs.is_some() {
            self.look_at_needs().await;
        }
    }

    /// Looks for what the next morning needs: that is another tier than the one that is there.
    async fn look_at_needs(&mut self) {
        let Some(morning) = &self.morning else { return };
        let (at, scope) = (self.now(), self.request.scope(morning, &self.state.identities));
        let later = self.world.cloud().observe(scope, &[Part::Needs].into(), &self.seen).await;
        self.seen.update(later);
        self.looked.insert(Part::Needs, at);
    }

    async fn look(&mut self, tier: &RuntimeTier, parts: &BTreeSet<Part>) {
        let at = self.now();
        let scope = self.request.scope(tier, &self.state.identities);
        let later = self.world.cloud().observe(scope, parts, &self.seen).await;
        self.seen.update(later);
        self.state.identities.learn(&self.seen, tier, &self.request.run, at);
        self.seen.going_down_for = self.state.going_down_for(at);
        self.looked.extend(parts.iter().map(|part| (part.clone(), at)));
    }
}

/// A wide look covers the narrow ones.
fn widened(parts: &BTreeSet<Part>) -> BTreeSet<Part> {
    let all_load_balancers = parts.contains(&Part::LoadBalancers);
    let all_targets = parts.contains(&Part::TargetHealth);
    let covered = |part: &Part| match part {
        Part::LoadBalancerConfiguration(_) | Part::LoadBalancerStates => all_load_balancers,
        Part::TargetsOf(_) => all_targets,
        Part::Addresses
        | Part::NatGateways
        | Part::Routes
        | Part::LoadBalancers
        | Part::TargetHealth
        | Part::Records
        | Part::Services
        | Part::Databases
        | Part::StandaloneTasks
        | Part::OtherUsers
        | Part::Needs
        | Part::VpcEndpoints
        | Part::Instances
        | Part::AutoScalingGroups
        | Part::Alarms => false,
    };
    parts.iter().filter(|part| !covered(part)).cloned().collect()
}
