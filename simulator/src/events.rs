//! The events that EventBridge would send: starts and stops at the schedule's changes, and the tick.

use std::fmt;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use curfew_core::decide::Command;
use curfew_core::model::Target;
use curfew_core::schedule::{Schedule, State};

/// Between two ticks.
pub const TICK: TimeDelta = TimeDelta::minutes(5);

/// What starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The start rule, or the stop rule.
    Scheduled(Target),
    /// The tick.
    Tick,
}

impl Event {
    /// What a run is asked for by it.
    pub fn command(self) -> Option<Command> {
        match self {
            Self::Scheduled(target) => Some(Command::Scheduled(target)),
            Self::Tick => None,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Scheduled(Target::Up) => "start",
            Self::Scheduled(Target::Down) => "stop",
            Self::Tick => "tick",
        })
    }
}

/// All events after one instant and up to another, in their order.
pub fn events(schedule: &Schedule, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(DateTime<Utc>, Event)> {
    let mut events = changes(schedule, after, until);
    let first = after.duration_trunc(TICK).unwrap_or(after) + TICK;
    events.extend(
        std::iter::successors(Some(first), |at| Some(*at + TICK))
            .take_while(|at| *at <= until)
            .map(|at| (at, Event::Tick)),
    );
    events.sort();
    events
}

fn changes(schedule: &Schedule, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(DateTime<Utc>, Event)> {
    let next = |at: DateTime<Utc>| schedule.next_change(at).filter(|change| change.at <= until);
    let events = std::iter::successors(next(after), |change| next(change.at)).filter_map(|change| match change.to {
        State::Up => Some((change.at, Event::Scheduled(Target::Up))),
        State::Down => Some((change.at, Event::Scheduled(Target::Down))),
        State::Leave => None,
    });
    events.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_start_a_stop_and_a_tick_every_five_minutes() {
        let schedule: Schedule = "Mon-Fri 08:00-20:00 America/New_York".parse().expect("a schedule");
        let at = |text: &str| -> DateTime<Utc> { text.parse().expect("an instant") };
        let all = events(&schedule, at("2026-11-17T00:00:00Z"), at("2026-11-18T00:00:00Z"));
        assert_eq!(all.iter().filter(|(_, event)| *event == Event::Tick).count(), 288);
        let scheduled: Vec<_> = all.into_iter().filter(|(_, event)| *event != Event::Tick).collect();
        assert_eq!(scheduled[0], (at("2026-11-17T01:00:00Z"), Event::Scheduled(Target::Down)));
        assert_eq!(scheduled[1], (at("2026-11-17T13:00:00Z"), Event::Scheduled(Target::Up)));
    }
}
