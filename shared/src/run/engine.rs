//! The loop: what is next, do it, look again at what that touched or is waited for.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;

use super::session::Session;
use super::tier::effective;
use super::{DEADLINE_MARGIN, Ending};
use super::{compute, databases, denied, standalone_tasks};
use crate::alarms;
use crate::model::*;
use crate::next::{POLL, Step, Waiting, held_back, next, worth_a_look};
use crate::ports::{ActionError, Clock, Cloud, Progress, Token, World};
use crate::recording::Recording;
use crate::report::{Outcome, PerformedAction, Waited};
use crate::safety::{self, missing};
use crate::state::Phase;

/// A proof of ownership that a deletion or a change of something existing rests on is no older than this.
const FRESH: TimeDelta = TimeDelta::seconds(60);
/// What was done and cannot be seen after this long did not happen.
const VISIBLE_WITHIN: TimeDelta = TimeDelta::seconds(90);
/// A look so soon after a change may still show what was there before it (facts §2, "eventual consistency").
const CONSISTENT_AFTER: TimeDelta = TimeDelta::seconds(10);
/// So many failed tries in a row, with looks between them, end a run; the tick tries again.
const MOST_FAILURES: u32 = 8;

/// What the loop remembers between two steps.
#[derive(Default)]
struct Memory {
    set_out: bool,
    failures: u32,
    moved: bool,
    last_action: Option<DateTime<Utc>>,
    performed: Vec<(Action, DateTime<Utc>)>,
    waiting: Vec<(Waiting, DateTime<Utc>)>,
    /// What was not looked at while a look could not tell anything: it is, as soon as one can.
    held_back: BTreeSet<Part>,
}

/// Brings the tier to the target, as far as time allows.
///
/// Until it sets out, the tier is what `base` and what is seen make of it: what a first look could not tell counts too
/// once it is known. From then on it is what was recorded.
pub(super) async fn converge<W: World>(
    session: &mut Session<'_, W>,
    base: &RuntimeTier,
    target: Target,
    recording: Option<Recording>,
) -> Result<Ending, Ending> {
    let mut memory = Memory::default();
    let mut recording = recording;
    let phase = session.state.phase;
    let mut tier = base.clone();
    loop {
        if !memory.set_out {
            tier = effective(base, &session.seen, phase);
            session.tier = Some(tier.clone());
        }
        let tier = &tier;
        let mut step = next(&session.request.blueprint.environment, tier, &session.seen, target);
        if session.look_ahead(tier, target, &step, recording.as_ref()).await {
            step = next(&session.request.blueprint.environment, tier, &session.seen, target);
        }
        memory.note_waits(session, &step);
        memory.forget_values(session, &step);
        if session.now() + DEADLINE_MARGIN >= session.request.deadline {
            return Ok(out_of_time(session, &memory, step, target));
        }
        if session.world.progress().is_interrupted() {
            let ending = out_of_time(session, &memory, step, target);
            return Ok(Ending { message: format!("interrupted: {}", ending.message), ..ending });
        }
        session.keep_lease().await?;
        if let Step::Wait { on, .. } = &step
            && on.iter().any(Waiting::has_a_limit)
        {
            memory.set_out(session, tier, target, &mut recording).await?;
        }
        match step {
            Step::Done if memory.is_unconfirmed(session, target) => {
                session.world.clock().sleep(POLL).await;
                let parts = memory.worth_a_look(session, tier, BTreeSet::new());
                session.observe(tier, &parts).await;
            }
            Step::Done => return Ok(done(session, &memory, target)),
            Step::Blocked(reasons) => return Err(session.blocked(reasons)),
            Step::Missing(reasons) => return Err(session.missing(reasons, target)),
            Step::Wait { on, .. } if on.iter().all(Waiting::is_for_another_run) => {
                session.report.waiting = on;
                return Ok(unfinished(session, target));
            }
            Step::Wait { on, poll_after } => {
                let is_ready_but_for_time = on.iter().all(Waiting::is_readiness);
                let unconfirmed = memory.is_unconfirmed(session, target);
                // What is missing is not configured: what is there would be recorded without it.
                let is_whole = missing::of(tier, &session.seen, target).is_none();
                if is_ready_but_for_time && !unconfirmed && is_whole {
                    settle(session, target);
                }
                memory.count_unknowns(&on)?;
                let mut parts = worth_a_look(&on, &session.seen);
                let due: BTreeSet<Part> = memory.held_back.intersection(&parts).cloned().collect();
                memory.held_back = held_back(&on, &session.seen);
                if !due.is_empty() {
                    session.observe(tier, &due).await;
                    continue;
                }
                session.world.progress().waiting(&on, session.now());
                session.world.clock().sleep(poll_after).await;
                if session.seen.other_users.as_ref().and_then(Seen::unknown).is_some() {
                    parts.insert(Part::OtherUsers);
                }
                if session.seen.lacks.as_ref().and_then(Seen::unknown).is_some() {
                    parts.insert(Part::Needs);
                }
                if is_ready_but_for_time && unconfirmed {
                    parts = memory.worth_a_look(session, tier, parts);
                }
                session.observe(tier, &parts).await;
            }
            Step::Act(actions) => {
                let stale = stale_parts(session, tier, target, &actions);
                if !stale.is_empty() {
                    session.observe(tier, &stale).await;
                    continue;
                }
                if !memory.set_out {
                    databases::note(session, tier, target, &actions);
                    compute::note(session, tier, target);
                }
                note_new_names(session, tier, &actions);
                standalone_tasks::note(session, &actions);
                let of_alarms = alarms::notes(tier, &session.seen, actions.iter());
                session.note_once(of_alarms);
                let of_others = safety::other_users::notes(tier, &session.seen, actions.iter());
                session.note_once(of_others);
                act(session, &mut memory, tier, (target, &mut recording), actions).await?;
            }
        }
    }
}

