//! A world in memory and in virtual time: AWS is the forecast's own model, made strict; the state bucket keeps its
//! conditions; nothing waits, time jumps. A run in it ends at once, unless it is cut or held.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{pending, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::{Command, Hold};
use curfew_core::forecast::Model;
use curfew_core::model::*;
use curfew_core::next::Waiting;
use curfew_core::ports::*;
use curfew_core::recording::{Recording, capture};
use curfew_core::report::{Outcome, Report};
use curfew_core::run::{Mode, Request, run};
use curfew_core::state::State;
use futures::FutureExt;

use super::environment::by_day;
use super::{at, laws};

/// What is done to the world, in the order it is done.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Performed(Action),
    Stored(String),
    Told(String),
}

/// Where a run stops by force.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cut {
    /// It dies before the change of this number.
    Before(usize),
    /// It dies after the change of this number, before it hears of it.
    After(usize),
    /// It hangs before this change until it is let go on.
    Hold(usize),
}

/// What is wrong with the account for a while.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub call: &'static str,
    pub error: ActionError,
    pub times: u32,
    /// Whether the call has its effect all the same, as after a time-out.
    pub works: bool,
}

struct Inner {
    now: DateTime<Utc>,
    model: Model,
    overrides: Vec<FoundOverride>,
    documents: BTreeMap<String, (String, u64)>,
    messages: Vec<Message>,
    changes: Vec<Change>,
    looks: Vec<BTreeSet<Part>>,
    runs: u32,
    cut: Option<Cut>,
    dead: bool,
    count: usize,
    refusals: Vec<Refusal>,
    blind: BTreeMap<Part, Unobserved>,
    stale: BTreeMap<Part, Observation>,
    unwritable: Option<String>,
    garbled: Option<String>,
}

/// The world. Clones are the same one.
#[derive(Clone)]
pub struct World {
    pub blueprint: Blueprint,
    inner: Arc<Mutex<Inner>>,
}

/// A Tuesday, at noon in New York.
pub const NOON: &str = "2026-11-17T17:00:00Z";
/// The same day's end.
pub const EVENING: &str = "2026-11-18T01:00:00Z";
/// In the night after it.
pub const NIGHT: &str = "2026-11-18T04:00:00Z";
/// The next day's start.
pub const MORNING: &str = "2026-11-18T13:00:00Z";
/// The next day, at noon.
pub const NEXT_NOON: &str = "2026-11-18T17:00:00Z";
/// The next day's end.
pub const NEXT_EVENING: &str = "2026-11-19T01:00:00Z";
/// The start of the day after.
pub const NEXT_MORNING: &str = "2026-11-19T13:00:00Z";

