//! The real time, and the rehearsal's.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};

use crate::ports::Clock;

/// The machine's clock. Every sleep is up to a fifth longer than asked, so that many runs do not poll in step.
///
/// In a rehearsal against an emulator time passes faster, so that a morning of three minutes takes seconds.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    /// From here on time passes faster; before it, both clocks agree.
    origin: SystemTime,
    /// So many times.
    factor: f64,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { origin: SystemTime::UNIX_EPOCH, factor: 1.0 }
    }
}

/// A rehearsal's clock that is set where it would run the schedule of a real account wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "CURFEW_REHEARSAL_CLOCK is `{0}`; it is `<origin in seconds since 1970>x<factor>`, and only taken when AWS_ENDPOINT_URL names this machine"
)]
pub struct InvalidRehearsal(String);

impl SystemClock {
    /// The machine's clock, or the rehearsal's that `CURFEW_REHEARSAL_CLOCK` sets: `1795228800x100`.
    ///
    /// # Errors
    /// The variable is malformed, or the AWS endpoint is a real one.
    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    pub fn from_environment() -> Result<Self, InvalidRehearsal> {
        let Ok(text) = std::env::var("CURFEW_REHEARSAL_CLOCK") else { return Ok(Self::default()) };
        let endpoint = std::env::var("AWS_ENDPOINT_URL").unwrap_or_default();
        let local = ["http://127.0.0.1:", "http://localhost:"].iter().any(|host| endpoint.starts_with(host));
        let clock = text.split_once('x').and_then(|(origin, factor)| {
            let (origin, factor): (f64, f64) = (origin.parse().ok()?, factor.parse().ok()?);
            let sensible = origin >= 0.0 && origin.is_finite() && (1.0..=10_000.0).contains(&factor);
            sensible.then(|| Self { origin: SystemTime::UNIX_EPOCH + Duration::from_secs_f64(origin), factor })
        });
        clock.filter(|_| local).ok_or(InvalidRehearsal(text))
    }

    /// The instant on this clock that the machine's clock calls `real`.
    pub fn after(&self, real: DateTime<Utc>) -> DateTime<Utc> {
        let origin: DateTime<Utc> = self.origin.into();
        let since = (real - origin).as_seconds_f64();
        if self.factor == 1.0 || since < 0.0 {
            return real;
        }
        origin + TimeDelta::milliseconds((since * self.factor * 1000.0) as i64)
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    fn now(&self) -> DateTime<Utc> {
        self.after(SystemTime::now().into())
    }

    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration.mul_f64((1.0 + 0.2 * fastrand::f64()) / self.factor)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_passes_faster_from_its_origin_on() {
        let clock = SystemClock { origin: SystemTime::UNIX_EPOCH + Duration::from_secs(1000), factor: 100.0 };
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        assert_eq!(clock.after(at(999)), at(999));
        assert_eq!(clock.after(at(1000)), at(1000));
        assert_eq!(clock.after(at(1003)), at(1300));
        assert_eq!(SystemClock::default().after(at(1003)), at(1003));
    }
}
