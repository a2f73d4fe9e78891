//! Listeners, their rules, and what rules ask and do.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use deserr::Deserr;
use serde::Serialize;

use super::ids::{CertificateArn, LoadBalancerName, TargetGroupArn, TrustStoreArn};
use super::own_name::OwnName;
use super::tags::Tags;
use crate::blueprint::{Entries, Problems};

/// The protocols an application load balancer listens for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "UPPERCASE")]
#[deserr(error = Problems)]
pub enum Protocol {
    /// Plain.
    #[deserr(rename = "HTTP")]
    Http,
    /// Over TLS.
    #[deserr(rename = "HTTPS")]
    Https,
}

/// One port of a load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Listener {
    /// What it listens for.
    pub protocol: Protocol,
    /// The TLS policy of an HTTPS listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub ssl_policy: Option<String>,
    /// The default certificate of an HTTPS listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub certificate: Option<CertificateArn>,
    /// Certificates for other names (SNI).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[deserr(default)]
    pub additional_certificates: BTreeSet<CertificateArn>,
    /// Mutual TLS, if clients are asked for certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub mutual_authentication: Option<MutualAuthentication>,
    /// Attributes, copied key by key.
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub attributes: BTreeMap<String, String>,
    /// What happens to a request that no rule takes.
    pub default_actions: Vec<RuleAction>,
    /// Tags of its own, over the environment's.
    #[serde(skip_serializing_if = "Tags::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
    /// Rules by priority.
    #[deserr(default, from(Entries<u16, Rule>) = Entries::into_map)]
    pub rules: BTreeMap<u16, Rule>,
}

impl Listener {
    /// The same with each text of its rules and its default that people write put through `put`.
    #[must_use]
    pub fn with_texts(mut self, put: &impl Fn(&str) -> String) -> Self {
        self.default_actions.iter_mut().for_each(|action| action.put_texts(put));
        self.rules.values_mut().for_each(|rule| rule.put_texts(put));
        self
    }

    /// Whether its default names a load balancer by a DNS name that this has or had.
    pub fn default_names(&self, load_balancer: &LoadBalancerName) -> bool {
        let found = Cell::new(false);
        let look = looking_for(load_balancer, &found);
        self.default_actions.clone().iter_mut().for_each(|action| action.put_texts(&look));
        found.get()
    }

    /// Every target group its rules and its default forward to.
    pub fn target_groups(&self) -> BTreeSet<TargetGroupArn> {
        let of_rules = self.rules.values().flat_map(|rule| &rule.actions);
        self.default_actions.iter().chain(of_rules).flat_map(RuleAction::target_groups).cloned().collect()
    }
}

/// Mutual TLS of a listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct MutualAuthentication {
    /// `off`, `passthrough` or `verify`.
    pub mode: String,
    /// Against what certificates are verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub trust_store: Option<TrustStoreArn>,
    /// Whether expired certificates pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub ignore_client_certificate_expiry: Option<bool>,
    /// `on` or `off`: whether the names of the trusted authorities are told to clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub advertise_trust_store_ca_names: Option<String>,
}

/// One rule of a listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Rule {
    /// What a request must be like; all of them.
    pub conditions: Vec<Condition>,
    /// What happens to it, in this order.
    pub actions: Vec<RuleAction>,
    /// How it is rewritten first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[deserr(default)]
    pub transforms: Vec<Transform>,
    /// Tags of its own, over the environment's.
    #[serde(skip_serializing_if = "Tags::is_empty")]
    #[deserr(default, from(Entries<String, String>) = Entries::into_map)]
    pub tags: Tags,
}

impl Rule {
    /// Whether a text of it names a load balancer by a DNS name that this has or had.
    pub fn names(&self, load_balancer: &LoadBalancerName) -> bool {
        let found = Cell::new(false);
        self.clone().put_texts(&looking_for(load_balancer, &found));
        found.get()
    }

