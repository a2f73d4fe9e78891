//! What is allowed and still worth saying.

use super::Blueprint;
use crate::model::*;

/// What the blueprint's reader should know before the first night.
pub fn warnings(blueprint: &Blueprint) -> Vec<String> {
    let tier = &blueprint.tier;
    let mut warnings = Vec::new();
    for (name, load_balancer) in &tier.load_balancers {
        if !tier.dns_records.values().any(|record| &record.load_balancer == name) {
            warnings.push(format!(
                "load balancer {name} has no DNS record: its clients use its own name, which changes each time it is recreated"
            ));
        }
        if is_protected(&load_balancer.attributes) && load_balancer.deletion_protection == DeletionProtection::Blocks {
            warnings.push(format!(
                "load balancer {name} is protected against deletion: stop will be blocked, unless it says \
                 `deletionProtection: off-while-down`"
            ));
        }
        let dual_stack = load_balancer.ip_address_type != IpAddressType::Ipv4;
        let has_aaaa = tier.dns_records.iter().any(|(key, r)| &r.load_balancer == name && key.kind == RecordKind::Aaaa);
        let has_a = tier.dns_records.iter().any(|(key, r)| &r.load_balancer == name && key.kind == RecordKind::A);
        if dual_stack && has_a && !has_aaaa {
            warnings.push(format!("load balancer {name} answers on IPv6 too, but no AAAA record points at it"));
        }
    }
    for (key, record) in &tier.dns_records {
        if record.while_down == RecordWhileDown::Leave {
            warnings.push(format!(
                "DNS record {} is left as it is at night: it answers NODATA, which resolvers cache for up to 15 minutes, \
                 so people may get in that much later",
                key.name
            ));
        }
    }
    for (name, address) in &tier.addresses {
        if address.while_down == AddressWhileDown::Release {
            warnings
                .push(format!("address {name} is released at night: the environment leaves by another one each day"));
        }
    }
    for (name, endpoint) in &tier.vpc_endpoints {
        let by_name = match endpoint.private_dns {
            PrivateDns::Enabled | PrivateDns::InboundResolversOnly => "",
            PrivateDns::Disabled => ", and its clients have to use its new names",
        };
        warnings.push(format!(
            "VPC endpoint {name} has another id each morning: a policy that names it (aws:SourceVpce) shuts its users out{by_name}"
        ));
    }
    warnings
}
