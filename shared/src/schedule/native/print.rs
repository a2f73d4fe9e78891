//! A schedule as text: the shortest form that reads back as the same.

use std::fmt;

use chrono_tz::Tz;

use super::{Native, Times, When, Window};
use crate::schedule::dates::{Dates, MonthDays, Months, Nth, NthWeekdays, WeekdayRule, Weekdays};

pub(super) const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl fmt::Display for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(Tz::UTC) => f.write_str("never"),
            Self::Never(zone) => write!(f, "never {}", zone.name()),
            Self::Windows(windows) => {
                if let [window] = &windows[..]
                    && window.zone == Tz::UTC
                    && window.when.is_always()
                {
                    return f.write_str("always");
                }
                list(f, windows, "; ", |f, window| window.fmt(f))
            }
        }
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
    separator: &str,
    write: impl Fn(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    items.into_iter().enumerate().try_for_each(|(index, item)| {
        if index > 0 {
            f.write_str(separator)?;
        }
        write(f, item)
    })
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.when {
            When::Absolute { start, end } => {
                write!(f, "{}-{} {}", start.format("%Y-%m-%dT%H:%M"), end.format("%Y-%m-%dT%H:%M"), self.zone.name())
            }
            When::Recurring { dates, times, except } => {
                if dates.is_every() && times[..] == [Times::ALL_DAY] {
                    f.write_str("always")?;
                } else {
                    dates.fmt(f)?;
                    f.write_str(" ")?;
                    list(f, times, ", ", |f, times| write!(f, "{}-{}", times.start, times.end))?;
                }
                write!(f, " {}", self.zone.name())?;
                if except.is_empty() {
                    return Ok(());
                }
                f.write_str(" except ")?;
                list(f, except.iter(), ", ", |f, (first, last)| match first == last {
                    true => write!(f, "{first}"),
                    false => write!(f, "{first}..{last}"),
                })
            }
        }
    }
}

impl When {
    fn is_always(&self) -> bool {
        match self {
            Self::Recurring { dates, times, except } => {
                dates.is_every() && except.is_empty() && times[..] == [Times::ALL_DAY]
            }
            Self::Absolute { .. } => false,
        }
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_every() {
            return f.write_str("Mon-Sun");
        }
        let months = self.months.map(|months| months.to_string());
        let weekdays = self.weekdays.map(|rule| match rule {
            WeekdayRule::Each(days) => days.to_string(),
            WeekdayRule::InMonth(days) => days.to_string(),
        });
        let month_days = self.month_days.map(|days| days.to_string());
        list(f, [months, weekdays, month_days].into_iter().flatten(), " ", |f, part| f.write_str(&part))
    }
}

/// The stretches of a circle of names, as `Mon-Wed,Fri`; a stretch may go over its end.
fn circle(f: &mut fmt::Formatter<'_>, names: &[&str], contains: impl Fn(usize) -> bool) -> fmt::Result {
    let size = names.len();
    let starts = |i: &usize| contains(*i) && !contains((i + size - 1) % size);
    if !(0..size).any(|i| starts(&i)) {
        return write!(f, "{}-{}", names[0], names[size - 1]);
    }
    list(f, (0..size).filter(starts), ",", |f, first| {
        let length = (1..size).take_while(|n| contains((first + n) % size)).count();
        match length {
            0 => f.write_str(names[first]),
            _ => write!(f, "{}-{}", names[first], names[(first + length) % size]),
        }
    })
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        circle(f, &WEEKDAYS, |i| {
            u8::try_from(i).is_ok_and(|i| chrono::Weekday::try_from(i).is_ok_and(|day| self.contains(day)))
        })
    }
}

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        circle(f, &MONTHS, |i| u32::try_from(i + 1).is_ok_and(|month| self.contains(month)))
    }
}

impl fmt::Display for NthWeekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = Nth::ALL.into_iter().flat_map(|nth| {
            let days = self.of(nth);
            (0..7)
                .filter_map(|i| chrono::Weekday::try_from(i).ok())
                .filter(move |day| days.contains(*day))
                .map(move |day| (nth, day))
        });
        list(f, each, ",", |f, (nth, day)| write!(f, "{nth} {day}"))
    }
}

impl fmt::Display for Nth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::Fourth => "fourth",
            Self::Fifth => "fifth",
            Self::Last => "last",
        })
    }
}

impl fmt::Display for MonthDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let starts = |day: &u32| self.contains(*day) && !self.contains(*day - 1);
        let stretches = (1..=31).filter(starts).map(|first| {
            let length = (first + 1..=31).take_while(|day| self.contains(*day)).count();
            (first, length)
        });
        let mut parts: Vec<String> = stretches
            .map(|(first, length)| match length {
                0 => format!("{first}"),
                _ => format!("{first}-{}", first as usize + length),
            })
            .collect();
        if self.last && parts.is_empty() {
            return f.write_str("last day");
        }
        if self.last {
            parts.push("last".to_owned());
        }
        write!(f, "day {}", parts.join(","))
    }
}
