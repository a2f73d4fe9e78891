//! What addresses and NAT gateways are called: as Curfew's own tag says, else as their Name tag says where that is a
//! name and the only one of its kind, else by their zone. The same account always gives the same names.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::*;

/// Something that wants a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nameless<'a> {
    pub tags: &'a Tags,
    /// What it is called if its tags do not tell; made unique by a number.
    pub fallback: &'a str,
}

/// Names for things of one kind, in the order they are given.
pub(super) fn names<'a>(environment: &EnvironmentName, all: &[Nameless<'a>]) -> Vec<LogicalName> {
    let mut taken = BTreeSet::new();
    let own: Vec<Option<LogicalName>> =
        all.iter().map(|one| own_name(environment, one).filter(|name| taken.insert(name.clone()))).collect();
    let mut tagged: BTreeMap<&str, usize> = BTreeMap::new();
    for name in all.iter().filter_map(|one| one.tags.get("Name")) {
        *tagged.entry(name).or_default() += 1;
    }
    let by_tag: Vec<Option<LogicalName>> = all
        .iter()
        .zip(own)
        .map(|(one, own)| {
            let unique = || one.tags.get("Name").filter(|name| tagged.get(name.as_str()) == Some(&1));
            own.or_else(|| unique()?.parse().ok().filter(|name: &LogicalName| taken.insert(name.clone())))
        })
        .collect();
    let numbered = |(one, name): (&Nameless<'a>, Option<LogicalName>)| match name {
        Some(name) => Some(name),
        None => candidates(one.fallback).find(|name| taken.insert(name.clone())),
    };
    all.iter().zip(by_tag).filter_map(numbered).collect()
}

fn own_name(environment: &EnvironmentName, one: &Nameless<'_>) -> Option<LogicalName> {
    one.tags.get(NAME_TAG).filter(|_| is_of(environment, one.tags))?.parse().ok()
}

/// `a`, `a-2`, `a-3` …; `nat` where that is no name. Endless.
fn candidates(fallback: &str) -> impl Iterator<Item = LogicalName> {
    let stem = if fallback.parse::<LogicalName>().is_ok() { fallback } else { "nat" };
    // Room for a number within a name's 32 characters.
    let short = stem[..stem.len().min(24)].to_owned();
    (1_u32..).filter_map(move |number| match number {
        1 => stem.parse().ok(),
        number => format!("{short}-{number}").parse().ok(),
    })
}

/// A zone without its region: `a` of `us-west-2a`, `lax-1a` of `us-west-2-lax-1a`.
pub(super) fn short_zone<'a>(region: &Region, zone: &'a str) -> &'a str {
    zone.strip_prefix(region.as_str()).unwrap_or(zone).trim_start_matches('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(all: &[(&[(&str, &str)], &str)]) -> Vec<String> {
        let tags: Vec<Tags> = all
            .iter()
            .map(|(tags, _)| tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
            .collect();
        let all: Vec<Nameless<'_>> =
            tags.iter().zip(all).map(|(tags, (_, fallback))| Nameless { tags, fallback }).collect();
        names(&"dev".parse().expect("a name"), &all).into_iter().map(String::from).collect()
    }

    #[test]
    fn own_names_come_first_then_name_tags_then_zones() {
        let ours: &[(&str, &str)] = &[(ENVIRONMENT_TAG, "dev"), (NAME_TAG, "egress")];
        let others: &[(&str, &str)] = &[(ENVIRONMENT_TAG, "test"), (NAME_TAG, "egress")];
        assert_eq!(named(&[(ours, "a"), (others, "b")]), ["egress", "b"]);
        assert_eq!(named(&[(&[("Name", "way-out")], "a"), (&[("Name", "My NAT")], "b")]), ["way-out", "b"]);
        // Neither of two of one name has it.
        assert_eq!(named(&[(&[("Name", "nat")], "a"), (&[("Name", "nat")], "b")]), ["a", "b"]);
        assert_eq!(named(&[(&[("Name", "egress")], "a"), (ours, "b")]), ["a", "egress"]);
        assert_eq!(named(&[(&[], "a"), (&[], "a"), (&[], "a")]), ["a", "a-2", "a-3"]);
        assert_eq!(named(&[(&[], ""), (&[], "1a")]), ["nat", "nat-2"]);
    }

    #[test]
    fn zones_are_called_without_their_region() {
        let region: Region = "us-west-2".parse().expect("a region");
        assert_eq!(short_zone(&region, "us-west-2a"), "a");
        assert_eq!(short_zone(&region, "us-west-2-lax-1a"), "lax-1a");
    }
}
