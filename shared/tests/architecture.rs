//! The arrows of DESIGN.md: who may use whom. A module that is not in the table may be used by nobody yet.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the core with all that it uses of the others. A path with `::` allows that item alone.
const MAY_USE: [(&str, &[&str]); 39] = [
    // How texts are read, whatever they say.
    ("yaml", &[]),
    // What AWS takes, as data.
    ("limits", &[]),
    // The words. A document's mistakes are said by whoever reads it: the schema's types read themselves.
    ("model", &["blueprint::Problems", "blueprint::Entries", "blueprint::Key"]),
    ("zones", &[]),
    ("schedule", &["model", "yaml", "zones"]),
    ("lead", &[]),
    ("retain", &["schedule"]),
    ("timetable", &["lead", "model", "retain", "schedule"]),
    ("outlook", &["schedule", "zones"]),
    ("blueprint", &["lead", "limits", "model", "schedule", "yaml"]),
    // The ports, and what crosses them. `Waiting` is what a run shows while it waits.
    ("ports", &["model", "next::Waiting"]),
    ("overrides", &["model", "ports"]),
    ("placing", &["model", "ports::Scope"]),
    // The pure core: no port but the form of an override tag, and no adapter.
    ("decide", &["lead", "model", "overrides", "retain", "schedule", "timetable"]),
    ("safety", &["model"]),
    ("next", &["model", "safety"]),
    ("alarms", &["model"]),
    ("forecast", &["alarms", "model", "next", "safety"]),
    ("merge", &["model"]),
    // What every stored document says of itself, and what a person does about one that cannot be used.
    ("stored", &["model", "safety"]),
    ("recording", &["model", "blueprint", "merge", "stored"]),
    ("money", &["model", "forecast", "schedule"]),
    // What is said and remembered.
    ("changes", &["model"]),
    ("entrances", &["model"]),
    ("mentions", &["model"]),
    ("ledger", &["zones"]),
    ("kept_up", &["overrides", "schedule"]),
    (
        "report",
        &[
            "changes",
            "decide",
            "entrances",
            "forecast",
            "ledger",
            "model",
            "money",
            "next",
            "safety",
            "schedule",
            "zones",
        ],
    ),
    ("state", &["kept_up", "lead", "ledger", "model", "recording", "report", "retain", "stored", "zones"]),
    (
        "notify",
        &["entrances", "kept_up", "ledger", "model", "money", "overrides", "ports", "report", "schedule", "zones"],
    ),
    // What an alert of AWS Budgets leads to: a hold and a message, never a run.
    (
        "budget",
        &[
            "blueprint",
            "model",
            "money",
            "notify",
            "outlook",
            "overrides",
            "ports",
            "schedule",
            "state::Lease",
            "stored",
        ],
    ),
    // What ties all of it together.
    (
        "run",
        &[
            "alarms",
            "blueprint",
            "changes",
            "decide",
            "documents",
            "entrances",
            "forecast",
            "kept_up",
            "ledger",
            "merge",
            "model",
            "money",
            "next",
            "notify",
            "overrides",
            "ports",
            "recording",
            "report",
            "retain",
            "safety",
            "schedule",
            "state",
            "stored",
            "timetable",
        ],
    ),
    ("documents", &["blueprint", "model", "ports", "recording", "safety", "state", "stored"]),
    (
        "recover",
        &["blueprint", "documents", "model", "ports", "recording", "report", "run", "safety", "state", "stored"],
    ),
    (
        "status",
        &[
            "blueprint",
            "decide",
            "documents",
            "model",
            "money",
            "next",
            "overrides",
            "ports",
            "recording",
            "report",
            "run",
            "safety",
            "schedule",
            "state",
            "stored",
            "timetable",
            "forecast",
        ],
    ),
    ("zone_update", &["documents", "ports", "run", "schedule", "state", "stored", "zones"]),
    // What already runs, as a blueprint.
    (
        "capture",
        &[
            "alarms",
            "blueprint",
            "lead",
            "limits",
            "mentions",
            "model",
            "money",
            "outlook",
            "ports",
            "recording",
            "safety",
            "schedule",
        ],
    ),
    // Who else manages what is there: the pure part sees what was found, and a status.
    (
        "doctor",
        &[
            "blueprint::Blueprint",
            "capture::Finder",
            "capture::found",
            "capture::mentioned",
            "model",
            "money",
            "safety",
            "schedule",
            "status",
        ],
    ),
    // The adapters know the ports and the words; what is decided and why is none of their business.
    (
        "aws",
        &["mentions", "model", "ports", "blueprint", "placing", "capture::Finder", "capture::found", "doctor::bucket"],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// Every `crate::…` path of a text, without those in remarks, with groups taken apart.
fn crate_paths(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    code.split("crate::").skip(1).flat_map(paths_of).collect()
}

fn paths_of(rest: &str) -> Vec<String> {
    let path = |text: &str| -> String {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        text.trim_start().chars().take_while(|c| is_part(*c)).collect()
    };
    let head = path(rest);
    match rest.trim_start()[head.len()..].strip_prefix('{') {
        Some(group) if head.is_empty() || head.ends_with("::") => {
            let group = group.split('}').next().unwrap_or_default();
            group.split(',').map(|item| format!("{head}{}", path(item))).collect()
        }
        _ => vec![head],
    }
}

#[test]
fn no_module_uses_what_it_may_not_know() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let table: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut wrong = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for path in sources(&root) {
        let place = path.strip_prefix(&root).expect("it is inside").with_extension("");
        let module = place.iter().next().expect("a name").to_string_lossy().into_owned();
        if module == "lib" {
            continue;
        }
        let allowed = table.get(module.as_str()).unwrap_or_else(|| panic!("{module} is not in the table"));
        seen.insert(module.clone());
        let text = fs::read_to_string(&path).expect("it can be read");
        for used in crate_paths(&text) {
            let target = used.split("::").next().unwrap_or_default();
            let is_allowed = |allowed: &&str| *allowed == target || used.starts_with(*allowed);
            if target != module && !allowed.iter().any(is_allowed) {
                wrong.insert(format!("{}: {module} uses {used}", place.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let known: BTreeSet<String> = table.keys().map(|module| (*module).to_owned()).collect();
    assert_eq!(seen, known, "the table names each module once");
}

#[test]
fn groups_and_remarks_are_read_right() {
    let text = "use crate::a::b;\n// crate::no\nuse crate::c::{d, e::f};\nlet x = crate::g();\npub(crate) struct X;";
    assert_eq!(crate_paths(text), ["a::b", "c::d", "c::e::f", "g"]);
}

#[test]
fn the_pure_core_reads_no_clock_no_environment_and_no_chance() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let forbidden = ["Utc::now", "SystemTime", "Instant::now", "std::env", "rand::", "std::fs", "tokio::time"];
    for path in sources(&root) {
        if path.components().any(|part| part.as_os_str() == "aws") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("it can be read");
        for word in forbidden {
            let uses = text.lines().any(|line| line.contains(word) && !line.trim_start().starts_with("//"));
            assert!(!uses, "{} uses {word}", path.display());
        }
    }
}

#[test]
fn every_file_of_tests_is_among_the_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = fs::read_to_string(root.join("main.rs")).expect("it can be read");
    for entry in fs::read_dir(&root).expect("a folder") {
        let path = entry.expect("an entry").path();
        let is_module = path.extension().is_some_and(|it| it == "rs") || path.join("mod.rs").exists();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let is_listed = name == "main" || main.contains(&format!("\nmod {name};\n"));
        assert!(is_listed || !is_module, "{} is not a module of main.rs: nobody runs it", path.display());
    }
}