/// Performs the actions of one step at the same time, then looks at what they touched.
async fn act<W: World>(
    session: &mut Session<'_, W>,
    memory: &mut Memory,
    tier: &RuntimeTier,
    (target, recording): (Target, &mut Option<Recording>),
    actions: Vec<Action>,
) -> Result<(), Ending> {
    let now = session.now();
    let touched: BTreeSet<Part> = actions.iter().flat_map(Action::touches).collect();
    // What was just done and is not yet visible is not done again: a second address would be an orphan (invariant 3).
    let (invisible, fresh): (Vec<Action>, Vec<Action>) =
        actions.into_iter().partition(|action| memory.awaits(action, now));
    if let Some(action) = invisible.iter().find(|action| memory.is_overdue(action, now)) {
        let message =
            format!("{action} was answered with success, but its effect cannot be seen; the tick looks again");
        return Err(Ending::failed(message));
    }
    if fresh.is_empty() {
        session.world.clock().sleep(POLL).await;
    }
    let fresh = session.intend(fresh);
    memory.set_out(session, tier, target, recording).await?;
    session.write_intentions().await?;
    let results = session.perform_all(tier, &fresh).await;
    memory.last_action = Some(session.now());
    match take_in(session, memory, fresh.into_iter().map(|one| one.meant).zip(results))? {
        Answers::AllPerformed => memory.failures = 0,
        Answers::SomePostponed => {
            memory.failures += 1;
            if memory.failures > MOST_FAILURES {
                let last = session.report.notes.last().cloned().unwrap_or_default();
                let message = format!("gave up for now after {MOST_FAILURES} tries; the tick tries again: {last}");
                return Err(Ending::failed(message));
            }
            session.world.clock().sleep(POLL).await;
        }
    }
    session.observe(tier, &touched).await;
    Ok(())
}

/// An action that is about to be performed.
struct Intended {
    /// What [`next`] asked for: what a run compares with what it has done.
    meant: Action,
    /// The same, with the mark of what it makes.
    action: Action,
    token: Token,
}

/// What became of the actions of a step, if none was refused.
enum Answers {
    AllPerformed,
    /// Some may work after another look.
    SomePostponed,
}

