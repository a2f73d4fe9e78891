//! The simulator and the strict emulator are held against each other: one script drives both through the port, and
//! after each step what they tell is compared.
//!
//! Whatever differs is fixed on the side that the facts show to be wrong, or stands in a script's table of known
//! differences with the reason; an entry that no longer differs fails too.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

mod both;
mod calls;
mod compare;
mod emulated;
mod moments;
mod names;
mod pair;
mod people;
mod refusals;
mod simulated;

use curfew_core::model::Target;
use curfew_sim::environment::Example;

use compare::Known;
use moments::Moment;
use pair::Pair;

/// What a morning and a night show, whatever the environment.
const ALWAYS: [Moment; 9] = [
    Moment::NatGatewayPending,
    Moment::NatGatewayLeaving,
    Moment::AddressHeldByOneThatLeaves,
    Moment::RouteIntoABlackHole,
    Moment::LoadBalancerProvisionedWithListeners,
    Moment::TasksPending,
    Moment::TasksStopping,
    Moment::TargetsWaiting,
    Moment::TargetsDraining,
];

#[test]
fn durable_is_the_same_night_and_morning() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.bring(Target::Up);
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    pair.finish(&ALWAYS);
}

#[test]
fn durable_with_a_web_acl_is_the_same_night_and_morning() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.guard("dev");
    pair.bring(Target::Up);
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    pair.finish(&ALWAYS);
}

#[test]
fn durable_with_an_alarm_is_the_same_night_and_morning() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.bring(Target::Up);
    pair.watch("errors");
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    pair.finish(&ALWAYS);
}

#[test]
fn durable_with_a_vpc_endpoint_is_the_same_night_and_morning() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.name_endpoint("secrets", "secretsmanager");
    pair.bring(Target::Up);
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    pair.finish(&[&ALWAYS[..], &[Moment::VpcEndpointPending, Moment::VpcEndpointLeaving]].concat());
}

#[test]
fn platform_is_the_same_night_and_morning() {
    let mut pair = Pair::set(Example::Platform, &[]);
    pair.bring(Target::Up);
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    pair.finish(&[&ALWAYS[..], &[Moment::DatabaseStarting, Moment::DatabaseStopping]].concat());
}

/// Portyfoul's families are not called as its services are.
const FAMILIES: [Known; 1] = [Known {
    place: &["services", "taskDefinition"],
    why: "a blueprint does not say of which family a service that stays is; the simulator calls it by the service's name",
}];

#[test]
fn portyfoul_is_the_same_night_and_morning() {
    let mut pair = Pair::set(Example::Portyfoul, &FAMILIES);
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    pair.finish(&ALWAYS);
}
