//! Interface VPC endpoints.

mod unsupported;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{
    DnsOptionsSpecification, DnsRecordIpType, Filter, IpAddressType, ResourceType, State as SdkState,
    VpcEndpoint as SdkVpcEndpoint, VpcEndpointType,
};

use super::errors::{Outcome, failed, parsed, strange, unobserved};
use super::tags;
use crate::model::*;
use crate::placing::{FoundVpcEndpoint, VpcEndpointState as State, own_vpc_endpoint, place_vpc_endpoints};
use crate::ports::{ActionError, Scope, Token};

pub(super) const DESCRIBE: &str = "ec2:DescribeVpcEndpoints";
const DELETE: &str = "ec2:DeleteVpcEndpoints";

/// Looks at all endpoints that carry the environment's tag, that the blueprint adopts, or that have the names which one of
/// ours should have. Asks nothing where the blueprint names none.
pub(super) async fn look(client: &Client, scope: Scope<'_>) -> Observation {
    if scope.tier.vpc_endpoints.is_empty() {
        return Observation::default();
    }
    match find(client, scope).await {
        Ok(found) => place_vpc_endpoints(scope, &found),
        Err(error) => {
            let unknown = |name: &LogicalName| (name.clone(), Seen::Unknown(unobserved(&error)));
            Observation {
                vpc_endpoints: scope.tier.vpc_endpoints.keys().map(unknown).collect(),
                orphans: [(Part::VpcEndpoints, Vec::new())].into(),
                ..Observation::default()
            }
        }
    }
}

/// Ours and adopted ones; then, for names that have none, whoever has the names of their services.
async fn find(client: &Client, scope: Scope<'_>) -> Result<Vec<FoundVpcEndpoint>, ActionError> {
    let wanted = &scope.tier.vpc_endpoints;
    let adopted: BTreeSet<VpcEndpointId> = wanted.values().filter_map(|one| one.adopted.clone()).collect();
    let ids = adopted.iter().map(VpcEndpointId::to_string).collect();
    let (tagged, named) = tokio::join!(
        describe(client, vec![tags::of_environment(scope.environment)]),
        describe_some(client, vec![("vpc-endpoint-id", ids)]),
    );
    let region = client.config().region().map(AsRef::as_ref);
    let read = |endpoints: Vec<SdkVpcEndpoint>| -> Result<Vec<FoundVpcEndpoint>, ActionError> {
        endpoints.iter().map(|one| read(scope.environment, &adopted, region, one)).collect()
    };
    let mut found = read(tagged?)?;
    found.extend(read(named?)?);
    let vacant: Vec<&VpcEndpoint> = wanted
        .iter()
        .filter(|(name, one)| one.private_dns.takes_names() && own_vpc_endpoint(scope, name, one, &found).is_none())
        .map(|(_, one)| one)
        .collect();
    let vpcs: BTreeSet<String> = vacant.iter().map(|one| one.vpc.to_string()).collect();
    let services: BTreeSet<String> = vacant.iter().map(|one| one.service.to_string()).collect();
    let places = vec![
        ("vpc-id", vpcs.into_iter().collect()),
        ("service-name", services.into_iter().collect()),
        ("vpc-endpoint-type", vec!["Interface".to_owned()]),
    ];
    found.extend(read(describe_some(client, places).await?)?);
    let by_id: BTreeMap<VpcEndpointId, FoundVpcEndpoint> = found.into_iter().map(|one| (one.id.clone(), one)).collect();
    Ok(by_id.into_values().collect())
}

/// Asks for those with one of the values of each filter, if each has values at all.
async fn describe_some(client: &Client, filters: Vec<(&str, Vec<String>)>) -> Result<Vec<SdkVpcEndpoint>, ActionError> {
    if filters.iter().any(|(_, values)| values.is_empty()) {
        return Ok(Vec::new());
    }
    let filters =
        filters.into_iter().map(|(name, values)| Filter::builder().name(name).set_values(Some(values)).build());
    describe(client, filters.collect()).await
}

