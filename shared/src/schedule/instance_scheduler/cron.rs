//! The expressions of a period's `weekdays`, `monthdays` and `months`.

use chrono::Weekday;

use super::recurrence::{MonthDayRule, WeekdayRule};
use crate::schedule::InvalidSchedule;
use crate::schedule::dates::{MONTHS, Months, Nth, WEEKDAYS};
use crate::schedule::piece::Piece;

/// A field of a period, by what its numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// 0 to 6, from Monday.
    Weekdays,
    /// 1 to 31.
    MonthDays,
    /// 1 to 12.
    Months,
}

/// One entry of a field's list.
enum Term {
    /// `*` or `?`
    All,
    /// Values, as bits.
    Values(u32),
    /// `L`
    Last,
    /// `mon#1`
    Nth(u32, Nth),
    /// `15W`
    Nearest(u32),
}

impl Field {
    fn domain(self) -> (u32, u32) {
        match self {
            Self::Weekdays => (0, 6),
            Self::MonthDays => (1, 31),
            Self::Months => (1, 12),
        }
    }

    fn wanted(self) -> &'static str {
        match self {
            Self::Weekdays => "a day of the week is wanted: 0 (Monday) to 6, `mon`, or `monday`",
            Self::MonthDays => "a day of the month is wanted: 1 to 31, or `L` for the last",
            Self::Months => "a month is wanted: 1 to 12, `jan`, or `january`",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Weekdays => &WEEKDAYS,
            Self::MonthDays => &[],
            Self::Months => &MONTHS,
        }
    }

    /// A number or a name, whole or its first three letters.
    fn value(self, piece: Piece<'_>) -> Result<u32, InvalidSchedule> {
        let (first, last) = self.domain();
        let text = piece.text();
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            let number = text.parse().ok().filter(|number| (first..=last).contains(number));
            return number.ok_or_else(|| piece.invalid(self.wanted()));
        }
        let is_it = |name: &&str| name.eq_ignore_ascii_case(text) || name[..3].eq_ignore_ascii_case(text);
        let index = self.names().iter().position(is_it).and_then(|index| u32::try_from(index).ok());
        index.map(|index| first + index).ok_or_else(|| piece.invalid(self.wanted()))
    }

    /// The values from one to another in steps; over the end and on from the beginning, if that is the way.
    fn values(self, from: u32, to: u32, step: u32) -> u32 {
        let (first, last) = self.domain();
        let (mut value, mut wraps, mut values) = (from, from > to, 0);
        while wraps || value <= to {
            if (first..=last).contains(&value) {
                values |= 1 << value;
            }
            value += step;
            if wraps && value > last {
                value -= last - first + 1;
                wraps = false;
            }
        }
        values
    }

    fn term(self, piece: Piece<'_>) -> Result<Term, InvalidSchedule> {
        if let "*" | "?" = piece.text() {
            return Ok(Term::All);
        }
        if let Ok(value) = self.value(piece) {
            return Ok(Term::Values(1 << value));
        }
        if is_last(piece) {
            return match self {
                Self::Weekdays | Self::MonthDays => Ok(Term::Last),
                Self::Months => Err(piece.invalid("there is no `L` for months").suggest(Some(piece.replaced("12")))),
            };
        }
        if let Some((range, step)) = piece.split_once('/') {
            return self.steps(range.trim(), step.trim());
        }
        if let Some((from, to)) = piece.split_once('-').filter(|(from, to)| !from.is_empty() && !to.is_empty()) {
            let (from, to) = self.range(from.trim(), to.trim())?;
            return Ok(Term::Values(self.values(from, to, 1)));
        }
        match (self, piece.text().as_bytes().last()) {
            (Self::Weekdays, Some(b'L' | b'l')) => self.last_weekday(piece),
            (Self::Weekdays, _) if piece.text().contains('#') => self.nth_weekday(piece),
            (Self::MonthDays, Some(b'W' | b'w')) => {
                let day = piece.split_at(piece.text().len() - 1).map_or(piece, |(day, _)| day);
                Ok(Term::Nearest(self.value(day)?))
            }
            (Self::Weekdays | Self::MonthDays | Self::Months, _) => Err(piece.invalid(self.wanted())),
        }
    }

    /// `1/2` is every second from the first on, `1-5/2` until the fifth.
    fn steps(self, range: Piece<'_>, step: Piece<'_>) -> Result<Term, InvalidSchedule> {
        let is_number = !step.is_empty() && step.text().bytes().all(|b| b.is_ascii_digit());
        let number = step.text().parse().ok().filter(|number| is_number && (1..=31).contains(number));
        let number = number.ok_or_else(|| step.invalid("a step from 1 to 31 is wanted"))?;
        let (first, last) = self.domain();
        if let "*" | "?" = range.text() {
            let message = "a step begins at a number or a name";
            return Err(range.invalid(message).suggest(Some(range.replaced(&first.to_string()))));
        }
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => self.range(from.trim(), to.trim())?,
            None => (self.value(range)?, last),
        };
        Ok(Term::Values(self.values(from, to, number)))
    }

    fn range(self, from: Piece<'_>, to: Piece<'_>) -> Result<(u32, u32), InvalidSchedule> {
        if is_last(from) {
            return Err(from.invalid("a range does not begin with `L`"));
        }
        let start = self.value(from)?;
        match self {
            Self::MonthDays if is_last(to) => Ok((start, 31)),
            Self::MonthDays => match self.value(to)? {
                end if start <= end => Ok((start, end)),
                _ => Err(from
                    .to(to)
                    .invalid("days of the month do not go over the month's end")
                    .suggest(Some(from.to(to).replaced(&format!("{}-L,1-{}", from.text(), to.text()))))),
            },
            Self::Weekdays | Self::Months if is_last(to) => Err(to.invalid("only days of the month go up to `L`")),
            Self::Weekdays | Self::Months => Ok((start, self.value(to)?)),
        }
    }

    fn nth_weekday(self, piece: Piece<'_>) -> Result<Term, InvalidSchedule> {
        let Some((day, number)) = piece.split_once('#') else { return Err(piece.invalid(self.wanted())) };
        let nth = match number.text() {
            "1" => Nth::First,
            "2" => Nth::Second,
            "3" => Nth::Third,
            "4" => Nth::Fourth,
            "5" => Nth::Fifth,
            _ => {
                return Err(
                    number.invalid("which of the month's is wanted: 1 to 5, or `L` instead of `#` for the last")
                );
            }
        };
        Ok(Term::Nth(self.value(day)?, nth))
    }

    fn last_weekday(self, piece: Piece<'_>) -> Result<Term, InvalidSchedule> {
        let day = piece.split_at(piece.text().len() - 1).map_or(piece, |(day, _)| day);
        Ok(Term::Nth(self.value(day)?, Nth::Last))
    }

    fn terms(self, text: &str) -> Result<Vec<Term>, InvalidSchedule> {
        Piece::all(text).split(',').map(|part| self.term(part.trim())).collect()
    }
}

