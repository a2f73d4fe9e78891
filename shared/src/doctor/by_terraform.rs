//! Which places of the tier the entries of a Terraform state stand in: by what makes a place, and then by id.

use super::claims::{Claim, Claimant, Effect, Field, Thing, Which};
use super::place::Place;
use super::terraform::{AlarmPart, Entry, InlineRoute, Managed, ScalingPart};
use crate::model::*;

/// A state, with the file it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Where it was read from.
    pub file: String,
    /// What it names.
    pub entries: Vec<Entry>,
}

/// What the states claim of an environment.
pub(super) fn claims(place: Place<'_>, states: &[State]) -> Vec<Claim> {
    let mut claims = Vec::new();
    for state in states {
        for entry in &state.entries {
            let by = Claimant::Terraform { address: entry.address.clone(), file: state.file.clone() };
            let claimed = things(place, &state.entries, &entry.managed);
            let claim = |(thing, which, effect)| Claim { thing, by: by.clone(), id: id(&entry.managed), which, effect };
            claims.extend(claimed.into_iter().map(claim));
        }
    }
    claims
}

/// What AWS calls it.
fn id(managed: &Managed) -> String {
    match managed {
        Managed::NatGateway { id, .. } | Managed::Eip { id, .. } | Managed::RouteTable { id, .. } => id.clone(),
        Managed::Route { table, destination, .. } => format!("{destination} in {table}"),
        Managed::LoadBalancer { arn } | Managed::Service { arn, .. } | Managed::Cluster { arn, .. } => arn.clone(),
        Managed::OfListener { listener } => listener.clone(),
        Managed::GuardOf { guarded } => guarded.clone(),
        Managed::AlarmOn { load_balancer, .. } => load_balancer.clone(),
        Managed::VpcEndpoint { id, .. } | Managed::Instance { id, .. } | Managed::InstanceState { id } => id.clone(),
        Managed::OfVpcEndpoint { endpoint } => endpoint.clone(),
        Managed::AutoScalingGroup { name } => name.clone(),
        Managed::Record { name, kind, .. } => format!("{name} {kind}"),
        Managed::ScalingOf { resource, .. } => resource.clone(),
        Managed::Database { identifier, .. } | Managed::DatabaseState { identifier } => identifier.clone(),
    }
}

type Claimed = (Thing, Which, Effect);

fn things(place: Place<'_>, entries: &[Entry], managed: &Managed) -> Vec<Claimed> {
    let one = match managed {
        Managed::NatGateway { id, subnet, .. } => nat_gateway(place, id, subnet.as_deref()),
        Managed::Eip { id, tags } => address(place, entries, id, tags),
        Managed::Route { table, destination, nat_gateway } => {
            route(place, table, destination, nat_gateway.as_deref(), Effect::Replaced)
        }
        Managed::RouteTable { id, .. } if has_own_routes(entries, id) => None,
        Managed::RouteTable { id, routes } => {
            return routes.iter().filter_map(|one| inline_route(place, id, one)).collect();
        }
        Managed::LoadBalancer { arn } => {
            load_balancer(place, arn).map(|(name, which)| (Thing::LoadBalancer(name), which, Effect::Replaced))
        }
        Managed::OfListener { listener } => named_in(place, listener).map(|name| {
            let which = of_listener(place, &name, listener);
            (Thing::ListenerOf(name), which, Effect::Replaced)
        }),
        Managed::GuardOf { guarded } => {
            load_balancer(place, guarded).map(|(name, which)| (Thing::GuardOf(name), which, Effect::Replaced))
        }
        Managed::AlarmOn { load_balancer, part } => alarm(place, load_balancer, *part),
        Managed::VpcEndpoint { id, service, vpc } => vpc_endpoint(place, id, Some((service, vpc))),
        Managed::OfVpcEndpoint { endpoint } => vpc_endpoint(place, endpoint, service_of(entries, endpoint)),
        Managed::Instance { id, public_address } => {
            let effect = if *public_address { Effect::Drifts(vec![Field::PublicAddress]) } else { Effect::Stopped };
            instance(place, id, effect)
        }
        Managed::InstanceState { id } => instance(place, id, Effect::Drifts(vec![Field::State])),
        Managed::AutoScalingGroup { name } => {
            let group = place.tier.auto_scaling_groups.iter().find(|(_, group)| group.name.as_str() == name);
            group.map(|(name, _)| {
                let which = stands(place.seen.auto_scaling_groups.get(name));
                (Thing::AutoScalingGroup(name.clone()), which, place.effect_on_group())
            })
        }
        Managed::Record { zone, name, kind } => record(place, zone, name, kind),
        Managed::Service { arn, task_definition, tags } => service(place, arn, tags, task_definition.as_deref()),
        Managed::Cluster { arn, .. } => {
            let is_ours = in_region(place, arn) && arn.rsplit('/').next() == Some(place.cluster.as_str());
            is_ours.then(|| (Thing::Cluster(place.cluster.clone()), Which::Current, place.effect_on_cluster()))
        }
        Managed::Database { kind, identifier } => {
            database(place, *kind, identifier).map(|(name, which)| (Thing::Database(name), which, Effect::Stopped))
        }
        Managed::DatabaseState { identifier } => database(place, DatabaseKind::Instance, identifier)
            .map(|(name, which)| (Thing::Database(name), which, Effect::Drifts(vec![Field::State]))),
        Managed::ScalingOf { resource, part } => {
            let named = resource.strip_prefix("service/").and_then(|rest| rest.split_once('/'));
            named.filter(|(cluster, _)| *cluster == place.cluster.as_str()).and_then(|(_, name)| {
                let name = place.tier.services.keys().find(|one| one.as_str() == name)?;
                Some((Thing::ScalingOf(name.clone()), Which::Current, effect_on_scaling(*part)))
            })
        }
    };
    one.into_iter().collect()
}

