//! A calendar of holidays: the whole-day events of an iCalendar text (RFC 5545).

use std::fmt;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use icalendar::parser::{Component, Property, read_calendar, unfold};
use rrule::{Frequency, RRule, RRuleSet, Tz, Unvalidated};

use super::date_set::DateSet;

/// Holidays that come again and again are known until the end of this year.
const LAST_YEAR: i32 = 2199;

/// Longer calendars are refused unread.
const LONGEST: usize = 1024 * 1024;

/// Dates on which no window of a schedule with `except holidays` begins. It keeps the text it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Holidays {
    text: Arc<str>,
    dates: Arc<DateSet>,
    /// The last date, where most are written one by one.
    last: Option<NaiveDate>,
}

/// Why a text is no calendar of holidays: the event, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHolidays {
    /// It is no iCalendar text.
    #[error("this is no iCalendar text: one calendar, from `BEGIN:VCALENDAR` to `END:VCALENDAR`")]
    NotACalendar,
    /// It is longer than any calendar of holidays.
    #[error("the calendar has {0} bytes; {LONGEST} at most are read")]
    TooLong(usize),
    /// Something stands in it that is no event.
    #[error("`{0}` is no event: only VEVENT has dates of holidays")]
    NotAnEvent(String),
    /// An event cannot be understood.
    #[error("the event `{event}`: {wrong}")]
    Event {
        /// Its summary, else its identifier.
        event: String,
        /// What is wrong with it.
        wrong: String,
    },
}

impl Holidays {
    /// Reads a calendar. Each event has to be of whole days; it may last several, and come again by RRULE and RDATE
    /// but for its EXDATEs. Cancelled events are none.
    ///
    /// # Errors
    /// What cannot be understood, by the name of its event: nothing is left out in silence.
    pub fn parse(text: &str) -> Result<Self, InvalidHolidays> {
        if text.len() > LONGEST {
            return Err(InvalidHolidays::TooLong(text.len()));
        }
        let unfolded = unfold(text.trim());
        let calendar = read_calendar(&unfolded).map_err(|_| InvalidHolidays::NotACalendar)?;
        // The parser is content with the calendar it can read; what stands behind it would be left out.
        let is_event = |line: &&str| line.trim_end().eq_ignore_ascii_case("BEGIN:VEVENT");
        let is_read = |component: &&Component<'_>| component.name.as_str().eq_ignore_ascii_case("VEVENT");
        if !unfolded.to_ascii_uppercase().starts_with("BEGIN:VCALENDAR")
            || unfolded.lines().filter(is_event).count() != calendar.components.iter().filter(is_read).count()
        {
            return Err(InvalidHolidays::NotACalendar);
        }
        let (mut dates, mut for_good, mut listed) = (DateSet::default(), 0, 0);
        let mut last = None;
        for component in &calendar.components {
            match component.name.as_str().to_ascii_uppercase().as_str() {
                "VEVENT" => {
                    let event_dates =
                        event(component).map_err(|wrong| InvalidHolidays::Event { event: name(component), wrong })?;
                    dates.extend(&event_dates);
                    match event_dates.last() {
                        Some(day) if day.year() >= LAST_YEAR => for_good += 1,
                        day => {
                            listed += 1;
                            last = last.max(day);
                        }
                    }
                }
                "VTIMEZONE" => {}
                other => return Err(InvalidHolidays::NotAnEvent(other.to_owned())),
            }
        }
        // A day off here and there beside holidays that come every year leaves nothing to be missed.
        let last = last.filter(|_| listed >= for_good);
        Ok(Self { text: text.into(), dates: dates.into(), last })
    }

    /// Whether a date is a holiday.
    pub fn contain(&self, date: NaiveDate) -> bool {
        self.dates.until(date).is_some()
    }

    /// The last date that it knows; none where its holidays come again for good.
    pub fn last(&self) -> Option<NaiveDate> {
        self.last
    }

    /// Their dates.
    pub(super) fn dates(&self) -> &DateSet {
        &self.dates
    }
}

impl fmt::Display for Holidays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn name(event: &Component<'_>) -> String {
    let property = event.find_prop("SUMMARY").or_else(|| event.find_prop("UID"));
    property.map_or_else(|| "without a name".to_owned(), |property| property.val.clone().unescape_text().to_string())
}

