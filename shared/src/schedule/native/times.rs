//! Times of the day, dates, and what people write in their place.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::Times;
use super::scan::{Scanner, Wrong};
use crate::schedule::local::ClockTime;

/// Whether a time, or what may be meant as one, comes next.
pub(super) fn is_time(scan: &Scanner<'_>) -> bool {
    scan.rest().trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a date, or a date and a time, comes next.
pub(super) fn is_date(scan: &Scanner<'_>) -> bool {
    let mut ahead = *scan;
    ahead.skip_space();
    ahead.take_digits(4).is_some() && ahead.rest().starts_with(['-', '/', '.'])
}

/// Reads `08:00-20:00`.
pub(super) fn times(scan: &mut Scanner<'_>) -> Result<Times, Wrong> {
    scan.skip_space();
    let from = scan.position();
    let start = time(scan)?;
    if !scan.take("-") {
        return Err(scan.expected("`-` and the time it ends at, such as `-20:00`"));
    }
    let end = time(scan)?;
    let place = from..scan.position();
    if start == ClockTime::DAY_END {
        let message = "nothing begins at 24:00: the next day begins at 00:00".to_owned();
        return Err(Wrong { place, message, fix: None });
    }
    if start == end {
        let message = "it ends when it begins; a whole day is `00:00-24:00`".to_owned();
        let all_day = (start == ClockTime::MIDNIGHT).then_some("00:00-24:00");
        return Err(Wrong { place, message, fix: None }.fix(all_day));
    }
    Ok(Times { start, end })
}

fn time(scan: &mut Scanner<'_>) -> Result<ClockTime, Wrong> {
    let mut ahead = *scan;
    ahead.skip_space();
    let start = ahead.position();
    let found = ahead.take_while(|c| c.is_ascii_alphanumeric() || c == ':');
    if let Some(time) = strict_time(found) {
        *scan = ahead;
        return Ok(time);
    }
    if !found.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(scan.expected("a time such as `08:00`"));
    }
    // `8.30` and `8:30 pm` are times too, to those who write them.
    let mut longer = ahead;
    longer.take_while(|c| c == '.');
    longer.take_while(|c| c.is_ascii_digit());
    if meant_time(longer.since(start)).is_some() {
        ahead = longer;
    }
    longer = ahead;
    longer.skip_space();
    longer.take_while(|c| c.is_ascii_alphabetic());
    if longer.since(start).to_ascii_lowercase().ends_with('m') && meant_time(longer.since(start)).is_some() {
        ahead = longer;
    }
    let found = ahead.since(start);
    let message = format!("expected a time from `00:00` to `24:00`, found `{found}`");
    Err(Wrong { place: start..ahead.position(), message, fix: None }
        .fix(meant_time(found).map(|time| time.to_string())))
}

fn strict_time(text: &str) -> Option<ClockTime> {
    let (hours, minutes) = text.split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    (is_number(hours) && is_number(minutes)).then(|| ClockTime::new(hours.parse().ok()?, minutes.parse().ok()?))?
}

/// The time that `8`, `8:30`, `0830`, `8.30`, `8h`, `08:30:00`, `9am` or `5:30 pm` means.
fn meant_time(text: &str) -> Option<ClockTime> {
    let text = text.to_ascii_lowercase().replace('.', ":");
    let (number, half) = match text.strip_suffix('m').map(|text| text.split_at(text.len().saturating_sub(1))) {
        Some((number, half @ ("a" | "p"))) => (number, Some(half)),
        Some(_) | None => (text.trim_end_matches(['h', 'z']), None),
    };
    let number = number.trim_end();
    let parts: Vec<&str> = number.split(':').collect();
    let (hours, minutes) = match parts[..] {
        [digits] if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        [hours] => (hours, "0"),
        [hours, minutes] | [hours, minutes, "00"] => (hours, minutes),
        _ => return None,
    };
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    match half {
        None => ClockTime::new(hours, minutes),
        Some(_) if !(1..=12).contains(&hours) => None,
        Some("a") => ClockTime::new(hours % 12, minutes),
        Some(_) => ClockTime::new(hours % 12 + 12, minutes),
    }
}

/// Reads `2026-12-25`.
pub(super) fn date(scan: &mut Scanner<'_>) -> Result<NaiveDate, Wrong> {
    let mut ahead = *scan;
    ahead.skip_space();
    let start = ahead.position();
    let mut parts = || {
        let year = ahead.take_digits(4)?;
        let month = ahead.take("-").then(|| ahead.take_digits(2))??;
        let day = ahead.take("-").then(|| ahead.take_digits(2))??;
        Some((year, month, day))
    };
    let Some((year, month, day)) = parts() else {
        return Err(scan.expected("a date such as `2026-12-25`"));
    };
    let place = start..ahead.position();
    *scan = ahead;
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).ok_or_else(|| Wrong {
        place,
        message: "there is no such date".to_owned(),
        fix: None,
    })
}

/// Reads `2026-12-21T08:00`; of a date alone, the time to put behind it is told.
pub(super) fn date_time(scan: &mut Scanner<'_>, missing: &str) -> Result<NaiveDateTime, Wrong> {
    let date = date(scan)?;
    if !scan.rest().starts_with(['T', 't']) {
        let mut wrong = scan.expected("`T` and a time behind the date, such as `2026-12-21T08:00`");
        wrong.place = scan.position()..scan.position();
        return Err(wrong.fix(Some(missing)));
    }
    scan.take("T");
    scan.take("t");
    let from = scan.position();
    let time = time(scan)?;
    let is_written_in_four_digits = |local: &NaiveDateTime| local.year() <= 9999;
    time.on(date).filter(is_written_in_four_digits).ok_or_else(|| Wrong {
        place: from..scan.position(),
        message: "the calendar ends with the year 9999".to_owned(),
        fix: None,
    })
}
