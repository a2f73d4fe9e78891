//! What listeners and rules do, to and from the SDK's types.
//!
//! What AWS fills in where nothing was said (facts §2) is left out again, so that an observation reads like the
//! blueprint it was made from.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types as sdk;
use sdk::ActionTypeEnum;

use crate::model::*;

/// The blueprint's words for actions, in their order. What it has no words for goes to `unsupported`.
pub(super) fn from_sdk(all: &[sdk::Action], place: &str, unsupported: &mut Vec<String>) -> Vec<RuleAction> {
    let mut ordered: Vec<&sdk::Action> = all.iter().collect();
    ordered.sort_by_key(|action| action.order().unwrap_or(i32::MAX));
    let mut actions = Vec::new();
    for action in ordered {
        match read(action) {
            Ok(read) => actions.push(read),
            Err(reason) => unsupported.push(format!("{place}: {reason}")),
        }
    }
    actions
}

fn read(action: &sdk::Action) -> Result<RuleAction, String> {
    let missing = || format!("{} lacks its configuration", action.r#type().map_or("an action", |kind| kind.as_str()));
    match action.r#type() {
        Some(ActionTypeEnum::Forward) => forward(action),
        Some(ActionTypeEnum::Redirect) => action.redirect_config().map(redirect).ok_or_else(missing),
        Some(ActionTypeEnum::FixedResponse) => action.fixed_response_config().map(fixed_response).ok_or_else(missing),
        Some(ActionTypeEnum::AuthenticateCognito) => {
            action.authenticate_cognito_config().map(cognito).ok_or_else(missing)
        }
        Some(ActionTypeEnum::JwtValidation) => action.jwt_validation_config().map(jwt).ok_or_else(missing),
        Some(ActionTypeEnum::AuthenticateOidc) => {
            Err("authenticate-oidc has a client secret that AWS never returns".to_owned())
        }
        other => Err(format!("the action {} is not known to Curfew", other.map_or("none", |kind| kind.as_str()))),
    }
}

/// With one target group AWS also fills in `TargetGroupArn`; a weight of 1 is the default.
fn forward(action: &sdk::Action) -> Result<RuleAction, String> {
    let arn = |text: Option<&str>| text.unwrap_or_default().parse().map_err(|error: InvalidId| error.to_string());
    let tuples = action.forward_config().map(|config| config.target_groups()).unwrap_or_default();
    let mut target_groups = Vec::new();
    for tuple in tuples {
        let weight = tuple.weight().and_then(|weight| u16::try_from(weight).ok()).filter(|weight| *weight != 1);
        target_groups.push(WeightedTargetGroup { arn: arn(tuple.target_group_arn())?, weight });
    }
    if target_groups.is_empty() {
        target_groups.push(WeightedTargetGroup { arn: arn(action.target_group_arn())?, weight: None });
    }
    let stickiness = action.forward_config().and_then(|config| config.target_group_stickiness_config());
    Ok(RuleAction::Forward { target_groups, stickiness: stickiness.and_then(from_stickiness) })
}

/// Not sticky and no duration is what AWS fills in.
fn from_stickiness(config: &sdk::TargetGroupStickinessConfig) -> Option<Stickiness> {
    let enabled = config.enabled().unwrap_or(false);
    let duration_seconds = config.duration_seconds().and_then(|seconds| u32::try_from(seconds).ok());
    (enabled || duration_seconds.is_some()).then_some(Stickiness { enabled, duration_seconds })
}

fn redirect(config: &sdk::RedirectActionConfig) -> RuleAction {
    RuleAction::Redirect {
        protocol: unless(config.protocol(), "#{protocol}"),
        port: unless(config.port(), "#{port}"),
        host: unless(config.host(), "#{host}"),
        path: unless(config.path(), "/#{path}"),
        query: unless(config.query(), "#{query}"),
        status_code: config.status_code().map(|code| code.as_str().to_owned()).unwrap_or_default(),
    }
}

fn fixed_response(config: &sdk::FixedResponseActionConfig) -> RuleAction {
    RuleAction::FixedResponse {
        status_code: config.status_code().unwrap_or_default().to_owned(),
        content_type: config.content_type().map(str::to_owned),
        message_body: config.message_body().map(str::to_owned),
    }
}

