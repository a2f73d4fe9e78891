//! What is true of any text, as a blueprint and in each grammar. The fuzz targets and the test that replays their corpus share it.

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::recording::{tier, tier_document};
use curfew_core::schedule::{Grammar, Schedule};

/// Instants at which a schedule is asked: before, within and after the years in which clocks change.
const INSTANTS: [i64; 4] = [-2_000_000_000, 1_774_746_000, 1_793_523_600, 5_000_000_000];

/// Reads a text, and asks all that can be asked. What is read has to print as something that reads as the same.
///
/// # Panics
/// Where that is not so.
pub fn check(grammar: Grammar, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let schedule = match Schedule::parse(text.as_ref(), Some(grammar), None) {
        Ok(schedule) => schedule,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let printed = schedule.to_string();
    match Schedule::parse(printed.as_str(), Some(grammar), None) {
        Ok(again) => assert_eq!((&again, again.to_string()), (&schedule, printed), "{text}"),
        Err(error) => panic!("{text:?} prints as what is no schedule: {error}"),
    }
    let (native, _) = schedule.to_native();
    for instant in INSTANTS.into_iter().filter_map(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0)) {
        let state = schedule.at(instant);
        if let Some(change) = schedule.next_change(instant) {
            assert!(change.at > instant && change.to != state, "{text}");
            assert_eq!(schedule.at(change.at), change.to, "{text}");
        }
        native.at(instant);
    }
}

/// Reads a text as a blueprint. What is wrong with it is told with its line, and what is read says the same when it is written.
///
/// # Panics
/// Where that is not so.
pub fn check_blueprint(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Blueprint::parse(&text) {
        Ok(blueprint) => {
            let document = tier_document(&blueprint, &blueprint.tier);
            assert_eq!(tier(&document).as_ref(), Ok(&blueprint.tier), "{text}");
            assert_eq!(Blueprint::parse(&document.to_string()).map(|read| read.tier), Ok(blueprint.tier), "{text}");
        }
        Err(problems) => {
            assert!(!problems.0.is_empty(), "{text}");
            let lines = text.lines().count();
            for line in problems.0.iter().filter_map(|problem| problem.line) {
                assert!((1..=lines + 1).contains(&line), "line {line} of {lines}: {text}");
            }
        }
    }
}
