//! What a run waits for, in words, and where it looks to see whether it has come.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::*;

/// Something that AWS is still doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// An elastic IP is held by what had it before, or by something of somebody else's.
    AddressFree {
        /// Which.
        name: LogicalName,
        /// What holds it, as far as that is known.
        holder: Option<AddressHolder>,
    },
    /// A NAT gateway is being made.
    NatGatewayAvailable(LogicalName),
    /// A NAT gateway is being deleted.
    NatGatewayDeleted(LogicalName),
    /// A load balancer is being made.
    LoadBalancerActive(LoadBalancerName),
    /// A load balancer is being made, and WAF takes only those that are active.
    WebAclPossible(LoadBalancerName),
    /// A record's change has not reached all of Route 53's servers.
    RecordInSync(RecordKey),
    /// Tasks are starting.
    TasksRunning {
        /// Of which service.
        service: ServiceName,
        /// So many run.
        running: u32,
        /// So many should.
        desired: u32,
    },
    /// Targets have not passed their checks.
    TargetsHealthy {
        /// Of which target group.
        target_group: TargetGroupArn,
        /// So many have.
        healthy: u32,
        /// So many should.
        desired: u32,
    },
    /// Tasks are stopping.
    TasksGone {
        /// Of which service.
        service: ServiceName,
        /// So many are left.
        left: u32,
    },
    /// Targets finish their last requests.
    TargetsDrained {
        /// Of which target group.
        target_group: TargetGroupArn,
        /// So many do.
        draining: u32,
    },
    /// A deleted service drains.
    ServiceGone(ServiceName),
    /// A service's turn has not come: another one has to serve first.
    Turn {
        /// Which service waits.
        service: ServiceName,
        /// For which.
        first: ServiceName,
    },
    /// A target group is not yet seen behind the load balancer.
    TargetGroupAttached(TargetGroupArn),
    /// A database is starting, or busy.
    DatabaseAvailable {
        /// Which.
        database: LogicalName,
        /// What it is doing.
        status: DatabaseStatus,
        /// The services that start when it is available.
        held_up: BTreeSet<ServiceName>,
    },
    /// A database is stopping, or cannot be stopped before it is available.
    DatabaseStopped {
        /// Which.
        database: LogicalName,
        /// What it is doing.
        status: DatabaseStatus,
    },
    /// A database that AWS could not start now; the next run asks again.
    DatabaseStarted {
        /// Which.
        database: LogicalName,
        /// What AWS said.
        why: String,
    },
    /// Clients that still know where names led, for whom services keep running.
    GraceOver {
        /// Which services.
        services: BTreeSet<ServiceName>,
        /// For so long from the beginning of the night's work.
        grace: NightWait,
    },
    /// Tasks that no service started run, and may need what is to go.
    StandaloneTasksEnded {
        /// Which.
        tasks: BTreeSet<StandaloneTask>,
        /// For so long from the beginning of the night's work.
        up_to: NightWait,
    },
    /// A VPC endpoint is being made.
    VpcEndpointAvailable(LogicalName),
    /// A VPC endpoint is being deleted.
    VpcEndpointDeleted(LogicalName),
    /// An instance is starting.
    InstanceRunning {
        /// Which.
        instance: LogicalName,
        /// What it is doing.
        state: InstanceState,
        /// The services that start when it runs: they leave through it.
        held_up: BTreeSet<ServiceName>,
    },
    /// An instance is stopping, or cannot be stopped before it runs.
    InstanceStopped {
        /// Which.
        instance: LogicalName,
        /// What it is doing.
        state: InstanceState,
    },
    /// An instance that AWS could not start now; the next run asks again.
    InstanceStarted {
        /// Which.
        instance: LogicalName,
        /// What AWS said.
        why: String,
    },
    /// Instances of an Auto Scaling group are starting.
    GroupInService {
        /// Of which group.
        group: LogicalName,
        /// So many work.
        in_service: u32,
        /// So many should.
        desired: u32,
    },
    /// Instances of an Auto Scaling group are being terminated.
    GroupEmpty {
        /// Of which group.
        group: LogicalName,
        /// So many are left.
        left: u32,
    },
    /// Something could not be observed; nothing is done until it can be (invariant 4).
    Observed {
        /// What.
        subject: String,
        /// Why not.
        why: Unobserved,
    },
}

/// The parts that tell whether some of all this has come.
pub fn worth_a_look(on: &[Waiting], seen: &Observation) -> BTreeSet<Part> {
    on.iter().flat_map(|waiting| waiting.parts(seen)).collect()
}

