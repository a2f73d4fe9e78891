//! NAT gateways.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{
    AutoProvisionZonesState, AvailabilityMode, ConnectivityType, Filter, NatGateway as SdkNatGateway, NatGatewayState,
    ResourceType,
};

use super::errors::{Outcome, failed, parsed, unobserved};
use super::tags;
use crate::model::*;
use crate::placing::{FoundNatGateway, NatGatewayState as State, own_nat_gateway, place_nat_gateways};
use crate::ports::{ActionError, Scope, Token};

const DESCRIBE: &str = "ec2:DescribeNatGateways";

/// Looks at all NAT gateways that carry the environment's tag, that the blueprint adopts, or that stand where one of
/// ours should and is not. Why some failed is only said by a look that succeeded.
pub(super) async fn look(client: &Client, scope: Scope<'_>) -> Observation {
    match find(client, scope).await {
        Ok(found) => place_nat_gateways(scope, &found),
        Err(error) => {
            let unknown = |name: &LogicalName| (name.clone(), Seen::Unknown(unobserved(&error)));
            Observation {
                nat_gateways: scope.tier.nat_gateways.keys().map(unknown).collect(),
                orphans: [(Part::NatGateways, Vec::new())].into(),
                ..Observation::default()
            }
        }
    }
}

/// Ours and adopted ones; then, for names that have none, whoever stands in their subnets.
async fn find(client: &Client, scope: Scope<'_>) -> Result<Vec<FoundNatGateway>, ActionError> {
    let adopted: BTreeSet<NatGatewayId> = scope.tier.nat_gateways.values().filter_map(|n| n.adopted.clone()).collect();
    let ids = adopted.iter().map(NatGatewayId::to_string).collect();
    let (tagged, named) = tokio::join!(
        describe(client, vec![tags::of_environment(scope.environment)]),
        describe_some(client, "nat-gateway-id", ids, vec![]),
    );
    let read = |gateways: Vec<SdkNatGateway>| -> Result<Vec<FoundNatGateway>, ActionError> {
        gateways.iter().map(|gateway| read(scope.environment, &adopted, gateway)).collect()
    };
    let mut found = read(tagged?)?;
    found.extend(read(named?)?);
    let vacant: BTreeSet<String> = scope
        .tier
        .nat_gateways
        .iter()
        .filter(|(name, gateway)| own_nat_gateway(scope, name, gateway, &found).is_none())
        .map(|(_, gateway)| gateway.subnet.to_string())
        .collect();
    let alive = Filter::builder().name("state").values("pending").values("available").build();
    let standing = describe_some(client, "subnet-id", vacant.into_iter().collect(), vec![alive]).await?;
    found.extend(read(standing)?);
    Ok(without_repetitions(found))
}

fn without_repetitions(found: Vec<FoundNatGateway>) -> Vec<FoundNatGateway> {
    let by_id: BTreeMap<NatGatewayId, FoundNatGateway> = found.into_iter().map(|one| (one.id.clone(), one)).collect();
    by_id.into_values().collect()
}

/// Asks for those with one of the values, if there are values at all.
async fn describe_some(
    client: &Client,
    filter: &str,
    values: Vec<String>,
    mut filters: Vec<Filter>,
) -> Result<Vec<SdkNatGateway>, ActionError> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    filters.push(Filter::builder().name(filter).set_values(Some(values)).build());
    describe(client, filters).await
}

async fn describe(client: &Client, filters: Vec<Filter>) -> Result<Vec<SdkNatGateway>, ActionError> {
    let pages = client.describe_nat_gateways().set_filter(Some(filters)).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(failed(DESCRIBE))
}

fn read(
    environment: &EnvironmentName,
    adopted: &BTreeSet<NatGatewayId>,
    gateway: &SdkNatGateway,
) -> Result<FoundNatGateway, ActionError> {
    let id: NatGatewayId = parsed(DESCRIBE, gateway.nat_gateway_id())?;
    let tags = tags::from_ec2(gateway.tags());
    let addresses = gateway.nat_gateway_addresses();
    let primary = addresses.iter().find(|address| address.is_primary() == Some(true)).or(addresses.first());
    let observed = ObservedNatGateway {
        ownership: Ownership::prove(environment, id.clone(), &tags, adopted.get(&id)),
        subnet: gateway.subnet_id().and_then(|subnet| subnet.parse().ok()),
        allocation: primary.and_then(|address| address.allocation_id()?.parse().ok()),
        tags,
        unsupported: unsupported(gateway),
    };
    Ok(FoundNatGateway { id, state: state(gateway)?, observed })
}

