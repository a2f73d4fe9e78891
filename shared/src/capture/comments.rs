//! What ids stand for: people know zones and Name tags, not ids.

use super::choose::Chosen;
use super::place::Found;
use super::written::Comments;

/// What each id of the base tier, and of what is adopted, is to a person.
pub(super) fn comments(found: &Found, chosen: &Chosen<'_>) -> Comments {
    let mut comments = Comments::new();
    for (id, subnet) in &found.network.subnets {
        comments.insert(id.to_string(), joined(&[Some(&subnet.zone), subnet.tags.get("Name")]));
    }
    for table in &found.network.route_tables {
        comments.insert(table.id.to_string(), joined(&[table.tags.get("Name")]));
    }
    let held = chosen.nat_gateways.iter().filter_map(|one| one.allocation.as_ref());
    for (id, address) in held.filter_map(|id| Some((id, found.addresses.get(id)?))) {
        comments.insert(id.to_string(), joined(&[Some(&address.public_ip)]));
    }
    comments.retain(|_, comment| !comment.is_empty());
    comments
}

/// On one line, whatever a tag says.
fn joined(parts: &[Option<&String>]) -> String {
    let words: Vec<String> =
        parts.iter().flatten().map(|text| one_line(text)).filter(|text| !text.is_empty()).collect();
    words.join(", ")
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).collect::<Vec<_>>().join(" ").trim().to_owned()
}
