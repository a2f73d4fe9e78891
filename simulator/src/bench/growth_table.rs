//! The growth of calls and of time as Markdown, which reads well in a terminal too.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::growth::{Effort, Efforts, Size};
use super::limits::Per;

/// Calls and time by size, then the kinds of calls that grow.
pub fn growth_table(all: &[Efforts]) -> String {
    let mut text = String::new();
    text.push_str(
        "| environment | load balancers | night: calls | for each | seconds | morning: calls | for each | seconds |\n",
    );
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|\n");
    for one in all {
        let (size, balancers) = (one.size, one.size.load_balancers());
        let _ =
            writeln!(text, "| {size} | {balancers} {} {} |", columns(&one.night, size), columns(&one.morning, size));
    }
    for behind in [Size::Services as fn(usize) -> Size, Size::ServicesBehindRules, Size::Rules] {
        let alike = |one: &&Efforts| one.size == behind(one.size.count());
        text.push('\n');
        text.push_str(&kinds(&all.iter().filter(alike).collect::<Vec<_>>()));
    }
    text
}

fn columns(effort: &Effort, size: Size) -> String {
    let each = effort.total() as f64 / size.count() as f64;
    format!("| {} | {each:.1} | {:.0}", effort.total(), effort.time.as_secs_f64())
}

/// The kinds of calls that grow, of a night and a morning together, and what each is about.
fn kinds(all: &[&Efforts]) -> String {
    let Some(first) = all.first() else { return String::new() };
    let names: BTreeSet<&str> =
        all.iter().flat_map(|one| one.night.calls.keys().chain(one.morning.calls.keys())).copied().collect();
    let mut text = String::from("| call | one for each |");
    for one in all {
        let _ = write!(text, " {} |", one.size);
    }
    text.push_str("\n|---|---|");
    text.push_str(&"--:|".repeat(all.len()));
    text.push('\n');
    for name in names.into_iter().filter(|name| all.iter().any(|one| one.calls(name) != first.calls(name))) {
        let _ = write!(text, "| `{name}` | {} |", Per::of(name));
        for one in all {
            let _ = write!(text, " {} |", one.calls(name));
        }
        text.push('\n');
    }
    text
}
