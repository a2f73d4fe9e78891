//! Blueprint and recording into the tier that a morning brings back: three ways, as `kubectl apply` does it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::collections::BTreeMap;

use crate::support::{EXAMPLES, example, id, tiers};
use curfew_core::merge::merge;
use curfew_core::model::*;
use proptest::prelude::*;

/// One load balancer with one attribute, one rule, one tag, one service: each with a value, or not there.
#[derive(Debug, Clone, Copy)]
struct Sketch {
    attribute: Option<&'static str>,
    rule: Option<&'static str>,
    count: u32,
}

fn sketch(text: Option<&'static str>) -> Sketch {
    let count = text.map_or(0, |text| u32::from(text.as_bytes()[0]));
    Sketch { attribute: text, rule: text, count }
}

fn tier(sketch: Sketch) -> RuntimeTier {
    let mut tier = example("durable").tier;
    let load_balancer = tier.load_balancers.values_mut().next().expect("there is one");
    load_balancer.attributes = attribute(sketch.attribute);
    let listener = load_balancer.listeners.get_mut(&443).expect("it listens");
    listener.rules.clear();
    listener.rules.extend(sketch.rule.map(|path| (7, support::world::rule(path))));
    listener.tags = attribute(sketch.attribute);
    service(&mut tier).desired_count = sketch.count;
    tier
}

fn attribute(value: Option<&str>) -> BTreeMap<String, String> {
    value.map(|value| ("key".to_owned(), value.to_owned())).into_iter().collect()
}

fn service(tier: &mut RuntimeTier) -> &mut Service {
    tier.services.get_mut(&id::<ServiceName>("durable-dev-backend")).expect("there is one")
}

/// A row of the rule: what is declared now, was declared before, was observed, and what comes of it.
type Row = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>);

const ROWS: [Row; 12] = [
    ("nobody changed anything", Some("a"), Some("a"), Some("a"), Some("a")),
    ("changed by hand", Some("a"), Some("a"), Some("x"), Some("x")),
    ("changed in the blueprint", Some("b"), Some("a"), Some("a"), Some("b")),
    ("changed in both: the blueprint wins", Some("b"), Some("a"), Some("x"), Some("b")),
    ("added by hand comes back", None, None, Some("x"), Some("x")),
    ("removed by hand stays removed", Some("a"), Some("a"), None, None),
    ("removed by hand and then edited: the edit is newer", Some("b"), Some("a"), None, Some("b")),
    ("added to the blueprint", Some("a"), None, None, Some("a")),
    ("added in both: the blueprint wins", Some("a"), None, Some("x"), Some("a")),
    ("removed from the blueprint stays removed", None, Some("a"), Some("a"), None),
    ("removed from the blueprint, changed by hand", None, Some("a"), Some("x"), None),
    ("removed in both", None, Some("a"), None, None),
];

#[test]
fn each_row_of_the_rule_holds_for_each_kind_of_entry() {
    for (name, now, declared, observed, expected) in ROWS {
        let merged = merge(&tier(sketch(now)), &tier(sketch(declared)), &tier(sketch(observed)));
        let load_balancer = merged.load_balancers.values().next().expect("it is declared");
        assert_eq!(load_balancer.attributes, attribute(expected), "{name}: attribute");
        let listener = &load_balancer.listeners[&443];
        assert_eq!(listener.tags, attribute(expected), "{name}: tag");
        let rule = listener.rules.get(&7).cloned();
        assert_eq!(rule, expected.map(support::world::rule), "{name}: rule");
    }
}

#[test]
fn a_count_is_the_blueprints_where_it_was_edited_and_the_days_else() {
    for (now, declared, observed, expected) in [(2, 2, 2, 2), (2, 2, 5, 5), (3, 2, 2, 3), (3, 2, 5, 3), (2, 2, 0, 0)] {
        let [now, declared, observed] =
            [now, declared, observed].map(|count| tier(Sketch { count, ..sketch(Some("a")) }));
        assert_eq!(service(&mut merge(&now, &declared, &observed)).desired_count, expected);
    }
}

#[test]
fn a_singleton_comes_back_as_one_however_many_there_were() {
    let mut declared = tier(sketch(Some("a")));
    (service(&mut declared).singleton, service(&mut declared).desired_count) = (true, 1);
    let mut observed = declared.clone();
    service(&mut observed).desired_count = 4;
    assert_eq!(service(&mut merge(&declared, &declared, &observed)).desired_count, 1);
}