fn nat_gateway(place: Place<'_>, id: &str, subnet: Option<&str>) -> Option<Claimed> {
    let name = nat_gateway_name(place, id, subnet)?;
    let there = place.found.nat_gateways.as_ref().map(|all| all.iter().any(|one| one.id.as_str() == id));
    let which = place.which(id, place.seen.nat_gateways.get(&name), |one| one.ownership.id().as_str(), there);
    Some((Thing::NatGateway(name), which, Effect::Replaced))
}

/// By id, if that one is in a place or was adopted; else by subnet, unless it is another environment's.
fn nat_gateway_name(place: Place<'_>, id: &str, subnet: Option<&str>) -> Option<LogicalName> {
    let current = |name: &LogicalName| place.seen.nat_gateways.get(name).and_then(Seen::present);
    let is_it = |(name, gateway): &(&LogicalName, &NatGateway)| {
        current(name).is_some_and(|one| one.ownership.id().as_str() == id)
            || gateway.adopted.as_ref().is_some_and(|adopted| adopted.as_str() == id)
    };
    let tags = place.nat_gateways().iter().find(|one| one.id.as_str() == id).map(|one| &one.tags);
    let elsewhere =
        tags.and_then(|tags| tags.get(ENVIRONMENT_TAG)).is_some_and(|tag| tag != place.environment.as_str());
    let mut gateways = place.tier.nat_gateways.iter();
    let by_place = || {
        let here = |(_, gateway): &(&LogicalName, &NatGateway)| Some(gateway.subnet.as_str()) == subnet;
        place.tier.nat_gateways.iter().find(here).filter(|_| !elsewhere)
    };
    gateways.find(is_it).or_else(by_place).map(|(name, _)| name.clone())
}

/// By id, or because the state has a NAT gateway that leaves by it.
fn address(place: Place<'_>, entries: &[Entry], id: &str, tags: &Tags) -> Option<Claimed> {
    let is_it = |(name, address): &(&LogicalName, &Address)| {
        let current = place.seen.addresses.get(*name).and_then(Seen::present);
        current.is_some_and(|one| one.ownership.id().as_str() == id)
            || address.adopted.as_ref().is_some_and(|adopted| adopted.as_str() == id)
    };
    let of_gateway = || {
        entries.iter().find_map(|entry| {
            let Managed::NatGateway { id: gateway, subnet, allocation } = &entry.managed else { return None };
            let name =
                nat_gateway_name(place, gateway, subnet.as_deref()).filter(|_| allocation.as_deref() == Some(id))?;
            place.tier.nat_gateways.get(&name).map(|gateway| gateway.address.clone())
        })
    };
    let name = place.tier.addresses.iter().find(is_it).map(|(name, _)| name.clone()).or_else(of_gateway)?;
    let there = place.found.addresses.as_ref().map(|all| all.keys().any(|one| one.as_str() == id));
    let which = place.which(id, place.seen.addresses.get(&name), |one| one.ownership.id().as_str(), there);
    let effect = place.effect_on_address(&name, tags);
    Some((Thing::Address(name), which, effect))
}

