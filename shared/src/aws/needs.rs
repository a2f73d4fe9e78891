//! What the next morning needs of the base tier: asked for by filters and in lists, so that one that is gone hides no other.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_acm::types::CertificateStatus;
use aws_sdk_ec2::types::Filter;
use aws_sdk_elasticloadbalancingv2::types::LoadBalancerTypeEnum;
use futures::future::try_join_all;

use super::errors::{Outcome, failed, strange, unobserved};
use super::targets;
use crate::model::*;
use crate::placing::{lacking, open_needs};
use crate::ports::{ActionError, Scope};

const CERTIFICATE: &str = "acm:DescribeCertificate";
const POLICIES: &str = "elasticloadbalancing:DescribeSSLPolicies";
const SUBNETS: &str = "ec2:DescribeSubnets";
const SECURITY_GROUPS: &str = "ec2:DescribeSecurityGroups";
const NO_SUCH_CERTIFICATE: &str = "ResourceNotFoundException";
/// The most values that one filter takes (EC2 user guide, "Find your Amazon EC2 resources").
const VALUES: usize = 200;

/// The services that have the base tier's parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clients<'a> {
    pub(super) acm: &'a aws_sdk_acm::Client,
    pub(super) ec2: &'a aws_sdk_ec2::Client,
    pub(super) elb: &'a aws_sdk_elasticloadbalancingv2::Client,
}

/// Looks for all that the scope's tier needs to come back.
pub(super) async fn look(clients: Clients<'_>, scope: Scope<'_>, known: &Observation) -> Observation {
    let needs = open_needs(scope.tier, known);
    let lacks = match find(clients, &needs).await {
        Ok(mut shortcomings) => lacking(needs, |needed| shortcomings.remove(needed)),
        Err(error) => Seen::Unknown(unobserved(&error)),
    };
    Observation { lacks: Some(lacks), ..Observation::default() }
}

/// What is the matter with those that something is the matter with.
async fn find(clients: Clients<'_>, needs: &Needs) -> Result<BTreeMap<Needed, Shortcoming>, ActionError> {
    let (mut certificates, mut policies, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    let (mut subnets, mut security_groups) = (Vec::new(), Vec::new());
    for needed in needs.keys() {
        match needed {
            Needed::Certificate(arn) => certificates.push(arn),
            Needed::TlsPolicy(name) => policies.push(name),
            Needed::TargetGroup(arn) => groups.push(arn.clone()),
            Needed::Subnet(id) => subnets.push(id.to_string()),
            Needed::SecurityGroup(id) => security_groups.push(id.to_string()),
        }
    }
    let (certificates, there) =
        tokio::try_join!(try_join_all(certificates.into_iter().map(|arn| certificate(clients.acm, arn))), async {
            tokio::try_join!(
                tls_policies(clients.elb, !policies.is_empty()),
                targets::standing(clients.elb, &groups),
                standing_subnets(clients.ec2, &subnets),
                standing_security_groups(clients.ec2, &security_groups),
            )
        })?;
    let (policies, groups, subnets, security_groups) = there;
    let mut shortcomings: BTreeMap<Needed, Shortcoming> = certificates.into_iter().flatten().collect();
    let missing = needs.keys().filter(|needed| match needed {
        Needed::Certificate(_) => false,
        Needed::TlsPolicy(name) => !policies.contains(name),
        Needed::TargetGroup(arn) => !groups.contains(arn),
        Needed::Subnet(id) => !subnets.contains(id.as_str()),
        Needed::SecurityGroup(id) => !security_groups.contains(id.as_str()),
    });
    shortcomings.extend(missing.map(|needed| (needed.clone(), Shortcoming::Missing)));
    Ok(shortcomings)
}

/// What is the matter with a certificate: a listener takes none that is not issued.
async fn certificate(
    client: &aws_sdk_acm::Client,
    arn: &CertificateArn,
) -> Result<Option<(Needed, Shortcoming)>, ActionError> {
    let answer = client.describe_certificate().certificate_arn(arn.as_str()).send().await;
    let answer = answer.map_err(failed(CERTIFICATE)).none_on(NO_SUCH_CERTIFICATE)?;
    let found = answer.map(|answer| answer.certificate.and_then(|certificate| certificate.status));
    let shortcoming = match found {
        None => Some(Shortcoming::Missing),
        Some(Some(CertificateStatus::Issued)) => None,
        Some(Some(status)) => Some(Shortcoming::Unfit(format!("is {}, not ISSUED", status.as_str()))),
        Some(None) => return Err(strange(CERTIFICATE, "a certificate has no status")),
    };
    Ok(shortcoming.map(|shortcoming| (Needed::Certificate(arn.clone()), shortcoming)))
}

/// The TLS policies that application load balancers can have here. Asked for by name, one that is not known fails the call.
async fn tls_policies(
    client: &aws_sdk_elasticloadbalancingv2::Client,
    any: bool,
) -> Result<BTreeSet<String>, ActionError> {
    let mut found = BTreeSet::new();
    let mut marker = None;
    if !any {
        return Ok(found);
    }
    loop {
        let call = client.describe_ssl_policies().load_balancer_type(LoadBalancerTypeEnum::Application);
        let answer = call.set_marker(marker).send().await.map_err(failed(POLICIES))?;
        found.extend(answer.ssl_policies().iter().filter_map(|policy| policy.name()).map(str::to_owned));
        marker = answer.next_marker().filter(|marker| !marker.is_empty()).map(str::to_owned);
        if marker.is_none() {
            return Ok(found);
        }
    }
}

fn filter(name: &str, values: &[String]) -> Filter {
    Filter::builder().name(name).set_values(Some(values.to_vec())).build()
}

async fn standing_subnets(client: &aws_sdk_ec2::Client, ids: &[String]) -> Result<BTreeSet<String>, ActionError> {
    let mut found = BTreeSet::new();
    for ids in ids.chunks(VALUES) {
        let pages = client.describe_subnets().filters(filter("subnet-id", ids)).into_paginator().items().send();
        let subnets: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(SUBNETS))?;
        found.extend(subnets.into_iter().filter_map(|one| one.subnet_id));
    }
    Ok(found)
}

async fn standing_security_groups(
    client: &aws_sdk_ec2::Client,
    ids: &[String],
) -> Result<BTreeSet<String>, ActionError> {
    let mut found = BTreeSet::new();
    for ids in ids.chunks(VALUES) {
        let pages = client.describe_security_groups().filters(filter("group-id", ids)).into_paginator().items().send();
        let groups: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(SECURITY_GROUPS))?;
        found.extend(groups.into_iter().filter_map(|one| one.group_id));
    }
    Ok(found)
}
