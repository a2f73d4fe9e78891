//! The real time, and the rehearsal's.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};

use crate::ports::Clock;

/// The machine's clock. Every sleep is up to a fifth longer than asked, so that many runs do not poll in step.
///
/// In a rehearsal the emulator says what time it is: waiting passes faster there, so that a morning of three minutes
/// takes seconds.
#[derive(Debug, Clone, Default)]
pub struct SystemClock {
    /// The file in which the emulator writes its time.
    rehearsal: Option<Arc<PathBuf>>,
}

/// A rehearsal's clock that is set where it would run the schedule of a real account wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "CURFEW_REHEARSAL_CLOCK is `{0}`; it is the file that an emulator writes its time to, and only taken when AWS_ENDPOINT_URL names this machine"
)]
pub struct InvalidRehearsal(String);

/// What the emulator's file says, in seconds since 1970: `<n> <virtual> <real> <factor> <limit> <n>`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reading {
    /// Of how many; the same at both ends of the line, unless it is being written.
    number: u64,
    /// What time it was there …
    then: f64,
    /// … when the machine's clock showed this.
    real: f64,
    /// How many times faster its time passes.
    factor: f64,
    /// It gets no later than this before the next reading: time stands still while a call takes long to answer.
    limit: f64,
}

impl SystemClock {
    /// The machine's clock, or the rehearsal's whose file `CURFEW_REHEARSAL_CLOCK` names.
    ///
    /// # Errors
    /// The file is not an emulator's clock, or the AWS endpoint is a real one.
    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    pub fn from_environment() -> Result<Self, InvalidRehearsal> {
        let Ok(text) = std::env::var("CURFEW_REHEARSAL_CLOCK") else { return Ok(Self::default()) };
        let endpoint = std::env::var("AWS_ENDPOINT_URL").unwrap_or_default();
        let is_local = ["http://127.0.0.1:", "http://localhost:"].iter().any(|host| endpoint.starts_with(host));
        let clock = Self { rehearsal: Some(Arc::new(PathBuf::from(&text))) };
        if is_local && clock.read().is_some() { Ok(clock) } else { Err(InvalidRehearsal(text)) }
    }

    /// The instant on this clock that the machine's clock calls `real`, if nothing holds the time up until then.
    pub fn after(&self, real: DateTime<Utc>) -> DateTime<Utc> {
        match self.read() {
            Some((reading, now)) => at(reading.now(now) + (seconds(real.into()) - now) * reading.factor),
            None => real,
        }
    }

    /// What the emulator says, and the machine's time, in seconds since 1970, at which it does.
    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    fn read(&self) -> Option<(Reading, f64)> {
        let file = self.rehearsal.as_deref()?;
        let read = || Reading::parse(&std::fs::read_to_string(file).ok()?);
        // What is written between reading and looking at the machine's clock already held before.
        (0..1000).find_map(|_| {
            let (reading, now) = (read()?, seconds(SystemTime::now()));
            (read()?.number == reading.number).then_some((reading, now))
        })
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    fn now(&self) -> DateTime<Utc> {
        match self.read() {
            Some((reading, now)) => at(reading.now(now)),
            None => SystemTime::now().into(),
        }
    }

    #[allow(clippy::disallowed_methods, reason = "this is the edge")]
    async fn sleep(&self, duration: Duration) {
        let duration = duration.mul_f64(1.0 + 0.2 * fastrand::f64());
        let Some((reading, now)) = self.read() else { return tokio::time::sleep(duration).await };
        let until = reading.now(now) + duration.as_secs_f64();
        while let Some((reading, now)) = self.read()
            && reading.now(now) < until
        {
            let left = (until - reading.now(now)) / reading.factor;
            tokio::time::sleep(Duration::from_secs_f64(left).max(Duration::from_millis(1))).await;
        }
    }
}

impl Reading {
    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let [first, then, real, factor, limit, last] = words[..] else { return None };
        let [then, real, factor, limit] = [then, real, factor, limit].map(|word| word.parse::<f64>().ok());
        let (then, real, factor, limit) = (then?, real?, factor?, limit?);
        let is_sensible = then.is_finite() && real.is_finite() && (1.0..=10_000.0).contains(&factor);
        (is_sensible && first == last).then_some(Self { number: first.parse().ok()?, then, real, factor, limit })
    }

    /// What time it is there when the machine's clock shows `real`.
    fn now(&self, real: f64) -> f64 {
        (self.then + (real - self.real) * self.factor).min(self.limit)
    }
}

fn seconds(instant: SystemTime) -> f64 {
    instant.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn at(seconds: f64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds((seconds * 1e6) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (tempfile::TempDir, SystemClock) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        std::fs::write(&file, text).unwrap();
        (folder, SystemClock { rehearsal: Some(Arc::new(file)) })
    }

    #[test]
    fn time_passes_faster_and_stands_still_while_a_call_takes_long() {
        let reading = Reading::parse("7 5000.0 1000.0 100.0 inf 7").unwrap();
        assert_eq!([1000.0, 1000.5, 1003.0].map(|real| reading.now(real)), [5000.0, 5050.0, 5300.0]);
        let held = Reading { limit: 5000.5, ..reading };
        assert_eq!([1000.0, 1000.00390625, 1003.0].map(|real| held.now(real)), [5000.0, 5000.390625, 5000.5]);
    }

    #[test]
    fn what_is_no_clock_is_refused() {
        for text in ["", "7 5000 1000 100 inf 8", "7 5000 1000 100 7", "7 5000 1000 0 inf 7", "7 nan 1000 100 inf 7"] {
            assert_eq!(Reading::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_time_is_the_emulators() {
        let (_folder, clock) = told("7 5000.0 1000.0 100.0 5000.25 7");
        assert_eq!(clock.now(), at(5000.25));
        let (_folder, clock) = told("7 5000.0 1000.0 100.0 inf 7");
        assert!(clock.now() > at(1e9), "the limit is none");
    }

    #[test]
    fn a_deadline_is_as_much_later_as_time_passes_faster() {
        let (_folder, clock) = told("7 5000.0 1000.0 100.0 5000.25 7");
        let in_a_minute = SystemClock::default().now() + TimeDelta::seconds(60);
        let left = clock.after(in_a_minute) - at(5000.25);
        assert!((5900..=6000).contains(&left.num_seconds()), "{left}");
    }

    #[tokio::test]
    #[allow(clippy::disallowed_methods, reason = "a sleep is what is tested")]
    async fn a_sleep_ends_by_the_emulators_time() {
        let (folder, clock) = told("7 5000.0 1000.0 100.0 5000.0 7");
        let sleeper = tokio::spawn(async move { clock.sleep(Duration::from_secs(10)).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!sleeper.is_finished(), "time stands still");
        std::fs::write(folder.path().join("clock"), "8 5020.0 1000.0 100.0 5020.0 8").unwrap();
        sleeper.await.unwrap();
    }
}
