//! The grammar of a time spec. Every item of a list is read, also behind one that matches.

use chrono::{DateTime, Utc, Weekday};

use super::{Item, KubeDownscaler, Weekly};
use crate::schedule::InvalidSchedule;
use crate::schedule::local::ClockTime;
use crate::schedule::piece::Piece;
use crate::zones::Zone;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// Reads a spec; items without a zone are in the given one.
pub(in crate::schedule) fn parse(text: &str, zone: Option<Zone>) -> Result<KubeDownscaler, InvalidSchedule> {
    let items = Piece::all(text).split(',').map(|part| item(part.trim(), zone)).collect::<Result<Vec<_>, _>>()?;
    let named = items.iter().find_map(|item| match item {
        Item::Weekly(weekly) => Some(weekly.zone),
        Item::Always | Item::Never | Item::Between(..) | Item::From(_) | Item::Until(_) => None,
    });
    Ok(KubeDownscaler { items, zone: named.or(zone).unwrap_or(Zone::UTC) })
}

/// Whether a text has an item that only a time spec can have: an instant with its offset, `from` or `until`.
pub(in crate::schedule) fn is_only_here(text: &str) -> bool {
    Piece::all(text).split(',').any(|part| {
        let part = part.trim();
        direction(part).is_some() || range(part).is_some()
    })
}

fn item(part: Piece<'_>, zone: Option<Zone>) -> Result<Item, InvalidSchedule> {
    if part.is_empty() {
        return Err(part.invalid("days, times and a zone are wanted: `Mon-Fri 08:00-20:00 Europe/Berlin`"));
    }
    let says = |word: &str| part.text().eq_ignore_ascii_case(word);
    if says("always") || says("true") {
        return Ok(Item::Always);
    }
    if says("never") || says("false") {
        return Ok(Item::Never);
    }
    if let Some((direction, rest)) = direction(part) {
        let rest = rest.trim();
        let at = instant(rest.strip_prefix("-").map_or(rest, Piece::trim))?;
        return Ok(match direction {
            Direction::From => Item::From(at),
            Direction::Until => Item::Until(at),
        });
    }
    match range(part) {
        Some((from, to)) => between(part, from, to),
        None => weekly(part, zone).map(Item::Weekly),
    }
}

enum Direction {
    From,
    Until,
}

/// `from …` or `until …`, in small letters as in Go.
fn direction(part: Piece<'_>) -> Option<(Direction, Piece<'_>)> {
    let from = part.strip_prefix("from").map(|rest| (Direction::From, rest));
    from.or_else(|| part.strip_prefix("until").map(|rest| (Direction::Until, rest)))
}

/// The two instants of an absolute range, as the hyphen between them tells them apart: it follows a `Z` or an offset.
fn range(part: Piece<'_>) -> Option<(Piece<'_>, Piece<'_>)> {
    if !starts_with_year(part) {
        return None;
    }
    let hyphens = part.text().match_indices('-').map(|(index, _)| index);
    hyphens.filter_map(|index| part.split_at(index)).find_map(|(from, rest)| {
        let (from, to) = (from.trim(), rest.strip_prefix("-")?.trim());
        (ends_with_offset(from.text()) && to.text().starts_with(|c: char| c.is_ascii_digit())).then_some((from, to))
    })
}

fn starts_with_year(part: Piece<'_>) -> bool {
    let start = part.text().as_bytes().get(..5);
    start.is_some_and(|start| start[..4].iter().all(u8::is_ascii_digit) && start[4] == b'-')
}

fn ends_with_offset(text: &str) -> bool {
    let tail = text.len().checked_sub(6).and_then(|start| text.as_bytes().get(start..));
    let is_offset = tail.is_some_and(|tail| {
        matches!(tail[0], b'+' | b'-')
            && tail[3] == b':'
            && [1, 2, 4, 5].iter().all(|index| tail[*index].is_ascii_digit())
    });
    is_offset || text.ends_with(['Z', 'z'])
}

fn between(part: Piece<'_>, from: Piece<'_>, to: Piece<'_>) -> Result<Item, InvalidSchedule> {
    let (start, end) = (instant(from)?, instant(to)?);
    match start < end {
        true => Ok(Item::Between(start, end)),
        false => Err(part
            .invalid("this ends before it begins, and would never match")
            .suggest((end < start).then(|| part.replaced(&format!("{}-{}", to.text(), from.text()))))),
    }
}

fn instant(piece: Piece<'_>) -> Result<DateTime<Utc>, InvalidSchedule> {
    let instant = DateTime::parse_from_rfc3339(piece.text()).ok().filter(|_| piece.text().contains('T'));
    let instant = instant.map(|instant| instant.with_timezone(&Utc));
    instant.ok_or_else(|| piece.invalid("an instant is wanted here: `2026-12-21T00:00:00+01:00`"))
}

