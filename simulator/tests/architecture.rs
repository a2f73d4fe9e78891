//! The simulated account knows the words and the ports; what is decided, and why, is none of its business.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

/// What the account, the world around it and the laws may know of the core.
const MAY_KNOW: [&str; 3] = ["model", "placing", "ports"];

/// The places that may know nothing else.
const PLACES: [&str; 10] = [
    "account",
    "calls.rs",
    "documents.rs",
    "faults.rs",
    "hosted_zone.rs",
    "latency.rs",
    "laws",
    "look.rs",
    "people.rs",
    "world",
];

fn sources(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.flat_map(|entry| sources(&entry.expect("an entry").path())).collect()
}

#[test]
fn the_account_sees_ports_and_words_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for place in PLACES {
        for path in sources(&root.join(place)) {
            let text = fs::read_to_string(&path).expect("it can be read");
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            for used in code.join("\n").split("curfew_core::").skip(1) {
                let module: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(MAY_KNOW.contains(&module.as_str()), "{} uses curfew_core::{module}", path.display());
            }
        }
    }
}
