//! What docs/performance.md says is what the engines take, no engine is faster than AWS allows, and calls grow with
//! what AWS takes in one call.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use curfew_core::model::Target;
use curfew_sim::bench::growth::{Efforts, Size, efforts};
use curfew_sim::bench::growth_table::growth_table;
use curfew_sim::bench::limits::Per;
use curfew_sim::bench::table::table;
use curfew_sim::bench::{Engine, Survey, Taker, survey};
use curfew_sim::environment::Example;
use expect_test::expect_file;

/// As many as a build without optimisation plays in seconds.
const SOME: u64 = 50;
/// As many as the page tells of.
const ALL: u64 = 1000;
/// The largest size that a build without optimisation plays in seconds.
const LARGE: usize = 100;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance.md");

/// Compares what stands between the two marks of a name; with UPDATE_EXPECT=1 it is written there.
fn check_page(name: &str, text: &str) {
    let page = std::fs::read_to_string(PAGE).expect("the page");
    let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{begin} is missing"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{end} is missing"));
    expect_file![PAGE].assert_eq(&format!("{before}{begin}\n{}\n\n{end}{after}", text.trim_end()));
}

fn surveys(seeds: u64) -> Vec<Survey> {
    Example::ALL.into_iter().map(|example| survey(example, seeds).unwrap()).collect()
}

#[test]
fn the_page_tells_what_some_seeds_take() {
    let surveys = surveys(SOME);
    faster_than_aws_allows(&surveys);
    check_page("some seeds", &table(&surveys).to_markdown());
}

/// `cargo test --release -p curfew-sim --test performance -- --ignored --test-threads=1`
#[test]
#[ignore = "takes minutes in a build without optimisation"]
fn the_page_tells_what_all_seeds_take() {
    let surveys = surveys(ALL);
    faster_than_aws_allows(&surveys);
    check_page("all seeds", &table(&surveys).to_markdown());
}

fn faster_than_aws_allows(surveys: &[Survey]) {
    for survey in surveys {
        for sample in &survey.samples {
            for (engine, times) in Engine::ALL.into_iter().zip(sample.engines) {
                let context = format!("{}, seed {}, {engine}", survey.example, sample.seed);
                assert!(times.morning >= sample.bound.morning, "{context}: the morning is too fast");
                assert!(times.night >= sample.bound.night, "{context}: the night is too fast");
            }
        }
    }
}

/// The goals of mornings and nights; docs/performance.md says which one is out of reach, and why.
#[test]
fn the_goals_are_met() {
    for survey in surveys(SOME) {
        let of = |taker, target| survey.distribution(taker, target).expect("there are samples");
        let curfew = |target| of(Taker::Engine(Engine::Curfew), target);
        for target in [Target::Up, Target::Down] {
            let (bound, curfew) = (of(Taker::Bound, target), curfew(target));
            assert!(curfew.median <= bound.median.mul_f64(1.05), "{} {target}: {curfew:?}, {bound:?}", survey.example);
        }
        let morning = curfew(Target::Up);
        assert!(morning.p99 <= Duration::from_secs(300), "{}: {morning:?}", survey.example);
        let [_, sequential, _] = Engine::ALL.map(|engine| of(Taker::Engine(engine), Target::Up));
        assert!(sequential.median >= morning.median.mul_f64(1.5), "{}: {sequential:?}", survey.example);
    }
}

#[test]
fn the_same_seeds_give_the_same_bytes() {
    let told = || serde_json::to_string(&table(&surveys(3))).expect("JSON");
    assert_eq!(told(), told());
}

/// Each kind of call grows no faster than the number of calls that one look at all of it takes, and time not at all.
fn grows_with_the_limits(all: &[Efforts]) {
    for one in all {
        let smallest = match one.size {
            Size::Services(_) => Size::Services(1),
            Size::ServicesBehindRules(_) => Size::ServicesBehindRules(1),
            Size::Rules(_) => Size::Rules(1),
        };
        let small = all.iter().find(|small| small.size == smallest).expect("the smallest is among them");
        for (small, large) in [(&small.night, &one.night), (&small.morning, &one.morning)] {
            assert_eq!(large.time, small.time, "{}", one.size);
            for (call, count) in &large.calls {
                let looks = small.calls.get(call).copied().unwrap_or_else(|| panic!("{}: {call} is new", one.size));
                let most = looks * Per::of(call).calls(one.size) as u64;
                assert!(*count <= most, "{}: {count} {call}, at most {most}", one.size);
            }
        }
    }
}

#[test]
fn calls_grow_with_what_one_call_takes() {
    let sizes = Size::ALL.into_iter().filter(|size| size.count() <= LARGE);
    grows_with_the_limits(&sizes.map(|size| efforts(size).unwrap()).collect::<Vec<_>>());
}

/// As above, up to 1,000 services.
#[test]
#[ignore = "takes minutes in a build without optimisation"]
fn the_page_tells_how_calls_grow() {
    let all = Size::ALL.map(|size| efforts(size).unwrap());
    grows_with_the_limits(&all);
    check_page("growth", &growth_table(&all));
}
