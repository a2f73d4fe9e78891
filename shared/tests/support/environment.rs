//! An environment as it is by day, laid by hand from what the blueprint says: not by the code under test.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use curfew_core::blueprint::Blueprint;
use curfew_core::forecast::{Forecast, ForecastEnd, Model, forecast};
use curfew_core::model::*;

use super::id;

/// The environment at noon: everything there, everything healthy.
pub fn by_day(blueprint: &Blueprint) -> Observation {
    let tier = &blueprint.tier;
    let mut seen = Observation::default();
    for (index, (name, address)) in tier.addresses.iter().enumerate() {
        let (ownership, tags) =
            owned(blueprint, id(&format!("eipalloc-day{index}")), name.as_str(), &address.tags, &address.adopted);
        let public_ip = format!("198.51.100.{index}");
        let unsupported = Vec::new();
        let observed = ObservedAddress { ownership, public_ip, associated: true, holder: None, tags, unsupported };
        seen.addresses.insert(name.clone(), Seen::Ready(observed));
    }
    for (index, (name, nat)) in tier.nat_gateways.iter().enumerate() {
        let (ownership, tags) =
            owned(blueprint, id(&format!("nat-day{index}")), name.as_str(), &nat.tags, &nat.adopted);
        let allocation = seen.addresses[&nat.address].present().map(|address| address.ownership.id().clone());
        let subnet = Some(nat.subnet.clone());
        let observed = ObservedNatGateway { ownership, subnet, allocation, tags, unsupported: Vec::new() };
        seen.nat_gateways.insert(name.clone(), Seen::Ready(observed));
    }
    for (key, name) in &tier.routes {
        let nat = seen.nat_gateways[name].present().unwrap().ownership.id().clone();
        seen.routes.insert(key.clone(), Seen::Ready(ObservedRoute { target: RouteTarget::NatGateway(nat) }));
    }
    for (name, load_balancer) in &tier.load_balancers {
        seen.load_balancers.insert(name.clone(), Seen::Ready(load_balancer_by_day(blueprint, name, load_balancer)));
    }
    for (key, record) in &tier.dns_records {
        let load_balancer = seen.load_balancers[&record.load_balancer].present().unwrap();
        let target = RecordTarget::Alias {
            dns_name: match record.alias_form {
                AliasForm::Plain => load_balancer.dns_name.clone(),
                AliasForm::Dualstack => format!("dualstack.{}", load_balancer.dns_name),
            },
            hosted_zone: load_balancer.hosted_zone.clone(),
            evaluate_target_health: record.evaluate_target_health,
        };
        seen.records.insert(key.clone(), Seen::Ready(ObservedRecord { target, unsupported: Vec::new() }));
    }
    for (name, database) in &tier.databases {
        seen.databases.insert(name.clone(), database_by_day(blueprint, database).into());
    }
    for (index, (name, endpoint)) in tier.vpc_endpoints.iter().enumerate() {
        let (ownership, tags) =
            owned(blueprint, id(&format!("vpce-day{index}")), name.as_str(), &endpoint.tags, &endpoint.adopted);
        let configuration = VpcEndpoint { adopted: None, ..endpoint.clone() };
        let observed = ObservedVpcEndpoint { ownership, configuration, tags, unsupported: Vec::new() };
        seen.vpc_endpoints.insert(name.clone(), Seen::Ready(observed));
    }
    for (name, instance) in &tier.instances {
        let ownership = Ownership::prove(&blueprint.environment, instance.id.clone(), &Tags::new(), Some(&instance.id));
        let state = InstanceState::Running;
        let observed =
            ObservedInstance { ownership, state, passing_address: None, is_way_out: false, unsupported: Vec::new() };
        seen.instances.insert(name.clone(), observed.into());
    }
    for (name, group) in &tier.auto_scaling_groups {
        let ownership = Ownership::prove(&blueprint.environment, group.name.clone(), &Tags::new(), Some(&group.name));
        let capacity = group.capacity;
        let instances = GroupInstances { in_service: capacity.desired, moving: 0 };
        let observed = ObservedAutoScalingGroup { ownership, capacity, instances, unsupported: Vec::new() };
        seen.auto_scaling_groups.insert(name.clone(), observed.into());
    }
    for group in tier.target_groups() {
        let attached = ObservedTargets { attached: true, ..ObservedTargets::default() };
        seen.targets.insert(group, Seen::Ready(attached));
    }
    for (name, service) in &tier.services {
        let observed = service_by_day(blueprint, name, service);
        for group in &observed.target_groups {
            if let Some(Seen::Ready(targets)) = seen.targets.get_mut(group) {
                targets.healthy += service.desired_count;
            }
        }
        seen.services.insert(name.clone(), Seen::Ready(observed));
    }
    seen
}

fn owned<Id: Clone + PartialEq>(
    blueprint: &Blueprint,
    new: Id,
    name: &str,
    own: &Tags,
    adopted: &Option<Id>,
) -> (Ownership<Id>, Tags) {
    match adopted {
        Some(adopted) => (Ownership::prove(&blueprint.environment, adopted.clone(), own, Some(adopted)), own.clone()),
        None => {
            let tags = tags_for(&blueprint.environment, name, own);
            (Ownership::prove(&blueprint.environment, new, &tags, None), tags)
        }
    }
}

