//! What goes wrong, by seed: refused and lost calls, looks that show nothing or the past, a store that is not there.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::ports::{ActionError, NotSent};
use fastrand::Rng;

use crate::account::Account;

/// How often things go wrong, in so many of a thousand times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// An action is throttled or meets a server's error, and has no effect.
    pub refused: u32,
    /// An action has its effect, and its answer is lost.
    pub lost_answer: u32,
    /// An action is lost on its way.
    pub lost_request: u32,
    /// A look at a part tells nothing.
    pub blind: u32,
    /// A look at a part shows what was there some seconds ago.
    pub stale: u32,
    /// The state bucket does not answer, or its answer is lost.
    pub store: u32,
    /// A message is not sent.
    pub message: u32,
}

/// What becomes of an action's call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallFault {
    /// It is refused, and has no effect.
    Refused(ActionError),
    /// It has its effect, and nobody hears of it.
    LostAnswer,
    /// It never arrives.
    LostRequest,
}

/// What becomes of a call to the state bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreFault {
    /// It is refused.
    Refused,
    /// It has its effect, and nobody hears of it.
    LostAnswer,
}

/// What becomes of a look at a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookFault {
    /// It tells nothing.
    Blind,
    /// It shows what was there so long ago.
    Stale(TimeDelta),
}

/// A look may show what was there at most so long ago.
const STALEST: TimeDelta = TimeDelta::seconds(8);
/// The faults of one history.
#[derive(Debug, Clone)]
pub struct Faults {
    random: Option<Rng>,
    rates: Rates,
    scripted: Vec<(&'static str, CallFault)>,
    scripted_looks: Vec<(Part, LookFault)>,
    past: VecDeque<Account>,
}

impl Faults {
    /// Nothing goes wrong, and nobody jitters.
    pub fn none() -> Self {
        Self {
            random: None,
            rates: Rates::default(),
            scripted: Vec::new(),
            scripted_looks: Vec::new(),
            past: VecDeque::new(),
        }
    }

    /// Things go wrong at these rates.
    pub fn drawn(seed: u64, rates: Rates) -> Self {
        Self { random: Some(Rng::with_seed(seed)), rates, ..Self::none() }
    }

    /// From now on nothing goes wrong.
    pub fn stop(&mut self) {
        self.rates = Rates::default();
        self.past.clear();
    }

    /// The next call of this action's name meets a fault.
    pub fn script(&mut self, call: &'static str, fault: CallFault) {
        self.scripted.push((call, fault));
    }

    /// The next look at this part meets a fault.
    pub fn script_look(&mut self, part: Part, fault: LookFault) {
        self.scripted_looks.push((part, fault));
    }

    fn scripted_look(&mut self, part: &Part) -> Option<LookFault> {
        let place = self.scripted_looks.iter().position(|(one, _)| one == part)?;
        Some(self.scripted_looks.remove(place).1)
    }

    /// What becomes of a look at a part.
    pub(crate) fn of_look(&mut self, part: &Part) -> Option<LookFault> {
        if let Some(scripted) = self.scripted_look(part) {
            return Some(scripted);
        }
        if self.strikes(self.rates.blind) {
            return Some(LookFault::Blind);
        }
        if !self.strikes(self.rates.stale) {
            return None;
        }
        let lag = self.random.as_mut().map_or(0, |random| random.i64(1..=STALEST.num_milliseconds()));
        Some(LookFault::Stale(TimeDelta::milliseconds(lag)))
    }

    fn strikes(&mut self, rate: u32) -> bool {
        rate > 0 && self.random.as_mut().is_some_and(|random| random.u32(0..1000) < rate)
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        self.random.as_mut().and_then(|random| random.choice(choices.iter().copied()))
    }

    /// Up to a fifth more, so that many runs do not poll in step.
    pub(crate) fn jitter(&mut self, duration: Duration) -> Duration {
        self.random
            .as_mut()
            .map_or(Duration::ZERO, |random| Duration::from_millis(random.u64(0..=duration.as_millis() as u64 / 5)))
    }

    pub(crate) fn of_call(&mut self, action: &Action) -> Option<CallFault> {
        if let Some(place) = self.scripted.iter().position(|(call, _)| *call == action.name()) {
            return Some(self.scripted.remove(place).1);
        }
        if self.strikes(self.rates.refused) {
            let code = self.one_of(&["Throttling", "InternalError", "ServiceUnavailable"]).unwrap_or("Throttling");
            return Some(CallFault::Refused(ActionError {
                call: action.api_call().to_owned(),
                code: code.to_owned(),
                message: "try again".to_owned(),
                retry: Retry::Later,
            }));
        }
        if self.strikes(self.rates.lost_answer) {
            return Some(CallFault::LostAnswer);
        }
        self.strikes(self.rates.lost_request).then_some(CallFault::LostRequest)
    }

    pub(crate) fn of_overrides(&mut self) -> Option<Unobserved> {
        self.strikes(self.rates.blind).then(|| Unobserved {
            call: "tag:GetResources".to_owned(),
            message: "ThrottledException: Rate exceeded".to_owned(),
            retry: Retry::Later,
        })
    }

    pub(crate) fn of_store(&mut self) -> Option<StoreFault> {
        if !self.strikes(self.rates.store) {
            return None;
        }
        self.one_of(&[StoreFault::Refused, StoreFault::LostAnswer])
    }

    pub(crate) fn of_message(&mut self) -> Option<NotSent> {
        self.strikes(self.rates.message).then(|| NotSent::ToAnybody("Throttling: Rate exceeded".to_owned()))
    }

    /// Keeps the account as it is after a change, for looks that lag behind.
    pub fn remember(&mut self, account: &Account) {
        if self.rates.stale == 0 && self.scripted_looks.is_empty() {
            return;
        }
        let oldest = account.now() - STALEST;
        // The newest of those that are too old is what was there at that instant.
        while self.past.get(1).is_some_and(|second| second.now() <= oldest) {
            self.past.pop_front();
        }
        self.past.push_back(account.clone());
    }

    /// The account as it was so long ago, as far as that is known (facts §2 "eventual consistency").
    pub(crate) fn account_then(&self, now: DateTime<Utc>, lag: TimeDelta) -> Option<Account> {
        let then = now - lag;
        let mut past = self.past.iter().rev().find(|past| past.now() <= then)?.clone();
        past.catch_up(then);
        Some(past)
    }
}

/// Why a look told nothing.
pub(crate) fn throttled(part: &Part) -> Unobserved {
    let call = format!("Describe {part:?}");
    Unobserved { call, message: "Throttling: Rate exceeded".to_owned(), retry: Retry::Later }
}
