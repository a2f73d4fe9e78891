//! What a message says, before it has a form.

/// A message in words: the same for e-mail and chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What happened, without the environment: `is ready in 3 min 12 s`.
    pub headline: String,
    /// What it means, in one sentence or two.
    pub lead: String,
    /// The rest.
    pub paragraphs: Vec<Paragraph>,
    /// What a person may do now, each one sentence.
    pub next_steps: Vec<String>,
    /// Who or what started the run.
    pub signature: String,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paragraph {
    /// Sentences.
    Text(String),
    /// Items under a title that ends with a colon.
    List {
        /// The title.
        title: String,
        /// The items.
        items: Vec<String>,
    },
}

impl Paragraph {
    /// Items under a title.
    pub fn list(title: impl Into<String>, items: impl IntoIterator<Item = String>) -> Self {
        Self::List { title: title.into(), items: items.into_iter().collect() }
    }
}
