//! The words of Curfew as types. Nothing here does anything.

pub mod action;
pub mod alarm;
pub mod attributes;
pub mod budget;
pub mod database;
pub mod database_status;
pub mod ids;
pub mod listener;
pub mod observation;
pub mod ownership;
pub mod phase;
pub mod scaling;
pub mod seen;
pub mod service;
pub mod tags;
pub mod target;
pub mod tier;

pub use action::*;
pub use alarm::*;
pub use attributes::*;
pub use budget::*;
pub use database::*;
pub use database_status::*;
pub use ids::*;
pub use listener::*;
pub use observation::*;
pub use ownership::*;
pub use phase::*;
pub use scaling::*;
pub use seen::*;
pub use service::*;
pub use tags::*;
pub use target::*;
pub use tier::*;
