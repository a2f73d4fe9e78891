//! What AWS's documentation says and its models do not. Each entry names its source: a page under docs.aws.amazon.com, or the
//! documentation of a member in the models of botocore.

use super::unknown;

/// TLS policies, as of 2026-11: /elasticloadbalancing/latest/application/describe-ssl-policies.html and the example of
/// `aws elbv2 describe-ssl-policies`. AWS adds to them; what AWS itself shows of a listener is recorded and brought back whatever it is.
const TLS_POLICIES: &[&str] = &[
    "ELBSecurityPolicy-2015-05",
    "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-FS-1-2-2019-08",
    "ELBSecurityPolicy-FS-1-2-Res-2019-08",
    "ELBSecurityPolicy-FS-1-2-Res-2020-10",
    "ELBSecurityPolicy-FS-2018-06",
    "ELBSecurityPolicy-TLS-1-0-2015-04",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
    "ELBSecurityPolicy-TLS-1-2-2017-01",
    "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
    "ELBSecurityPolicy-TLS13-1-0-2021-06",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-1-2021-06",
    "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-RFC9151-FIPS-2023-07",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-RFC9151-FIPS-2023-07",
    "ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07",
    "ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07",
    "ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07",
    "ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-RFC9151-FIPS-2023-07",
];

/// What a fixed response may be: `FixedResponseActionConfig.ContentType`.
pub const CONTENT_TYPES: [&str; 5] =
    ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];
/// How clients' certificates are handled: `MutualAuthenticationAttributes.Mode`.
pub const MUTUAL_AUTHENTICATION_MODES: [&str; 3] = ["off", "passthrough", "verify"];
/// The longest value of a condition, regular expressions included: `HostHeaderConditionConfig.Values` and its siblings.
pub const CONDITION_VALUE_LENGTH: usize = 128;
/// The longest name of a header in a condition: `HttpHeaderConditionConfig.HttpHeaderName`.
pub const HEADER_NAME_LENGTH: usize = 40;
/// The longest method in a condition: `HttpRequestMethodConditionConfig.Values`.
pub const METHOD_LENGTH: usize = 40;
/// So many values all conditions of a rule have: /elasticloadbalancing/latest/application/load-balancer-limits.html.
pub const CONDITION_VALUES: usize = 5;
/// So many target groups one action forwards to: /elasticloadbalancing/latest/application/load-balancer-limits.html.
pub const TARGET_GROUPS: usize = 5;
/// The greatest share of a target group: `TargetGroupTuple.Weight`.
pub const WEIGHT: u16 = 999;
/// The longest stickiness, in seconds: `TargetGroupStickinessConfig.DurationSeconds`.
pub const STICKINESS: u32 = 604_800;
/// The longest regular expression or replacement of a transform: `RewriteConfig.Regex`, `RewriteConfig.Replace`.
pub const REWRITE_LENGTH: usize = 1024;
/// The longest text of a token's validation: `JwtValidationActionConfig.JwksEndpoint`, `Issuer`, and `…AdditionalClaim.Values`.
pub const TOKEN_LENGTH: usize = 256;
/// So many claims, and so many values of a claim: `JwtValidationActionConfig.AdditionalClaims`, `…AdditionalClaim.Values`.
pub const CLAIMS: usize = 10;
/// The longest label of a DNS name: /Route53/latest/DeveloperGuide/DomainNameFormat.html.
pub const LABEL_LENGTH: usize = 63;
/// What a path in a condition may have besides letters and digits: `RuleCondition.Values`.
const PATH_CHARACTERS: &str = "_-.$/~\"'@:+&*?";
/// What a host in a condition may have besides letters and digits: `RuleCondition.Values`.
const HOST_CHARACTERS: &str = "-.*?";
/// What a header's name may have besides letters and digits: RFC 7230, to which `HttpHeaderConditionConfig.HttpHeaderName` refers.
const HEADER_CHARACTERS: &str = "!#$%&'*+-.^_`|~";

/// What is wrong with the name of a TLS policy: nothing, or a sentence.
pub fn wrong_tls_policy(name: &str) -> Option<String> {
    (!is_known_tls_policy(name)).then(|| unknown("a TLS policy", name, TLS_POLICIES.iter().copied()))
}

/// Whether the documentation has a TLS policy of this name.
pub fn is_known_tls_policy(name: &str) -> bool {
    TLS_POLICIES.contains(&name)
}

/// What is wrong with a load balancer's name besides its characters: nothing, or a sentence. `CreateLoadBalancerInput.Name`.
pub fn wrong_load_balancer_name(name: &str) -> Option<&'static str> {
    if name.starts_with("internal-") {
        Some("the name of a load balancer does not begin with `internal-`")
    } else if name.starts_with('-') || name.ends_with('-') {
        Some("the name of a load balancer neither begins nor ends with a hyphen")
    } else {
        None
    }
}

fn has_only(text: &str, others: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// Whether a condition may ask for a path like this.
pub fn is_path_pattern(text: &str) -> bool {
    has_only(text, PATH_CHARACTERS)
}

/// Whether a condition may ask for a host like this.
pub fn is_host_pattern(text: &str) -> bool {
    has_only(text, HOST_CHARACTERS)
}

/// Whether a condition may ask for a header of this name; for the host there is a condition of its own.
pub fn is_header_name(text: &str) -> bool {
    !text.is_empty() && has_only(text, HEADER_CHARACTERS) && !text.eq_ignore_ascii_case("host")
}

/// Whether a condition may ask for a method like this: `HttpRequestMethodConditionConfig.Values`.
pub fn is_method(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || "-_".contains(c))
}

/// Whether a redirect may lead to this port: `RedirectActionConfig.Port`.
pub fn is_redirect_port(text: &str) -> bool {
    text == "#{port}" || text.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == text)
}
