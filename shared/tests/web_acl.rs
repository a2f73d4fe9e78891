//! A load balancer's web ACL: it guards the new load balancer before any name leads there, whoever gave it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::time::Duration;

use crate::support::environment::{by_day, by_night};
use crate::support::world::{Cut, EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, World};
use crate::support::{example, id, tiers};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Command;
use curfew_core::forecast::{Model, forecast};
use curfew_core::model::*;
use curfew_core::next::{Step, next};
use curfew_core::state::Phase;
use expect_test::expect;

fn guarded() -> Blueprint {
    tiers::guarded(example("durable"))
}

fn other() -> WebAclArn {
    id("arn:aws:wafv2:us-west-2:123456789012:regional/webacl/stricter/0e1f0000-0000-4000-8000-000000000002")
}

fn web_acl(world: &World) -> Option<WebAclArn> {
    world.configuration().load_balancers.values().next().expect("there is one").web_acl.clone()
}

#[test]
fn a_blueprint_names_it_and_says_what_else_is_wrong() {
    let written = support::example_text("durable").replace(
        "    scheme: internet-facing\n",
        "    scheme: internet-facing\n    webAcl: arn:aws:wafv2:us-west-2:123456789012:regional/webacl/guard/0e1f0000-0000-4000-8000-000000000001\n",
    );
    let blueprint = Blueprint::parse(&written).expect("a blueprint");
    assert_eq!(blueprint.tier, guarded().tier);
    let global = written.replace("regional/webacl", "global/webacl");
    let problems = Blueprint::parse(&global).expect_err("one for CloudFront is none").to_string();
    expect!["line 37: loadBalancers.durable-dev-alb.webAcl: `arn:aws:wafv2:us-west-2:123456789012:global/webacl/guard/0e1f0000-0000-4000-8000-000000000001` is not the ARN of a regional web ACL"].assert_eq(&problems);
}

#[test]
fn names_lead_to_the_load_balancer_once_it_is_guarded() {
    let blueprint = guarded();
    let night = by_night(&blueprint);
    let plan = forecast(&blueprint.environment, &blueprint.tier, &night, Target::Up);
    let said: Vec<String> = plan.actions().map(Action::to_string).collect();
    let place = |what: &str| said.iter().position(|action| action.starts_with(what)).expect(what);
    assert!(place("CreateLoadBalancer") < place("AssociateWebACL"));
    assert!(place("AssociateWebACL") < place("ChangeResourceRecordSets"));
    expect!["AssociateWebACL load balancer durable-dev-alb (guard)"].assert_eq(&said[place("AssociateWebACL")]);
}

#[test]
fn one_that_is_being_made_is_waited_for_and_nothing_is_settled() {
    let blueprint = guarded();
    let mut model = Model::new(&blueprint.environment, by_night(&blueprint));
    let step = |model: &Model| next(&blueprint.environment, &blueprint.tier, model.seen(), Target::Up);
    let on = loop {
        match step(&model) {
            Step::Act(actions) => actions.iter().for_each(|action| model.perform(action)),
            Step::Wait { on, .. } => break on,
            other => panic!("{other:?}"),
        }
    };
    let said: Vec<String> = on.iter().map(ToString::to_string).collect();
    assert!(said.contains(&"load balancer durable-dev-alb to take its web ACL".to_owned()), "{said:?}");
    assert!(!on.iter().all(curfew_core::next::Waiting::is_readiness), "else the tier would be recorded without it");
}

#[test]
fn it_comes_back_and_so_does_another_that_somebody_put_in_its_place() {
    let world = World::known(guarded());
    let before = world.configuration();
    world.at(EVENING).stop();
    world.at(MORNING).start();
    assert_eq!(world.configuration(), before);
    world.load_balancer_by_hand(|load_balancer| load_balancer.web_acl = Some(other()));
    world.assert_unchanged();
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(web_acl(&world), Some(other()));
    world.assert_unchanged();
}

#[test]
fn one_that_the_blueprint_does_not_name_comes_back_and_one_that_was_taken_away_does_not() {
    let world = World::known(example("durable"));
    world.load_balancer_by_hand(|load_balancer| load_balancer.web_acl = Some(other()));
    world.at(EVENING).stop();
    world.at(MORNING).start();
    assert_eq!(web_acl(&world), Some(other()));
    world.load_balancer_by_hand(|load_balancer| load_balancer.web_acl = None);
    world.assert_unchanged();
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(web_acl(&world), None);
}

#[test]
fn an_evening_that_comes_before_the_load_balancer_is_guarded_forgets_nothing() {
    let world = World::known(guarded());
    let before = world.configuration();
    world.at(EVENING).stop();
    let calls = |world: &World| world.performed().iter().map(Action::name).collect::<Vec<_>>();
    world.performed();
    let request = world.at(MORNING).request(Some(Command::Scheduled(Target::Up)));
    // The load balancer is asked for, and the run dies.
    assert!(world.run_cut(&request, Cut::After(4)).is_none());
    assert!(!calls(&world).contains(&"AssociateWebACL"));
    assert_eq!(world.state().phase, Some(Phase::Raising));
    world.pass(Duration::from_secs(300));
    world.at(NEXT_EVENING).stop();
    world.at(NEXT_MORNING).start();
    assert_eq!(world.configuration(), before);
}

#[test]
fn nothing_is_led_away_by_day_from_one_whose_web_acl_somebody_took_away() {
    let blueprint = guarded();
    let world = World::known(blueprint.clone());
    world.load_balancer_by_hand(|load_balancer| load_balancer.web_acl = None);
    world.assert_unchanged();
    let mut day = by_day(&blueprint);
    for found in day.load_balancers.values_mut() {
        let Seen::Ready(found) = found else { panic!("it is there") };
        found.configuration.web_acl = None;
    }
    let Step::Act(actions) = next(&blueprint.environment, &blueprint.tier, &day, Target::Up) else { panic!("it acts") };
    let calls: Vec<&str> = actions.iter().map(Action::api_call).collect();
    assert_eq!(calls, ["wafv2:AssociateWebACL"], "while it is being raised it is only given back");
}