fn route(place: Place<'_>, table: &str, destination: &str, to: Option<&str>, effect: Effect) -> Option<Claimed> {
    let is_it = |key: &&RouteKey| key.route_table.as_str() == table && key.destination == destination;
    let key = place.tier.routes.keys().find(is_it)?;
    let leads_there = match place.seen.routes.get(key) {
        Some(Seen::Unknown(_)) | None => return Some((Thing::Route(key.clone()), Which::Unknown, effect)),
        Some(found) => found.present().is_some_and(|route| match &route.target {
            RouteTarget::NatGateway(id) => Some(id.as_str()) == to,
            RouteTarget::Blackhole(_) | RouteTarget::Other(_) => false,
        }),
    };
    let alive = || place.found.nat_gateways.as_ref().map(|all| all.iter().any(|one| Some(one.id.as_str()) == to));
    let which = if leads_there {
        Which::Current
    } else {
        match alive() {
            Some(true) => Which::Another,
            Some(false) => Which::Gone,
            None => Which::Unknown,
        }
    };
    Some((Thing::Route(key.clone()), which, effect))
}

/// A state lists all routes of a table. One that leads to what Curfew made was not in the configuration.
fn inline_route(place: Place<'_>, table: &str, one: &InlineRoute) -> Option<Claimed> {
    let made_by_curfew = place
        .nat_gateways()
        .iter()
        .any(|found| found.id.as_str() == one.nat_gateway && is_of(place.environment, &found.tags));
    let claimed = route(place, table, &one.destination, Some(&one.nat_gateway), Effect::PerhapsReplaced);
    claimed.filter(|_| !made_by_curfew)
}

fn load_balancer(place: Place<'_>, arn: &str) -> Option<(LoadBalancerName, Which)> {
    let name = named_in(place, arn)?;
    let there = place.found.load_balancers.as_ref().map(|all| all.iter().any(|one| one.arn.as_str() == arn));
    let which = place.which(arn, place.seen.load_balancers.get(&name), |one| one.ownership.id().as_str(), there);
    Some((name, which))
}

/// The load balancer of the tier that an ARN of it, of a listener or of a rule names.
fn named_in(place: Place<'_>, arn: &str) -> Option<LoadBalancerName> {
    let name = arn.split_once("/app/")?.1.split('/').next()?;
    let names = place.tier.load_balancers.keys();
    names.filter(|_| in_region(place, arn)).find(|one| one.as_str() == name).cloned()
}

fn of_listener(place: Place<'_>, name: &LoadBalancerName, listener: &str) -> Which {
    match place.seen.load_balancers.get(name) {
        Some(Seen::Unknown(_)) | None => Which::Unknown,
        Some(found) => {
            let listeners = found.standing().map(|one| &one.listeners);
            let is_there = listeners.is_some_and(|all| all.values().any(|one| one.as_str() == listener));
            if is_there { Which::Current } else { Which::Gone }
        }
    }
}

/// A dimension has the end of an ARN.
fn alarm(place: Place<'_>, dimension: &str, part: AlarmPart) -> Option<Claimed> {
    let name = dimension.strip_prefix("app/")?.split('/').next()?;
    let (name, declared) = place.tier.load_balancers.iter().find(|(one, _)| one.as_str() == name)?;
    let which = match place.seen.load_balancers.get(name) {
        Some(Seen::Unknown(_)) | None => Which::Unknown,
        Some(found) => match found.standing() {
            Some(one) if one.ownership.id().as_str().ends_with(dimension) => Which::Current,
            Some(_) | None => Which::Gone,
        },
    };
    let effect = match (declared.alarms, part) {
        (Alarms::Leave, _) => Effect::Refers,
        (Alarms::Repoint, AlarmPart::Dimensions) => Effect::Drifts(vec![Field::Dimensions]),
        (Alarms::Repoint, AlarmPart::Metrics) => Effect::Drifts(vec![Field::Metrics]),
    };
    Some((Thing::AlarmOn(name.clone()), which, effect))
}

