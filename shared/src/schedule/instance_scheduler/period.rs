//! A period as an object.

use chrono::NaiveDate;

use super::cron;
use super::fields::{Field, Fields};
use super::{Period, Recurrence, Times};
use crate::schedule::InvalidSchedule;
use crate::schedule::local::ClockTime;
use crate::schedule::piece::Piece;

/// The fields that say when it is; one at least is wanted.
pub(super) const WHEN: [&str; 5] = ["begintime", "endtime", "weekdays", "monthdays", "months"];
/// All its fields.
pub(super) const FIELDS: [&str; 8] =
    ["name", "description", "begintime", "endtime", "weekdays", "monthdays", "months", "instancetype"];
/// Its fields that say nothing here.
pub(super) const PASSED_OVER: [&str; 2] = ["type", "configured_in_stack"];

impl Period {
    /// Reads a period from fields of which the unknown ones have been found.
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, InvalidSchedule> {
        let recurrence = Recurrence {
            weekdays: list(fields, "weekdays", cron::weekdays)?,
            month_days: list(fields, "monthdays", cron::month_days)?,
            months: list(fields, "months", cron::months)?,
        };
        let recurrence = recurrence.simplified();
        let times = times(fields)?;
        let name = fields.text("name")?.map(|(_, name)| name.to_owned());
        let instance_type = fields.text("instancetype")?.map(|(_, name)| name.to_owned());
        let is_never = recurrence.next(NaiveDate::default()).is_none();
        Ok(Self { name, times, recurrence, is_never, instance_type })
    }

    /// Whether any field says when it is.
    pub(super) fn is_in(fields: &Fields<'_>) -> bool {
        WHEN.iter().any(|name| fields.has(name))
    }
}

/// A field of expressions; one that is missing means all.
fn list<T>(
    fields: &Fields<'_>,
    name: &str,
    read: impl Fn(&[String]) -> Result<Option<T>, InvalidSchedule>,
) -> Result<Option<T>, InvalidSchedule> {
    let Some((field, texts)) = fields.texts(name)? else { return Ok(None) };
    // One by one first: the error has to show the text it is about.
    for text in &texts {
        read(std::slice::from_ref(text)).map_err(|error| field.holds(text, &error))?;
    }
    read(&texts)
}

fn times(fields: &Fields<'_>) -> Result<Times, InvalidSchedule> {
    let time = |name| match fields.text(name)? {
        None => match fields.get(name) {
            Some(field) => Err(field.invalid("a time is wanted, or no such field")),
            None => Ok(None),
        },
        Some((field, text)) => time(&field, text).map(|time| Some((field, text, time))),
    };
    match (time("begintime")?, time("endtime")?) {
        (None, None) => Ok(Times::AllDay),
        (Some((_, _, begin)), None) => Ok(Times::From(begin)),
        (None, Some((_, _, end))) => Ok(Times::Until(end)),
        (Some((_, _, begin)), Some((_, _, end))) if begin < end => Ok(Times::Between(begin, end)),
        (Some((_, _, ClockTime::MIDNIGHT)), Some((field, text, ClockTime::MIDNIGHT))) => {
            let message = "a period that ends when it begins never runs; without both times it is the whole day";
            Err(field.holds_wrong(text, message))
        }
        (Some(_), Some((field, text, ClockTime::MIDNIGHT))) => {
            let wrong = Piece::all(text).invalid("00:00 is where a day begins; its last time here is 23:59");
            Err(field.holds(text, &wrong.suggest(Some("23:59".to_owned()))))
        }
        (Some((_, _, begin)), Some((field, text, end))) if begin == end => {
            Err(field.holds_wrong(text, "a period that ends when it begins never runs"))
        }
        (Some((_, _, begin)), Some((field, text, _))) => {
            let message = format!(
                "this is before the period begins, at {begin}; a night is two periods, from {begin} to 23:59 and from 00:00 to {text}"
            );
            Err(field.holds_wrong(text, &message))
        }
    }
}

/// `9:00` or `09:00`, up to `23:59`.
fn time(field: &Field<'_>, text: &str) -> Result<ClockTime, InvalidSchedule> {
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let is_number = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| is_number)
    };
    let parts = text.split_once(':').and_then(|(hours, minutes)| number(hours, 1..=2).zip(number(minutes, 2..=2)));
    let time = parts.and_then(|(hours, minutes)| ClockTime::new(hours, minutes));
    time.filter(|time| *time != ClockTime::DAY_END)
        .ok_or_else(|| field.holds_wrong(text, "a time from 00:00 to 23:59 is wanted"))
}