/// Takes in what AWS answered. A refusal ends the run; the other actions of the step are done all the same.
fn take_in<W: World>(
    session: &mut Session<'_, W>,
    memory: &mut Memory,
    answered: impl Iterator<Item = (Action, Result<(), ActionError>)>,
) -> Result<Answers, Ending> {
    let mut refused = Vec::new();
    let mut answers = Answers::AllPerformed;
    for (action, result) in answered {
        match result {
            Ok(()) => {
                memory.moved = true;
                memory.performed.push((action, session.now()));
            }
            Err(error) => match error.retry {
                Retry::Later => {
                    session.world.progress().retrying(&action, &error, session.now());
                    session.note_retry(&action, &error);
                    answers = Answers::SomePostponed;
                }
                Retry::NextRun => {
                    session.world.progress().retrying(&action, &error, session.now());
                    session.put_off(&action, &error);
                }
                Retry::Never => {
                    let remedy = denied::remedy(&session.request.blueprint.environment, &action, &error);
                    refused.push(format!("{action}: {error}{remedy}"));
                }
            },
        }
    }
    if refused.is_empty() {
        return Ok(answers);
    }
    Err(Ending::failed(format!("{}; what is not done is left as it was", refused.join("; "))))
}

impl<W: World> Session<'_, W> {
    /// Writes down what the actions are about to make, before they are asked for: a run that dies between a call and its
    /// answer leaves something that the next run knows to be Curfew's (invariant 3).
    ///
    /// The state is written by whoever writes it next: by setting out, else by [`Session::write_intentions`].
    fn intend(&mut self, actions: Vec<Action>) -> Vec<Intended> {
        let (run, now) = (&self.request.run, self.now());
        let identities = &mut self.state.identities;
        let intend = |meant: Action| {
            let token = Token::of(run, &meant);
            let action = identities.intend(&meant, token.as_str(), run, now);
            Intended { meant, action, token }
        };
        actions.into_iter().map(intend).collect()
    }

    async fn write_intentions(&mut self) -> Result<(), Ending> {
        match self.state.identities.creations == self.stored.identities.creations {
            true => Ok(()),
            false => self.write_state().await,
        }
    }

    async fn perform_all(&mut self, tier: &RuntimeTier, actions: &[Intended]) -> Vec<Result<(), ActionError>> {
        self.report.touched |= !actions.is_empty();
        let (world, scope) = (self.world, self.request.scope(tier, &self.state.identities));
        let performed = join_all(actions.iter().map(|one| async move {
            let from = world.clock().now();
            let result = world.cloud().perform(scope, &one.action, &one.token).await;
            (from, world.clock().now(), result)
        }))
        .await;
        let mut results = Vec::new();
        for (Intended { action, .. }, (from, to, result)) in actions.iter().zip(performed) {
            if result.is_ok() {
                self.report.actions.push(PerformedAction {
                    action: action.name().to_owned(),
                    subject: action.subject(),
                    detail: action.detail(),
                    at: from,
                    seconds: seconds(to - from),
                });
                self.world.progress().performed(action, to);
            }
            results.push(result);
        }
        results
    }

    fn note_retry(&mut self, action: &Action, error: &ActionError) {
        self.note_once([format!("{action} was tried again after {error}")]);
    }

    /// AWS has no capacity for it now, or will not have it and nothing else depends on it: it is not asked for again
    /// within this run.
    fn put_off(&mut self, action: &Action, error: &ActionError) {
        if let Action::StartDbInstance { name, .. } | Action::StartDbCluster { name, .. } = action {
            self.seen.unstartable_databases.insert(name.clone(), format!("{}: {}", error.code, error.message));
        }
        if let Action::StartInstances { name, .. } = action {
            self.seen.unstartable_instances.insert(name.clone(), format!("{}: {}", error.code, error.message));
        }
        if let Action::PutMetricAlarm { alarm, .. } = action {
            self.seen.unput_alarms.insert(alarm.name.clone());
        }
        let remedy = denied::remedy(&self.request.blueprint.environment, action, error);
        self.report.notes.push(format!("{action} is left to the next run: {error}{remedy}"));
    }

    /// Performs one action.
    pub(super) async fn perform(&mut self, tier: &RuntimeTier, action: &Action) -> Result<(), ActionError> {
        let token = Token::of(&self.request.run, action);
        let intended = Intended { meant: action.clone(), action: action.clone(), token };
        self.perform_all(tier, &[intended]).await.into_iter().collect()
    }
}

