//! A schedule as text: the shortest form that reads back as the same.

use std::fmt;

use super::exceptions::Exceptions;
use super::{Native, Times, When, Window};
use crate::schedule::dates::{Dates, MonthDays, Months, Nth, NthWeekdays, WeekdayRule, Weekdays};
use crate::zones::Zone;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl fmt::Display for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(Zone::UTC) => f.write_str("never"),
            Self::Never(zone) => write!(f, "never {}", zone.name()),
            Self::Windows(windows) if is_bare_always(windows) => f.write_str("always"),
            Self::Windows(windows) => {
                let suffixes = suffixes(windows);
                list(f, windows.iter().zip(suffixes), "; ", |f, (window, suffix)| {
                    window.when.fmt(f)?;
                    suffix.map_or(Ok(()), |suffix| suffix.fmt(f))
                })
            }
        }
    }
}

fn is_bare_always(windows: &[Window]) -> bool {
    match windows {
        [window] => window.zone == Zone::UTC && window.when.is_plain_always(),
        _ => false,
    }
}

impl When {
    /// Whether it is what `always` alone means.
    pub(super) fn is_plain_always(&self) -> bool {
        match self {
            Self::Recurring { dates, times, except } => {
                dates.is_every() && times[..] == [Times::ALL_DAY] && except.is_empty()
            }
            Self::Absolute { .. } => false,
        }
    }
}

/// What stands behind a window, for it and those before it.
#[derive(Clone, Copy)]
struct Suffix<'a> {
    zone: Zone,
    except: Option<&'a Exceptions>,
}

/// The suffix of each window, none where it is that of the next window that has one.
fn suffixes(windows: &[Window]) -> Vec<Option<Suffix<'_>>> {
    let mut passed_on: Option<Suffix<'_>> = None;
    let mut suffixes: Vec<_> = windows
        .iter()
        .rev()
        .map(|window| {
            let except = match &window.when {
                When::Recurring { except, .. } => Some(except).filter(|except| !except.is_empty()),
                When::Absolute { .. } => None,
            };
            let is_single = matches!(window.when, When::Absolute { .. });
            let is_passed_on =
                passed_on.is_some_and(|next| next.zone == window.zone && (is_single || next.except == except));
            if is_passed_on {
                return None;
            }
            passed_on = Some(Suffix { zone: window.zone, except });
            passed_on
        })
        .collect();
    suffixes.reverse();
    suffixes
}

impl fmt::Display for Suffix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.zone.name())?;
        self.except.map_or(Ok(()), |except| write!(f, " except {except}"))
    }
}

impl fmt::Display for Exceptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dates = self.dates.iter().map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}..{last}"),
        });
        let holidays = self.holidays.iter().map(|_| "holidays".to_owned());
        list(f, dates.chain(holidays), ", ", |f, item| f.write_str(&item))
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

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absolute { start, end } => {
                write!(f, "{}-{}", start.format("%Y-%m-%dT%H:%M"), end.format("%Y-%m-%dT%H:%M"))
            }
            Self::Recurring { dates, times, .. } if dates.is_every() && times[..] == [Times::ALL_DAY] => {
                f.write_str("always")
            }
            Self::Recurring { dates, times, .. } => {
                write!(f, "{dates} ")?;
                list(f, times, ", ", |f, times| write!(f, "{}-{}", times.start, times.end))
            }
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
        let each = Nth::ALL.into_iter().flat_map(|nth| self.of(nth).iter().map(move |day| (nth, day)));
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
