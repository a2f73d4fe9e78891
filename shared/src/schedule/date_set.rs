//! A set of dates, as a person writes one: single dates and stretches.

use chrono::NaiveDate;

/// A set of dates, as stretches in order, none touching another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DateSet {
    stretches: Vec<(NaiveDate, NaiveDate)>,
}

impl DateSet {
    /// Adds the dates from one to another, both included.
    pub fn insert(&mut self, first: NaiveDate, last: NaiveDate) {
        let (mut first, mut last) = (first, last);
        let is_before = |a: NaiveDate, b: NaiveDate| a.succ_opt().is_some_and(|next| next < b);
        self.stretches.retain(|(from, to)| {
            let is_apart = is_before(last, *from) || is_before(*to, first);
            if !is_apart {
                (first, last) = (first.min(*from), last.max(*to));
            }
            is_apart
        });
        let index = self.stretches.partition_point(|(from, _)| *from < first);
        self.stretches.insert(index, (first, last));
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: &Self) {
        for (first, last) in &other.stretches {
            self.insert(*first, *last);
        }
    }

    /// The last date of the stretch that a date is in; none of a date that is not among them.
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