impl Memory {
    /// Before the first action, or the first wait that has a limit: from now on the tier is what was recorded.
    async fn set_out<W: World>(
        &mut self,
        session: &mut Session<'_, W>,
        tier: &RuntimeTier,
        target: Target,
        recording: &mut Option<Recording>,
    ) -> Result<(), Ending> {
        if !self.set_out {
            session.set_out(tier, target, recording.take()).await?;
            self.set_out = true;
        }
        Ok(())
    }

    /// Whether something was changed on the way up, and not all of it has been looked at since: what is there may only
    /// count once it was seen whole.
    fn is_unconfirmed<W: World>(&self, session: &Session<'_, W>, target: Target) -> bool {
        let Some(consistent_from) = self.last_action.map(|at| at + CONSISTENT_AFTER) else { return false };
        let seen_since = |part: &Part| session.looked.get(part).is_some_and(|at| *at >= consistent_from);
        target == Target::Up && !Part::all().iter().all(seen_since)
    }

    /// Everything, once a look can be believed; until then these parts.
    fn worth_a_look<W: World>(
        &self,
        session: &Session<'_, W>,
        tier: &RuntimeTier,
        parts: BTreeSet<Part>,
    ) -> BTreeSet<Part> {
        let is_consistent = self.last_action.is_none_or(|at| session.now() >= at + CONSISTENT_AFTER);
        if is_consistent { Part::for_run(tier) } else { parts }
    }

    /// Whether an action was done and its effect may still come to be seen. A value is set again sooner: somebody may have
    /// set it back before anybody looked.
    fn awaits(&self, action: &Action, now: DateTime<Utc>) -> bool {
        let last = self.performed.iter().rev().find(|(done, _)| done == action);
        last.is_some_and(|(_, at)| !action.sets_a_value() || now - *at <= CONSISTENT_AFTER)
    }

    /// A value that was set and is asked for no more was seen. If it has to be set again, somebody set it back: an alarm
    /// that lifts a service in the middle of a stop does not find a run that believes to have stopped it.
    fn forget_values<W: World>(&mut self, session: &Session<'_, W>, step: &Step) {
        if !session.seen.unknowns().is_empty() {
            return;
        }
        let asked: &[Action] = match step {
            Step::Act(actions) => actions,
            Step::Wait { .. } | Step::Done | Step::Blocked(_) | Step::Missing(_) => &[],
        };
        self.performed.retain(|(action, _)| !action.sets_a_value() || asked.contains(action));
    }

    fn is_overdue(&self, action: &Action, now: DateTime<Utc>) -> bool {
        self.performed.iter().any(|(done, at)| done == action && now - *at > VISIBLE_WITHIN)
    }

    /// A look that fails again and again ends the run; one that a person has to fix, at once.
    fn count_unknowns(&mut self, on: &[Waiting]) -> Result<(), Ending> {
        let unknown: Vec<(&String, &Unobserved)> = on.iter().filter_map(Waiting::unobserved).collect();
        let Some((subject, why)) = unknown.first() else {
            self.failures = 0;
            return Ok(());
        };
        self.failures += 1;
        let hopeless = unknown.iter().any(|(_, why)| why.retry == Retry::Never);
        if hopeless || self.failures > MOST_FAILURES {
            return Err(Ending::failed(format!("{subject} could not be observed, so nothing more was touched: {why}")));
        }
        Ok(())
    }

