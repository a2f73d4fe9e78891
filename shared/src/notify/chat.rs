//! A message for a chat channel: a custom notification of Amazon Q Developer in chat applications, which writes it into
//! Slack or Teams. What does not fit the schema is dropped without a word (facts §10), so lengths are kept here.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Letter, Paragraph};
use crate::report::Report;

/// A custom notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chat {
    version: &'static str,
    source: &'static str,
    content: Content,
    metadata: Metadata,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    text_type: &'static str,
    title: String,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    next_steps: Vec<String>,
    keywords: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    thread_id: String,
    summary: String,
    event_type: String,
    additional_context: BTreeMap<&'static str, String>,
}

/// The longest title, in characters.
const TITLE: usize = 250;
/// The longest description, in characters.
const DESCRIPTION: usize = 8000;

impl Chat {
    /// A notification of its own: for messages that are about no run. `event` is its type, `thread` what it belongs to
    /// in the channel.
    pub fn new(title: &str, description: &str, event: &str, thread: &str) -> Self {
        // What is empty would be dropped.
        let title = if title.trim().is_empty() { "Curfew".to_owned() } else { shortened(&plain(title), TITLE) };
        let description = if description.trim().is_empty() { title.clone() } else { plain(description) };
        Self {
            version: "1.0",
            source: "custom",
            content: Content {
                text_type: "client-markdown",
                description: shortened(&description, DESCRIPTION),
                next_steps: Vec::new(),
                keywords: vec!["curfew".to_owned(), event.to_owned()],
                title: title.clone(),
            },
            metadata: Metadata {
                thread_id: thread.to_owned(),
                summary: title,
                event_type: format!("curfew-{event}"),
                additional_context: BTreeMap::new(),
            },
        }
    }

    /// What a person may do now, each one sentence.
    #[must_use]
    pub fn with_next_steps(mut self, steps: &[String]) -> Self {
        let said = steps.iter().filter(|step| !step.trim().is_empty());
        self.content.next_steps = said.map(|step| shortened(&plain(step), TITLE)).collect();
        self
    }

    /// A letter about a run.
    pub(super) fn about(letter: &Letter, event: &str, thread: &str, report: &Report) -> Self {
        let title = format!("{} {}", report.environment, letter.headline);
        let lead = (!letter.lead.is_empty()).then(|| letter.lead.clone());
        let parts: Vec<String> = lead
            .into_iter()
            .chain(letter.paragraphs.iter().map(paragraph))
            .chain([format!("_{}_", letter.signature)])
            .collect();
        let mut chat = Self::new(&title, &parts.join("\n\n"), event, thread).with_next_steps(&letter.next_steps);
        chat.content.keywords.push(report.environment.to_string());
        chat.metadata.additional_context =
            [("environment", report.environment.to_string()), ("run", report.run.clone())].into();
        chat
    }

    /// As it is published.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

fn paragraph(paragraph: &Paragraph) -> String {
    match paragraph {
        Paragraph::Text(text) => text.clone(),
        Paragraph::List { title, items } => {
            let items: Vec<String> = items.iter().map(|item| format!("• {item}")).collect();
            format!("*{title}*\n{}", items.join("\n"))
        }
    }
}

/// Without what Slack would take for a command, such as `<!channel>`: what AWS or a person wrote is only quoted.
fn plain(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›")
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{kept}…")
}
