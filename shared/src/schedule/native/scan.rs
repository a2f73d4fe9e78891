//! Reading a text from left to right, and saying where it went wrong.

use std::ops::Range;

use super::names::Word;

/// What is wrong with a text, where, and what to put there instead.
#[derive(Debug)]
pub(super) struct Wrong {
    pub place: Range<usize>,
    pub message: String,
    pub fix: Option<Fix>,
}

/// A change of a text after which more of it can be read.
#[derive(Debug)]
pub(super) struct Fix {
    pub place: Range<usize>,
    pub with: String,
}

impl Wrong {
    /// The same, with what to put in the place itself.
    pub fn fix(mut self, with: Option<impl Into<String>>) -> Self {
        self.fix = with.map(|with| Fix { place: self.place.clone(), with: with.into() });
        self
    }
}

/// A text and how far it is read.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    /// What is not read yet.
    pub fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    /// How many bytes are read.
    pub fn position(&self) -> usize {
        self.position
    }

    /// What was read since another moment.
    pub fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.position]
    }

    /// Passes over white space; whether anything is left after it.
    pub fn skip_space(&mut self) -> bool {
        self.position = self.text.len() - self.rest().trim_start().len();
        !self.rest().is_empty()
    }

    /// Reads a mark if it comes next, after white space.
    pub fn take(&mut self, mark: &str) -> bool {
        let mut ahead = *self;
        ahead.skip_space();
        if !ahead.rest().starts_with(mark) {
            return false;
        }
        ahead.position += mark.len();
        *self = ahead;
        true
    }

    /// Reads all characters that belong to something; it may be nothing.
    pub fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// The word of the grammar that comes next, after white space, without reading it.
    pub fn peek_word(&self) -> Option<Word> {
        { *self }.take_word()
    }

    /// Reads the word of the grammar that comes next, after white space; reads nothing if none does.
    pub fn take_word(&mut self) -> Option<Word> {
        let mut ahead = *self;
        ahead.skip_space();
        let word = Word::read(ahead.take_while(|c| c.is_ascii_alphanumeric()))?;
        *self = ahead;
        Some(word)
    }

    /// Reads digits, exactly so many.
    pub fn take_digits(&mut self, count: usize) -> Option<u16> {
        let mut ahead = *self;
        let digits = ahead.take_while(|c| c.is_ascii_digit());
        let number = (digits.len() == count).then(|| digits.parse().ok()).flatten()?;
        *self = ahead;
        Some(number)
    }

    /// Something else than what is read next is expected. A word that people write in its place is put right.
    pub fn expected(&self, what: &str) -> Wrong {
        let mut ahead = *self;
        if !ahead.skip_space() {
            let end = self.text.trim_end().len();
            return Wrong { place: end..end, message: format!("expected {what}, found the end"), fix: None };
        }
        let start = ahead.position;
        let is_dash = |c: char| matches!(c, '‐' | '‑' | '‒' | '–' | '—' | '−');
        let is_quote = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”');
        let sign = |fix: &str| Some(fix.to_owned());
        let (found, fix) = match ahead.rest().chars().next() {
            Some(c) if is_dash(c) => (ahead.take_while(is_dash), sign("-")),
            Some(c) if is_quote(c) => (ahead.take_while(is_quote), sign("")),
            Some('&' | '+') => (ahead.take_while(|c| matches!(c, '&' | '+')), sign(",")),
            Some('|' | '\\') => (ahead.take_while(|c| matches!(c, '|' | '\\')), sign(";")),
            Some(',' | ';' | '-') => (ahead.take_while(|c| matches!(c, ',' | ';' | '-')), None),
            Some(c) if c.is_alphanumeric() => {
                let found = ahead.take_while(|c| c.is_alphanumeric() || c == ':');
                (found, Word::instead_of(found))
            }
            Some(_) | None => (ahead.take_while(|c| !c.is_whitespace() && !c.is_alphanumeric()), None),
        };
        Wrong { place: start..ahead.position, message: format!("expected {what}, found `{found}`"), fix: None }.fix(fix)
    }
}
