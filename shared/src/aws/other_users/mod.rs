//! What stands around the things that go at night: who else uses them.
//!
//! Interfaces are asked for before tasks: an interface that is there has a task that can be seen, unless it is another
//! cluster's.

mod ecs;
mod network;
mod targets;

use super::errors::unobserved;
use crate::model::*;
use crate::placing::other_users::{
    Surroundings, load_balancers_that_go, nat_gateways_that_go, place_other_users, untold,
};
use crate::ports::{ActionError, Scope};

/// Looks for others who use what goes.
pub(super) async fn look(
    ec2: &aws_sdk_ec2::Client,
    ecs: &aws_sdk_ecs::Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    scope: Scope<'_>,
    known: &Observation,
) -> Observation {
    let seen = if !scope.tier.may_have_other_users() {
        Seen::Absent
    } else if let Some(why) = untold(known) {
        Seen::Unknown(why)
    } else {
        match find(ec2, ecs, elb, scope, known).await.map(|found| place_other_users(scope.tier, known, &found)) {
            Ok(users) if users.is_empty() => Seen::Absent,
            Ok(users) => Seen::Ready(users),
            Err(error) => Seen::Unknown(unobserved(&error)),
        }
    };
    Observation { other_users: Some(seen), ..Observation::default() }
}

async fn find(
    ec2: &aws_sdk_ec2::Client,
    ecs: &aws_sdk_ecs::Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    scope: Scope<'_>,
    known: &Observation,
) -> Result<Surroundings, ActionError> {
    let gateways = nat_gateways_that_go(known);
    let load_balancers = load_balancers_that_go(known);
    let (network, (groups, targets), services) = tokio::try_join!(
        network::find(ec2, &gateways),
        targets::find(elb, &load_balancers),
        ecs::services(ecs, scope),
    )?;
    let (route_tables, interfaces) = network;
    let of_targets = network::addresses(ec2, &interfaces, &targets).await?;
    let interfaces = [interfaces, of_targets].concat();
    let (tasks, instances) =
        tokio::try_join!(ecs::all_tasks(ecs, scope.cluster), network::instances(ec2, &interfaces, &targets))?;
    Ok(Surroundings { route_tables, interfaces, instances, tasks, services, targets, target_groups: groups })
}
