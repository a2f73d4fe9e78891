//! Dates on which no window begins.

use chrono::NaiveDate;

/// Dates on which no recurring window begins, as stretches in order, none touching another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Exceptions {
    stretches: Vec<(NaiveDate, NaiveDate)>,
}

impl Exceptions {
    /// Adds the dates from one to another, both included.
    pub fn insert(&mut self, first: NaiveDate, last: NaiveDate) {
        let (mut first, mut last) = (first, last);
        let touches = |a: NaiveDate, b: NaiveDate| a.succ_opt().is_none_or(|next| next >= b);
        self.stretches.retain(|(from, to)| {
            let is_apart = !touches(last, *from) || !touches(*to, first);
            if !is_apart {
                (first, last) = (first.min(*from), last.max(*to));
            }
            is_apart
        });
        let index = self.stretches.partition_point(|(from, _)| *from < first);
        self.stretches.insert(index, (first, last));
    }

    /// Whether a date is among them.
    pub fn contain(&self, date: NaiveDate) -> bool {
        self.until(date).is_some()
    }

    /// The last date of the stretch that a date is in.
    pub fn until(&self, date: NaiveDate) -> Option<NaiveDate> {
        let after = self.stretches.partition_point(|(first, _)| *first <= date);
        let (_, last) = self.stretches.get(after.checked_sub(1)?)?;
        (date <= *last).then_some(*last)
    }

    /// The last of all.
    pub fn last(&self) -> Option<NaiveDate> {
        self.stretches.last().map(|(_, last)| *last)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    /// The stretches, in order.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
        self.stretches.iter().copied()
    }
}
