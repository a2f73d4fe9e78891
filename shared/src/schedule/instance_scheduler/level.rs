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

    fn minutes_up(self) -> usize {
        let up = self.stretches().into_iter().flatten().filter(|(_, _, state)| *state == State::Up);
        up.map(|(from, to, _)| usize::from(to.minutes().saturating_sub(from.minutes()))).sum()
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
        let minutes = self.minutes()?;
        let mut was = minutes.iter().rev().find(|state| **state != State::Leave).copied().unwrap_or(State::Down);
        let mut week = Week::default();
        for ((day, time), state) in week_minutes().zip(minutes) {
            was = if state == State::Leave { was } else { state };
            if was == State::Up {
                week.insert(day, time, time.later(MINUTE).unwrap_or(ClockTime::DAY_END));
            }
        }
        Some(week)
    }

    /// The state in each minute of a week, if the periods only ask for days of the week.
    fn minutes(&self) -> Option<Vec<State>> {
        if !self.is_weekly() {
            return None;
        }
        let on_the_clock = self.weekly_minutes();
        let count = on_the_clock.len();
        let around = |index: usize| [on_the_clock[(index + count - 1) % count], on_the_clock[(index + 1) % count]];
        let is_gap = |index: usize| {
            self.periods.len() > 1 && on_the_clock[index] == State::Down && around(index) == [State::Up; 2]
        };
        Some((0..count).map(|index| if is_gap(index) { State::Up } else { on_the_clock[index] }).collect())
    }

    /// What the periods say on the clock that only ask for days of the week.
    fn weekly_minutes(&self) -> Vec<State> {
        week_minutes().map(|(day, time)| self.in_a_week(day, time)).collect()
    }

    fn is_weekly(&self) -> bool {
        self.periods.iter().all(|period| period.recurrence.is_weekly())
    }

    /// Whether the periods leave no minute of a week out. Few are long enough for a closer look.
    pub fn leave_nothing_out(&self) -> bool {
        let lengths = self.periods.iter().map(|period| period.days() * period.times.minutes_up());
        // Each period may close a gap of a minute a day.
        let gaps = 7 * self.periods.len();
        let is_long_enough = lengths.sum::<usize>() + gaps >= 7 * 24 * 60;
        let is_up = |minutes: Vec<State>| minutes.iter().all(|state| *state == State::Up);
        is_long_enough && is_up(self.minutes().unwrap_or_else(|| self.weekly_minutes()))
    }

    fn in_a_week(&self, day: Weekday, time: ClockTime) -> State {
        let on = |period: &&Period| period.is_each(day);
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
        let speaking = self.periods.iter().filter(|period| !period.is_never && period.times.says_anything());
        speaking.filter_map(|period| period.recurrence.next(from)).min()
    }

    fn reach(&self) -> u16 {
        // A gap may be the first minute of the next date.
        2
    }

    fn constant(&self) -> Option<State> {
        match self.override_status {
            Some(OverrideStatus::Running) => Some(State::Up),
            Some(OverrideStatus::Stopped) => Some(State::Down),
            None => self.is_always.then_some(State::Up),
        }
    }

    fn cycle(&self) -> u64 {
        match self.is_weekly() {
            true => WEEK,
            false => CALENDAR_CYCLE,
        }
    }
}

impl Period {
    /// Whether it is on a day of each week, and asks for nothing else.
    fn is_each(&self, day: Weekday) -> bool {
        self.recurrence.is_weekly() && self.recurrence.weekdays.is_none_or(|rule| rule.each.contains(day))
    }

    fn days(&self) -> usize {
        WEEKDAYS.into_iter().filter(|day| self.is_each(*day)).count()
    }
}