fn state(gateway: &SdkNatGateway) -> Result<State, ActionError> {
    match gateway.state() {
        Some(NatGatewayState::Pending) => Ok(State::Pending),
        Some(NatGatewayState::Available) => Ok(State::Available),
        Some(NatGatewayState::Deleting) => Ok(State::Deleting),
        Some(NatGatewayState::Deleted) => Ok(State::Deleted),
        Some(NatGatewayState::Failed) => {
            let code = gateway.failure_code().unwrap_or("no code");
            let message = gateway.failure_message().unwrap_or("no message");
            Ok(State::Failed(format!("{code}: {message}")))
        }
        other => Err(super::errors::strange(DESCRIBE, format!("a NAT gateway is in an unknown state {other:?}"))),
    }
}

/// What of a NAT gateway the blueprint's words cannot say (facts §1).
fn unsupported(gateway: &SdkNatGateway) -> Vec<String> {
    let mut reasons = Vec::new();
    if gateway.availability_mode() == Some(&AvailabilityMode::Regional) {
        reasons.push(match gateway.auto_provision_zones() {
            Some(AutoProvisionZonesState::Disabled) => {
                "is a regional NAT gateway in manual mode, and Curfew makes zonal ones".to_owned()
            }
            _ => "is a regional NAT gateway in automatic mode: its addresses would change every day".to_owned(),
        });
    }
    if gateway.connectivity_type() == Some(&ConnectivityType::Private) {
        reasons.push("is a private NAT gateway, and Curfew makes public ones".to_owned());
    }
    let secondary =
        gateway.nat_gateway_addresses().iter().filter(|address| address.is_primary() == Some(false)).count();
    if secondary > 0 {
        reasons.push(format!("has {secondary} secondary addresses"));
    }
    if !gateway.attached_appliances().is_empty() {
        reasons.push("has appliances attached".to_owned());
    }
    if gateway
        .provisioned_bandwidth()
        .is_some_and(|bandwidth| bandwidth.requested().is_some() || bandwidth.provisioned().is_some())
    {
        reasons.push("has bandwidth that AWS provisioned".to_owned());
    }
    reasons
}

/// Makes a public, zonal NAT gateway. The token makes a repetition harmless.
pub(super) async fn create(
    client: &Client,
    subnet: &SubnetId,
    allocation: &AllocationId,
    tags: &Tags,
    token: &Token,
) -> Result<(), ActionError> {
    client
        .create_nat_gateway()
        .subnet_id(subnet.as_str())
        .allocation_id(allocation.as_str())
        .connectivity_type(ConnectivityType::Public)
        .client_token(token.as_str())
        .tag_specifications(tags::specification(ResourceType::Natgateway, tags))
        .send()
        .await
        .map_err(failed("ec2:CreateNatGateway"))
        // A new address may not be known everywhere yet; one that is still held will be free.
        .later_on(&["InvalidAllocationID.NotFound", "Resource.AlreadyAssociated"])?;
    Ok(())
}