/// `Mon-Fri 08:00-20:00 Europe/Berlin`; without days, as the Go flavour allows, on every day.
fn weekly(part: Piece<'_>, default: Option<Zone>) -> Result<Weekly, InvalidSchedule> {
    let mut words = part.split(' ').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or(part);
    if starts_with_year(first) {
        return Err(part.invalid("two instants are wanted, with `-` between them, or `from` or `until` before one"));
    }
    if let Some(small) = small_letters(first) {
        return Err(first.invalid("`from` and `until` are written in small letters").suggest(Some(small)));
    }
    let ((first, last), times) = match first.text().starts_with(|c: char| c.is_ascii_digit()) {
        true => ((Weekday::Mon, Weekday::Sun), Some(first)),
        false => (days(first)?, words.next()),
    };
    let Some(times) = times else {
        return Err(end_of(part).invalid("times are wanted here: `08:00-20:00`"));
    };
    let (from, to) = self::times(times)?;
    let zone = match words.next() {
        Some(name) => zone(name)?,
        None => default.ok_or_else(|| {
            let message = "a zone is wanted here: `Europe/Berlin`";
            end_of(part).invalid(message)
        })?,
    };
    match words.next() {
        None => Ok(Weekly { first, last, from, to, zone }),
        Some(more) => Err(more.invalid("nothing belongs behind the zone; `,` stands between items")),
    }
}

fn end_of(part: Piece<'_>) -> Piece<'_> {
    part.split_at(part.text().len()).map_or(part, |(_, end)| end)
}

fn days(piece: Piece<'_>) -> Result<(Weekday, Weekday), InvalidSchedule> {
    let day = |name: Piece<'_>| DAYS.iter().find(|(day, _)| day.eq_ignore_ascii_case(name.text())).map(|(_, day)| *day);
    let Some((first, last)) = piece.split_once('-') else {
        let message = "a range of days is wanted here, also for one day: `Mon-Mon`";
        let range = day(piece).map(|day| piece.replaced(&format!("{day}-{day}")));
        return Err(piece.invalid(message).suggest(range));
    };
    let known = |name: Piece<'_>| {
        day(name)
            .ok_or_else(|| name.invalid("a day is wanted here: Mon Tue Wed Thu Fri Sat Sun").suggest(longer_day(name)))
    };
    Ok((known(first)?, known(last)?))
}

/// `Thur` and `Monday` for `Thu` and `Mon`.
fn longer_day(name: Piece<'_>) -> Option<String> {
    let (start, _) = name.split_at(3)?;
    let (_, day) = DAYS.iter().find(|(day, _)| day.eq_ignore_ascii_case(start.text()))?;
    Some(name.replaced(&day.to_string()))
}

/// `From …` for `from …`.
fn small_letters(piece: Piece<'_>) -> Option<String> {
    let small = piece.text().to_lowercase();
    ["from", "until"].iter().any(|word| small.starts_with(word)).then(|| {
        let length = if small.starts_with("from") { 4 } else { 5 };
        let tail = piece.split_at(length).map_or("", |(_, tail)| tail.text());
        piece.replaced(&format!("{}{tail}", &small[..length]))
    })
}

fn times(piece: Piece<'_>) -> Result<(ClockTime, ClockTime), InvalidSchedule> {
    let Some((from, to)) = piece.split_once('-') else {
        return Err(piece.invalid("times are wanted here: `08:00-20:00`"));
    };
    let (from, to) = (time(from)?, time(to)?);
    // From a day's end to its beginning there is nothing either.
    match from == to || (from, to) == (ClockTime::DAY_END, ClockTime::MIDNIGHT) {
        false => Ok((from, to)),
        true => Err(piece
            .invalid("this ends when it begins, and never matches; a whole day is `00:00-24:00`")
            .suggest(Some(piece.replaced("00:00-24:00")))),
    }
}

fn time(piece: Piece<'_>) -> Result<ClockTime, InvalidSchedule> {
    let wrong = || piece.invalid("a time of two and two digits is wanted here, from `00:00` to `24:00`");
    let number = |text: &str| match text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse().ok(),
        false => None,
    };
    let (hours, minutes) = piece.text().split_once(':').ok_or_else(wrong)?;
    let time = number(hours).zip(number(minutes)).and_then(|(hours, minutes)| ClockTime::new(hours, minutes));
    time.ok_or_else(wrong)
}

fn zone(piece: Piece<'_>) -> Result<Zone, InvalidSchedule> {
    Zone::in_any_case(piece.text())
        .ok_or_else(|| piece.invalid("this is no zone of the IANA database (`Europe/Berlin`)"))
}
