//! The actions on load balancers, listeners and rules.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::config::retry::RetryConfig;
use aws_sdk_elasticloadbalancingv2::types::{
    Certificate, IpAddressType as SdkIpAddressType, ListenerAttribute, LoadBalancerAttribute, LoadBalancerSchemeEnum,
    LoadBalancerTypeEnum, ProtocolEnum,
};

use super::{Outcome, actions, conditions, failed, listeners};
use crate::aws::tags;
use crate::model::*;
use crate::ports::ActionError;

/// Makes a load balancer without listeners.
///
/// AWS answers with the existing one if one of this name has the same settings (facts §2): the next look shows whose it
/// is. One with other settings, or a name that is not free yet, is looked at again.
pub(in crate::aws) async fn create(
    client: &Client,
    name: &LoadBalancerName,
    wanted: &LoadBalancer,
    tags: &Tags,
) -> Result<(), ActionError> {
    let security_groups: Vec<String> = wanted.security_groups.iter().map(SecurityGroupId::to_string).collect();
    client
        .create_load_balancer()
        .name(name.as_str())
        .r#type(LoadBalancerTypeEnum::Application)
        .scheme(to_scheme(wanted.scheme))
        .ip_address_type(to_ip_address_type(wanted.ip_address_type))
        .set_subnets(Some(wanted.subnets.iter().map(SubnetId::to_string).collect()))
        .set_security_groups((!security_groups.is_empty()).then_some(security_groups))
        .set_tags(tags::to_elb(tags))
        .send()
        .await
        .map_err(failed("elasticloadbalancing:CreateLoadBalancer"))
        .later_on(&["DuplicateLoadBalancerName"])?;
    Ok(())
}

fn to_scheme(wanted: Scheme) -> LoadBalancerSchemeEnum {
    match wanted {
        Scheme::InternetFacing => LoadBalancerSchemeEnum::InternetFacing,
        Scheme::Internal => LoadBalancerSchemeEnum::Internal,
    }
}

fn to_ip_address_type(wanted: IpAddressType) -> SdkIpAddressType {
    match wanted {
        IpAddressType::Ipv4 => SdkIpAddressType::Ipv4,
        IpAddressType::Dualstack => SdkIpAddressType::Dualstack,
        IpAddressType::DualstackWithoutPublicIpv4 => SdkIpAddressType::DualstackWithoutPublicIpv4,
    }
}

/// Sets attributes of a load balancer.
pub(in crate::aws) async fn modify_attributes(
    client: &Client,
    load_balancer: &Owned<LoadBalancerArn>,
    attributes: &BTreeMap<String, String>,
) -> Result<(), ActionError> {
    let attributes =
        attributes.iter().map(|(key, value)| LoadBalancerAttribute::builder().key(key).value(value).build()).collect();
    client
        .modify_load_balancer_attributes()
        .load_balancer_arn(load_balancer.id().as_str())
        .set_attributes(Some(attributes))
        .send()
        .await
        .map_err(failed("elasticloadbalancing:ModifyLoadBalancerAttributes"))
        .later_on(&["LoadBalancerNotFound"])?;
    Ok(())
}

/// Deletes a load balancer with its listeners and rules. Protection and other users of it block (invariant 7).
pub(in crate::aws) async fn delete(client: &Client, arn: &Owned<LoadBalancerArn>) -> Result<(), ActionError> {
    let answer = client.delete_load_balancer().load_balancer_arn(arn.id().as_str()).send().await;
    answer.map_err(failed("elasticloadbalancing:DeleteLoadBalancer")).done_on(&["LoadBalancerNotFound"])
}

