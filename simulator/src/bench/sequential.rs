//! An engine that goes stage by stage, as infrastructure-as-code tools order them: NAT gateway, route, load balancer,
//! listeners, services, DNS; at night the other way round. It really waits for each stage.
//!
//! It asks the same [`next`] and keeps only the actions of the earliest stage that is not finished. It is given what
//! Curfew has to earn: it reads no override and no state, takes no lease and writes no recording.

use std::collections::BTreeSet;
use std::time::Duration;

use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::next::{Step, next};
use curfew_core::ports::{Clock, Cloud, Scope, Token};
use futures::future::join_all;

use crate::world::World;

/// Kinds of resources that are made together, in the order of a morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Addresses,
    NatGateways,
    Routes,
    LoadBalancers,
    Listeners,
    Databases,
    Compute,
    Services,
    Records,
    Scaling,
    VpcEndpoints,
}

impl Stage {
    fn in_order(target: Target) -> Vec<Self> {
        use Stage::*;
        let mut stages = vec![
            Addresses,
            NatGateways,
            Routes,
            VpcEndpoints,
            LoadBalancers,
            Listeners,
            Databases,
            Compute,
            Services,
            Records,
            Scaling,
        ];
        match target {
            Target::Up => {}
            Target::Down => stages.reverse(),
        }
        stages
    }

    /// The stage of an action; none of the cluster's tags.
    fn of(action: &Action) -> Option<Self> {
        Some(match action {
            Action::AllocateAddress { .. } | Action::ReleaseAddress { .. } => Self::Addresses,
            Action::CreateNatGateway { .. } | Action::DeleteNatGateway { .. } => Self::NatGateways,
            Action::CreateRoute { .. } | Action::ReplaceRoute { .. } => Self::Routes,
            Action::CreateLoadBalancer { .. } | Action::DeleteLoadBalancer { .. } => Self::LoadBalancers,
            Action::ModifyLoadBalancerAttributes { .. }
            | Action::AssociateWebAcl { .. }
            | Action::CreateListener { .. }
            | Action::ModifyListenerAttributes { .. }
            | Action::AddListenerCertificates { .. }
            | Action::CreateRule { .. } => Self::Listeners,
            Action::UpdateService { .. } | Action::CreateService { .. } | Action::DeleteService { .. } => {
                Self::Services
            }
            Action::ChangeResourceRecordSets { .. } => Self::Records,
            Action::StartDbInstance { .. }
            | Action::StopDbInstance { .. }
            | Action::StartDbCluster { .. }
            | Action::StopDbCluster { .. } => Self::Databases,
            Action::StartInstances { .. } | Action::StopInstances { .. } | Action::UpdateAutoScalingGroup { .. } => {
                Self::Compute
            }
            Action::RegisterScalableTarget { .. } | Action::PutScalingPolicy { .. } => Self::Scaling,
            Action::CreateVpcEndpoint { .. } | Action::DeleteVpcEndpoints { .. } => Self::VpcEndpoints,
            Action::TagCluster { .. } | Action::UntagCluster { .. } | Action::PutMetricAlarm { .. } => return None,
        })
    }

    /// Where to look for what a stage waits for.
    fn parts(self) -> BTreeSet<Part> {
        match self {
            Self::Addresses => [Part::Addresses].into(),
            Self::NatGateways => [Part::NatGateways].into(),
            Self::Routes => [Part::Routes].into(),
            Self::LoadBalancers => [Part::LoadBalancerStates].into(),
            Self::Listeners => [Part::LoadBalancers].into(),
            Self::Services => [Part::Services, Part::TargetHealth].into(),
            Self::Databases => [Part::Databases].into(),
            Self::Compute => [Part::Instances, Part::AutoScalingGroups].into(),
            Self::Scaling => [Part::Services].into(),
            Self::VpcEndpoints => [Part::VpcEndpoints].into(),
            Self::Records => [Part::Records].into(),
        }
    }

