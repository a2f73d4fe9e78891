//! `deletionProtection: off-while-down`: a protected load balancer goes at night only where the blueprint says so in so many
//! words, is unprotected for nothing but its deletion, and is protected again in the morning.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use crate::support::environment::by_day;
use crate::support::example_text;
use crate::support::world::{Cut, EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, NIGHT, World};
use curfew_core::blueprint::{Blueprint, warnings};
use curfew_core::decide::Command;
use curfew_core::forecast::{ForecastEnd, forecast};
use curfew_core::model::*;
use curfew_core::report::Outcome;
use expect_test::{Expect, expect};

const ALB: &str = "platform-dev-alb";

fn check(actual: impl Into<String>, expected: Expect) {
    expected.assert_eq(&actual.into());
}

/// platform as it is in prod, with what its load balancer says of its protection.
fn prod(words: &str) -> String {
    example_text("platform")
        .replace("deletion_protection.enabled: \"false\"", "deletion_protection.enabled: \"true\"")
        .replace("    scheme: internet-facing\n", &format!("    scheme: internet-facing\n{words}"))
}

fn off_while_down() -> Blueprint {
    Blueprint::parse(&prod("    deletionProtection: off-while-down\n")).expect("a blueprint")
}

fn is_protected(world: &World) -> bool {
    world.seen().load_balancers.values().all(|found| found.present().is_some_and(ObservedLoadBalancer::is_protected))
}

#[test]
fn the_example_of_prod_is_platforms_but_for_names_hours_and_protection() {
    let text = example_text("platform-prod");
    let said = |text: &str| warnings(&Blueprint::parse(text).expect("a blueprint"));
    assert_eq!(said(&text), Vec::<String>::new());
    let words = "    deletionProtection: off-while-down\n";
    assert!(said(&text.replace(words, ""))[0].contains("stop will be blocked"));
    let as_dev = text
        .replace("platform-prod", "platform-dev")
        .replace("platform.example.com", "dev.platform.example.com")
        .replace("0b2a", "0b1a")
        .replace("0B2A", "0B1A")
        .replace("environment: prod", "environment: dev")
        .replace("Environment: prod", "Environment: dev")
        .replace("production", "development")
        .replace("06:00-22:00", "08:00-20:00");
    assert_eq!(Blueprint::parse(&as_dev).expect("a blueprint"), off_while_down());
}

#[test]
fn only_the_exact_words_count() {
    let protection = |text: &str| {
        let blueprint = Blueprint::parse(text).expect("a blueprint");
        blueprint.tier.load_balancers.values().next().expect("there is one").deletion_protection
    };
    assert_eq!(protection(&prod("")), DeletionProtection::Blocks);
    assert_eq!(protection(&prod("    deletionProtection: blocks\n")), DeletionProtection::Blocks);
    assert_eq!(protection(&prod("    deletionProtection: off-while-down\n")), DeletionProtection::OffWhileDown);
    for other in ["off", "offWhileDown", "Off-While-Down", "false", "true", "\"\"", "[off-while-down]"] {
        let text = prod(&format!("    deletionProtection: {other}\n"));
        let problems = Blueprint::parse(&text).expect_err(other).to_string();
        assert!(problems.contains("loadBalancers.platform-dev-alb.deletionProtection: "), "{problems}");
    }
    check(
        Blueprint::parse(&prod("    deletionProtection: off\n")).expect_err("no such word").to_string(),
        expect![
            "line 44: loadBalancers.platform-dev-alb.deletionProtection: `off` is not one of blocks, off-while-down"
        ],
    );
}

#[test]
fn without_the_words_it_is_refused_and_nothing_is_touched() {
    let blueprint = Blueprint::parse(&prod("")).expect("a blueprint");
    check(
        warnings(&blueprint).join("\n"),
        expect![
            "load balancer platform-dev-alb is protected against deletion: stop will be blocked, unless it says `deletionProtection: off-while-down`"
        ],
    );
    assert_eq!(warnings(&off_while_down()), Vec::<String>::new());
    let world = World::known(blueprint);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!((report.outcome, world.performed()), (Outcome::Blocked, Vec::new()), "{report}");
    check(
        report.message,
        expect![
            "dev was left as it is: load balancer platform-dev-alb is protected against deletion; if it may go at night, say `deletionProtection: off-while-down` of it in the blueprint, or switch its protection off by hand"
        ],
    );
}

