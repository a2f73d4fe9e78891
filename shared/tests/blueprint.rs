//! A blueprint is read, or everything that is wrong with it is said at once, with its place.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::{EXAMPLES, example, example_text, tiers};
use curfew_core::blueprint::{Blueprint, Problem, named_calendar, warnings};
use curfew_core::recording::tier_document;
use expect_test::{Expect, expect};
use proptest::prelude::*;

/// What is said about the portyfoul example after a change to its text.
fn said(change: impl Fn(&str) -> String) -> String {
    let before = example_text("portyfoul");
    let text = change(&before);
    assert_ne!(text, before, "the change changes something");
    Blueprint::parse(&text).expect_err("the text is wrong now").to_string()
}

fn replaced(from: &str, to: &str) -> String {
    said(|text| text.replacen(from, to, 1))
}

fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}

#[test]
fn the_examples_are_blueprints() {
    for name in EXAMPLES {
        let blueprint = example(name);
        assert_eq!(blueprint.environment.as_str(), "dev", "{name}");
        assert!(!blueprint.tier.load_balancers.is_empty(), "{name}");
    }
}

#[test]
fn three_mistakes_are_all_told_with_field_and_line() {
    let mistaken = |text: &str| {
        text.replace("region: us-east-2", "region: Ohio")
            .replace("address: nat", "address: egress")
            .replace("desiredCount: 1\n", "desiredCount: one\n")
    };
    check(
        said(mistaken),
        expect![[r#"
            line 6: region: `Ohio` is not a region such as us-west-2
            line 23: natGateways.nat.address: there is no address `egress` under `addresses`
            line 53: services.portyfoul-dev-worker-service.desiredCount: wanted: a whole number, found: a text"#]],
    );
}

#[test]
fn mistakes_of_shape_and_of_sense_are_told_together() {
    let mistaken = |text: &str| text.replace("natGateway: nat", "natGateway: nut").replace("ipv4", "ipv7");
    check(
        said(mistaken),
        expect![[r#"
            line 29: routes[0].natGateway: there is no NAT gateway `nut` under `natGateways`
            line 35: loadBalancers.portyfoul-dev-alb.ipAddressType: `ipv7` is not one of ipv4, dualstack, dualstack-without-public-ipv4"#]],
    );
}

#[test]
fn json_is_read_with_lines_too() {
    let json = "{\n  \"version\": 2,\n  \"environment\": \"Dev\",\n  \"region\": \"us-east-2\",\n  \
                \"schedule\": \"Mon-Fri\",\n  \"cluster\": \"c\"\n}";
    check(
        Blueprint::parse(json).expect_err("three mistakes").to_string(),
        expect![[r#"
            line 2: version: this Curfew reads version 1
            line 3: environment: `Dev` is not an environment's name (a-z, 0-9 and -, at most 32 characters, a letter first)
            line 5: schedule: expected times such as `08:00-20:00`, found the end
              Mon-Fri
                     ^"#]],
    );
}

#[test]
fn holidays_may_stand_in_a_calendar_of_their_own() {
    let naming = |name: &str| {
        let text = example_text("portyfoul").replace("America/New_York", "America/New_York except holidays");
        text.replacen("\ncluster:", &format!("\nholidays: {name}\ncluster:"), 1)
    };
    let text = naming("holidays.ics");
    assert_eq!(named_calendar(&text).as_deref(), Some("holidays.ics"));
    assert_eq!(named_calendar(&example_text("portyfoul")), None);
    // A name leads nowhere else.
    assert_eq!(named_calendar(&naming("../secrets")), None);
    let calendar =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR";
    let blueprint = Blueprint::parse_with(&text, Some(calendar)).expect("it is right");
    assert!(blueprint.holidays.expect("a calendar").contain("2026-12-25".parse().expect("a date")));
    let told = |calendar: Option<&str>| Blueprint::parse_with(&text, calendar).expect_err("it is wrong").to_string();
    check(told(None), expect!["line 8: holidays: the calendar holidays.ics was not found where the blueprint is"]);
    check(
        told(Some(&calendar.replace("20261225", "20261225T080000"))),
        expect![
            "line 8: holidays: holidays.ics: the event `Christmas`: DTSTART `20261225T080000` is not a date such as 20261225; a holiday has no times of the day"
        ],
    );
}

#[test]
fn holidays_stand_in_the_blueprint_as_a_calendar() {
    let calendar = "BEGIN:VCALENDAR\n  BEGIN:VEVENT\n  SUMMARY:Christmas\n  DTSTART;VALUE=DATE:20261225\n  END:VEVENT\n  END:VCALENDAR";
    let with = |calendar: &str| {
        let field = format!("\nholidays: |\n  {calendar}\ncluster:");
        let text = example_text("portyfoul").replace("America/New_York", "America/New_York except holidays");
        text.replacen("\ncluster:", &field, 1)
    };
    let blueprint = Blueprint::parse(&with(calendar)).expect("it is right");
    assert!(blueprint.schedule.to_string().ends_with(" except holidays"));
    assert!(blueprint.holidays.expect("a calendar").contain("2026-12-25".parse().expect("a date")));
    let told = |calendar: &str| Blueprint::parse(&with(calendar)).expect_err("it is wrong").to_string();
    check(
        told(&calendar.replace("20261225", "20261225T080000")),
        expect![
            "line 8: holidays: the event `Christmas`: DTSTART `20261225T080000` is not a date such as 20261225; a holiday has no times of the day"
        ],
    );
    check(told("Christmas"), expect!["line 8: holidays: the calendar Christmas was not found where the blueprint is"]);
    check(
        replaced("America/New_York", "America/New_York except holidays"),
        expect![[r#"
        line 7: schedule: `holidays` needs a calendar: put an iCalendar text under `holidays` in the blueprint
          Mon-Fri 08:00-20:00 America/New_York except holidays
                                                      ^^^^^^^^"#]],
    );
}

#[test]
fn lead_and_retain_are_read_and_may_be_left_out() {
    let read = |lines: &str| {
        let text = example_text("portyfoul").replacen("region:", &format!("{lines}region:"), 1);
        Blueprint::parse(&text).map(|blueprint| format!("{} {}", blueprint.lead, blueprint.retain))
    };
    for (lines, expected) in
        [("", "none true"), ("lead: auto\nretain: false\n", "auto false"), ("lead: 10m\n", "10m true")]
    {
        assert_eq!(read(lines).as_deref(), Ok(expected));
    }
    check(
        read("lead: 10\nretain: no\n").expect_err("neither is right").to_string(),
        expect![[r#"
        line 6: lead: wanted: a text, found: a whole number; put it in quotes
        line 7: retain: wanted: true or false, found: a text"#]],
    );
    check(
        read("lead: soon\n").expect_err("that is no lead").to_string(),
        expect!["line 6: lead: `soon` is not one of none, auto, or a duration such as 10m, up to 12h"],
    );
}

#[test]
fn an_unknown_field_is_told_with_those_that_are_known() {
    check(
        replaced("whileDown: keep", "whenDown: keep"),
        expect!["line 17: addresses.nat.whenDown: unknown field; known here: whileDown, tags, adopted"],
    );
}

#[test]
fn a_missing_field_is_told_where_it_is_missing() {
    check(
        replaced("    scheme: internet-facing\n", ""),
        expect!["line 33: loadBalancers.portyfoul-dev-alb: the field `scheme` is missing"],
    );
    check(replaced("cluster: portyfoul-dev-cluster\n", ""), expect!["line 4: the field `cluster` is missing"]);
}

#[test]
fn a_value_of_the_wrong_kind_is_told() {
    check(
        replaced("desiredCount: 2", "desiredCount: two"),
        expect!["line 49: services.portyfoul-dev-web-service.desiredCount: wanted: a whole number, found: a text"],
    );
    check(
        replaced("desiredCount: 2", "desiredCount: -2"),
        expect![
            "line 49: services.portyfoul-dev-web-service.desiredCount: wanted: a whole number, found: a negative number"
        ],
    );
    check(
        replaced("desiredCount: 2", "desiredCount: 2.5"),
        expect![
            "line 49: services.portyfoul-dev-web-service.desiredCount: wanted: a whole number, found: a number with a fraction"
        ],
    );
    check(
        replaced("singleton: true", "singleton: sometimes"),
        expect!["line 55: services.portyfoul-dev-worker-service.singleton: wanted: true or false, found: a text"],
    );
    check(
        replaced("tags:\n  Project: portyfoul\n  Environment: dev\n", "tags: [a, b]\n"),
        expect!["line 11: tags: wanted: fields (name: value), found: a list"],
    );
    check(
        replaced("Project: portyfoul", "Project: 7"),
        expect!["line 12: tags.Project: wanted: a text, found: a whole number; put it in quotes"],
    );
    check(
        replaced("      80:\n        protocol: HTTP\n", "      80: {}\n      81:\n        protocol: 17\n"),
        expect![[r#"
        line 40: loadBalancers.portyfoul-dev-alb.listeners.80: the field `protocol` is missing
        line 40: loadBalancers.portyfoul-dev-alb.listeners.80: the field `defaultActions` is missing
        line 42: loadBalancers.portyfoul-dev-alb.listeners.81.protocol: wanted: a text, found: a whole number; put it in quotes"#]],
    );
}

#[test]
fn an_id_of_the_wrong_kind_is_told_with_what_would_be_right() {
    check(
        replaced("subnet: subnet-0f01", "subnet: rtb-0f01"),
        expect!["line 22: natGateways.nat.subnet: `rtb-0f01000000000001a` is not a subnet's id (subnet-…)"],
    );
    check(
        replaced("environment: dev", "environment: Dev_1"),
        expect![
            "line 5: environment: `Dev_1` is not an environment's name (a-z, 0-9 and -, at most 32 characters, a letter first)"
        ],
    );
    check(
        replaced("targetgroup/", "loadbalancer/app/"),
        expect![
            "line 45: loadBalancers.portyfoul-dev-alb.listeners.80.defaultActions[0].targetGroups[0].arn: `arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/portyfoul-dev-web-tg/0f01000000000001` is not a target group's ARN"
        ],
    );
}

#[test]
fn a_value_that_is_not_one_of_a_few_is_told_with_the_few() {
    check(
        replaced("whileDown: keep", "whileDown: sell"),
        expect!["line 17: addresses.nat.whileDown: `sell` is not one of keep, release"],
    );
    check(
        replaced("scheme: internet-facing", "scheme: public"),
        expect!["line 34: loadBalancers.portyfoul-dev-alb.scheme: `public` is not one of internet-facing, internal"],
    );
    check(
        replaced("protocol: HTTP", "protocol: TCP"),
        expect!["line 41: loadBalancers.portyfoul-dev-alb.listeners.80.protocol: `TCP` is not one of HTTP, HTTPS"],
    );
    check(
        replaced("type: forward", "type: forwards"),
        expect![
            "line 43: loadBalancers.portyfoul-dev-alb.listeners.80.defaultActions[0]: its `type` (or `field`) is not a known one"
        ],
    );
    check(
        replaced("architecture: ARM64", "architecture: arm"),
        expect!["line 50: services.portyfoul-dev-web-service.tasks.architecture: `arm` is not one of X86_64, ARM64"],
    );
}

#[test]
fn a_key_that_stands_twice_is_told() {
    check(
        replaced("cluster: ", "region: us-east-1\ncluster: "),
        expect!["line 8: region: this key stands twice, first on line 6"],
    );
    let json = "{\n \"version\": 1,\n \"version\": 1\n}";
    check(
        Blueprint::parse(json).expect_err("a key twice").to_string(),
        expect![[r#"
            line 1: the field `environment` is missing
            line 1: the field `region` is missing
            line 1: the field `schedule` is missing
            line 1: the field `cluster` is missing
            line 3: version: this key stands twice, first on line 2"#]],
    );
}

#[test]
fn a_port_that_is_none_is_told() {
    check(
        replaced("      80:\n", "      http:\n"),
        expect!["line 40: loadBalancers.portyfoul-dev-alb.listeners.http: `http` is not a number from 0 to 65535"],
    );
    check(
        replaced("      80:\n", "      80000:\n"),
        expect!["line 40: loadBalancers.portyfoul-dev-alb.listeners.80000: `80000` is not a number from 0 to 65535"],
    );
    check(
        replaced("      80:\n", "      0:\n"),
        expect!["line 40: loadBalancers.portyfoul-dev-alb.listeners.0: AWS takes a number from 1 to 65535"],
    );
}

#[test]
fn a_text_that_is_no_blueprint_at_all_is_told() {
    let said = |text: &str| Blueprint::parse(text).expect_err(text).to_string();
    check(
        said("environment: [dev"),
        expect!["line 1: this is not YAML: while parsing a flow sequence, expected ',' or ']'"],
    );
    check(said("a: b: c"), expect!["line 1: this is not YAML: mapping values are not allowed in this context"]);
    check(said(""), expect!["wanted: fields (name: value), found: nothing"]);
    check(said("# only a remark\n"), expect!["wanted: fields (name: value), found: nothing"]);
    check(said("just a text"), expect!["line 1: wanted: fields (name: value), found: a text"]);
    check(said("- a\n- list\n"), expect!["line 1: wanted: fields (name: value), found: a list"]);
    check(said("version: 1\n---\nversion: 1\n"), expect!["line 2: one document is wanted; another one begins here"]);
}

#[test]
fn an_anchor_stands_for_what_it_names() {
    let text = example_text("durable")
        .replace("subnets: [subnet-0d1a000000000001a, subnet-0d1a000000000002b]", "subnets: &both [subnet-1, subnet-2]")
        .replace("securityGroups: [sg-0d1a000000000001a]", "securityGroups: [sg-1]\n    tags: {Zones: *both}");
    check(
        Blueprint::parse(&text).expect_err("a list is no tag").to_string(),
        expect!["line 40: loadBalancers.durable-dev-alb.tags.Zones: wanted: a text, found: a list"],
    );
}

#[test]
fn a_name_that_leads_nowhere_is_told() {
    check(
        replaced("address: nat", "address: other"),
        expect!["line 23: natGateways.nat.address: there is no address `other` under `addresses`"],
    );
    check(
        replaced("natGateway: nat", "natGateway: other"),
        expect!["line 29: routes[0].natGateway: there is no NAT gateway `other` under `natGateways`"],
    );
    let record = "dnsRecords:\n  - zone: Z1\n    name: a.example.com\n    loadBalancer: other\n\nservices:\n";
    check(
        replaced("services:\n", record),
        expect!["line 50: dnsRecords[0].loadBalancer: there is no load balancer `other` under `loadBalancers`"],
    );
}

#[test]
fn what_cannot_go_together_is_told() {
    check(
        replaced("protocol: HTTP", "protocol: HTTPS"),
        expect!["line 40: loadBalancers.portyfoul-dev-alb.listeners.80: an HTTPS listener needs a `certificate`"],
    );
    check(
        replaced("subnets: [subnet-0f01000000000001a, ", "subnets: ["),
        expect![
            "line 36: loadBalancers.portyfoul-dev-alb.subnets: a load balancer needs subnets in two zones at least"
        ],
    );
    check(
        replaced("desiredCount: 1", "desiredCount: 3"),
        expect!["line 53: services.portyfoul-dev-worker-service.desiredCount: a singleton has one task at most"],
    );
    check(
        replaced("singleton: true", "after: [portyfoul-dev-web-service, nobody]"),
        expect!["line 55: services.portyfoul-dev-worker-service.after: there is no service `nobody` under `services`"],
    );
    check(
        replaced("singleton: true", "after: [portyfoul-dev-worker-service]"),
        expect![
            "line 55: services.portyfoul-dev-worker-service.after: none of these would ever start: `portyfoul-dev-worker-service` after `portyfoul-dev-worker-service`"
        ],
    );
    check(
        replaced("singleton: true", "whileDown: delete"),
        expect![
            "line 52: services.portyfoul-dev-worker-service: a service that is deleted at night needs the family of its task definition (`taskDefinition`)"
        ],
    );
    check(
        replaced("  Project: portyfoul", "  curfew:name: mine\n  Owner: a#b"),
        expect![[r#"
            line 12: tags.curfew:name: tags that begin with `curfew:` or `aws:` are set by Curfew and AWS alone
            line 13: tags.Owner: a tag has letters, digits, spaces and _ . : / = + - @ only"#]],
    );
    check(
        replaced("destination: 0.0.0.0/0", "destination: everywhere"),
        expect!["line 28: routes[0].destination: `everywhere` is not a range such as 0.0.0.0/0"],
    );
    check(
        replaced("schedule: Mon-Fri", "schedule: Mo-Fr"),
        expect![[r#"
            line 7: schedule: expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `Mo`
              Mo-Fr 08:00-20:00 America/New_York
              ^^
              did you mean `Mon-Fri 08:00-20:00 America/New_York`?"#]],
    );
    check(replaced("version: 1", "version: 2"), expect!["line 4: version: this Curfew reads version 1"]);
}

#[test]
fn what_is_allowed_and_still_worth_saying_is_a_warning() {
    let warned = |text: String| warnings(&Blueprint::parse(&text).expect("it is right")).join("\n");
    check(warned(example_text("durable")), expect![[r#""#]]);
    check(warned(example_text("platform")), expect![[r#""#]]);
    check(
        warned(example_text("portyfoul")),
        expect![
            "load balancer portyfoul-dev-alb has no DNS record: its clients use its own name, which changes each time it is recreated"
        ],
    );
    let careless = example_text("platform")
        .replace("deletion_protection.enabled: \"false\"", "deletion_protection.enabled: \"true\"")
        .replace("ipAddressType: ipv4", "ipAddressType: dualstack")
        .replace("whileDown: park", "whileDown: leave")
        .replacen("whileDown: keep", "whileDown: release", 1);
    check(
        warned(careless),
        expect![[r#"
            load balancer platform-dev-alb is protected against deletion: stop will be blocked, unless it says `deletionProtection: off-while-down`
            load balancer platform-dev-alb answers on IPv6 too, but no AAAA record points at it
            DNS record dev.platform.example.com is left as it is at night: it answers NODATA, which resolvers cache for up to 15 minutes, so people may get in that much later
            address a is released at night: the environment leaves by another one each day"#]],
    );
}

#[test]
fn the_examples_written_and_read_again_are_the_same() {
    for name in EXAMPLES {
        let blueprint = example(name);
        let written = tier_document(&blueprint, &blueprint.tier).to_string();
        assert_eq!(Blueprint::parse(&written).expect("what is written can be read"), blueprint, "{name}");
    }
}

#[test]
fn every_problem_of_a_document_has_a_line() {
    let text = example_text("platform").replace("Z0B1A", "0B1A").replace("subnet-", "net-").replace("HTTP_301", "");
    let problems = Blueprint::parse(&text).expect_err("many mistakes").0;
    assert!(problems.len() >= 5, "{problems:?}");
    assert!(problems.iter().all(|problem: &Problem| problem.line.is_some()), "{problems:?}");
    assert!(problems.is_sorted_by_key(|problem| problem.line));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_tier_written_and_read_again_is_the_same(tier in tiers::tier()) {
        let blueprint = tiers::blueprint_of(tier);
        let written = tier_document(&blueprint, &blueprint.tier);
        prop_assert_eq!(&curfew_core::recording::tier(&written).map_err(|p| p.to_string()), &Ok(blueprint.tier.clone()));
        prop_assert_eq!(Blueprint::parse(&format!("{written:#}")).map_err(|p| p.to_string()), Ok(blueprint));
    }
}

#[test]
fn of_auto_scaling_only_what_is_suspended_is_declared() {
    check(
        replaced(
            "desiredCount: 2",
            "desiredCount: 2\n    scaling: { suspended: [], bounds: { minimum: 1, maximum: 2 } }",
        ),
        expect![
            "line 50: services.portyfoul-dev-web-service.scaling: bounds, policies and scheduled actions stay in AWS and are only recorded: `suspended` alone is declared"
        ],
    );
}
