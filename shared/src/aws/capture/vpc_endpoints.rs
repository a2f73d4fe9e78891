//! VPC endpoints that are there to stay.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as sdk;

use crate::aws::errors::parsed;
use crate::aws::tags;
use crate::aws::vpc_endpoints::{DESCRIBE, describe};
use crate::capture::found::{VpcEndpoint, VpcEndpointKind};
use crate::ports::ActionError;

pub(super) async fn find(client: &Client) -> Result<Vec<VpcEndpoint>, ActionError> {
    let standing = ["pending", "pendingAcceptance", "available"].map(str::to_owned).to_vec();
    let standing = sdk::Filter::builder().name("vpc-endpoint-state").set_values(Some(standing)).build();
    describe(client, vec![standing]).await?.iter().map(read).collect()
}

fn read(endpoint: &sdk::VpcEndpoint) -> Result<VpcEndpoint, ActionError> {
    Ok(VpcEndpoint {
        id: parsed(DESCRIBE, endpoint.vpc_endpoint_id())?,
        kind: match endpoint.vpc_endpoint_type() {
            Some(sdk::VpcEndpointType::Interface) if endpoint.requester_managed() == Some(true) => {
                VpcEndpointKind::Managed
            }
            Some(sdk::VpcEndpointType::Interface) => VpcEndpointKind::Interface,
            Some(sdk::VpcEndpointType::Gateway) | None => VpcEndpointKind::Gateway,
            Some(other) => VpcEndpointKind::Other(other.to_string()),
        },
        service: parsed(DESCRIBE, endpoint.service_name())?,
        vpc: parsed(DESCRIBE, endpoint.vpc_id())?,
        tags: tags::from_ec2(endpoint.tags()),
    })
}
