//! Listeners: what they are, their attributes, certificates and tags.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{
    Listener as SdkListener, MutualAuthenticationAttributes, ProtocolEnum, Rule as SdkRule,
};
use futures::future::join_all;

use super::actions;
use super::rules;
use super::{GONE_MEANWHILE, Outcome, failed, parsed, tags_of};
use crate::aws::errors::strange;
use crate::model::*;
use crate::ports::ActionError;

const DESCRIBE: &str = "elasticloadbalancing:DescribeListeners";

/// A listener, and what of it could not be brought back; without a configuration if its protocol is unknown.
pub(super) struct ReadListener {
    pub(super) port: u16,
    pub(super) arn: ListenerArn,
    pub(super) listener: Option<Listener>,
    pub(super) unsupported: Vec<String>,
}

/// What the answers of several calls say of one listener.
struct Answers {
    sdk: SdkListener,
    arn: ListenerArn,
    rules: Vec<SdkRule>,
    additional_certificates: BTreeSet<CertificateArn>,
    attributes: BTreeMap<String, String>,
}

/// Reads all listeners of a load balancer.
pub(super) async fn read(client: &Client, arn: &LoadBalancerArn) -> Result<Vec<ReadListener>, ActionError> {
    let pages = client.describe_listeners().load_balancer_arn(arn.as_str()).into_paginator().items().send();
    let all: Vec<SdkListener> =
        pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE)).later_on(GONE_MEANWHILE)?;
    let answers = join_all(all.into_iter().map(|sdk| ask(client, sdk))).await;
    let answers = answers.into_iter().collect::<Result<Vec<Answers>, _>>()?;
    let arns = answers.iter().flat_map(|one| {
        let rules = one.rules.iter().filter_map(|rule| rule.rule_arn());
        std::iter::once(one.arn.as_str()).chain(rules).map(str::to_owned)
    });
    let tags = tags_of(client, arns.collect()).await?;
    answers.into_iter().map(|one| put_together(one, &tags)).collect()
}

/// Rules, certificates and attributes of one listener, at the same time.
async fn ask(client: &Client, sdk: SdkListener) -> Result<Answers, ActionError> {
    let arn: ListenerArn = parsed(DESCRIBE, sdk.listener_arn())?;
    let secure = sdk.protocol() == Some(&ProtocolEnum::Https);
    let (rules, certificates, attributes) = tokio::join!(
        rules::describe(client, &arn),
        async { if secure { additional_certificates(client, &arn).await } else { Ok(BTreeSet::new()) } },
        attributes(client, &arn),
    );
    Ok(Answers { rules: rules?, additional_certificates: certificates?, attributes: attributes?, arn, sdk })
}

/// The certificates for other names: all but the default one.
async fn additional_certificates(client: &Client, arn: &ListenerArn) -> Result<BTreeSet<CertificateArn>, ActionError> {
    let call = "elasticloadbalancing:DescribeListenerCertificates";
    let pages = client.describe_listener_certificates().listener_arn(arn.as_str()).into_paginator().items().send();
    let all: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(call)).later_on(GONE_MEANWHILE)?;
    let additional = all.iter().filter(|one| one.is_default() != Some(true));
    additional.map(|one| parsed(call, one.certificate_arn())).collect()
}

async fn attributes(client: &Client, arn: &ListenerArn) -> Result<BTreeMap<String, String>, ActionError> {
    let answer = client.describe_listener_attributes().listener_arn(arn.as_str()).send().await;
    let answer = answer.map_err(failed("elasticloadbalancing:DescribeListenerAttributes")).later_on(GONE_MEANWHILE)?;
    let pairs = answer.attributes().iter().filter_map(|one| Some((one.key()?, one.value().unwrap_or_default())));
    Ok(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

fn put_together(answers: Answers, tags: &BTreeMap<String, Tags>) -> Result<ReadListener, ActionError> {
    let sdk = &answers.sdk;
    let port = sdk.port().and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| strange(DESCRIBE, format!("listener {} has no port", answers.arn)))?;
    let place = format!("listener {port}");
    let mut unsupported = Vec::new();
    let read = rules::read(&answers.rules, &place, tags, &mut unsupported)?;
    let default_actions = actions::from_sdk(sdk.default_actions(), &place, &mut unsupported);
    if sdk.alpn_policy().iter().any(|policy| policy != "None") {
        unsupported.push(format!("{place}: has an ALPN policy"));
    }
    let listener = protocol(sdk, &place, &mut unsupported).map(|protocol| Listener {
        protocol,
        ssl_policy: sdk.ssl_policy().filter(|policy| !policy.is_empty()).map(str::to_owned),
        certificate: sdk.certificates().first().and_then(|one| one.certificate_arn()?.parse().ok()),
        additional_certificates: answers.additional_certificates,
        mutual_authentication: sdk.mutual_authentication().and_then(from_mutual_authentication),
        attributes: answers.attributes,
        default_actions,
        tags: tags.get(answers.arn.as_str()).map(own_tags).unwrap_or_default(),
        rules: read,
    });
    Ok(ReadListener { port, arn: answers.arn, listener, unsupported })
}

fn protocol(sdk: &SdkListener, place: &str, unsupported: &mut Vec<String>) -> Option<Protocol> {
    match sdk.protocol() {
        Some(ProtocolEnum::Http) => Some(Protocol::Http),
        Some(ProtocolEnum::Https) => Some(Protocol::Https),
        other => {
            let name = other.map_or("none", |protocol| protocol.as_str());
            unsupported.push(format!("{place}: its protocol is {name}"));
            None
        }
    }
}

/// `off` is what AWS fills in where nothing was asked for.
fn from_mutual_authentication(sdk: &MutualAuthenticationAttributes) -> Option<MutualAuthentication> {
    let mode = sdk.mode().filter(|mode| *mode != "off")?;
    Some(MutualAuthentication {
        mode: mode.to_owned(),
        trust_store: sdk.trust_store_arn().and_then(|arn| arn.parse().ok()),
        ignore_client_certificate_expiry: sdk.ignore_client_certificate_expiry(),
        advertise_trust_store_ca_names: sdk.advertise_trust_store_ca_names().map(|value| value.as_str().to_owned()),
    })
}

/// To the SDK.
pub(super) fn to_mutual_authentication(wanted: &MutualAuthentication) -> MutualAuthenticationAttributes {
    MutualAuthenticationAttributes::builder()
        .mode(&wanted.mode)
        .set_trust_store_arn(wanted.trust_store.as_ref().map(TrustStoreArn::to_string))
        .set_ignore_client_certificate_expiry(wanted.ignore_client_certificate_expiry)
        .set_advertise_trust_store_ca_names(wanted.advertise_trust_store_ca_names.as_deref().map(Into::into))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutual_authentication_survives_the_way_there_and_back() {
        let arn = "arn:aws:elasticloadbalancing:us-west-2:123456789012:truststore/t/0123456789abcdef";
        let wanted = MutualAuthentication {
            mode: "verify".into(),
            trust_store: Some(arn.parse().expect("an ARN")),
            ignore_client_certificate_expiry: Some(true),
            advertise_trust_store_ca_names: Some("on".into()),
        };
        assert_eq!(from_mutual_authentication(&to_mutual_authentication(&wanted)), Some(wanted));
        let off = MutualAuthenticationAttributes::builder().mode("off").build();
        assert_eq!(from_mutual_authentication(&off), None);
    }
}
