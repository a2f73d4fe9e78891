//! Something of the base tier is gone: it is told with what to do, and everything that does not depend on it goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::collections::BTreeSet;

use crate::support::environment::{by_day, by_night};
use crate::support::world::{EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, NIGHT, World};
use crate::support::{example, id, tiers};
use curfew_core::blueprint::Blueprint;
use curfew_core::forecast::{Forecast, ForecastEnd, forecast};
use curfew_core::model::*;
use curfew_core::report::{Outcome, Report};
use curfew_core::safety::ReasonKind;
use expect_test::{Expect, expect};
use proptest::prelude::*;

/// Somebody deletes it.
fn lose(seen: &mut Observation, what: &BaseResource) {
    match what {
        BaseResource::TargetGroup(arn) => {
            seen.targets.insert(arn.clone(), Seen::Absent);
        }
        BaseResource::RouteTable(table) => {
            seen.routes.iter_mut().filter(|(key, _)| key.route_table == *table).for_each(|(_, r)| *r = Seen::Absent);
            seen.missing.entry(Part::Routes).or_default().insert(what.clone());
        }
        BaseResource::HostedZone(zone) => {
            seen.records.iter_mut().filter(|(key, _)| key.zone == *zone).for_each(|(_, r)| *r = Seen::Absent);
            seen.missing.entry(Part::Records).or_default().insert(what.clone());
        }
        BaseResource::Cluster(_) => {
            seen.services.values_mut().for_each(|service| *service = Seen::Absent);
            seen.missing.entry(Part::Services).or_default().insert(what.clone());
        }
    }
}

fn all_of(blueprint: &Blueprint) -> Vec<BaseResource> {
    let tier = &blueprint.tier;
    let groups = tier.target_groups().into_iter().map(BaseResource::TargetGroup);
    let tables: BTreeSet<&RouteTableId> = tier.routes.keys().map(|key| &key.route_table).collect();
    let zones: BTreeSet<&HostedZoneId> = tier.dns_records.keys().map(|key| &key.zone).collect();
    let tables = tables.into_iter().cloned().map(BaseResource::RouteTable);
    let zones = zones.into_iter().cloned().map(BaseResource::HostedZone);
    groups.chain(tables).chain(zones).chain([BaseResource::Cluster(blueprint.cluster.clone())]).collect()
}

fn told(forecast: &Forecast) -> String {
    let reasons = match &forecast.end {
        ForecastEnd::Missing(reasons) => reasons,
        ForecastEnd::Blocked(reasons) => return format!("blocked: {}\n", reasons.len()),
        ForecastEnd::Done => return "done\n".to_owned(),
        ForecastEnd::Open(on) => return format!("waits for ever: {on:?}\n"),
    };
    assert!(reasons.iter().all(|reason| reason.kind == ReasonKind::Missing), "{reasons:?}");
    reasons.iter().map(|reason| format!("{reason}\n")).collect()
}

/// What would be done without it and is not done.
fn not_done(blueprint: &Blueprint, seen: &Observation, what: &BaseResource, target: Target) -> String {
    let forecast_of = |seen: &Observation| forecast(&blueprint.environment, &blueprint.tier, seen, target);
    let subjects = |forecast: &Forecast| -> BTreeSet<String> {
        forecast.actions().map(|action| format!("{} {}", action.name(), action.subject())).collect()
    };
    let whole = subjects(&forecast_of(seen));
    let mut seen = seen.clone();
    lose(&mut seen, what);
    let without = forecast_of(&seen);
    let missing: Vec<String> = whole.difference(&subjects(&without)).cloned().collect();
    format!("{}not done: {}\n", told(&without), missing.join("; "))
}

fn check(actual: impl Into<String>, expected: Expect) {
    expected.assert_eq(&actual.into());
}

