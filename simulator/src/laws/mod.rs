//! What must be true of every action and at every moment: the invariants, seen from outside.
//!
//! They read the account, the state bucket's documents and the actions; never a decision or a step. What is broken is
//! written down, and the history ends there.

mod actions;
mod kept;
mod returns;
mod states;
mod waits;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::ports::Scope;

use crate::account::Account;
use crate::documents::State;
use crate::world::Documents;

/// A law that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// When.
    pub at: DateTime<Utc>,
    /// Which law, and what broke it.
    pub what: String,
}

/// What a run may do, by what was there when it began.
#[derive(Debug, Clone, Default)]
struct Permission {
    /// A person's `up` override, or a tag that nobody can read: nothing may be torn down.
    protected_by: Option<String>,
    /// Parts that the run could not observe when it last looked.
    blind: BTreeSet<Part>,
    /// When it last looked at each part.
    looked: BTreeMap<Part, DateTime<Utc>>,
    /// When it began.
    began: Option<DateTime<Utc>>,
    /// Whether it has done anything.
    acted: bool,
}

/// The laws of one environment.
#[derive(Debug, Clone)]
pub struct Laws {
    environment: EnvironmentName,
    singletons: BTreeSet<ServiceName>,
    runs: BTreeMap<String, Permission>,
    /// Services that a person has lifted at night: their tasks fail until Curfew has stopped them again.
    lifted: BTreeSet<ServiceName>,
    /// Services whose auto scaling a person has touched since they were last started: to suspend it again lifts them too.
    resumed: BTreeSet<ServiceName>,
    /// Until when a person's change may have made an action wrong that was right when it was decided.
    disturbed_until: Option<DateTime<Utc>>,
    /// Until when tasks cannot pull their image because somebody made a route table again, which has no routes until a run
    /// makes them.
    without_routes_until: Option<DateTime<Utc>>,
    /// When somebody last deleted something of the base tier.
    base_went_at: Option<DateTime<Utc>>,
    /// The addresses that were ever in use.
    served: kept::Served,
    /// When somebody last lost a document: a run that began before knows what it said.
    document_lost_at: Option<DateTime<Utc>>,
    /// When the evening began that is under way, by its first action.
    lowering_since: Option<DateTime<Utc>>,
    /// How much the clocks of two runs may differ.
    clocks: TimeDelta,
    mishaps: usize,
    actions: u64,
    violations: Vec<Violation>,
}

/// What a run saw may be so old when it acts: the time a proof counts as fresh, and a look that lags behind.
const BLINK: TimeDelta = TimeDelta::seconds(90);

/// What is taken away was seen to be this environment's at most so long ago (invariant 1): 60 s, and the time that the
/// recording, the state and the call itself take.
const PROOF: TimeDelta = TimeDelta::seconds(75);

impl Laws {
    /// The laws of an environment.
    pub fn of(environment: &EnvironmentName, tier: &RuntimeTier) -> Self {
        let singletons = tier.services.iter().filter(|(_, service)| service.singleton).map(|(name, _)| name.clone());
        Self {
            environment: environment.clone(),
            singletons: singletons.collect(),
            runs: BTreeMap::new(),
            lifted: BTreeSet::new(),
            resumed: BTreeSet::new(),
            disturbed_until: None,
            without_routes_until: None,
            base_went_at: None,
            served: kept::Served::default(),
            document_lost_at: None,
            lowering_since: None,
            clocks: TimeDelta::seconds(30),
            mishaps: 0,
            actions: 0,
            violations: Vec::new(),
        }
    }

    /// The same, where clocks differ by so much.
    #[must_use]
    pub fn with_clocks(self, clocks: TimeDelta) -> Self {
        Self { clocks, ..self }
    }

    /// Somebody has deleted or garbled a document.
    pub fn document_lost(&mut self, at: DateTime<Utc>) {
        self.document_lost_at = Some(at);
    }

    /// A run ends: what it says must be true of what it did.
    pub fn run_ends(&mut self, run: &str, said: &[String], at: DateTime<Utc>) {
        let acted = self.runs.get(run).is_some_and(|permission| permission.acted);
        let untrue = |text: &&String| UNTOUCHED.iter().any(|words| text.to_ascii_lowercase().contains(words));
        if let Some(text) = said.iter().filter(|_| acted).find(untrue) {
            self.broken(at, format!("{run} acted, and says: {text}"));
        }
    }

    /// What was broken so far.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// How many actions were judged.
    pub fn actions(&self) -> u64 {
        self.actions
    }

    /// Something else that must be true and is not.
    pub fn broken(&mut self, at: DateTime<Utc>, what: impl Into<String>) {
        self.violations.push(Violation { at, what: what.into() });
    }

    /// A person changed something that a run may have looked at a moment ago.
    pub fn disturbed(&mut self, at: DateTime<Utc>) {
        self.disturbed_until = Some(at + BLINK);
    }