fn event(event: &Component<'_>) -> Result<DateSet, String> {
    let mut dates = DateSet::default();
    let status = event.find_prop("STATUS").map(|status| status.val.as_str().to_ascii_uppercase());
    if status.as_deref() == Some("CANCELLED") {
        return Ok(dates);
    }
    for unknown in ["RECURRENCE-ID", "EXRULE"] {
        if event.find_prop(unknown).is_some() {
            return Err(format!("{unknown} is not supported: write the dates with RDATE and EXDATE"));
        }
    }
    let first = date(event.find_prop("DTSTART").ok_or("DTSTART is missing")?)?;
    let last = last_day(event, first)?;
    let mut days = recurrences(event, first)?;
    days.extend(all_dates(event, "RDATE")?);
    let left_out = all_dates(event, "EXDATE")?;
    for day in days.into_iter().filter(|day| !left_out.contains(day)) {
        let last_day = day.checked_add_signed(last - first).ok_or("it ends after the calendar does")?;
        dates.insert(day, last_day);
    }
    Ok(dates)
}

fn last_day(event: &Component<'_>, first: NaiveDate) -> Result<NaiveDate, String> {
    let after = match (event.find_prop("DTEND"), event.find_prop("DURATION")) {
        (None, None) => return Ok(first),
        (Some(end), _) => Some(date(end)?),
        (None, Some(duration)) => {
            let text = duration.val.as_str();
            let days = days(text).ok_or_else(|| format!("DURATION `{text}` is not one of whole days, such as P1D"))?;
            first.checked_add_days(Days::new(days.into()))
        }
    };
    // Some programs write DTEND as the last day where it is the first one too.
    let after = after.ok_or("it ends after the calendar does")?.max(first + Days::new(1));
    if event.find_prop("DTEND").is_some_and(|end| date(end).is_ok_and(|end| end < first)) {
        return Err("DTEND is before DTSTART".to_owned());
    }
    after.pred_opt().ok_or_else(|| "it ends before the calendar begins".to_owned())
}

/// The days of `P3D` or `P1W`, one at least.
fn days(text: &str) -> Option<u32> {
    let text = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let days: u32 = match text.strip_suffix('W') {
        Some(weeks) => weeks.parse::<u32>().ok()?.checked_mul(7)?,
        None => text.strip_suffix('D')?.parse().ok()?,
    };
    (1..=3660).contains(&days).then_some(days)
}

/// The date of a property that has one and no time.
fn date(property: &Property<'_>) -> Result<NaiveDate, String> {
    whole_day(property.name.as_str(), property.val.as_str())
}

fn whole_day(property: &str, text: &str) -> Result<NaiveDate, String> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    digits
        .then(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok())
        .flatten()
        .ok_or_else(|| format!("{property} `{text}` is not a date such as 20261225; a holiday has no times of the day"))
}

fn all_dates(event: &Component<'_>, property: &str) -> Result<Vec<NaiveDate>, String> {
    let properties = event.properties.iter().filter(|each| each.name.as_str().eq_ignore_ascii_case(property));
    properties.flat_map(|each| each.val.as_str().split(',')).map(|text| whole_day(property, text.trim())).collect()
}

/// The days it begins on, as RRULE has them.
fn recurrences(event: &Component<'_>, first: NaiveDate) -> Result<Vec<NaiveDate>, String> {
    let mut rules = event.properties.iter().filter(|each| each.name.as_str().eq_ignore_ascii_case("RRULE"));
    let Some(rule) = rules.next() else { return Ok(vec![first]) };
    if rules.next().is_some() {
        return Err("there is more than one RRULE".to_owned());
    }
    let text = rule.val.as_str();
    let wrong = |why: String| format!("RRULE `{text}`: {why}");
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc().with_timezone(&Tz::UTC);
    let rule: RRule<Unvalidated> = with_until_in_utc(text).parse().map_err(|error| wrong(format!("{error}")))?;
    match rule.get_freq() {
        Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily => {}
        Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => {
            return Err(wrong("a holiday comes again on days, not at times of the day".to_owned()));
        }
    }
    let rule = rule.validate(midnight(first)).map_err(|error| wrong(format!("{error}")))?;
    let end = midnight(NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31).unwrap_or(NaiveDate::MAX));
    let found = RRuleSet::new(midnight(first)).rrule(rule).before(end).all(u16::MAX);
    if found.limited {
        return Err(wrong("it comes too often, or hardly ever".to_owned()));
    }
    let days: Vec<NaiveDate> = found.dates.into_iter().map(|found| found.date_naive()).collect();
    match days.first() {
        Some(day) if *day == first => Ok(days),
        Some(_) | None => Err(wrong(format!("it does not come on its own first day, {first}"))),
    }
}

/// A rule whose UNTIL is a date, as it is for whole days, with the end of that date as the crate wants it.
fn with_until_in_utc(rule: &str) -> String {
    let part = |part: &str| match part.split_once('=') {
        Some((key, date)) if key.eq_ignore_ascii_case("UNTIL") && date.len() == 8 => format!("{part}T235959Z"),
        Some(_) | None => part.to_owned(),
    };
    rule.split(';').map(part).collect::<Vec<_>>().join(";")
}