    /// Whether what a stage asked for has come.
    fn has_come(self, target: Target, tier: &RuntimeTier, seen: &Observation) -> bool {
        match (self, target) {
            (Self::Routes | Self::Listeners | Self::Scaling, Target::Up | Target::Down) => true,
            (Self::Addresses, Target::Up) => seen.addresses.values().all(|one| one.ready().is_some()),
            (Self::Addresses, Target::Down) => tier.addresses.iter().all(|(name, address)| match address.while_down {
                AddressWhileDown::Keep => true,
                AddressWhileDown::Release => seen.addresses.get(name) == Some(&Seen::Absent),
            }),
            (Self::NatGateways, Target::Up) => seen.nat_gateways.values().all(|one| one.ready().is_some()),
            (Self::NatGateways, Target::Down) => seen.nat_gateways.values().all(|one| *one == Seen::Absent),
            (Self::VpcEndpoints, Target::Up) => seen.vpc_endpoints.values().all(|one| one.ready().is_some()),
            (Self::VpcEndpoints, Target::Down) => seen.vpc_endpoints.values().all(|one| *one == Seen::Absent),
            (Self::LoadBalancers, Target::Up) => seen.load_balancers.values().all(|one| one.ready().is_some()),
            (Self::LoadBalancers, Target::Down) => seen.load_balancers.values().all(|one| *one == Seen::Absent),
            (Self::Databases, Target::Up) => databases_are(seen, DatabaseStatus::AVAILABLE),
            (Self::Databases, Target::Down) => databases_are(seen, DatabaseStatus::STOPPED),
            (Self::Compute, Target::Up | Target::Down) => compute_is_settled(seen),
            (Self::Services, Target::Up) => tier.services.iter().all(|(name, wanted)| serves(seen, name, wanted)),
            (Self::Services, Target::Down) => nobody_works(seen),
            (Self::Records, Target::Up | Target::Down) => seen.records.values().all(|one| one.ready().is_some()),
        }
    }
}

fn databases_are(seen: &Observation, status: DatabaseStatus) -> bool {
    seen.databases.values().all(|one| one.ready().is_some_and(|found| found.status == status))
}

fn compute_is_settled(seen: &Observation) -> bool {
    let settled = seen.instances.values().all(|one| one.ready().is_some());
    settled && seen.auto_scaling_groups.values().all(|one| one.ready().is_some())
}

fn serves(seen: &Observation, name: &ServiceName, wanted: &Service) -> bool {
    let Some(service) = seen.services.get(name).and_then(Seen::ready) else { return false };
    let healthy = |group| seen.targets.get(group).and_then(Seen::ready).map_or(0, |targets| targets.healthy);
    service.tasks.running >= wanted.desired_count
        && service.target_groups.iter().all(|group| healthy(group) >= wanted.desired_count)
}

fn nobody_works(seen: &Observation) -> bool {
    let ended = |one: &Seen<ObservedService>| match one {
        Seen::Absent => true,
        Seen::Ready(service) | Seen::Pending(service) => !service.tasks.any(),
        Seen::Leaving(_) | Seen::Unknown(_) => false,
    };
    seen.services.values().all(ended)
        && seen.targets.values().filter_map(Seen::ready).all(|targets| targets.draining == 0)
}

/// Brings an environment to a target.
///
/// # Errors
/// What stopped it, in words.
pub(super) async fn run(world: &World, blueprint: &Blueprint, target: Target, poll: Duration) -> Result<(), String> {
    let Blueprint { environment, cluster, tier, .. } = blueprint;
    let scope = Scope { environment, cluster, tier, identities: &NOTHING_KNOWN };
    let mut seen = Observation::default();
    seen.update(world.observe(scope, &Part::for_run(scope.tier), &seen).await);
    for stage in Stage::in_order(target) {
        loop {
            let actions = match next(environment, tier, &seen, target) {
                Step::Act(actions) => actions.into_iter().filter(|one| Stage::of(one) == Some(stage)).collect(),
                Step::Wait { .. } | Step::Done => Vec::new(),
                Step::Blocked(reasons) | Step::Missing(reasons) => return Err(format!("{reasons:?}")),
            };
            if actions.is_empty() && stage.has_come(target, tier, &seen) {
                break;
            }
            let parts = if actions.is_empty() {
                world.sleep(poll).await;
                stage.parts()
            } else {
                perform(world, scope, &actions).await?
            };
            let later = world.observe(scope, &parts, &seen).await;
            seen.update(later);
        }
    }
    Ok(())
}

/// Performs actions at the same time; the parts that they touched.
async fn perform(world: &World, scope: Scope<'_>, actions: &[Action]) -> Result<BTreeSet<Part>, String> {
    let performed = join_all(actions.iter().map(|action| async move {
        let token = Token::of(world.run(), action);
        world.perform(scope, action, &token).await
    }));
    for result in performed.await {
        result.map_err(|error| error.to_string())?;
    }
    Ok(actions.iter().flat_map(Action::touches).collect())
}
