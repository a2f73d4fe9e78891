//! What people and their CI do to an environment by hand, behind Curfew's back.

use std::collections::BTreeSet;
use std::fmt;

use chrono::TimeDelta;
use curfew_core::model::*;

use crate::account::{Account, Lodger, Push};
use crate::world::{Inner, Simulation};

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Adds a rule that answers a path by itself.
    AddRule {
        /// To which load balancer.
        load_balancer: LoadBalancerName,
        /// On which port.
        port: u16,
        /// With which priority.
        priority: u16,
    },
    /// Takes a rule away.
    RemoveRule {
        /// From which load balancer.
        load_balancer: LoadBalancerName,
        /// On which port.
        port: u16,
        /// Which.
        priority: u16,
    },
    /// Sets how many tasks a service has.
    Scale {
        /// Which.
        service: ServiceName,
        /// How many.
        count: u32,
    },
    /// Brings a new revision in: register, update the service.
    Deploy {
        /// Which.
        service: ServiceName,
    },
    /// Sets or removes the override on the cluster.
    TagCluster(Option<String>),
    /// Sets or removes the override on another resource of the environment.
    TagResource {
        /// Which, by ARN.
        resource: String,
        /// The override.
        value: Option<String>,
    },
    /// Stops or starts an instance.
    SwitchInstance {
        /// Which.
        instance: InstanceId,
        /// Whether it runs from then on.
        to: InstanceWhileUp,
    },
    /// Gives an Auto Scaling group another capacity.
    ResizeGroup {
        /// Which.
        group: AutoScalingGroupName,
        /// How many instances.
        capacity: GroupCapacity,
    },
    /// Stops or starts a database.
    SwitchDatabase {
        /// Which.
        database: DatabaseId,
        /// What it is from then on.
        to: DatabaseWhileUp,
    },
    /// Sets what of a service's auto scaling is suspended.
    Suspend {
        /// Of which service.
        service: ServiceName,
        /// All that is suspended from now on.
        suspended: BTreeSet<Suspension>,
    },
    /// An alarm or a scheduled action of its auto scaling fires.
    Push {
        /// Of which service.
        service: ServiceName,
        /// Which way.
        push: Push,
    },
    /// Runs a task that belongs to no service.
    RunTask {
        /// Of which family.
        family: &'static str,
        /// For how long.
        lasts: TimeDelta,
    },
    /// Makes something of their own with all tags of one of the environment's.
    CopyTags(Tagged),
    /// Takes all tags of one of the environment's away.
    StripTags(Tagged),
    /// Gives back all tags that were taken away.
    RestoreTags,
    /// Somebody else begins to use what is the environment's.
    MoveIn(Lodger),
    /// And uses it no more.
    MoveOut(OtherUserId),
    /// A certificate expires, or somebody deletes a part of the base tier that nothing uses.
    Spoil(Needed),
    /// It is renewed, or made again.
    Repair(Needed),
    /// Deletes a NAT gateway.
    DeleteNatGateway(NatGatewayId),
    /// Deletes a load balancer.
    DeleteLoadBalancer(LoadBalancerName),
    /// Deletes the VPC endpoint of a service.
    DeleteVpcEndpoint(EndpointServiceName),
    /// Deletes something of the base tier.
    DeleteBase(BaseResource),
    /// Makes it again.
    RestoreBase(BaseResource),
}

/// Something of the environment's, as people go by its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tagged {
    /// An elastic IP.
    Address(LogicalName),
    /// A NAT gateway.
    NatGateway(LogicalName),
    /// A load balancer.
    LoadBalancer(LoadBalancerName),
}

impl fmt::Display for Tagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(name) => write!(f, "address {name}"),
            Self::NatGateway(name) => write!(f, "NAT gateway {name}"),
            Self::LoadBalancer(name) => write!(f, "load balancer {name}"),
        }
    }
}

/// Whether somebody could do what they wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It is done.
    Yes,
    /// There was nothing to do it to.
    NothingThere,
}

