//! What an all-clear rests on. CloudFormation tags what it makes; Terraform, OpenTofu, Pulumi and SST leave no mark of
//! their own in AWS, so of what they made nobody can tell without their state.

use super::by_terraform::State;
use super::claims::{Claim, Thing};
use super::place::Place;
use crate::model::*;

/// What was looked at, in words.
pub(super) fn looked_at(states: &[State]) -> Vec<String> {
    let tags = "the tags that CloudFormation puts on what it makes".to_owned();
    let files = states.iter().map(|state| format!("the Terraform state {}", state.file));
    let none = states.is_empty().then(|| "no Terraform state: none was given (--terraform FILE)".to_owned());
    [tags].into_iter().chain(files).chain(none).collect()
}

/// What goes at night, was there before Curfew, and is claimed by nobody who was asked: something made it. A stack's marks are
/// gone after the first night, but whatever had them may still be in its template. Nothing where a state was given.
pub(super) fn unexplained(place: Place<'_>, claims: &[Claim], states: &[State]) -> Vec<Thing> {
    if !states.is_empty() {
        return Vec::new();
    }
    let tier = place.tier;
    let released = |address: &Address| address.while_down == AddressWhileDown::Release && address.adopted.is_some();
    let addresses = tier.addresses.iter().filter(|(_, one)| released(one));
    let gateways = tier.nat_gateways.iter().filter(|(_, one)| one.adopted.is_some());
    let balancers = tier.load_balancers.iter().filter(|(_, one)| one.adopted.is_some());
    let deleted = |one: &Service| one.while_down == ServiceWhileDown::Delete && one.adopted.is_some();
    let services = tier.services.iter().filter(|(_, one)| deleted(one));
    let endpoints = tier.vpc_endpoints.iter().filter(|(_, one)| one.adopted.is_some());
    let all = addresses
        .map(|(name, _)| Thing::Address(name.clone()))
        .chain(gateways.map(|(name, _)| Thing::NatGateway(name.clone())))
        .chain(balancers.map(|(name, _)| Thing::LoadBalancer(name.clone())))
        .chain(services.map(|(name, _)| Thing::Service(name.clone())))
        .chain(endpoints.map(|(name, _)| Thing::VpcEndpoint(name.clone())));
    all.filter(|thing| claims.iter().all(|claim| claim.thing != *thing)).collect()
}