/// Adds a listener with its default certificate. Idempotent where nothing differs (facts §2).
pub(in crate::aws) async fn create_listener(
    client: &Client,
    load_balancer: &Owned<LoadBalancerArn>,
    port: u16,
    wanted: &Listener,
    tags: &Tags,
) -> Result<(), ActionError> {
    let protocol = match wanted.protocol {
        Protocol::Http => ProtocolEnum::Http,
        Protocol::Https => ProtocolEnum::Https,
    };
    let certificate = |arn: &CertificateArn| vec![Certificate::builder().certificate_arn(arn.as_str()).build()];
    client
        .create_listener()
        .load_balancer_arn(load_balancer.id().as_str())
        .port(i32::from(port))
        .protocol(protocol)
        .set_ssl_policy(wanted.ssl_policy.clone())
        .set_certificates(wanted.certificate.as_ref().map(certificate))
        .set_mutual_authentication(wanted.mutual_authentication.as_ref().map(listeners::to_mutual_authentication))
        .set_default_actions(Some(actions::to_sdk(&wanted.default_actions)))
        .set_tags(tags::to_elb(tags))
        .send()
        .await
        .map_err(failed("elasticloadbalancing:CreateListener"))
        .later_on(&["DuplicateListener", "LoadBalancerNotFound", "TargetGroupNotFound", "TrustStoreNotReady"])?;
    Ok(())
}

/// Sets attributes of a listener.
pub(in crate::aws) async fn modify_listener_attributes(
    client: &Client,
    listener: &ListenerArn,
    attributes: &BTreeMap<String, String>,
) -> Result<(), ActionError> {
    let attributes =
        attributes.iter().map(|(key, value)| ListenerAttribute::builder().key(key).value(value).build()).collect();
    client
        .modify_listener_attributes()
        .listener_arn(listener.as_str())
        .set_attributes(Some(attributes))
        .send()
        .await
        .map_err(failed("elasticloadbalancing:ModifyListenerAttributes"))
        .later_on(&["ListenerNotFound"])?;
    Ok(())
}

/// Adds certificates for other names. One that is already there is no error.
pub(in crate::aws) async fn add_certificates(
    client: &Client,
    listener: &ListenerArn,
    certificates: &BTreeSet<CertificateArn>,
) -> Result<(), ActionError> {
    let certificates =
        certificates.iter().map(|arn| Certificate::builder().certificate_arn(arn.as_str()).build()).collect();
    client
        .add_listener_certificates()
        .listener_arn(listener.as_str())
        .set_certificates(Some(certificates))
        .send()
        .await
        .map_err(failed("elasticloadbalancing:AddListenerCertificates"))
        .later_on(&["ListenerNotFound"])?;
    Ok(())
}

/// Adds a rule. Not idempotent (facts §2), so the SDK does not try again: whoever does looks first.
pub(in crate::aws) async fn create_rule(
    client: &Client,
    listener: &ListenerArn,
    priority: u16,
    wanted: &Rule,
    tags: &Tags,
) -> Result<(), ActionError> {
    let transforms = conditions::transforms_to_sdk(&wanted.transforms);
    client
        .create_rule()
        .listener_arn(listener.as_str())
        .priority(i32::from(priority))
        .set_conditions(Some(conditions::to_sdk(&wanted.conditions)))
        .set_actions(Some(actions::to_sdk(&wanted.actions)))
        .set_transforms((!transforms.is_empty()).then_some(transforms))
        .set_tags(tags::to_elb(tags))
        .customize()
        .config_override(aws_sdk_elasticloadbalancingv2::config::Builder::new().retry_config(RetryConfig::disabled()))
        .send()
        .await
        .map_err(failed("elasticloadbalancing:CreateRule"))
        .later_on(&["PriorityInUse", "ListenerNotFound", "TargetGroupNotFound"])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::LoadBalancer as SdkLoadBalancer;

    use super::super::identity::{ip_address_type, scheme};
    use super::*;

    #[test]
    fn schemes_and_address_types_survive_the_way_there_and_back() {
        for wanted in [Scheme::InternetFacing, Scheme::Internal] {
            assert_eq!(scheme(&SdkLoadBalancer::builder().scheme(to_scheme(wanted)).build()), Ok(wanted));
        }
        use IpAddressType::{Dualstack, DualstackWithoutPublicIpv4, Ipv4};
        for wanted in [Ipv4, Dualstack, DualstackWithoutPublicIpv4] {
            let described = SdkLoadBalancer::builder().ip_address_type(to_ip_address_type(wanted)).build();
            assert_eq!(ip_address_type(&described), Ok(wanted));
        }
    }
}