impl Deed {
    fn done_to(&self, account: &mut Account, environment: &EnvironmentName) -> Done {
        match self {
            Self::AddRule { load_balancer, port, priority } => {
                let host = account.dns_name_of(load_balancer).filter(|_| priority.is_multiple_of(2));
                match account.listener_by_hand(load_balancer, *port) {
                    Some(listener) => {
                        listener.rules.insert(*priority, rule(&format!("/by-hand/{priority}"), host));
                        Done::Yes
                    }
                    None => Done::NothingThere,
                }
            }
            Self::RemoveRule { load_balancer, port, priority } => {
                let listener = account.listener_by_hand(load_balancer, *port);
                done(listener.and_then(|listener| listener.rules.remove(priority)))
            }
            Self::Scale { service, count } => done(account.scale_by_hand(service, *count)),
            Self::Deploy { service } if account.services.contains_key(service) => {
                account.deploy(service);
                Done::Yes
            }
            Self::Deploy { .. } => Done::NothingThere,
            Self::TagCluster(value) => {
                account.tag_cluster_by_hand(value.as_deref());
                Done::Yes
            }
            Self::TagResource { resource, value } => {
                account.tag_resource_by_hand(environment, resource, value.as_deref());
                Done::Yes
            }
            Self::SwitchDatabase { database, to } => done(account.switch_database_by_hand(database, *to)),
            Self::SwitchInstance { instance, to } => done(account.switch_instance_by_hand(instance, *to)),
            Self::ResizeGroup { group, capacity } => done(account.resize_group_by_hand(group, *capacity)),
            Self::Suspend { service, suspended } => done(account.suspend_by_hand(service, suspended)),
            Self::Push { service, push } => done(account.push(service, *push)),
            Self::RunTask { family, lasts } => {
                account.run_task(family, *lasts);
                Done::Yes
            }
            Self::CopyTags(Tagged::Address(name)) => done(account.copy_address(environment, name)),
            Self::CopyTags(Tagged::NatGateway(name)) => done(account.copy_nat_gateway(environment, name)),
            Self::CopyTags(Tagged::LoadBalancer(name)) => done(account.copy_load_balancer(name)),
            Self::StripTags(Tagged::Address(name)) => done(account.strip_address(environment, name)),
            Self::StripTags(Tagged::NatGateway(name)) => done(account.strip_nat_gateway(environment, name)),
            Self::StripTags(Tagged::LoadBalancer(_)) => Done::NothingThere,
            Self::RestoreTags => done(account.restore_tags()),
            Self::MoveIn(lodger) => done(account.move_in(lodger)),
            Self::MoveOut(id) => done(account.move_out(id)),
            Self::Spoil(needed) => done(account.spoil(needed)),
            Self::Repair(needed) => done(account.repair(needed)),
            Self::DeleteNatGateway(id) => done(account.delete_nat_gateway_by_hand(id)),
            Self::DeleteVpcEndpoint(service) => done(account.delete_vpc_endpoint_by_hand(environment, service)),
            Self::DeleteBase(what) => done(account.delete_base_by_hand(what)),
            Self::RestoreBase(what) => done(account.restore_base_by_hand(what)),
            Self::DeleteLoadBalancer(name) => done(account.delete_load_balancer_by_hand(name)),
        }
    }
}

fn done<T>(what: Option<T>) -> Done {
    what.map_or(Done::NothingThere, |_| Done::Yes)
}

