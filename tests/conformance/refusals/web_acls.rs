//! Web ACLs and the load balancers they guard.

use curfew_core::model::*;
use curfew_sim::environment::Example;
use expect_test::expect;

use super::{id, owned, tags};
use crate::pair::Pair;

const NAME: &str = "durable-dev-alb";

#[test]
fn web_acls_are_refused_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    let guard = pair.guard("dev");
    let stricter = pair.guard("stricter");
    let wanted = pair.blueprint.tier.load_balancers[&id::<LoadBalancerName>(NAME)].clone();
    let unknown: WebAclArn = id(&format!("{guard}0"));
    let make =
        || Action::CreateLoadBalancer { name: id(NAME), load_balancer: Box::new(wanted.clone()), tags: tags(NAME) };
    let associate = |seen: &Observation, web_acl: &WebAclArn| Action::AssociateWebAcl {
        name: id(NAME),
        load_balancer: owned(seen, NAME),
        web_acl: web_acl.clone(),
    };

    pair.look();
    pair.attempt("make it", |_| make());
    pair.attempt("guard one that is being made", |seen| associate(seen, &guard));
    pair.attempt("guard it with what does not exist", |seen| associate(seen, &unknown));
    pair.pass(160);
    pair.look();
    pair.attempt("guard it", |seen| associate(seen, &guard));
    pair.attempt("guard it again", |seen| associate(seen, &guard));
    pair.attempt("guard it otherwise", |seen| associate(seen, &stricter));
    let found = pair.look().simulated.load_balancers[&id::<LoadBalancerName>(NAME)].present().cloned();
    assert_eq!(found.and_then(|found| found.configuration.web_acl), Some(stricter), "one takes the other's place");

    let before = pair.seen().clone();
    pair.attempt("delete it", |seen| Action::DeleteLoadBalancer { name: id(NAME), load_balancer: owned(seen, NAME) });
    pair.attempt_on("guard one that is gone", &before, |seen| associate(seen, &guard));
    pair.attempt("make it anew", |_| make());
    pair.pass(160);
    pair.look();
    let told = pair.finish(&[]);
    expect![[r#"
        make it: ok
        guard one that is being made: WAFUnavailableEntityException, look again
        guard it with what does not exist: WAFNonexistentItemException, look again
        guard it: ok
        guard it again: ok
        guard it otherwise: ok
        delete it: ok
        guard one that is gone: WAFNonexistentItemException, look again
        make it anew: ok
    "#]]
    .assert_eq(&told);
}
