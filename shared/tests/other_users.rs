//! Others who use what goes: they block before anything is touched, unless the blueprint allows them to be without it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::environment::by_day;
use crate::support::world::{Cut, EVENING, MORNING, NEXT_EVENING, World};
use crate::support::{example, example_text, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::forecast::{ForecastEnd, forecast};
use curfew_core::model::*;
use curfew_core::report::{Outcome, Report};
use expect_test::{Expect, expect};

fn check(actual: impl Into<String>, expected: Expect) {
    expected.assert_eq(&actual.into());
}

fn ruled(rule: &str) -> Result<Blueprint, String> {
    let text = example_text("portyfoul");
    Blueprint::parse(&format!("{text}\notherUsers: {rule}\n")).map_err(|problems| problems.to_string())
}

fn nat_gateway() -> Used {
    Used::NatGateway(id("nat"))
}

fn reasons(report: &Report) -> String {
    report.reasons.iter().map(|reason| format!("{:?}: {reason}\n", reason.kind)).collect()
}

fn about_others(report: &Report) -> Vec<&String> {
    report.notes.iter().filter(|note| note.contains("otherUsers")).collect()
}

fn assert_blocked(world: &World, who: &str) -> Report {
    let report = world.scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::Blocked, "{report}");
    assert_eq!(world.performed(), [], "nothing is touched");
    assert!(reasons(&report).starts_with(&format!("OtherUser: {who} ")), "{}", reasons(&report));
    report
}

