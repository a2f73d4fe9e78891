//! What the next morning needs of the base tier: what could not come back does not go.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::collections::{BTreeMap, HashSet};

use crate::support::environment::by_day;
use crate::support::world::{Cut, EVENING, MORNING, NEXT_EVENING, World};
use crate::support::{example, example_text, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::forecast::{ForecastEnd, forecast};
use curfew_core::model::*;
use curfew_core::placing::{lacking, open_needs};
use curfew_core::report::{Outcome, Report};
use curfew_core::run::{Mode, Request};
use curfew_core::safety;
use curfew_core::status::{Status, preview};
use expect_test::{Expect, expect};
use futures::FutureExt;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/0b1a0000-0000-4000-8000-000000000001";
const OTHER: &str = "arn:aws:acm:us-east-1:123456789012:certificate/0b1a0000-0000-4000-8000-000000000009";

fn check(actual: impl Into<String>, expected: Expect) {
    expected.assert_eq(&actual.into());
}

fn certificate(arn: &str) -> Needed {
    Needed::Certificate(id(arn))
}

fn expired() -> Shortcoming {
    Shortcoming::Unfit("is EXPIRED, not ISSUED".to_owned())
}

fn status(world: &World) -> Status {
    preview(world, &world.blueprint).now_or_never().expect("nothing waits").expect("a status")
}

fn assert_blocked(report: &Report, world: &World) {
    assert_eq!(report.outcome, Outcome::Blocked, "{report}");
    assert_eq!(world.performed(), [], "nothing is touched");
}

#[test]
fn all_that_goes_at_night_says_what_it_needs() {
    let mut blueprint = example("platform");
    blueprint.tier.load_balancers.values_mut().for_each(|one| {
        one.listeners
            .values_mut()
            .for_each(|listener| listener.rules = listener.rules.clone().into_iter().take(1).collect());
    });
    let needs = blueprint.tier.needs();
    let lines = needs.iter().map(|(needed, by)| {
        let by: Vec<&str> = by.iter().map(String::as_str).collect();
        format!("{needed}: {}\n", by.join(", "))
    });
    check(
        lines.collect::<String>(),
        expect![[r#"
        certificate arn:aws:acm:us-east-1:123456789012:certificate/0b1a0000-0000-4000-8000-000000000001: listener 443 of load balancer platform-dev-alb
        certificate arn:aws:acm:us-east-1:123456789012:certificate/0b1a0000-0000-4000-8000-000000000002: listener 443 of load balancer platform-dev-alb
        TLS policy ELBSecurityPolicy-TLS13-1-2-2021-06: listener 443 of load balancer platform-dev-alb
        target group platform-dev-backend: rule 10 of listener 443 of load balancer platform-dev-alb
        target group platform-dev-frontend: listener 443 of load balancer platform-dev-alb
        subnet-0b1a000000000001a: NAT gateway a, load balancer platform-dev-alb
        subnet-0b1a000000000002b: NAT gateway b, load balancer platform-dev-alb
        sg-0b1a000000000001a: load balancer platform-dev-alb
    "#]],
    );
}

#[test]
fn a_service_needs_what_it_is_made_from_only_if_it_goes() {
    let mut blueprint = example("platform");
    blueprint.tier.load_balancers.clear();
    blueprint.tier.nat_gateways.clear();
    let names = |blueprint: &Blueprint| {
        let needs = blueprint.tier.needs();
        needs.into_iter().map(|(needed, by)| (needed.to_string(), by.len())).collect::<BTreeMap<_, _>>()
    };
    let before = names(&blueprint);
    let definition = ServiceDefinition {
        subnets: [id("subnet-0f1")].into(),
        security_groups: [id("sg-0f1")].into(),
        ..support::tiers::definition(Vec::new(), Tags::new())
    };
    let service = blueprint.tier.services.values_mut().next().expect("a service");
    service.definition = Some(definition);
    assert_eq!(names(&blueprint), before, "it stays, with no tasks");
    blueprint.tier.services.values_mut().next().expect("a service").while_down = ServiceWhileDown::Delete;
    let after = names(&blueprint);
    assert!(after.contains_key("subnet-0f1") && after.contains_key("sg-0f1"), "{after:?}");
}

#[test]
fn what_was_seen_by_day_and_what_iam_has_is_not_asked_for() {
    let blueprint = example("platform");
    let groups = |needs: &Needs| needs.keys().filter(|one| matches!(one, Needed::TargetGroup(_))).count();
    assert!(groups(&open_needs(&blueprint.tier, &Observation::default())) > 0);
    assert_eq!(groups(&open_needs(&blueprint.tier, &by_day(&blueprint))), 0);
    let mut tier = blueprint.tier.clone();
    let of_iam = "arn:aws:iam::123456789012:server-certificate/old";
    tier.load_balancers.values_mut().flat_map(|one| one.listeners.values_mut()).for_each(|listener| {
        listener.certificate = Some(id(of_iam));
        listener.additional_certificates.clear();
    });
    let needs = open_needs(&tier, &Observation::default());
    assert!(!needs.keys().any(|one| matches!(one, Needed::Certificate(_))), "{needs:?}");
}

#[test]
fn each_kind_blocks_with_its_own_remedy_all_at_once() {
    let blueprint = example("platform");
    let mut seen = by_day(&blueprint);
    let mut known = HashSet::new();
    let mut is_first = |needed: &Needed| known.insert(std::mem::discriminant(needed));
    let kinds: Vec<Needed> = blueprint.tier.needs().into_keys().filter(&mut is_first).collect();
    assert_eq!(kinds.len(), 5, "each kind: {kinds:?}");
    let of = |needed: &Needed| match needed {
        Needed::Certificate(arn) if arn.as_str() == CERTIFICATE => Some(expired()),
        needed => kinds.contains(needed).then_some(Shortcoming::Missing),
    };
    seen.lacks = Some(lacking(blueprint.tier.needs(), of));
    let plan = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Down);
    let ForecastEnd::Blocked(reasons) = &plan.end else { panic!("it is blocked: {:?}", plan.end) };
    assert_eq!(plan.waves, []);
    check(
        reasons.iter().map(|reason| format!("{:?}: {reason}\n", reason.kind)).collect::<String>(),
        expect![[r#"
            Unsupported: certificate arn:aws:acm:us-east-1:123456789012:certificate/0b1a0000-0000-4000-8000-000000000001 is EXPIRED, not ISSUED, and without it these could not come back in the morning: listener 443 of load balancer platform-dev-alb; renew it, or use another one that is issued, in the blueprint and where it stands
            Missing: TLS policy ELBSecurityPolicy-TLS13-1-2-2021-06 does not exist, and without it these could not come back in the morning: listener 443 of load balancer platform-dev-alb; use one that `aws elbv2 describe-ssl-policies` lists, in the blueprint and where it stands
            Missing: sg-0b1a000000000001a does not exist, and without it these could not come back in the morning: load balancer platform-dev-alb; use another one, or leave it out, in the blueprint and where it stands
            Missing: subnet-0b1a000000000001a does not exist, and without it these could not come back in the morning: NAT gateway a, load balancer platform-dev-alb; use another one, or leave it out, in the blueprint and where it stands
            Missing: target group platform-dev-backend does not exist, and without it these could not come back in the morning: rule 10 of listener 443 of load balancer platform-dev-alb, rule 20 of listener 443 of load balancer platform-dev-alb, rule 30 of listener 443 of load balancer platform-dev-alb; use another one, or leave it out, in the blueprint and where it stands
        "#]],
    );
    let up = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
    assert_eq!(up.end, ForecastEnd::Done, "by day all is there");
}

#[test]
fn nothing_goes_that_could_not_come_back() {
    let world = World::known(example("platform"));
    world.is_without(&[(certificate(CERTIFICATE), expired())]);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_blocked(&report, &world);
    check(
        report.message.clone(),
        expect![
            "dev was left as it is: certificate arn:aws:acm:us-east-1:123456789012:certificate/0b1a0000-0000-4000-8000-000000000001 is EXPIRED, not ISSUED, and without it these could not come back in the morning: listener 443 of load balancer platform-dev-alb; renew it, or use another one that is issued, in the blueprint and where it stands"
        ],
    );
    assert_eq!(world.told(), ["Curfew: dev is blocked"]);
    assert_blocked(&world.tick(), &world);
    assert_eq!(world.told(), Vec::<String>::new(), "people are told once");
    world.assert_up();

    world.is_without(&[]);
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn it_is_the_next_mornings_tier_that_counts() {
    let mut world = World::known(example("platform"));
    world.is_without(&[(certificate(OTHER), Shortcoming::Missing)]);
    world.at(EVENING).stop();
    world.at(MORNING).start();

    // By day somebody edits the blueprint: the next morning would need what does not exist.
    let listeners = world.blueprint.tier.load_balancers.values_mut().flat_map(|one| one.listeners.values_mut());
    let listener = listeners.into_iter().find(|one| one.certificate.is_some()).expect("it listens by HTTPS");
    listener.certificate = Some(id(OTHER));
    world.tick();
    world.changes();
    assert_blocked(&world.at(NEXT_EVENING).scheduled(Target::Down), &world);

    // And a certificate that somebody has put on the listener by hand comes back too, if it can.
    let world = World::known(example("platform"));
    world.is_without(&[(certificate(OTHER), Shortcoming::Missing)]);
    world.load_balancer_by_hand(|one| {
        one.listeners.get_mut(&443).expect("it listens").additional_certificates.insert(id(OTHER));
    });
    assert_blocked(&world.at(EVENING).scheduled(Target::Down), &world);
}

#[test]
fn what_an_evening_has_begun_is_brought_to_its_end() {
    let world = World::known(example("platform"));
    let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
    assert_eq!(world.run_cut(&request, Cut::After(5)), None);
    world.is_without(&[(certificate(CERTIFICATE), expired())]);
    world.pass(std::time::Duration::from_secs(600));
    let down = status(&world).forecast(&world.blueprint, Target::Down);
    assert_eq!(down.end, ForecastEnd::Done, "a plan says what a run does");
    world.tick_until_unchanged();
    world.assert_down();
}

#[test]
fn what_cannot_be_looked_at_keeps_everything_as_it_is() {
    let world = World::known(example("platform"));
    world.blind(Part::Needs, Retry::Never);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::Failed, "{report}");
    assert!(report.message.contains("what the next morning needs could not be observed"), "{}", report.message);
    assert_eq!(world.performed(), []);
    world.see_again();
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_down();
    world.at(MORNING);
    world.blind(Part::Needs, Retry::Never);
    world.start();
}

#[test]
fn it_is_looked_for_once_in_an_evening() {
    let asked = |world: &World| world.looks().iter().flatten().filter(|part| **part == Part::Needs).count();
    let world = World::by_day(example("platform"));
    world.tick();
    assert_eq!(asked(&world), 0, "a tick by day");
    world.at(EVENING).stop();
    assert_eq!(asked(&world), 1, "before the first change");
    world.tick();
    assert_eq!(asked(&world), 0, "a tick at night");
    world.at(MORNING).start();
    assert_eq!(asked(&world), 0, "a morning");
}

#[test]
fn plan_doctor_and_a_dry_run_tell_it_before() {
    let world = World::known(example("platform"));
    world.is_without(&[(certificate(CERTIFICATE), expired())]);
    let by_day = status(&world);
    let down = by_day.forecast(&world.blueprint, Target::Down);
    let ForecastEnd::Blocked(reasons) = &down.end else { panic!("it is blocked: {:?}", down.end) };
    assert!(reasons.iter().all(|reason| reason.resource.contains(CERTIFICATE)), "{reasons:?}");
    assert_eq!(by_day.forecast(&world.blueprint, Target::Up).end, ForecastEnd::Done);
    let dry = Request { mode: Mode::DryRun, ..world.at(EVENING).request(Some(Command::Scheduled(Target::Down))) };
    assert_blocked(&world.run(&dry), &world);

    world.is_without(&[]);
    world.stop();
    world.is_without(&[(certificate(CERTIFICATE), expired())]);
    let at_night = status(&world);
    assert!(safety::needs::lacks(&at_night.observation).count() > 0, "doctor tells of it while it can be fixed");
}

/// Keeps the example's certificate and this file's the same.
#[test]
fn the_example_has_the_certificate() {
    assert!(example_text("platform").contains(CERTIFICATE));
}
