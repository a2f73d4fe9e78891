//! What a run is doing, on standard error while it does it.

use std::io::IsTerminal;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::Action;
use curfew_core::next::Waiting;
use curfew_core::ports::{ActionError, Progress};
use curfew_core::report::spoken;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;

/// A line for each action, and one that says what is waited for: on a terminal it moves, elsewhere it is printed once.
pub struct Live {
    bar: ProgressBar,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    since: Option<DateTime<Utc>>,
    waits: Vec<String>,
}

impl Live {
    /// Begins to watch.
    pub fn new() -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.set_draw_target(if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        });
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self { bar, seen: Mutex::default() }
    }

    fn line(&self, at: DateTime<Utc>, text: &str) {
        let since = self.seen.lock().map(|mut seen| *seen.since.get_or_insert(at)).unwrap_or(at);
        let line = format!("{:>12}  {text}", clock(at - since));
        if self.bar.is_hidden() { eprintln!("{line}") } else { self.bar.println(line) }
    }
}

fn clock(elapsed: TimeDelta) -> String {
    format!("+{}", spoken(elapsed))
}

impl Progress for Live {
    fn performed(&self, action: &Action, at: DateTime<Utc>) {
        self.line(at, &action.to_string());
    }

    fn retrying(&self, action: &Action, error: &ActionError, at: DateTime<Utc>) {
        self.line(at, &format!("{action}: tried again after {error}"));
    }

    fn waiting(&self, on: &[Waiting], at: DateTime<Utc>) {
        let subjects: Vec<String> = on.iter().map(Waiting::subject).collect();
        let news = self.seen.lock().map(|mut seen| {
            let news: Vec<String> = subjects.iter().filter(|subject| !seen.waits.contains(subject)).cloned().collect();
            seen.waits = subjects;
            news
        });
        for subject in news.unwrap_or_default() {
            self.line(at, &format!("waiting for {subject}"));
        }
        let all = on.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        self.bar.set_message(format!("waiting for {all}"));
        self.bar.enable_steady_tick(Duration::from_millis(120));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
