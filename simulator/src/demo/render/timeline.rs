//! The timeline as text: one line for each entry, more where it does not fit.

use anstyle::Style;
use curfew_core::zones::Zone;

use super::super::timeline::{Entry, Sign, Timeline};
use super::{BOLD, DIM, DOWN, PERSON, UP, WARNING, WIDTH, WRONG, heading, local, pad, styled};

/// Columns before an entry's own text.
const INDENT: usize = 29;
/// Lines that entries may take; the rest of them is only counted.
const LINES: usize = 36;

/// Renders what happened.
pub fn timeline(timeline: &Timeline, zone: Zone) -> String {
    let mut text = heading("What happened, and why", "");
    let mut last_date = String::new();
    let mut left = LINES;
    let mut untold = 0;
    for entry in &timeline.entries {
        let date = local(entry.at, zone, "%a %e %b");
        let lines = lines(entry, zone, if date == last_date { "" } else { &date });
        if lines.len() > left || untold > 0 {
            untold += 1;
            continue;
        }
        left -= lines.len();
        last_date = date;
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    if untold > 0 {
        text.push_str(&styled(DIM, &format!("  … and {untold} more; --json tells all of them\n")));
    }
    let ticks = format!(
        "  Of {} ticks, one every 5 minutes, {} found everything as it should be and {} met another run at work.\n",
        timeline.ticks, timeline.idle_ticks, timeline.busy_ticks
    );
    text.push_str(&styled(DIM, &ticks));
    text
}

fn lines(entry: &Entry, zone: Zone, date: &str) -> Vec<String> {
    let (style, sign) = look(entry.sign);
    let time = match entry.sign {
        Sign::Quiet => "all day".to_owned(),
        Sign::Begins | Sign::Up | Sign::Down | Sign::LeftAlone | Sign::Died | Sign::ByHand => {
            local(entry.at, zone, "%H:%M")
        }
    };
    let who = format!("{sign} {}", entry.who);
    let head = format!("  {}{time:<8}{}", pad(&styled(BOLD, date), date, 11), pad(&styled(style, &who), &who, 8));
    // A tag's value is not taken apart at its hyphens.
    let options = textwrap::Options::new(WIDTH - INDENT).word_splitter(textwrap::WordSplitter::NoHyphenation);
    let wrapped = textwrap::wrap(&entry.text, options);
    let rest = wrapped.iter().skip(1).map(|line| format!("{}{line}", " ".repeat(INDENT)));
    std::iter::once(format!("{head}{}", wrapped.first().map_or("", |line| line))).chain(rest).collect()
}

fn look(sign: Sign) -> (Style, char) {
    match sign {
        Sign::Begins => (BOLD, ' '),
        Sign::Up => (UP, '▲'),
        Sign::Down => (DOWN, '▼'),
        Sign::LeftAlone => (WARNING, '■'),
        Sign::Died => (WRONG, '✗'),
        Sign::ByHand => (PERSON, '✎'),
        Sign::Quiet => (DIM, ' '),
    }
}
