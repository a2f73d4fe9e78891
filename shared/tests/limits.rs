//! What AWS would refuse in the morning is told before the first evening, each with its field and its line.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::{EXAMPLES, example, example_text};
use curfew_core::blueprint::Blueprint;
use curfew_core::limits::{AttributeKind, wrong_attribute};
use curfew_core::model::*;
use curfew_core::recording::{tier, tier_document};
use expect_test::{Expect, expect};

/// What is said about the durable example with one part of it replaced, without the way to the load balancer.
fn said(from: &str, to: &str) -> String {
    let before = example_text("durable");
    assert!(before.contains(from), "{from}");
    let problems = Blueprint::parse(&before.replacen(from, to, 1)).expect_err(to).to_string();
    problems.replace("loadBalancers.durable-dev-alb.", "")
}

fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}

/// What is said of each of several values in the place of one.
fn each(from: &str, to: &[&str]) -> String {
    to.iter().map(|to| said(from, to)).collect::<Vec<_>>().join("\n")
}

fn accepted(from: &str, to: &str) {
    let text = example_text("durable").replacen(from, to, 1);
    assert_eq!(Blueprint::parse(&text).err().map(|problems| problems.to_string()), None, "{to}");
}

const ACTION: &str = "          - type: redirect\n            protocol: HTTPS\n            port: \"443\"\n            statusCode: HTTP_301\n";
const CONDITION: &str = "              - field: path-pattern\n                values: [/api/*]\n";
const GROUP: &str =
    "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/durable-dev-frontend/0d1a000000000002";

