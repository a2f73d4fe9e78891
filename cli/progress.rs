//! What a run is doing, on standard error while it does it.

use std::convert::Infallible;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::Action;
use curfew_core::next::Waiting;
use curfew_core::ports::{ActionError, Progress};
use curfew_core::report::spoken;
use curfew_sim::tell;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// A line for each action, and one that says what is waited for: on a terminal it moves, elsewhere it is printed once.
pub struct Live {
    bar: ProgressBar,
    seen: Mutex<Seen>,
    interrupted: Arc<AtomicBool>,
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
        Self { bar, seen: Mutex::default(), interrupted: Arc::default() }
    }

    /// From now on, Ctrl-C and SIGTERM ask the run to end: it gives its lease back, and the tick goes on. The second one
    /// ends the command at once; its lease is then over after two minutes.
    pub fn end_on_signals(&self) -> std::io::Result<Goodbye> {
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&self.interrupted))?;
            flag::register(signal, Arc::clone(&self.interrupted))?;
        }
        Ok(Goodbye(Arc::clone(&self.interrupted)))
    }

    fn line(&self, at: DateTime<Utc>, text: &str) {
        let since = self.seen.lock().map(|mut seen| *seen.since.get_or_insert(at)).unwrap_or(at);
        let line = format!("{:>12}  {text}", clock(at - since));
        if self.bar.is_hidden() { tell!("{line}") } else { self.bar.println(line) }
    }
}

/// Says what an interruption leads to, as soon as there is one.
pub struct Goodbye(Arc<AtomicBool>);

impl Goodbye {
    /// Waits for an interruption, says so, and never ends.
    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    pub async fn say(self) -> Infallible {
        while !self.0.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        tell!(
            "interrupted: finishing the call under way; what is not done yet is left to the tick (again: leave at once)"
        );
        std::future::pending().await
    }
}

fn clock(elapsed: TimeDelta) -> String {
    format!("+{}", spoken(elapsed))
}

impl Progress for Live {
    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

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
