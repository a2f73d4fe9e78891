//! When a spec matches.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{Item, KubeDownscaler, Weekly};
use crate::schedule::State;
use crate::schedule::dates::Weekdays;
use crate::schedule::timeline::{FOR_GOOD, Span, Timeline};
use crate::schedule::week::{ALL_DAY, WEEKDAYS};

impl KubeDownscaler {
    fn weekly(&self) -> impl Iterator<Item = &Weekly> {
        self.items.iter().filter_map(|item| match item {
            Item::Weekly(weekly) => Some(weekly),
            Item::Always | Item::Never | Item::Between(..) | Item::From(_) | Item::Until(_) => None,
        })
    }
}

impl Weekly {
    /// The days of the week, over its end if that is the way.
    pub fn days(&self) -> Weekdays {
        let mut days = Weekdays::default();
        days.insert_range(self.first, self.last);
        days
    }
}

impl Timeline for KubeDownscaler {
    fn spans_on(&self, date: NaiveDate, spans: &mut Vec<Span>) {
        for weekly in self.weekly().filter(|weekly| weekly.days().contains(date.weekday())) {
            let span = |from, to| Span::on(date, from, to, weekly.zone, State::Up);
            spans.extend(weekly.stretches().into_iter().filter_map(|(from, to)| span(from, to)));
        }
    }

    fn next_date(&self, from: NaiveDate) -> Option<NaiveDate> {
        let says = |weekly: &Weekly, date: &NaiveDate| {
            !weekly.stretches().is_empty() && weekly.days().contains(date.weekday())
        };
        let is_meant = |date: &NaiveDate| self.weekly().any(|weekly| says(weekly, date));
        from.iter_days().take(7).find(is_meant)
    }

    fn reach(&self) -> u16 {
        1
    }

    fn fixed(&self, spans: &mut Vec<Span>) {
        let (first, last) = (DateTime::<Utc>::MIN_UTC, FOR_GOOD);
        spans.extend(self.items.iter().filter_map(|item| {
            let (start, end) = match item {
                Item::Between(from, to) => (*from, *to),
                Item::From(from) => (*from, last),
                Item::Until(until) => (first, *until),
                Item::Always | Item::Never | Item::Weekly(_) => return None,
            };
            Some(Span { start, end, state: State::Up })
        }));
    }

    fn constant(&self) -> Option<State> {
        let all_day = |weekly: &Weekly| weekly.zone == self.zone && weekly.stretches() == [ALL_DAY];
        let all_days =
            || WEEKDAYS.iter().all(|day| self.weekly().any(|weekly| all_day(weekly) && weekly.days().contains(*day)));
        (self.items.contains(&Item::Always) || all_days()).then_some(State::Up)
    }

    fn cycle(&self) -> u64 {
        7
    }
}
