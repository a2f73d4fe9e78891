//! Which dates a window begins on: months, days of the week, days of the month.

use chrono::Weekday;

use super::names::Word;
use super::scan::{Fix, Scanner, Wrong};
use super::times::{is_time, times};
use crate::schedule::dates::{Dates, MonthDays, Months, Nth, NthWeekdays, WeekdayRule, Weekdays};

const DATES: &str = "days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`";

/// What a list is of.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Months,
    Weekdays,
    MonthDays,
}

/// Reads at least one list of days or months; each kind stands there once, in any order.
pub(super) fn dates(scan: &mut Scanner<'_>) -> Result<Dates, Wrong> {
    if is_time(scan) {
        return Err(days_missing(scan));
    }
    let mut dates = Dates::default();
    let mut seen = Vec::new();
    while let Some(kind) = kind(scan) {
        if seen.contains(&kind) {
            return Err(scan.expected("times such as `08:00-20:00`, as a list goes on after a comma"));
        }
        seen.push(kind);
        match kind {
            Kind::Months => dates.months = months(scan)?,
            Kind::Weekdays => dates.weekdays = weekdays(scan)?,
            Kind::MonthDays => dates.month_days = Some(month_days(scan)?),
        }
        let mut ahead = *scan;
        if ahead.take(",") && self::kind(&ahead).is_some() {
            return Err(ahead.expected("another of the same kind, as days of another kind need a window of their own"));
        }
    }
    match seen.is_empty() {
        true => Err(scan.expected(DATES)),
        false if is_time(scan) => Ok(dates),
        false => Err(times_missing(scan)),
    }
}

fn times_missing(scan: &Scanner<'_>) -> Wrong {
    let wrong = scan.expected("times such as `08:00-20:00`");
    let mut ahead = *scan;
    match ahead.take(",") && is_time(&ahead) {
        true => wrong.fix(Some(" ")),
        false => wrong,
    }
}

fn kind(scan: &Scanner<'_>) -> Option<Kind> {
    let mut ahead = *scan;
    match (ahead.take_word()?, ahead.peek_word()) {
        (Word::Nth(_), Some(Word::Day)) | (Word::Day, _) => Some(Kind::MonthDays),
        (Word::Nth(_) | Word::Weekday(_), _) => Some(Kind::Weekdays),
        (Word::Month(_), _) => Some(Kind::Months),
        (Word::Always | Word::Never | Word::Except | Word::Holidays, _) => None,
    }
}

/// Days are missing before the times, or stand behind them.
fn days_missing(scan: &Scanner<'_>) -> Wrong {
    let mut ahead = *scan;
    ahead.skip_space();
    let start = ahead.position();
    let times = times(&mut ahead).map(|_| ahead.since(start));
    let days_start = ahead.position();
    let mut fix = Fix { place: start..start, with: "Mon-Fri ".to_owned() };
    if let Ok(times) = times
        && let Some(days) = days_alone(&mut ahead)
    {
        fix = Fix { place: start..days_start + days.len(), with: format!("{} {times}", days.trim()) };
    }
    let mut wrong = scan.expected(&format!("{DATES} before the times"));
    wrong.fix = Some(fix);
    wrong
}

fn days_alone<'a>(scan: &mut Scanner<'a>) -> Option<&'a str> {
    let start = scan.position();
    while let Some(kind) = kind(scan) {
        match kind {
            Kind::Months => months(scan).ok().map(drop)?,
            Kind::Weekdays => weekdays(scan).ok().map(drop)?,
            Kind::MonthDays => month_days(scan).ok().map(drop)?,
        }
    }
    Some(scan.since(start)).filter(|days| !days.is_empty())
}

/// Reads items with commas between them, as long as one follows.
fn list(
    scan: &mut Scanner<'_>,
    mut item: impl FnMut(&mut Scanner<'_>) -> Result<(), Wrong>,
    follows: impl Fn(&Scanner<'_>) -> bool,
) -> Result<(), Wrong> {
    loop {
        item(scan)?;
        let mut ahead = *scan;
        if !ahead.take(",") || !follows(&ahead) {
            return Ok(());
        }
        *scan = ahead;
    }
}

fn months(scan: &mut Scanner<'_>) -> Result<Option<Months>, Wrong> {
    let mut months = Months::default();
    let item = |scan: &mut Scanner<'_>| {
        let first = month(scan)?;
        let last = if scan.take("-") { month(scan)? } else { first };
        months.insert_range(first, last);
        Ok(())
    };
    list(scan, item, |ahead| matches!(ahead.peek_word(), Some(Word::Month(_))))?;
    Ok((!months.is_full()).then_some(months))
}

fn month(scan: &mut Scanner<'_>) -> Result<u32, Wrong> {
    let before = *scan;
    match scan.take_word() {
        Some(Word::Month(month)) => Ok(month),
        Some(_) | None => Err(before.expected("a month such as `Jan`")),
    }
}

fn weekdays(scan: &mut Scanner<'_>) -> Result<Option<WeekdayRule>, Wrong> {
    if let Some(Word::Nth(_)) = scan.peek_word() {
        return nth_weekdays(scan).map(|days| Some(WeekdayRule::InMonth(days)));
    }
    let mut days = Weekdays::default();
    let item = |scan: &mut Scanner<'_>| {
        let first = weekday(scan)?;
        let last = if scan.take("-") { weekday(scan)? } else { first };
        days.insert_range(first, last);
        Ok(())
    };
    let follows = |ahead: &Scanner<'_>| match ahead.peek_word() {
        Some(Word::Weekday(_)) => true,
        Some(_) => false,
        // Something like a weekday, which is then told, unless it is the time of a list that ends in a comma.
        None => !is_time(ahead),
    };
    list(scan, item, follows)?;
    Ok((!days.is_full()).then_some(WeekdayRule::Each(days)))
}

