//! Curfew's Lambda functions.
//!
//! `start`, `stop` and `reconcile` (the tick) are the same run of [`curfew_core::run`]; they differ in what they ask
//! for. Each accepts an EventBridge rule event, an EventBridge Scheduler input and a manual invoke, and answers with
//! the run's report.

mod event;
mod handler;
pub mod metrics;
mod settings;

pub use event::{Asked, Function, InvalidEvent, parse};
pub use handler::serve;
pub use settings::{InvalidSettings, Settings};
