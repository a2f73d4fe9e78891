//! What has to be true of a zone's data before it counts (TZif, RFC 9636). `jiff` reads the data; this reads its headers.

use jiff::tz::TimeZone;

/// Longer data is no zone's: the longest of the database has less than a quarter of it.
pub(super) const LONGEST: usize = 16 * 1024;

/// After 2101, `Schedule::next_change` takes a zone's clocks for doing the same in each year of a kind.
const LAST_LISTED_CHANGE: i64 = 4_133_980_800;

/// Why data is not used as a zone's rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTzif {
    /// It has no such shape.
    #[error("it is not time zone data (TZif, version 2 or later)")]
    Shape,
    /// It is too long.
    #[error("it has {0} bytes; {LONGEST} at most are read")]
    TooLong(usize),
    /// It counts leap seconds, as no other clock does.
    #[error("it counts leap seconds (`right/`), so that its clocks differ from everybody's")]
    LeapSeconds,
    /// It lists changes beyond the year 2100.
    #[error("it lists changes of the clocks after the year 2100, instead of a rule")]
    TooFar,
}

/// Reads a zone's data.
///
/// # Errors
/// If it is of another shape, or says what cannot be relied upon.
pub(super) fn read(name: &str, data: &[u8]) -> Result<TimeZone, InvalidTzif> {
    if data.len() > LONGEST {
        return Err(InvalidTzif::TooLong(data.len()));
    }
    let (leap_seconds, last) = headers(data).ok_or(InvalidTzif::Shape)?;
    if leap_seconds > 0 {
        return Err(InvalidTzif::LeapSeconds);
    }
    if last.is_some_and(|last| last > LAST_LISTED_CHANGE) {
        return Err(InvalidTzif::TooFar);
    }
    TimeZone::tzif(name, data).map_err(|_| InvalidTzif::Shape)
}

const HEADER: usize = 44;

/// How many leap seconds it lists, and when the last change is that it does.
fn headers(data: &[u8]) -> Option<(usize, Option<i64>)> {
    // The first block is there for readers of 1988; the second has the same in 64 bits.
    let second = data.get(Counts::of(data)?.length(4)..)?;
    let counts = Counts::of(second)?;
    let end = HEADER + counts.changes.checked_mul(8)?;
    let last = match counts.changes {
        0 => None,
        _ => Some(i64::from_be_bytes(second.get(end - 8..end)?.try_into().ok()?)),
    };
    Some((counts.leap_seconds, last))
}

/// How many of everything a block has.
struct Counts {
    leap_seconds: usize,
    changes: usize,
    others: usize,
}

impl Counts {
    fn of(block: &[u8]) -> Option<Self> {
        let is_header = block.get(..4)? == b"TZif" && (b'2'..=b'9').contains(block.get(4)?);
        let count = |index: usize| {
            let at = 20 + 4 * index;
            usize::try_from(u32::from_be_bytes(block.get(at..at + 4)?.try_into().ok()?)).ok()
        };
        let [utc, standard, leap_seconds, changes, types, letters] =
            [count(0)?, count(1)?, count(2)?, count(3)?, count(4)?, count(5)?];
        let others = utc.checked_add(standard)?.checked_add(types.checked_mul(6)?)?.checked_add(letters)?;
        is_header.then_some(Self { leap_seconds, changes, others })
    }

    /// A block's bytes, header included, with instants of so many.
    fn length(&self, instant: usize) -> usize {
        HEADER + self.others + self.changes.saturating_mul(instant + 1) + self.leap_seconds.saturating_mul(instant + 4)
    }
}
