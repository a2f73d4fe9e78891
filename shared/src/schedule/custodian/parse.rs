//! The grammar of a tag's value. What Custodian would skip, or read as its default schedule, is an error.

use std::borrow::Cow;

use chrono::Weekday;

use super::policy::Policy;
use super::{Custodian, Edge, Hours, LETTERS, zones};
use crate::schedule::InvalidSchedule;
use crate::schedule::piece::Piece;
use crate::zones::Zone;

const EXAMPLE: &str = "off=(m-f,19);on=(m-f,7);tz=et";

/// How characters that some services forbid in tags are written.
const ESCAPES: [(&str, &str); 9] = [
    ("u28", "("),
    ("u29", ")"),
    ("u5b", "["),
    ("u5d", "]"),
    ("u2c", ","),
    ("u3b", ";"),
    ("u3d", "="),
    ("u2f", "/"),
    ("u2d", "-"),
];

/// A value as Custodian reads it: small letters, without escapes, and without the quotes that some people write.
pub(in crate::schedule) fn plain(value: &str) -> String {
    let lower = value.trim().to_lowercase();
    let read = ESCAPES.iter().fold(Cow::from(lower), |value, (escape, character)| match value.contains(escape) {
        true => Cow::from(value.replace(escape, character)),
        false => value,
    });
    read.trim_matches('\'').trim_matches('"').trim().to_owned()
}

/// Reads a tag's value; what it leaves out is the policy's.
pub(super) fn tag(value: &str, policy: &Policy) -> Result<Custodian, InvalidSchedule> {
    let value = plain(value);
    let all = Piece::all(&value);
    if let "" | "on" = all.text() {
        return Ok(Custodian::Hours(policy.hours()));
    }
    if all.text() == "off" {
        return Ok(Custodian::OptOut(policy.hours().zone));
    }
    if !value.contains('=') {
        let message = "no `off=`, `on=` or `tz=` is in here; Cloud Custodian would take it for its default schedule";
        return Err(all.invalid(message).suggest(Some(EXAMPLE.to_owned())));
    }
    let mut parts = Parts::default();
    // Tags from before there were hours in them begin with this word.
    for part in all.strip_prefix("offhours ").unwrap_or(all).split(';').filter(|part| !part.is_empty()) {
        parts.read(part)?;
    }
    let hours = policy.hours();
    Ok(Custodian::Hours(Hours {
        off: parts.off.unwrap_or(hours.off),
        on: parts.on.unwrap_or(hours.on),
        zone: parts.zone.flatten().unwrap_or(hours.zone),
        skip_days: hours.skip_days,
    }))
}

/// The parts that a value has.
#[derive(Default)]
struct Parts {
    off: Option<Vec<Edge>>,
    on: Option<Vec<Edge>>,
    /// `tz=` with nothing behind it is the policy's zone.
    zone: Option<Option<Zone>>,
}

impl Parts {
    fn read(&mut self, part: Piece<'_>) -> Result<(), InvalidSchedule> {
        no_blanks(part)?;
        let Some((key, value)) = part.split_once('=') else {
            return Err(part.invalid("`off=`, `on=` or `tz=` is wanted at the beginning of each part"));
        };
        one_part(value)?;
        let is_new = match key.text() {
            "off" => self.off.replace(edges(value)?).is_none(),
            "on" => self.on.replace(edges(value)?).is_none(),
            "tz" => self.zone.replace(zone(value)?).is_none(),
            _ => return Err(key.invalid("the parts are `off=`, `on=` and `tz=`; Cloud Custodian would skip this tag")),
        };
        match is_new {
            true => Ok(()),
            false => {
                Err(key.invalid("this part stands here twice; several hours go into one: `off=[(m-f,19),(s,12)]`"))
            }
        }
    }
}

fn no_blanks(part: Piece<'_>) -> Result<(), InvalidSchedule> {
    let Some((_, after)) = part.split_once(' ') else { return Ok(()) };
    let blank = part.whole()[..after.place().start].trim_end().len()..after.place().start;
    let without = part.whole().replace("; ", ";").replace(' ', if part.whole().contains(';') { "" } else { ";" });
    Err(InvalidSchedule::new(part.whole(), blank, "no blanks belong in here; `;` stands between the parts")
        .suggest(Some(without)))
}

