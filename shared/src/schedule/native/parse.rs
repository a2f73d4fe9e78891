//! The grammar, as `docs/schedules.md` has it: a text becomes windows.

use super::exceptions::Exceptions;
use super::names::Word;
use super::scan::{Fix, Scanner, Wrong};
use super::selectors::dates;
use super::times::{date, date_time, is_date, is_time, times};
use super::{Native, Times, When, Window, zones};
use crate::schedule::dates::Dates;
use crate::schedule::{Defaults, InvalidSchedule};
use crate::zones::Zone;

/// Longer texts are refused unread.
const LONGEST: usize = 4096;

/// So many mistakes are put right at most to find what may be meant.
const MOST_FIXES: usize = 12;

impl Native {
    /// Reads a schedule, with what it does not say itself.
    pub fn parse(text: &str, defaults: &Defaults<'_>) -> Result<Self, InvalidSchedule> {
        if text.len() > LONGEST {
            let message = format!("a schedule has {LONGEST} bytes at most, this one has {}", text.len());
            return Err(InvalidSchedule::new(text, 0..0, message));
        }
        read(text, defaults).map_err(|wrong| {
            let suggestion = wrong.fix.as_ref().and_then(|fix| meant(text, fix, defaults));
            InvalidSchedule::new(text, wrong.place, wrong.message).suggest(suggestion)
        })
    }
}

/// The schedule without the text's mistakes, if putting right one after the other leads to a schedule.
fn meant(text: &str, fix: &Fix, defaults: &Defaults<'_>) -> Option<String> {
    let mut text = apply(text, fix);
    for _ in 0..MOST_FIXES {
        match read(&text, defaults) {
            Ok(schedule) => return Some(schedule.to_string()),
            Err(wrong) => text = apply(&text, &wrong.fix?),
        }
    }
    None
}

fn apply(text: &str, fix: &Fix) -> String {
    [&text[..fix.place.start], fix.with.as_str(), &text[fix.place.end..]].concat()
}

/// A window as it is written; what it leaves out stands behind a later one.
struct Draft {
    when: DraftWhen,
    zone: Option<Zone>,
    except: Option<Exceptions>,
    /// Where its zone is missing.
    end: usize,
}

enum DraftWhen {
    Recurring { dates: Dates, times: Vec<Times> },
    Absolute(When),
}

fn read(text: &str, defaults: &Defaults<'_>) -> Result<Native, Wrong> {
    let mut scan = Scanner::new(text);
    if !scan.skip_space() {
        let message = "a schedule is missing, such as `Mon-Fri 08:00-20:00 America/New_York`".to_owned();
        return Err(Wrong { place: 0..0, message, fix: None });
    }
    if scan.peek_word() == Some(Word::Never) {
        return never(&mut scan, defaults);
    }
    let (mut drafts, mut everywhere) = (Vec::new(), Exceptions::default());
    loop {
        match exceptions(&mut scan, defaults)? {
            Some(exceptions) => everywhere.extend(&exceptions),
            None => drafts.push(draft(&mut scan, defaults)?),
        }
        if !scan.skip_space() {
            break;
        }
        if !scan.take(";") && !scan.take(",") {
            return Err(separator_missing(&scan));
        }
        if !scan.skip_space() {
            break;
        }
    }
    if drafts.is_empty() {
        return Err(scan.expected("a window beside the exceptions, such as `Mon-Fri 08:00-20:00 America/New_York`"));
    }
    settle(drafts, &everywhere, defaults).map(Native::Windows)
}

fn never(scan: &mut Scanner<'_>, defaults: &Defaults<'_>) -> Result<Native, Wrong> {
    scan.take_word();
    let zone = zone(scan)?;
    scan.take(";");
    match scan.skip_space() {
        true => Err(scan.expected("the end, as `never` stands alone")),
        false => Ok(Native::Never(zone.or(defaults.zone).unwrap_or(Zone::UTC))),
    }
}