fn is_last(piece: Piece<'_>) -> bool {
    piece.text().eq_ignore_ascii_case("l")
}

fn weekday(number: u32) -> Weekday {
    u8::try_from(number).ok().and_then(|number| Weekday::try_from(number).ok()).unwrap_or(Weekday::Mon)
}

fn bits(values: u32) -> impl Iterator<Item = u32> {
    (0..32).filter(move |bit| values & (1 << bit) != 0)
}

/// Reads `weekdays`; none if every day is meant.
pub(super) fn weekdays(texts: &[String]) -> Result<Option<WeekdayRule>, InvalidSchedule> {
    let mut rule = WeekdayRule::default();
    let mut is_all = false;
    for text in texts {
        for term in Field::Weekdays.terms(text)? {
            match term {
                Term::All => is_all = true,
                Term::Values(values) => bits(values).for_each(|day| rule.each.insert(weekday(day))),
                // The week's last day.
                Term::Last => rule.each.insert(Weekday::Sun),
                Term::Nth(day, nth) => rule.in_month.insert(nth, weekday(day)),
                Term::Nearest(_) => {}
            }
        }
    }
    Ok((!is_all).then_some(rule))
}

/// Reads `monthdays`; none if every day is meant.
pub(super) fn month_days(texts: &[String]) -> Result<Option<MonthDayRule>, InvalidSchedule> {
    let mut rule = MonthDayRule::default();
    let mut is_all = false;
    for text in texts {
        for term in Field::MonthDays.terms(text)? {
            match term {
                Term::All => is_all = true,
                Term::Values(values) => bits(values).for_each(|day| rule.days.insert_range(day, day)),
                Term::Last => rule.days.last = true,
                Term::Nearest(day) => rule.nearest |= 1 << day,
                Term::Nth(..) => {}
            }
        }
    }
    Ok((!is_all).then_some(rule))
}

/// Reads `months`; none if every month is meant.
pub(super) fn months(texts: &[String]) -> Result<Option<Months>, InvalidSchedule> {
    let mut months = Months::default();
    let mut is_all = false;
    for text in texts {
        for term in Field::Months.terms(text)? {
            match term {
                Term::All => is_all = true,
                Term::Values(values) => bits(values).for_each(|month| months.insert_range(month, month)),
                Term::Last | Term::Nth(..) | Term::Nearest(_) => {}
            }
        }
    }
    Ok((!is_all).then_some(months))
}