/// A second `=` is another part, after something else than a semicolon.
fn one_part(value: Piece<'_>) -> Result<(), InvalidSchedule> {
    let Some((before, _)) = value.split_once('=') else { return Ok(()) };
    let key = before.text().rfind(|c: char| !c.is_ascii_alphanumeric());
    match key.and_then(|index| before.split_at(index)).and_then(|(_, rest)| rest.split_at(1)) {
        Some((separator, _)) => Err(separator
            .invalid("`;` is wanted between the parts; Cloud Custodian would take its default schedule")
            .suggest(Some(separator.replaced(";")))),
        None => Err(value.invalid("one `=` in each part, and `;` between the parts")),
    }
}

/// `(m-f,19)`, `[(m-f,21),(u,18)]`, `[m-f,20]`, or the same without any brackets.
fn edges(value: Piece<'_>) -> Result<Vec<Edge>, InvalidSchedule> {
    let unclosed =
        |bracket: &str| value.invalid(format!("`{bracket}` is missing here: `(m-f,19)`, `[(m-f,21),(u,18)]`"));
    let list = match (value.strip_prefix("["), value.strip_suffix("]")) {
        (Some(inner), Some(_)) => inner.strip_suffix("]").ok_or_else(|| unclosed("]"))?,
        (Some(_), None) => return Err(unclosed("]")),
        (None, Some(_)) => return Err(unclosed("[")),
        (None, None) => value,
    };
    let Some(mut rest) = list.strip_prefix("(") else {
        return Ok(vec![edge(list)?]);
    };
    let mut edges = Vec::new();
    loop {
        let (item, after) = rest.split_once(')').ok_or_else(|| unclosed(")"))?;
        edges.push(edge(item)?);
        if after.is_empty() {
            return Ok(edges);
        }
        rest =
            after.strip_prefix(",(").ok_or_else(|| after.invalid("`,(` is wanted before another item, or the end"))?;
    }
}

/// `m-f,19`
fn edge(item: Piece<'_>) -> Result<Edge, InvalidSchedule> {
    let Some((days, hour)) = item.split_once(',') else {
        return Err(item.invalid("days and an hour are wanted: `(m-f,19)`"));
    };
    if hour.text().contains(',') {
        let message = "one day or one range of days, and one hour: `[(m,19),(w,19),(f,19)]` for several";
        return Err(item.invalid(message));
    }
    let (first, last) = self::days(days)?;
    let is_number = (1..=2).contains(&hour.text().len()) && hour.text().bytes().all(|b| b.is_ascii_digit());
    let number = hour.text().parse().ok().filter(|number| is_number && *number < 24);
    let number = number.ok_or_else(|| match hour.text().split_once(':') {
        Some((hours, _)) => hour.invalid("only whole hours can be written here").suggest(Some(hour.replaced(hours))),
        None => hour.invalid("an hour from 0 to 23 is wanted"),
    })?;
    Ok(Edge::new(first, last, number))
}

/// `m` or `m-f`
fn days(days: Piece<'_>) -> Result<(Weekday, Weekday), InvalidSchedule> {
    let day = |piece: Piece<'_>| {
        let letter = LETTERS.iter().find(|(letter, _)| piece.text().chars().eq([*letter]));
        letter.map(|(_, day)| *day).ok_or_else(|| {
            let message = "a day is wanted: m t w h f s u (h is Thursday, s Saturday, u Sunday), or a range `m-f`";
            piece.invalid(message)
        })
    };
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    Ok((day(first)?, day(last)?))
}

fn zone(value: Piece<'_>) -> Result<Option<Zone>, InvalidSchedule> {
    if value.is_empty() {
        return Ok(None);
    }
    zones::named(value.text()).map(Some).ok_or_else(|| match zones::of_distance(value.text()) {
        Some((done, said)) => value.invalid(format!(
            "this is a distance from UTC, and no zone: did you mean `{done}`, which is what Cloud Custodian does, or `{said}`, \
             which is what it says?"
        )),
        None => value.invalid(
            "this is neither a zone of the IANA database (`america/new_york`) nor a short name of Custodian's",
        ),
    })
}
