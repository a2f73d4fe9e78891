//! How long the core thinks: `decide`, then `next`, for 10,000 environments.
//!
//! The three examples by day and by night in turn, each at an instant of its own in one week, so that about as many
//! find something to do as find nothing.
#![allow(missing_docs, reason = "what the macros of criterion make has none")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;

use chrono::TimeDelta;
use criterion::{Criterion, criterion_group, criterion_main};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::{Verdict, decide};
use curfew_core::model::Observation;
use curfew_core::next::next;
use curfew_core::overrides::Overrides;
use curfew_core::timetable::Timetable;
use support::environment::{by_day, by_night};
use support::{EXAMPLES, at, example};

const ENVIRONMENTS: usize = 10_000;

/// Every example as it is by day and as it is by night.
fn situations() -> Vec<(Blueprint, Observation)> {
    let both = |blueprint: Blueprint| {
        let (day, night) = (by_day(&blueprint), by_night(&blueprint));
        [(blueprint.clone(), day), (blueprint, night)]
    };
    EXAMPLES.into_iter().map(example).flat_map(both).collect()
}

fn decide_next(criterion: &mut Criterion) {
    let situations = situations();
    let overrides = Overrides::default();
    let monday = at("2026-11-16T00:00:00Z");
    criterion.bench_function("decide + next, 10,000 environments", |bencher| {
        bencher.iter(|| {
            for number in 0..ENVIRONMENTS {
                let (blueprint, seen) = &situations[number % situations.len()];
                let now = monday + TimeDelta::minutes(number as i64);
                let decision = decide(now, &Timetable::from(&blueprint.schedule), &overrides, None);
                if let Verdict::Be(target) = decision.verdict {
                    let _ = black_box(next(&blueprint.environment, &blueprint.tier, seen, target));
                }
            }
        });
    });
}

criterion_group!(benches, decide_next);
criterion_main!(benches);
