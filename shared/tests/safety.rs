//! What forbids to touch anything: all reasons at once, and no action.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::environment::{by_day, by_night};
use crate::support::{example, id, tiers};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::next::{Step, Waiting, next};
use curfew_core::safety::ReasonKind;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn step(blueprint: &Blueprint, seen: &Observation, target: Target) -> Step {
    next(&blueprint.environment, &blueprint.tier, seen, target)
}

/// The reasons that block after a change to what is seen of platform, one a line.
fn blocked(target: Target, change: impl FnOnce(&mut Observation)) -> String {
    let blueprint = example("platform");
    let mut seen = match target {
        Target::Down => by_day(&blueprint),
        Target::Up => by_night(&blueprint),
    };
    change(&mut seen);
    match step(&blueprint, &seen, target) {
        Step::Blocked(reasons) => reasons.iter().map(|reason| format!("{:?}: {reason}\n", reason.kind)).collect(),
        other => panic!("it should be blocked, and is {other:?}"),
    }
}

fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}

/// The thing of a name, whatever state it is in.
fn of<K: Ord, T>(things: &mut std::collections::BTreeMap<K, Seen<T>>) -> impl Iterator<Item = &mut T> {
    things.values_mut().filter_map(|found| match found {
        Seen::Pending(thing) | Seen::Ready(thing) | Seen::Leaving(thing) => Some(thing),
        Seen::Absent | Seen::Unknown(_) => None,
    })
}

fn foreign<Id: Clone + PartialEq>(ownership: &mut Ownership<Id>, environment: Option<&str>) {
    *ownership = Ownership::Foreign { id: ownership.id().clone(), environment: environment.map(str::to_owned) };
}

