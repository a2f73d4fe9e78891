//! The grammar of a schedule: `DAYS HH:MM-HH:MM ZONE`.

use std::str::FromStr;

use super::days::Days;
use super::{Schedule, Window};

/// Why a text is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{part}` is not {wanted}; a schedule is written `Mon-Fri 08:00-20:00 America/New_York`")]
pub struct InvalidSchedule {
    /// The part that is wrong.
    pub part: String,
    /// What belongs there.
    pub wanted: &'static str,
}

fn wrong(part: &str, wanted: &'static str) -> InvalidSchedule {
    InvalidSchedule { part: part.to_owned(), wanted }
}

impl FromStr for Schedule {
    type Err = InvalidSchedule;

    fn from_str(text: &str) -> Result<Self, InvalidSchedule> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [days, times, zone] = parts[..] else {
            return Err(wrong(text, "days, times and a time zone"));
        };
        let zone = zone.parse().map_err(|_| wrong(zone, "a time zone of the IANA database"))?;
        let (start, end) = self::times(times)?;
        Ok(Self { window: Window { days: self::days(days)?, start, end, zone } })
    }
}

fn days(text: &str) -> Result<Days, InvalidSchedule> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (Days::named(first), Days::named(last)) {
        (Some(first), Some(last)) => Ok(Days::range(first, last)),
        (None, _) | (_, None) => Err(wrong(text, "a day (Mon) or days (Mon-Fri)")),
    }
}

fn times(text: &str) -> Result<(u16, u16), InvalidSchedule> {
    let invalid = || wrong(text, "a time from and a time to (08:00-20:00)");
    let (start, end) = text.split_once('-').ok_or_else(invalid)?;
    let (start, end) = (time(start).ok_or_else(invalid)?, time(end).ok_or_else(invalid)?);
    if start == end || start == 24 * 60 {
        return Err(wrong(text, "a time from and another time to"));
    }
    Ok((start, end))
}

/// Minutes after midnight of `HH:MM`, up to 24:00.
fn time(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 || !(hours.bytes().chain(minutes.bytes())).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}