/// Deletes a NAT gateway.
pub(super) async fn delete(client: &Client, nat_gateway: &Owned<NatGatewayId>) -> Result<(), ActionError> {
    let answer = client.delete_nat_gateway().nat_gateway_id(nat_gateway.id().as_str()).send().await;
    answer.map_err(failed("ec2:DeleteNatGateway")).done_on(&["NatGatewayNotFound"])
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{NatGatewayAddress, ProvisionedBandwidth, Tag};

    use super::*;

    fn gateway(id: &str, state: NatGatewayState, tags: &[(&str, &str)]) -> SdkNatGateway {
        let tags = tags.iter().map(|(key, value)| Tag::builder().key(*key).value(*value).build()).collect();
        let address = NatGatewayAddress::builder().allocation_id("eipalloc-1").is_primary(true).build();
        SdkNatGateway::builder()
            .nat_gateway_id(id)
            .subnet_id("subnet-1")
            .state(state)
            .nat_gateway_addresses(address)
            .set_tags(Some(tags))
            .build()
    }

    const OURS: &[(&str, &str)] = &[(ENVIRONMENT_TAG, "dev"), (NAME_TAG, "egress")];
    const OTHERS: &[(&str, &str)] = &[(ENVIRONMENT_TAG, "staging"), (NAME_TAG, "egress")];

    /// What a look shows of the one NAT gateway `egress` in `subnet-1`.
    fn place_one(gateways: &[SdkNatGateway]) -> (String, Observation, Vec<Orphan>) {
        let name: LogicalName = "egress".parse().expect("a name");
        let wanted = NatGateway {
            subnet: "subnet-1".parse().expect("an id"),
            address: name.clone(),
            tags: Tags::new(),
            adopted: Some("nat-ad0".parse().expect("an id")),
            alarms: Alarms::default(),
        };
        let adopted = wanted.adopted.iter().cloned().collect();
        let tier = RuntimeTier { nat_gateways: [(name.clone(), wanted)].into(), ..RuntimeTier::default() };
        let environment = "dev".parse().expect("an environment");
        let read = |one| read(&environment, &adopted, one);
        let found = gateways.iter().map(read).collect::<Result<Vec<_>, _>>().expect("NAT gateways");
        let cluster = "c".parse().expect("a cluster");
        let scope = Scope { environment: &environment, cluster: &cluster, tier: &tier, identities: &NOTHING_KNOWN };
        let observation = place_nat_gateways(scope, &found);
        let orphans = observation.orphans[&Part::NatGateways].clone();
        let seen = &observation.nat_gateways[&name];
        let id = seen.present().map(|one| one.ownership.id().to_string()).unwrap_or_default();
        (format!("{seen} {id}").trim().to_owned(), observation, orphans)
    }

    #[test]
    fn the_adopted_one_comes_before_ours_before_a_leaving_one_before_a_strangers() {
        use NatGatewayState::{Available, Deleted, Deleting, Pending};
        let strangers = gateway("nat-f0", Available, &[]);
        let leaving = gateway("nat-a0", Deleting, OURS);
        let adopted = gateway("nat-ad0", Available, &[]);
        let ours = gateway("nat-a1", Pending, OURS);
        let seen = |gateways: &[SdkNatGateway]| place_one(gateways).0;
        assert_eq!(seen(&[]), "absent");
        assert_eq!(seen(std::slice::from_ref(&strangers)), "ready nat-f0");
        assert_eq!(seen(&[strangers.clone(), leaving.clone()]), "leaving nat-a0");
        assert_eq!(seen(&[strangers.clone(), leaving.clone(), adopted.clone()]), "ready nat-ad0");
        assert_eq!(seen(&[strangers.clone(), leaving.clone(), ours.clone()]), "pending nat-a1");
        assert_eq!(seen(&[strangers, leaving, adopted, ours]), "ready nat-ad0");
        assert_eq!(seen(&[gateway("nat-a2", Deleted, OURS)]), "absent");
        // Environments may share a subnet.
        assert_eq!(seen(&[gateway("nat-b0", Available, OTHERS)]), "absent");
    }

    #[test]
    fn of_two_that_nobody_knows_neither_is_taken_for_ours() {
        use NatGatewayState::{Available, Deleted};
        let all =
            [gateway("nat-a1", Available, OURS), gateway("nat-a2", Available, OURS), gateway("nat-a3", Deleted, OURS)];
        let (seen, observation, orphans) = place_one(&all);
        assert_eq!((seen.as_str(), orphans), ("absent", vec![]));
        assert_eq!(observation.foreign[&Part::NatGateways].len(), 2);
    }

    #[test]
    fn a_failure_is_remembered_and_is_no_presence() {
        let failed = || {
            SdkNatGateway::builder()
                .nat_gateway_id("nat-a1")
                .state(NatGatewayState::Failed)
                .failure_code("Resource.AlreadyAssociated")
                .failure_message("in use")
                .tags(Tag::builder().key(ENVIRONMENT_TAG).value("dev").build())
                .tags(Tag::builder().key(NAME_TAG).value("egress").build())
        };
        // What failed elsewhere says nothing about the subnet that the blueprint names now.
        let (seen, observation, orphans) = place_one(&[failed().build(), failed().subnet_id("subnet-old").build()]);
        assert_eq!((seen.as_str(), orphans), ("absent", vec![]));
        let failures: Vec<_> = observation.failed_nat_gateways.into_values().flatten().collect();
        assert_eq!(failures, ["Resource.AlreadyAssociated: in use"]);
    }

    #[test]
    fn what_is_not_public_and_zonal_is_refused() {
        let regional = SdkNatGateway::builder().availability_mode(AvailabilityMode::Regional);
        assert_eq!(
            unsupported(&regional.build()),
            ["is a regional NAT gateway in automatic mode: its addresses would change every day"]
        );
        let second = NatGatewayAddress::builder().is_primary(false).build();
        let private =
            SdkNatGateway::builder().connectivity_type(ConnectivityType::Private).nat_gateway_addresses(second);
        assert_eq!(unsupported(&private.build()).len(), 2);
        let bandwidth = ProvisionedBandwidth::builder().requested("100").build();
        let wide = SdkNatGateway::builder().provisioned_bandwidth(bandwidth);
        assert_eq!(unsupported(&wide.build()), ["has bandwidth that AWS provisioned"]);
    }
}
