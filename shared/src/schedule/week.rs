//! A week of local time, minute by minute as stretches: what grammars without months come down to.

use chrono::Weekday;

use super::dates::Weekdays;
use super::local::ClockTime;

/// The stretches of each day of the week in which something is up, in order, none touching another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Week {
    days: [Vec<Stretch>; 7],
}

/// From one time of a day to another.
pub(super) type Stretch = (ClockTime, ClockTime);

/// The days of the week, in order.
pub(super) const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// From midnight to midnight.
pub(super) const ALL_DAY: Stretch = (ClockTime::MIDNIGHT, ClockTime::DAY_END);

impl Week {
    /// Adds a stretch to a day.
    pub fn insert(&mut self, day: Weekday, from: ClockTime, to: ClockTime) {
        let stretches = &mut self.days[day.num_days_from_monday() as usize];
        let (mut from, mut to) = (from, to);
        stretches.retain(|stretch| {
            let is_apart = stretch.1 < from || to < stretch.0;
            if !is_apart {
                (from, to) = (from.min(stretch.0), to.max(stretch.1));
            }
            is_apart
        });
        if from < to {
            let index = stretches.partition_point(|stretch| stretch.0 < from);
            stretches.insert(index, (from, to));
        }
    }

    /// Adds the time from one day's time to another's, over the week's end if that is the way.
    pub fn insert_over(&mut self, first: (Weekday, ClockTime), last: (Weekday, ClockTime)) {
        if first.0 == last.0 && first.1 < last.1 {
            return self.insert(first.0, first.1, last.1);
        }
        self.insert(first.0, first.1, ClockTime::DAY_END);
        let mut day = first.0.succ();
        while day != last.0 {
            self.insert(day, ClockTime::MIDNIGHT, ClockTime::DAY_END);
            day = day.succ();
        }
        self.insert(last.0, ClockTime::MIDNIGHT, last.1);
    }

    /// Whether nothing is left out.
    pub fn is_always(&self) -> bool {
        self.days.iter().all(|stretches| stretches[..] == [ALL_DAY])
    }

    /// Whether no stretch goes over midnight.
    pub fn is_day_by_day(&self) -> bool {
        (0..7).all(|index| {
            let (evening, morning) = (self.days[index].last(), self.days[(index + 1) % 7].first());
            !evening.zip(morning).is_some_and(|(evening, morning)| evening.1 == ALL_DAY.1 && morning.0 == ALL_DAY.0)
        })
    }

    /// The stretches with what goes over midnight in one piece, on the day that it begins on.
    fn over_midnight(&self) -> [Vec<Stretch>; 7] {
        let mut days = self.days.clone();
        for index in 0..7 {
            let next = (index + 1) % 7;
            let (Some(evening), Some(morning)) = (self.days[index].last(), self.days[next].first()) else { continue };
            // As long as a day it would read as none at all.
            let is_one = evening.1 == ClockTime::DAY_END && morning.0 == ClockTime::MIDNIGHT && morning.1 < evening.0;
            let is_alone = *evening != ALL_DAY && *morning != ALL_DAY;
            if is_one && is_alone {
                days[index].pop();
                days[index].push((evening.0, morning.1));
                days[next].remove(0);
            }
        }
        days
    }
}

impl Week {
    /// The stretches of the days that have the same ones, so that a stretch over midnight is one, on the first of its
    /// days, with an end that is not later than its start.
    pub fn windows(&self) -> Vec<(Weekdays, Vec<Stretch>)> {
        let days = self.over_midnight();
        let is_first = |index: &usize| !days[*index].is_empty() && !days[..*index].contains(&days[*index]);
        let windows = (0..7).filter(is_first).map(|index| {
            let mut same = Weekdays::default();
            (index..7).filter(|other| days[*other] == days[index]).for_each(|other| same.insert(WEEKDAYS[other]));
            (same, days[index].clone())
        });
        windows.collect()
    }
}
