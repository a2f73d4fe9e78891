//! A capture of what a start made from a blueprint gives that blueprint back.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "../../shared/tests/support/tiers.rs"]
#[allow(dead_code, reason = "laws of the core use the rest")]
mod tiers;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::capture::{Ask, Captured, Origin, capture};
use curfew_core::decide::Command;
use curfew_core::model::*;
use curfew_core::report::Outcome;
use curfew_sim::environment::{BaseTier, Example, by_day};
use curfew_sim::faults::Faults;
use curfew_sim::in_virtual_time;
use curfew_sim::invoke::invoke;
use curfew_sim::latency::Draw;
use curfew_sim::laws::Laws;
use curfew_sim::world::Simulation;
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn id<Id: std::str::FromStr<Err = InvalidId>>(text: &str) -> Id {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn example(name: &str) -> Blueprint {
    name.parse::<Example>().expect("an example").blueprint().expect("a blueprint")
}

/// By day, before Curfew's first run.
fn laid(blueprint: &Blueprint, base: BaseTier) -> Simulation {
    let account = by_day(blueprint, base, at("2026-11-17T17:00:00Z"), Draw::Median);
    Simulation::new(account, Faults::none(), Laws::of(&blueprint.environment, &blueprint.tier))
}

/// Down and up again: all of the runtime tier is what a start made.
async fn started_anew(simulation: &Simulation, blueprint: &Blueprint) {
    for (run, instant, command) in [
        ("noon", "2026-11-17T17:00:00Z", None),
        ("night", "2026-11-18T01:00:00Z", Some(Command::Scheduled(Target::Down))),
        ("morning", "2026-11-18T13:00:00Z", Some(Command::Scheduled(Target::Up))),
    ] {
        simulation.advance_to(at(instant)).await;
        let report = invoke(&simulation.world(run), blueprint, command).await.expect("it does not die");
        assert!(matches!(report.outcome, Outcome::Converged | Outcome::Unchanged), "{run}: {report}");
    }
}

async fn captured(simulation: &Simulation, blueprint: &Blueprint) -> Captured {
    let ask = Ask {
        // An environment that has nothing of its runtime tier says nowhere what it and its cluster are called.
        origin: Origin::Vpc(id("vpc-0da0000000000001a")),
        cluster: Some(blueprint.cluster.clone()),
        environment: Some(blueprint.environment.clone()),
        region: blueprint.region.clone(),
        schedule: blueprint.schedule.clone(),
    };
    let world = simulation.world("capture");
    capture(&world, &ask, simulation.now(), &|_| ()).await.unwrap_or_else(|error| panic!("{error}"))
}

fn read(captured: &Captured) -> Blueprint {
    let read = Blueprint::parse(&captured.yaml).unwrap_or_else(|problems| panic!("{problems}\n{}", captured.yaml));
    assert_eq!(captured.problems, [], "{}", captured.yaml);
    let json = Blueprint::parse(&captured.blueprint.to_string()).expect("a blueprint in JSON");
    assert_eq!(json, read, "JSON and YAML say the same");
    read
}

/// A blueprint as an account can tell it: with the defaults of what only becomes true at night, with nothing adopted,
/// and without attributes that everything has anyway.
fn as_told(mut blueprint: Blueprint) -> Blueprint {
    let tier = &mut blueprint.tier;
    for address in tier.addresses.values_mut() {
        (address.while_down, address.adopted) = (AddressWhileDown::Keep, None);
    }
    tier.nat_gateways.values_mut().for_each(|one| (one.adopted, one.alarms) = (None, Alarms::Leave));
    for (index, load_balancer) in tier.load_balancers.values_mut().enumerate() {
        (load_balancer.adopted, load_balancer.alarms) = (None, Alarms::Leave);
        let defaults = attributes_of_new_load_balancer(load_balancer.scheme);
        load_balancer.attributes = told_attributes(&load_balancer.attributes, &defaults);
        for listener in load_balancer.listeners.values_mut() {
            let defaults = attributes_of_new_listener(listener.protocol);
            listener.attributes = told_attributes(&listener.attributes, &defaults);
            let of_rules = listener.rules.values_mut().flat_map(|rule| &mut rule.actions);
            listener.default_actions.iter_mut().chain(of_rules).for_each(|action| separated(action, index));
        }
    }
    for record in tier.dns_records.values_mut() {
        (record.while_down, record.sleeping_page) = (RecordWhileDown::Park, None);
    }
    for service in tier.services.values_mut() {
        service.while_down = ServiceWhileDown::ScaleToZero;
        (service.task_definition, service.definition) = (None, None);
        service.after.clear();
        service.databases = NeededDatabases::All;
        service.scaling = service.scaling.take().filter(|scaling| !scaling.suspended.is_empty());
    }
    // They are called as RDS calls them, and run.
    let databases = std::mem::take(&mut tier.databases).into_values();
    let running = databases.map(|one| Database { while_up: DatabaseWhileUp::Running, ..one });
    tier.databases = running.map(|one| (id(one.identifier.as_str()), one)).collect();
    // Those are only taken when a person names them.
    tier.instances.clear();
    tier.auto_scaling_groups.clear();
    blueprint
}

/// A target group belongs to one load balancer: each has groups of its own, but the first, whose are an example's.
fn separated(action: &mut RuleAction, load_balancer: usize) {
    let RuleAction::Forward { target_groups, .. } = action else { return };
    for group in target_groups.iter_mut().filter(|_| load_balancer > 0) {
        group.arn = id(&format!("{}{load_balancer}", group.arn));
    }
}

/// Attributes that are not what everything has anyway, under keys that AWS knows.
fn told_attributes(
    attributes: &BTreeMap<String, String>,
    defaults: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let protected = |key: &&String| *key == DELETION_PROTECTION;
    let mut unused = defaults.keys().filter(|key| !protected(key) && !attributes.contains_key(*key));
    let known = attributes.iter().filter_map(|(key, value)| {
        let key = if defaults.contains_key(key) { key } else { unused.next()? };
        Some((key.clone(), value.clone()))
    });
    known.filter(|(key, value)| defaults.get(key) != Some(value)).collect()
}

/// What a checked blueprint says, whatever of its tags stands in one place and what in many.
fn said(blueprint: &Blueprint) -> Blueprint {
    Blueprint { tags: Tags::new(), ..blueprint.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_start_made_is_captured_as_it_was_declared(tier in tiers::tier()) {
        let blueprint = as_told(tiers::blueprint_of(tier));
        in_virtual_time(async {
            let simulation = laid(&blueprint, Example::Durable.base_tier());
            started_anew(&simulation, &blueprint).await;
            let captured = captured(&simulation, &blueprint).await;
            assert_eq!(captured.left_out, []);
            assert_eq!(said(&read(&captured)), said(&blueprint), "{}", captured.yaml);
        });
    }
}

#[test]
fn the_examples_are_captured_as_they_are_declared() {
    for example in Example::ALL {
        let blueprint = as_told(example.blueprint().expect("a blueprint"));
        in_virtual_time(async {
            let simulation = laid(&blueprint, example.base_tier());
            started_anew(&simulation, &blueprint).await;
            let captured = captured(&simulation, &blueprint).await;
            assert_eq!(read(&captured), blueprint, "{example}: with the same tags in common\n{}", captured.yaml);
        });
    }
}
