//! What an alert of AWS Budgets leads to.
//!
//! ```text
//!   SNS text ──> Alert ──> DescribeBudget ──> Figures ──> doubts? ──> overrides? ──> Answer ──> hold, message, memory
//! ```
//!
//! An [`Alert`] is a hint. What AWS Budgets itself says then ([`check`]) must make sense and must confirm it, else people
//! are told and nothing is stopped. A stop is a hold on the cluster until the budget's period ends ([`answer`]); the tick
//! brings the environment down, so whoever answers alerts may delete nothing (invariant 11).

mod alert;
pub mod answer;
pub mod check;
mod cost;
mod memory;
mod notice;
mod period;
mod respond;
mod usd;

pub use alert::{Alert, AlertType, InvalidAlert};
pub use answer::{Answer, AnswerKind, Policy, Stop, UnderUp, WhyNot};
pub use check::{Doubt, Figures, MOST_TIMES_LIMIT};
pub use cost::TierCost;
pub use memory::{Answered, Memory, Occasion, memory_document};
pub use notice::message;
pub use period::Period;
pub use respond::{NotAnswered, Outcome, Report, Request, respond};
pub use usd::{InvalidUsd, Usd};