pub(super) async fn describe(client: &Client, filters: Vec<Filter>) -> Result<Vec<SdkVpcEndpoint>, ActionError> {
    let pages = client.describe_vpc_endpoints().set_filters(Some(filters)).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(failed(DESCRIBE))
}

fn read(
    environment: &EnvironmentName,
    adopted: &BTreeSet<VpcEndpointId>,
    region: Option<&str>,
    endpoint: &SdkVpcEndpoint,
) -> Result<FoundVpcEndpoint, ActionError> {
    let id: VpcEndpointId = parsed(DESCRIBE, endpoint.vpc_endpoint_id())?;
    let tags = tags::from_ec2(endpoint.tags());
    let observed = ObservedVpcEndpoint {
        ownership: Ownership::prove(environment, id.clone(), &tags, adopted.get(&id)),
        configuration: configuration(endpoint, &tags)?,
        unsupported: unsupported::unsupported(&id, region, endpoint),
        tags,
    };
    Ok(FoundVpcEndpoint { id, state: state(endpoint)?, observed })
}

fn configuration(endpoint: &SdkVpcEndpoint, tags: &Tags) -> Result<VpcEndpoint, ActionError> {
    let policy = endpoint.policy_document().filter(|document| !document.is_empty()).map(EndpointPolicy::read);
    let policy =
        policy.transpose().map_err(|error| strange(DESCRIBE, format!("a policy is no JSON object: {error}")))?;
    let groups = endpoint.groups().iter().map(|group| parsed(DESCRIBE, group.group_id()));
    let options = endpoint.dns_options();
    let inbound_only = options.and_then(|options| options.private_dns_only_for_inbound_resolver_endpoint());
    Ok(VpcEndpoint {
        service: parsed(DESCRIBE, endpoint.service_name())?,
        vpc: parsed(DESCRIBE, endpoint.vpc_id())?,
        subnets: endpoint.subnet_ids().iter().map(|id| parsed(DESCRIBE, Some(id))).collect::<Result<_, _>>()?,
        security_groups: groups.collect::<Result<_, _>>()?,
        private_dns: match (endpoint.private_dns_enabled(), inbound_only) {
            (None | Some(false), _) => PrivateDns::Disabled,
            (Some(true), Some(true)) => PrivateDns::InboundResolversOnly,
            (Some(true), Some(false) | None) => PrivateDns::Enabled,
        },
        ip_address_type: ip_address_type(endpoint.ip_address_type())?,
        dns_record_type: options.and_then(|options| options.dns_record_ip_type()).map(dns_record_type).transpose()?,
        policy: policy.flatten(),
        tags: own_tags(tags),
        adopted: None,
    })
}

fn ip_address_type(found: Option<&IpAddressType>) -> Result<EndpointAddressType, ActionError> {
    match found {
        // Endpoints of other types have none.
        None | Some(IpAddressType::Ipv4) => Ok(EndpointAddressType::Ipv4),
        Some(IpAddressType::Dualstack) => Ok(EndpointAddressType::Dualstack),
        Some(IpAddressType::Ipv6) => Ok(EndpointAddressType::Ipv6),
        Some(other) => Err(strange(DESCRIBE, format!("a VPC endpoint has an unknown IP address type {other}"))),
    }
}

fn dns_record_type(found: &DnsRecordIpType) -> Result<DnsRecordType, ActionError> {
    match found {
        DnsRecordIpType::Ipv4 => Ok(DnsRecordType::Ipv4),
        DnsRecordIpType::Dualstack => Ok(DnsRecordType::Dualstack),
        DnsRecordIpType::Ipv6 => Ok(DnsRecordType::Ipv6),
        DnsRecordIpType::ServiceDefined => Ok(DnsRecordType::ServiceDefined),
        other => Err(strange(DESCRIBE, format!("a VPC endpoint has an unknown type of DNS records {other}"))),
    }
}

