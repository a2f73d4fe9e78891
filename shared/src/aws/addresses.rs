//! Elastic IPs.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::config::Region;
use aws_sdk_ec2::config::retry::RetryConfig;
use aws_sdk_ec2::types::{Address as SdkAddress, DomainType, Filter, ResourceType};

use super::errors::{Outcome, failed, parsed, unobserved};
use super::tags;
use crate::model::*;
use crate::placing::{place_addresses, unseen_addresses};
use crate::ports::{ActionError, Scope};

const DESCRIBE: &str = "ec2:DescribeAddresses";

/// Addresses as they were found, by allocation.
type Found = BTreeMap<AllocationId, ObservedAddress>;

/// Looks at all addresses that carry the environment's tag or that the blueprint adopts.
pub(super) async fn look(client: &Client, scope: Scope<'_>, known: &Observation) -> Observation {
    match find(client, scope, known).await {
        Ok(found) => place_addresses(scope, &found),
        Err(error) => {
            let unknown = |name: &LogicalName| (name.clone(), Seen::Unknown(unobserved(&error)));
            Observation {
                addresses: scope.tier.addresses.keys().map(unknown).collect(),
                orphans: [(Part::Addresses, Vec::new())].into(),
                ..Observation::default()
            }
        }
    }
}

/// All that carry the environment's tag, and all that the blueprint adopts; then those that are remembered and were not among
/// them: one that has lost its tag is not gone.
async fn find(client: &Client, scope: Scope<'_>, known: &Observation) -> Result<Found, ActionError> {
    let adopted = adopted(scope);
    let (tagged, named) =
        tokio::join!(describe(client, tags::of_environment(scope.environment)), describe_by_id(client, &adopted));
    let region = client.config().region().map(Region::as_ref);
    let read = |addresses: Vec<SdkAddress>| -> Result<Found, ActionError> {
        addresses.iter().map(|address| read(scope.environment, &adopted, region, address)).collect()
    };
    let mut found = read(tagged?)?;
    found.extend(read(named?)?);
    let unseen = unseen_addresses(scope, &found);
    found.extend(read(describe_by_id(client, &unseen).await?)?);
    name_holders(client, scope, known, &mut found).await;
    Ok(found)
}

/// A filter, unlike a list of ids, finds nothing where one is gone, and is no error.
async fn describe_by_id(client: &Client, ids: &BTreeSet<AllocationId>) -> Result<Vec<SdkAddress>, ActionError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values = ids.iter().map(AllocationId::to_string).collect();
    describe(client, Filter::builder().name("allocation-id").set_values(Some(values)).build()).await
}

fn adopted(scope: Scope<'_>) -> BTreeSet<AllocationId> {
    scope.tier.addresses.values().filter_map(|address| address.adopted.clone()).collect()
}

async fn describe(client: &Client, filter: Filter) -> Result<Vec<SdkAddress>, ActionError> {
    let answer = client.describe_addresses().filters(filter).send().await.map_err(failed(DESCRIBE))?;
    Ok(answer.addresses.unwrap_or_default())
}

fn read(
    environment: &EnvironmentName,
    adopted: &BTreeSet<AllocationId>,
    region: Option<&str>,
    address: &SdkAddress,
) -> Result<(AllocationId, ObservedAddress), ActionError> {
    let id: AllocationId = parsed(DESCRIBE, address.allocation_id())?;
    let tags = tags::from_ec2(address.tags());
    let observed = ObservedAddress {
        ownership: Ownership::prove(environment, id.clone(), &tags, adopted.get(&id)),
        public_ip: address.public_ip().unwrap_or_default().to_owned(),
        associated: address.association_id().is_some() || address.network_interface_id().is_some(),
        holder: holder(address),
        tags,
        unsupported: unsupported(address, region),
    };
    Ok((id, observed))
}

/// What holds an address, as the address itself says. Of a NAT gateway it names the interface alone.
fn holder(address: &SdkAddress) -> Option<AddressHolder> {
    let instance = address.instance_id().and_then(|id| id.parse().ok()).map(AddressHolder::Instance);
    let interface = address.network_interface_id();
    instance.or(interface.map(|id| AddressHolder::Interface { id: id.to_owned(), of: String::new() }))
}

/// Puts in what an interface is of where a run waits for it: where the NAT gateway of the address was not seen to be there.
async fn name_holders(client: &Client, scope: Scope<'_>, known: &Observation, found: &mut Found) {
    let has_user = |name: &LogicalName| {
        let users = scope.tier.nat_gateways.iter().filter(|(_, gateway)| gateway.address == *name);
        users
            .map(|(gateway, _)| known.nat_gateways.get(gateway))
            .all(|seen| seen.is_none_or(|seen| *seen != Seen::Absent))
    };
    let waited_for: BTreeSet<&AllocationId> = known
        .addresses
        .iter()
        .filter(|(name, _)| !has_user(name))
        .filter_map(|(_, seen)| seen.present().map(|one| one.ownership.id()))
        .collect();
    for (_, one) in found.iter_mut().filter(|(id, _)| waited_for.contains(id)) {
        let Some(AddressHolder::Interface { id, of }) = &mut one.holder else { continue };
        // It is only said: who may not ask is told the interface.
        let Ok(answer) = client.describe_network_interfaces().filters(by_id(id)).send().await else { continue };
        let interface = answer.network_interfaces().first();
        *of = interface.and_then(|one| one.description()).unwrap_or_default().to_owned();
    }
}

