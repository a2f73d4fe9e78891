//! Days of the week.

use std::fmt;

use chrono::Weekday;

/// A set of days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days(u8);

const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Days {
    /// From one day to another, both included, over the weekend where that is the way.
    pub fn range(first: Weekday, last: Weekday) -> Self {
        let mut days = 0;
        let mut day = first;
        loop {
            days |= 1 << day.num_days_from_monday();
            if day == last {
                return Self(days);
            }
            day = day.succ();
        }
    }

    /// Whether a day is among them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }

    /// The day of a three-letter English name, in any case.
    pub fn named(text: &str) -> Option<Weekday> {
        let index = NAMES.iter().position(|name| name.eq_ignore_ascii_case(text))?;
        u8::try_from(index).ok().and_then(|index| Weekday::try_from(index).ok())
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A set that parsing made is one stretch of days, so its first day is the one whose day before is not in it.
        let starts = |day: usize| self.0 & (1 << day) != 0 && self.0 & (1 << ((day + 6) % 7)) == 0;
        let first = (0..7).find(|day| starts(*day)).unwrap_or(0);
        let length = self.0.count_ones() as usize;
        f.write_str(NAMES[first])?;
        if length > 1 {
            write!(f, "-{}", NAMES[(first + length - 1) % 7])?;
        }
        Ok(())
    }
}
