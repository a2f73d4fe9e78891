//! A world in memory and in virtual time: AWS is the forecast's own model, made strict; the state bucket keeps its
//! conditions; nothing waits, time jumps. A run in it ends at once, unless it is cut or held.

mod by_hand;
mod look;
mod ports;

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
use curfew_core::placing::{lacking, open_needs};
use curfew_core::ports::*;
use curfew_core::report::{Outcome, Report};
use curfew_core::run::{Mode, Request, run};
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

/// A document in the state bucket.
struct Kept {
    body: String,
    version: u64,
    written_at: DateTime<Utc>,
}

struct Inner {
    now: DateTime<Utc>,
    /// How far the clock of whoever runs is ahead of the account's.
    skew: TimeDelta,
    model: Model,
    overrides: Vec<FoundOverride>,
    documents: BTreeMap<String, Kept>,
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
    repeated: Option<String>,
    interrupted: bool,
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
            skew: TimeDelta::zero(),
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
            repeated: None,
            interrupted: false,
        };
        Self { blueprint, inner: Arc::new(Mutex::new(inner)) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

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

    fn look(&self, scope: Scope<'_>, part: &Part, into: &mut Observation) {
        let tier = scope.tier;
        let narrow = match part {
            Part::TargetsOf(_) => &Part::TargetHealth,
            other => other,
        };
        let seen = self.stale.get(narrow).unwrap_or_else(|| self.model.seen());
        let blind = self.blind.get(narrow);
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
            Part::TargetsOf(group) => into.targets.extend(pick([group].into_iter(), &seen.targets, blind)),
            Part::TargetHealth => into.targets = pick(tier.target_groups().iter(), &seen.targets, blind),
            Part::Records => into.records = pick(tier.dns_records.keys(), &seen.records, blind),
            Part::Services => into.services = pick(tier.services.keys(), &seen.services, blind),
            Part::Databases => into.databases = pick(tier.databases.keys(), &seen.databases, blind),
            Part::StandaloneTasks => {
                let found = seen.standalone_tasks.clone().unwrap_or(Seen::Absent);
                into.standalone_tasks = Some(blind.map_or(found, |why| Seen::Unknown(why.clone())));
            }
            Part::OtherUsers => {
                let found = seen.other_users.clone().unwrap_or(Seen::Absent);
                into.other_users = Some(blind.map_or(found, |why| Seen::Unknown(why.clone())));
            }
            Part::Needs => {
                let gone: Vec<&Lack> = seen.lacks.iter().filter_map(Seen::present).flatten().collect();
                let of = |needed: &Needed| {
                    gone.iter().find(|lack| lack.needed == *needed).map(|lack| lack.shortcoming.clone())
                };
                let found = lacking(open_needs(tier, &Observation::default()), of);
                into.lacks = Some(blind.map_or(found, |why| Seen::Unknown(why.clone())));
            }
            Part::VpcEndpoints => into.vpc_endpoints = pick(tier.vpc_endpoints.keys(), &seen.vpc_endpoints, blind),
            Part::Instances => into.instances = pick(tier.instances.keys(), &seen.instances, blind),
            Part::AutoScalingGroups => {
                let groups = &seen.auto_scaling_groups;
                into.auto_scaling_groups = pick(tier.auto_scaling_groups.keys(), groups, blind);
            }
            Part::Alarms => {
                into.alarms = pick(tier.load_balancers.keys(), &seen.alarms, blind);
                into.gateway_alarms = pick(tier.nat_gateways.keys(), &gateway_alarms(seen, scope), blind);
            }
        }
        if let Some(missing) = seen.missing.get(part) {
            into.missing.insert(part.clone(), missing.clone());
        }
        if let Some(orphans) = seen.orphans.get(part) {
            into.orphans.insert(part.clone(), orphans.clone());
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

/// The alarms on NAT gateways, as whoever remembers these would see them.
fn gateway_alarms(seen: &Observation, scope: Scope<'_>) -> BTreeMap<LogicalName, Seen<GatewayAlarms>> {
    let laid = seen.gateway_alarms.values().filter_map(Seen::ready).flat_map(|found| found.alarms.clone());
    let laid = laid.collect();
    let on = |name: &LogicalName, declared: &NatGateway| {
        let ids = scope.identities.ids_of_nat_gateway(name).into_iter().chain(declared.adopted.clone()).collect();
        GatewayAlarms::among(&laid, ids).map_or(Seen::Absent, Seen::Ready)
    };
    scope.tier.nat_gateways.iter().map(|(name, one)| (name.clone(), on(name, one))).collect()
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