/// By id, if that one is in a place or was adopted; else by service and VPC, in which one alone has the service's names.
fn vpc_endpoint(place: Place<'_>, id: &str, leads: Option<(&String, &String)>) -> Option<Claimed> {
    let is_it = |(name, endpoint): &(&LogicalName, &VpcEndpoint)| {
        let current = place.seen.vpc_endpoints.get(*name).and_then(Seen::present);
        current.is_some_and(|one| one.ownership.id().as_str() == id)
            || endpoint.adopted.as_ref().is_some_and(|adopted| adopted.as_str() == id)
    };
    let is_here = |(_, endpoint): &(&LogicalName, &VpcEndpoint)| {
        leads.is_some_and(|(service, vpc)| endpoint.service.as_str() == service && endpoint.vpc.as_str() == vpc)
    };
    let all = &place.tier.vpc_endpoints;
    let (name, _) = all.iter().find(is_it).or_else(|| all.iter().find(is_here))?;
    let there = place.found.vpc_endpoints.as_ref().map(|all| all.iter().any(|one| one.id.as_str() == id));
    let which = place.which(id, place.seen.vpc_endpoints.get(name), |one| one.ownership.id().as_str(), there);
    Some((Thing::VpcEndpoint(name.clone()), which, Effect::Replaced))
}

/// Where the endpoint leads that something hangs on, if the state has it too.
fn service_of<'a>(entries: &'a [Entry], endpoint: &str) -> Option<(&'a String, &'a String)> {
    entries.iter().find_map(|entry| match &entry.managed {
        Managed::VpcEndpoint { id, service, vpc } if id == endpoint => Some((service, vpc)),
        _ => None,
    })
}

fn instance(place: Place<'_>, id: &str, effect: Effect) -> Option<Claimed> {
    let (name, _) = place.tier.instances.iter().find(|(_, instance)| instance.id.as_str() == id)?;
    Some((Thing::Instance(name.clone()), stands(place.seen.instances.get(name)), effect))
}

/// Bounds, and what nothing counts that goes, stay as they are: docs/deployment.md says the same.
fn effect_on_scaling(part: ScalingPart) -> Effect {
    match part {
        ScalingPart::Target => Effect::Drifts(vec![Field::SuspendedState]),
        ScalingPart::RequestCountPolicy => Effect::Drifts(vec![Field::ResourceLabel]),
        ScalingPart::Other => Effect::Stays,
    }
}

fn database(place: Place<'_>, kind: DatabaseKind, identifier: &str) -> Option<(LogicalName, Which)> {
    let is_it = |database: &Database| database.kind == kind && database.identifier.as_str() == identifier;
    let name = place.tier.databases.iter().find(|(_, database)| is_it(database)).map(|(name, _)| name)?;
    Some((name.clone(), stands(place.seen.databases.get(name))))
}

fn record(place: Place<'_>, zone: &str, name: &str, kind: &str) -> Option<Claimed> {
    let is_it = |key: &&RecordKey| key.zone.as_str() == zone && key.name == name && key.kind.as_str() == kind;
    let key = place.tier.dns_records.keys().find(is_it)?;
    let which = stands(place.seen.records.get(key));
    Some((Thing::Record(key.clone()), which, Effect::Replaced))
}

fn service(place: Place<'_>, arn: &str, tags: &Tags, definition: Option<&str>) -> Option<Claimed> {
    let mut end = arn.rsplit('/');
    let (name, cluster) = (end.next()?, end.next()?);
    let name = place.tier.services.keys().find(|one| one.as_str() == name)?;
    if cluster != place.cluster.as_str() || !in_region(place, arn) {
        return None;
    }
    let which = stands(place.seen.services.get(name));
    Some((Thing::Service(name.clone()), which, place.effect_on_service(name, tags, definition)))
}

/// Of what is the same for as long as it has its name.
fn stands<T>(seen: Option<&Seen<T>>) -> Which {
    match seen {
        Some(Seen::Pending(_) | Seen::Ready(_)) => Which::Current,
        Some(Seen::Leaving(_) | Seen::Absent) => Which::Gone,
        Some(Seen::Unknown(_)) | None => Which::Unknown,
    }
}

/// Names are unique in a region only.
fn in_region(place: Place<'_>, arn: &str) -> bool {
    arn.split(':').nth(3) == Some(place.region.as_str())
}

/// Whether a state has routes of a table as resources of their own. Terraform's provider does not take both, so what the
/// table lists is then only what it was found to have.
fn has_own_routes(entries: &[Entry], wanted: &str) -> bool {
    entries.iter().any(|entry| matches!(&entry.managed, Managed::Route { table, .. } if table == wanted))
}
