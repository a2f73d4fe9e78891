//! Tags: what they may say, and how many a resource has.

use super::within;
use crate::blueprint::document::Document;
use crate::blueprint::problems::Problems;
use crate::limits::{Field, wrong};
use crate::model::*;

/// The limits of AWS's tags, and Curfew's own names.
pub(in crate::blueprint) fn tags(place: &str, tags: &Tags, problems: &mut Problems) {
    for (key, value) in tags {
        let place = format!("{place}.{key}");
        if key.starts_with("curfew:") || key.starts_with("aws:") {
            problems.add(place, "tags that begin with `curfew:` or `aws:` are set by Curfew and AWS alone");
        } else if let Some(message) = wrong(Field::TagKey, key) {
            problems.add(place, format!("its key: {message}"));
        } else {
            within(Field::TagValue, value, &place, problems);
        }
    }
}

/// What Curfew puts on whatever it makes.
const CURFEWS_OWN: [&str; 3] = [ENVIRONMENT_TAG, NAME_TAG, RUN_TAG];

/// Every resource that Curfew makes has the common tags, its own, and Curfew's three.
pub(super) fn number_of_tags(document: &Document, problems: &mut Problems) {
    let mut count = |place: String, own: &Tags| {
        let added = own.keys().filter(|key| !document.tags.contains_key(*key)).count();
        let all = document.tags.len() + added + CURFEWS_OWN.len();
        if let Some(message) = wrong(Field::Tags, &all.to_string()) {
            problems.add(place, format!("{message}, with those of all resources and Curfew's own three"));
        }
    };
    if wrong(Field::Tags, &(document.tags.len() + CURFEWS_OWN.len()).to_string()).is_some() {
        return count("tags".to_owned(), &Tags::new());
    }
    for (name, address) in &document.addresses {
        count(format!("addresses.{name}.tags"), &address.tags);
    }
    for (name, nat_gateway) in &document.nat_gateways {
        count(format!("natGateways.{name}.tags"), &nat_gateway.tags);
    }
    for (name, endpoint) in &document.vpc_endpoints {
        count(format!("vpcEndpoints.{name}.tags"), &endpoint.tags);
    }
    for (name, service) in &document.services {
        if let Some(definition) = &service.definition {
            count(format!("services.{name}.definition.tags"), &definition.tags);
        }
    }
    for (name, load_balancer) in &document.load_balancers {
        let place = format!("loadBalancers.{name}");
        count(format!("{place}.tags"), &load_balancer.tags);
        for (port, listener) in &load_balancer.listeners {
            let place = format!("{place}.listeners.{port}");
            count(format!("{place}.tags"), &listener.tags);
            for (priority, rule) in &listener.rules {
                count(format!("{place}.rules.{priority}.tags"), &rule.tags);
            }
        }
    }
}