fn weekday(scan: &mut Scanner<'_>) -> Result<Weekday, Wrong> {
    let before = *scan;
    match scan.take_word() {
        Some(Word::Weekday(day)) => Ok(day),
        Some(_) | None => Err(before.expected("a day of the week such as `Mon`")),
    }
}

/// Reads `first Mon,last Fri` and `first,third Mon`.
fn nth_weekdays(scan: &mut Scanner<'_>) -> Result<NthWeekdays, Wrong> {
    let mut days = NthWeekdays::default();
    let mut last_nth = Nth::First;
    let item = |scan: &mut Scanner<'_>| {
        let mut nths = Vec::new();
        let before = *scan;
        while let Some(Word::Nth(nth)) = scan.peek_word() {
            scan.take_word();
            nths.push(nth);
            last_nth = nth;
            let mut ahead = *scan;
            if ahead.take(",") && matches!(ahead.peek_word(), Some(Word::Nth(_))) {
                *scan = ahead;
            }
        }
        if nths.is_empty() {
            // `first Mon,Tue` may mean every Tuesday or the first.
            let wrong = before.expected("`first`, `last` or the like, as every such day needs a window of its own");
            let place = wrong.place.start..wrong.place.start;
            return Err(Wrong { fix: Some(Fix { place, with: format!("{last_nth} ") }), ..wrong });
        }
        let day = weekday(scan)?;
        nths.into_iter().for_each(|nth| days.insert(nth, day));
        Ok(())
    };
    list(scan, item, |ahead| kind(ahead) == Some(Kind::Weekdays))?;
    Ok(days)
}

/// Reads `day 1-7,15,last` and `last day`.
fn month_days(scan: &mut Scanner<'_>) -> Result<MonthDays, Wrong> {
    let mut days = MonthDays::default();
    let before = *scan;
    if let Some(Word::Nth(nth)) = scan.take_word() {
        let place = before.position()..scan.position();
        scan.take_word();
        if nth == Nth::Last {
            days.last = true;
            return Ok(days);
        }
        let place = place.start..scan.position();
        let fix = Fix { place: place.clone(), with: format!(" day {}", nth as usize + 1) };
        let message = "a day of the month is written with its number, such as `day 1`".to_owned();
        return Err(Wrong { place, message, fix: Some(fix) });
    }
    let item = |scan: &mut Scanner<'_>| {
        if scan.peek_word() == Some(Word::Nth(Nth::Last)) {
            scan.take_word();
            if scan.peek_word() == Some(Word::Day) {
                scan.take_word();
            }
            days.last = true;
            return Ok(());
        }
        scan.skip_space();
        let start = scan.position();
        let first = month_day(scan)?;
        let last = if scan.take("-") { month_day(scan)? } else { first };
        if last < first {
            let message = "days of the month do not go over its end, but may be two ranges".to_owned();
            let wrong = Wrong { place: start..scan.position(), message, fix: None };
            return Err(wrong.fix(Some(format!("{first}-31,1-{last}"))));
        }
        days.insert_range(first, last);
        Ok(())
    };
    let follows = |ahead: &Scanner<'_>| match kind(ahead) {
        None | Some(Kind::MonthDays) => true,
        Some(Kind::Weekdays) => is_last_alone(ahead),
        Some(Kind::Months) => false,
    };
    list(scan, item, follows)?;
    Ok(days)
}

/// Whether it is `last` without what it would be the last of.
fn is_last_alone(scan: &Scanner<'_>) -> bool {
    let mut ahead = *scan;
    ahead.take_word() == Some(Word::Nth(Nth::Last)) && !matches!(ahead.peek_word(), Some(Word::Weekday(_)))
}

fn month_day(scan: &mut Scanner<'_>) -> Result<u32, Wrong> {
    let mut ahead = *scan;
    ahead.skip_space();
    let digits = ahead.take_while(|c| c.is_ascii_alphanumeric() || c == ':');
    match digits.parse() {
        Ok(day @ 1..=31) if digits.len() <= 2 => {
            *scan = ahead;
            Ok(day)
        }
        Ok(_) | Err(_) => Err(scan.expected("a day of the month from 1 to 31")),
    }
}