impl World {
    /// An environment that is up, on Tuesday at noon, before Curfew's first run.
    pub fn by_day(blueprint: Blueprint) -> Self {
        let model = Model::new(&blueprint.environment, by_day(&blueprint));
        let inner = Inner {
            now: at(NOON),
            model,
            overrides: Vec::new(),
            documents: BTreeMap::new(),
            messages: Vec::new(),
            changes: Vec::new(),
            looks: Vec::new(),
            runs: 0,
            cut: None,
            dead: false,
            count: 0,
            refusals: Vec::new(),
            blind: BTreeMap::new(),
            stale: BTreeMap::new(),
            unwritable: None,
            garbled: None,
        };
        Self { blueprint, inner: Arc::new(Mutex::new(inner)) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    // --- time ---

    /// Goes to an instant.
    pub fn at(&self, instant: &str) -> &Self {
        let now = self.inner().now;
        let until = at(instant);
        assert!(until >= now, "time goes on: {until} is before {now}");
        self.pass((until - now).to_std().unwrap_or_default());
        self
    }

    pub fn pass(&self, duration: Duration) {
        let mut inner = self.inner();
        inner.now += TimeDelta::from_std(duration).unwrap_or_default();
        inner.model.advance_by(duration);
        laws::check_state(&self.blueprint.tier, inner.model.seen());
    }

    // --- runs ---

    pub fn request(&self, command: Option<Command>) -> Request {
        let mut inner = self.inner();
        inner.runs += 1;
        Request {
            blueprint: self.blueprint.clone(),
            command,
            requested_by: None,
            mode: Mode::Real,
            run: format!("run-{}", inner.runs),
            deadline: inner.now + TimeDelta::minutes(15),
        }
    }

    /// A run to its end.
    pub fn run(&self, request: &Request) -> Report {
        run(self, request).now_or_never().expect("a run that nothing cuts comes to its end")
    }

    /// A run until it is cut; its report if it was not.
    pub fn run_cut(&self, request: &Request, cut: Cut) -> Option<Report> {
        self.arm(cut);
        let report = run(self, request).now_or_never();
        let mut inner = self.inner();
        (inner.cut, inner.dead) = (None, false);
        report
    }

    /// Cuts or holds the next run.
    pub fn arm(&self, cut: Cut) {
        let mut inner = self.inner();
        (inner.cut, inner.dead, inner.count) = (Some(cut), false, 0);
    }

    /// Lets a held run go on.
    pub fn let_go(&self) {
        self.inner().cut = None;
    }

    pub fn tick(&self) -> Report {
        self.run(&self.request(None))
    }

    pub fn scheduled(&self, target: Target) -> Report {
        self.run(&self.request(Some(Command::Scheduled(target))))
    }

    pub fn manual(&self, target: Target, hold: Hold) -> Report {
        self.run(&self.request(Some(Command::Manual { target, hold })))
    }

    /// Ticks, five minutes apart, until nothing is left to do.
    pub fn tick_until_unchanged(&self) {
        for _ in 0..20 {
            if self.tick().outcome == Outcome::Unchanged {
                return;
            }
            self.pass(Duration::from_secs(300));
        }
        panic!("the ticks do not come to an end: {}", self.tick());
    }

    /// The example by day, after its first tick: Curfew knows that it is up.
    pub fn known(blueprint: Blueprint) -> Self {
        let world = Self::by_day(blueprint);
        assert_eq!(world.tick().outcome, Outcome::Unchanged);
        world.changes();
        world
    }

    /// The schedule's stop, which brings it down.
    pub fn stop(&self) -> Report {
        let report = self.scheduled(Target::Down);
        assert_eq!(report.outcome, Outcome::Converged, "{report}");
        self.assert_down();
        report
    }

    /// The schedule's start, which brings it up.
    pub fn start(&self) -> Report {
        let report = self.scheduled(Target::Up);
        assert_eq!(report.outcome, Outcome::Converged, "{report}");
        self.assert_up();
        report
    }

    /// Run again: nothing changes.
    pub fn assert_unchanged(&self) {
        self.changes();
        let report = self.tick();
        assert_eq!((report.outcome, self.changes()), (Outcome::Unchanged, Vec::new()), "run again: {report}");
    }

    // --- what others do ---

    /// Somebody changes something by hand.
    pub fn by_hand(&self, change: impl FnOnce(&mut Observation)) {
        let mut inner = self.inner();
        let mut seen = inner.model.seen().clone();
        change(&mut seen);
        inner.model = Model::new(&self.blueprint.environment, seen);
    }

    /// Somebody scales a service, and its tasks are there.
    pub fn scale_by_hand(&self, service: &str, count: u32) {
        self.by_hand(|seen| {
            let Some(Seen::Ready(found)) = seen.services.get_mut(&super::id(service)) else { panic!("{service}") };
            found.configuration.desired_count = count;
            found.tasks.running = count;
            for group in found.target_groups.clone() {
                if let Some(Seen::Ready(targets)) = seen.targets.get_mut(&group) {
                    targets.healthy = count;
                }
            }
        });
    }

    /// Somebody changes the environment's only load balancer.
    pub fn load_balancer_by_hand(&self, change: impl FnOnce(&mut LoadBalancer)) {
        self.by_hand(|seen| {
            let Some(Seen::Ready(found)) = seen.load_balancers.values_mut().next() else { panic!("no load balancer") };
            change(&mut found.configuration);
        });
    }

    /// Somebody adds a rule to the listener of port 443.
    pub fn add_rule_by_hand(&self, priority: u16) {
        self.load_balancer_by_hand(|load_balancer| {
            let rules = &mut load_balancer.listeners.get_mut(&443).expect("it listens").rules;
            rules.insert(priority, rule(&format!("/by-hand/{priority}")));
        });
    }

    /// The priorities of the rules of port 443, as they are.
    pub fn rules(&self) -> Vec<u16> {
        let seen = self.seen();
        let load_balancer = seen.load_balancers.values().find_map(Seen::present).expect("it is there");
        load_balancer.configuration.listeners[&443].rules.keys().copied().collect()
    }

    /// How many tasks a service should have, as it is.
    pub fn desired_count(&self, service: &str) -> u32 {
        self.seen().services[&super::id::<ServiceName>(service)]
            .present()
            .expect("it is there")
            .configuration
            .desired_count
    }

    /// The tags of the cluster, as somebody sets them.
    pub fn set_override(&self, value: Option<&str>) {
        let found = |value: &str| FoundOverride { resource: "the cluster".into(), value: value.into(), held: false };
        self.inner().overrides = value.map(found).into_iter().collect();
    }

    pub fn refuse(&self, refusal: Refusal) {
        self.inner().refusals.push(refusal);
    }

    /// A part cannot be observed.
    pub fn blind(&self, part: Part, retry: Retry) {
        let why = Unobserved { call: "Describe".to_owned(), message: "no".to_owned(), retry };
        self.inner().blind.insert(part, why);
    }

    pub fn see_again(&self) {
        let mut inner = self.inner();
        inner.blind.clear();
        inner.stale.clear();
    }

    /// A part goes on to look as it does now.
    pub fn freeze(&self, part: Part) {
        let mut inner = self.inner();
        let seen = inner.model.seen().clone();
        inner.stale.insert(part, seen);
    }

    pub fn make_unwritable(&self, document: &str) {
        self.inner().unwritable = Some(document.to_owned());
    }

    /// A document reads back as something else than what was written.
    pub fn garble(&self, document: &str) {
        self.inner().garbled = Some(document.to_owned());
    }

    pub fn write(&self, document: &str, body: &str) {
        let mut inner = self.inner();
        let version = inner.documents.get(document).map_or(1, |(_, version)| version + 1);
        inner.documents.insert(document.to_owned(), (body.to_owned(), version));
    }

    // --- what can be seen ---

    pub fn seen(&self) -> Observation {
        self.inner().model.seen().clone()
    }

    pub fn document(&self, name: &str) -> Option<String> {
        self.inner().documents.get(name).map(|(body, _)| body.clone())
    }

    pub fn recording(&self) -> Recording {
        let body = self.document("dev/recording.json").expect("there is a recording");
        Recording::parse(&body).expect("it can be read")
    }

    pub fn state(&self) -> State {
        State::parse(&self.document("dev/state.json").expect("there is a state")).expect("it can be read")
    }

    /// What was done since last asked.
    pub fn changes(&self) -> Vec<Change> {
        std::mem::take(&mut self.inner().changes)
    }

    pub fn performed(&self) -> Vec<Action> {
        let performed = |change| if let Change::Performed(action) = change { Some(action) } else { None };
        self.changes().into_iter().filter_map(performed).collect()
    }

    /// The subjects of what people were told since last asked.
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().messages).into_iter().map(|message| message.subject).collect()
    }