    /// Somebody has deleted something of the base tier.
    pub fn base_went(&mut self, at: DateTime<Utc>) {
        self.base_went_at = Some(at);
    }

    /// Whether what is missing of the base tier was so when a run began.
    pub fn was_missing_at(&self, began: DateTime<Utc>) -> bool {
        self.base_went_at.is_none_or(|at| at < began)
    }

    /// Somebody has made a route table again.
    pub fn lost_its_routes(&mut self) {
        self.without_routes_until = Some(DateTime::<Utc>::MAX_UTC);
    }

    /// A person's registration has moved a service's count, perhaps while it had nothing to run on.
    pub fn lifted(&mut self, service: &ServiceName) {
        self.lifted.insert(service.clone());
        self.resumed.insert(service.clone());
    }

    /// Whether a person lifted a service that Curfew has not stopped again.
    pub fn is_lifted(&self, service: &ServiceName) -> bool {
        self.lifted.contains(service)
    }

    /// Every registration moves a count into its bounds, one that suspends too (facts §3): until the next action sets it to
    /// 0, which a run that dies does not come to, its tasks fail as those that a person has lifted.
    fn follow_counts(&mut self, action: &Action) {
        match action {
            Action::UpdateService { name, desired_count, .. } => {
                self.lifted.remove(name);
                if *desired_count > 0 {
                    self.resumed.remove(name);
                }
            }
            Action::RegisterScalableTarget { name, .. } if self.resumed.contains(name) => {
                self.lifted.insert(name.clone());
            }
            _ => {}
        }
    }

    /// A state that somebody has lost says nothing of when an evening began.
    fn follow_evenings(&mut self, state: &State, now: DateTime<Utc>) {
        match state.phase.as_deref() {
            Some("lowering") => self.lowering_since = self.lowering_since.or(Some(now)),
            Some(_) => self.lowering_since = None,
            None => {}
        }
    }

    /// Whether a person changed something so lately that a run may not have seen it.
    pub fn is_disturbed(&self, now: DateTime<Utc>) -> bool {
        self.disturbed_until.is_some_and(|until| now < until)
    }

    /// A run begins: what is tagged now binds it.
    pub fn run_begins(
        &mut self,
        run: &str,
        account: &Account,
        cluster: &ClusterName,
        (began, skew): (DateTime<Utc>, TimeDelta),
    ) {
        // What is over is over by the run's own clock.
        let now = began + skew;
        let found = account.overrides(&self.environment, cluster);
        let protects = |value: &str, held: bool| match read_override(value, now) {
            Some(Some(Target::Up)) => !held,
            Some(Some(Target::Down) | None) => false,
            None => true,
        };
        let protected_by = found.into_iter().find(|one| protects(&one.value, one.held)).map(|one| one.value);
        self.runs.insert(run.to_owned(), Permission { protected_by, began: Some(began), ..Permission::default() });
    }

    /// What a run could see of some parts when it looked.
    pub(crate) fn looked(&mut self, run: &str, part: &Part, blind: bool, now: DateTime<Utc>) {
        let Some(permission) = self.runs.get_mut(run) else { return };
        permission.looked.insert(part.clone(), now);
        if blind {
            permission.blind.insert(part.clone());
            return;
        }
        permission.blind.remove(part);
        // All of them together tell what the narrower looks tell.
        match part {
            Part::LoadBalancers => permission
                .blind
                .retain(|one| !matches!(one, Part::LoadBalancerConfiguration(_) | Part::LoadBalancerStates)),
            Part::TargetHealth => permission.blind.retain(|one| !matches!(one, Part::TargetsOf(_))),
            _ => {}
        }
    }

    /// Judges an action against what is there just before it.
    pub(crate) fn check_action(
        &mut self,
        account: &Account,
        scope: Scope<'_>,
        action: &Action,
        run: &str,
        documents: &Documents,
    ) {
        self.actions += 1;
        self.follow_counts(action);
        if matches!(action, Action::CreateRoute { .. }) && self.without_routes_until.is_some() {
            self.without_routes_until = Some(account.now() + BLINK);
        }
        let now = account.now();
        let mut broken = actions::against(account, scope, action);
        if self.is_disturbed(now) {
            broken.retain(|one| !one.is_a_race);
        }
        let mut what: Vec<String> = broken.into_iter().map(|one| one.what).collect();
        what.extend(self.against_run(action, run, now));
        if let Some(permission) = self.runs.get_mut(run) {
            permission.acted = true;
        }
        what.extend(self.against_documents(action, run, documents, now));
        self.served.follow(account, &self.environment);
        what.extend(self.served.against(account, scope, action));
        what.extend(kept::touches_a_strangers(account, action));
        let state = State::read(documents.get(&format!("{}/state.json", self.environment)));
        self.follow_evenings(&state, now);
        what.extend(returns::against(account, action, self.lowering_since));
        let clocks = (now, self.clocks);
        if !self.knew_better(run) {
            what.extend(waits::against(account, scope, action, &state, clocks));
            what.extend(waits::cuts_clients_off(account, scope, action, &state, clocks));
        }
        for one in what {
            self.broken(now, format!("{run} {action}: {one}"));
        }
    }