fn separator_missing(scan: &Scanner<'_>) -> Wrong {
    let mut wrong = scan.expected("`;` and another window, or the end");
    if scan.peek_word().is_some() || is_date(scan) {
        let place = wrong.place.start..wrong.place.start;
        wrong.fix = Some(Fix { place, with: "; ".to_owned() });
    }
    wrong
}

fn draft(scan: &mut Scanner<'_>, defaults: &Defaults<'_>) -> Result<Draft, Wrong> {
    scan.skip_space();
    let when = when(scan)?;
    let mut end = scan.position();
    let mut zone = zone(scan)?;
    let before_except = *scan;
    let except = exceptions(scan, defaults)?;
    if except.is_some() && matches!(when, DraftWhen::Absolute(_)) {
        return Err(before_except.expected("`;` or the end: a single range has no exceptions, but may be two ranges"));
    }
    if zone.is_none() && except.is_some() {
        end = scan.position();
        zone = self::zone(scan)?;
    }
    Ok(Draft { when, zone, except, end })
}

fn when(scan: &mut Scanner<'_>) -> Result<DraftWhen, Wrong> {
    if scan.peek_word() == Some(Word::Always) {
        scan.take_word();
        return Ok(DraftWhen::Recurring { dates: Dates::default(), times: vec![Times::ALL_DAY] });
    }
    if is_date(scan) {
        return absolute(scan).map(DraftWhen::Absolute);
    }
    let dates = dates(scan)?;
    let mut all = vec![times(scan)?];
    loop {
        let mut ahead = *scan;
        if !ahead.take(",") || !is_time(&ahead) || is_date(&ahead) {
            return Ok(DraftWhen::Recurring { dates, times: all });
        }
        all.push(times(&mut ahead)?);
        *scan = ahead;
    }
}

fn absolute(scan: &mut Scanner<'_>) -> Result<When, Wrong> {
    let from = scan.position();
    let start = date_time(scan, "T00:00")?;
    if !scan.take("-") {
        let wrong = scan.expected("`-` and the end of the range, such as `-2027-01-02T00:00`");
        let fix = scan.rest().starts_with("..").then_some("-");
        return Err(if fix.is_some() { wrong.fix(fix) } else { wrong });
    }
    let end = date_time(scan, "T24:00")?;
    if start < end {
        return Ok(When::Absolute { start, end });
    }
    let message = "the range ends before it begins".to_owned();
    Err(Wrong { place: from..scan.position(), message, fix: None })
}

/// Reads the zone, if something follows that can only be one.
fn zone(scan: &mut Scanner<'_>) -> Result<Option<Zone>, Wrong> {
    let mut ahead = *scan;
    ahead.skip_space();
    let start = ahead.position();
    let name = ahead.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-'));
    let begins_as_zone = name.starts_with(|c: char| c.is_ascii_alphabetic()) || zones::is_offset(name);
    if !begins_as_zone || name.eq_ignore_ascii_case("except") {
        return Ok(None);
    }
    if let Ok(zone) = name.parse() {
        *scan = ahead;
        return Ok(Some(zone));
    }
    if scan.peek_word().is_some() {
        return Err(separator_missing(scan));
    }
    if zones::is_offset(name) {
        let message = format!(
            "`{name}` is a distance from UTC, which does not say when clocks change: name a zone of the IANA database"
        );
        return Err(Wrong { place: start..ahead.position(), message, fix: None });
    }
    // `New York` is two words.
    ahead.take_while(|c| !matches!(c, ',' | ';'));
    let words = ahead.since(start).trim_end();
    let by_words = words.contains(' ').then(|| zones::meant_by(words)).flatten();
    let name = if by_words.is_some() { words } else { name };
    let meant = by_words.or_else(|| zones::meant_by(name));
    let message = format!("`{name}` is not a time zone of the IANA database, such as `America/New_York`");
    Err(Wrong { place: start..start + name.len(), message, fix: None }.fix(meant.map(Zone::name)))
}

