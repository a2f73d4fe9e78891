//! A report for people.

use std::fmt;

use chrono::TimeDelta;

use super::Report;

/// A duration as people say it: `3 min 12 s`.
pub fn spoken(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
