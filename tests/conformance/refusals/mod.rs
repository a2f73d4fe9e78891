//! What AWS refuses, and what it takes and regrets: tried on both sides.

mod compute;
mod databases;
mod load_balancers;
mod network;
mod services;
mod vpc_endpoints;
mod web_acls;

use curfew_core::model::*;

fn id<Id: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Id {
    text.parse().expect(text)
}

/// The tags of something of ours.
fn tags(name: &str) -> Tags {
    tags_for(&id("dev"), name, &Tags::new())
}

/// What there is about the one load balancer.
fn load_balancer(seen: &Observation, name: &str) -> ObservedLoadBalancer {
    seen.load_balancers[&id::<LoadBalancerName>(name)].present().expect(name).clone()
}

fn owned(seen: &Observation, name: &str) -> Owned<LoadBalancerArn> {
    load_balancer(seen, name).ownership.owned().expect(name).clone()
}

/// Makes a listener.
fn listen(seen: &Observation, name: &str, port: u16, listener: &Listener) -> Action {
    let listener = Box::new(listener.clone());
    Action::CreateListener { name: id(name), load_balancer: owned(seen, name), port, listener, tags: tags("listener") }
}
