//! Before the first action: state, lease, recording.

use super::Ending;
use super::session::Session;
use crate::model::*;
use crate::next::Step;
use crate::ports::{Condition, Store, StoreError, Version, World};
use crate::recording::Recording;
use crate::report::Outcome;
use crate::safety::Reason;
use crate::schedule::ZoneRules;
use crate::state::{Lease, Phase, State, recording_document, state_document};

impl<W: World> Session<'_, W> {
    /// Reads the state.
    pub(super) async fn load_state(&mut self) -> Result<(), Ending> {
        let document = state_document(&self.request.blueprint.environment);
        let unreadable = |error: &dyn std::fmt::Display| {
            Ending::failed(format!("the state {document} cannot be read, so nothing was touched: {error}"))
        };
        if let Some((body, version)) = self.world.store().get(&document).await.map_err(|error| unreadable(&error))? {
            self.state = State::parse(&body).map_err(|error| unreadable(&error))?;
            self.stored = self.state.clone();
            self.version = Some(version);
        }
        let (written, zones) = (&self.request.blueprint.schedule, self.state.zones.as_ref());
        self.schedule = written.by(zones).into_owned();
        self.report.zones = ZoneRules::of(written, zones);
        self.loaded = true;
        self.report.moving_since = self.state.moving_since;
        Ok(())
    }

    /// Ends the run if another one holds the lease.
    pub(super) fn wait_for_nobody(&self) -> Result<(), Ending> {
        match &self.state.lease {
            Some(lease) if lease.holds(self.report.started_at) => Err(busy(lease)),
            Some(_) | None => Ok(()),
        }
    }

    /// Reads the recording, if there is one.
    pub(super) async fn load_recording(&mut self) -> Result<Option<Recording>, Ending> {
        let read = self.stored_recording().await?;
        Ok(read.map(|(recording, _)| recording))
    }

    async fn stored_recording(&self) -> Result<Option<(Recording, Version)>, Ending> {
        let document = recording_document(&self.request.blueprint.environment);
        let failed = |error: &dyn std::fmt::Display| {
            Ending::failed(format!("the recording {document} cannot be read, so nothing was touched: {error}"))
        };
        let stored = self.world.store().get(&document).await.map_err(|error| failed(&error))?;
        let Some((body, version)) = stored else { return Ok(None) };
        let recording = Recording::parse(&body).map_err(|error| failed(&error))?;
        Ok(Some((recording, version)))
    }

    /// Takes the lease: a conditional write, so that of two runs at once only one gets it.
    ///
    /// It fails too if another run wrote since this one read: whatever was observed is then out of date.
    pub(super) async fn take_lease(&mut self) -> Result<(), Ending> {
        let lease = Lease::new(&self.request.run, &self.report.trigger, self.now());
        self.state.lease = Some(lease);
        self.write_state().await
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
        match self.world.store().put(&document, &self.state.to_json(), condition).await {
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
        let stored = self.world.store().get(document).await;
        if let Ok(Some((body, version))) = &stored
            && State::parse(body).is_ok_and(|state| state == self.state)
        {
            self.version = Some(version.clone());
            self.stored = self.state.clone();
            return Ok(());
        }
        self.loaded = false;
        let held = stored.ok().flatten().and_then(|(body, _)| State::parse(&body).ok()).and_then(|state| state.lease);
        Err(held.as_ref().map_or_else(|| Ending::new(Outcome::Busy, "another run was faster"), busy))
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
        let known = matches!(self.state.phase, Some(Phase::Lowering | Phase::Down));
        let resumed = self.state.phase == Some(phase) && recording.is_some();
        if !(known && recording.is_some() || resumed) {
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
        }
        Ok(())
    }

    async fn record(&mut self, tier: &RuntimeTier, previous: Option<Recording>) -> Result<(), Ending> {
        let blueprint = &self.request.blueprint;
        let applied = self.state.applied.as_ref().and_then(|document| crate::recording::tier(document).ok());
        let recording = Recording {
            recorded_at: self.now(),
            run: self.request.run.clone(),
            declared: applied.unwrap_or_else(|| blueprint.tier.clone()),
            observed: super::tier::to_record(tier, &self.seen, self.state.phase, previous),
        };
        let document = recording_document(&blueprint.environment);
        let failed = |error: &dyn std::fmt::Display| {
            Ending::failed(format!("the recording {document} could not be stored, so nothing was touched: {error}"))
        };
        let there = self.world.store().get(&document).await.map_err(|error| failed(&error))?;
        let condition = there.map_or(Condition::Absent, |(_, version)| Condition::Matches(version));
        self.world
            .store()
            .put(&document, &recording.to_json(blueprint), condition)
            .await
            .map_err(|error| failed(&error))?;
        match self.stored_recording().await? {
            Some((read_back, _)) if read_back == recording => Ok(()),
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
            Step::Act(_) | Step::Wait { .. } | Step::Blocked(_) => None,
        }
    }

    /// The ending of a run that may touch nothing.
    pub(super) fn blocked(&mut self, reasons: Vec<Reason>) -> Ending {
        let environment = &self.request.blueprint.environment;
        let message = match &reasons[..] {
            [only] => format!("{environment} was left as it is: {only}"),
            several => format!("{environment} was left as it is, for {} reasons", several.len()),
        };
        self.report.reasons = reasons;
        Ending::new(Outcome::Blocked, message)
    }
}

fn busy(lease: &Lease) -> Ending {
    let message = format!(
        "{} works on it since {} (run {}), until {} at the latest; nothing was touched",
        lease.trigger,
        lease.since.format("%H:%M:%S UTC"),
        lease.run,
        lease.until.format("%H:%M:%S UTC")
    );
    Ending::new(Outcome::Busy, message)
}