    pub fn messages(&self) -> Vec<Message> {
        std::mem::take(&mut self.inner().messages)
    }

    pub fn looks(&self) -> Vec<BTreeSet<Part>> {
        std::mem::take(&mut self.inner().looks)
    }

    pub fn overrides(&self) -> Vec<FoundOverride> {
        self.inner().overrides.clone()
    }

    /// What there is, in the blueprint's words: what must be the same each day.
    pub fn configuration(&self) -> RuntimeTier {
        let mut tier = capture(&self.blueprint.tier, &self.seen());
        // AWS gives a new one all its defaults; only what was set says something.
        for load_balancer in tier.load_balancers.values_mut() {
            let wanted = ["idle_timeout.timeout_seconds", "access_logs.s3.enabled", "deletion_protection.enabled"];
            load_balancer.attributes.retain(|key, _| wanted.contains(&key.as_str()));
        }
        tier
    }

    /// The ids of all addresses.
    pub fn allocations(&self) -> Vec<AllocationId> {
        self.seen().addresses.values().filter_map(Seen::present).map(|found| found.ownership.id().clone()).collect()
    }

    pub fn assert_up(&self) {
        let seen = self.seen();
        for (name, service) in &seen.services {
            let service = service.ready().expect("it is there");
            let desired = service.configuration.desired_count;
            assert!(desired > 0 && service.tasks.running == desired, "{name}: {service:?}");
        }
        for (key, name) in &self.blueprint.tier.routes {
            let nat = seen.nat_gateways[name].ready().expect("it is available").ownership.id().clone();
            assert_eq!(seen.routes[key].ready().map(|r| r.target.clone()), Some(RouteTarget::NatGateway(nat)));
        }
        assert!(seen.load_balancers.values().all(|found| found.ready().is_some()));
        self.assert_no_strays();
    }

