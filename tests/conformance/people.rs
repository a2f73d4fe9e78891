//! What people and their pipelines do behind Curfew's back, on both sides.

use curfew_core::model::*;
use curfew_sim::account::Push;
use curfew_sim::environment::Example;
use curfew_sim::people::Deed;

use crate::moments::Moment;
use crate::pair::Pair;

const FRONTEND: &str = "durable-dev-frontend";
const LOAD_BALANCER: &str = "durable-dev-alb";

#[test]
fn people_change_things_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.bring(Target::Up);
    watch(&mut pair, Deed::Deploy { service: FRONTEND.parse().unwrap() }, 200);
    watch(&mut pair, Deed::Scale { service: FRONTEND.parse().unwrap(), count: 3 }, 90);
    watch(&mut pair, Deed::Scale { service: FRONTEND.parse().unwrap(), count: 1 }, 60);
    let load_balancer = LOAD_BALANCER.parse().unwrap();
    watch(&mut pair, Deed::RemoveRule { load_balancer, port: 443, priority: 10 }, 0);
    pair.finish(&[Moment::TasksPending, Moment::TargetsWaiting, Moment::TargetsDraining]);
}

#[test]
fn auto_scaling_moves_counts_alike() {
    let mut pair = Pair::set(Example::Platform, &[]);
    pair.bring(Target::Up);
    let service = || "platform-dev-frontend".parse::<ServiceName>().unwrap();
    let suspend =
        |suspended: &[Suspension]| Deed::Suspend { service: service(), suspended: suspended.iter().copied().collect() };
    watch(&mut pair, Deed::Push { service: service(), push: Push::Out }, 90);
    watch(&mut pair, Deed::Push { service: service(), push: Push::In }, 90);
    watch(&mut pair, Deed::Push { service: service(), push: Push::Scheduled(3) }, 90);
    watch(&mut pair, suspend(&[Suspension::DynamicScalingIn]), 0);
    // Whatever is registered, the count is moved into the bounds.
    for count in [1, 9] {
        watch(&mut pair, Deed::Scale { service: service(), count }, 30);
        watch(&mut pair, suspend(&[]), 150);
    }
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    let label = |seen: &Observation| {
        let found = seen.services[&service()].present().unwrap();
        let LoadBalancerPolicy::RequestCount(policy) = &found.load_balancer_policies["requests"] else { panic!() };
        (found.ownership.owned().unwrap().clone(), policy.clone())
    };
    let refused = pair.attempt("a label of nothing", |seen| {
        let (service, policy) = label(seen);
        // The same id on both sides: what neither has ever made has no name to compare it by.
        let label = policy.label.to_string();
        let (_, group) = label.split_once("/targetgroup/").unwrap();
        let gone = format!("app/platform-dev-alb/0000000000000bad/targetgroup/{group}");
        let configuration = RequestCount { label: gone.parse().unwrap(), ..policy };
        let name = "platform-dev-frontend".parse().unwrap();
        Action::PutScalingPolicy { name, service, policy: "requests".to_owned(), configuration }
    });
    assert!(refused.contains("ValidationException"), "{refused}");
    pair.finish(&[Moment::TasksPending, Moment::TargetsDraining]);
}

/// Somebody does something, and both look at what comes of it.
fn watch(pair: &mut Pair, deed: Deed, seconds: u64) {
    pair.by_hand(|_| deed.clone());
    pair.look();
    for _ in 0..seconds / 10 {
        pair.pass(10);
        pair.look();
    }
}

#[test]
fn overrides_are_told_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.look();
    assert_eq!(pair.overrides(), 0);
    pair.by_hand(|_| Deed::TagCluster(Some("up until 2026-11-27T20:00:00Z".to_owned())));
    assert_eq!(pair.overrides(), 1);
    let tags = Tags::from([OVERRIDE_TAG, HOLD_TAG].map(|key| (key.to_owned(), "down".to_owned())));
    pair.attempt("a hold", |_| Action::TagCluster { tags: tags.clone() });
    assert_eq!(pair.overrides(), 1);
    pair.attempt("no hold", |_| Action::UntagCluster { keys: tags.keys().cloned().collect() });
    assert_eq!(pair.overrides(), 0);

    let (name, wanted) = pair.blueprint.tier.load_balancers.iter().next().map(|(n, w)| (n.clone(), w.clone())).unwrap();
    let tags = tags_for(&pair.blueprint.environment, name.as_str(), &Tags::new());
    let make = |_: &Observation| Action::CreateLoadBalancer {
        name: name.clone(),
        load_balancer: Box::new(wanted.clone()),
        tags: tags.clone(),
    };
    pair.attempt("a load balancer", make);
    pair.pass(60);
    pair.by_hand(|seen| Deed::TagResource {
        resource: seen.load_balancers[&name].present().unwrap().ownership.id().to_string(),
        value: Some("down".to_owned()),
    });
    assert_eq!(pair.overrides(), 0, "the Tagging API learns of it later");
    pair.pass(6);
    assert_eq!(pair.overrides(), 1);
    pair.finish(&[]);
}
