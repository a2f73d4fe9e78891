//! What a run leaves in the state when the environment is where it should be, and what of it people are told.

use chrono::TimeDelta;

use super::session::Session;
use crate::changes::changes;
use crate::entrances::entrances;
use crate::ledger::Ledger;
use crate::model::RuntimeTier;
use crate::money::{HourlyCost, Prices, hourly};
use crate::ports::World;
use crate::recording::{capture, tier, tier_document};
use crate::report::{Ready, Since};
use crate::state::{LastMorning, Phase, Recorded, revisions};

impl<W: World> Session<'_, W> {
    /// Takes down that the environment has come to a phase.
    pub(super) fn enter(&mut self, phase: Phase) {
        let before = self.state.phase.replace(phase);
        match phase {
            Phase::Up => self.is_up(),
            Phase::Down if before != Some(Phase::Down) => self.is_down(),
            Phase::Down | Phase::Raising | Phase::Raised | Phase::Lowering => {}
        }
        // What was found down, by itself or after the state was lost, is brought back from the recording that is there.
        if phase == Phase::Down
            && before != Some(Phase::Down)
            && !matches!(self.state.recording, Some(Recorded::This(_)))
        {
            self.state.recording = self.recording_there.take().map(Recorded::This);
        }
    }

    fn is_up(&mut self) {
        let blueprint = &self.request.blueprint;
        // An environment that is up before Curfew ever raised it counts as made from the blueprint of its first run.
        if self.state.applied.is_none() {
            self.state.applied = Some(tier_document(blueprint, &blueprint.tier));
        }
        let was_down_since = self.state.morning_since;
        self.state.ready(self.report.ended_at);
        let Some(tier) = self.tier.clone() else { return };
        if let Some(since) = was_down_since {
            self.report.ready = Some(self.what_the_morning_brought(&tier, self.report.ended_at - since));
        }
        if was_down_since.is_some() || self.state.last_morning.is_none() {
            self.state.last_morning = Some(LastMorning {
                at: self.report.ended_at,
                tier: tier_document(blueprint, &capture(&tier, &self.seen)),
                revisions: revisions(&self.seen),
            });
        }
    }

    fn what_the_morning_brought(&self, now: &RuntimeTier, took: TimeDelta) -> Ready {
        let since = self.state.last_morning.as_ref().and_then(|last| {
            let before = tier(&last.tier).ok()?;
            let both = (&last.revisions, &revisions(&self.seen));
            Some(Since { at: last.at, changes: changes(&before, &capture(now, &self.seen), both) })
        });
        Ready { seconds: took.num_seconds(), entrances: entrances(now, &self.seen), since }
    }

    fn is_down(&mut self) {
        let (at, zone) = (self.report.ended_at, self.schedule.zone());
        let saving = self.cost().map(|cost| cost.up - cost.down);
        self.state.ledger = Some(Ledger::went_down(self.state.ledger.take(), at, saving, zone));
    }

    /// What the environment costs, where that is known.
    pub(super) fn cost(&self) -> Option<HourlyCost> {
        Some(hourly(self.tier.as_ref()?, &Prices::of(&self.request.blueprint.region)?))
    }

    /// Puts into the report what is remembered and what is known of money.
    pub(super) fn report_memory(&mut self) {
        let (at, zone) = (self.report.ended_at, self.schedule.zone());
        self.report.phase = self.state.phase;
        self.report.replaced_addresses = self.state.identities.replaced_addresses(at);
        self.report.cost = self.cost();
        self.report.saved = self.state.ledger.as_ref().map(|ledger| ledger.saved(at, zone));
    }
}