fn cognito(config: &sdk::AuthenticateCognitoActionConfig) -> RuleAction {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let extra = config.authentication_request_extra_params();
    RuleAction::AuthenticateCognito {
        user_pool_arn: text(config.user_pool_arn()),
        user_pool_client_id: text(config.user_pool_client_id()),
        user_pool_domain: text(config.user_pool_domain()),
        session_cookie_name: unless(config.session_cookie_name(), "AWSELBAuthSessionCookie"),
        scope: unless(config.scope(), "openid"),
        session_timeout: config
            .session_timeout()
            .filter(|seconds| *seconds != SESSION_TIMEOUT)
            .and_then(|seconds| u32::try_from(seconds).ok()),
        on_unauthenticated_request: unless(
            config.on_unauthenticated_request().map(|behaviour| behaviour.as_str()),
            "authenticate",
        ),
        extra_parameters: extra.map(|map| map.clone().into_iter().collect()).unwrap_or_default(),
    }
}

/// Seven days, in seconds: what AWS fills in.
const SESSION_TIMEOUT: i64 = 604_800;

fn jwt(config: &sdk::JwtValidationActionConfig) -> RuleAction {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let claim = |claim: &sdk::JwtValidationActionAdditionalClaim| JwtClaim {
        format: text(claim.format().map(|format| format.as_str())),
        name: text(claim.name()),
        values: claim.values().to_vec(),
    };
    RuleAction::JwtValidation {
        jwks_endpoint: text(config.jwks_endpoint()),
        issuer: text(config.issuer()),
        additional_claims: config.additional_claims().iter().map(claim).collect(),
    }
}

/// A value, unless it is what AWS fills in.
fn unless(value: Option<&str>, default: &str) -> Option<String> {
    value.filter(|value| *value != default).map(str::to_owned)
}

/// To the SDK, numbered in their order; a single one has no number unless it is given one.
pub(super) fn to_sdk(actions: &[RuleAction]) -> Vec<sdk::Action> {
    match actions {
        [only] => vec![write(only).build()],
        several => (1..).zip(several).map(|(order, action)| write(action).order(order).build()).collect(),
    }
}

fn write(action: &RuleAction) -> sdk::builders::ActionBuilder {
    let builder = sdk::Action::builder();
    match action {
        RuleAction::Forward { target_groups, stickiness } => {
            builder.r#type(ActionTypeEnum::Forward).forward_config(to_forward(target_groups, stickiness.as_ref()))
        }
        RuleAction::Redirect { protocol, port, host, path, query, status_code } => {
            let config = sdk::RedirectActionConfig::builder()
                .set_protocol(protocol.clone())
                .set_port(port.clone())
                .set_host(host.clone())
                .set_path(path.clone())
                .set_query(query.clone())
                .status_code(status_code.as_str().into());
            builder.r#type(ActionTypeEnum::Redirect).redirect_config(config.build())
        }
        RuleAction::FixedResponse { status_code, content_type, message_body } => {
            let config = sdk::FixedResponseActionConfig::builder()
                .status_code(status_code)
                .set_content_type(content_type.clone())
                .set_message_body(message_body.clone());
            builder.r#type(ActionTypeEnum::FixedResponse).fixed_response_config(config.build())
        }
        RuleAction::AuthenticateCognito {
            user_pool_arn,
            user_pool_client_id,
            user_pool_domain,
            session_cookie_name,
            scope,
            session_timeout,
            on_unauthenticated_request,
            extra_parameters,
        } => {
            let config = sdk::AuthenticateCognitoActionConfig::builder()
                .user_pool_arn(user_pool_arn)
                .user_pool_client_id(user_pool_client_id)
                .user_pool_domain(user_pool_domain)
                .set_session_cookie_name(session_cookie_name.clone())
                .set_scope(scope.clone())
                .set_session_timeout(session_timeout.map(i64::from))
                .set_on_unauthenticated_request(on_unauthenticated_request.as_deref().map(Into::into))
                .set_authentication_request_extra_params(some_map(extra_parameters));
            builder.r#type(ActionTypeEnum::AuthenticateCognito).authenticate_cognito_config(config.build())
        }
        RuleAction::JwtValidation { jwks_endpoint, issuer, additional_claims } => {
            let claims = additional_claims.iter().map(to_claim).collect::<Vec<_>>();
            let config = sdk::JwtValidationActionConfig::builder()
                .jwks_endpoint(jwks_endpoint)
                .issuer(issuer)
                .set_additional_claims((!claims.is_empty()).then_some(claims));
            builder.r#type(ActionTypeEnum::JwtValidation).jwt_validation_config(config.build())
        }
    }
}