#[test]
fn it_is_switched_off_last_of_all_and_on_with_the_first_attributes() {
    let blueprint = off_while_down();
    let plan = |seen: &Observation, target: Target| {
        let plan = forecast(&blueprint.environment, &blueprint.tier, seen, target);
        assert_eq!(plan.end, ForecastEnd::Done);
        let lines = plan.waves.iter().map(|wave| {
            let actions: Vec<String> = wave.actions.iter().map(ToString::to_string).collect();
            format!("{}: {}", wave.after.as_secs(), actions.join("; "))
        });
        lines.filter(|line| line.contains("load balancer ")).collect::<Vec<_>>().join("\n")
    };
    check(
        plan(&by_day(&blueprint), Target::Down),
        expect![[r#"
            330: ModifyLoadBalancerAttributes load balancer platform-dev-alb (deletion_protection.enabled=false); DeleteNatGateway NAT gateway a (nat-day0); DeleteNatGateway NAT gateway b (nat-day1); StopDBInstance database main (platform-dev)
            330: DeleteLoadBalancer load balancer platform-dev-alb"#]],
    );
    let world = World::known(blueprint.clone());
    world.at(EVENING).stop();
    check(
        plan(&world.seen(), Target::Up),
        expect![[r#"
            0: CreateNatGateway NAT gateway a (in subnet-0b1a000000000001a); CreateNatGateway NAT gateway b (in subnet-0b1a000000000002b); StartDBInstance database main (platform-dev); CreateLoadBalancer load balancer platform-dev-alb
            0: ModifyLoadBalancerAttributes load balancer platform-dev-alb (access_logs.s3.bucket=platform-dev-access-logs, access_logs.s3.enabled=true, access_logs.s3.prefix=alb, deletion_protection.enabled=true, routing.http.drop_invalid_header_fields.enabled=true); CreateListener listener 80 of platform-dev-alb; CreateListener listener 443 of platform-dev-alb; ChangeResourceRecordSets DNS dev.platform.example.com A (to the load balancer)
            0: ModifyListenerAttributes listener 443 of platform-dev-alb (routing.http.response.server.enabled=false, routing.http.response.strict_transport_security.header_value=max-age=31536000); AddListenerCertificates listener 443 of platform-dev-alb (1 more); CreateRule rule 10 of listener 443 of platform-dev-alb; CreateRule rule 20 of listener 443 of platform-dev-alb; CreateRule rule 30 of listener 443 of platform-dev-alb; CreateRule rule 40 of listener 443 of platform-dev-alb; PutScalingPolicy scaling policy requests of service platform-dev-frontend (for load balancer platform-dev-alb)
            0: PutScalingPolicy scaling policy requests of service platform-dev-backend (for load balancer platform-dev-alb)"#]],
    );
}

#[test]
fn the_morning_equals_the_evening_again_and_again() {
    let world = World::known(off_while_down());
    let before = world.configuration();
    for (evening, morning) in [(EVENING, MORNING), (NEXT_EVENING, NEXT_MORNING)] {
        world.at(evening).stop();
        world.assert_unchanged();
        let recorded = &world.recording().observed.load_balancers[&support::id::<LoadBalancerName>(ALB)];
        assert_eq!(recorded.attributes[DELETION_PROTECTION], "true", "recorded as it was");
        world.at(morning).start();
        assert_eq!(world.configuration(), before);
        world.assert_unchanged();
    }
}

#[test]
fn what_was_not_protected_in_the_evening_is_not_in_the_morning() {
    let world = World::known(off_while_down());
    world.load_balancer_by_hand(|one| drop(one.attributes.insert(DELETION_PROTECTION.to_owned(), "false".to_owned())));
    world.at(EVENING).stop();
    let unprotects = world.performed().iter().any(Action::unprotects);
    assert!(!unprotects, "there was nothing to switch off");
    world.at(MORNING).start();
    assert!(!is_protected(&world));
}

/// Cuts an evening before and after each of its changes, until there are no more.
fn cut_each_evening(then: impl Fn(&World, Cut)) -> usize {
    let mut count = 0;
    loop {
        for cut in [Cut::Before(count + 1), Cut::After(count + 1)] {
            let world = World::known(off_while_down());
            let request = world.at(EVENING).request(Some(Command::Scheduled(Target::Down)));
            if world.run_cut(&request, cut).is_some() {
                return count;
            }
            then(&world, cut);
        }
        count += 1;
    }
}

#[test]
fn a_night_that_is_cut_off_anywhere_goes_on() {
    let before = World::known(off_while_down()).configuration();
    let count = cut_each_evening(|world, cut| {
        world.at(NIGHT).tick_until_unchanged();
        world.assert_down();
        world.at(MORNING).start();
        assert_eq!(world.configuration(), before, "{cut:?}");
        world.assert_unchanged();
    });
    assert!(count >= 10, "only {count} changes were cut");
}

#[test]
fn a_morning_that_comes_first_protects_it_again() {
    let before = World::known(off_while_down()).configuration();
    let count = cut_each_evening(|world, cut| {
        world.at(MORNING).scheduled(Target::Up);
        world.tick_until_unchanged();
        world.assert_up();
        assert!(is_protected(world), "{cut:?}");
        assert_eq!(world.configuration(), before, "{cut:?}");
    });
    assert!(count >= 10, "only {count} changes were cut");
}