#[test]
fn in_the_morning_only_what_depends_on_it_waits() {
    let blueprint = example("platform");
    let all: Vec<String> =
        all_of(&blueprint).iter().map(|what| not_done(&blueprint, &by_night(&blueprint), what, Target::Up)).collect();
    check(
        all.join("\n"),
        expect![[r#"
        target group platform-dev-backend (arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/platform-dev-backend/0b1a000000000002) does not exist, and these wait for it: rule 10 of listener 443 of platform-dev-alb, rule 20 of listener 443 of platform-dev-alb, rule 30 of listener 443 of platform-dev-alb, service platform-dev-backend; create another one and name it in the blueprint (its rules and services too), or take out what names it
        not done: CreateRule rule 10 of listener 443 of platform-dev-alb; CreateRule rule 20 of listener 443 of platform-dev-alb; CreateRule rule 30 of listener 443 of platform-dev-alb; PutScalingPolicy scaling policy requests of service platform-dev-backend; RegisterScalableTarget auto scaling of service platform-dev-backend; UpdateService service platform-dev-backend

        target group platform-dev-frontend (arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/platform-dev-frontend/0b1a000000000001) does not exist, and these wait for it: listener 443 of platform-dev-alb, rule 30 of listener 443 of platform-dev-alb, service platform-dev-frontend; create another one and name it in the blueprint (its rules and services too), or take out what names it
        not done: AddListenerCertificates listener 443 of platform-dev-alb; CreateListener listener 443 of platform-dev-alb; CreateRule rule 10 of listener 443 of platform-dev-alb; CreateRule rule 20 of listener 443 of platform-dev-alb; CreateRule rule 30 of listener 443 of platform-dev-alb; CreateRule rule 40 of listener 443 of platform-dev-alb; ModifyListenerAttributes listener 443 of platform-dev-alb; PutScalingPolicy scaling policy requests of service platform-dev-frontend; RegisterScalableTarget auto scaling of service platform-dev-frontend; UpdateService service platform-dev-frontend

        route table rtb-0b1a000000000001a does not exist, and these wait for it: route 0.0.0.0/0; create another one and name it in the blueprint, or take its routes out
        not done: ReplaceRoute route 0.0.0.0/0 in rtb-0b1a000000000001a

        route table rtb-0b1a000000000002b does not exist, and these wait for it: route 0.0.0.0/0; create another one and name it in the blueprint, or take its routes out
        not done: ReplaceRoute route 0.0.0.0/0 in rtb-0b1a000000000002b

        hosted zone Z0B1A00000000000000A does not exist, and these wait for it: DNS record dev.platform.example.com A; create another one and name it in the blueprint, or take its records out
        not done: ChangeResourceRecordSets DNS dev.platform.example.com A

        cluster platform-dev-cluster does not exist, and these wait for it: service platform-dev-backend, service platform-dev-frontend; create it and its services again, or name another one in the blueprint
        not done: PutScalingPolicy scaling policy requests of service platform-dev-backend; PutScalingPolicy scaling policy requests of service platform-dev-frontend; RegisterScalableTarget auto scaling of service platform-dev-backend; RegisterScalableTarget auto scaling of service platform-dev-frontend; UpdateService service platform-dev-backend; UpdateService service platform-dev-frontend
    "#]],
    );
}

#[test]
fn in_the_evening_only_a_cluster_blocks() {
    let blueprint = example("platform");
    // By day AWS deletes no target group: rules forward to it.
    let all: Vec<String> = all_of(&blueprint)
        .iter()
        .filter(|what| !matches!(what, BaseResource::TargetGroup(_)))
        .map(|what| not_done(&blueprint, &by_day(&blueprint), what, Target::Down))
        .collect();
    check(
        all.join("\n"),
        expect![[r#"
        route table rtb-0b1a000000000001a does not exist, and these wait for it: route 0.0.0.0/0; create another one and name it in the blueprint, or take its routes out
        not done: 

        route table rtb-0b1a000000000002b does not exist, and these wait for it: route 0.0.0.0/0; create another one and name it in the blueprint, or take its routes out
        not done: 

        hosted zone Z0B1A00000000000000A does not exist, and these wait for it: DNS record dev.platform.example.com A; create another one and name it in the blueprint, or take its records out
        not done: ChangeResourceRecordSets DNS dev.platform.example.com A

        blocked: 1
        not done: ChangeResourceRecordSets DNS dev.platform.example.com A; DeleteLoadBalancer load balancer platform-dev-alb; DeleteNatGateway NAT gateway a; DeleteNatGateway NAT gateway b; RegisterScalableTarget auto scaling of service platform-dev-backend; RegisterScalableTarget auto scaling of service platform-dev-frontend; StopDBInstance database main; UpdateService service platform-dev-backend; UpdateService service platform-dev-frontend
    "#]],
    );
}

#[test]
fn clients_of_a_name_whose_zone_is_gone_keep_their_grace() {
    let text = support::example_text("platform");
    let blueprint = Blueprint::parse(&format!("{text}\ndraining: {{ grace: 2m }}\n")).unwrap();
    let mut seen = by_day(&blueprint);
    let zone = all_of(&blueprint).into_iter().find(|what| matches!(what, BaseResource::HostedZone(_))).unwrap();
    lose(&mut seen, &zone);
    let evening = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Down);
    let stops = |action: &Action| matches!(action, Action::UpdateService { desired_count: 0, .. });
    let first = evening.waves.iter().find(|wave| wave.actions.iter().any(stops)).unwrap();
    assert_eq!(first.after.as_secs(), 120, "whoever has looked the name up still knows where it led");
}

#[test]
fn without_any_route_table_no_service_starts() {
    let blueprint = example("platform");
    let mut seen = by_night(&blueprint);
    for what in all_of(&blueprint).iter().filter(|what| matches!(what, BaseResource::RouteTable(_))) {
        lose(&mut seen, what);
    }
    let morning = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
    assert!(matches!(morning.end, ForecastEnd::Missing(_)), "{:?}", morning.end);
    let starts = |action: &&Action| matches!(action, Action::UpdateService { .. });
    assert_eq!(morning.actions().filter(starts).count(), 0, "nothing leads out");
    assert!(morning.actions().any(|action| matches!(action, Action::CreateNatGateway { .. })));
}

#[test]
fn a_listener_does_not_open_without_a_rule_that_authenticates() {
    let mut blueprint = example("platform");
    let gone = blueprint.tier.target_groups().first().unwrap().clone();
    for listener in blueprint.tier.load_balancers.values_mut().flat_map(|one| one.listeners.values_mut()) {
        let open =
            listener.rules.values().find(|rule| rule.actions.iter().any(|a| a.target_groups().any(|g| *g == gone)));
        if let Some(mut guarded) = open.cloned() {
            let jwt = RuleAction::JwtValidation {
                jwks_endpoint: "https://id.example.com/keys".to_owned(),
                issuer: "https://id.example.com".to_owned(),
                additional_claims: Vec::new(),
            };
            guarded.actions.insert(0, jwt);
            listener.rules.insert(499, guarded);
        }
    }
    let mut seen = by_night(&blueprint);
    lose(&mut seen, &BaseResource::TargetGroup(gone));
    let morning = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
    let opened: Vec<u16> = morning
        .actions()
        .filter_map(|action| if let Action::CreateListener { port, .. } = action { Some(*port) } else { None })
        .collect();
    let guarded = |listener: &Listener| listener.rules.contains_key(&499);
    let ports = blueprint.tier.load_balancers.values().flat_map(|one| &one.listeners);
    let wanted: Vec<u16> = ports.filter(|(_, listener)| !guarded(listener)).map(|(port, _)| *port).collect();
    assert_eq!(opened, wanted);
}

fn blocked(report: &Report) -> &Report {
    assert_eq!(report.outcome, Outcome::Blocked, "{report}");
    report
}

#[test]
fn a_night_in_which_somebody_deletes_a_target_group_loses_nothing() {
    let blueprint = example("platform");
    // Of two: the service of the other one starts, and is waited for.
    let group = BaseResource::TargetGroup(blueprint.tier.target_groups().first().unwrap().clone());
    let world = World::known(blueprint);
    world.add_rule_by_hand(700);
    let before = world.configuration();
    world.at(EVENING).stop();
    let whole = world.seen().targets;
    world.at(NIGHT).by_hand(|seen| lose(seen, &group));
    world.changes();
    blocked(&world.tick());
    assert_eq!(world.performed(), [], "at night there is nothing to do");

    world.at(MORNING);
    let report = world.scheduled(Target::Up);
    assert!(blocked(&report).message.starts_with("dev is up as far as it can be: target group"), "{report}");
    assert_eq!(world.state().phase, Some(Phase::Raising));
    assert!(world.seen().nat_gateways.values().all(|found| found.ready().is_some()), "the rest is up");
    world.changes();
    for _ in 0..3 {
        world.pass(std::time::Duration::from_secs(300));
        blocked(&world.tick());
    }
    assert_eq!(world.changes(), [], "told once, and nothing more is done");

    let report = world.at(NEXT_EVENING).scheduled(Target::Down);
    blocked(&report);
    assert_eq!(world.state().phase, Some(Phase::Down), "it is down as far as it can be");
    assert!(world.seen().nat_gateways.values().all(|found| *found == Seen::Absent));

    world.by_hand(|seen| seen.targets.extend(whole));
    world.at(NEXT_MORNING).start();
    assert_eq!(world.configuration(), before, "nothing of it was lost, by hand or not");
    world.assert_unchanged();
}

#[test]
fn a_manual_start_holds_though_something_is_missing() {
    let blueprint = example("platform");
    let zone = all_of(&blueprint).into_iter().find(|what| matches!(what, BaseResource::HostedZone(_))).unwrap();
    let world = World::known(blueprint);
    world.at(EVENING).stop();
    world.by_hand(|seen| lose(seen, &zone));
    world.at(NIGHT);
    blocked(&world.manual(Target::Up, curfew_core::decide::Hold::UntilNext));
    assert_eq!(world.overrides().len(), 1, "the person is taken at their word");
    world.changes();
    blocked(&world.tick());
    assert_eq!(world.performed(), [], "and nothing is torn down");
}

#[test]
fn what_is_only_stopped_and_gone_blocks_what_needs_it_in_the_morning() {
    let blueprint = example("durable");
    let mut seen = by_night(&blueprint);
    seen.services.values_mut().next().map(|found| *found = Seen::Absent).unwrap();
    let morning = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
    check(
        told(&morning),
        expect![[r#"
        service durable-dev-backend does not exist, and nothing says how it is made; create it (base tier), or take it out of the blueprint
    "#]],
    );
    assert!(morning.actions().any(|action| matches!(action, Action::CreateLoadBalancer { .. })));
    let mut seen = by_day(&blueprint);
    seen.services.values_mut().next().map(|found| *found = Seen::Absent).unwrap();
    let evening = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Down);
    assert!(matches!(evening.end, ForecastEnd::Blocked(_)), "its tasks may run under another name");
    assert_eq!(evening.actions().count(), 0);
}

/// Whether an action is about something that is gone, or starts what may depend on it.
fn may_depend(action: &Action, what: &BaseResource) -> bool {
    let names = match what {
        BaseResource::TargetGroup(arn) => format!("{action:?}").contains(arn.as_str()),
        BaseResource::RouteTable(table) => format!("{action:?}").contains(table.as_str()),
        BaseResource::HostedZone(zone) => format!("{action:?}").contains(zone.as_str()),
        BaseResource::Cluster(_) => false,
    };
    let starts = matches!(
        action,
        Action::UpdateService { .. }
            | Action::CreateService { .. }
            | Action::RegisterScalableTarget { .. }
            | Action::PutScalingPolicy { .. }
    );
    // What hangs on a listener that is not made.
    let hangs = matches!(
        action,
        Action::CreateRule { .. } | Action::AddListenerCertificates { .. } | Action::ModifyListenerAttributes { .. }
    ) && matches!(what, BaseResource::TargetGroup(_));
    names || starts || hangs
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_gone_the_rest_goes_on(tier in tiers::tier()) {
        let blueprint = tiers::blueprint_of(tier);
        let night = by_night(&blueprint);
        let whole = forecast(&blueprint.environment, &blueprint.tier, &night, Target::Up);
        for what in all_of(&blueprint) {
            let mut seen = night.clone();
            lose(&mut seen, &what);
            let morning = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
            prop_assert!(matches!(&morning.end, ForecastEnd::Missing(_)), "{what}: {:?}", morning.end);
            for action in whole.actions().filter(|action| !may_depend(action, &what)) {
                let same = |other: &Action| (other.name(), other.subject()) == (action.name(), action.subject());
                prop_assert!(morning.actions().any(same), "{what}: {action} is not done");
            }
            for action in morning.actions() {
                let forwards = matches!(action, Action::CreateRule { .. } | Action::CreateListener { .. });
                let names = match &what {
                    BaseResource::TargetGroup(arn) => forwards && format!("{action:?}").contains(arn.as_str()),
                    BaseResource::RouteTable(id) => format!("{action:?}").contains(id.as_str()),
                    BaseResource::HostedZone(id) => format!("{action:?}").contains(&format!("zone: HostedZoneId(\"{id}\")")),
                    BaseResource::Cluster(_) => matches!(action, Action::UpdateService { .. } | Action::CreateService { .. }),
                };
                prop_assert!(!names, "{what}: {action} is done without it");
            }
        }
    }
}

#[test]
fn a_zone_that_is_gone_is_named_by_its_id() {
    assert_eq!(BaseResource::HostedZone(id("Z1")).to_string(), "hosted zone Z1");
}
