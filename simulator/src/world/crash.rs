//! The death of a run: at any change, before or after it has its effect.

use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Notify;

/// When a run dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moment {
    /// It does not.
    #[default]
    Never,
    /// Before its change of this number, from 0.
    Before(u32),
    /// After it, before the run hears of it.
    After(u32),
}

/// A run's death, and how many changes it has made. A change is an action, a stored document or a message.
#[derive(Debug, Default)]
pub struct Crash {
    moment: Moment,
    changes: AtomicU32,
    died: Notify,
}

impl Crash {
    pub(super) fn at(moment: Moment) -> Self {
        Self { moment, ..Self::default() }
    }

    /// Ends when the run dies.
    pub(super) async fn happened(&self) {
        self.died.notified().await;
    }

    /// Before a change: its number, if the run lives to make it.
    pub(super) async fn before(&self) -> u32 {
        let number = self.changes.fetch_add(1, Ordering::Relaxed);
        if self.moment == Moment::Before(number) {
            self.die().await;
        }
        number
    }

    /// After a change.
    pub(super) async fn after(&self, number: u32) {
        if self.moment == Moment::After(number) {
            self.die().await;
        }
    }

    async fn die(&self) {
        self.died.notify_one();
        pending::<()>().await;
    }
}
