//! Virtual time as a run sees it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use curfew_core::ports::Clock;

use super::World;

/// Lets virtual time pass.
#[expect(clippy::disallowed_methods, reason = "tokio's paused clock is the simulation's")]
pub(super) async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}

impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        self.simulation.now() + self.skew
    }

    async fn sleep(&self, duration: Duration) {
        let jitter = self.simulation.now_inner().faults.jitter(duration);
        pass(duration + jitter).await;
    }
}
