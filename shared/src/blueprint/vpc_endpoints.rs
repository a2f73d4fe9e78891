//! What is wrong with the VPC endpoints of a document whose shape is right.

use std::collections::BTreeMap;

use super::limits::tags;
use super::problems::Problems;
use crate::model::*;

pub(super) fn check(endpoints: &BTreeMap<LogicalName, VpcEndpoint>, problems: &mut Problems) {
    for (name, endpoint) in endpoints {
        let place = format!("vpcEndpoints.{name}");
        if endpoint.subnets.is_empty() {
            problems.add(format!("{place}.subnets"), "an interface endpoint needs a subnet in one zone at least");
        }
        if endpoint.security_groups.is_empty() {
            problems.add(format!("{place}.securityGroups"), "at least one is wanted; AWS would take the VPC's default");
        }
        if let Some(why) = not_recreated(&endpoint.service) {
            problems.add(format!("{place}.service"), format!("{why}: leave it out of the blueprint"));
        }
        if let Some((other, _)) = endpoints.iter().find(|(other, one)| *other < name && one.contends_with(endpoint)) {
            let message = format!("the names of {} already lead to VPC endpoint {other}", endpoint.service);
            problems.add(format!("{place}.privateDns"), message);
        }
        tags(&format!("{place}.tags"), &endpoint.tags, problems);
    }
}

/// Why an endpoint of a service would not come back by itself.
fn not_recreated(service: &EndpointServiceName) -> Option<&'static str> {
    service.is_of_somebody().then_some("whoever offers this service may have to accept each new endpoint by hand")
}