#[test]
fn what_belongs_to_somebody_else_blocks() {
    check(
        blocked(Target::Down, |seen| {
            of(&mut seen.load_balancers).for_each(|found| foreign(&mut found.ownership, None))
        }),
        expect![[r#"
            Foreign: load balancer platform-dev-alb (arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/platform-dev-alb/day) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)
        "#]],
    );
    check(
        blocked(Target::Down, |seen| {
            of(&mut seen.nat_gateways).for_each(|found| foreign(&mut found.ownership, Some("staging")))
        }),
        expect![[r#"
            Foreign: NAT gateway a (nat-day0) belongs to the environment staging; give one of the two another name or place, or take it out of one of the blueprints
            Foreign: NAT gateway b (nat-day1) belongs to the environment staging; give one of the two another name or place, or take it out of one of the blueprints
        "#]],
    );
    check(
        blocked(Target::Up, |seen| of(&mut seen.addresses).for_each(|found| foreign(&mut found.ownership, None))),
        expect![[r#"
            Foreign: address a (eipalloc-day0) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)
            Foreign: address b (eipalloc-day1) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)
        "#]],
    );
    check(
        blocked(Target::Up, |seen| of(&mut seen.services).for_each(|found| foreign(&mut found.ownership, None))),
        expect![[r#"
            Foreign: service platform-dev-backend (arn:aws:ecs:us-west-2:123456789012:service/platform-dev-cluster/platform-dev-backend) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)
            Foreign: service platform-dev-frontend (arn:aws:ecs:us-west-2:123456789012:service/platform-dev-cluster/platform-dev-frontend) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)
        "#]],
    );
}

#[test]
fn what_belongs_to_somebody_else_blocks_on_the_way_up_as_on_the_way_down() {
    let blueprint = example("platform");
    let changes: [fn(&mut Observation); 4] = [
        |seen| of(&mut seen.addresses).for_each(|found| foreign(&mut found.ownership, None)),
        |seen| of(&mut seen.nat_gateways).for_each(|found| foreign(&mut found.ownership, None)),
        |seen| of(&mut seen.load_balancers).for_each(|found| foreign(&mut found.ownership, None)),
        |seen| of(&mut seen.services).for_each(|found| foreign(&mut found.ownership, None)),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        for target in [Target::Up, Target::Down] {
            let mut seen = by_day(&blueprint);
            change(&mut seen);
            let Step::Blocked(reasons) = step(&blueprint, &seen, target) else { panic!("{number} is not blocked") };
            assert!(reasons.iter().all(|reason| reason.kind == ReasonKind::Foreign), "{number}: {reasons:?}");
        }
    }
}

#[test]
fn what_aws_would_not_delete_blocks_the_evening_alone() {
    let protect = |seen: &mut Observation| {
        of(&mut seen.load_balancers).for_each(|found| {
            found.configuration.attributes.insert(DELETION_PROTECTION.to_owned(), "true".to_owned());
        });
    };
    check(
        blocked(Target::Down, protect),
        expect![[r#"
            Protected: load balancer platform-dev-alb is protected against deletion; if it may go at night, say `deletionProtection: off-while-down` of it in the blueprint, or switch its protection off by hand
        "#]],
    );
    let blueprint = example("platform");
    let mut day = by_day(&blueprint);
    protect(&mut day);
    assert_eq!(
        blueprint.tier.load_balancers.values().next().map(|l| &*l.attributes[DELETION_PROTECTION]),
        Some("false")
    );
    assert_eq!(step(&blueprint, &day, Target::Up), Step::Done, "and it is never switched off");
}

#[test]
fn what_could_not_come_back_blocks_before_anything_is_deleted() {
    check(
        blocked(Target::Down, |seen| {
            let what = |text: &str| vec![text.to_owned()];
            of(&mut seen.load_balancers).for_each(|found| found.unsupported = what("an OIDC secret"));
            of(&mut seen.nat_gateways).for_each(|found| found.unsupported = what("it is regional"));
            of(&mut seen.services).for_each(|found| found.unsupported = what("blue/green"));
            of(&mut seen.records).for_each(|found| found.unsupported = what("it is weighted"));
        }),
        expect![[r#"
            Unsupported: DNS record dev.platform.example.com A could not come back exactly: it is weighted; make it a plain alias record, or lead it elsewhere and take it out of the blueprint
            Unsupported: NAT gateway a could not come back exactly: it is regional; change that, or let it stay at night: take it out of the blueprint, and its tag `curfew:environment` off it
            Unsupported: NAT gateway b could not come back exactly: it is regional; change that, or let it stay at night: take it out of the blueprint, and its tag `curfew:environment` off it
            Unsupported: load balancer platform-dev-alb could not come back exactly: an OIDC secret; change that, or let it stay at night: take it out of the blueprint, and its tag `curfew:environment` off it
            Unsupported: service platform-dev-backend could not come back exactly: blue/green; change that; if it may run at night without what goes, take it out of the blueprint and write `otherUsers: { allow: [service/platform-dev-backend] }`
            Unsupported: service platform-dev-frontend could not come back exactly: blue/green; change that; if it may run at night without what goes, take it out of the blueprint and write `otherUsers: { allow: [service/platform-dev-frontend] }`
        "#]],
    );
}

#[test]
fn an_address_like_no_other_blocks_where_it_would_be_released() {
    let mut blueprint = example("platform");
    let mut seen = by_day(&blueprint);
    of(&mut seen.addresses).for_each(|found| found.unsupported = vec!["comes from the pool ipv4pool-ec2-1".to_owned()]);
    assert!(matches!(step(&blueprint, &seen, Target::Down), Step::Act(_)), "one that is kept is no matter");
    blueprint.tier.addresses.values_mut().for_each(|address| address.while_down = AddressWhileDown::Release);
    assert_eq!(step(&blueprint, &seen, Target::Up), Step::Done);
    let Step::Blocked(reasons) = step(&blueprint, &seen, Target::Down) else { panic!("it is blocked") };
    check(
        reasons[0].to_string(),
        expect![
            "address a could not come back exactly: comes from the pool ipv4pool-ec2-1; write `whileDown: keep` for it"
        ],
    );
    assert_eq!(reasons.len(), blueprint.tier.addresses.len());
}

#[test]
fn what_leads_elsewhere_blocks() {
    let astray = |seen: &mut Observation| {
        of(&mut seen.routes).for_each(|found| found.target = RouteTarget::Other("igw-1".to_owned()));
        of(&mut seen.records).for_each(|found| {
            found.target = RecordTarget::Alias {
                dns_name: "other.example.com".to_owned(),
                hosted_zone: id("ZOTHER"),
                evaluate_target_health: false,
            };
        });
    };
    check(
        blocked(Target::Down, astray),
        expect![[r#"
        LeadsElsewhere: DNS record dev.platform.example.com A points at other.example.com, not at load balancer platform-dev-alb; point it back by hand, or take it out of the blueprint
        LeadsElsewhere: route 0.0.0.0/0 in rtb-0b1a000000000001a leads to igw-1, not to NAT gateway a; lead it back by hand, or take it out of the blueprint
        LeadsElsewhere: route 0.0.0.0/0 in rtb-0b1a000000000002b leads to igw-1, not to NAT gateway b; lead it back by hand, or take it out of the blueprint
    "#]],
    );
    check(
        blocked(Target::Up, |seen| {
            of(&mut seen.routes).for_each(|found| found.target = RouteTarget::NatGateway(id("nat-other")));
            of(&mut seen.records).for_each(|found| found.target = RecordTarget::Values(vec!["203.0.113.1".to_owned()]));
        }),
        expect![[r#"
            LeadsElsewhere: DNS record dev.platform.example.com A points at 203.0.113.1, not at load balancer platform-dev-alb; point it back by hand, or take it out of the blueprint
            LeadsElsewhere: route 0.0.0.0/0 in rtb-0b1a000000000001a leads to nat-other, not to NAT gateway a; lead it back by hand, or take it out of the blueprint
            LeadsElsewhere: route 0.0.0.0/0 in rtb-0b1a000000000002b leads to nat-other, not to NAT gateway b; lead it back by hand, or take it out of the blueprint
        "#]],
    );
}

#[test]
fn a_name_that_still_points_at_yesterdays_load_balancer_is_ours() {
    let blueprint = example("platform");
    let mut seen = by_night(&blueprint);
    let day = by_day(&blueprint);
    seen.records = day.records.clone();
    assert!(matches!(step(&blueprint, &seen, Target::Up), Step::Act(_)));
    of(&mut seen.records).for_each(|found| {
        let RecordTarget::Alias { dns_name, .. } = &mut found.target else { panic!("an alias") };
        *dns_name = dns_name.replace("platform-dev-alb", "platform-dev-alb-internal");
    });
    assert!(matches!(step(&blueprint, &seen, Target::Up), Step::Blocked(_)), "a longer name is another's");
}

#[test]
fn what_is_missing_blocks() {
    check(
        blocked(Target::Down, |seen| seen.services.values_mut().for_each(|found| *found = Seen::Absent)),
        expect![[r#"
            Missing: service platform-dev-backend does not exist, and nothing says how it is made; create it (base tier), or take it out of the blueprint
            Missing: service platform-dev-frontend does not exist, and nothing says how it is made; create it (base tier), or take it out of the blueprint
        "#]],
    );
    let mut blueprint = example("portyfoul");
    let mut seen = by_night(&blueprint);
    seen.addresses.values_mut().for_each(|found| *found = Seen::Absent);
    let Step::Blocked(reasons) = step(&blueprint, &seen, Target::Up) else { panic!("it is blocked") };
    check(
        reasons[0].to_string(),
        expect![
            "address nat (eipalloc-0f01000000000001a) is to be kept and does not exist; name another address, or leave `adopted` out for a new one"
        ],
    );
    blueprint.tier.addresses.values_mut().for_each(|address| address.adopted = None);
    assert!(matches!(step(&blueprint, &seen, Target::Up), Step::Act(_)), "a new one where none is adopted");
}

#[test]
fn a_service_that_is_defined_need_not_be_there_yet() {
    let mut blueprint = example("platform");
    for (name, service) in &mut blueprint.tier.services {
        service.definition = Some(tiers::definition(Vec::new(), Tags::new()));
        service.task_definition = Some(id(name.as_str()));
    }
    let without = |mut seen: Observation| {
        seen.services.values_mut().for_each(|found| *found = Seen::Absent);
        seen
    };
    let mut night = without(by_night(&blueprint));
    assert_eq!(step(&blueprint, &night, Target::Down), Step::Done, "before the first morning there is nothing to do");
    assert!(matches!(step(&blueprint, &night, Target::Up), Step::Act(_)), "the morning begins");
    let Step::Act(actions) = step(&blueprint, &without(by_day(&blueprint)), Target::Up) else { panic!("it acts") };
    let made = actions.iter().filter(|action| matches!(action, Action::CreateService { .. })).count();
    assert_eq!(made, blueprint.tier.services.len());

    blueprint.tier.services.values_mut().for_each(|service| service.task_definition = None);
    night = without(night);
    assert!(matches!(step(&blueprint, &night, Target::Down), Step::Blocked(_)), "it needs a task definition too");
}

#[test]
fn a_nat_gateway_that_keeps_failing_blocks_the_morning() {
    let failed = |times: usize| {
        move |seen: &mut Observation| {
            seen.failed_nat_gateways.insert(id("a"), vec!["Gateway.NotAttached".to_owned(); times]);
        }
    };
    check(
        blocked(Target::Up, failed(3)),
        expect![[r#"
            KeepsFailing: NAT gateway a failed 3 times in the last hour: Gateway.NotAttached; fix what AWS names; Curfew tries again within the hour
        "#]],
    );
    let blueprint = example("platform");
    let mut seen = by_night(&blueprint);
    failed(2)(&mut seen);
    let Step::Act(actions) = step(&blueprint, &seen, Target::Up) else { panic!("it is tried again") };
    let attempts = actions
        .iter()
        .filter_map(|a| if let Action::CreateNatGateway { attempt, .. } = a { Some(*attempt) } else { None });
    assert_eq!(attempts.collect::<Vec<_>>(), [2, 0], "each try with another token");
}

#[test]
fn all_reasons_are_told_at_once() {
    let all = blocked(Target::Down, |seen| {
        of(&mut seen.load_balancers).for_each(|found| {
            found.configuration.attributes.insert(DELETION_PROTECTION.to_owned(), "true".to_owned());
            found.unsupported = vec!["an OIDC secret".to_owned()];
        });
        of(&mut seen.nat_gateways).for_each(|found| foreign(&mut found.ownership, None));
        of(&mut seen.records).for_each(|found| found.target = RecordTarget::Values(vec!["203.0.113.1".to_owned()]));
        seen.services.values_mut().take(1).for_each(|found| *found = Seen::Absent);
    });
    assert_eq!(all.lines().count(), 6, "{all}");
}

#[test]
fn another_environments_tag_is_stronger_than_an_adoption() {
    let adopted: NatGatewayId = id("nat-1");
    let environment: EnvironmentName = id("dev");
    let prove = |tags: &Tags, adopted: Option<&NatGatewayId>| {
        Ownership::prove(&environment, id::<NatGatewayId>("nat-1"), tags, adopted)
    };
    let tagged = |name: &str| Tags::from([(ENVIRONMENT_TAG.to_owned(), name.to_owned())]);
    assert_eq!(prove(&tagged("dev"), None).owned().map(Owned::proof), Some(Proof::Tagged));
    assert_eq!(prove(&Tags::new(), Some(&adopted)).owned().map(Owned::proof), Some(Proof::Adopted));
    assert_eq!(prove(&Tags::new(), Some(&id("nat-2"))).owned(), None);
    assert_eq!(prove(&tagged("staging"), Some(&adopted)).owned(), None);
    assert_eq!(prove(&Tags::new(), None).owned(), None);
}

/// Makes one entry of an observation, by its number, unknown; says whether there was one.
fn forget(seen: &mut Observation, number: usize) -> bool {
    let why = Unobserved { call: "Describe".to_owned(), message: "throttled".to_owned(), retry: Retry::Later };
    let mut at = 0;
    macro_rules! forget_in {
        ($($field:ident),*) => {
            $(for found in seen.$field.values_mut() {
                if at == number {
                    *found = Seen::Unknown(why);
                    return true;
                }
                at += 1;
            })*
        };
    }
    forget_in!(addresses, nat_gateways, routes, load_balancers, targets, records, services);
    false
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_done_while_one_thing_is_unknown(tier in tiers::tier()) {
        let blueprint = tiers::blueprint_of(tier);
        for (seen, target) in [
            (by_day(&blueprint), Target::Down),
            (by_night(&blueprint), Target::Up),
            (by_day(&blueprint), Target::Up),
        ] {
            for number in 0.. {
                let mut seen = seen.clone();
                if !forget(&mut seen, number) {
                    break;
                }
                match step(&blueprint, &seen, target) {
                    Step::Wait { on, .. } => {
                        prop_assert!(on.iter().all(|waiting| matches!(waiting, Waiting::Observed { .. })), "{:?}", on);
                    }
                    other => prop_assert!(false, "{target}, {number}: {other:?}"),
                }
            }
        }
    }
}
