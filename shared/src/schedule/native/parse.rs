//! The grammar `DAYS HH:MM-HH:MM ZONE`.

use super::exceptions::Exceptions;
use super::print::WEEKDAYS;
use super::{Native, Times, When, Window};
use crate::schedule::InvalidSchedule;
use crate::schedule::dates::{Dates, WeekdayRule, Weekdays};
use crate::schedule::local::ClockTime;

impl Native {
    pub fn parse(text: &str) -> Result<Self, InvalidSchedule> {
        let wrong = |part: &str, wanted: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            InvalidSchedule::new(text, start..start + part.len(), format!("`{part}` is not {wanted}"))
        };
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [days, times, zone] = parts[..] else {
            return Err(wrong(text, "days, times and a time zone"));
        };
        let zone = zone.parse().map_err(|_| wrong(zone, "a time zone of the IANA database"))?;
        let times = self::times(times).ok_or_else(|| wrong(times, "a time from and a time to (08:00-20:00)"))?;
        let days = self::days(days).ok_or_else(|| wrong(days, "a day (Mon) or days (Mon-Fri)"))?;
        let weekdays = (days.to_string() != "Mon-Sun").then_some(WeekdayRule::Each(days));
        let dates = Dates { weekdays, ..Dates::default() };
        let when = When::Recurring { dates, times: vec![times], except: Exceptions::default() };
        Ok(Self::Windows(vec![Window { when, zone }]))
    }
}

fn days(text: &str) -> Option<Weekdays> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let named = |text: &str| {
        let index = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(text))?;
        chrono::Weekday::try_from(u8::try_from(index).ok()?).ok()
    };
    let mut days = Weekdays::default();
    days.insert_range(named(first)?, named(last)?);
    Some(days)
}

fn times(text: &str) -> Option<Times> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (time(start)?, time(end)?);
    (start != end && start != ClockTime::DAY_END).then_some(Times { start, end })
}

fn time(text: &str) -> Option<ClockTime> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 || !(hours.bytes().chain(minutes.bytes())).all(|b| b.is_ascii_digit()) {
        return None;
    }
    ClockTime::new(hours.parse().ok()?, minutes.parse().ok()?)
}