/// The groups whose targets are not looked at yet, because they drain as long as their tasks are there.
pub fn held_back(on: &[Waiting], seen: &Observation) -> BTreeSet<Part> {
    let of = |waiting: &Waiting| match waiting {
        Waiting::TargetsDrained { target_group, .. } if is_held(seen, target_group) => {
            Some(Part::TargetsOf(target_group.clone()))
        }
        _ => None,
    };
    on.iter().filter_map(of).collect()
}

/// ECS stops a task only when its target has drained (facts §3), so that a look at its group tells nothing before it is gone.
fn is_held(seen: &Observation, group: &TargetGroupArn) -> bool {
    tasks(seen, group).any(TaskCounts::any)
}

/// The tasks of the services whose tasks register in a group.
fn tasks(seen: &Observation, group: &TargetGroupArn) -> impl Iterator<Item = TaskCounts> {
    let services = seen.services.values().filter_map(Seen::present);
    services.filter(|service| service.target_groups.contains(group)).map(|service| service.tasks)
}

impl Waiting {
    /// The parts that tell whether it has come, as far as a look can tell that yet.
    fn parts(&self, seen: &Observation) -> BTreeSet<Part> {
        match self {
            Self::AddressFree { .. } => [Part::Addresses, Part::NatGateways].into(),
            Self::NatGatewayAvailable(_) | Self::NatGatewayDeleted(_) => [Part::NatGateways].into(),
            Self::LoadBalancerActive(_) | Self::WebAclPossible(_) => [Part::LoadBalancerStates].into(),
            Self::RecordInSync(_) => [Part::Records].into(),
            Self::TasksRunning { .. } | Self::TasksGone { .. } | Self::ServiceGone(_) => [Part::Services].into(),
            Self::Turn { first, .. } => {
                let groups = seen.services.get(first).and_then(Seen::standing);
                let groups = groups.into_iter().flat_map(|first| first.target_groups.iter().cloned());
                groups.map(Part::TargetsOf).chain([Part::Services]).collect()
            }
            // ECS registers a task's address once it runs.
            Self::TargetsHealthy { target_group, .. } if !tasks(seen, target_group).any(|tasks| tasks.running > 0) => {
                [Part::Services].into()
            }
            Self::TargetsDrained { target_group, .. } if is_held(seen, target_group) => [Part::Services].into(),
            Self::TargetsHealthy { target_group, .. } | Self::TargetsDrained { target_group, .. } => {
                [Part::TargetsOf(target_group.clone())].into()
            }
            Self::TargetGroupAttached(_) => [Part::TargetHealth].into(),
            Self::DatabaseAvailable { .. } | Self::DatabaseStopped { .. } | Self::DatabaseStarted { .. } => {
                [Part::Databases].into()
            }
            // Only time tells.
            Self::GraceOver { .. } => BTreeSet::new(),
            Self::StandaloneTasksEnded { .. } => [Part::StandaloneTasks].into(),
            Self::VpcEndpointAvailable(_) | Self::VpcEndpointDeleted(_) => [Part::VpcEndpoints].into(),
            Self::InstanceRunning { .. } | Self::InstanceStopped { .. } | Self::InstanceStarted { .. } => {
                [Part::Instances].into()
            }
            Self::GroupInService { .. } | Self::GroupEmpty { .. } => [Part::AutoScalingGroups].into(),
            Self::Observed { .. } => Part::all().into_iter().chain([Part::StandaloneTasks, Part::Alarms]).collect(),
        }
    }

    /// What could not be observed, and why, if that is what is waited for.
    pub fn unobserved(&self) -> Option<(&String, &Unobserved)> {
        if let Self::Observed { subject, why } = self { Some((subject, why)) } else { None }
    }

    /// What is waited for, without how far it has come: the same from one look to the next.
    pub fn subject(&self) -> String {
        let text = self.to_string();
        text.split(" (").next().unwrap_or(&text).to_owned()
    }

    /// Whether it does not come within this run, however long that waits.
    pub fn is_for_another_run(&self) -> bool {
        matches!(self, Self::DatabaseStarted { .. } | Self::StandaloneTasksEnded { .. } | Self::InstanceStarted { .. })
    }

    /// Whether the wait for it ends by itself, so long after a night's work began: the state has to know when that was.
    pub fn has_a_limit(&self) -> bool {
        matches!(self, Self::GraceOver { .. } | Self::StandaloneTasksEnded { .. })
    }

