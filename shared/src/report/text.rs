//! A report for people.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::Report;
use crate::zones::Zone;

/// A duration as people say it: `3 min 12 s`.
pub fn spoken(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// An instant as people of a zone say it: `Tue 17 Nov 08:03`.
pub fn in_zone(instant: DateTime<Utc>, zone: Zone) -> String {
    instant.with_timezone(&zone).format("%a %-d %b %H:%M").to_string()
}

/// An amount as people say it: `12.40 USD`; below ten cents as exact as prices are, `0.005 USD`.
pub fn usd(amount: f64) -> String {
    if amount < 0.1 { format!("{amount:.3} USD") } else { format!("{amount:.2} USD") }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for replaced in &self.replaced_addresses {
            writeln!(f, "! {replaced}")?;
        }
        writeln!(f, "{}: {} - {}", self.environment, self.outcome, self.message)?;
        for reason in &self.reasons {
            writeln!(f, "  ! {reason}")?;
        }
        for action in &self.actions {
            write!(f, "  {} {}", action.action, action.subject)?;
            match &action.detail {
                Some(detail) => writeln!(f, " ({detail})")?,
                None => writeln!(f)?,
            }
        }
        for waiting in &self.waiting {
            writeln!(f, "  … {waiting}")?;
        }
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        Ok(())
    }
}