#[test]
fn tls_policies() {
    let policy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
    check(
        each(policy, &["ELBSecurityPolicy-TLS13-1-2-2021-6", "TLSv1.2"]),
        expect![[r#"
        line 53: listeners.443.sslPolicy: `ELBSecurityPolicy-TLS13-1-2-2021-6` is not a TLS policy that this Curfew knows; did you mean `ELBSecurityPolicy-TLS13-1-2-2021-06`?
        line 53: listeners.443.sslPolicy: `TLSv1.2` is not a TLS policy that this Curfew knows"#]],
    );
    accepted(policy, "ELBSecurityPolicy-FS-1-2-Res-2019-08");
}

#[test]
fn attributes_and_their_values() {
    let timeout = "idle_timeout.timeout_seconds: \"120\"";
    check(
        each(
            timeout,
            &[
                "idle_timeout.timeout_second: \"120\"",
                "idle_timeout.timeout_seconds: \"0\"",
                "idle_timeout.timeout_seconds: 2m",
                "routing.http2.enabled: \"on\"",
                "routing.http.desync_mitigation_mode: strict",
                "load_balancing.cross_zone.enabled: \"false\"",
                "access_logs.s3.enabled: \"true\"",
                "something.else: x",
            ],
        ),
        expect![[r#"
            line 41: attributes.idle_timeout.timeout_second: `idle_timeout.timeout_second` is not an attribute that this Curfew knows; did you mean `idle_timeout.timeout_seconds`?
            line 41: attributes.idle_timeout.timeout_seconds: `0` is not a number from 1 to 4000
            line 41: attributes.idle_timeout.timeout_seconds: `2m` is not a number from 1 to 4000
            line 41: attributes.routing.http2.enabled: `on` is not one of true, false
            line 41: attributes.routing.http.desync_mitigation_mode: `strict` is not one of monitor, defensive, strictest
            line 41: attributes.load_balancing.cross_zone.enabled: it is `true` of every application load balancer, and cannot be changed
            line 41: attributes.access_logs.s3.enabled: it needs a bucket: `access_logs.s3.bucket`
            line 41: attributes.something.else: `something.else` is not an attribute that this Curfew knows"#]],
    );
    let protocol = "        protocol: HTTP\n";
    check(
        each(
            protocol,
            &[
                "        protocol: HTTP\n        attributes: {routing.http.response.server.enable: \"false\"}\n",
                "        protocol: HTTP\n        attributes: {routing.http.request.x_amzn_tls_version.header_name: X-T}\n",
            ],
        ),
        expect![[r#"
            line 46: listeners.80.attributes.routing.http.response.server.enable: `routing.http.response.server.enable` is not an attribute that this Curfew knows; did you mean `routing.http.response.server.enabled`?
            line 46: listeners.80.attributes.routing.http.request.x_amzn_tls_version.header_name: only an HTTPS listener has this attribute"#]],
    );
}

#[test]
fn redirects_and_fixed_responses() {
    let redirect = |rest: &str| format!("          - {{type: redirect, {rest}}}\n");
    let redirects = [
        "statusCode: HTTP_308, port: \"443\"",
        "statusCode: HTTP_301, port: \"0\"",
        "statusCode: HTTP_301, port: \"70000\"",
        "statusCode: HTTP_301, port: \"443\", protocol: https",
        "statusCode: HTTP_301, path: api",
        "statusCode: HTTP_301",
        "statusCode: HTTP_301, host: \"#{host}\", path: \"/#{path}\"",
    ];
    check(
        redirects.map(|rest| said(ACTION, &redirect(rest))).join("\n"),
        expect![[r#"
        line 47: listeners.80.defaultActions[0].statusCode: `HTTP_308` is not one of HTTP_301, HTTP_302
        line 47: listeners.80.defaultActions[0].port: `0` is not a port from 1 to 65535 or `#{port}`
        line 47: listeners.80.defaultActions[0].port: `70000` is not a port from 1 to 65535 or `#{port}`
        line 47: listeners.80.defaultActions[0].protocol: `https` does not match what AWS takes, ^(HTTPS?|#\{protocol\})$
        line 47: listeners.80.defaultActions[0].path: a path begins with `/`
        line 47: listeners.80.defaultActions[0]: it would lead to where it comes from: another `protocol`, `port`, `host` or `path` is wanted
        line 47: listeners.80.defaultActions[0]: it would lead to where it comes from: another `protocol`, `port`, `host` or `path` is wanted"#]],
    );
    accepted(ACTION, &redirect("statusCode: HTTP_302, host: \"www.#{host}\", path: \"/#{path}/\", query: \"\""));
    let fixed = |rest: &str| format!("          - {{type: fixed-response, {rest}}}\n");
    let long = format!("statusCode: \"503\", messageBody: {}", "x".repeat(1025));
    let answers = ["statusCode: \"301\"", "statusCode: \"20\"", "statusCode: \"200\", contentType: text/xml", &long];
    check(
        answers.map(|rest| said(ACTION, &fixed(rest))).join("\n"),
        expect![[r#"
        line 47: listeners.80.defaultActions[0].statusCode: `301` does not match what AWS takes, ^(2|4|5)\d\d$
        line 47: listeners.80.defaultActions[0].statusCode: `20` does not match what AWS takes, ^(2|4|5)\d\d$
        line 47: listeners.80.defaultActions[0].contentType: `text/xml` is not one of text/plain, text/css, text/html, application/javascript, application/json
        line 47: listeners.80.defaultActions[0].messageBody: AWS takes 0 to 1024 characters, and here are 1025"#]],
    );
    accepted(ACTION, &fixed("statusCode: \"404\", contentType: text/plain, messageBody: nothing here"));
}

#[test]
fn forwards_and_the_order_of_actions() {
    let forward = |rest: &str| format!("          - {{type: forward, {rest}}}\n");
    let group = |weight: &str| format!("{{arn: {GROUP}{weight}}}");
    let six = vec![group(""); 6].join(", ");
    check(
        [
            format!("targetGroups: [{}]", group(", weight: 1000")),
            format!("targetGroups: [{six}]"),
            "targetGroups: []".to_owned(),
            format!("targetGroups: [{}], stickiness: {{enabled: true}}", group("")),
            format!("targetGroups: [{}], stickiness: {{enabled: true, durationSeconds: 604801}}", group("")),
        ]
        .map(|rest| said(ACTION, &forward(&rest)))
        .join("\n"),
        expect![[r#"
            line 47: listeners.80.defaultActions[0].targetGroups[0].weight: a weight is a number from 0 to 999, and not 1000
            line 47: listeners.80.defaultActions[0].targetGroups: AWS takes 5 at most, and here are 6
            line 47: listeners.80.defaultActions[0].targetGroups: at least one target group is wanted
            line 47: listeners.80.defaultActions[0].stickiness: stickiness takes `durationSeconds`
            line 47: listeners.80.defaultActions[0].stickiness.durationSeconds: a number from 1 to 604800 is wanted"#]],
    );
    let signs_in = "          - {type: authenticate-cognito, userPoolArn: a, userPoolClientId: b, userPoolDomain: c, onUnauthenticatedRequest: ask}\n";
    check(
        said(ACTION, &format!("{ACTION}{signs_in}")),
        expect![[r#"
        line 46: listeners.80.defaultActions: one action forwards, redirects or answers, and it is the last one
        line 51: listeners.80.defaultActions[1]: only an HTTPS listener lets users sign in or checks tokens
        line 51: listeners.80.defaultActions[1].onUnauthenticatedRequest: `ask` is not one of deny, allow, authenticate"#]],
    );
    check(
        said(ACTION, &format!("{ACTION}{ACTION}")),
        expect![
            "line 46: listeners.80.defaultActions: one action forwards, redirects or answers, and it is the last one"
        ],
    );
}

#[test]
fn conditions() {
    let condition = |rest: &str| format!("              - {{field: {rest}}}\n");
    let long = format!("path-pattern, values: [/{}]", "x".repeat(128));
    let conditions = [
        "path-pattern, values: [\"/{id}/*\"]",
        &long,
        "path-pattern, values: [/1, /2, /3, /4, /5, /6]",
        "path-pattern, values: []",
        "host-header, values: [\"a b.example.com\"]",
        "http-header, name: Host, values: [a]",
        "http-header, name: \"X:Y\", values: [a]",
        "http-request-method, values: [get]",
        "source-ip, values: [10.0.0.0]",
        "source-ip, values: [10.0.0.0/33]",
    ];
    check(
        conditions.map(|rest| said(CONDITION, &condition(rest))).join("\n"),
        expect![[r#"
        line 62: listeners.443.rules.10.conditions[0].values[0]: `/{id}/*`: a path pattern has letters, digits and _ - . $ / ~ " ' @ : + & * ? only
        line 62: listeners.443.rules.10.conditions[0].values[0]: AWS takes 128 characters at most, and here are 129
        line 61: listeners.443.rules.10.conditions: AWS takes 5 at most, and here are 6
        line 62: listeners.443.rules.10.conditions[0]: at least one value is wanted
        line 62: listeners.443.rules.10.conditions[0].values[0]: `a b.example.com`: a host name has letters, digits and - . * ? only
        line 62: listeners.443.rules.10.conditions[0].name: `Host` is not a header's name, or is the host's, which has `host-header`
        line 62: listeners.443.rules.10.conditions[0].name: `X:Y` is not a header's name, or is the host's, which has `host-header`
        line 62: listeners.443.rules.10.conditions[0].values[0]: `get`: a method has A to Z, - and _ only
        line 62: listeners.443.rules.10.conditions[0].values[0]: `10.0.0.0`: it is not a range such as 10.0.0.0/8
        line 62: listeners.443.rules.10.conditions[0].values[0]: `10.0.0.0/33`: it is not a range such as 10.0.0.0/8"#]],
    );
    accepted(CONDITION, &condition("path-pattern, values: [\"/a_b-c.$/~'@:+&*?\"]"));
    accepted(CONDITION, &condition("http-request-method, values: [GET, M-SEARCH]"));
}

#[test]
fn what_is_in_another_region_or_account() {
    let arn = |region: &str, account: &str| {
        format!("arn:aws:acm:{region}:{account}:certificate/0d1a0000-0000-4000-8000-000000000001")
    };
    let here = arn("us-west-2", "123456789012");
    check(
        each(&here, &[&arn("us-east-1", "123456789012"), &arn("us-west-2", "999999999999")]),
        expect![[r#"
        line 54: listeners.443.certificate: `arn:aws:acm:us-east-1:123456789012:certificate/0d1a0000-0000-4000-8000-000000000001` is in us-east-1, and the environment in us-west-2
        line 54: listeners.443.certificate: `arn:aws:acm:us-west-2:999999999999:certificate/0d1a0000-0000-4000-8000-000000000001` is of the account 999999999999, and other ARNs here are of 123456789012"#]],
    );
    check(
        said(GROUP, &GROUP.replace("us-west-2", "eu-west-1")),
        expect![
            "line 58: listeners.443.defaultActions[0].targetGroups[0].arn: `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/durable-dev-frontend/0d1a000000000002` is in eu-west-1, and the environment in us-west-2"
        ],
    );
    accepted(&here, "arn:aws:iam::123456789012:server-certificate/dev");
    // Other accounts can share a trust store.
    let trust_store = "arn:aws:elasticloadbalancing:us-west-2:999999999999:truststore/clients/0d1a000000000009";
    let mutual = format!(
        "        certificate: {here}\n        mutualAuthentication: {{mode: verify, trustStore: {trust_store}}}\n"
    );
    accepted(&format!("        certificate: {here}\n"), &mutual);
    let (asks, advertises) =
        (mutual.replace("verify", "request"), mutual.replace("}", ", advertiseTrustStoreCaNames: yes}"));
    let without = mutual.replace(&format!(", trustStore: {trust_store}"), "");
    check(
        each(&format!("        certificate: {here}\n"), &[&asks, &advertises, &without]),
        expect![[r#"
        line 55: listeners.443.mutualAuthentication.mode: `request` is not one of off, passthrough, verify
        line 55: listeners.443.mutualAuthentication.advertiseTrustStoreCaNames: `yes` is not one of on, off
        line 55: listeners.443.mutualAuthentication: to verify certificates takes a `trustStore`"#]],
    );
}

#[test]
fn names_of_load_balancers() {
    let renamed = |name: &str| {
        let text = example_text("durable").replace("durable-dev-alb", name);
        Blueprint::parse(&text).expect_err(name).to_string()
    };
    check(
        ["internal-x", "-x", "x-"].map(renamed).join("\n"),
        expect![[r#"
        line 35: loadBalancers.internal-x: the name of a load balancer does not begin with `internal-`
        line 35: loadBalancers.-x: the name of a load balancer neither begins nor ends with a hyphen
        line 35: loadBalancers.x-: the name of a load balancer neither begins nor ends with a hyphen"#]],
    );
}

#[test]
fn a_resource_has_fifty_tags_at_most_those_of_all_and_curfews_own_with_it() {
    let tags = |count: usize| (0..count).map(|n| format!("  t{n}: v\n")).collect::<String>();
    // The example has five, and Curfew sets three.
    accepted("tags:\n", &format!("tags:\n{}", tags(42)));
    check(
        said("tags:\n", &format!("tags:\n{}", tags(43))),
        expect![
            "line 10: tags: AWS takes 50 at most, and here are 51, with those of all resources and Curfew's own three"
        ],
    );
    let own = (0..43).map(|n| format!("      t{n}: v\n")).collect::<String>();
    check(
        said("    scheme:", &format!("    tags:\n{own}    scheme:")),
        expect![
            "line 36: tags: AWS takes 50 at most, and here are 51, with those of all resources and Curfew's own three"
        ],
    );
    check(
        said("  Purpose: development", "  Purpose: \"100 %\"\n  \"a;b\": c"),
        expect![[r#"
        line 15: tags.Purpose: a tag has letters, digits, spaces and _ . : / = + - @ only
        line 16: tags.a;b: its key: a tag has letters, digits, spaces and _ . : / = + - @ only"#]],
    );
}

#[test]
fn ranges_are_written_as_aws_writes_them() {
    let route = "destination: 0.0.0.0/0";
    let ranges = ["0.0.0.1/0", "10.0.0.1/24", "\"2001:DB8::1/32\"", "\"64:ff9b::/96\"", "0.0.0.0/33", "0.0.0.0"];
    let said = |range: &str| {
        let text = example_text("durable").replacen(route, &format!("destination: {range}"), 1);
        Blueprint::parse(&text).err().map_or_else(|| format!("{range} is right"), |problems| problems.to_string())
    };
    check(
        ranges.map(said).join("\n"),
        expect![[r#"
        line 28: routes[0].destination: `0.0.0.1/0` is written `0.0.0.0/0` by AWS
        line 28: routes[0].destination: `10.0.0.1/24` is written `10.0.0.0/24` by AWS
        line 28: routes[0].destination: `2001:DB8::1/32` is written `2001:db8::/32` by AWS
        "64:ff9b::/96" is right
        line 28: routes[0].destination: `0.0.0.0/33` is not a range such as 0.0.0.0/0
        line 28: routes[0].destination: `0.0.0.0` is not a range such as 0.0.0.0/0"#]],
    );
}

#[test]
fn names_of_records() {
    let name = "name: dev.durable.example.com";
    let long = format!("name: {}.example.com", "x".repeat(64));
    check(
        each(name, &["name: dev durable.example.com", "name: dev..example.com", &long]),
        expect![[r#"
        line 71: dnsRecords[0].name: `dev durable.example.com` is not a domain name: labels of 1 to 63 ASCII characters, apart by dots
        line 71: dnsRecords[0].name: `dev..example.com` is not a domain name: labels of 1 to 63 ASCII characters, apart by dots
        line 71: dnsRecords[0].name: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.example.com` is not a domain name: labels of 1 to 63 ASCII characters, apart by dots"#]],
    );
    accepted(name, "name: \"*.dev_1.example.com.\"");
}

#[test]
fn what_aws_itself_sets_is_right() {
    for (kind, attributes) in [
        (AttributeKind::LoadBalancer, attributes_of_new_load_balancer(Scheme::InternetFacing)),
        (AttributeKind::LoadBalancer, attributes_of_new_load_balancer(Scheme::Internal)),
        (AttributeKind::Listener, attributes_of_new_listener(Protocol::Https)),
    ] {
        for (name, value) in attributes {
            assert_eq!(wrong_attribute(kind, &name, &value), None, "{name}");
        }
    }
    for name in EXAMPLES {
        assert!(!example(name).tier.load_balancers.is_empty());
    }
}

#[test]
fn what_aws_showed_is_recorded_and_read_back_whatever_it_is() {
    let blueprint = example("durable");
    let mut tier_seen = blueprint.tier.clone();
    let load_balancer = tier_seen.load_balancers.values_mut().next().expect("one");
    load_balancer.attributes.insert("routing.http3.enabled".to_owned(), "perhaps".to_owned());
    for listener in load_balancer.listeners.values_mut() {
        listener.ssl_policy = listener.ssl_policy.take().map(|_| "ELBSecurityPolicy-TLS14-2031-01".to_owned());
        listener.attributes.insert("routing.new".to_owned(), "x".to_owned());
    }
    assert_eq!(tier(&tier_document(&blueprint, &tier_seen)), Ok(tier_seen));
}
