//! What happened in a simulation, line by line: the same seed gives the same text, byte for byte.

use std::fmt;

use chrono::{DateTime, Utc};

/// What happened, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace(Vec<(DateTime<Utc>, String)>);

impl Trace {
    pub(crate) fn add(&mut self, at: DateTime<Utc>, what: impl Into<String>) {
        self.0.push((at, what.into()));
    }

    /// Its lines with their instants.
    pub fn lines(&self) -> impl Iterator<Item = (DateTime<Utc>, &str)> {
        self.0.iter().map(|(at, what)| (*at, what.as_str()))
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, what) in &self.0 {
            writeln!(f, "{}  {what}", at.format("%a %d %b %H:%M:%S%.3f"))?;
        }
        Ok(())
    }
}
