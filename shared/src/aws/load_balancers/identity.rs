//! What a load balancer is by itself: scheme, subnets, security groups.

use aws_sdk_elasticloadbalancingv2::types::{
    IpAddressType as SdkIpAddressType, LoadBalancer as SdkLoadBalancer, LoadBalancerSchemeEnum,
};

use super::configuration::Configuration;
use super::{DESCRIBE, Found, parsed};
use crate::aws::errors::strange;
use crate::model::*;
use crate::ports::ActionError;

/// Puts together what the describe of a load balancer and its configuration showed.
pub(super) fn observed(
    sdk: &SdkLoadBalancer,
    (ownership, mark): (Ownership<LoadBalancerArn>, Option<Mark>),
    tags: Tags,
    read: Configuration,
) -> Result<ObservedLoadBalancer, ActionError> {
    let mut unsupported = unsupported(sdk);
    unsupported.extend(read.unsupported);
    let zones = sdk.availability_zones();
    let configuration = LoadBalancer {
        scheme: scheme(sdk)?,
        ip_address_type: ip_address_type(sdk)?,
        subnets: zones.iter().map(|zone| parsed(DESCRIBE, zone.subnet_id())).collect::<Result<_, _>>()?,
        security_groups: sdk
            .security_groups()
            .iter()
            .map(|group| parsed(DESCRIBE, Some(group)))
            .collect::<Result<_, _>>()?,
        attributes: read.attributes,
        tags,
        web_acl: read.web_acl,
        alarms: Alarms::default(),
        listeners: read.listeners,
        deletion_protection: DeletionProtection::Blocks,
        adopted: None,
    };
    Ok(ObservedLoadBalancer {
        ownership,
        dns_name: sdk.dns_name().unwrap_or_default().to_ascii_lowercase(),
        hosted_zone: parsed(DESCRIBE, sdk.canonical_hosted_zone_id())?,
        configuration,
        mark,
        listeners: read.arns,
        unsupported,
    })
}

/// A network or gateway load balancer that has one of our names.
pub(super) fn of_another_kind(
    one: &Found,
    ownership: Ownership<LoadBalancerArn>,
) -> Result<ObservedLoadBalancer, ActionError> {
    let read = Configuration {
        unsupported: vec!["is not an application load balancer".to_owned()],
        ..Configuration::default()
    };
    observed(&one.sdk, (ownership, Mark::of(&one.tags)), own_tags(&one.tags), read)
}

pub(super) fn scheme(sdk: &SdkLoadBalancer) -> Result<Scheme, ActionError> {
    match sdk.scheme() {
        Some(LoadBalancerSchemeEnum::InternetFacing) => Ok(Scheme::InternetFacing),
        Some(LoadBalancerSchemeEnum::Internal) => Ok(Scheme::Internal),
        other => Err(strange(DESCRIBE, format!("the scheme {other:?} is not known"))),
    }
}

pub(super) fn ip_address_type(sdk: &SdkLoadBalancer) -> Result<IpAddressType, ActionError> {
    match sdk.ip_address_type() {
        Some(SdkIpAddressType::Ipv4) | None => Ok(IpAddressType::Ipv4),
        Some(SdkIpAddressType::Dualstack) => Ok(IpAddressType::Dualstack),
        Some(SdkIpAddressType::DualstackWithoutPublicIpv4) => Ok(IpAddressType::DualstackWithoutPublicIpv4),
        Some(other) => Err(strange(DESCRIBE, format!("the IP address type {other} is not known"))),
    }
}

/// What of it the blueprint's words cannot say.
fn unsupported(sdk: &SdkLoadBalancer) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(pool) = sdk.customer_owned_ipv4_pool() {
        reasons.push(format!("takes its addresses from the customer-owned pool {pool}"));
    }
    if let Some(pool) = sdk.ipam_pools().and_then(|pools| pools.ipv4_ipam_pool_id()) {
        reasons.push(format!("takes its addresses from the IPAM pool {pool}"));
    }
    for zone in sdk.availability_zones() {
        let subnet = zone.subnet_id().unwrap_or_default();
        let fixed = |address: &&aws_sdk_elasticloadbalancingv2::types::LoadBalancerAddress| {
            address.allocation_id().is_some() || address.private_ipv4_address().is_some()
        };
        if zone.load_balancer_addresses().iter().any(|address| fixed(&address)) {
            reasons.push(format!("has a fixed address in {subnet}"));
        }
        if zone.outpost_id().is_some() {
            reasons.push(format!("stands on an Outpost in {subnet}"));
        }
    }
    reasons
}