    fn put_texts(&mut self, put: &impl Fn(&str) -> String) {
        self.conditions.iter_mut().for_each(|condition| condition.put_texts(put));
        self.actions.iter_mut().for_each(|action| action.put_texts(put));
        for transform in &mut self.transforms {
            let (Transform::HostHeaderRewrite { rewrites } | Transform::UrlRewrite { rewrites }) = transform;
            for rewrite in rewrites {
                (rewrite.regex, rewrite.replace) = (put(&rewrite.regex), put(&rewrite.replace));
            }
        }
    }
}

/// Changes nothing, and says whether a load balancer was named.
fn looking_for<'a>(load_balancer: &'a LoadBalancerName, found: &'a Cell<bool>) -> impl Fn(&str) -> String + 'a {
    |text| {
        found.set(found.get() || OwnName::is_named_in(load_balancer, text));
        text.to_owned()
    }
}

impl Condition {
    fn put_texts(&mut self, put: &impl Fn(&str) -> String) {
        let put_all = |texts: &mut Vec<String>| texts.iter_mut().for_each(|text| *text = put(text));
        match self {
            Self::HostHeader { values, regex_values }
            | Self::PathPattern { values, regex_values }
            | Self::HttpHeader { name: _, values, regex_values } => {
                put_all(values);
                put_all(regex_values);
            }
            Self::QueryString { values } => values.iter_mut().for_each(|pair| pair.value = put(&pair.value)),
            Self::HttpRequestMethod { values: _ } | Self::SourceIp { values: _ } => {}
        }
    }
}

/// What a rule asks of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(tag = "field", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[deserr(tag = "field", rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub enum Condition {
    /// The host name.
    #[deserr(rename = "host-header")]
    HostHeader {
        /// Any of these, `*` and `?` allowed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[deserr(default)]
        values: Vec<String>,
        /// Or any of these regular expressions.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[deserr(default, rename = "regexValues")]
        regex_values: Vec<String>,
    },
    /// The path of the URL.
    #[deserr(rename = "path-pattern")]
    PathPattern {
        /// Any of these, `*` and `?` allowed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[deserr(default)]
        values: Vec<String>,
        /// Or any of these regular expressions.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[deserr(default, rename = "regexValues")]
        regex_values: Vec<String>,
    },
    /// A header.
    #[deserr(rename = "http-header")]
    HttpHeader {
        /// Its name.
        name: String,
        /// Any of these, `*` and `?` allowed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[deserr(default)]
        values: Vec<String>,
        /// Or any of these regular expressions.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[deserr(default, rename = "regexValues")]
        regex_values: Vec<String>,
    },
    /// The query string.
    #[deserr(rename = "query-string")]
    QueryString {
        /// Any of these pairs.
        values: Vec<QueryPair>,
    },
    /// The method.
    #[deserr(rename = "http-request-method")]
    HttpRequestMethod {
        /// Any of these.
        values: Vec<String>,
    },
    /// The client's address.
    #[deserr(rename = "source-ip")]
    SourceIp {
        /// Any of these ranges.
        values: Vec<String>,
    },
}

/// A key and its value in a query string; the key may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct QueryPair {
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub key: Option<String>,
    /// The value, `*` and `?` allowed.
    pub value: String,
}

/// A target group with its share of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct WeightedTargetGroup {
    /// Which one.
    pub arn: TargetGroupArn,
    /// Its share, 0 to 999; 1 if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub weight: Option<u16>,
}

/// Whether a client stays with the target group it was first sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Stickiness {
    /// Whether it does.
    pub enabled: bool,
    /// For how long, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub duration_seconds: Option<u32>,
}

/// A claim that a token must carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct JwtClaim {
    /// `single-string`, `string-array` or `space-separated-values`.
    pub format: String,
    /// The claim.
    pub name: String,
    /// Any of these.
    pub values: Vec<String>,
}