fn to_forward(groups: &[WeightedTargetGroup], stickiness: Option<&Stickiness>) -> sdk::ForwardActionConfig {
    let tuple = |group: &WeightedTargetGroup| {
        let weight = i32::from(group.weight.unwrap_or(1));
        sdk::TargetGroupTuple::builder().target_group_arn(group.arn.as_str()).weight(weight).build()
    };
    let sticky = |wanted: &Stickiness| {
        sdk::TargetGroupStickinessConfig::builder()
            .enabled(wanted.enabled)
            .set_duration_seconds(wanted.duration_seconds.and_then(|seconds| i32::try_from(seconds).ok()))
            .build()
    };
    sdk::ForwardActionConfig::builder()
        .set_target_groups(Some(groups.iter().map(tuple).collect()))
        .set_target_group_stickiness_config(stickiness.map(sticky))
        .build()
}

fn to_claim(claim: &JwtClaim) -> sdk::JwtValidationActionAdditionalClaim {
    sdk::JwtValidationActionAdditionalClaim::builder()
        .format(claim.format.as_str().into())
        .name(&claim.name)
        .set_values(Some(claim.values.clone()))
        .build()
}

fn some_map(map: &BTreeMap<String, String>) -> Option<std::collections::HashMap<String, String>> {
    (!map.is_empty()).then(|| map.clone().into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, weight: Option<u16>) -> WeightedTargetGroup {
        let arn = format!("arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/{name}/0123456789abcdef");
        WeightedTargetGroup { arn: arn.parse().expect("an ARN"), weight }
    }

    fn there_and_back(actions: &[RuleAction]) {
        let mut unsupported = Vec::new();
        assert_eq!(from_sdk(&to_sdk(actions), "listener 443", &mut unsupported), actions);
        assert_eq!(unsupported, Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_action_survives_the_way_there_and_back() {
        there_and_back(&[RuleAction::Forward { target_groups: vec![group("a", None)], stickiness: None }]);
        there_and_back(&[RuleAction::Forward {
            target_groups: vec![group("a", Some(90)), group("b", Some(0)), group("c", None)],
            stickiness: Some(Stickiness { enabled: true, duration_seconds: Some(60) }),
        }]);
        there_and_back(&[RuleAction::Redirect {
            protocol: Some("HTTPS".into()),
            port: Some("443".into()),
            host: None,
            path: Some("/new".into()),
            query: None,
            status_code: "HTTP_301".into(),
        }]);
        there_and_back(&[RuleAction::FixedResponse {
            status_code: "503".into(),
            content_type: Some("text/plain".into()),
            message_body: Some("asleep".into()),
        }]);
        there_and_back(&[RuleAction::JwtValidation {
            jwks_endpoint: "https://id.example.com/keys".into(),
            issuer: "https://id.example.com".into(),
            additional_claims: vec![JwtClaim {
                format: "string-array".into(),
                name: "groups".into(),
                values: vec!["dev".into()],
            }],
        }]);
    }

    #[test]
    fn several_actions_keep_their_order() {
        let login = RuleAction::AuthenticateCognito {
            user_pool_arn: "arn:aws:cognito-idp:us-west-2:123456789012:userpool/p".into(),
            user_pool_client_id: "client".into(),
            user_pool_domain: "login".into(),
            session_cookie_name: Some("cookie".into()),
            scope: Some("openid email".into()),
            session_timeout: Some(3600),
            on_unauthenticated_request: Some("deny".into()),
            extra_parameters: [("prompt".to_owned(), "login".to_owned())].into(),
        };
        let forward = RuleAction::Forward { target_groups: vec![group("a", None)], stickiness: None };
        there_and_back(&[login, forward]);
    }

    #[test]
    fn what_aws_fills_in_is_left_out() {
        let config = sdk::RedirectActionConfig::builder()
            .protocol("HTTPS")
            .port("443")
            .host("#{host}")
            .path("/#{path}")
            .query("#{query}")
            .status_code(sdk::RedirectActionStatusCodeEnum::Http301);
        let action = sdk::Action::builder().r#type(ActionTypeEnum::Redirect).redirect_config(config.build()).build();
        let wanted = RuleAction::Redirect {
            protocol: Some("HTTPS".into()),
            port: Some("443".into()),
            host: None,
            path: None,
            query: None,
            status_code: "HTTP_301".into(),
        };
        assert_eq!(from_sdk(&[action], "", &mut Vec::new()), [wanted]);
    }

    #[test]
    fn a_client_secret_is_refused() {
        let oidc = sdk::Action::builder().r#type(ActionTypeEnum::AuthenticateOidc).build();
        let mut unsupported = Vec::new();
        assert_eq!(from_sdk(&[oidc], "listener 443, rule 10", &mut unsupported), []);
        assert_eq!(
            unsupported,
            ["listener 443, rule 10: authenticate-oidc has a client secret that AWS never returns"]
        );
    }
}
