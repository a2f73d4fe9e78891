//! What a schedule's periods say at an instant.

use chrono::{NaiveDate, Weekday};

use super::{InstanceScheduler, OverrideStatus, Period, Times};
use crate::schedule::State;
use crate::schedule::local::ClockTime;
use crate::schedule::timeline::{CALENDAR_CYCLE, Span, Timeline};
use crate::schedule::week::{WEEKDAYS, Week};

const MINUTE: u16 = 1;
const WEEK: u64 = 7;

/// Each minute of a week.
fn week_minutes() -> impl Iterator<Item = (Weekday, ClockTime)> {
    let minutes = |day| (0..24 * 60).filter_map(move |minute| Some((day, ClockTime::MIDNIGHT.later(minute)?)));
    WEEKDAYS.into_iter().flat_map(minutes)
}

impl Times {
    /// The stretches of a day in which something is said, and what.
    fn stretches(self) -> [Option<(ClockTime, ClockTime, State)>; 2] {
        use ClockTime as T;
        match self {
            Self::AllDay => [Some((T::MIDNIGHT, T::DAY_END, State::Up)), None],
            Self::Between(begin, end) => [Some((begin, end, State::Up)), None],
            Self::From(begin) => [Some((T::MIDNIGHT, begin, State::Leave)), Some((begin, T::DAY_END, State::Up))],
            Self::Until(end) => [Some((T::MIDNIGHT, end, State::Leave)), None],
        }
    }

    /// Whether it is no stretch of no length.
    fn says_anything(self) -> bool {
        self.stretches().into_iter().flatten().any(|(from, to, _)| from < to)
    }

    fn at(self, time: ClockTime) -> State {
        let said = self.stretches().into_iter().flatten().find(|(from, to, _)| *from <= time && time < *to);
        said.map_or(State::Down, |(_, _, state)| state)
    }
}

impl InstanceScheduler {
    /// The week that the periods make, if they only ask for days of the week. Where they leave things as they are, it is
    /// as it was before: what follows if nobody touches it.
    pub fn week(&self) -> Option<Week> {
        if !self.periods.iter().all(|period| period.recurrence.is_weekly()) {
            return None;
        }
        let on_the_clock: Vec<State> = week_minutes().map(|(day, time)| self.in_a_week(day, time)).collect();
        let count = on_the_clock.len();
        let around = |index: usize| [on_the_clock[(index + count - 1) % count], on_the_clock[(index + 1) % count]];
        let closes = |index: usize| {
            self.periods.len() > 1 && on_the_clock[index] == State::Down && around(index) == [State::Up; 2]
        };
        let closed: Vec<State> =
            (0..count).map(|index| if closes(index) { State::Up } else { on_the_clock[index] }).collect();
        let mut was = closed.iter().rev().find(|state| **state != State::Leave).copied().unwrap_or(State::Down);
        let mut week = Week::default();
        for ((day, time), state) in week_minutes().zip(closed) {
            was = if state == State::Leave { was } else { state };
            if was == State::Up {
                week.insert(day, time, time.later(MINUTE).unwrap_or(ClockTime::DAY_END));
            }
        }
        Some(week)
    }

    fn in_a_week(&self, day: Weekday, time: ClockTime) -> State {
        let on = |period: &&Period| period.recurrence.weekdays.is_none_or(|days| days.each.contains(day));
        self.periods.iter().filter(on).map(|period| period.times.at(time)).max().unwrap_or(State::Down)
    }

    fn on(&self, date: NaiveDate) -> impl Iterator<Item = &Period> {
        self.periods.iter().filter(move |period| period.recurrence.contains(date))
    }

    /// What the clock's face says, without the gaps of a minute being closed.
    fn on_the_clock(&self, date: NaiveDate, time: ClockTime) -> State {
        self.on(date).map(|period| period.times.at(time)).max().unwrap_or(State::Down)
    }

    /// The minute from a time on, if it is a gap before another period. One period alone has none.
    fn gap(&self, date: NaiveDate, time: ClockTime) -> Option<Span> {
        if self.periods.len() < 2 {
            return None;
        }
        let (date, time) = normal(date, time)?;
        let next = time.later(MINUTE)?;
        let (next_date, next_time) = normal(date, next)?;
        let is_gap =
            self.on_the_clock(date, time) == State::Down && self.on_the_clock(next_date, next_time) == State::Up;
        is_gap.then(|| Span::on(date, time, next, self.zone, State::Up)).flatten()
    }
}

/// The end of a day as the beginning of the next one.
fn normal(date: NaiveDate, time: ClockTime) -> Option<(NaiveDate, ClockTime)> {
    match time {
        ClockTime::DAY_END => Some((date.succ_opt()?, ClockTime::MIDNIGHT)),
        time => Some((date, time)),
    }
}

impl Timeline for InstanceScheduler {
    fn spans_on(&self, date: NaiveDate, spans: &mut Vec<Span>) {
        for period in self.on(date) {
            for (from, to, state) in period.times.stretches().into_iter().flatten().filter(|(from, to, _)| from < to) {
                spans.extend(Span::on(date, from, to, self.zone, state));
                if state == State::Up {
                    spans.extend(self.gap(date, to));
                }
            }
        }
    }

    fn next_date(&self, from: NaiveDate) -> Option<NaiveDate> {
        let speaking = self.periods.iter().filter(|period| period.times.says_anything());
        speaking.filter_map(|period| period.recurrence.next(from)).min()
    }

    fn reach(&self) -> u16 {
        // A gap may be the first minute of the next date.
        2
    }

    fn constant(&self) -> Option<State> {
        let all_day = |day| self.periods.iter().any(|period| period.is_all_day_on(day));
        match self.override_status {
            Some(OverrideStatus::Running) => Some(State::Up),
            Some(OverrideStatus::Stopped) => Some(State::Down),
            None => WEEKDAYS.into_iter().all(all_day).then_some(State::Up),
        }
    }

    fn cycle(&self) -> u64 {
        match self.periods.iter().all(|period| period.recurrence.is_weekly()) {
            true => WEEK,
            false => CALENDAR_CYCLE,
        }
    }
}

impl Period {
    fn is_all_day_on(&self, day: Weekday) -> bool {
        let is_all_day = self.times == Times::AllDay || self.times == Times::From(ClockTime::MIDNIGHT);
        let days = self.recurrence.weekdays;
        is_all_day && self.recurrence.is_weekly() && days.is_none_or(|days| days.each.contains(day))
    }
}
