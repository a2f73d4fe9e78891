//! Load balancers with their listeners and rules, and the records that point to them.

use std::collections::BTreeMap;

use curfew_core::model::*;
use curfew_sim::environment::Example;
use expect_test::expect;

use super::{id, listen, load_balancer, owned, tags};
use crate::moments::Moment;
use crate::pair::Pair;

const MAIN: &str = "durable-dev-alb";
const OTHER: &str = "other-alb";

fn set(seen: &Observation, name: &str, key: &str, value: &str) -> Action {
    let attributes = BTreeMap::from([(key.to_owned(), value.to_owned())]);
    Action::ModifyLoadBalancerAttributes { name: id(name), load_balancer: owned(seen, name), attributes }
}

fn delete_load_balancer(seen: &Observation, name: &str) -> Action {
    Action::DeleteLoadBalancer { name: id(name), load_balancer: owned(seen, name) }
}

fn add_rule(seen: &Observation, name: &str, port: u16, priority: u16, rule: &Rule) -> Action {
    let listener = load_balancer(seen, name).listeners[&port].clone();
    let (name, rule) = (id(name), Box::new(rule.clone()));
    Action::CreateRule { name, port, listener, priority, rule, tags: tags("rule") }
}

#[test]
fn load_balancers_are_refused_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    let wanted = pair.blueprint.tier.load_balancers[&id::<LoadBalancerName>(MAIN)].clone();
    pair.blueprint.tier.load_balancers.insert(id(OTHER), wanted.clone());
    let create = |name: &str, wanted: &LoadBalancer, tag: &str| Action::CreateLoadBalancer {
        name: id(name),
        load_balancer: Box::new(wanted.clone()),
        tags: tags(tag),
    };
    let internal = LoadBalancer { scheme: Scheme::Internal, ..wanted.clone() };
    let narrow = LoadBalancer { subnets: wanted.subnets.iter().take(1).cloned().collect(), ..wanted.clone() };
    let (plain, secure) = (&wanted.listeners[&80], &wanted.listeners[&443]);
    let rule = &secure.rules[&10];

    pair.look();
    pair.attempt("one in a single zone", |_| create(MAIN, &narrow, MAIN));
    pair.attempt("make it", |_| create(MAIN, &wanted, MAIN));
    pair.attempt("make it again", |_| create(MAIN, &wanted, MAIN));
    pair.attempt("make it with other tags", |_| create(MAIN, &wanted, "other tags"));
    pair.attempt("make it with other settings", |_| create(MAIN, &internal, MAIN));
    pair.attempt("make another", |_| create(OTHER, &wanted, OTHER));

    pair.attempt("listen on 80", |seen| listen(seen, MAIN, 80, plain));
    pair.attempt("listen on 80 again", |seen| listen(seen, MAIN, 80, plain));
    pair.attempt("listen on 80 otherwise", |seen| listen(seen, MAIN, 80, &Listener { ..forwarding(plain, secure) }));
    pair.attempt("listen on 443", |seen| listen(seen, MAIN, 443, secure));
    pair.attempt("forward there from another load balancer", |seen| listen(seen, OTHER, 443, secure));
    pair.attempt("listen on 80 of another", |seen| listen(seen, OTHER, 80, plain));
    pair.attempt("add a rule", |seen| add_rule(seen, MAIN, 443, 10, rule));
    pair.attempt("add it again", |seen| add_rule(seen, MAIN, 443, 10, rule));
    pair.attempt("forward there by a rule of another", |seen| add_rule(seen, OTHER, 80, 10, rule));
    pair.attempt("an attribute AWS does not know", |seen| set(seen, MAIN, "no.such.key", "true"));
    pair.attempt("an attribute of a listener AWS does not know", |seen| Action::ModifyListenerAttributes {
        name: id(MAIN),
        port: 80,
        listener: load_balancer(seen, MAIN).listeners[&80].clone(),
        attributes: BTreeMap::from([("no.such.key".to_owned(), "true".to_owned())]),
    });

    pair.attempt("protect it", |seen| set(seen, MAIN, DELETION_PROTECTION, "true"));
    pair.attempt("delete a protected one", |seen| delete_load_balancer(seen, MAIN));
    pair.attempt("unprotect it", |seen| set(seen, MAIN, DELETION_PROTECTION, "false"));

    let key = pair.blueprint.tier.dns_records.keys().next().expect("a record").clone();
    pair.attempt("point a name to it", |seen| {
        let one = load_balancer(seen, MAIN);
        let (dns_name, hosted_zone) = (one.dns_name.to_ascii_lowercase(), one.hosted_zone);
        let to = RecordDestination::LoadBalancer { dns_name, hosted_zone, evaluate_target_health: true };
        Action::ChangeResourceRecordSets {
            zone: key.zone.clone(),
            changes: vec![RecordChange { key: key.clone(), to }],
        }
    });
    let mine = pair.seen().simulated.records[&key].ready().is_some();
    let stranger = pair.look_as_stranger(&[Part::Records].into()).simulated.records[&key].ready().is_some();
    assert_eq!((mine, stranger), (false, true), "a change is only under way for whom made it");
    pair.pass(40);
    pair.look();
    assert!(pair.seen().simulated.records[&key].ready().is_some());

    let before = pair.seen().clone();
    pair.attempt("delete it", |seen| delete_load_balancer(seen, MAIN));
    pair.attempt_on("delete it again", &before, |seen| delete_load_balancer(seen, MAIN));
    pair.attempt_on("listen on one that is gone", &before, |seen| listen(seen, MAIN, 81, plain));
    pair.attempt_on("add a rule to one that is gone", &before, |seen| add_rule(seen, MAIN, 443, 20, rule));
    pair.attempt_on("an attribute of one that is gone", &before, |seen| set(seen, MAIN, DELETION_PROTECTION, "true"));
    pair.attempt("now forward there from the other", |seen| listen(seen, OTHER, 443, secure));
    pair.pass(160);
    pair.look();

    let told = pair.finish(&[Moment::LoadBalancerProvisionedWithListeners, Moment::RecordPending]);
    expect![[r#"
        one in a single zone: ValidationError, refused
        make it: ok
        make it again: ok
        make it with other tags: ok
        make it with other settings: DuplicateLoadBalancerName, look again
        make another: ok
        listen on 80: ok
        listen on 80 again: ok
        listen on 80 otherwise: DuplicateListener, look again
        listen on 443: ok
        forward there from another load balancer: TargetGroupAssociationLimit, refused
        listen on 80 of another: ok
        add a rule: ok
        add it again: PriorityInUse, look again
        forward there by a rule of another: TargetGroupAssociationLimit, refused
        an attribute AWS does not know: InvalidConfigurationRequest, refused
        an attribute of a listener AWS does not know: InvalidConfigurationRequest, refused
        protect it: ok
        delete a protected one: OperationNotPermitted, refused
        unprotect it: ok
        point a name to it: ok
        delete it: ok
        delete it again: ok
        listen on one that is gone: LoadBalancerNotFound, look again
        add a rule to one that is gone: ListenerNotFound, look again
        an attribute of one that is gone: LoadBalancerNotFound, look again
        now forward there from the other: ok
    "#]]
    .assert_eq(&told);
}

/// A listener like one, which forwards as another does.
fn forwarding(like: &Listener, as_does: &Listener) -> Listener {
    Listener { default_actions: as_does.default_actions.clone(), ..like.clone() }
}
