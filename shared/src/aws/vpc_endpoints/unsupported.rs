//! What of an endpoint could not come back equal.

use aws_sdk_ec2::types::{VpcEndpoint, VpcEndpointType};

use crate::model::{EndpointServiceName, VpcEndpointId};

/// The reasons, in words. `region` is where it stands.
pub(super) fn unsupported(id: &VpcEndpointId, region: Option<&str>, endpoint: &VpcEndpoint) -> Vec<String> {
    let mut reasons = Vec::new();
    match endpoint.vpc_endpoint_type() {
        Some(VpcEndpointType::Interface) => {}
        // Its type is left out in the answer where it is a gateway.
        Some(VpcEndpointType::Gateway) | None => {
            reasons.push("is a gateway endpoint, which costs nothing".to_owned());
        }
        Some(other) => reasons.push(format!("is a {other} endpoint, and Curfew makes interface endpoints")),
    }
    if endpoint.requester_managed() == Some(true) {
        reasons.push("is managed by the service that made it".to_owned());
    }
    let service: Option<EndpointServiceName> = endpoint.service_name().and_then(|name| name.parse().ok());
    if service.is_some_and(|service| service.is_of_somebody()) {
        reasons.push("whoever offers its service may have to accept each new endpoint by hand".to_owned());
    }
    if let (Some(there), Some(here)) = (endpoint.service_region(), region)
        && !there.is_empty()
        && there != here
    {
        reasons.push(format!("leads to a service in {there}, another region"));
    }
    let options = endpoint.dns_options();
    let domains = options.is_some_and(|one| !one.private_dns_specified_domains().is_empty());
    if domains || options.and_then(|one| one.private_dns_preference()).is_some_and(|text| !text.is_empty()) {
        reasons.push("has private domains of its own".to_owned());
    }
    if !endpoint.payer_responsibilities().is_empty() {
        reasons.push("says who pays for it".to_owned());
    }
    if endpoint.policy_document().is_some_and(|policy| policy.contains(id.as_str())) {
        reasons.push("its policy names its id, which is another one every morning".to_owned());
    }
    reasons
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::DnsOptions;
    use aws_sdk_ec2::types::builders::VpcEndpointBuilder;

    use super::*;

    #[test]
    fn each_reason_is_told() {
        let interface = || VpcEndpoint::builder().vpc_endpoint_type(VpcEndpointType::Interface);
        let why = |endpoint: VpcEndpointBuilder| {
            unsupported(&"vpce-1".parse().expect("an id"), Some("us-west-2"), &endpoint.build()).join("; ")
        };
        assert_eq!(why(interface().service_region("us-west-2").requester_managed(false)), "");
        for (endpoint, reason) in [
            (VpcEndpoint::builder().vpc_endpoint_type(VpcEndpointType::Gateway), "is a gateway endpoint"),
            (VpcEndpoint::builder().vpc_endpoint_type(VpcEndpointType::Resource), "is a Resource endpoint"),
            (interface().requester_managed(true), "is managed by the service"),
            (interface().service_name("com.amazonaws.vpce.us-west-2.vpce-svc-1"), "may have to accept"),
            (interface().service_region("eu-west-1"), "a service in eu-west-1"),
            (interface().dns_options(DnsOptions::builder().private_dns_preference("ALL_DOMAINS").build()), "domains"),
            (interface().policy_document(r#"{"StringEquals": {"aws:SourceVpce": "vpce-1"}}"#), "names its id"),
        ] {
            let told = why(endpoint);
            assert!(told.contains(reason) && !told.contains(';'), "{reason}: {told}");
        }
    }
}
