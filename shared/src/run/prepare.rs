//! Before the first action: state, lease, recording.

use chrono::TimeDelta;

use super::Ending;
use super::session::Session;
use super::tier::is_whole;
use crate::documents::{find_recording, find_state, lost, strange};
use crate::model::*;
use crate::next::Step;
use crate::ports::{Condition, Store, StoreError, Stored, World};
use crate::recording::{Recording, RecordingId};
use crate::report::{Outcome, spoken};
use crate::safety::Reason;
use crate::schedule::ZoneRules;
use crate::state::{Lease, Phase, Recorded, State, recording_document, state_document};
use crate::stored::{Home, InvalidDocument};

/// A clock that is off by more is refused, as S3 itself refuses its signatures: what should be now would be decided wrongly.
const MOST_OFF: TimeDelta = TimeDelta::minutes(15);

impl<W: World> Session<'_, W> {
    /// Whose documents are read and written.
    pub(super) fn home(&self) -> Result<Home, Ending> {
        let blueprint = &self.request.blueprint;
        let account = self.account.clone();
        let account = account.ok_or_else(|| Ending::failed("the environment's account is not known"))?;
        Ok(Home { environment: blueprint.environment.clone(), account, region: blueprint.region.clone() })
    }

    /// Reads the state.
    pub(super) async fn load_state(&mut self) -> Result<(), Ending> {
        let document = state_document(&self.request.blueprint.environment);
        let home = self.home()?;
        let unreadable = |error: StoreError| {
            Ending::failed(format!("the state {document} cannot be read, so nothing was touched: {error}"))
        };
        let found = find_state(self.world.store(), &home).await.map_err(unreadable)?;
        if let Some(stored) = &found.stored {
            self.check_clock(stored)?;
        }
        self.is_kept_out = found.is_recent();
        self.state = found.state.map_err(|invalid| self.invalid(&invalid))?;
        if let Some(stored) = found.stored {
            self.stored = self.state.clone();
            self.version = Some(stored.version);
        }
        let (written, zones) = (&self.request.blueprint.schedule, self.state.zones.as_ref());
        self.schedule = written.by(zones).into_owned();
        self.report.zones = ZoneRules::of(written, zones);
        self.loaded = true;
        self.report.moving_since = self.state.moving_since;
        Ok(())
    }

    fn check_clock(&self, stored: &Stored) -> Result<(), Ending> {
        let off = self.now() - stored.read_at;
        if off.abs() <= MOST_OFF {
            return Ok(());
        }
        let direction = if off > TimeDelta::zero() { "ahead of" } else { "behind" };
        Err(Ending::failed(format!(
            "the clock of this machine is {} {direction} that of the state bucket, so nothing was touched: set it right and try again",
            spoken(off.abs())
        )))
    }

    /// Ends the run if another one holds the lease.
    pub(super) fn wait_for_nobody(&self) -> Result<(), Ending> {
        match &self.state.lease {
            Some(lease) if self.is_kept_out => Err(self.busy(lease)),
            Some(_) | None => Ok(()),
        }
    }

    /// Reads the recording, if there is one, and checks that it is the one that the state rests on.
    pub(super) async fn load_recording(&mut self) -> Result<Option<Recording>, Ending> {
        let read = self.stored_recording().await?;
        self.strange_recording = self.judge(read.as_ref());
        if self.state.rests_on_recording()
            && let Some(reason) = self.strange_recording.clone()
        {
            return Err(self.blocked(vec![reason]));
        }
        let (recording, id) = read.unzip();
        self.recording_there = id;
        Ok(recording)
    }

    /// Why the recording that is there is not the one that belongs to the state, if so.
    fn judge(&self, there: Option<&(Recording, RecordingId)>) -> Option<Reason> {
        let named = self.state.recording.as_ref()?;
        strange(&self.request.blueprint.environment, named, there)
    }

    /// By day, what is missing comes from the recording; the evening makes another.
    pub(super) fn needs_recording(&mut self, step: &Step, target: Target) -> Result<(), Ending> {
        let acts = matches!(step, Step::Act(_)) && target == Target::Up && self.state.phase.is_some();
        match self.strange_recording.take_if(|_| acts) {
            Some(reason) => Err(self.blocked(vec![reason])),
            None => Ok(()),
        }
    }

    /// Where the state was lost, only what finds nothing to do tells how the environment is: all else would be done
    /// from the blueprint alone, and the recording overwritten. By day that is only so if all that was recorded is there.
    pub(super) fn needs_state(
        &mut self,
        step: &Step,
        target: Target,
        recording: Option<&Recording>,
    ) -> Result<(), Ending> {
        if !self.state.is_lost() {
            return Ok(());
        }
        let environment = &self.request.blueprint.environment;
        match step {
            Step::Done if target == Target::Down => Ok(()),
            Step::Done if is_whole(&self.request.blueprint, recording, &self.seen) => Ok(()),
            Step::Wait { on, .. } => {
                self.report.waiting = on.clone();
                Err(Ending::new(Outcome::InProgress, format!("{environment} is not {target} yet; the tick goes on")))
            }
            Step::Done | Step::Act(_) | Step::Blocked(_) | Step::Missing(_) => {
                let reason = lost(environment);
                Err(self.blocked(vec![reason]))
            }
        }
    }

    async fn stored_recording(&mut self) -> Result<Option<(Recording, RecordingId)>, Ending> {
        let document = recording_document(&self.request.blueprint.environment);
        let home = self.home()?;
        let untouched = self.report.untouched();
        let failed = |error: StoreError| {
            Ending::failed(format!("the recording {document} cannot be read, so {untouched}: {error}"))
        };
        let found = find_recording(self.world.store(), &home).await.map_err(failed)?;
        found.recording.map_err(|invalid| self.invalid(&invalid))
    }

    /// The ending of a run that finds a document it does not understand.
    fn invalid(&mut self, invalid: &InvalidDocument) -> Ending {
        self.blocked(vec![invalid.reason()])
    }

    /// Takes the lease: a conditional write, so that of two runs at once only one gets it.
    ///
    /// It fails too if another run wrote since this one read: whatever was observed is then out of date.
    pub(super) async fn take_lease(&mut self) -> Result<(), Ending> {
        let is_first = self.version.is_none();
        let lease = Lease::new(&self.request.run, &self.report.trigger, self.now());
        self.state.lease = Some(lease);
        self.write_state().await?;
        if is_first { self.check_clock_by_first_write().await } else { Ok(()) }
    }

    /// Where there was no state, nothing has told yet what time it is: the one that was just written does.
    async fn check_clock_by_first_write(&self) -> Result<(), Ending> {
        let document = state_document(&self.request.blueprint.environment);
        match self.world.store().get(&document).await {
            Ok(Some(stored)) => self.check_clock(&stored),
            // What is wrong with the bucket ends the run with its next write.
            Ok(None) | Err(_) => Ok(()),
        }
    }

    /// Renews the lease when it gets short.
    pub(super) async fn keep_lease(&mut self) -> Result<(), Ending> {
        let now = self.now();
        match &self.state.lease {
            Some(lease) if !lease.is_short(now) => Ok(()),
            // Another run may have taken over what was not renewed in time.
            Some(lease) if !lease.holds(now) => {
                self.loaded = false;
                Err(Ending::new(Outcome::InProgress, "the lease ran out before it was renewed; the tick goes on"))
            }
            Some(lease) => {
                self.state.lease = Some(lease.renewed(now));
                self.write_state().await
            }
            None => self.take_lease().await,
        }
    }

    /// Writes the state over the version this run knows.
    pub(super) async fn write_state(&mut self) -> Result<(), Ending> {
        let document = state_document(&self.request.blueprint.environment);
        let condition = self.version.clone().map_or(Condition::Absent, Condition::Matches);
        match self.world.store().put(&document, &self.state.to_json(&self.home()?), condition).await {
            Ok(version) => {
                self.version = Some(version);
                self.stored = self.state.clone();
                Ok(())
            }
            Err(StoreError::Changed { .. }) => self.recognise_own_write(&document).await,
            Err(error) => Err(Ending::failed(format!("the state cannot be written, so the run ends here: {error}"))),
        }
    }

    /// A write that was repeated after a time-out finds its own first try in its way.
    async fn recognise_own_write(&mut self, document: &str) -> Result<(), Ending> {
        let home = self.home()?;
        let stored = self.world.store().get(document).await.ok().flatten();
        let Some(stored) = stored else {
            self.loaded = false;
            let message = format!("{document} was changed or deleted while this run worked; the tick goes on");
            return Err(Ending::new(Outcome::Busy, message));
        };
        let state = State::parse(&stored.body, &home).ok();
        if state.as_ref() == Some(&self.state) {
            self.version = Some(stored.version);
            self.stored = self.state.clone();
            return Ok(());
        }
        self.loaded = false;
        let held = state.and_then(|state| state.lease);
        let faster = || Ending::new(Outcome::Busy, format!("another run was faster; {}", self.report.untouched()));
        Err(held.as_ref().map_or_else(faster, |lease| self.busy(lease)))
    }

    /// Before the first action towards a target: stores what is there, reads it back, and says in the state which way
    /// it goes (invariant 2). What is only half there is never recorded.
    pub(super) async fn set_out(
        &mut self,
        tier: &RuntimeTier,
        target: Target,
        recording: Option<Recording>,
    ) -> Result<(), Ending> {
        let phase = match target {
            Target::Up => Phase::Raising,
            Target::Down => Phase::Lowering,
        };
        let known = self.state.has_set_out_down();
        let resumed = self.state.phase == Some(phase) && recording.is_some();
        let records = !(known && recording.is_some() || resumed);
        if records {
            self.record(tier, recording).await?;
        }
        if self.state.phase != Some(phase) {
            let zone = self.schedule.zone();
            self.state.set_out(target, self.report.started_at, zone);
            self.state.phase = Some(phase);
            self.state.moving_since = Some(self.report.started_at);
            self.report.moving_since = self.state.moving_since;
            if target == Target::Up {
                let blueprint = &self.request.blueprint;
                self.state.applied = Some(crate::recording::tier_document(blueprint, &blueprint.tier));
            }
            self.write_state().await?;
        } else if records {
            self.write_state().await?;
        }
        Ok(())
    }

    async fn record(&mut self, tier: &RuntimeTier, previous: Option<Recording>) -> Result<(), Ending> {
        let blueprint = &self.request.blueprint;
        let named = self.state.recording.as_ref();
        let recording = Recording {
            recorded_at: self.now(),
            run: self.request.run.clone(),
            replaces: named.and_then(Recorded::checksum).map(str::to_owned),
            declared: super::tier::declared(blueprint, &self.state),
            observed: super::tier::to_record(tier, &self.seen, self.state.phase, previous),
        };
        let document = recording_document(&blueprint.environment);
        let untouched = self.report.untouched();
        let failed = |error: &dyn std::fmt::Display| {
            Ending::failed(format!("the recording {document} could not be stored, so {untouched}: {error}"))
        };
        let there = self.world.store().get(&document).await.map_err(|error| failed(&error))?;
        let condition = there.map_or(Condition::Absent, |stored| Condition::Matches(stored.version));
        let text = recording.to_json(blueprint, &self.home()?);
        self.world.store().put(&document, &text, condition).await.map_err(|error| failed(&error))?;
        match self.stored_recording().await? {
            Some((read_back, id)) if read_back == recording => {
                self.state.recording = Some(Recorded::This(id));
                Ok(())
            }
            Some(_) | None => Err(failed(&"what was read back is not what was written")),
        }
    }

    /// The ending of a run that finds nothing to do, if it does.
    pub(super) fn nothing_to_do(&mut self, step: &Step, target: Target) -> Option<Ending> {
        let environment = &self.request.blueprint.environment;
        let settled = self.state.phase.is_some_and(Phase::is_settled) && target == Target::Up;
        match step {
            Step::Done => {
                let phase = match target {
                    Target::Up => Phase::Up,
                    Target::Down => Phase::Down,
                };
                // What another run had begun is finished now, perhaps by AWS alone.
                let finished = self.state.phase.is_some_and(|before| before != phase);
                let (outcome, message) = if finished {
                    (Outcome::Converged, String::new())
                } else {
                    (Outcome::Unchanged, format!("{environment} is {target}"))
                };
                Some(Ending { outcome, message, phase: Some(phase) })
            }
            // A tick does not sit and wait for an application that is not healthy.
            Step::Wait { on, .. }
                if settled && self.request.command.is_none() && on.iter().all(|w| w.is_readiness()) =>
            {
                self.report.waiting = on.clone();
                let outcome =
                    if self.state.phase == Some(Phase::Up) { Outcome::Unchanged } else { Outcome::InProgress };
                let first = on.first().map(ToString::to_string).unwrap_or_default();
                Some(Ending::new(outcome, format!("{environment} is configured and waits for {first}")))
            }
            Step::Missing(reasons) => Some(self.missing(reasons.clone(), target)),
            Step::Act(_) | Step::Wait { .. } | Step::Blocked(_) => None,
        }
    }

    /// The ending of a run that may touch nothing.
    pub(super) fn blocked(&mut self, reasons: Vec<Reason>) -> Ending {
        let environment = &self.request.blueprint.environment;
        let left = if self.report.touched { "goes no further" } else { "was left as it is" };
        let message = match &reasons[..] {
            [only] => format!("{environment} {left}: {only}"),
            several => format!("{environment} {left}, for {} reasons", several.len()),
        };
        self.report.reasons = reasons;
        Ending::new(Outcome::Blocked, message)
    }

    fn busy(&self, lease: &Lease) -> Ending {
        let message = format!(
            "{} works on it since {} (run {}), until {} at the latest; {}",
            lease.trigger,
            lease.since.format("%H:%M:%S UTC"),
            lease.run,
            lease.until.format("%H:%M:%S UTC"),
            self.report.untouched()
        );
        Ending::new(Outcome::Busy, message)
    }
}

impl<W: World> Session<'_, W> {
    /// The ending of a preview that finds something missing.
    pub(super) fn would_miss(&mut self, reasons: Vec<Reason>, actions: usize, target: Target) -> Ending {
        let Ending { message, .. } = self.missing(reasons, target);
        let message = match actions {
            0 => message,
            _ => format!("a run would perform {actions} actions, and then: {message}"),
        };
        Ending::new(Outcome::Blocked, message)
    }

    /// The ending of a run that has nothing left to do but what depends on something missing. In the evening there is
    /// nothing of that to take down; in the morning the environment is not what was recorded, so that stays what counts.
    pub(super) fn missing(&mut self, reasons: Vec<Reason>, target: Target) -> Ending {
        let environment = &self.request.blueprint.environment;
        let message = match &reasons[..] {
            [only] => format!("{environment} is {target} as far as it can be: {only}"),
            several => format!("{environment} is {target} as far as it can be; {} things are missing", several.len()),
        };
        self.report.reasons = reasons;
        let phase = match target {
            Target::Up => None,
            Target::Down => Some(Phase::Down),
        };
        Ending { outcome: Outcome::Blocked, message, phase }
    }
}
