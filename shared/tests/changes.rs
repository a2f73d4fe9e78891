//! What changed from one tier to another, in words, and where people get in.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;

use crate::support::environment::by_day;
use crate::support::tiers;
use crate::support::world::rule;
use crate::support::{EXAMPLES, example, id};
use curfew_core::changes::changes;
use curfew_core::entrances::entrances;
use curfew_core::model::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn told(from: &RuntimeTier, to: &RuntimeTier) -> String {
    let lines: Vec<String> =
        changes(from, to, (&BTreeMap::new(), &BTreeMap::new())).iter().map(|change| format!("{change}\n")).collect();
    lines.concat()
}

fn listener(tier: &mut RuntimeTier) -> &mut Listener {
    let load_balancer = tier.load_balancers.values_mut().next().expect("there is one");
    load_balancer.listeners.get_mut(&443).expect("it listens")
}

fn service(tier: &mut RuntimeTier) -> &mut Service {
    tier.services.values_mut().next().expect("there is one")
}

type Edit = fn(&mut RuntimeTier);

#[test]
fn each_change_is_told_in_the_domains_words() {
    let cases: [(Edit, Expect); 14] = [
        (|_| (), expect![[""]]),
        (
            |tier| drop(listener(tier).rules.insert(50, rule("/healthz"))),
            expect![[r#"
            rule 50 of listener 443 of load balancer durable-dev-alb was added
        "#]],
        ),
        (
            |tier| listener(tier).rules.clear(),
            expect![[r#"
            rule 10 of listener 443 of load balancer durable-dev-alb was removed
        "#]],
        ),
        (
            |tier| listener(tier).rules.values_mut().for_each(|one| one.conditions = rule("/other").conditions),
            expect![[r#"
                rule 10 of listener 443 of load balancer durable-dev-alb: conditions changed
            "#]],
        ),
        (
            |tier| listener(tier).ssl_policy = Some("ELBSecurityPolicy-TLS13-1-3-2021-06".to_owned()),
            expect![[r#"
            listener 443 of load balancer durable-dev-alb: TLS policy ELBSecurityPolicy-TLS13-1-2-2021-06 → ELBSecurityPolicy-TLS13-1-3-2021-06
        "#]],
        ),
        (
            |tier| drop(tier.load_balancers.values_mut().next().expect("one").listeners.remove(&80)),
            expect![[r#"
            listener 80 of load balancer durable-dev-alb was removed
        "#]],
        ),
        (
            |tier| {
                let attributes = &mut tier.load_balancers.values_mut().next().expect("one").attributes;
                attributes.insert("idle_timeout.timeout_seconds".to_owned(), "30".to_owned());
                attributes.insert("routing.http2.enabled".to_owned(), "false".to_owned());
            },
            expect![[r#"
                load balancer durable-dev-alb: attribute idle_timeout.timeout_seconds 120 → 30
            "#]],
        ),
        (
            |tier| {
                let groups = &mut tier.load_balancers.values_mut().next().expect("one").security_groups;
                groups.clear();
                groups.insert(id("sg-0feedbeef"));
            },
            expect![[r#"
                load balancer durable-dev-alb: security group sg-0d1a000000000001a was removed
                load balancer durable-dev-alb: security group sg-0feedbeef was added
            "#]],
        ),
        (
            |tier| service(tier).desired_count = 3,
            expect![[r#"
            service durable-dev-backend: desired count 2 → 3
        "#]],
        ),
        (
            |tier| service(tier).while_down = ServiceWhileDown::Delete,
            expect![[r#"
            service durable-dev-backend: while down scale-to-zero → delete
        "#]],
        ),
        (
            |tier| drop(tier.addresses.values_mut().next().expect("one").tags.insert("token".into(), "secret".into())),
            expect![[r#"
                address egress: tag token changed
            "#]],
        ),
        (
            |tier| tier.addresses.values_mut().for_each(|one| one.while_down = AddressWhileDown::Release),
            expect![[r#"
            address egress: while down keep → release
        "#]],
        ),
        (
            |tier| tier.dns_records.clear(),
            expect![[r#"
            DNS record dev.durable.example.com A was removed
        "#]],
        ),
        (
            |tier| tier.services.clear(),
            expect![[r#"
            service durable-dev-backend was removed
            service durable-dev-frontend was removed
        "#]],
        ),
    ];
    let from = example("durable").tier;
    for (edit, expected) in cases {
        let mut to = from.clone();
        edit(&mut to);
        expected.assert_eq(&told(&from, &to));
    }
}

#[test]
fn a_new_task_definition_is_told_where_both_are_known() {
    let tier = example("durable").tier;
    let revisions = |definitions: &[(&str, &str)]| -> BTreeMap<String, String> {
        definitions
            .iter()
            .map(|(service, definition)| (format!("durable-dev-{service}"), (*definition).into()))
            .collect()
    };
    let before = revisions(&[("backend", "api:4"), ("frontend", "web:2")]);
    for (after, expected) in [
        (
            &[("backend", "api:4"), ("frontend", "web:3")][..],
            "service durable-dev-frontend runs revision 3, before it was 2",
        ),
        (&[("frontend", "page:1")], "service durable-dev-frontend runs page:1, before it was web:2"),
        (&[("backend", "api:4")], ""),
    ] {
        let found = changes(&tier, &tier, (&before, &revisions(after)));
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(told.join("\n"), expected);
    }
}

proptest! {
    /// Nothing is told exactly if nothing changed, and backwards as much is told as forwards.
    #[test]
    fn what_changed_is_told_and_nothing_else(from in tiers::tier(), to in tiers::tier()) {
        let nothing = BTreeMap::new();
        let forwards = changes(&from, &to, (&nothing, &nothing));
        let without_attributes = |tier: &RuntimeTier| {
            let mut tier = tier.clone();
            for load_balancer in tier.load_balancers.values_mut() {
                load_balancer.attributes.clear();
                load_balancer.listeners.values_mut().for_each(|listener| listener.attributes.clear());
            }
            tier
        };
        prop_assert!(!forwards.is_empty() || without_attributes(&from) == without_attributes(&to));
        prop_assert_eq!(changes(&to, &from, (&nothing, &nothing)).len(), forwards.len());
        prop_assert!(changes(&from, &from, (&nothing, &nothing)).is_empty());
    }
}

fn urls(edit: impl FnOnce(&mut RuntimeTier)) -> Vec<String> {
    let mut blueprint = example("durable");
    edit(&mut blueprint.tier);
    let seen = by_day(&blueprint);
    entrances(&blueprint.tier, &seen).into_iter().map(|one| format!("{} {:?}", one.url, one.lasts)).collect()
}

#[test]
fn people_get_in_by_the_dns_record_else_by_the_load_balancers_own_name() {
    let other_port = |tier: &mut RuntimeTier| {
        let listeners = &mut tier.load_balancers.values_mut().next().expect("one").listeners;
        listeners.remove(&80);
        let https = listeners.remove(&443).expect("it listens");
        listeners.insert(8443, https);
    };
    let wildcard = |tier: &mut RuntimeTier| {
        let (key, record) = tier.dns_records.pop_first().expect("one");
        tier.dns_records.insert(RecordKey { name: "*.dev.example.com".to_owned(), ..key }, record);
    };
    let expected = expect![[r#"
        as it is: https://dev.durable.example.com EveryDay
        plain HTTP: http://dev.durable.example.com EveryDay
        another port: https://dev.durable.example.com:8443 EveryDay
        no record: https://durable-dev-alb-123.us-west-2.elb.amazonaws.com UntilTheNextMorning
        a record for any name: 
        no listener: 
    "#]];
    let all = [
        ("as it is", urls(|_| ())),
        ("plain HTTP", urls(|tier| drop(tier.load_balancers.values_mut().next().expect("one").listeners.remove(&443)))),
        ("another port", urls(other_port)),
        ("no record", urls(|tier| tier.dns_records.clear())),
        ("a record for any name", urls(wildcard)),
        ("no listener", urls(|tier| tier.load_balancers.values_mut().next().expect("one").listeners.clear())),
    ];
    let lines: Vec<String> = all.iter().map(|(case, urls)| format!("{case}: {}\n", urls.join(", "))).collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn every_example_has_an_entrance() {
    for name in EXAMPLES {
        let blueprint = example(name);
        assert!(!entrances(&blueprint.tier, &by_day(&blueprint)).is_empty(), "{name}");
    }
}
