//! A run: from decision to outcome.
//!
//! `start`, `stop` and the tick are the same run; they differ in the command they pass to [`decide`]. A run observes,
//! asks [`next`] what is possible and needed, performs it, and looks again at what that touched, until everything is
//! as it should be, nothing may be touched, or its time is over. A run may stop between any two actions: the next one
//! observes again and goes on.

mod compute;
mod databases;
mod denied;
mod engine;
mod finish;
mod hold;
mod kept_up;
mod memory;
mod prepare;
mod session;
mod standalone_tasks;
mod tier;

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::blueprint::Blueprint;
use crate::decide::{Because, Command, Decision, Verdict, decide};
use crate::forecast::forecast;
use crate::model::*;
use crate::next::{Step, next};
use crate::overrides::Overrides;
use crate::ports::{Cloud, Scope, World};
use crate::report::{Outcome, Report};
use crate::state::{Phase, State};
use crate::timetable::Timetable;
use session::Session;

pub use tier::{base as base_tier, effective as effective_tier, is_whole, morning as morning_tier};

/// Whether a run changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It does what it finds to do.
    #[default]
    Real,
    /// It only says what it would do.
    DryRun,
}

/// What a run is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The environment's blueprint.
    pub blueprint: Blueprint,
    /// What is asked for; nothing by a tick.
    pub command: Option<Command>,
    /// Who asks, in words.
    pub requested_by: Option<String>,
    /// Whether anything is changed.
    pub mode: Mode,
    /// The run's id, distinct from every other run's.
    pub run: String,
    /// When the run must have ended: the Lambda's deadline.
    pub deadline: DateTime<Utc>,
}

/// A run ends so long before its deadline: an action's time-out and two writes must fit.
pub const DEADLINE_MARGIN: TimeDelta = TimeDelta::seconds(45);

impl Request {
    fn scope<'a>(&'a self, tier: &'a RuntimeTier, identities: &'a Identities) -> Scope<'a> {
        Scope { environment: &self.blueprint.environment, cluster: &self.blueprint.cluster, tier, identities }
    }

    /// What started the run, in words.
    pub fn trigger(&self) -> String {
        let what = match &self.command {
            None => "the tick".to_owned(),
            Some(Command::Scheduled(Target::Up)) => "the schedule's start".to_owned(),
            Some(Command::Scheduled(Target::Down)) => "the schedule's stop".to_owned(),
            Some(Command::Manual { target: Target::Up, .. }) => "a manual start".to_owned(),
            Some(Command::Manual { target: Target::Down, .. }) => "a manual stop".to_owned(),
        };
        match &self.requested_by {
            Some(who) => format!("{what} by {who}"),
            None => what,
        }
    }
}

/// How far a run came, before it is written down.
#[derive(Debug)]
struct Ending {
    outcome: Outcome,
    message: String,
    phase: Option<Phase>,
}

impl Ending {
    fn new(outcome: Outcome, message: impl Into<String>) -> Self {
        Self { outcome, message: message.into(), phase: None }
    }

    fn failed(error: impl fmt::Display) -> Self {
        Self::new(Outcome::Failed, error.to_string())
    }
}

/// Runs once.
///
/// Never panics on what AWS answers and never returns an error: whatever happens is in the report.
pub async fn run<W: World>(world: &W, request: &Request) -> Report {
    let mut session = Session::new(world, request);
    let ending = match attempt(&mut session).await {
        Ok(ending) | Err(ending) => ending,
    };
    finish::finish(session, ending).await
}

/// The run itself. `Err` only says that it ended early; both mean the same to the caller.
async fn attempt<W: World>(session: &mut Session<'_, W>) -> Result<Ending, Ending> {
    let request = session.request;
    let overrides = session.read_overrides().await?;
    session.skip_for_overrides(&overrides)?;
    session.load_state().await?;
    let timetable = timetable(&request.blueprint, &session.state);
    let decision = decide(session.report.started_at, &timetable, &overrides, request.command.as_ref());
    let target = session.accept(&decision)?;
    session.wait_for_nobody()?;
    let recording = session.load_recording().await?;
    let base = tier::base(&request.blueprint, session.state.phase, recording.as_ref());
    session.observe_all(&base).await;
    let tier = tier::effective(&base, &session.seen, session.state.phase);
    session.tier = Some(tier.clone());
    let step = next(&request.blueprint.environment, &tier, &session.seen, target);
    session.needs_state(&step, target, recording.as_ref())?;
    session.needs_recording(&step, target)?;
    if request.mode == Mode::DryRun {
        session.look_ahead(&tier, target, &step, recording.as_ref()).await;
        return Ok(foresee(session, &tier, target));
    }
    session.note_foreign();
    hold::note_manual_start(session, target);
    let change = hold::change(session, &overrides);
    let step = match session.look_ahead(&tier, target, &step, recording.as_ref()).await {
        true => next(&request.blueprint.environment, &tier, &session.seen, target),
        false => step,
    };
    if change.is_none()
        && let Some(ending) = session.nothing_to_do(&step, target)
    {
        return Ok(ending);
    }
    if let Step::Blocked(reasons) = step {
        return Err(session.blocked(reasons));
    }
    session.take_lease().await?;
    if let Some(change) = change {
        hold::perform(session, change).await?;
    }
    engine::converge(session, &base, target, recording).await
}

