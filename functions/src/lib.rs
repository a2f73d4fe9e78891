//! Curfew's Lambda functions.
//!
//! `start`, `stop` and `reconcile` (the tick) are the same run of [`curfew_core::run`]; they differ in what they ask
//! for. Each accepts an EventBridge rule event, an EventBridge Scheduler input and a manual invoke, and answers with
//! the run's report. `budget` answers alerts of AWS Budgets, which SNS brings ([`curfew_core::budget`]).

mod budget;
mod event;
mod handler;
pub mod metrics;
mod refusal;
mod settings;

pub use budget::{InvalidNotification, parse as parse_alert, serve as serve_budget};
pub use event::{Asked, Function, InvalidEvent, parse};
pub use handler::serve;
pub use refusal::Refusal;
pub use settings::{BudgetSettings, InvalidSettings, Settings};