    pub fn assert_down(&self) {
        let seen = self.seen();
        assert!(seen.services.values().all(|s| s.present().is_none_or(|s| !s.tasks.any())), "{:?}", seen.services);
        assert!(seen.nat_gateways.values().all(|found| *found == Seen::Absent));
        assert!(seen.load_balancers.values().all(|found| *found == Seen::Absent));
        self.assert_no_strays();
    }

    pub fn assert_no_strays(&self) {
        let strays = self.seen().strays;
        assert!(strays.values().all(Vec::is_empty), "one of everything: {strays:?}");
    }

    // --- inside ---

    /// Counts a change, and stops the run that makes it where it is to be cut.
    async fn gate(&self, before: bool) {
        let number = {
            let mut inner = self.inner();
            inner.count += usize::from(before);
            inner.count
        };
        let stopped = move |inner: &mut Inner| match inner.cut {
            Some(Cut::Before(at)) if before && number >= at => inner.dead = true,
            Some(Cut::After(at)) if !before && number >= at => inner.dead = true,
            _ => {}
        };
        stopped(&mut self.inner());
        self.stop_if_dead().await;
        poll_fn(|_| match self.inner().cut {
            Some(Cut::Hold(at)) if before && number == at => Poll::Pending,
            _ => Poll::Ready(()),
        })
        .await;
    }

    async fn stop_if_dead(&self) {
        if self.inner().dead {
            pending::<()>().await;
        }
    }

    fn perform_now(&self, scope: Scope<'_>, action: &Action) -> Result<(), ActionError> {
        let mut inner = self.inner();
        let refusal = inner.refusals.iter_mut().find(|r| r.times > 0 && r.call == action.name());
        if let Some(refusal) = refusal {
            refusal.times -= 1;
            let refusal = refusal.clone();
            if refusal.works {
                inner.take(scope, action);
            }
            return Err(refusal.error);
        }
        inner.take(scope, action);
        Ok(())
    }
}

impl Inner {
    fn take(&mut self, scope: Scope<'_>, action: &Action) {
        laws::check(scope.tier, self.model.seen(), action);
        match action {
            Action::TagCluster { tags } => {
                let value = tags[OVERRIDE_TAG].clone();
                let held = tags.get(HOLD_TAG) == Some(&value);
                self.overrides = vec![FoundOverride { resource: "the cluster".to_owned(), value, held }];
            }
            Action::UntagCluster { keys } => {
                assert!(keys.contains(OVERRIDE_TAG) && keys.contains(HOLD_TAG), "a hold goes with its mark");
                self.overrides.clear();
            }
            _ => self.model.perform(action),
        }
        laws::check_state(scope.tier, self.model.seen());
        self.changes.push(Change::Performed(action.clone()));
        assert!(self.changes.len() < 5000, "the run does not come to an end");
    }

    fn look(&self, tier: &RuntimeTier, part: &Part, into: &mut Observation) {
        let seen = self.stale.get(part).unwrap_or_else(|| self.model.seen());
        let blind = self.blind.get(part);
        match part {
            Part::Addresses => into.addresses = pick(tier.addresses.keys(), &seen.addresses, blind),
            Part::NatGateways => into.nat_gateways = pick(tier.nat_gateways.keys(), &seen.nat_gateways, blind),
            Part::Routes => into.routes = pick(tier.routes.keys(), &seen.routes, blind),
            Part::LoadBalancers | Part::LoadBalancerStates => {
                into.load_balancers = pick(tier.load_balancers.keys(), &seen.load_balancers, blind);
            }
            Part::LoadBalancerConfiguration(name) => {
                into.load_balancers.extend(pick([name].into_iter(), &seen.load_balancers, blind));
            }
            Part::TargetHealth => into.targets = pick(tier.target_groups().iter(), &seen.targets, blind),
            Part::Records => into.records = pick(tier.dns_records.keys(), &seen.records, blind),
            Part::Services => into.services = pick(tier.services.keys(), &seen.services, blind),
        }
        if let Some(strays) = seen.strays.get(part) {
            into.strays.insert(part.clone(), strays.clone());
        }
    }
}

fn pick<'a, K: Ord + Clone + 'a, T: Clone>(
    keys: impl Iterator<Item = &'a K>,
    seen: &BTreeMap<K, Seen<T>>,
    blind: Option<&Unobserved>,
) -> BTreeMap<K, Seen<T>> {
    keys.map(|key| {
        let found = seen.get(key).cloned().unwrap_or(Seen::Absent);
        (key.clone(), blind.map_or(found, |why| Seen::Unknown(why.clone())))
    })
    .collect()
}