/// What a listener or a rule does with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[deserr(tag = "type", deny_unknown_fields, error = Problems)]
pub enum RuleAction {
    /// Sends it to a target group.
    #[deserr(rename = "forward")]
    Forward {
        /// One or several, with their shares.
        #[deserr(rename = "targetGroups")]
        target_groups: Vec<WeightedTargetGroup>,
        /// Whether clients stay with one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default)]
        stickiness: Option<Stickiness>,
    },
    /// Answers with another URL.
    #[deserr(rename = "redirect")]
    Redirect {
        /// `HTTP`, `HTTPS` or `#{protocol}`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default)]
        protocol: Option<String>,
        /// A port or `#{port}`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default)]
        port: Option<String>,
        /// A host or `#{host}`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default)]
        host: Option<String>,
        /// A path or `/#{path}`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default)]
        path: Option<String>,
        /// A query or `#{query}`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default)]
        query: Option<String>,
        /// `HTTP_301` or `HTTP_302`.
        #[deserr(rename = "statusCode")]
        status_code: String,
    },
    /// Answers by itself.
    #[deserr(rename = "fixed-response")]
    FixedResponse {
        /// 2XX, 4XX or 5XX.
        #[deserr(rename = "statusCode")]
        status_code: String,
        /// The content type.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default, rename = "contentType")]
        content_type: Option<String>,
        /// The body.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default, rename = "messageBody")]
        message_body: Option<String>,
    },
    /// Lets a Cognito user pool's users pass.
    #[deserr(rename = "authenticate-cognito")]
    AuthenticateCognito {
        /// The user pool.
        #[deserr(rename = "userPoolArn")]
        user_pool_arn: String,
        /// Its client.
        #[deserr(rename = "userPoolClientId")]
        user_pool_client_id: String,
        /// Its domain.
        #[deserr(rename = "userPoolDomain")]
        user_pool_domain: String,
        /// The cookie's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default, rename = "sessionCookieName")]
        session_cookie_name: Option<String>,
        /// What is asked of the user.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default)]
        scope: Option<String>,
        /// How long a session lasts, in seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default, rename = "sessionTimeout")]
        session_timeout: Option<u32>,
        /// `deny`, `allow` or `authenticate`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[deserr(default, rename = "onUnauthenticatedRequest")]
        on_unauthenticated_request: Option<String>,
        /// More query parameters of the request to the user pool.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        #[deserr(default, rename = "extraParameters", from(Entries<String, String>) = Entries::into_map)]
        extra_parameters: BTreeMap<String, String>,
    },
    /// Lets those with a valid token pass.
    #[deserr(rename = "jwt-validation")]
    JwtValidation {
        /// Where the keys are.
        #[deserr(rename = "jwksEndpoint")]
        jwks_endpoint: String,
        /// Who must have issued it.
        issuer: String,
        /// What else it must say.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[deserr(default, rename = "additionalClaims")]
        additional_claims: Vec<JwtClaim>,
    },
}

impl RuleAction {
    fn put_texts(&mut self, put: &impl Fn(&str) -> String) {
        let put_one = |text: &mut Option<String>| {
            if let Some(text) = text {
                *text = put(text);
            }
        };
        match self {
            Self::Redirect { protocol: _, port: _, host, path, query, status_code: _ } => {
                put_one(host);
                put_one(path);
                put_one(query);
            }
            Self::FixedResponse { status_code: _, content_type: _, message_body } => put_one(message_body),
            // What stands in these names the identity provider, never the load balancer.
            Self::Forward { .. } | Self::AuthenticateCognito { .. } | Self::JwtValidation { .. } => {}
        }
    }

    /// The target groups it forwards to.
    pub fn target_groups(&self) -> impl Iterator<Item = &TargetGroupArn> {
        let groups: &[WeightedTargetGroup] = match self {
            Self::Forward { target_groups, .. } => target_groups,
            Self::Redirect { .. }
            | Self::FixedResponse { .. }
            | Self::AuthenticateCognito { .. }
            | Self::JwtValidation { .. } => &[],
        };
        groups.iter().map(|group| &group.arn)
    }
}

/// A regular expression and what it is replaced by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Rewrite {
    /// What is looked for.
    pub regex: String,
    /// What takes its place.
    pub replace: String,
}

/// How a rule rewrites a request before it forwards it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[deserr(tag = "type", deny_unknown_fields, error = Problems)]
pub enum Transform {
    /// The host name.
    #[deserr(rename = "host-header-rewrite")]
    HostHeaderRewrite {
        /// What by what.
        rewrites: Vec<Rewrite>,
    },
    /// The URL.
    #[deserr(rename = "url-rewrite")]
    UrlRewrite {
        /// What by what.
        rewrites: Vec<Rewrite>,
    },
}
