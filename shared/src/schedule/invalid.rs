//! Why a text is not a schedule: what is wrong, where, and what to write instead.

use std::fmt;
use std::ops::Range;

/// Why a text is not a schedule.
///
/// Printed, it says what was expected, shows the line with the place marked under it, and suggests what may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSchedule {
    text: String,
    place: Range<usize>,
    message: String,
    suggestion: Option<String>,
}

impl InvalidSchedule {
    /// What is wrong at a place of a text, in bytes; a place outside the text is its end.
    pub(super) fn new(text: &str, place: Range<usize>, message: impl Into<String>) -> Self {
        Self { text: text.to_owned(), place, message: message.into(), suggestion: None }
    }

    /// The same, with a text that may be meant.
    pub(super) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it is wrong, in bytes of the text; empty where something is missing.
    pub fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// A whole text that may be meant.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// The part of the text to show around the place, and how many characters stand before it and under it.
    fn excerpt(&self) -> (String, usize, usize) {
        let start = self.text.floor_char_boundary(self.place.start);
        let end = self.text.ceil_char_boundary(self.place.end.max(start)).max(start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        let first = self.text[line_start..start].char_indices().rev().nth(AROUND - 1);
        let last = self.text[start..line_end].char_indices().nth(AROUND);
        let (before, mut shown) = match first {
            Some((index, _)) => (AROUND + 1, format!("…{}", &self.text[line_start + index..start])),
            None => (self.text[line_start..start].chars().count(), self.text[line_start..start].to_owned()),
        };
        match last {
            Some((index, _)) => shown.extend([&self.text[start..start + index], "…"]),
            None => shown.push_str(&self.text[start..line_end]),
        }
        let width = self.text[start..end.min(line_end).max(start)].chars().count().clamp(1, AROUND);
        let shown = shown.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        (shown, before, width)
    }
}

/// How many characters are shown at most, on either side of where the place begins.
const AROUND: usize = 60;

impl std::error::Error for InvalidSchedule {}

impl fmt::Display for InvalidSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.text.trim().is_empty() {
            return Ok(());
        }
        let (shown, before, width) = self.excerpt();
        write!(f, "\n  {}\n  {}{}", shown.trim_end(), " ".repeat(before), "^".repeat(width))?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "\n  did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}
