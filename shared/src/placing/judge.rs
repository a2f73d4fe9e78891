//! Who made a resource, by what the state remembers.

use std::collections::BTreeMap;

use crate::model::*;

/// Judges the resources of one kind that were found together.
pub(super) struct Judge<'a, Name, Id> {
    registry: &'a Registry<Name, Id>,
    /// How many of them carry each mark: a second one is a copy.
    marks: BTreeMap<Mark, usize>,
}

impl<'a, Name: Ord, Id: PartialEq> Judge<'a, Name, Id> {
    /// With the tags of all that are there.
    pub(super) fn new<'t>(registry: &'a Registry<Name, Id>, all: impl Iterator<Item = &'t Tags>) -> Self {
        let mut marks = BTreeMap::new();
        for mark in all.filter_map(Mark::of) {
            *marks.entry(mark).or_default() += 1;
        }
        Self { registry, marks }
    }

    /// How many carry the mark of these tags.
    pub(super) fn copies(&self, tags: &Tags) -> usize {
        Mark::of(tags).and_then(|mark| self.marks.get(&mark).copied()).unwrap_or_default()
    }

    /// Whether a run wrote down that it would make this one for that name. Before its id is known, only one may carry
    /// the mark.
    pub(super) fn was_created_for(&self, name: &Name, id: &Id, tags: &Tags) -> bool {
        let Some(mark) = Mark::of(tags) else { return false };
        let creation = self.registry.creations.iter().find(|one| one.mark == mark && one.name == *name);
        creation.is_some_and(|one| one.id.as_ref().map_or(self.copies(tags) == 1, |made| made == id))
    }

    /// Whether Curfew made it.
    pub(super) fn is_made(&self, name: &Name, id: &Id, tags: &Tags) -> bool {
        self.registry.is_made(id) || self.was_created_for(name, id, tags)
    }

    /// Whether it is remembered as the one of another place that the tier still has.
    pub(super) fn is_of_another(&self, name: &Name, id: &Id, is_in_tier: impl Fn(&Name) -> bool) -> bool {
        self.registry.name_of(id).is_some_and(|other| other != name && is_in_tier(other))
    }
}

/// What stands in a place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice<T> {
    /// This one.
    One(T),
    /// Nothing.
    Nobody,
    /// One of several, and nothing says which.
    Contested,
}

impl<T> Choice<T> {
    /// The only one, if there is only one.
    pub(super) fn only(candidates: impl IntoIterator<Item = T>) -> Self {
        let mut candidates = candidates.into_iter();
        match (candidates.next(), candidates.next()) {
            (Some(one), None) => Self::One(one),
            (None, _) => Self::Nobody,
            (Some(_), Some(_)) => Self::Contested,
        }
    }

    /// The one, if it is told.
    pub(super) fn one(self) -> Option<T> {
        match self {
            Self::One(one) => Some(one),
            Self::Nobody | Self::Contested => None,
        }
    }

    /// Another choice where this one is nobody.
    pub(super) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Nobody => other(),
            Self::One(_) | Self::Contested => self,
        }
    }
}

impl<T> From<Option<T>> for Choice<T> {
    fn from(found: Option<T>) -> Self {
        found.map_or(Self::Nobody, Self::One)
    }
}
