//! `cargo demo`: what it prints, and that nothing of it is luck.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::path::Path;

use anstream::adapter::strip_str;
use curfew_sim::demo::render::{HEIGHT, WIDTH, render};
use curfew_sim::demo::timeline::Sign;
use curfew_sim::demo::{Demo, Wish};
use curfew_sim::environment::Example;
use curfew_sim::in_virtual_time;
use expect_test::expect_file;

/// Plays in a runtime of its own: each play begins at the same instant of virtual time.
fn play(example: Example, days: u32, seed: u64) -> Demo {
    in_virtual_time(Demo::play(Wish { example, days, seed })).expect("a blueprint")
}

fn plain(demo: &Demo) -> String {
    strip_str(&render(demo)).to_string()
}

fn assert_fits(text: &str) {
    let too_wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > WIDTH).collect();
    assert!(too_wide.is_empty(), "{too_wide:#?}");
    assert!(text.lines().count() <= HEIGHT, "{} lines", text.lines().count());
}

#[test]
fn a_week_of_each_environment() {
    for example in Example::ALL {
        let demo = play(example, 7, 1);
        assert_eq!(demo.violations, [""; 0], "{example}");
        assert!(demo.mornings.iter().all(|morning| morning.differences.is_empty()), "{example}: {:?}", demo.mornings);
        assert_eq!((demo.mornings.len(), demo.is_good()), (6, true), "{example}");
        let text = plain(&demo);
        assert_fits(&text);
        expect_file![format!("demo/{example}.txt")].assert_eq(&text);
    }
}

#[test]
fn other_seeds_draw_other_durations_and_tell_the_same_story() {
    let signs = |demo: &Demo| demo.timeline.entries.iter().map(|entry| entry.sign).collect::<Vec<Sign>>();
    let first = play(Example::Durable, 3, 1);
    for seed in [2, 3] {
        let other = play(Example::Durable, 3, seed);
        assert!(other.is_good(), "{:?} {:?}", other.violations, other.mornings);
        assert_eq!(signs(&first), signs(&other));
        assert_ne!(first.morning, other.morning);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (first, second) = (play(Example::Portyfoul, 2, 9), play(Example::Portyfoul, 2, 9));
    assert_eq!(render(&first), render(&second));
    assert_eq!(serde_json::json!(first).to_string(), serde_json::json!(second).to_string());
}

#[test]
fn fewer_or_more_days_cut_the_story_or_go_on_with_it() {
    for (days, mornings) in [(1, 2), (10, 9)] {
        let demo = play(Example::Durable, days, 1);
        assert_eq!((demo.days.len(), demo.mornings.len()), (days as usize, mornings));
        assert!(demo.is_good(), "{:?} {:?}", demo.violations, demo.mornings);
        assert_fits(&plain(&demo));
    }
}

#[test]
fn the_readme_shows_what_it_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect("a file");
    let (readme, printed) = (read("../README.md"), read("tests/demo/durable.txt"));
    let excerpt = readme.split("```").find(|block| block.contains("▲ start")).expect("an excerpt");
    for line in excerpt.lines().filter(|line| !line.trim().is_empty() && line.trim() != "…") {
        assert!(printed.lines().any(|printed| printed == line), "`cargo demo` does not print this line:\n{line}");
    }
}