#[test]
fn the_blueprint_says_who_may_be_without() {
    let rule = |text: &str| ruled(text).map(|blueprint| blueprint.tier.other_users);
    assert_eq!(example("portyfoul").tier.other_users, OtherUsersRule::Block);
    assert_eq!(rule("block"), Ok(OtherUsersRule::Block));
    assert_eq!(rule("allow"), Ok(OtherUsersRule::Allow));
    let these = ["rtb-0a1", "service/orders"].map(|one| one.parse().expect("a name")).into();
    assert_eq!(rule("{ allow: [service/orders, rtb-0a1] }"), Ok(OtherUsersRule::AllowThese(these)));
    let problem = |text: &str| ruled(text).expect_err(text);
    check(
        problem("ignore"),
        expect!["line 66: otherUsers: `ignore` is not one of block, allow, or `allow:` with a list of which"],
    );
    check(
        problem("{ allow: [orders] }"),
        expect![
            "line 66: otherUsers.allow[0]: `orders` is not one of rtb-…, i-…, eni-…, service/NAME, function/NAME, target/ADDRESS, as `curfew plan --down` names other users"
        ],
    );
    check(
        problem("{ deny: [] }"),
        expect![[r#"
            line 66: otherUsers.deny: unknown field; known here: allow
            line 66: otherUsers: the field `allow` is missing"#]],
    );
    check(problem("3"), expect!["line 66: otherUsers: wanted: a text or fields (name: value), found: a whole number"]);
}

#[test]
fn what_the_rule_says_is_not_recorded_by_itself() {
    let world = World::known(ruled("{ allow: [rtb-0a1] }").expect("a blueprint"));
    world.at(EVENING).stop();
    let recorded = world.recording();
    assert_eq!(recorded.observed.other_users, world.blueprint.tier.other_users);
    assert!(world.document("dev/recording.json").expect("it is there").contains(r#""rtb-0a1""#));
    world.at(MORNING).start();
    world.assert_unchanged();
}

#[test]
fn each_kind_blocks_with_its_own_remedy_all_at_once() {
    let blueprint = example("portyfoul");
    let mut seen = by_day(&blueprint);
    let all = [
        ("rtb-0a1", "route 0.0.0.0/0 in rtb-0a1 (tools)", vec![nat_gateway()]),
        (
            "service/orders",
            "service orders of the cluster",
            vec![nat_gateway(), Used::LoadBalancer(id("portyfoul-dev-alb")), Used::Database(id("main"))],
        ),
        ("i-0a1", "instance i-0a1 (bastion)", vec![nat_gateway()]),
        ("function/report", "Lambda function report", vec![nat_gateway()]),
        ("target/10.0.9.9", "target 10.0.9.9 in target group web", vec![Used::LoadBalancer(id("portyfoul-dev-alb"))]),
    ];
    let users = all.into_iter().map(|(name, called, uses)| {
        let user = OtherUser { called: called.to_owned(), uses: uses.into_iter().collect() };
        (name.parse().expect("a name"), user)
    });
    seen.other_users = Some(Seen::Ready(users.collect()));
    let plan = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Down);
    let ForecastEnd::Blocked(reasons) = &plan.end else { panic!("it is blocked: {:?}", plan.end) };
    assert_eq!(plan.waves, []);
    check(
        reasons.iter().map(|reason| format!("{reason}\n")).collect::<String>(),
        expect![[r#"
        Lambda function report is not in the blueprint, and would be without NAT gateway nat; let it use another one; if it may be without, write `otherUsers: { allow: [function/report] }`
        instance i-0a1 (bastion) is not in the blueprint, and would be without NAT gateway nat; add it under `instances`, or its group under `autoScalingGroups`; if it may run without, write `otherUsers: { allow: [i-0a1] }`
        route 0.0.0.0/0 in rtb-0a1 (tools) is not in the blueprint, and would lead nowhere without NAT gateway nat; add it under `routes`, and each morning leads it back; if it may lead nowhere, write `otherUsers: { allow: [rtb-0a1] }`
        service orders of the cluster is not in the blueprint, and would be without NAT gateway nat, load balancer portyfoul-dev-alb, database main; add it under `services`, so that it stops and starts with the rest; if it may run without, write `otherUsers: { allow: [service/orders] }`
        target 10.0.9.9 in target group web is not in the blueprint, and would be without load balancer portyfoul-dev-alb; let it use another one; if it may be without, write `otherUsers: { allow: [target/10.0.9.9] }`
    "#]],
    );
    let up = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
    assert_eq!(up.end, ForecastEnd::Done, "nobody is without anything on the way up");
}

#[test]
fn what_is_gone_already_is_used_by_nobody() {
    let blueprint = example("portyfoul");
    let mut seen = by_day(&blueprint);
    let user = OtherUser { called: "instance i-0a1".to_owned(), uses: [nat_gateway()].into() };
    seen.other_users = Some(Seen::Ready([("i-0a1".parse().expect("a name"), user)].into()));
    seen.nat_gateways.values_mut().for_each(|found| *found = Seen::Absent);
    let plan = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Down);
    assert_eq!(plan.end, ForecastEnd::Done);
}

#[test]
fn nothing_is_touched_while_others_use_what_goes() {
    let world = World::known(example("portyfoul"));
    world.others_use(&[("service/orders", nat_gateway())]);
    assert_blocked(world.at(EVENING), "service/orders");
    assert_eq!(world.told(), ["Curfew: dev is blocked"]);
    assert_eq!(world.tick().outcome, Outcome::Blocked);
    assert_eq!(world.told(), Vec::<String>::new(), "people are told once");
    world.assert_up();

    world.others_use(&[]);
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_down();
    world.assert_unchanged();
}

#[test]
fn whom_the_blueprint_allows_is_told_of_and_goes_without() {
    let world = World::known(ruled("{ allow: [service/orders] }").expect("a blueprint"));
    world.others_use(&[("service/orders", nat_gateway())]);
    let report = world.at(EVENING).stop();
    assert_eq!(
        about_others(&report),
        ["service/orders is without NAT gateway nat from now on, as `otherUsers` allows"]
    );
    world.assert_unchanged();
    world.at(MORNING).start();
    world.changes();

    world.others_use(&[("service/orders", nat_gateway()), ("i-0a1", nat_gateway())]);
    assert_blocked(world.at(NEXT_EVENING), "i-0a1");

    let world = World::known(ruled("allow").expect("a blueprint"));
    world.others_use(&[("service/orders", nat_gateway()), ("i-0a1", nat_gateway())]);
    let plan = forecast(&world.blueprint.environment, &world.blueprint.tier, &world.seen(), Target::Down);
    assert_eq!(plan.notes.iter().filter(|note| note.contains("otherUsers")).count(), 2, "{:?}", plan.notes);
    assert_eq!(about_others(&world.at(EVENING).stop()).len(), 2);
}

#[test]
fn somebody_who_comes_in_the_middle_of_a_night_blocks_what_has_not_gone() {
    let world = World::known(example("portyfoul"));
    // Services are told to stop; the run dies before anything is deleted.
    let request = world.at(EVENING).request(Some(curfew_core::decide::Command::Scheduled(Target::Down)));
    assert_eq!(world.run_cut(&request, Cut::After(5)), None);
    world.others_use(&[("i-0a1", nat_gateway())]);
    world.pass(std::time::Duration::from_secs(600));
    let report = world.tick();
    assert_eq!(report.outcome, Outcome::Blocked, "{report}");
    assert!(world.seen().nat_gateways.values().all(|found| found.ready().is_some()));
    world.others_use(&[]);
    world.tick_until_unchanged();
    world.assert_down();
}

#[test]
fn who_cannot_be_told_keeps_everything_as_it_is() {
    let world = World::known(example("portyfoul"));
    world.blind(Part::OtherUsers, Retry::Never);
    let report = world.at(EVENING).scheduled(Target::Down);
    assert_eq!(report.outcome, Outcome::Failed, "{report}");
    assert!(report.message.contains("who else uses what goes could not be observed"), "{}", report.message);
    assert_eq!(world.performed(), []);
    world.see_again();
    assert_eq!(world.tick().outcome, Outcome::Converged);
    world.assert_down();
    world.at(MORNING);
    world.blind(Part::OtherUsers, Retry::Never);
    world.start();
}

#[test]
fn nobody_looks_before_something_goes() {
    let asked = |world: &World| world.looks().iter().flatten().filter(|part| **part == Part::OtherUsers).count();
    let world = World::by_day(example("portyfoul"));
    world.tick();
    assert_eq!(asked(&world), 0, "a tick by day");
    world.at(EVENING).stop();
    assert_eq!(asked(&world), 2, "before the first change, and before the first deletion");
    world.tick();
    assert_eq!(asked(&world), 0, "a tick at night");
    world.at(MORNING).start();
    assert_eq!(asked(&world), 0, "a morning");
}

#[test]
fn a_route_that_is_added_to_the_blueprint_later_is_led_back_like_the_rest() {
    let mut world = World::known(ruled("{ allow: [rtb-0a1] }").expect("a blueprint"));
    world.at(EVENING).stop();
    let key = RouteKey { route_table: id("rtb-0a1"), destination: "0.0.0.0/0".to_owned() };
    let hole = RouteTarget::Blackhole(Some(id("nat-0f01000000000001a")));
    world.by_hand(|seen| drop(seen.routes.insert(key.clone(), Seen::Ready(ObservedRoute { target: hole }))));
    world.at(MORNING).start();

    // By day, after it has led nowhere for a night.
    world.blueprint.tier.routes.insert(key.clone(), id("nat"));
    let report = world.tick();
    assert_eq!(report.outcome, Outcome::Converged, "{report}");
    world.assert_up();
    world.assert_unchanged();
}
