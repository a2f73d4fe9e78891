//! How the core sees the world. Small, in the domain's words; no SDK type crosses it.
//!
//! Two implementations: the AWS SDK (feature `aws`) and the simulator.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::model::*;

/// What a look or an action is about.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The environment.
    pub environment: &'a EnvironmentName,
    /// Its ECS cluster.
    pub cluster: &'a ClusterName,
    /// The resources that have a place in it: what the blueprint and the recording name.
    pub tier: &'a RuntimeTier,
    /// Which resources are remembered as the ones in those places, and what Curfew made.
    pub identities: &'a Identities,
}

/// Makes a call with a token distinct from every other call's of its run, and the same when it is repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token of one action of one run: 16 characters of `0-9a-f`.
    pub fn of(run: &str, action: &Action) -> Self {
        let mut hasher = DefaultHasher::new();
        (run, format!("{action:?}")).hash(&mut hasher);
        Self(format!("{:016x}", hasher.finish()))
    }

    /// As AWS takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An action that AWS did not perform, or may not have performed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{call}: {code}: {message}")]
pub struct ActionError {
    /// The API call.
    pub call: String,
    /// AWS's error code, or `timeout`, `connection`.
    pub code: String,
    /// What AWS said.
    pub message: String,
    /// `Later`: look again, then decide anew (throttled, a server's error, a time-out, something changed meanwhile).
    /// `Never`: a person has to act (refused, a limit, a malformed request, expired credentials).
    pub retry: Retry,
}

/// An override tag as it was found and confirmed by the owning service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundOverride {
    /// On which resource, by ARN or id.
    pub resource: String,
    /// The tag's value as it is.
    pub value: String,
    /// Whether [`HOLD_TAG`] repeats the value beside it: a manual start or stop set it.
    pub held: bool,
}

/// The override tags of an environment, and the account that its cluster is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOverrides {
    /// The account, as the cluster's own ARN says.
    pub account: AccountId,
    /// The tags, the cluster's first.
    pub tags: Vec<FoundOverride>,
}

/// The account.
pub trait Cloud: Send + Sync {
    /// Looks at some parts of an environment.
    ///
    /// Every resource of those parts that the scope names has an entry in the answer. What a call could not tell is
    /// `Unknown`, never left out and never `Absent`. `known` is what the run has seen so far: ids to ask for, and what
    /// a narrower part ([`Part::LoadBalancerStates`]) carries over. Answers come from the owning services; the
    /// Tagging API proves nothing (invariant 1).
    fn observe(
        &self,
        scope: Scope<'_>,
        parts: &BTreeSet<Part>,
        known: &Observation,
    ) -> impl Future<Output = Observation> + Send;

    /// Performs one action, once more if the SDK finds that safe.
    ///
    /// Idempotent: what is already there or already gone is success, told by typed error codes. Never changes
    /// anything but what the action names.
    fn perform(
        &self,
        scope: Scope<'_>,
        action: &Action,
        token: &Token,
    ) -> impl Future<Output = Result<(), ActionError>> + Send;

    /// All override tags of the environment: those of its cluster, read directly, and those that the Tagging API
    /// finds on other resources that carry the environment's tag, each confirmed by its owning service.
    ///
    /// # Errors
    /// If any of them could not be read: nobody may then act as if there were none.
    fn overrides(&self, scope: Scope<'_>) -> impl Future<Output = Result<FoundOverrides, Unobserved>> + Send;
}

/// A stored document's version, for conditional writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub String);

/// A document as it was read. Both instants are by the store's own clock, whatever the reader's clock says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its text.
    pub body: String,
    /// Its version.
    pub version: Version,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: DateTime<Utc>,
}

impl Stored {
    /// How long ago it was written.
    pub fn age(&self) -> TimeDelta {
        self.read_at - self.written_at
    }
}

/// What must be true for a write to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The document does not exist.
    Absent,
    /// It is still at this version.
    Matches(Version),
}

/// Why a document was not read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else wrote first.
    #[error("{document} was changed by somebody else in the meantime")]
    Changed {
        /// Which document.
        document: String,
    },
    /// The store did not answer, or refused.
    #[error("{document}: {message}")]
    Unavailable {
        /// Which document.
        document: String,
        /// What it said.
        message: String,
    },
}

