//! A simulated world: an account, a state bucket, a topic and a clock in virtual time, and what went wrong in it.
//!
//! Time is tokio's paused clock: it jumps to the next thing anybody waits for. Every run gets a [`World`] of its own, as
//! every invocation of a function gets a process of its own; what they share is the [`Simulation`].

mod clock;
mod cloud;
mod crash;
mod notifier;
mod store;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::ports::{Message, Progress};
use tokio::sync::Notify;

use crate::account::Account;
use crate::faults::Faults;
use crate::laws::Laws;
use crate::trace::Trace;
pub use crash::{Crash, Moment};
pub use store::Documents;

/// What all runs share.
#[derive(Clone)]
pub struct Simulation {
    start: DateTime<Utc>,
    origin: tokio::time::Instant,
    inner: Arc<Mutex<Inner>>,
    effects: Arc<Notify>,
}

/// Everything that is there.
pub struct Inner {
    /// The account.
    pub account: Account,
    /// The state bucket.
    pub documents: Documents,
    /// What people were told.
    pub messages: Vec<(DateTime<Utc>, Message)>,
    /// What goes wrong.
    pub faults: Faults,
    /// What must be true.
    pub laws: Laws,
    /// What happened.
    pub trace: Trace,
    /// How many API calls were made, by what they do.
    pub calls: BTreeMap<&'static str, u64>,
}

impl Simulation {
    /// Begins with an account, at its own instant.
    ///
    /// # Panics
    /// Outside a tokio runtime. Time only stands still in one whose clock is paused.
    pub fn new(account: Account, faults: Faults, laws: Laws) -> Self {
        let start = account.now();
        let inner = Inner {
            account,
            documents: Documents::default(),
            messages: Vec::new(),
            faults,
            laws,
            trace: Trace::default(),
            calls: BTreeMap::new(),
        };
        Self { start, origin: tokio::time::Instant::now(), inner: Arc::new(Mutex::new(inner)), effects: Arc::default() }
    }

    /// The instant it is.
    pub fn now(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.origin.elapsed()).unwrap_or_default();
        self.start + elapsed
    }

    /// Waits until an action has had its effect. For a single watcher: one effect wakes one.
    pub async fn effect(&self) {
        self.effects.notified().await;
    }

    /// Lets time pass until an instant, which may be over already.
    pub async fn advance_to(&self, instant: DateTime<Utc>) {
        if let Ok(ahead) = (instant - self.now()).to_std() {
            clock::pass(ahead).await;
        }
    }

    /// Everything as it is now.
    pub fn now_inner(&self) -> MutexGuard<'_, Inner> {
        let now = self.now();
        // Nothing is done halfway when a law panics in a test: the inner state is whole.
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.account.catch_up(now);
        let Inner { account, laws, .. } = &mut *inner;
        laws.check_state(account);
        inner
    }

    /// The world of one run.
    pub fn world(&self, run: &str) -> World {
        World {
            simulation: self.clone(),
            run: run.to_owned(),
            skew: TimeDelta::zero(),
            crash: Crash::default(),
            changed: Mutex::default(),
        }
    }

    /// Writes down something that happened.
    pub fn note(&self, what: impl Into<String>) {
        let now = self.now();
        self.now_inner().trace.add(now, what);
    }
}

impl Inner {
    fn count(&mut self, call: &'static str, times: u64) {
        *self.calls.entry(call).or_default() += times;
    }
}

/// The world as one run meets it.
pub struct World {
    simulation: Simulation,
    run: String,
    /// How far this run's clock is ahead of the others'.
    skew: TimeDelta,
    crash: Crash,
    /// The records this run changed, and when each is everywhere; forgotten once it has seen that it is.
    changed: Mutex<BTreeMap<RecordKey, DateTime<Utc>>>,
}

impl World {
    /// The same with a clock that is so far ahead.
    #[must_use]
    pub fn with_skew(self, skew: TimeDelta) -> Self {
        Self { skew, ..self }
    }

    /// The same, that dies at a moment.
    #[must_use]
    pub fn with_crash(self, moment: Moment) -> Self {
        Self { crash: Crash::at(moment), ..self }
    }

    /// The run's id.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// How far its clock is ahead.
    pub fn skew(&self) -> TimeDelta {
        self.skew
    }

    /// What all runs share.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// Runs something in this world until it ends or the run dies.
    pub async fn until_crash<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.crash.happened() => None,
            done = work => Some(done),
        }
    }
}

impl Progress for World {}
