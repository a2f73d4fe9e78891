//! JSON's own way to write a character beyond the first 65536: two escapes that stand for one, which YAML does not know.

use std::borrow::Cow;

use serde::de::IgnoredAny;

/// A text whose pairs of escapes are written as YAML's one.
pub(super) struct Unpaired<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Where one was written, in characters of the text as it is now.
    at: Vec<usize>,
}

/// A pair has so many characters more than what takes its place: `\ud83d\ude00` and `\U0001f600`.
const SHORTER: usize = 2;

impl<'a> Unpaired<'a> {
    /// Only JSON is written anew: elsewhere in YAML a backslash may be just that.
    pub fn of(text: &'a str) -> Self {
        let as_it_is = Self { text: Cow::Borrowed(text), at: Vec::new() };
        if !text.contains("\\u") || serde_json::from_str::<IgnoredAny>(text).is_err() {
            return as_it_is;
        }
        let (mut written, mut at, mut length) = (String::with_capacity(text.len()), Vec::new(), 0);
        let mut rest = text;
        while let Some(escape) = rest.find('\\') {
            let (before, from) = rest.split_at(escape);
            written.push_str(before);
            length += before.chars().count();
            let taken = match pair(from) {
                Some(character) => {
                    let one = format!("\\U{:08x}", u32::from(character));
                    at.push(length);
                    length += one.len();
                    written.push_str(&one);
                    2 * ESCAPE
                }
                // Two backslashes are one character: the second begins no escape.
                None => {
                    let two = from.char_indices().nth(2).map_or(from.len(), |(index, _)| index);
                    written.push_str(&from[..two]);
                    length += 2;
                    two
                }
            };
            rest = &from[taken..];
        }
        written.push_str(rest);
        Self { text: Cow::Owned(written), at }
    }

    /// Where a character stood in the text as it was.
    pub fn was_at(&self, index: usize) -> usize {
        index + SHORTER * self.at.iter().filter(|at| **at < index).count()
    }
}

/// The length of `\ud83d`.
const ESCAPE: usize = 6;

/// The character that two escapes at the beginning of a text stand for.
fn pair(text: &str) -> Option<char> {
    let units = [unit(text)?, unit(text.get(ESCAPE..)?)?];
    let mut read = char::decode_utf16(units);
    let character = read.next()?.ok()?;
    read.next().is_none().then_some(character)
}

fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        Unpaired::of(json).text.into_owned()
    }

    #[test]
    fn only_pairs_in_json_are_written_anew() {
        assert_eq!(text(r#"{"a": "x\ud83d\ude00y"}"#), r#"{"a": "x\U0001f600y"}"#);
        assert_eq!(text(r#"["\uD83D\uDE00\ud83d\ude01"]"#), r#"["\U0001f600\U0001f601"]"#);
        for as_it_is in [
            r#"{"a": "\u00e9\n"}"#,
            r#"{"a": "\\ud83d\\ude00"}"#,
            r#"{"a": "\\\\ud83d\\ude00"}"#,
            // One half alone, or the wrong way round.
            r#"{"a": "\ud83d"}"#,
            r#"{"a": "\ude00\ud83d"}"#,
            // No JSON: here these are twelve characters.
            r"a: \ud83d\ude00",
            r"a: '\ud83d\ude00'",
        ] {
            assert_eq!(text(as_it_is), as_it_is);
        }
    }

    #[test]
    fn places_are_those_of_the_text_as_it_was() {
        let json = r#"{"é\ud83d\ude00": 1, "b": 2}"#;
        let unpaired = Unpaired::of(json);
        let place = |text: &str| text.chars().collect::<Vec<_>>().iter().position(|c| *c == 'b').unwrap_or_default();
        // The last `b` is no hexadecimal digit here.
        assert_eq!(unpaired.was_at(place(&unpaired.text)), place(json));
        assert_eq!(unpaired.was_at(2), 2);
    }
}