/// Reads `except` and its dates, if it comes next.
fn exceptions(scan: &mut Scanner<'_>, defaults: &Defaults<'_>) -> Result<Option<Exceptions>, Wrong> {
    if scan.peek_word() != Some(Word::Except) {
        return Ok(None);
    }
    scan.take_word();
    let mut except = Exceptions::default();
    loop {
        if scan.peek_word() == Some(Word::Holidays) {
            except.holidays = Some(holidays(scan, defaults)?);
        } else if is_date(scan) {
            let (first, last) = exception_dates(scan)?;
            except.dates.insert(first, last);
        } else {
            return Err(
                scan.expected("a date such as `2026-12-25`, dates such as `2026-12-28..2027-01-01`, or `holidays`")
            );
        }
        let mut ahead = *scan;
        if !ahead.take(",")
            || !(ahead.peek_word() == Some(Word::Holidays) || is_date(&ahead) && date_time(&mut { ahead }, "").is_err())
        {
            return Ok(Some(except));
        }
        *scan = ahead;
    }
}

fn holidays(scan: &mut Scanner<'_>, defaults: &Defaults<'_>) -> Result<crate::schedule::Holidays, Wrong> {
    let wrong = scan.expected("");
    scan.take_word();
    let message = "`holidays` needs a calendar: put an iCalendar text under `holidays` in the blueprint".to_owned();
    defaults.holidays.cloned().ok_or(Wrong { message, fix: None, ..wrong })
}

fn exception_dates(scan: &mut Scanner<'_>) -> Result<(chrono::NaiveDate, chrono::NaiveDate), Wrong> {
    scan.skip_space();
    let start = scan.position();
    let first = date(scan)?;
    if scan.rest().starts_with(['T', 't']) {
        return Err(scan.expected("a whole date: exceptions have no times"));
    }
    let mut ahead = *scan;
    if ahead.take("-") && is_date(&ahead) {
        return Err(scan.expected("`..` between the first and the last date").fix(Some("..")));
    }
    if !scan.take("..") {
        return Ok((first, first));
    }
    let last = date(scan)?;
    if last < first {
        let message = "the last date is before the first".to_owned();
        return Err(Wrong { place: start..scan.position(), message, fix: None });
    }
    Ok((first, last))
}

/// Gives each window its zone and exceptions: its own, else those of the next window that has a zone.
fn settle(drafts: Vec<Draft>, everywhere: &Exceptions, defaults: &Defaults<'_>) -> Result<Vec<Window>, Wrong> {
    let mut shared = defaults.zone.map(|zone| (zone, None));
    let any_zone = drafts.iter().find_map(|draft| draft.zone);
    let mut windows = Vec::new();
    for draft in drafts.into_iter().rev() {
        let (zone, except) = match (draft.zone, &shared) {
            (Some(zone), _) => {
                shared = Some((zone, draft.except.clone()));
                (Some(zone), draft.except)
            }
            (None, Some((zone, except))) => (Some(*zone), draft.except.or_else(|| except.clone())),
            (None, None) => (None, draft.except),
        };
        let mut except = except.unwrap_or_default();
        except.extend(everywhere);
        let when = match draft.when {
            DraftWhen::Absolute(when) => when,
            DraftWhen::Recurring { dates, times } => When::Recurring { dates, times, except },
        };
        let zone =
            zone.or_else(|| when.is_plain_always().then_some(Zone::UTC)).ok_or_else(|| no_zone(draft.end, any_zone))?;
        windows.push(Window { when, zone });
    }
    windows.reverse();
    Ok(windows)
}

fn no_zone(end: usize, any_zone: Option<Zone>) -> Wrong {
    let message = "the time zone is missing: name one of the IANA database, such as `America/New_York`".to_owned();
    Wrong { place: end..end, message, fix: None }.fix(any_zone.map(|zone| format!(" {}", zone.name())))
}
