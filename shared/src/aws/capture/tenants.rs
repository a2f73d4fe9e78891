//! Instances and Lambda functions, by their network interfaces.

use std::collections::BTreeSet;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as sdk;

use crate::aws::errors::failed;
use crate::capture::found::Tenant;
use crate::model::VpcId;
use crate::ports::ActionError;

pub(super) async fn find(client: &Client, vpc: &VpcId) -> Result<BTreeSet<Tenant>, ActionError> {
    let here = sdk::Filter::builder().name("vpc-id").values(vpc.as_str()).build();
    let pages = client.describe_network_interfaces().filters(here).into_paginator().items().send();
    let all: Vec<sdk::NetworkInterface> =
        pages.collect::<Result<_, _>>().await.map_err(failed("ec2:DescribeNetworkInterfaces"))?;
    Ok(all.iter().filter_map(tenant).collect())
}

/// Interfaces of load balancers, NAT gateways and tasks belong to AWS; what stands behind them is found elsewhere.
fn tenant(interface: &sdk::NetworkInterface) -> Option<Tenant> {
    let instance = interface.attachment().and_then(|attachment| attachment.instance_id());
    let what = match (interface.interface_type(), instance) {
        // "AWS Lambda VPC ENI-name-0123abcd-…": functions of the same subnets and security groups share one.
        (Some(sdk::NetworkInterfaceType::Lambda), _) => "a Lambda function".to_owned(),
        (_, Some(instance)) => format!("instance {instance}"),
        (_, None) => return None,
    };
    Some(Tenant { what, subnet: interface.subnet_id()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_and_functions_are_told_from_what_belongs_to_aws() {
        let interface = || sdk::NetworkInterface::builder().subnet_id("subnet-1");
        let attached = sdk::NetworkInterfaceAttachment::builder().instance_id("i-1").build();
        let what = |interface: sdk::NetworkInterface| tenant(&interface).map(|tenant| tenant.what);
        assert_eq!(what(interface().attachment(attached).build()).as_deref(), Some("instance i-1"));
        let of_lambda = interface().interface_type(sdk::NetworkInterfaceType::Lambda).build();
        assert_eq!(what(of_lambda).as_deref(), Some("a Lambda function"));
        assert_eq!(what(interface().interface_type(sdk::NetworkInterfaceType::NatGateway).build()), None);
    }
}