/// A rule that answers a path by itself; of a host, if one is named: as internal backends do, by the load balancer's own.
fn rule(path: &str, host: Option<String>) -> Rule {
    let host = host.map(|host| Condition::HostHeader { values: vec![host], regex_values: Vec::new() });
    let path = Condition::PathPattern { values: vec![path.to_owned()], regex_values: Vec::new() };
    Rule {
        conditions: host.into_iter().chain([path]).collect(),
        actions: vec![RuleAction::FixedResponse {
            status_code: "200".to_owned(),
            content_type: None,
            message_body: Some("here".to_owned()),
        }],
        transforms: Vec::new(),
        tags: Tags::new(),
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddRule { load_balancer, port, priority } => {
                write!(f, "adds rule {priority} to listener {port} of {load_balancer}")
            }
            Self::RemoveRule { load_balancer, port, priority } => {
                write!(f, "removes rule {priority} of listener {port} of {load_balancer}")
            }
            Self::Scale { service, count } => write!(f, "scales service {service} to {count}"),
            Self::Deploy { service } => write!(f, "deploys service {service}"),
            Self::TagCluster(Some(value)) => write!(f, "tags the cluster {OVERRIDE_TAG}={value}"),
            Self::TagCluster(None) => write!(f, "removes the tag {OVERRIDE_TAG} of the cluster"),
            Self::TagResource { resource, value: Some(value) } => write!(f, "tags {resource} {OVERRIDE_TAG}={value}"),
            Self::TagResource { resource, value: None } => write!(f, "removes the tag {OVERRIDE_TAG} of {resource}"),
            Self::SwitchDatabase { database, to: DatabaseWhileUp::Running } => write!(f, "starts the {database}"),
            Self::SwitchDatabase { database, to: DatabaseWhileUp::Stopped } => write!(f, "stops the {database}"),
            Self::SwitchInstance { instance, to: InstanceWhileUp::Running } => {
                write!(f, "starts the instance {instance}")
            }
            Self::SwitchInstance { instance, to: InstanceWhileUp::Stopped } => {
                write!(f, "stops the instance {instance}")
            }
            Self::ResizeGroup { group, capacity } => write!(f, "sets the Auto Scaling group {group} to {capacity}"),
            Self::Suspend { service, suspended } => write!(f, "suspends {suspended:?} of service {service}"),
            Self::Push { service, push } => write!(f, "fires {push:?} at service {service}"),
            Self::RunTask { family, lasts } => write!(f, "runs the task {family} for {} min", lasts.num_minutes()),
            Self::CopyTags(what) => write!(f, "copies the tags of {what}"),
            Self::StripTags(what) => write!(f, "takes the tags of {what} away"),
            Self::RestoreTags => write!(f, "gives back the tags that were taken away"),
            Self::MoveIn(lodger) => write!(f, "moves in: {lodger:?}"),
            Self::MoveOut(id) => write!(f, "moves out: {id}"),
            Self::Spoil(needed @ Needed::Certificate(_)) => write!(f, "lets {needed} expire"),
            Self::Spoil(needed) => write!(f, "deletes {needed}"),
            Self::Repair(needed) => write!(f, "puts {needed} right"),
            Self::DeleteNatGateway(id) => write!(f, "deletes the NAT gateway {id}"),
            Self::DeleteVpcEndpoint(service) => write!(f, "deletes the VPC endpoint of {service}"),
            Self::DeleteBase(what) => write!(f, "deletes the {what}"),
            Self::RestoreBase(what) => write!(f, "makes the {what} again"),
            Self::DeleteLoadBalancer(name) => write!(f, "deletes the load balancer {name}"),
        }
    }
}

impl Simulation {
    /// Somebody does something, now.
    pub fn by_hand(&self, who: &str, environment: &EnvironmentName, deed: &Deed) -> Done {
        let now = self.now();
        let mut inner = self.now_inner();
        let Inner { account, faults, laws, trace, .. } = &mut *inner;
        let done = deed.done_to(account, environment);
        match done {
            Done::Yes => {
                laws.disturbed(now);
                match deed {
                    Deed::Suspend { service, .. } => laws.lifted(service),
                    Deed::DeleteBase(_) => laws.base_went(now),
                    Deed::RestoreBase(BaseResource::RouteTable(_)) => laws.lost_its_routes(),
                    _ => {}
                }
                faults.remember(account);
                trace.add(now, format!("{who} {deed}"));
            }
            Done::NothingThere => trace.add(now, format!("{who} {deed}: there is none")),
        }
        done
    }
}
