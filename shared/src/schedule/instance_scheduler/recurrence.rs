//! On which dates a period is.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::schedule::dates::{self, Dates, Month, MonthDays, Months, NthWeekdays, Weekdays};
use crate::schedule::week::WEEKDAYS;

/// The dates of a period: what is left out is no condition, and all that is given must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::schedule) struct Recurrence {
    pub weekdays: Option<WeekdayRule>,
    pub month_days: Option<MonthDayRule>,
    pub months: Option<Months>,
}

/// What is asked of the day of the week: any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::schedule) struct WeekdayRule {
    /// In each week.
    pub each: Weekdays,
    /// In the month.
    pub in_month: NthWeekdays,
}

/// What is asked of the day of the month: any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::schedule) struct MonthDayRule {
    pub days: MonthDays,
    /// Days of which the nearest day from Monday to Friday is meant, in the same month; bit 1 for the first.
    pub nearest: u32,
}

impl Recurrence {
    /// Whether a date is meant.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.in_month(date) & (1 << date.day()) != 0
    }

    /// The same without the conditions that every date meets.
    pub fn simplified(self) -> Self {
        let all_months = |months: &Months| (1..=12).all(|month| months.contains(month));
        let all_days = |rule: &MonthDayRule| (1..=31).all(|day| rule.days.contains(day));
        let all_weekdays = |rule: &WeekdayRule| WEEKDAYS.iter().all(|day| rule.each.contains(*day));
        Self {
            weekdays: self.weekdays.filter(|rule| !all_weekdays(rule)),
            month_days: self.month_days.filter(|rule| !all_days(rule)),
            months: self.months.filter(|months| !all_months(months)),
        }
    }

    /// Whether only the day of the week counts.
    pub fn is_weekly(&self) -> bool {
        let in_month = self.weekdays.map(|rule| rule.in_month).unwrap_or_default();
        self.months.is_none() && self.month_days.is_none() && in_month == NthWeekdays::default()
    }

    /// The first date that is meant, from this one on; none if no year has one.
    pub fn next(&self, from: NaiveDate) -> Option<NaiveDate> {
        match self.contains(from) {
            true => Some(from),
            false => dates::next(from, |date| self.in_month(date)),
        }
    }

    /// The same as rules of the native grammar, any of which may hold; without days that are nearest to another one.
    pub fn native(&self) -> Vec<Dates> {
        let month_days = self.month_days.map(|rule| rule.days);
        if month_days == Some(MonthDays::default()) {
            return Vec::new();
        }
        let with = |weekdays| Dates { months: self.months, weekdays, month_days };
        let Some(rule) = self.weekdays else { return vec![with(None)] };
        let each = (rule.each != Weekdays::default()).then_some(dates::WeekdayRule::Each(rule.each));
        let in_month = (rule.in_month != NthWeekdays::default()).then_some(dates::WeekdayRule::InMonth(rule.in_month));
        [each, in_month].into_iter().flatten().map(|weekdays| with(Some(weekdays))).collect()
    }

    /// The days that are meant in the month of a date, as bits from bit 1.
    fn in_month(&self, date: NaiveDate) -> u32 {
        if self.months.is_some_and(|months| !months.contains(date.month())) {
            return 0;
        }
        let month = Month::of(date);
        let weekdays = self.weekdays.map_or(u32::MAX, |rule| rule.each.in_month(month) | rule.in_month.in_month(month));
        let month_days = self.month_days.map_or(u32::MAX, |rule| rule.days.in_month(month) | rule.nearest_in(month));
        month.days() & weekdays & month_days
    }
}

impl MonthDayRule {
    fn nearest_in(self, month: Month) -> u32 {
        let asked = (1..=month.length()).filter(|day| self.nearest & (1 << day) != 0);
        asked.fold(0, |days, day| days | 1 << nearest_workday(day, month))
    }
}

/// The day from Monday to Friday that is nearest to a day of a month, without leaving it.
fn nearest_workday(day: u32, month: Month) -> u32 {
    match month.weekday(day) {
        Weekday::Sat if day == 1 => 3,
        Weekday::Sat => day - 1,
        Weekday::Sun if day == month.length() => day - 2,
        Weekday::Sun => day + 1,
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => day,
    }
}
