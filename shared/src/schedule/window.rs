//! One window of local time on some days of the week.

use std::fmt;

use chrono::{DateTime, Datelike, Days as CalendarDays, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::days::Days;

/// From a time of the day to a later one, or to the next day's where it is not later, on the days it starts on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub(super) days: Days,
    /// Minutes after midnight.
    pub(super) start: u16,
    /// Minutes after midnight; 1440 is the day's end.
    pub(super) end: u16,
    pub(super) zone: Tz,
}

/// Which of two occurrences of a repeated local time counts.
#[derive(Clone, Copy)]
enum Edge {
    /// A start: the first.
    Start,
    /// An end: the last, so that nobody who expects it up finds it down.
    End,
}

impl Window {
    /// Whether an instant is inside.
    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        // A window is at most a day long and an offset changes by at most a day: three days cover it.
        let today = instant.with_timezone(&self.zone).date_naive();
        (-2..=1).filter_map(|offset| self.on(today, offset)).any(|(start, end)| start <= instant && instant < end)
    }

    /// The first instant after this one at which [`Window::contains`] changes.
    pub fn next_boundary(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let today = after.with_timezone(&self.zone).date_naive();
        let inside = self.contains(after);
        // A week as a rule; two where a zone leaves out a day (Apia, 30 December 2011).
        let mut boundaries: Vec<DateTime<Utc>> = (-2..=15)
            .filter_map(|offset| self.on(today, offset))
            .flat_map(|(start, end)| [start, end])
            .filter(|boundary| *boundary > after)
            .collect();
        boundaries.sort_unstable();
        boundaries.into_iter().find(|boundary| self.contains(*boundary) != inside)
    }

    /// The window that starts `offset` days after `today`, if one does.
    fn on(&self, today: NaiveDate, offset: i64) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let day = today.checked_add_signed(TimeDelta::days(offset))?;
        if !self.days.contains(day.weekday()) {
            return None;
        }
        let last_day = if self.end <= self.start { day.checked_add_days(CalendarDays::new(1))? } else { day };
        Some((self.instant(day, self.start, Edge::Start)?, self.instant(last_day, self.end, Edge::End)?))
    }

    fn instant(&self, day: NaiveDate, minutes: u16, edge: Edge) -> Option<DateTime<Utc>> {
        let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes.into());
        let found = match self.zone.from_local_datetime(&local) {
            chrono::LocalResult::Single(found) => found,
            chrono::LocalResult::Ambiguous(first, last) => match edge {
                Edge::Start => first,
                Edge::End => last,
            },
            // In a gap: the first instant after it. The offset before the gap puts the local time behind it;
            // the transition lies between the two, and is where the offset changes.
            chrono::LocalResult::None => return self.gap_end(local),
        };
        Some(found.with_timezone(&Utc))
    }

    fn gap_end(&self, local: chrono::NaiveDateTime) -> Option<DateTime<Utc>> {
        let offset_at = |instant: DateTime<Utc>| instant.with_timezone(&self.zone).offset().fix();
        let (mut before, mut after) = (local.and_utc() - TimeDelta::days(2), local.and_utc() + TimeDelta::days(2));
        let old = offset_at(before);
        if offset_at(after) == old {
            return None;
        }
        while after - before > TimeDelta::seconds(1) {
            let middle = before + (after - before) / 2;
            if offset_at(middle) == old { before = middle } else { after = middle }
        }
        Some(after.with_timezone(&Utc))
            .map(|instant| instant - TimeDelta::nanoseconds(instant.timestamp_subsec_nanos().into()))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        write!(f, "{} {}-{} {}", self.days, time(self.start), time(self.end), self.zone.name())
    }
}