    fn against_run(&self, action: &Action, run: &str, now: DateTime<Utc>) -> Vec<String> {
        let mut broken = Vec::new();
        let Some(permission) = self.runs.get(run) else { return broken };
        if takes_away(action)
            && let Some(value) = &permission.protected_by
        {
            broken.push(format!("the override `{value}` forbids to take anything away"));
        }
        let is_proven = |part: &Part| permission.looked.get(part).is_some_and(|at| now - *at <= PROOF);
        if let Some(part) = action.touches().iter().find(|part| takes_away(action) && !is_proven(part)) {
            broken.push(format!("{part:?} was last looked at {:?}", permission.looked.get(part)));
        }
        let is_tag = matches!(action, Action::TagCluster { .. } | Action::UntagCluster { .. });
        if !is_tag && !permission.blind.is_empty() {
            broken.push(format!("{:?} could not be observed", permission.blind));
        }
        broken
    }

    /// Judges what is there.
    pub(crate) fn check_state(&mut self, account: &Account) {
        let now = account.now();
        for what in states::against(account, &self.singletons) {
            if self.violations.iter().all(|known| known.what != what) {
                self.broken(now, what);
            }
        }
        let mishaps = account.mishaps();
        let new: Vec<_> = mishaps.iter().skip(self.mishaps).cloned().collect();
        self.mishaps = mishaps.len();
        for mishap in new {
            let of_lifted = self.lifted.iter().any(|name| mishap.what.contains(&format!(" of service {name} ")));
            let is_without_route = mishap.what.contains("could not pull its image")
                && self.without_routes_until.is_some_and(|until| mishap.at < until);
            if !self.is_disturbed(mishap.at) && !of_lifted && !is_without_route {
                self.broken(mishap.at, mishap.what);
            }
        }
    }
}

/// What an action takes from people: what it deletes, and the tasks it stops.
fn takes_away(action: &Action) -> bool {
    action.effect() == Effect::Destructive
        || matches!(
            action,
            Action::UpdateService { desired_count: 0, .. }
                | Action::StopDbInstance { .. }
                | Action::StopDbCluster { .. }
                | Action::StopInstances { .. }
                | Action::UpdateAutoScalingGroup { capacity: GroupCapacity { min: 0, desired: 0, .. }, .. }
        )
}

/// What an override says at an instant: nothing once it is over. `None` if nobody can read it.
///
/// Its own reading of DESIGN.md, on purpose: the core's is under test.
fn read_override(value: &str, now: DateTime<Utc>) -> Option<Option<Target>> {
    let (target, until) = match value.split_once(" until ") {
        Some((target, until)) => (target, Some(DateTime::parse_from_rfc3339(until).ok()?.with_timezone(&Utc))),
        None => (value, None),
    };
    let target = match &target.to_lowercase()[..] {
        "up" => Target::Up,
        "down" => Target::Down,
        _ => return None,
    };
    Some((until.is_none_or(|until| until > now)).then_some(target))
}

/// So long a lease keeps others out (docs/operations.md).
const LEASE: TimeDelta = TimeDelta::seconds(120);

/// A run that has acted says none of these.
const UNTOUCHED: [&str; 3] = ["nothing was touched", "left as it is", "nothing has changed"];

/// Invariants 2 and 10, read from the documents as a person would.
impl Laws {
    /// A run that has read what somebody loses then goes on until it writes the next time.
    fn knew_better(&self, run: &str) -> bool {
        let began = self.runs.get(run).and_then(|permission| permission.began);
        self.document_lost_at.is_some_and(|lost| began.is_some_and(|began| began <= lost))
    }

    fn against_documents(&self, action: &Action, run: &str, documents: &Documents, now: DateTime<Utc>) -> Vec<String> {
        let mut broken = Vec::new();
        let knew_better = self.knew_better(run);
        let name = |name: &str| format!("{}/{name}.json", self.environment);
        let written_at = documents.written_at(&name("state"));
        let state = State::read(documents.get(&name("state")));
        match &state.lease {
            _ if knew_better => {}
            None => broken.push("there is no lease".to_owned()),
            Some(lease) if lease.run != run => broken.push(format!("the lease is {}'s", lease.run)),
            // By the store's clock, whatever the run's own says: from then on another run may work.
            Some(_) if written_at.is_none_or(|at| at + LEASE <= now) => broken.push("the lease is over".to_owned()),
            Some(_) => {}
        }
        let recording = documents.get(&name("recording"));
        if takes_away(action) && recording.is_none() && !knew_better {
            broken.push("there is no recording".to_owned());
        }
        let rests_on_it = matches!(state.phase.as_deref(), Some("raising" | "lowering" | "down"));
        if rests_on_it && state.recording.is_some() && recording.is_none() && !knew_better {
            broken.push("the recording that the state names is gone".to_owned());
        }
        broken
    }
}
