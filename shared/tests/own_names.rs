//! Rules that name a load balancer by its own DNS name come back with the name that it has then.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::environment::{by_day, by_night};
use crate::support::world::{EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, World, rule};
use crate::support::{example, id};
use curfew_core::forecast::{ForecastEnd, forecast};
use curfew_core::model::*;

const PRIORITY: u16 = 700;

fn name_now(world: &World) -> String {
    let seen = world.seen();
    let (_, one) = seen.standing_load_balancers().next().expect("a load balancer");
    one.dns_name.clone()
}

/// A rule as internal backends have it: for requests to the load balancer's own name, rewritten and answered with it.
fn backend(dns_name: &str) -> Rule {
    let host =
        Condition::HostHeader { values: vec![dns_name.to_owned(), "api.internal".to_owned()], regex_values: vec![] };
    let redirect = RuleAction::Redirect {
        protocol: None,
        port: None,
        host: Some(dns_name.to_owned()),
        path: None,
        query: None,
        status_code: "HTTP_302".to_owned(),
    };
    let regex = format!("^{}$", dns_name.replace('.', "\\."));
    let rewrite = Transform::HostHeaderRewrite { rewrites: vec![Rewrite { regex, replace: dns_name.to_owned() }] };
    Rule { conditions: vec![host], actions: vec![redirect], transforms: vec![rewrite], ..rule("/") }
}

fn rule_now(world: &World) -> Rule {
    let seen = world.seen();
    let (_, one) = seen.standing_load_balancers().next().expect("a load balancer");
    one.configuration.listeners.values().find_map(|listener| listener.rules.get(&PRIORITY)).expect("the rule").clone()
}

#[test]
fn each_morning_puts_the_new_name_in_and_calls_it_no_change() {
    let world = World::known(example("platform"));
    let dns_name = name_now(&world);
    world.load_balancer_by_hand(|one| {
        one.listeners.get_mut(&443).unwrap().rules.insert(PRIORITY, backend(&dns_name));
    });
    for (evening, morning) in [(EVENING, MORNING), (NEXT_EVENING, NEXT_MORNING)] {
        let before = name_now(&world);
        world.at(evening).stop();
        world.at(morning);
        let report = world.start();
        let now = name_now(&world);
        assert_ne!(before, now, "another one each morning");
        assert_eq!(rule_now(&world), backend(&now));
        let changes = report.ready.expect("a morning").since.map(|since| since.changes).unwrap_or_default();
        let of_rule: Vec<String> =
            changes.iter().map(ToString::to_string).filter(|one| !one.contains("added")).collect();
        assert_eq!(of_rule, [""; 0], "its name is no change");
        world.assert_unchanged();
    }
}

#[test]
fn what_names_another_load_balancer_waits_for_its_name() {
    let mut blueprint = example("platform");
    let (first, one) =
        blueprint.tier.load_balancers.first_key_value().map(|(name, one)| (name.clone(), one.clone())).unwrap();
    let other: LoadBalancerName = id("other-alb");
    let named = |name: &LoadBalancerName| format!("{name}-123.us-west-2.elb.amazonaws.com");
    let mut second = LoadBalancer { listeners: [(443, one.listeners[&443].clone())].into(), ..one };
    second.listeners.get_mut(&443).unwrap().rules = [(PRIORITY, backend(&named(&first)))].into();
    blueprint.tier.load_balancers.insert(other.clone(), second);
    let listener = blueprint.tier.load_balancers.get_mut(&first).unwrap().listeners.get_mut(&443).unwrap();
    listener.rules.insert(PRIORITY, backend(&named(&other)));

    let day = by_day(&blueprint);
    assert_eq!(forecast(&blueprint.environment, &blueprint.tier, &day, Target::Up).end, ForecastEnd::Done);
    let morning = forecast(&blueprint.environment, &blueprint.tier, &by_night(&blueprint), Target::Up);
    assert_eq!(morning.end, ForecastEnd::Done);
    let made: Vec<String> = morning
        .actions()
        .filter(|action| matches!(action, Action::CreateRule { priority: PRIORITY, .. }))
        .map(|action| format!("{action:?}"))
        .collect();
    assert_eq!(made.len(), 2, "both rules are made");
    assert!(made.iter().all(|action| !action.contains("-123.us-west-2.elb")), "with yesterday's name: {made:?}");
}