impl Cloud for World {
    async fn observe(&self, scope: Scope<'_>, parts: &BTreeSet<Part>, _: &Observation) -> Observation {
        self.stop_if_dead().await;
        let mut inner = self.inner();
        inner.looks.push(parts.clone());
        let mut seen = Observation::default();
        parts.iter().for_each(|part| inner.look(scope.tier, part, &mut seen));
        seen
    }

    async fn perform(&self, scope: Scope<'_>, action: &Action, _: &Token) -> Result<(), ActionError> {
        self.gate(true).await;
        let result = self.perform_now(scope, action);
        self.gate(false).await;
        result
    }

    async fn overrides(&self, _: Scope<'_>) -> Result<Vec<FoundOverride>, Unobserved> {
        Ok(self.inner().overrides.clone())
    }
}

impl Store for World {
    async fn get(&self, document: &str) -> Result<Option<(String, Version)>, StoreError> {
        self.stop_if_dead().await;
        let inner = self.inner();
        let written = inner.changes.contains(&Change::Stored(document.to_owned()));
        let garbled = written && inner.garbled.as_deref() == Some(document);
        let stored = inner.documents.get(document);
        Ok(stored.map(|(body, version)| {
            let body = if garbled { body.replace("\"desiredCount\": 2", "\"desiredCount\": 3") } else { body.clone() };
            (body, Version(version.to_string()))
        }))
    }

    async fn put(
        &self,
        document: &str,
        body: &str,
        condition: curfew_core::ports::Condition,
    ) -> Result<Version, StoreError> {
        self.gate(true).await;
        let result = self.put_now(document, body, condition);
        self.gate(false).await;
        result
    }
}

impl World {
    fn put_now(
        &self,
        document: &str,
        body: &str,
        condition: curfew_core::ports::Condition,
    ) -> Result<Version, StoreError> {
        let mut inner = self.inner();
        if inner.unwritable.as_deref() == Some(document) {
            return Err(StoreError::Unavailable { document: document.to_owned(), message: "denied".to_owned() });
        }
        let version = inner.documents.get(document).map(|(_, version)| *version);
        let holds = match condition {
            curfew_core::ports::Condition::Absent => version.is_none(),
            curfew_core::ports::Condition::Matches(wanted) => {
                version.is_some_and(|version| version.to_string() == wanted.0)
            }
        };
        if !holds {
            return Err(StoreError::Changed { document: document.to_owned() });
        }
        let version = version.unwrap_or(0) + 1;
        inner.documents.insert(document.to_owned(), (body.to_owned(), version));
        inner.changes.push(Change::Stored(document.to_owned()));
        Ok(Version(version.to_string()))
    }
}

impl Notifier for World {
    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        self.gate(true).await;
        {
            let mut inner = self.inner();
            inner.messages.push(message.clone());
            inner.changes.push(Change::Told(message.subject.clone()));
        }
        self.gate(false).await;
        Ok(())
    }
}

impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        self.inner().now
    }

    async fn sleep(&self, duration: Duration) {
        self.stop_if_dead().await;
        self.pass(duration);
    }
}

impl Progress for World {
    fn performed(&self, _: &Action, _: DateTime<Utc>) {}
    fn retrying(&self, _: &Action, _: &ActionError, _: DateTime<Utc>) {}
    fn waiting(&self, _: &[Waiting], _: DateTime<Utc>) {}
}

impl curfew_core::run::World for World {
    type Cloud = Self;
    type Store = Self;
    type Notifier = Self;
    type Clock = Self;
    type Progress = Self;

    fn cloud(&self) -> &Self {
        self
    }
    fn store(&self) -> &Self {
        self
    }
    fn notifier(&self) -> &Self {
        self
    }
    fn clock(&self) -> &Self {
        self
    }
    fn progress(&self) -> &Self {
        self
    }
}

/// A rule that answers a path by itself.
pub fn rule(path: &str) -> Rule {
    Rule {
        conditions: vec![curfew_core::model::Condition::PathPattern {
            values: vec![path.to_owned()],
            regex_values: Vec::new(),
        }],
        actions: vec![RuleAction::FixedResponse {
            status_code: "200".to_owned(),
            content_type: None,
            message_body: Some("here".to_owned()),
        }],
        transforms: Vec::new(),
        tags: Tags::new(),
    }
}

/// An error of a call.
pub fn error(code: &str, retry: Retry) -> ActionError {
    ActionError { call: "a call".to_owned(), code: code.to_owned(), message: "no".to_owned(), retry }
}
