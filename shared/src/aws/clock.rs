//! The real time.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::ports::Clock;

/// The machine's clock. Every sleep is up to a fifth longer than asked, so that many runs do not poll in step.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration.mul_f64(1.0 + 0.2 * fastrand::f64())).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = false)]
    async fn a_sleep_is_up_to_a_fifth_longer() {
        let before = std::time::Instant::now();
        SystemClock.sleep(Duration::from_millis(20)).await;
        assert!(before.elapsed() >= Duration::from_millis(20));
    }
}
