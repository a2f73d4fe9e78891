//! A schedule as it is followed: started ahead of its windows, kept up where somebody started it by hand.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::lead::AppliedLead;
use crate::model::Target;
use crate::retain::{ManualStart, Retained};
use crate::schedule::{Change, Schedule, State};

/// A schedule, with what a run remembers and the blueprint says besides.
#[derive(Debug, Clone)]
pub struct Timetable<'a> {
    /// The schedule, by the rules of its zones that count.
    pub schedule: Cow<'a, Schedule>,
    /// How much earlier its windows begin.
    pub lead: Option<AppliedLead>,
    /// A start by hand that outlasts a window, where the blueprint retains.
    pub manual_start: Option<&'a ManualStart>,
    /// Where the environment is on its way to: what was begun is finished also where the schedule leaves it as it is.
    pub under_way: Option<Target>,
}

/// When an environment that is down will be up by its schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextStart {
    /// When the window begins.
    pub window: DateTime<Utc>,
    /// From when on a tick starts it.
    pub from: DateTime<Utc>,
    /// Why it is started earlier, if it is.
    pub lead: Option<AppliedLead>,
}

impl<'a> From<&'a Schedule> for Timetable<'a> {
    /// The schedule as it is written.
    fn from(schedule: &'a Schedule) -> Self {
        Self { schedule: Cow::Borrowed(schedule), lead: None, manual_start: None, under_way: None }
    }
}

impl Timetable<'_> {
    /// What the environment should be at an instant, manual starts aside.
    pub fn at(&self, now: DateTime<Utc>) -> State {
        match self.schedule.at(now) {
            State::Up => State::Up,
            state @ (State::Down | State::Leave) => self.window_ahead(now).map_or(state, |_| State::Up),
        }
    }

    /// The first instant after this one at which that changes; none if it stays so for good, or if so many windows
    /// follow each other within the lead that it may as well.
    pub fn next_change(&self, after: DateTime<Utc>) -> Option<Change> {
        let now = self.at(after);
        self.schedule.changes(after).take(MOST_WINDOWS).find_map(|change| match change.to {
            State::Up => (now != State::Up).then(|| Change { at: change.at - self.ahead(), ..change }),
            State::Down | State::Leave => (self.at(change.at) == change.to).then_some(change),
        })
    }

    /// The window that begins within the lead, if the environment is to be up for it already.
    pub fn window_ahead(&self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, AppliedLead)> {
        let lead = self.lead?;
        let within = |change: &Change| change.at - lead.ahead() <= now;
        let begins = self.schedule.changes(now).take_while(within).find(|change| change.to == State::Up)?;
        (self.schedule.at(now) != State::Up).then_some((begins.at, lead))
    }

    /// What keeps it up although its window is over.
    pub fn retained(&self, now: DateTime<Utc>) -> Option<Retained> {
        self.manual_start?.retained(&self.schedule, now)
    }

    /// When it is started next.
    pub fn next_start(&self, now: DateTime<Utc>) -> Option<NextStart> {
        let window = self.schedule.changes(now).find(|change| change.to == State::Up)?.at;
        Some(NextStart { window, from: window - self.ahead(), lead: self.lead })
    }

    fn ahead(&self) -> chrono::TimeDelta {
        self.lead.map(AppliedLead::ahead).unwrap_or_default()
    }
}

/// So many changes of a schedule are looked at for one of its timetable.
const MOST_WINDOWS: usize = 1000;
