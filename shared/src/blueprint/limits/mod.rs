//! What AWS would refuse in the morning, told before the first evening.

mod actions;
mod arns;
mod conditions;
mod listeners;
mod services;
mod tags;

use super::document::Document;
use super::problems::Problems;
use crate::limits::{AttributeKind, Field, LABEL_LENGTH, wrong, wrong_attribute, wrong_load_balancer_name};
use crate::model::*;

pub(super) use tags::tags;

/// Finds what AWS would not take.
pub(super) fn check(document: &Document, problems: &mut Problems) {
    for (name, load_balancer) in &document.load_balancers {
        self::load_balancer(&format!("loadBalancers.{name}"), name, load_balancer, problems);
    }
    for (index, record) in document.dns_records.iter().enumerate() {
        let place = format!("dnsRecords[{index}]");
        within(Field::HostedZone, record.zone.as_str(), &format!("{place}.zone"), problems);
        domain_name(Field::RecordName, &record.name, &format!("{place}.name"), problems);
        if let Some(page) = &record.sleeping_page {
            domain_name(Field::AliasName, &page.dns_name, &format!("{place}.sleepingPage.dnsName"), problems);
        }
    }
    for (name, service) in &document.services {
        if let Some(definition) = &service.definition {
            services::definition(&format!("services.{name}.definition"), definition, problems);
        }
    }
    tags::number_of_tags(document, problems);
    arns::check(document, problems);
}

/// Adds what the models say against a value.
fn within(field: Field, value: &str, place: &str, problems: &mut Problems) {
    if let Some(message) = wrong(field, value) {
        problems.add(place, message);
    }
}

/// Adds a sentence about a text that is longer than AWS takes.
fn no_longer(most: usize, text: &str, place: &str, problems: &mut Problems) {
    let length = text.chars().count();
    if length > most {
        problems.add(place, format!("AWS takes {most} characters at most, and here are {length}"));
    }
}

/// Adds a sentence about a list that is longer than AWS takes.
fn no_more(most: usize, count: usize, place: &str, problems: &mut Problems) {
    if count > most {
        problems.add(place, format!("AWS takes {most} at most, and here are {count}"));
    }
}

fn load_balancer(place: &str, name: &LoadBalancerName, load_balancer: &LoadBalancer, problems: &mut Problems) {
    if let Some(message) = wrong_load_balancer_name(name.as_str()) {
        problems.add(place, message);
    }
    attributes(AttributeKind::LoadBalancer, &load_balancer.attributes, place, problems);
    for log in ["access_logs", "connection_logs", "health_check_logs"] {
        let attribute = |name: &str| load_balancer.attributes.get(&format!("{log}.s3.{name}")).map(String::as_str);
        if attribute("enabled") == Some("true") && attribute("bucket").unwrap_or_default().is_empty() {
            let message = format!("it needs a bucket: `{log}.s3.bucket`");
            problems.add(format!("{place}.attributes.{log}.s3.enabled"), message);
        }
    }
    if let Some(web_acl) = &load_balancer.web_acl {
        within(Field::WebAcl, web_acl.as_str(), &format!("{place}.webAcl"), problems);
    }
    for (port, listener) in &load_balancer.listeners {
        listeners::listener(&format!("{place}.listeners.{port}"), *port, listener, problems);
    }
}

fn attributes(
    kind: AttributeKind,
    attributes: &std::collections::BTreeMap<String, String>,
    place: &str,
    problems: &mut Problems,
) {
    for (name, value) in attributes {
        if let Some(message) = wrong_attribute(kind, name, value) {
            problems.add(format!("{place}.attributes.{name}"), message);
        }
    }
}

/// A name by Route 53's rules: labels apart by dots, in printable ASCII.
fn domain_name(field: Field, name: &str, place: &str, problems: &mut Problems) {
    within(field, name, place, problems);
    let mut labels = name.trim_end_matches('.').split('.');
    if !name.chars().all(|c| c.is_ascii_graphic()) || labels.any(|label| label.is_empty() || label.len() > LABEL_LENGTH)
    {
        let message =
            format!("`{name}` is not a domain name: labels of 1 to {LABEL_LENGTH} ASCII characters, apart by dots");
        problems.add(place, message);
    }
}