fn by_id(interface: &str) -> Filter {
    Filter::builder().name("network-interface-id").values(interface).build()
}

/// What of an address the next one, out of Amazon's own pool in the region, would not have.
fn unsupported(address: &SdkAddress, region: Option<&str>) -> Vec<String> {
    let pool = address.public_ipv4_pool().filter(|pool| *pool != "amazon");
    let group = address.network_border_group().filter(|group| Some(*group) != region);
    [
        pool.map(|pool| format!("comes from the pool {pool}")),
        address.customer_owned_ipv4_pool().map(|pool| format!("comes from the customer-owned pool {pool}")),
        address.carrier_ip().map(|_| "is an address of a carrier".to_owned()),
        group.map(|group| format!("is announced from {group}")),
        address.service_managed().map(|service| format!("is managed by {service}")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Allocates an address. There is no token (facts §1), so the SDK does not try again: whoever does looks first.
pub(super) async fn allocate(client: &Client, tags: &Tags) -> Result<(), ActionError> {
    let once = aws_sdk_ec2::config::Builder::new().retry_config(RetryConfig::disabled());
    client
        .allocate_address()
        .domain(DomainType::Vpc)
        .tag_specifications(tags::specification(ResourceType::ElasticIp, tags))
        .customize()
        .config_override(once)
        .send()
        .await
        .map_err(failed("ec2:AllocateAddress"))?;
    Ok(())
}

/// Releases an address.
///
/// Shortly after its NAT gateway is deleted AWS may still see a stale association (facts §1): that is looked at again.
pub(super) async fn release(client: &Client, allocation: &Releasable) -> Result<(), ActionError> {
    let answer = client.release_address().allocation_id(allocation.id().as_str()).send().await;
    let result = answer
        .map_err(failed("ec2:ReleaseAddress"))
        .later_on(&["InvalidNetworkInterfaceID.NotFound", "InvalidIPAddress.InUse"])
        .done_on(&["InvalidAllocationID.NotFound"]);
    match result {
        Err(error) if error.code == "AuthFailure" => released_or_held(client, allocation, error).await,
        other => other,
    }
}

/// `AuthFailure` means "still held", or "gone, and somebody else's by now": only a describe tells (facts §1).
async fn released_or_held(client: &Client, allocation: &Releasable, refused: ActionError) -> Result<(), ActionError> {
    let answer = client.describe_addresses().allocation_ids(allocation.id().as_str()).send().await;
    match answer.map_err(failed(DESCRIBE)).none_on("InvalidAllocationID.NotFound")? {
        None => Ok(()),
        Some(_) => Err(ActionError { retry: Retry::Later, ..refused }),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{ServiceManaged, Tag};

    use super::*;

    fn address(id: &str, associated: bool, name: Option<&str>) -> SdkAddress {
        let named = name.map(|name| {
            let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
            vec![tag(ENVIRONMENT_TAG, "dev"), tag(NAME_TAG, name)]
        });
        SdkAddress::builder()
            .allocation_id(id)
            .set_association_id(associated.then(|| "eipassoc-1".to_owned()))
            .set_tags(named)
            .build()
    }

    /// Which address a look gives the name `egress`.
    fn place_one(addresses: &[SdkAddress]) -> String {
        let name: LogicalName = "egress".parse().expect("a name");
        let tier = RuntimeTier { addresses: [(name.clone(), Address::default())].into(), ..RuntimeTier::default() };
        let environment = "dev".parse().expect("an environment");
        let cluster = "c".parse().expect("a cluster");
        let scope = Scope { environment: &environment, cluster: &cluster, tier: &tier, identities: &NOTHING_KNOWN };
        let read = |one| read(&environment, &adopted(scope), None, one);
        let found = addresses.iter().map(read).collect::<Result<Found, _>>().expect("addresses");
        let observation = place_addresses(scope, &found);
        let seen = observation.addresses[&name].present();
        seen.map(|one| one.ownership.id().to_string()).unwrap_or_default()
    }

    #[test]
    fn the_one_with_the_name_is_told_by_its_tags_and_whether_it_is_held() {
        let (free, held) = (address("eipalloc-1", false, Some("egress")), address("eipalloc-2", true, Some("egress")));
        let other = address("eipalloc-3", true, None);
        assert_eq!(place_one(&[]), "");
        assert_eq!(place_one(&[free.clone(), other.clone()]), "eipalloc-1");
        assert_eq!(place_one(&[free, held, other]), "eipalloc-2");
    }

    #[test]
    fn what_another_address_would_not_have_is_told() {
        let usual = SdkAddress::builder().public_ipv4_pool("amazon").network_border_group("us-west-2");
        assert_eq!(unsupported(&usual.build(), Some("us-west-2")), Vec::<String>::new());
        let brought = SdkAddress::builder()
            .public_ipv4_pool("ipv4pool-ec2-1")
            .customer_owned_ipv4_pool("ipv4pool-coip-1")
            .carrier_ip("192.0.2.7")
            .network_border_group("us-west-2-lax-1")
            .service_managed(ServiceManaged::Alb);
        let wanted = [
            "comes from the pool ipv4pool-ec2-1",
            "comes from the customer-owned pool ipv4pool-coip-1",
            "is an address of a carrier",
            "is announced from us-west-2-lax-1",
            "is managed by alb",
        ];
        assert_eq!(unsupported(&brought.build(), Some("us-west-2")), wanted);
    }
}
