//! What listeners and rules do with a request.

use super::{no_longer, no_more, within};
use crate::blueprint::problems::Problems;
use crate::limits::{CLAIMS, CONTENT_TYPES, Field, STICKINESS, TARGET_GROUPS, TOKEN_LENGTH, WEIGHT, is_redirect_port};
use crate::model::*;

pub(super) fn actions(place: &str, protocol: Protocol, actions: &[RuleAction], problems: &mut Problems) {
    let ends = |action: &RuleAction| match action {
        RuleAction::Forward { .. } | RuleAction::Redirect { .. } | RuleAction::FixedResponse { .. } => true,
        RuleAction::AuthenticateCognito { .. } | RuleAction::JwtValidation { .. } => false,
    };
    let is_last_alone = actions.iter().filter(|action| ends(action)).count() == 1 && actions.last().is_some_and(ends);
    if !actions.is_empty() && !is_last_alone {
        problems.add(place, "one action forwards, redirects or answers, and it is the last one");
    }
    for (index, action) in actions.iter().enumerate() {
        let place = format!("{place}[{index}]");
        if !ends(action) && protocol == Protocol::Http {
            problems.add(&place, "only an HTTPS listener lets users sign in or checks tokens");
        }
        self::action(&place, action, problems);
    }
}

fn action(place: &str, action: &RuleAction, problems: &mut Problems) {
    match action {
        RuleAction::Forward { target_groups, stickiness } => {
            forward(place, target_groups, problems);
            stickiness.iter().for_each(|stickiness| self::stickiness(place, stickiness, problems));
        }
        RuleAction::Redirect { protocol, port, host, path, query, status_code } => {
            let parts = [(protocol, "#{protocol}"), (port, "#{port}"), (host, "#{host}"), (path, "/#{path}")];
            if parts.iter().all(|(part, same)| part.as_deref().is_none_or(|part| part == *same)) {
                let message =
                    "it would lead to where it comes from: another `protocol`, `port`, `host` or `path` is wanted";
                problems.add(place, message);
            }
            let mut part = |field: Field, name: &str, value: Option<&String>| {
                value.iter().for_each(|value| within(field, value, &format!("{place}.{name}"), problems));
            };
            part(Field::RedirectProtocol, "protocol", protocol.as_ref());
            part(Field::RedirectHost, "host", host.as_ref());
            part(Field::RedirectPath, "path", path.as_ref());
            part(Field::RedirectQuery, "query", query.as_ref());
            part(Field::RedirectStatusCode, "statusCode", Some(status_code));
            if let Some(port) = port.as_ref().filter(|port| !is_redirect_port(port)) {
                problems.add(format!("{place}.port"), format!("`{port}` is not a port from 1 to 65535 or `#{{port}}`"));
            }
            if path.as_ref().is_some_and(|path| !path.starts_with('/')) {
                problems.add(format!("{place}.path"), "a path begins with `/`");
            }
        }
        RuleAction::FixedResponse { status_code, content_type, message_body } => {
            within(Field::FixedResponseStatusCode, status_code, &format!("{place}.statusCode"), problems);
            if let Some(body) = message_body {
                within(Field::FixedResponseBody, body, &format!("{place}.messageBody"), problems);
            }
            if let Some(content_type) = content_type {
                let place = format!("{place}.contentType");
                within(Field::FixedResponseContentType, content_type, &place, problems);
                if !CONTENT_TYPES.contains(&content_type.as_str()) {
                    problems.add(place, format!("`{content_type}` is not one of {}", CONTENT_TYPES.join(", ")));
                }
            }
        }
        RuleAction::AuthenticateCognito { on_unauthenticated_request, .. } => {
            if let Some(answer) = on_unauthenticated_request {
                let place = format!("{place}.onUnauthenticatedRequest");
                within(Field::OnUnauthenticatedRequest, answer, &place, problems);
            }
        }
        RuleAction::JwtValidation { jwks_endpoint, issuer, additional_claims } => {
            if !jwks_endpoint.starts_with("https://") {
                problems.add(format!("{place}.jwksEndpoint"), "it is a whole URL with `https://`");
            }
            no_longer(TOKEN_LENGTH, jwks_endpoint, &format!("{place}.jwksEndpoint"), problems);
            no_longer(TOKEN_LENGTH, issuer, &format!("{place}.issuer"), problems);
            no_more(CLAIMS, additional_claims.len(), &format!("{place}.additionalClaims"), problems);
            for (index, claim) in additional_claims.iter().enumerate() {
                self::claim(&format!("{place}.additionalClaims[{index}]"), claim, problems);
            }
        }
    }
}

fn forward(place: &str, target_groups: &[WeightedTargetGroup], problems: &mut Problems) {
    let place = format!("{place}.targetGroups");
    if target_groups.is_empty() {
        problems.add(&place, "at least one target group is wanted");
    }
    no_more(TARGET_GROUPS, target_groups.len(), &place, problems);
    for (index, group) in target_groups.iter().enumerate() {
        if let Some(weight) = group.weight.filter(|weight| *weight > WEIGHT) {
            let message = format!("a weight is a number from 0 to {WEIGHT}, and not {weight}");
            problems.add(format!("{place}[{index}].weight"), message);
        }
    }
}

fn stickiness(place: &str, stickiness: &Stickiness, problems: &mut Problems) {
    let place = format!("{place}.stickiness");
    match stickiness.duration_seconds {
        Some(seconds) if !(1..=STICKINESS).contains(&seconds) => {
            problems.add(format!("{place}.durationSeconds"), format!("a number from 1 to {STICKINESS} is wanted"));
        }
        None if stickiness.enabled => problems.add(place, "stickiness takes `durationSeconds`"),
        Some(_) | None => {}
    }
}

fn claim(place: &str, claim: &JwtClaim, problems: &mut Problems) {
    within(Field::ClaimFormat, &claim.format, &format!("{place}.format"), problems);
    no_more(CLAIMS, claim.values.len(), &format!("{place}.values"), problems);
    for (index, value) in claim.values.iter().enumerate() {
        no_longer(TOKEN_LENGTH, value, &format!("{place}.values[{index}]"), problems);
    }
}
