//! Which dates of the calendar a rule names: months, days of the week, days of the month. All that is given must hold.

use chrono::{Datelike, Months as CalendarMonths, NaiveDate, Weekday};

/// The days of the week as grammars spell them out, from Monday.
pub(super) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The months as grammars spell them out.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A set of days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Weekdays(u8);

/// A set of months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Months(u16);

/// A set of days of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct MonthDays {
    /// Bit 1 for the first, to bit 31.
    bits: u32,
    /// The month's last day, whichever it is.
    pub last: bool,
}

/// Which of a month's five occurrences of a weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nth {
    First,
    Second,
    Third,
    Fourth,
    Fifth,
    Last,
}

/// A set of occurrences of weekdays in the month: the first Monday, the last Friday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct NthWeekdays([Weekdays; 6]);

/// What is asked of a date's day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WeekdayRule {
    /// To be one of these, in each week.
    Each(Weekdays),
    /// To be one of these, in the month.
    InMonth(NthWeekdays),
}

/// A rule for dates: what is left out is no condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Dates {
    pub months: Option<Months>,
    pub weekdays: Option<WeekdayRule>,
    pub month_days: Option<MonthDays>,
}

impl Weekdays {
    /// All seven.
    pub const ALL: Self = Self(0x7f);

    /// Whether a day is among them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }

    /// How many they are.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Each of them, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        (0..7_u8).filter_map(|day| Weekday::try_from(day).ok()).filter(move |day| self.contains(*day))
    }

    /// Adds a day.
    pub fn insert(&mut self, day: Weekday) {
        self.0 |= 1 << day.num_days_from_monday();
    }

    /// Adds the days from one to another, both included, over the weekend where that is the way.
    pub fn insert_range(&mut self, first: Weekday, last: Weekday) {
        let mut day = first;
        self.insert(day);
        while day != last {
            day = day.succ();
            self.insert(day);
        }
    }

    /// Whether all seven are.
    pub fn is_full(self) -> bool {
        self == Self::ALL
    }

    /// Those of a month, as bits from bit 1.
    pub fn in_month(self, month: Month) -> u32 {
        // Five weeks that begin with the weekday of the month's first.
        let shift = month.starts_on.num_days_from_monday();
        let week = u64::from(self.0) >> shift | u64::from(self.0) << (7 - shift) & 0x7f;
        let weeks = (0..5).fold(0, |weeks, n| weeks | week << (7 * n));
        (weeks as u32) << 1 & month.days()
    }
}

impl Months {
    /// Whether a month, from 1, is among them.
    pub fn contains(self, month: u32) -> bool {
        self.0 & (1 << month) != 0
    }

    /// Whether all twelve are.
    pub fn is_full(self) -> bool {
        self.0 == 0x1ffe
    }

    /// Adds the months from one to another, both included and from 1, over the new year where that is the way.
    pub fn insert_range(&mut self, first: u32, last: u32) {
        let mut month = first;
        self.0 |= 1 << month;
        while month != last {
            month = month % 12 + 1;
            self.0 |= 1 << month;
        }
    }
}

impl MonthDays {
    /// Whether a day, from 1, is named by its number.
    pub fn contains(self, day: u32) -> bool {
        self.bits & (1 << day) != 0
    }

    /// Adds the days from one to another, both included, 1 to 31.
    pub fn insert_range(&mut self, first: u32, last: u32) {
        for day in first..=last {
            self.bits |= 1 << day;
        }
    }

    /// Those that a month has, as bits from bit 1.
    pub fn in_month(self, month: Month) -> u32 {
        let last = if self.last { 1 << month.length } else { 0 };
        self.bits & month.days() | last
    }
}

impl Nth {
    /// All, in the order of their bits.
    pub const ALL: [Self; 6] = [Self::First, Self::Second, Self::Third, Self::Fourth, Self::Fifth, Self::Last];

    /// The days of a month that can be it.
    fn days(self, month: Month) -> u32 {
        let week = |n: u32| 0x7f << (7 * n + 1);
        match self {
            Self::First => week(0),
            Self::Second => week(1),
            Self::Third => week(2),
            Self::Fourth => week(3),
            Self::Fifth => week(4),
            Self::Last => 0x7f << (month.length - 6),
        }
    }
}

impl NthWeekdays {
    /// Adds the nth of a weekday.
    pub fn insert(&mut self, nth: Nth, day: Weekday) {
        self.0[nth as usize].insert(day);
    }

    /// The weekdays of which the nth is among them.
    pub fn of(self, nth: Nth) -> Weekdays {
        self.0[nth as usize]
    }

    /// Those of a month, as bits from bit 1.
    pub fn in_month(self, month: Month) -> u32 {
        Nth::ALL.iter().fold(0, |days, nth| days | self.of(*nth).in_month(month) & nth.days(month))
    }
}

/// A month of a year, as far as dates depend on it.
#[derive(Clone, Copy)]
pub(super) struct Month {
    starts_on: Weekday,
    length: u32,
}

impl Month {
    /// The month of a date.
    pub fn of(date: NaiveDate) -> Self {
        let starts_on = Weekday::try_from(((date.weekday() as u32 + 36 - date.day()) % 7) as u8);
        Self { starts_on: starts_on.unwrap_or(Weekday::Mon), length: date.num_days_in_month().into() }
    }

    /// How many days it has.
    pub fn length(self) -> u32 {
        self.length
    }

    /// The day of the week of its nth day, from 1.
    pub fn weekday(self, day: u32) -> Weekday {
        (1..day % 7 + 7).fold(self.starts_on, |weekday, _| weekday.succ())
    }

    /// All its days, as bits from bit 1.
    pub fn days(self) -> u32 {
        u32::MAX >> (31 - self.length) & !1
    }
}

/// Months in 400 years, after which dates fall on the same days of the week again.
const CALENDAR_CYCLE: u32 = 4800;

/// The first date, from this one on, that is among the days (as bits from bit 1) of its month; none if no year has one.
pub(super) fn next(from: NaiveDate, in_month: impl Fn(NaiveDate) -> u32) -> Option<NaiveDate> {
    let rest = in_month(from) & (u32::MAX << from.day());
    if rest != 0 {
        return from.with_day(rest.trailing_zeros());
    }
    let first = from.with_day(1)?;
    (1..=CALENDAR_CYCLE).map_while(|n| first.checked_add_months(CalendarMonths::new(n))).find_map(|month| {
        let days = in_month(month);
        (days != 0).then(|| month.with_day(days.trailing_zeros())).flatten()
    })
}

impl Dates {
    /// Whether a date is meant.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.in_month(date) & (1 << date.day()) != 0
    }

    /// Whether every date is.
    pub fn is_every(&self) -> bool {
        *self == Self::default()
    }

    /// The first date that is meant, from this one on; none if no year has one, or the calendar ends.
    pub fn next(&self, from: NaiveDate) -> Option<NaiveDate> {
        if self.is_every() {
            return Some(from);
        }
        next(from, |month| self.in_month(month))
    }

    /// The days that are meant in the month of a date, as bits from bit 1.
    fn in_month(&self, date: NaiveDate) -> u32 {
        if self.months.is_some_and(|months| !months.contains(date.month())) {
            return 0;
        }
        let month = Month::of(date);
        let weekdays = match self.weekdays {
            None => u32::MAX,
            Some(WeekdayRule::Each(days)) => days.in_month(month),
            Some(WeekdayRule::InMonth(days)) => days.in_month(month),
        };
        month.days() & weekdays & self.month_days.map_or(u32::MAX, |days| days.in_month(month))
    }
}
