//! The words of the grammar, and what people write in their place.

use chrono::Weekday;

use crate::schedule::dates::{MONTHS, Nth, WEEKDAYS};

/// What a word of letters means where dates are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Always,
    Never,
    Except,
    Holidays,
    /// `day`, before days of the month.
    Day,
    Weekday(Weekday),
    /// From 1.
    Month(u32),
    Nth(Nth),
}

impl Word {
    /// Reads a word in any case. Weekdays and months may be cut to three letters or more.
    pub fn read(text: &str) -> Option<Self> {
        let word = text.to_ascii_lowercase();
        Some(match word.as_str() {
            "always" => Self::Always,
            "never" => Self::Never,
            "except" => Self::Except,
            "holidays" => Self::Holidays,
            "day" | "days" => Self::Day,
            "first" | "1st" => Self::Nth(Nth::First),
            "second" | "2nd" => Self::Nth(Nth::Second),
            "third" | "3rd" => Self::Nth(Nth::Third),
            "fourth" | "4th" => Self::Nth(Nth::Fourth),
            "fifth" | "5th" => Self::Nth(Nth::Fifth),
            "last" => Self::Nth(Nth::Last),
            _ => {
                return begun_by(&WEEKDAYS, &word, 3).and_then(weekday).or_else(|| {
                    let month = begun_by(&MONTHS, &word, 3)?;
                    u32::try_from(month + 1).ok().map(Self::Month)
                });
            }
        })
    }

    /// What is to be written instead of a word that is none of the grammar's but looks like one.
    pub fn instead_of(text: &str) -> Option<String> {
        let word = text.to_ascii_lowercase();
        let words = match word.as_str() {
            "weekday" | "weekdays" | "workday" | "workdays" | "businessdays" => "Mon-Fri",
            "weekend" | "weekends" => "Sat-Sun",
            "daily" | "everyday" | "all" => "Mon-Sun",
            "on" | "every" | "each" | "from" | "at" => "",
            "and" => ",",
            "to" | "till" | "until" | "through" => "-",
            "m" => "Mon",
            "w" => "Wed",
            "f" => "Fri",
            "holiday" => "holidays",
            "excluding" | "without" | "but" | "excepting" | "exclude" => "except",
            "24x7" | "24/7" | "always-on" => "always",
            "always-off" => "never",
            _ => "?",
        };
        if words != "?" {
            return Some(words.to_owned());
        }
        let singular = word.strip_suffix('s').unwrap_or(&word);
        let weekday = begun_by(&WEEKDAYS, singular, 2);
        let month = begun_by(&MONTHS, singular, 3);
        let name = weekday.map(|i| WEEKDAYS[i]).or_else(|| month.map(|i| MONTHS[i])).or_else(|| misspelt(&word))?;
        Some(short(name))
    }
}

fn weekday(index: usize) -> Option<Word> {
    Weekday::try_from(u8::try_from(index).ok()?).ok().map(Word::Weekday)
}

/// The name that begins with a word of so many letters at least, if it is the only one.
fn begun_by(names: &[&str], word: &str, least: usize) -> Option<usize> {
    if word.len() < least {
        return None;
    }
    let mut found = names.iter().enumerate().filter(|(_, name)| name.starts_with(word)).map(|(index, _)| index);
    found.next().filter(|_| found.next().is_none())
}

/// The name that differs from a word by one slip of the finger, written in full or short.
fn misspelt(word: &str) -> Option<&'static str> {
    let differs = |name: &str| {
        let forms = [name, name.get(..3).unwrap_or(name)];
        forms.into_iter().map(|form| strsim::osa_distance(form, word)).min().unwrap_or(usize::MAX)
    };
    let names = WEEKDAYS.into_iter().chain(MONTHS);
    names.min_by_key(|name| differs(name)).filter(|name| word.len() >= 3 && differs(name) == 1)
}

/// Three letters, the first a capital.
fn short(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{}", first.to_ascii_uppercase(), rest.get(..2).unwrap_or(rest))
}
