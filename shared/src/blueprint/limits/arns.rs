//! ARNs: everything a blueprint names is in its region, and all but trust stores, which others can share, in one account.

use std::collections::BTreeMap;

use crate::blueprint::document::Document;
use crate::blueprint::problems::Problems;
use crate::model::*;

/// Finds ARNs of another region than the blueprint's, and of another account than most.
pub(super) fn check(document: &Document, problems: &mut Problems) {
    let arns = all(document);
    let is_shared = |arn: &str| arn.parse::<TrustStoreArn>().is_ok();
    let mut accounts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, arn) in arns.iter().filter(|(_, arn)| !is_shared(arn)) {
        *accounts.entry(part(arn, ACCOUNT)).or_default() += 1;
    }
    let usual = accounts.iter().max_by_key(|(_, count)| **count).map(|(account, _)| *account);
    for (place, arn) in &arns {
        let (region, account) = (part(arn, REGION), part(arn, ACCOUNT));
        // IAM's certificates are of no region.
        if !region.is_empty() && region != document.region.as_str() {
            problems.add(place, format!("`{arn}` is in {region}, and the environment in {}", document.region));
        }
        if let Some(usual) = usual.filter(|usual| *usual != account && !is_shared(arn)) {
            problems.add(place, format!("`{arn}` is of the account {account}, and other ARNs here are of {usual}"));
        }
    }
}

const REGION: usize = 3;
const ACCOUNT: usize = 4;

fn part(arn: &str, index: usize) -> &str {
    arn.split(':').nth(index).unwrap_or_default()
}

/// The ARNs that a load balancer or a service cannot come back without, each with its place.
fn all(document: &Document) -> Vec<(String, String)> {
    let mut arns = Vec::new();
    for (name, load_balancer) in &document.load_balancers {
        let place = format!("loadBalancers.{name}");
        arns.extend(load_balancer.web_acl.iter().map(|arn| (format!("{place}.webAcl"), arn.to_string())));
        arns.extend(load_balancer.adopted.iter().map(|arn| (format!("{place}.adopted"), arn.to_string())));
        for (port, listener) in &load_balancer.listeners {
            of_listener(&format!("{place}.listeners.{port}"), listener, &mut arns);
        }
    }
    for (name, service) in &document.services {
        let place = format!("services.{name}");
        arns.extend(service.adopted.iter().map(|arn| (format!("{place}.adopted"), arn.to_string())));
        let attachments = service.definition.iter().flat_map(|definition| &definition.attachments).enumerate();
        arns.extend(attachments.map(|(index, attachment)| {
            (format!("{place}.definition.attachments[{index}].targetGroup"), attachment.target_group.to_string())
        }));
    }
    arns
}

fn of_listener(place: &str, listener: &Listener, arns: &mut Vec<(String, String)>) {
    arns.extend(listener.certificate.iter().map(|arn| (format!("{place}.certificate"), arn.to_string())));
    let additional = &listener.additional_certificates;
    arns.extend(additional.iter().map(|arn| (format!("{place}.additionalCertificates"), arn.to_string())));
    let trust_store = listener.mutual_authentication.as_ref().and_then(|mutual| mutual.trust_store.as_ref());
    arns.extend(trust_store.map(|arn| (format!("{place}.mutualAuthentication.trustStore"), arn.to_string())));
    of_actions(&format!("{place}.defaultActions"), &listener.default_actions, arns);
    for (priority, rule) in &listener.rules {
        of_actions(&format!("{place}.rules.{priority}.actions"), &rule.actions, arns);
    }
}

fn of_actions(place: &str, actions: &[RuleAction], arns: &mut Vec<(String, String)>) {
    for (index, action) in actions.iter().enumerate() {
        let groups = action.target_groups().enumerate();
        arns.extend(
            groups.map(|(group, arn)| (format!("{place}[{index}].targetGroups[{group}].arn"), arn.to_string())),
        );
    }
}
