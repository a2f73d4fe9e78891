//! What rules ask of a request and how they rewrite it, to and from the SDK's types.

use aws_sdk_elasticloadbalancingv2::types as sdk;
use sdk::TransformTypeEnum;

use crate::model::*;

/// The blueprint's words for conditions. What it has no words for goes to `unsupported`.
pub(super) fn from_sdk(all: &[sdk::RuleCondition], place: &str, unsupported: &mut Vec<String>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for condition in all {
        match read(condition) {
            Some(read) => conditions.push(read),
            None => {
                let field = condition.field().unwrap_or("none");
                unsupported.push(format!("{place}: the condition {field} is not known to Curfew"));
            }
        }
    }
    conditions
}

/// AWS repeats some values beside the configuration of their own; older answers have only those.
fn read(condition: &sdk::RuleCondition) -> Option<Condition> {
    let either = |own: Option<&[String]>, beside: &[String]| match own {
        Some(own) if !own.is_empty() => own.to_vec(),
        Some(_) | None => beside.to_vec(),
    };
    Some(match condition.field()? {
        "host-header" => {
            let config = condition.host_header_config();
            Condition::HostHeader {
                values: either(config.map(|config| config.values()), condition.values()),
                regex_values: either(config.map(|config| config.regex_values()), condition.regex_values()),
            }
        }
        "path-pattern" => {
            let config = condition.path_pattern_config();
            Condition::PathPattern {
                values: either(config.map(|config| config.values()), condition.values()),
                regex_values: either(config.map(|config| config.regex_values()), condition.regex_values()),
            }
        }
        "http-header" => {
            let config = condition.http_header_config()?;
            Condition::HttpHeader {
                name: config.http_header_name()?.to_owned(),
                values: either(Some(config.values()), condition.values()),
                regex_values: either(Some(config.regex_values()), condition.regex_values()),
            }
        }
        "query-string" => Condition::QueryString {
            values: condition.query_string_config()?.values().iter().map(from_pair).collect::<Option<_>>()?,
        },
        "http-request-method" => Condition::HttpRequestMethod {
            values: either(condition.http_request_method_config().map(|config| config.values()), condition.values()),
        },
        "source-ip" => Condition::SourceIp {
            values: either(condition.source_ip_config().map(|config| config.values()), condition.values()),
        },
        _ => return None,
    })
}

fn from_pair(pair: &sdk::QueryStringKeyValuePair) -> Option<QueryPair> {
    let key = pair.key().filter(|key| !key.is_empty()).map(str::to_owned);
    Some(QueryPair { key, value: pair.value()?.to_owned() })
}

/// To the SDK.
pub(super) fn to_sdk(conditions: &[Condition]) -> Vec<sdk::RuleCondition> {
    conditions.iter().map(write).collect()
}

fn write(condition: &Condition) -> sdk::RuleCondition {
    let builder = sdk::RuleCondition::builder();
    match condition {
        Condition::HostHeader { values, regex_values } => {
            let config =
                sdk::HostHeaderConditionConfig::builder().set_values(some(values)).set_regex_values(some(regex_values));
            builder.field("host-header").host_header_config(config.build())
        }
        Condition::PathPattern { values, regex_values } => {
            let config = sdk::PathPatternConditionConfig::builder()
                .set_values(some(values))
                .set_regex_values(some(regex_values));
            builder.field("path-pattern").path_pattern_config(config.build())
        }
        Condition::HttpHeader { name, values, regex_values } => {
            let config = sdk::HttpHeaderConditionConfig::builder()
                .http_header_name(name)
                .set_values(some(values))
                .set_regex_values(some(regex_values));
            builder.field("http-header").http_header_config(config.build())
        }
        Condition::QueryString { values } => {
            let pairs = values.iter().map(to_pair).collect();
            let config = sdk::QueryStringConditionConfig::builder().set_values(Some(pairs));
            builder.field("query-string").query_string_config(config.build())
        }
        Condition::HttpRequestMethod { values } => {
            let config = sdk::HttpRequestMethodConditionConfig::builder().set_values(some(values));
            builder.field("http-request-method").http_request_method_config(config.build())
        }
        Condition::SourceIp { values } => {
            let config = sdk::SourceIpConditionConfig::builder().set_values(some(values));
            builder.field("source-ip").source_ip_config(config.build())
        }
    }
    .build()
}

fn to_pair(pair: &QueryPair) -> sdk::QueryStringKeyValuePair {
    sdk::QueryStringKeyValuePair::builder().set_key(pair.key.clone()).value(&pair.value).build()
}

fn some(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.to_vec())
}