#[test]
fn a_rule_is_merged_in_its_parts() {
    let declared = tier(sketch(Some("a")));
    let edit = |tier: &RuntimeTier, change: &dyn Fn(&mut Rule)| {
        let mut tier = tier.clone();
        let load_balancer = tier.load_balancers.values_mut().next().expect("there is one");
        change(load_balancer.listeners.get_mut(&443).expect("it listens").rules.get_mut(&7).expect("it is there"));
        tier
    };
    let other = support::world::rule("/other");
    let now = edit(&declared, &|rule| rule.conditions = other.conditions.clone());
    let observed = edit(&declared, &|rule| rule.actions.clear());
    let merged = merge(&now, &declared, &observed);
    let rule = &merged.load_balancers.values().next().expect("there is one").listeners[&443].rules[&7];
    assert_eq!(rule.conditions, other.conditions, "edited in the blueprint");
    assert_eq!(rule.actions, [], "changed by hand");
}

#[test]
fn what_becomes_of_things_at_night_and_whose_they_are_is_the_blueprints_to_say() {
    let declared = tier(sketch(Some("a")));
    let mut now = declared.clone();
    now.addresses.values_mut().for_each(|address| address.while_down = AddressWhileDown::Release);
    now.dns_records.values_mut().for_each(|record| record.while_down = RecordWhileDown::Leave);
    now.load_balancers.values_mut().for_each(|load_balancer| {
        load_balancer.adopted = Some(id("arn:aws:elasticloadbalancing:us-west-2:1:loadbalancer/app/a/1"));
    });
    service(&mut now).task_definition = Some(id("declared"));
    let mut observed = declared.clone();
    service(&mut observed).task_definition = Some(id("observed"));
    assert_eq!(merge(&now, &declared, &observed), now);
    assert_eq!(service(&mut merge(&declared, &declared, &observed)).task_definition, None, "never from a recording");
}

#[test]
fn a_load_balancer_that_the_blueprint_no_longer_names_does_not_come_back() {
    for name in EXAMPLES {
        let declared = example(name).tier;
        assert_eq!(merge(&RuntimeTier::default(), &declared, &declared), RuntimeTier::default(), "{name}");
        assert_eq!(merge(&declared, &RuntimeTier::default(), &RuntimeTier::default()), declared, "{name}");
    }
}

/// Three tiers with much in common: each is the first with some resources taken from another.
fn three() -> impl Strategy<Value = [RuntimeTier; 3]> {
    (tiers::tier(), tiers::tier(), tiers::tier(), any::<[bool; 4]>()).prop_map(|(a, b, c, mix)| {
        let mut second = a.clone();
        let mut third = a.clone();
        if mix[0] {
            second.load_balancers.extend(b.load_balancers.clone());
        }
        if mix[1] {
            third.load_balancers.extend(c.load_balancers.clone());
            third.services.extend(b.services.clone());
        }
        if mix[2] {
            let listeners = b.load_balancers.values().map(|l| l.listeners.clone()).next();
            third.load_balancers.values_mut().for_each(|l| l.listeners.extend(listeners.clone().unwrap_or_default()));
        }
        if mix[3] {
            second.load_balancers.values_mut().for_each(|l| l.attributes.clear());
            third.services.values_mut().for_each(|s| s.desired_count += u32::from(!s.singleton));
        }
        [a, second, third]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn with_nothing_recorded_the_blueprint_comes_up(tier in tiers::tier()) {
        let nothing = RuntimeTier::default();
        prop_assert_eq!(merge(&tier, &nothing, &nothing), tier.clone());
        prop_assert_eq!(merge(&tier, &tier, &tier), tier);
    }

    #[test]
    fn of_an_unedited_blueprint_all_that_was_observed_comes_back([blueprint, _, observed] in three()) {
        let merged = merge(&blueprint, &blueprint, &observed);
        for (name, load_balancer) in &merged.load_balancers {
            prop_assert_eq!(load_balancer, observed.load_balancers.get(name).unwrap_or(&blueprint.load_balancers[name]));
        }
        for (name, service) in &merged.services {
            let there = observed.services.get(name).unwrap_or(&blueprint.services[name]);
            let one = if service.singleton { 1 } else { u32::MAX };
            prop_assert_eq!(service.desired_count, there.desired_count.min(one));
            prop_assert_eq!(&service.task_definition, &blueprint.services[name].task_definition);
        }
    }

    #[test]
    fn there_is_what_the_blueprint_names_and_nothing_else([now, declared, observed] in three()) {
        let merged = merge(&now, &declared, &observed);
        prop_assert!(merged.load_balancers.keys().eq(now.load_balancers.keys()));
        prop_assert!(merged.services.keys().eq(now.services.keys()));
        prop_assert!(merged.nat_gateways.keys().eq(now.nat_gateways.keys()));
        prop_assert_eq!(merged.routes, now.routes);
    }

    #[test]
    fn what_is_merged_merges_to_itself([now, declared, observed] in three()) {
        let merged = merge(&now, &declared, &observed);
        prop_assert_eq!(merge(&now, &now, &merged), merged);
    }
}