/// AWS writes states in lower case over the wire and with a capital in its model.
fn state(endpoint: &SdkVpcEndpoint) -> Result<State, ActionError> {
    let word = endpoint.state().map(SdkState::as_str).unwrap_or_default().to_ascii_lowercase();
    match word.as_str() {
        "pending" | "pendingacceptance" => Ok(State::Pending),
        "available" => Ok(State::Available),
        "deleting" => Ok(State::Deleting),
        "deleted" => Ok(State::Deleted),
        "failed" | "rejected" | "expired" => {
            let last = endpoint.last_error();
            let code = last.and_then(|error| error.code()).unwrap_or("no code");
            let message = last.and_then(|error| error.message()).or(endpoint.failure_reason()).unwrap_or("no message");
            Ok(State::Failed(format!("is {word}: {code}: {message}")))
        }
        other => Err(strange(DESCRIBE, format!("a VPC endpoint is in an unknown state `{other}`"))),
    }
}

/// Makes an interface endpoint. The token makes a repetition harmless.
pub(super) async fn create(
    client: &Client,
    wanted: &VpcEndpoint,
    tags: &Tags,
    token: &Token,
) -> Result<(), ActionError> {
    client
        .create_vpc_endpoint()
        .vpc_endpoint_type(VpcEndpointType::Interface)
        .vpc_id(wanted.vpc.as_str())
        .service_name(wanted.service.as_str())
        .set_subnet_ids(Some(wanted.subnets.iter().map(SubnetId::to_string).collect()))
        .set_security_group_ids(Some(wanted.security_groups.iter().map(SecurityGroupId::to_string).collect()))
        .private_dns_enabled(wanted.private_dns.takes_names())
        .ip_address_type(match wanted.ip_address_type {
            EndpointAddressType::Ipv4 => IpAddressType::Ipv4,
            EndpointAddressType::Dualstack => IpAddressType::Dualstack,
            EndpointAddressType::Ipv6 => IpAddressType::Ipv6,
        })
        .set_dns_options(dns_options(wanted))
        .set_policy_document(wanted.policy.as_ref().map(EndpointPolicy::to_json))
        .client_token(token.as_str())
        .tag_specifications(tags::specification(ResourceType::VpcEndpoint, tags))
        .send()
        .await
        .map_err(failed("ec2:CreateVpcEndpoint"))
        // The old endpoint's names outlive it by a moment, and AWS has no code of its own for that.
        .later_on(&["InvalidParameter"])?;
    Ok(())
}

/// Where gateway endpoints exist too, AWS takes private DNS for inbound resolvers alone unless it is told otherwise; for
/// other services it does not take the option at all.
fn dns_options(wanted: &VpcEndpoint) -> Option<DnsOptionsSpecification> {
    let inbound_only = match wanted.private_dns {
        PrivateDns::InboundResolversOnly => Some(true),
        PrivateDns::Enabled => wanted.service.has_gateway_endpoints().then_some(false),
        PrivateDns::Disabled => None,
    };
    let records = wanted.dns_record_type.map(|kind| match kind {
        DnsRecordType::Ipv4 => DnsRecordIpType::Ipv4,
        DnsRecordType::Dualstack => DnsRecordIpType::Dualstack,
        DnsRecordType::Ipv6 => DnsRecordIpType::Ipv6,
        DnsRecordType::ServiceDefined => DnsRecordIpType::ServiceDefined,
    });
    (inbound_only.is_some() || records.is_some()).then(|| {
        DnsOptionsSpecification::builder()
            .set_dns_record_ip_type(records)
            .set_private_dns_only_for_inbound_resolver_endpoint(inbound_only)
            .build()
    })
}

