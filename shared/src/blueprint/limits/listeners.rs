//! Listeners and rules.

use super::{actions, attributes, conditions, no_longer, within};
use crate::blueprint::problems::Problems;
use crate::limits::{
    AttributeKind, Field, MUTUAL_AUTHENTICATION_MODES, REWRITE_LENGTH, is_known_attribute, wrong_tls_policy,
};
use crate::model::*;

pub(super) fn listener(place: &str, port: u16, listener: &Listener, problems: &mut Problems) {
    within(Field::Port, &port.to_string(), place, problems);
    if let Some(message) = listener.ssl_policy.as_deref().and_then(wrong_tls_policy) {
        problems.add(format!("{place}.sslPolicy"), message);
    }
    attributes(AttributeKind::Listener, &listener.attributes, place, problems);
    let own = attributes_of_new_listener(listener.protocol);
    for name in listener.attributes.keys() {
        if is_known_attribute(AttributeKind::Listener, name) && !own.contains_key(name) {
            problems.add(format!("{place}.attributes.{name}"), "only an HTTPS listener has this attribute");
        }
    }
    if let Some(mutual) = &listener.mutual_authentication {
        mutual_authentication(&format!("{place}.mutualAuthentication"), listener.protocol, mutual, problems);
    }
    actions::actions(&format!("{place}.defaultActions"), listener.protocol, &listener.default_actions, problems);
    for (priority, rule) in &listener.rules {
        let place = format!("{place}.rules.{priority}");
        within(Field::Priority, &priority.to_string(), &place, problems);
        conditions::conditions(&format!("{place}.conditions"), &rule.conditions, problems);
        actions::actions(&format!("{place}.actions"), listener.protocol, &rule.actions, problems);
        transforms(&format!("{place}.transforms"), &rule.transforms, problems);
    }
}

fn mutual_authentication(place: &str, protocol: Protocol, mutual: &MutualAuthentication, problems: &mut Problems) {
    match protocol {
        Protocol::Https => {}
        Protocol::Http => problems.add(place, "an HTTP listener asks nobody for certificates"),
    }
    if !MUTUAL_AUTHENTICATION_MODES.contains(&mutual.mode.as_str()) {
        let message = format!("`{}` is not one of {}", mutual.mode, MUTUAL_AUTHENTICATION_MODES.join(", "));
        problems.add(format!("{place}.mode"), message);
    }
    if mutual.mode == "verify" && mutual.trust_store.is_none() {
        problems.add(place, "to verify certificates takes a `trustStore`");
    }
    if let Some(value) = &mutual.advertise_trust_store_ca_names {
        let place = format!("{place}.advertiseTrustStoreCaNames");
        within(Field::AdvertiseTrustStoreCaNames, value, &place, problems);
    }
}

fn transforms(place: &str, transforms: &[Transform], problems: &mut Problems) {
    for (index, transform) in transforms.iter().enumerate() {
        let (Transform::HostHeaderRewrite { rewrites } | Transform::UrlRewrite { rewrites }) = transform;
        for (rewrite, Rewrite { regex, replace }) in rewrites.iter().enumerate() {
            let place = format!("{place}[{index}].rewrites[{rewrite}]");
            no_longer(REWRITE_LENGTH, regex, &format!("{place}.regex"), problems);
            no_longer(REWRITE_LENGTH, replace, &format!("{place}.replace"), problems);
        }
    }
}
