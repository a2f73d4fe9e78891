//! A simulated AWS account in virtual time: strict, deterministic, with latencies and faults.
//!
//! The core's real code runs in it unchanged: it sees the same ports as with AWS behind them. An hour takes
//! milliseconds, and the same seed gives the same history, byte for byte.

pub mod account;
pub mod bench;
mod calls;
pub mod commands;
pub mod demo;
mod documents;
pub mod environment;
pub mod events;
pub mod faults;
mod find;
pub mod history;
mod hosted_zone;
pub mod invoke;
pub mod latency;
pub mod laws;
mod look;
pub mod output;
pub mod people;
pub mod trace;
mod virtual_time;
pub mod world;

pub use virtual_time::in_virtual_time;