/// Deletes an endpoint. AWS answers with success and lists what it did not delete.
pub(super) async fn delete(client: &Client, endpoint: &Owned<VpcEndpointId>) -> Result<(), ActionError> {
    const GONE: [&str; 2] = ["InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound"];
    let answer = client.delete_vpc_endpoints().vpc_endpoint_ids(endpoint.id().as_str()).send().await;
    let left = answer.map_err(failed(DELETE)).and_then(|answer| match answer.unsuccessful().first() {
        Some(item) => Err(not_deleted(item)),
        None => Ok(()),
    });
    left.done_on(&GONE)
}

fn not_deleted(item: &aws_sdk_ec2::types::UnsuccessfulItem) -> ActionError {
    let said = |text: Option<&str>| text.unwrap_or("no message").to_owned();
    let error = item.error();
    ActionError {
        call: DELETE.to_owned(),
        code: error.and_then(|error| error.code()).unwrap_or("answer").to_owned(),
        message: said(error.and_then(|error| error.message())),
        retry: Retry::Never,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{DnsOptions, LastError, SecurityGroupIdentifier, Tag};

    use super::*;

    fn endpoint(state: &str) -> aws_sdk_ec2::types::builders::VpcEndpointBuilder {
        SdkVpcEndpoint::builder()
            .vpc_endpoint_id("vpce-1")
            .vpc_endpoint_type(VpcEndpointType::Interface)
            .vpc_id("vpc-1")
            .service_name("com.amazonaws.us-west-2.s3")
            .state(state.into())
            .subnet_ids("subnet-1")
            .groups(SecurityGroupIdentifier::builder().group_id("sg-1").build())
            .tags(Tag::builder().key(ENVIRONMENT_TAG).value("dev").build())
            .tags(Tag::builder().key("Team").value("web").build())
    }

    fn found(endpoint: aws_sdk_ec2::types::builders::VpcEndpointBuilder) -> FoundVpcEndpoint {
        read(&"dev".parse().expect("a name"), &BTreeSet::new(), Some("us-west-2"), &endpoint.build()).expect("whole")
    }

    #[test]
    fn states_are_read_in_either_spelling() {
        for (word, is) in [
            ("pending", State::Pending),
            ("PendingAcceptance", State::Pending),
            ("Available", State::Available),
            ("available", State::Available),
            ("deleting", State::Deleting),
        ] {
            assert_eq!(found(endpoint(word)).state, is, "{word}");
        }
        let error = LastError::builder().code("InsufficientFreeAddressesInSubnet").message("full").build();
        let failed = State::Failed("is failed: InsufficientFreeAddressesInSubnet: full".to_owned());
        assert_eq!(found(endpoint("failed").last_error(error)).state, failed);
        assert!(state(&endpoint("partial").build()).is_err(), "nobody knows what that is");
    }

    #[test]
    fn what_was_read_is_asked_for_again() {
        let options = |only| DnsOptions::builder().private_dns_only_for_inbound_resolver_endpoint(only).build();
        for (only, enabled, is, asked) in [
            (true, true, PrivateDns::InboundResolversOnly, Some(true)),
            (false, true, PrivateDns::Enabled, Some(false)),
            (false, false, PrivateDns::Disabled, None),
        ] {
            let one = endpoint("available").private_dns_enabled(enabled).dns_options(options(only));
            let configuration = found(one).observed.configuration;
            assert_eq!(configuration.private_dns, is);
            let options = dns_options(&configuration);
            assert_eq!(options.and_then(|one| one.private_dns_only_for_inbound_resolver_endpoint()), asked);
        }
        let observed = found(endpoint("available")).observed;
        assert_eq!(observed.configuration.tags, Tags::from([("Team".to_owned(), "web".to_owned())]));
        assert_eq!(observed.unsupported, [""; 0]);
        let other = VpcEndpoint {
            service: "com.amazonaws.us-west-2.ssm".parse().expect("a name"),
            private_dns: PrivateDns::Enabled,
            ..observed.configuration
        };
        assert_eq!(dns_options(&other), None, "AWS does not take the option for it");
    }
}
