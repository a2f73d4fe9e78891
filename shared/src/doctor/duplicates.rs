//! What stands where something of Curfew's should, or beside it: an apply has made it again while the environment was down.
//! Curfew deletes none of it.

use serde::Serialize;

use super::claims::{Claim, Claimant, Thing, Which};
use super::cloudformation::maker;
use super::place::Place;
use crate::capture::found;
use crate::model::*;
use crate::money::{Prices, public_addresses};

/// Something that is there twice, or where Curfew's own should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Duplicate {
    /// The place it stands in.
    pub thing: Thing,
    /// Its id or ARN.
    pub id: String,
    /// Who made it, where that is known.
    pub made_by: Option<Claimant>,
    /// What is in its place besides.
    pub position: Position,
    /// What it costs an hour, in USD, where the region's prices are known.
    pub hourly: Option<f64>,
    /// The words of the blueprint that adopt it; none where Curfew's own is in its place, or it is of another kind.
    pub adopt: Option<String>,
    /// The command that removes it.
    pub remove: String,
}

/// Where a duplicate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// Beside Curfew's own.
    Beside,
    /// Where Curfew's own should be.
    Instead,
}

/// All duplicates of an environment.
pub(super) fn duplicates(place: Place<'_>, claims: &[Claim]) -> Vec<Duplicate> {
    let prices = Prices::of(place.region);
    let mut duplicates = nat_gateways(place, claims, prices.as_ref());
    duplicates.extend(load_balancers(place, claims, prices.as_ref()));
    duplicates.extend(addresses(place, claims, prices.as_ref()));
    duplicates
}

/// The claim on something by its id. A stranger that stands in a place is the one there is.
fn claim_on<'a>(claims: &'a [Claim], id: &str) -> Option<&'a Claim> {
    let is_whole = |thing: &Thing| matches!(thing, Thing::NatGateway(_) | Thing::LoadBalancer(_) | Thing::Address(_));
    claims.iter().find(|claim| claim.id == id && is_whole(&claim.thing))
}

fn nat_gateways(place: Place<'_>, claims: &[Claim], prices: Option<&Prices>) -> Vec<Duplicate> {
    let owned = |id: &NatGatewayId| {
        let in_places = place.seen.nat_gateways.values().filter_map(Seen::present);
        in_places.filter_map(|one| one.ownership.owned()).any(|one| one.id() == id)
    };
    // Another environment may have one in the same subnet.
    let strangers =
        place.nat_gateways().iter().filter(|one| !one.tags.contains_key(ENVIRONMENT_TAG) && !owned(&one.id));
    let duplicate = |one: &found::NatGateway| {
        let claim = claim_on(claims, one.id.as_str());
        let by_place = || {
            let mut wanted = place.tier.nat_gateways.iter();
            wanted.find(|(_, gateway)| one.subnet.as_ref() == Some(&gateway.subnet)).map(|(name, _)| name)
        };
        let name = match claim.map(|claim| &claim.thing) {
            Some(Thing::NatGateway(name)) => name,
            Some(_) | None => by_place()?,
        };
        let position = position(place.seen.nat_gateways.get(name), |one| &one.ownership);
        let id = one.id.as_str();
        Some(Duplicate {
            thing: Thing::NatGateway(name.clone()),
            id: id.to_owned(),
            made_by: maker(&one.tags).or_else(|| claim.map(|claim| claim.by.clone())),
            hourly: prices.map(|prices| cost_of_nat_gateway(place, claims, one, prices)),
            adopt: adopted("natGateways", name.as_str(), id, position),
            remove: format!("aws ec2 delete-nat-gateway --nat-gateway-id {id} --region {}", place.region),
            position,
        })
    };
    strangers.filter_map(duplicate).collect()
}

/// With its address, unless that is the environment's or told of by itself.
fn cost_of_nat_gateway(place: Place<'_>, claims: &[Claim], one: &found::NatGateway, prices: &Prices) -> f64 {
    let is_counted = |id: &AllocationId| {
        let ours = place.seen.addresses.values().filter_map(Seen::present).any(|one| one.ownership.id() == id);
        ours || claim_on(claims, id.as_str()).is_some()
    };
    let own_address = one.allocation.as_ref().is_some_and(|id| !is_counted(id));
    prices.nat_gateway_hour + if own_address { prices.public_ipv4_hour } else { 0.0 }
}

/// A name is unique: one that is not Curfew's stands where Curfew's should.
fn load_balancers(place: Place<'_>, claims: &[Claim], prices: Option<&Prices>) -> Vec<Duplicate> {
    let wanted = place.load_balancers().iter().filter(|one| place.tier.load_balancers.contains_key(&one.name));
    let duplicate = |one: &found::LoadBalancer| {
        let in_place = place.seen.load_balancers.get(&one.name).and_then(Seen::present);
        let in_place = in_place.filter(|seen| *seen.ownership.id() == one.arn);
        let is_ours = in_place.is_some_and(|seen| seen.ownership.owned().is_some());
        if is_ours || one.tags.contains_key(ENVIRONMENT_TAG) {
            return None;
        }
        let addresses = in_place.map_or(0, |seen| public_addresses(&seen.configuration)) as f64;
        let id = one.arn.as_str();
        Some(Duplicate {
            thing: Thing::LoadBalancer(one.name.clone()),
            id: id.to_owned(),
            made_by: maker(&one.tags).or_else(|| claim_on(claims, id).map(|claim| claim.by.clone())),
            position: Position::Instead,
            hourly: prices.map(|prices| prices.load_balancer_hour + addresses * prices.public_ipv4_hour),
            adopt: match one.kind {
                found::LoadBalancerKind::Application => {
                    adopted("loadBalancers", one.name.as_str(), id, Position::Instead)
                }
                found::LoadBalancerKind::Other(_) => None,
            },
            remove: format!("aws elbv2 delete-load-balancer --load-balancer-arn {id} --region {}", place.region),
        })
    };
    wanted.filter_map(duplicate).collect()
}

/// Of an address only a claim tells what it is for.
fn addresses(place: Place<'_>, claims: &[Claim], prices: Option<&Prices>) -> Vec<Duplicate> {
    let duplicate = |claim: &Claim| {
        let (Thing::Address(name), Which::Another) = (&claim.thing, claim.which) else { return None };
        let found = place.found.addresses.iter().flatten().find(|(id, _)| id.as_str() == claim.id);
        found.filter(|(_, one)| !one.tags.contains_key(ENVIRONMENT_TAG))?;
        let position = position(place.seen.addresses.get(name), |one| &one.ownership);
        Some(Duplicate {
            thing: claim.thing.clone(),
            id: claim.id.clone(),
            made_by: Some(claim.by.clone()),
            hourly: prices.map(|prices| prices.public_ipv4_hour),
            adopt: adopted("addresses", name.as_str(), &claim.id, position),
            remove: format!("aws ec2 release-address --allocation-id {} --region {}", claim.id, place.region),
            position,
        })
    };
    claims.iter().filter_map(duplicate).collect()
}

fn position<T, Id: Clone + PartialEq>(seen: Option<&Seen<T>>, whose: impl Fn(&T) -> &Ownership<Id>) -> Position {
    match seen.and_then(Seen::standing).and_then(|one| whose(one).owned()) {
        Some(_) => Position::Beside,
        None => Position::Instead,
    }
}

/// What to write into the blueprint. To adopt what stands beside Curfew's own would not help.
fn adopted(part: &str, name: &str, id: &str, position: Position) -> Option<String> {
    match position {
        Position::Instead => Some(format!("{part}:\n  {name}:\n    adopted: {id}\n")),
        Position::Beside => None,
    }
}