    /// Whether everything is configured and this only delays that it serves: from here on, a person's changes are
    /// their own and the next evening records them.
    pub fn is_readiness(&self) -> bool {
        match self {
            Self::LoadBalancerActive(_)
            | Self::RecordInSync(_)
            | Self::TasksRunning { .. }
            | Self::TargetsHealthy { .. }
            | Self::GroupInService { .. } => true,
            Self::DatabaseAvailable { held_up, .. } | Self::InstanceRunning { held_up, .. } => held_up.is_empty(),
            Self::AddressFree { .. }
            | Self::NatGatewayAvailable(_)
            | Self::NatGatewayDeleted(_)
            | Self::WebAclPossible(_)
            | Self::TasksGone { .. }
            | Self::TargetsDrained { .. }
            | Self::Turn { .. }
            | Self::ServiceGone(_)
            | Self::TargetGroupAttached(_)
            | Self::DatabaseStopped { .. }
            | Self::DatabaseStarted { .. }
            | Self::GraceOver { .. }
            | Self::StandaloneTasksEnded { .. }
            | Self::VpcEndpointAvailable(_)
            | Self::VpcEndpointDeleted(_)
            | Self::InstanceStopped { .. }
            | Self::InstanceStarted { .. }
            | Self::GroupEmpty { .. }
            | Self::Observed { .. } => false,
        }
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddressFree { name, holder } => {
                write!(f, "address {name} to be free")?;
                holder.as_ref().map_or(Ok(()), |holder| write!(f, "; {holder} holds it"))
            }
            Self::NatGatewayAvailable(name) => write!(f, "NAT gateway {name} to be available"),
            Self::NatGatewayDeleted(name) => write!(f, "NAT gateway {name} to be deleted"),
            Self::LoadBalancerActive(name) => write!(f, "load balancer {name} to be active"),
            Self::WebAclPossible(name) => write!(f, "load balancer {name} to take its web ACL"),
            Self::RecordInSync(key) => write!(f, "DNS {} {} to be in sync", key.name, key.kind.as_str()),
            Self::TasksRunning { service, running, desired } => {
                write!(f, "tasks of service {service} ({running} of {desired} running)")
            }
            Self::TargetsHealthy { target_group, healthy, desired } => {
                write!(f, "targets of {} ({healthy} of {desired} healthy)", target_group.name())
            }
            Self::TasksGone { service, left } => write!(f, "tasks of service {service} to stop ({left} left)"),
            Self::TargetsDrained { target_group, draining } => {
                write!(f, "targets of {} to drain ({draining} left)", target_group.name())
            }
            Self::Turn { service, first } => write!(f, "service {first} to serve before {service} starts"),
            Self::ServiceGone(name) => write!(f, "service {name} to be gone"),
            Self::TargetGroupAttached(arn) => write!(f, "target group {} to be attached", arn.name()),
            Self::DatabaseAvailable { database, status, held_up } => {
                write!(f, "database {database} to be available ({status}{})", waited_for_by(held_up))
            }
            Self::DatabaseStopped { database, status } => write!(f, "database {database} to be stopped ({status})"),
            Self::DatabaseStarted { database, why } => {
                write!(f, "another run to start database {database} ({why})")
            }
            Self::GraceOver { services, grace } => {
                let services: Vec<&str> = services.iter().map(ServiceName::as_str).collect();
                write!(f, "the last clients of {} to leave ({grace} from the beginning)", services.join(", "))
            }
            Self::StandaloneTasksEnded { tasks, up_to } => {
                write!(f, "tasks of no service to end: {} ({up_to} at most)", named(tasks))
            }
            Self::VpcEndpointAvailable(name) => write!(f, "VPC endpoint {name} to be available"),
            Self::VpcEndpointDeleted(name) => write!(f, "VPC endpoint {name} to be deleted"),
            Self::InstanceRunning { instance, state, held_up } => {
                write!(f, "instance {instance} to run ({state}{})", waited_for_by(held_up))
            }
            Self::InstanceStopped { instance, state } => write!(f, "instance {instance} to be stopped ({state})"),
            Self::InstanceStarted { instance, why } => write!(f, "another run to start instance {instance} ({why})"),
            Self::GroupInService { group, in_service, desired } => {
                write!(f, "instances of Auto Scaling group {group} ({in_service} of {desired} in service)")
            }
            Self::GroupEmpty { group, left } => {
                write!(f, "instances of Auto Scaling group {group} to be terminated ({left} left)")
            }
            Self::Observed { subject, why } => write!(f, "a look at {subject} ({why})"),
        }
    }
}

impl Serialize for Waiting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Who waits, within the parentheses that tell how far it has come.
fn waited_for_by(services: &BTreeSet<ServiceName>) -> String {
    let names: Vec<&str> = services.iter().map(ServiceName::as_str).collect();
    if names.is_empty() { String::new() } else { format!("; waited for by {}", names.join(", ")) }
}
