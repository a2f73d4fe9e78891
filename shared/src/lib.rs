//! Curfew's core.
pub mod blueprint;
pub mod model;
pub mod next;
pub mod ports;
pub mod schedule;
