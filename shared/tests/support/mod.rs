//! What the tests of the core share.
#![allow(dead_code, reason = "the benchmark uses its own share of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

pub mod environment;
pub mod laws;
pub mod tiers;
pub mod world;

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::stored::Home;

/// The environments of `examples/`.
pub const EXAMPLES: [&str; 3] = ["durable", "platform", "portyfoul"];

/// The text of an example.
pub fn example_text(name: &str) -> String {
    let path = format!("{}/../examples/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blueprint of an example.
pub fn example(name: &str) -> Blueprint {
    Blueprint::parse(&example_text(name)).unwrap_or_else(|problems| panic!("{name}:\n{problems}"))
}

/// Whose documents an environment's are.
pub fn home(blueprint: &Blueprint) -> Home {
    let (environment, region) = (blueprint.environment.clone(), blueprint.region.clone());
    Home { environment, account: id("123456789012"), region }
}

/// An instant.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// An id or a name of whatever kind is wanted.
pub fn id<Id: std::str::FromStr<Err = InvalidId>>(text: &str) -> Id {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}