    fn note_waits<W: World>(&mut self, session: &mut Session<'_, W>, step: &Step) {
        let on: &[Waiting] = match step {
            Step::Wait { on, .. } => on,
            Step::Act(_) | Step::Done | Step::Blocked(_) | Step::Missing(_) => &[],
        };
        let now = session.now();
        let subjects: BTreeSet<String> = on.iter().map(Waiting::subject).collect();
        let (still, over): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|(waiting, _)| subjects.contains(&waiting.subject()));
        let over = over.into_iter().map(|(on, from)| Waited { on, from, seconds: seconds(now - from) });
        session.report.waited.extend(over);
        let mut known: BTreeSet<String> = still.iter().map(|(waiting, _)| waiting.subject()).collect();
        self.waiting = still;
        let new = on.iter().filter(|waiting| known.insert(waiting.subject()));
        self.waiting.extend(new.map(|waiting| (waiting.clone(), now)));
    }
}

fn seconds(delta: TimeDelta) -> f64 {
    delta.as_seconds_f64()
}

/// The parts that were looked at too long ago for what is to be done.
fn stale_parts<W: World>(
    session: &Session<'_, W>,
    tier: &RuntimeTier,
    target: Target,
    actions: &[Action],
) -> BTreeSet<Part> {
    let now = session.now();
    let is_stale = |part: &Part| session.looked.get(part).is_none_or(|at| now - *at > FRESH);
    let is_of_use = |part: &Part| match part {
        Part::VpcEndpoints => !tier.vpc_endpoints.is_empty(),
        Part::Routes => !tier.routes.is_empty(),
        // What goes on the way up is a second one that nothing leads to.
        Part::OtherUsers => target == Target::Down,
        Part::Addresses
        | Part::NatGateways
        | Part::LoadBalancers
        | Part::LoadBalancerConfiguration(_)
        | Part::LoadBalancerStates
        | Part::TargetHealth
        | Part::TargetsOf(_)
        | Part::Records
        | Part::Services
        | Part::Databases
        | Part::StandaloneTasks
        | Part::Needs
        | Part::Instances
        | Part::AutoScalingGroups
        | Part::Alarms => true,
    };
    actions.iter().flat_map(Action::rests_on).filter(is_stale).filter(is_of_use).collect()
}

/// Everything is configured: from here on, what is there counts.
fn settle<W: World>(session: &mut Session<'_, W>, target: Target) {
    if target == Target::Up {
        session.state.phase = Some(Phase::Raised);
    }
}

fn done<W: World>(session: &mut Session<'_, W>, memory: &Memory, target: Target) -> Ending {
    let phase = match target {
        Target::Up => Phase::Up,
        Target::Down => Phase::Down,
    };
    session.report.waiting.clear();
    let moved = memory.moved || session.state.phase.is_some_and(|before| before != phase);
    let (outcome, message) = if moved {
        (Outcome::Converged, String::new())
    } else {
        (Outcome::Unchanged, format!("{} is {target}", session.request.blueprint.environment))
    };
    Ending { outcome, message, phase: Some(phase) }
}

/// A load balancer without a DNS record is reached by its own name, which is another one from now on: say so.
fn note_new_names<W: World>(session: &mut Session<'_, W>, tier: &RuntimeTier, actions: &[Action]) {
    for action in actions {
        if let Action::CreateLoadBalancer { name, .. } = action
            && !tier.dns_records.values().any(|record| record.load_balancer == *name)
        {
            let note =
                format!("load balancer {name} has no DNS record: its clients have to use its new name from now on");
            session.note_once([note]);
        }
    }
}

fn out_of_time<W: World>(session: &mut Session<'_, W>, memory: &Memory, step: Step, target: Target) -> Ending {
    match step {
        Step::Wait { on, .. } => session.report.waiting = on,
        Step::Done => return done(session, memory, target),
        Step::Missing(reasons) => return session.missing(reasons, target),
        Step::Act(_) | Step::Blocked(_) => {}
    }
    unfinished(session, target)
}

fn unfinished<W: World>(session: &Session<'_, W>, target: Target) -> Ending {
    let environment = &session.request.blueprint.environment;
    Ending::new(Outcome::InProgress, format!("{environment} is not {target} yet; the tick goes on"))
}