/// The blueprint's words for rewrites. What it has no words for goes to `unsupported`.
pub(super) fn transforms_from_sdk(
    all: &[sdk::RuleTransform],
    place: &str,
    unsupported: &mut Vec<String>,
) -> Vec<Transform> {
    let mut transforms = Vec::new();
    for transform in all {
        match read_transform(transform) {
            Some(read) => transforms.push(read),
            None => {
                let kind = transform.r#type().map_or("none", |kind| kind.as_str());
                unsupported.push(format!("{place}: the transform {kind} is not known to Curfew"));
            }
        }
    }
    transforms
}

fn read_transform(transform: &sdk::RuleTransform) -> Option<Transform> {
    let read = |all: &[sdk::RewriteConfig]| {
        let pair = |one: &sdk::RewriteConfig| {
            Some(Rewrite { regex: one.regex()?.to_owned(), replace: one.replace()?.to_owned() })
        };
        all.iter().map(pair).collect::<Option<Vec<_>>>()
    };
    match transform.r#type() {
        Some(TransformTypeEnum::HostHeaderRewrite) => {
            Some(Transform::HostHeaderRewrite { rewrites: read(transform.host_header_rewrite_config()?.rewrites())? })
        }
        Some(TransformTypeEnum::UrlRewrite) => {
            Some(Transform::UrlRewrite { rewrites: read(transform.url_rewrite_config()?.rewrites())? })
        }
        _ => None,
    }
}

/// To the SDK.
pub(super) fn transforms_to_sdk(transforms: &[Transform]) -> Vec<sdk::RuleTransform> {
    transforms.iter().map(write_transform).collect()
}

fn write_transform(transform: &Transform) -> sdk::RuleTransform {
    let write = |rewrites: &[Rewrite]| {
        let one = |rewrite: &Rewrite| sdk::RewriteConfig::builder().regex(&rewrite.regex).replace(&rewrite.replace);
        Some(rewrites.iter().map(|rewrite| one(rewrite).build()).collect())
    };
    // The SDK can leave the type out, AWS cannot; so its builder answers without an error.
    match transform {
        Transform::HostHeaderRewrite { rewrites } => sdk::RuleTransform::builder()
            .r#type(TransformTypeEnum::HostHeaderRewrite)
            .host_header_rewrite_config(sdk::HostHeaderRewriteConfig::builder().set_rewrites(write(rewrites)).build()),
        Transform::UrlRewrite { rewrites } => sdk::RuleTransform::builder()
            .r#type(TransformTypeEnum::UrlRewrite)
            .url_rewrite_config(sdk::UrlRewriteConfig::builder().set_rewrites(write(rewrites)).build()),
    }
    .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn every_kind_of_condition_survives_the_way_there_and_back() {
        let conditions = [
            Condition::HostHeader { values: texts(&["a.example.com", "*.b.example.com"]), regex_values: vec![] },
            Condition::HostHeader { values: vec![], regex_values: texts(&["^a[0-9]+\\."]) },
            Condition::PathPattern { values: texts(&["/api/*"]), regex_values: vec![] },
            Condition::HttpHeader { name: "X-Version".into(), values: texts(&["2*"]), regex_values: vec![] },
            Condition::QueryString {
                values: vec![
                    QueryPair { key: Some("debug".into()), value: "1".into() },
                    QueryPair { key: None, value: "*x*".into() },
                ],
            },
            Condition::HttpRequestMethod { values: texts(&["GET", "HEAD"]) },
            Condition::SourceIp { values: texts(&["10.0.0.0/8", "2001:db8::/32"]) },
        ];
        let mut unsupported = Vec::new();
        assert_eq!(from_sdk(&to_sdk(&conditions), "", &mut unsupported), conditions);
        assert_eq!(unsupported, Vec::<String>::new());
    }

    #[test]
    fn the_older_form_of_a_condition_is_read() {
        let old = sdk::RuleCondition::builder().field("path-pattern").values("/api/*").build();
        let wanted = Condition::PathPattern { values: texts(&["/api/*"]), regex_values: vec![] };
        assert_eq!(from_sdk(&[old], "", &mut Vec::new()), [wanted]);
    }

    #[test]
    fn an_unknown_condition_is_refused() {
        let new = sdk::RuleCondition::builder().field("moon-phase").values("full").build();
        let mut unsupported = Vec::new();
        assert_eq!(from_sdk(&[new], "listener 80, rule 1", &mut unsupported), []);
        assert_eq!(unsupported, ["listener 80, rule 1: the condition moon-phase is not known to Curfew"]);
    }

    #[test]
    fn transforms_survive_the_way_there_and_back() {
        let rewrites = vec![Rewrite { regex: "^/old/(.*)".into(), replace: "/new/$1".into() }];
        let transforms =
            [Transform::UrlRewrite { rewrites: rewrites.clone() }, Transform::HostHeaderRewrite { rewrites }];
        let mut unsupported = Vec::new();
        assert_eq!(transforms_from_sdk(&transforms_to_sdk(&transforms), "", &mut unsupported), transforms);
        assert_eq!(unsupported, Vec::<String>::new());
    }
}
