//! A letter for e-mail.

use super::{Letter, Paragraph};
use crate::model::EnvironmentName;

/// The subject of a message: SNS takes at most 100 printable ASCII characters.
pub fn subject(environment: &EnvironmentName, headline: &str) -> String {
    let line = format!("Curfew: {environment} {headline}");
    line.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' }).take(100).collect()
}

/// The text: paragraphs with an empty line between them.
pub(super) fn text(letter: &Letter) -> String {
    let lead = (!letter.lead.is_empty()).then(|| letter.lead.clone());
    let next_steps = (!letter.next_steps.is_empty()).then(|| letter.next_steps.join("\n"));
    let parts: Vec<String> = lead
        .into_iter()
        .chain(letter.paragraphs.iter().map(paragraph))
        .chain(next_steps)
        .chain([letter.signature.clone()])
        .collect();
    format!("{}\n", parts.join("\n\n"))
}

fn paragraph(paragraph: &Paragraph) -> String {
    match paragraph {
        Paragraph::Text(text) => text.clone(),
        Paragraph::List { title, items } => {
            let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
            format!("{title}\n{}", items.join("\n"))
        }
    }
}