/// The schedule as it is followed: with what the blueprint says besides and what is remembered.
pub fn timetable<'a>(blueprint: &'a Blueprint, state: &'a State) -> Timetable<'a> {
    Timetable {
        schedule: blueprint.schedule.by(state.zones.as_ref()),
        lead: blueprint.lead.applied(&state.mornings),
        manual_start: state.manual_start.as_ref().filter(|_| blueprint.retain),
        under_way: state.under_way(),
    }
}

fn foresee<W: World>(session: &mut Session<'_, W>, tier: &RuntimeTier, target: Target) -> Ending {
    let forecast = forecast(&session.request.blueprint.environment, tier, &session.seen, target);
    let count = forecast.actions().count();
    let ending = match &forecast.end {
        crate::forecast::ForecastEnd::Blocked(reasons) => session.blocked(reasons.clone()),
        crate::forecast::ForecastEnd::Missing(reasons) => session.would_miss(reasons.clone(), count, target),
        crate::forecast::ForecastEnd::Done | crate::forecast::ForecastEnd::Open(_) => Ending::new(
            Outcome::Unchanged,
            match count {
                0 if !forecast.waits_last.is_empty() => {
                    format!("{} is not {target} yet; a run would only wait", session.request.blueprint.environment)
                }
                0 => format!("{} is {target} already; a run would do nothing", session.request.blueprint.environment),
                _ => format!("a run would perform {count} actions; this one changed nothing"),
            },
        ),
    };
    if target == Target::Down {
        session.report.notes.extend(compute::passing_addresses(&session.seen));
    }
    session.report.forecast = Some(forecast);
    ending
}

impl<W: World> Session<'_, W> {
    /// What an override says needs no memory: a run that is skipped for one leaves the state alone.
    fn skip_for_overrides(&mut self, overrides: &Overrides) -> Result<(), Ending> {
        let request = self.request;
        let timetable = Timetable::from(&request.blueprint.schedule);
        let decision = decide(self.report.started_at, &timetable, overrides, request.command.as_ref());
        match decision.because {
            Because::Override(_) | Because::Malformed(_) => self.accept(&decision).map(|_| ()),
            Because::Schedule | Because::Ahead { .. } | Because::Retained(_) | Because::UnderWay | Because::Manual => {
                Ok(())
            }
        }
    }

    /// Takes a decision to heart: what is to be done, or why nothing is.
    fn accept(&mut self, decision: &Decision) -> Result<Target, Ending> {
        self.report.because = decision.because.to_string();
        self.report.decision = Some(decision.clone());
        let environment = &self.request.blueprint.environment;
        let target = match decision.verdict {
            Verdict::Be(target) => target,
            Verdict::LeaveAsItIs => {
                let message = match (&decision.because, decision.until) {
                    (Because::Schedule, Some(until)) => {
                        format!("the schedule leaves {environment} as it is until {}", until.format("%F %H:%M UTC"))
                    }
                    (Because::Schedule, None) => format!("the schedule leaves {environment} as it is"),
                    (because, _) => format!("{environment} is left as it is: {because}"),
                };
                return Err(Ending::new(Outcome::Skipped, message));
            }
        };
        match &self.request.command {
            Some(command) if command.target() != target => {
                let wanted = command.target();
                let mut message =
                    format!("{environment} is not brought {wanted}: it should be {target} ({})", decision.because);
                if let Because::Override(_) = decision.because {
                    message.push_str("; clear the override first if it should be otherwise");
                }
                Err(Ending::new(Outcome::Skipped, message))
            }
            Some(_) | None => {
                self.report.target = Some(target);
                Ok(target)
            }
        }
    }

    async fn read_overrides(&mut self) -> Result<Overrides, Ending> {
        let scope = self.request.scope(&self.request.blueprint.tier, &NOTHING_KNOWN);
        let found = self.world.cloud().overrides(scope).await.map_err(|why| {
            Ending::failed(format!("the override tags could not be read, so nothing was touched: {why}"))
        })?;
        self.account = Some(found.account);
        let overrides = Overrides::read(&found.tags, self.report.started_at);
        self.overrides = overrides.clone();
        Ok(overrides)
    }
}