/// Durable documents of an environment, written conditionally: the state bucket.
pub trait Store: Send + Sync {
    /// Reads a document such as `dev/state.json`; none if it does not exist.
    fn get(&self, document: &str) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;

    /// Writes a document if the condition holds at that moment; answers its new version.
    fn put(
        &self,
        document: &str,
        body: &str,
        condition: Condition,
    ) -> impl Future<Output = Result<Version, StoreError>> + Send;
}

/// What people and machines are told, in each form that somebody may want.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// One line of at most 100 characters, plain ASCII, as SNS wants it.
    pub subject: String,
    /// For a person.
    pub text: String,
    /// For a machine.
    pub json: serde_json::Value,
    /// For a chat channel, in the schema of Amazon Q Developer in chat applications; none if a channel is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<serde_json::Value>,
}

impl Message {
    /// For people and machines, and no chat channel.
    pub fn new(subject: impl Into<String>, text: impl Into<String>, json: serde_json::Value) -> Self {
        Self { subject: subject.into(), text: text.into(), json, chat: None }
    }

    /// The same, for a chat channel too.
    #[must_use]
    pub fn with_chat(self, chat: serde_json::Value) -> Self {
        Self { chat: Some(chat), ..self }
    }
}

/// A message that did not get out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Nobody was told: it is worth telling again.
    #[error("the notification was not sent: {0}")]
    ToAnybody(String),
    /// Some were told: told again, they would hear it twice.
    #[error("the notification was sent, but not to everybody: {0}")]
    ToSome(String),
}

/// Tells people.
pub trait Notifier: Send + Sync {
    /// Sends one message to everybody who wants it. That some cannot be reached keeps it from nobody else.
    ///
    /// # Errors
    /// Who could not be reached.
    fn send(&self, message: &Message) -> impl Future<Output = Result<(), NotSent>> + Send;
}

/// AWS Budgets.
pub trait Budgets: Send + Sync {
    /// Describes a budget of an account, its figures as AWS sent them.
    ///
    /// # Errors
    /// If it could not be read, or does not exist: nobody may then act on what else is said of it.
    fn describe(
        &self,
        account: &AccountId,
        budget: &BudgetName,
    ) -> impl Future<Output = Result<Budget, Unobserved>> + Send;
}

/// The time, and waiting.
pub trait Clock: Send + Sync {
    /// The instant it is.
    fn now(&self) -> DateTime<Utc>;

    /// Waits. An implementation may add its own jitter of up to a fifth, so that many runs do not poll in step.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// Shows what a run is doing while it does it; by itself, nothing.
pub trait Progress: Send + Sync {
    /// Whether who watches wants the run to end: it then does what is under way, gives its lease back and says goodbye.
    fn is_interrupted(&self) -> bool {
        false
    }
    /// An action was performed.
    fn performed(&self, _action: &Action, _at: DateTime<Utc>) {}
    /// An action was not performed, and the run looks again.
    fn retrying(&self, _action: &Action, _error: &ActionError, _at: DateTime<Utc>) {}
    /// The run waits for these.
    fn waiting(&self, _on: &[crate::next::Waiting], _at: DateTime<Utc>) {}
}

/// Everything a run needs of the world.
pub trait World: Send + Sync {
    /// The account.
    type Cloud: Cloud;
    /// The state bucket.
    type Store: Store;
    /// Who tells people.
    type Notifier: Notifier;
    /// The time.
    type Clock: Clock;
    /// Who watches.
    type Progress: Progress;

    /// The account.
    fn cloud(&self) -> &Self::Cloud;
    /// The state bucket.
    fn store(&self) -> &Self::Store;
    /// Who tells people.
    fn notifier(&self) -> &Self::Notifier;
    /// The time.
    fn clock(&self) -> &Self::Clock;
    /// Who watches.
    fn progress(&self) -> &Self::Progress;
}

/// What is all of it is its own world.
impl<T: Cloud + Store + Notifier + Clock + Progress> World for T {
    type Cloud = Self;
    type Store = Self;
    type Notifier = Self;
    type Clock = Self;
    type Progress = Self;

    fn cloud(&self) -> &Self {
        self
    }
    fn store(&self) -> &Self {
        self
    }
    fn notifier(&self) -> &Self {
        self
    }
    fn clock(&self) -> &Self {
        self
    }
    fn progress(&self) -> &Self {
        self
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
