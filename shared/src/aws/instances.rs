//! EC2 instances: stopped and started, never made, changed or terminated.

mod unsupported;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{
    Filter, Instance as SdkInstance, InstanceAttributeName, InstanceStateName, InstanceType, Reservation, RouteTable,
};
use futures::future::try_join_all;

use super::errors::{Outcome, failed, parsed, strange, unobserved};
use super::tags;
use crate::model::*;
use crate::ports::{ActionError, Scope};
use unsupported::Kept;

const DESCRIBE: &str = "ec2:DescribeInstances";

/// It was in the exact state at the last look and is not any more, or is gone.
const NOT_AS_SEEN: &[&str] = &["IncorrectInstanceState", "InvalidInstanceID.NotFound"];
/// AWS has no such machine left, or the account may have no more: to ask again at once helps nobody.
const NO_CAPACITY: &[&str] =
    &["InsufficientHostCapacity", "InsufficientInstanceCapacity", "InstanceLimitExceeded", "VcpuLimitExceeded"];

/// Looks at the instances that the blueprint names: all in one call, their types in another one, each one's protection, of
/// which AWS tells no more than one at a time, and where one does not run, whether routes lead through it.
pub(super) async fn look(client: &Client, scope: Scope<'_>) -> Observation {
    let wanted = &scope.tier.instances;
    if wanted.is_empty() {
        return Observation::default();
    }
    let found = find(client, scope).await;
    let seen = |instance: &Instance| match &found {
        Ok(found) => found.get(&instance.id).cloned().unwrap_or(Seen::Absent),
        Err(error) => Seen::Unknown(unobserved(error)),
    };
    let instances = wanted.iter().map(|(name, instance)| (name.clone(), seen(instance))).collect();
    Observation { instances, ..Observation::default() }
}

async fn find(client: &Client, scope: Scope<'_>) -> Result<BTreeMap<InstanceId, Seen<ObservedInstance>>, ActionError> {
    let ids = scope.tier.instances.values().map(|one| one.id.to_string()).collect();
    let filter = Filter::builder().name("instance-id").set_values(Some(ids)).build();
    let pages = client.describe_instances().filters(filter).into_paginator().items().send();
    let reservations: Vec<Reservation> = pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE))?;
    let found: Vec<&SdkInstance> = reservations.iter().flat_map(Reservation::instances).collect();
    let (stored, protected, ways_out) =
        tokio::try_join!(with_instance_store(client, &found), protected(client, &found), ways_out(client, &found))?;
    let read = |one: &SdkInstance| {
        let id: InstanceId = parsed(DESCRIBE, one.instance_id())?;
        let kept = Kept {
            has_instance_store: one.instance_type().is_some_and(|kind| stored.contains(kind.as_str())),
            is_protected: protected.contains(id.as_str()),
        };
        let is_way_out = ways_out.contains(id.as_str());
        Ok((id.clone(), read(scope.environment, id, one, kept, is_way_out)))
    };
    found.into_iter().map(read).collect()
}

/// Those of the instances' types whose machines have disks that a stop empties.
async fn with_instance_store(client: &Client, found: &[&SdkInstance]) -> Result<BTreeSet<String>, ActionError> {
    let types: BTreeSet<&InstanceType> = found.iter().filter_map(|one| one.instance_type()).collect();
    if types.is_empty() {
        return Ok(BTreeSet::new());
    }
    let types = types.into_iter().cloned().collect();
    let pages = client.describe_instance_types().set_instance_types(Some(types)).into_paginator().items().send();
    let described: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed("ec2:DescribeInstanceTypes"))?;
    let stored = described.iter().filter(|one| one.instance_storage_supported() == Some(true));
    Ok(stored.filter_map(|one| Some(one.instance_type()?.as_str().to_owned())).collect())
}

