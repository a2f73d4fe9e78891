//! VPC endpoints: a service's names lead to one of a VPC, until it is gone.

use curfew_core::model::*;
use curfew_sim::environment::Example;
use expect_test::expect;

use super::{id, tags};
use crate::moments::Moment;
use crate::pair::Pair;

fn delete(seen: &Observation) -> Action {
    let found = seen.vpc_endpoints[&id::<LogicalName>("secrets")].present().expect("secrets");
    let vpc_endpoint = found.ownership.owned().expect("secrets").clone();
    Action::DeleteVpcEndpoints { name: id("secrets"), vpc_endpoint }
}

#[test]
fn vpc_endpoints_are_refused_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.name_endpoint("secrets", "secretsmanager");
    let wanted = pair.blueprint.tier.vpc_endpoints[&id::<LogicalName>("secrets")].clone();
    let create = |private_dns: PrivateDns| {
        let vpc_endpoint = Box::new(VpcEndpoint { private_dns, ..wanted.clone() });
        move |_: &Observation| Action::CreateVpcEndpoint {
            name: id("secrets"),
            vpc_endpoint: vpc_endpoint.clone(),
            tags: tags("secrets"),
        }
    };
    pair.look();
    pair.attempt("make it", create(PrivateDns::Enabled));
    pair.attempt("make it", create(PrivateDns::Enabled));
    pair.attempt("take its names again", create(PrivateDns::Enabled));
    pair.pass(130);
    pair.look();
    // Of two that work, the one with the lower id is in place, and ids are random: so this one is not to work yet.
    pair.attempt("make one beside it", create(PrivateDns::Disabled));
    pair.look();
    let before = pair.seen().clone();
    pair.attempt("delete it", delete);
    pair.attempt_on("delete it again", &before, delete);
    pair.attempt("take its names while it leaves", create(PrivateDns::Enabled));
    pair.look();
    pair.pass(130);
    pair.attempt_on("delete what is gone", &before, delete);
    pair.attempt("take its names", create(PrivateDns::Enabled));
    pair.look();
    let told = pair.finish(&[Moment::VpcEndpointPending]);
    expect![[r#"
        make it: ok
        make it: ok
        take its names again: InvalidParameter, look again
        make one beside it: ok
        delete it: ok
        delete it again: ok
        take its names while it leaves: InvalidParameter, look again
        delete what is gone: ok
        take its names: ok
    "#]]
    .assert_eq(&told);
}