fn load_balancer_by_day(blueprint: &Blueprint, name: &LoadBalancerName, wanted: &LoadBalancer) -> ObservedLoadBalancer {
    let arn = |kind: &str, tail: &str| {
        format!("arn:aws:elasticloadbalancing:us-west-2:123456789012:{kind}/app/{name}/day{tail}")
    };
    let (ownership, _) = owned(blueprint, id(&arn("loadbalancer", "")), name.as_str(), &wanted.tags, &wanted.adopted);
    let mut configuration = LoadBalancer { adopted: None, alarms: Alarms::Leave, ..wanted.clone() };
    let set = |defaults: BTreeMap<String, String>, attributes: &mut BTreeMap<String, String>| {
        let own = std::mem::replace(attributes, defaults);
        attributes.extend(own);
    };
    set(attributes_of_new_load_balancer(configuration.scheme), &mut configuration.attributes);
    for listener in configuration.listeners.values_mut() {
        set(attributes_of_new_listener(listener.protocol), &mut listener.attributes);
    }
    ObservedLoadBalancer {
        ownership,
        dns_name: format!("{name}-123.us-west-2.elb.amazonaws.com"),
        hosted_zone: id("ZDAY"),
        listeners: wanted.listeners.keys().map(|port| (*port, id(&arn("listener", &format!("/{port}"))))).collect(),
        configuration,
        mark: None,
        unsupported: Vec::new(),
    }
}

fn service_by_day(blueprint: &Blueprint, name: &ServiceName, wanted: &Service) -> ObservedService {
    let arn = id(&format!("arn:aws:ecs:us-west-2:123456789012:service/{}/{name}", blueprint.cluster));
    let own = wanted.definition.as_ref().map(|definition| definition.tags.clone()).unwrap_or_default();
    let (ownership, _) = owned(blueprint, arn, name.as_str(), &own, &wanted.adopted);
    let (scaling, load_balancer_policies) = scaling_by_day(blueprint, name, wanted);
    ObservedService {
        ownership,
        configuration: Service { scaling, ..wanted.clone() },
        tasks: TaskCounts { running: wanted.desired_count, ..TaskCounts::default() },
        task_definition: Some(format!("{name}:1")),
        target_groups: groups_of(blueprint, name, wanted),
        load_balancer_policies,
        unsupported: Vec::new(),
    }
}

fn database_by_day(blueprint: &Blueprint, wanted: &Database) -> ObservedDatabase {
    let (ownership, _) = owned(blueprint, wanted.id(), "", &Tags::new(), &Some(wanted.id()));
    let size = wanted.size.clone();
    ObservedDatabase { ownership, status: DatabaseStatus::AVAILABLE, size, unsupported: Vec::new() }
}

/// A service whose blueprint speaks of auto scaling has it: on CPU, on the requests of its first target group, and by a
/// schedule.
fn scaling_by_day(
    blueprint: &Blueprint,
    name: &ServiceName,
    wanted: &Service,
) -> (Option<Scaling>, BTreeMap<String, LoadBalancerPolicy>) {
    let Some(declared) = &wanted.scaling else { return (None, BTreeMap::new()) };
    let (mut policies, mut of_load_balancers) =
        (BTreeMap::from([("cpu".to_owned(), "CPU at 60".to_owned())]), BTreeMap::new());
    let load_balancer = blueprint.tier.load_balancers.keys().next();
    if let (Some(load_balancer), Some(group)) = (load_balancer, groups_of(blueprint, name, wanted).first()) {
        let group = group.as_str().rsplit(':').next().unwrap_or_default();
        let configuration = RequestCount {
            label: format!("app/{load_balancer}/day/{group}").parse().expect("a label"),
            target_value: TargetValue(600.0),
            scale_out_cooldown: Some(30),
            scale_in_cooldown: None,
            disable_scale_in: Some(false),
        };
        policies.insert("requests".to_owned(), "requests at 600".to_owned());
        of_load_balancers.insert("requests".to_owned(), LoadBalancerPolicy::RequestCount(configuration));
    }
    let scaling = Scaling {
        suspended: declared.suspended.clone(),
        bounds: Some(Bounds { minimum: wanted.desired_count, maximum: wanted.desired_count * 3 }),
        policies,
        scheduled_actions: [("lunch".to_owned(), "cron(0 12 * * ? *): at least 3".to_owned())].into(),
    };
    (Some(scaling), of_load_balancers)
}

/// The target groups of a service: those of its definition, or the ones that are called like it.
fn groups_of(blueprint: &Blueprint, name: &ServiceName, service: &Service) -> BTreeSet<TargetGroupArn> {
    if let Some(definition) = &service.definition {
        return definition.attachments.iter().map(|attachment| attachment.target_group.clone()).collect();
    }
    let called_like_it = |group: &TargetGroupArn| name.as_str().starts_with(group.name().trim_end_matches("-tg"));
    blueprint.tier.target_groups().into_iter().filter(called_like_it).collect()
}

/// What is there after a forecast has come true.
pub fn after(blueprint: &Blueprint, seen: &Observation, forecast: &Forecast) -> Observation {
    let mut model = Model::new(&blueprint.environment, seen.clone());
    for wave in &forecast.waves {
        model.advance_by(wave.after - model.elapsed());
        wave.actions.iter().for_each(|action| model.perform(action));
    }
    model.advance_by(Duration::from_secs(3600));
    model.seen().clone()
}

/// The environment at night, as the forecast from the day leaves it.
pub fn by_night(blueprint: &Blueprint) -> Observation {
    let day = by_day(blueprint);
    let down = forecast(&blueprint.environment, &blueprint.tier, &day, Target::Down);
    assert_eq!(down.end, ForecastEnd::Done, "the environment goes down");
    after(blueprint, &day, &down)
}