/// The ids of those that are protected against being stopped.
async fn protected(client: &Client, found: &[&SdkInstance]) -> Result<BTreeSet<String>, ActionError> {
    let asked = found.iter().filter_map(|one| one.instance_id()).map(|id| async move {
        let attribute = InstanceAttributeName::DisableApiStop;
        let answer = client.describe_instance_attribute().instance_id(id).attribute(attribute).send().await;
        let answer = answer.map_err(failed("ec2:DescribeInstanceAttribute"))?;
        let is_protected = answer.disable_api_stop().and_then(|value| value.value()) == Some(true);
        Ok::<_, ActionError>(is_protected.then(|| id.to_owned()))
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

/// Those through which routes lead. While all run nobody waits for one, and nobody has to ask.
async fn ways_out(client: &Client, found: &[&SdkInstance]) -> Result<BTreeSet<String>, ActionError> {
    let runs = |one: &&SdkInstance| one.state().and_then(|state| state.name()) == Some(&InstanceStateName::Running);
    if found.iter().all(runs) {
        return Ok(BTreeSet::new());
    }
    let ids = found.iter().filter_map(|one| Some(one.instance_id()?.to_owned())).collect();
    let filter = Filter::builder().name("route.instance-id").set_values(Some(ids)).build();
    let pages = client.describe_route_tables().filters(filter).into_paginator().items().send();
    let tables: Vec<RouteTable> = pages.collect::<Result<_, _>>().await.map_err(failed("ec2:DescribeRouteTables"))?;
    let routes = tables.iter().flat_map(RouteTable::routes);
    Ok(routes.filter_map(|route| Some(route.instance_id()?.to_owned())).collect())
}

/// That the blueprint names it is the proof, unless it carries another environment's tag.
fn read(
    environment: &EnvironmentName,
    id: InstanceId,
    one: &SdkInstance,
    kept: Kept,
    is_way_out: bool,
) -> Seen<ObservedInstance> {
    let word = one.state().and_then(|state| state.name()).map_or("", |name| name.as_str());
    match InstanceState::read(word) {
        Some(state) => ObservedInstance {
            ownership: Ownership::prove(environment, id.clone(), &tags::from_ec2(one.tags()), Some(&id)),
            state,
            passing_address: passing_address(one),
            is_way_out,
            unsupported: unsupported::of(one, kept),
        }
        .into(),
        None => {
            let error = strange(DESCRIBE, format!("the instance {id} has the unknown state `{word}`"));
            Seen::Unknown(unobserved(&ActionError { retry: Retry::Later, ..error }))
        }
    }
}

/// An address of AWS's own is given back when the instance stops; an elastic one is the account's.
fn passing_address(one: &SdkInstance) -> Option<std::net::Ipv4Addr> {
    let mut associations = one.network_interfaces().iter().filter_map(|interface| interface.association());
    let passing = associations.find(|association| association.ip_owner_id() == Some("amazon"))?;
    passing.public_ip()?.parse().ok()
}

/// Starts an instance.
pub(super) async fn start(client: &Client, instance: &Owned<InstanceId>) -> Result<(), ActionError> {
    let answer = client.start_instances().instance_ids(instance.id().as_str()).send().await;
    answer.map_err(failed("ec2:StartInstances")).later_on(NOT_AS_SEEN).next_run_on(NO_CAPACITY)?;
    Ok(())
}

/// Stops an instance: its operating system is shut down first, and its volumes stay.
pub(super) async fn stop(client: &Client, instance: &Owned<InstanceId>) -> Result<(), ActionError> {
    let answer = client.stop_instances().instance_ids(instance.id().as_str()).send().await;
    answer.map_err(failed("ec2:StopInstances")).later_on(NOT_AS_SEEN)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::builders::InstanceBuilder;
    use aws_sdk_ec2::types::{
        InstanceNetworkInterface, InstanceNetworkInterfaceAssociation, InstanceState as SdkState, Tag,
    };

    use super::*;

    const NOTHING: Kept = Kept { has_instance_store: false, is_protected: false };

    fn called(word: &str) -> InstanceBuilder {
        let state = SdkState::builder().name(InstanceStateName::from(word)).build();
        SdkInstance::builder().instance_id("i-0a1b").state(state)
    }

    fn shown(one: &SdkInstance) -> String {
        let environment = "dev".parse().expect("a name");
        let seen = read(&environment, "i-0a1b".parse().expect("an id"), one, NOTHING, false);
        let found = seen.present().map(|found| {
            let whose = if found.ownership.owned().is_some() { "ours" } else { "foreign" };
            format!("{whose} {} {:?}", found.state, found.passing_address)
        });
        format!("{seen}: {}", found.or(seen.unknown().map(ToString::to_string)).unwrap_or_default())
    }

    #[test]
    fn a_state_says_what_it_is() {
        for (word, expected) in [
            ("running", "ready: ours running None"),
            ("stopped", "ready: ours stopped None"),
            ("pending", "pending: ours pending None"),
            ("stopping", "pending: ours stopping None"),
            ("shutting-down", "leaving: ours shutting-down None"),
            ("terminated", "absent: "),
        ] {
            assert_eq!(shown(&called(word).build()), expected);
        }
        let unknown = shown(&called("hibernated").build());
        assert!(unknown.starts_with("unknown: ec2:DescribeInstances") && unknown.contains("`hibernated`"), "{unknown}");
    }

    #[test]
    fn another_environments_tag_is_stronger_than_the_blueprint() {
        let tagged = |value: &str| called("running").tags(Tag::builder().key(ENVIRONMENT_TAG).value(value).build());
        assert_eq!(shown(&tagged("dev").build()), "ready: ours running None");
        assert_eq!(shown(&tagged("staging").build()), "ready: foreign running None");
    }

    #[test]
    fn only_an_address_of_aws_passes() {
        let with = |owner: &str| {
            let association =
                InstanceNetworkInterfaceAssociation::builder().ip_owner_id(owner).public_ip("198.51.100.7").build();
            called("running").network_interfaces(InstanceNetworkInterface::builder().association(association).build())
        };
        assert_eq!(shown(&with("amazon").build()), "ready: ours running Some(198.51.100.7)");
        assert_eq!(shown(&with("123456789012").build()), "ready: ours running None");
    }
}
