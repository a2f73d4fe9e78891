//! A part of a text that knows where it stands, so that an error can point at it.

use std::ops::Range;

use super::invalid::InvalidSchedule;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    whole: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Piece<'a> {
    /// All of a text.
    pub fn all(whole: &'a str) -> Self {
        Self { whole, start: 0, end: whole.len() }
    }

    /// What it says.
    pub fn text(self) -> &'a str {
        &self.whole[self.start..self.end]
    }

    /// The text that it is a part of.
    pub fn whole(self) -> &'a str {
        self.whole
    }

    /// Where it stands in the whole text, in bytes.
    pub fn place(self) -> Range<usize> {
        self.start..self.end
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Without the blanks around it.
    pub fn trim(self) -> Self {
        self.sub(self.text().trim())
    }

    /// The parts between each two separators.
    pub fn split(self, separator: char) -> impl Iterator<Item = Self> {
        self.text().split(separator).map(move |part| self.sub(part))
    }

    /// The parts before and after the first separator.
    pub fn split_once(self, separator: char) -> Option<(Self, Self)> {
        let (before, after) = self.text().split_once(separator)?;
        Some((self.sub(before), self.sub(after)))
    }

    /// The first so many bytes, and the rest; none if it is not that long, or in the middle of a character.
    pub fn split_at(self, middle: usize) -> Option<(Self, Self)> {
        let (before, after) = self.text().split_at_checked(middle)?;
        Some((self.sub(before), self.sub(after)))
    }

    /// The rest behind a prefix.
    pub fn strip_prefix(self, prefix: &str) -> Option<Self> {
        Some(self.sub(self.text().strip_prefix(prefix)?))
    }

    /// The rest before a suffix.
    pub fn strip_suffix(self, suffix: &str) -> Option<Self> {
        Some(self.sub(self.text().strip_suffix(suffix)?))
    }

    /// From where this part begins to where another one ends.
    pub fn to(self, last: Self) -> Self {
        Self { end: last.end.max(self.start), ..self }
    }

    /// What is wrong here.
    pub fn invalid(self, message: impl Into<String>) -> InvalidSchedule {
        InvalidSchedule::new(self.whole, self.place(), message)
    }

    /// The whole text with this part written in another way.
    pub fn replaced(self, by: &str) -> String {
        format!("{}{by}{}", &self.whole[..self.start], &self.whole[self.end..])
    }

    fn sub(self, part: &'a str) -> Self {
        // A part of a string slice lies inside it.
        let start = self.start + (part.as_ptr() as usize - self.text().as_ptr() as usize);
        Self { whole: self.whole, start, end: start + part.len() }
    }
}
