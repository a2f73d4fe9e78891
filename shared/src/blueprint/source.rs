//! A document's text: YAML or JSON to one value, and where in the text each field stands.

use serde_json::Value;

use super::problems::{Problem, Problems};
use crate::yaml::{self, Fault};

/// A parsed text.
pub struct Source {
    /// What it says. What is not understood is left out, and is a problem that [`Source::located`] tells.
    pub value: Value,
    text: yaml::Document,
}

impl Source {
    /// Parses YAML, and so JSON.
    ///
    /// # Errors
    /// The place where the text stops being one document.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        let mut text = yaml::read(text).map_err(|fault| Problems(vec![problem(&fault)]))?;
        Ok(Self { value: std::mem::take(&mut text.value), text })
    }

    /// The line of a field, or of the nearest thing around it that has one.
    pub fn line(&self, field: &str) -> Option<usize> {
        let mut place = field;
        loop {
            if let Some(line) = self.text.lines.get(place) {
                return Some(*line);
            }
            place = &place[..place.rfind(['.', '['])?];
        }
    }

    /// All problems with their lines, in the order of the text: those that were found in what it says, and what of it is
    /// not understood. Of a field that is not understood nothing else is told.
    pub fn located(&self, found: Problems) -> Problems {
        let understood = found.0.into_iter().filter(|problem| !self.text.unread.contains(&problem.field));
        let found =
            understood.map(|problem| Problem { line: problem.line.or_else(|| self.line(&problem.field)), ..problem });
        let mut all: Vec<Problem> = found.chain(self.text.faults.iter().map(problem)).collect();
        all.sort_by_key(|problem| problem.line);
        Problems(all)
    }
}

fn problem(fault: &Fault) -> Problem {
    Problem { field: fault.field.clone(), line: Some(fault.line), message: fault.message.clone() }
}
