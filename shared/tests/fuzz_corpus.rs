//! Replays the fuzz targets' corpus, and changes it in ways that are the same each time. `fuzz/` has the targets themselves.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::path::Path;

use curfew_core::schedule::Grammar;
use fastrand::Rng;

#[path = "../../fuzz/check.rs"]
mod check;

/// How often each entry of a corpus is changed.
const CHANGES: usize = 150;

/// The corpus of a target, in the order of its names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(folder).expect("a corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths.iter().map(|path| std::fs::read(path).expect("it can be read")).collect()
}

/// What parsers stumble over.
const PIECES: [&str; 38] = [
    ": ", "{", "}", "- ", "? ", "&a ", "*a", "<<", "!!str ", "!Ref ", "---", "~", "|\n", "'", ",", ";", "-", "/", "(",
    ")", "[", "]", "=", " ", "\n", "\"", "#", "L", "W", "*", "24:00", "00:00", "31", "-1", "99", "é", "\u{0}", "u28",
];

/// Puts something else into a part of an entry: nothing, a byte, a part of another entry, or what parsers stumble over.
fn change(entry: &mut Vec<u8>, others: &[Vec<u8>], rng: &mut Rng) {
    let start = rng.usize(..=entry.len());
    let end = rng.usize(start..=entry.len().min(start + 6));
    let by = match rng.u8(..4) {
        0 => Vec::new(),
        1 => vec![rng.u8(..)],
        2 => {
            let other = &others[rng.usize(..others.len())];
            let from = rng.usize(..=other.len());
            other[from..rng.usize(from..=other.len())].to_vec()
        }
        _ => PIECES[rng.usize(..PIECES.len())].as_bytes().to_vec(),
    };
    entry.splice(start..end, by);
}

fn replay(grammar: Grammar, target: &str) {
    replay_with(|text| check::check(grammar, text), target);
}

fn replay_with(check: impl Fn(&[u8]), target: &str) {
    let corpus = corpus(target);
    let mut rng = Rng::with_seed(5);
    for entry in &corpus {
        check(entry);
        for _ in 0..CHANGES {
            let mut changed = entry.clone();
            for _ in 0..rng.usize(1..4) {
                change(&mut changed, &corpus, &mut rng);
            }
            check(&changed);
        }
    }
}

#[test]
fn the_native_grammar_holds() {
    replay(Grammar::Native, "native");
}

#[test]
fn tags_of_custodian_hold() {
    replay(Grammar::Custodian, "custodian");
}

#[test]
fn time_specs_hold() {
    replay(Grammar::KubeDownscaler, "kube_downscaler");
}

#[test]
fn periods_hold() {
    replay(Grammar::InstanceScheduler, "instance_scheduler");
}

#[test]
fn blueprints_hold() {
    replay_with(check::check_blueprint, "blueprint");
}
