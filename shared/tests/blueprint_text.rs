//! Everything in a blueprint's text is understood, or told with its line: nothing is dropped, and nothing wins silently.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::example_text;
use curfew_core::blueprint::Blueprint;
use curfew_core::schedule::{Grammar, Schedule};
use expect_test::{Expect, expect};

fn told(text: &str) -> String {
    Blueprint::parse(text).expect_err("the text is wrong").to_string()
}

/// What is said about the durable example with one part of it replaced.
fn replaced(from: &str, to: &str) -> String {
    let before = example_text("durable");
    assert!(before.contains(from), "{from}");
    told(&before.replacen(from, to, 1))
}

fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}

#[test]
fn a_key_that_is_no_text_is_told() {
    // A template that was not filled in is a mapping in a mapping.
    check(
        replaced("  durable-dev-alb:\n    scheme", "  {{ frontend }}:\n    scheme"),
        expect![[r#"
            line 35: loadBalancers: a key is a text or a number; here stands a list or a mapping, as where `{{ … }}` of a template was not filled in
            line 73: dnsRecords[0].loadBalancer: there is no load balancer `durable-dev-alb` under `loadBalancers`"#]],
    );
    check(
        replaced("      443:\n", "      {{ port }}:\n"),
        expect![
            "line 51: loadBalancers.durable-dev-alb.listeners: a key is a text or a number; here stands a list or a mapping, as where `{{ … }}` of a template was not filled in"
        ],
    );
    check(
        replaced("  durable-dev-alb:\n    scheme", "  ? [a, b]\n  :\n    scheme"),
        expect![[r#"
        line 35: loadBalancers: a key is a text or a number; here stands a list or a mapping, as where `{{ … }}` of a template was not filled in
        line 74: dnsRecords[0].loadBalancer: there is no load balancer `durable-dev-alb` under `loadBalancers`"#]],
    );
    check(
        replaced("  durable-dev-alb:\n    scheme", "  :\n    scheme"),
        expect![[r#"
        line 35: loadBalancers: a key is missing before the `:`, or it is `null`
        line 73: dnsRecords[0].loadBalancer: there is no load balancer `durable-dev-alb` under `loadBalancers`"#]],
    );
    check(
        replaced("  durable-dev-alb:\n    scheme", "  ~:\n    scheme"),
        expect![[r#"
        line 35: loadBalancers: a key is missing before the `:`, or it is `null`
        line 73: dnsRecords[0].loadBalancer: there is no load balancer `durable-dev-alb` under `loadBalancers`"#]],
    );
}

#[test]
fn a_key_that_stands_twice_after_conversion_is_told() {
    let twice = "      \"443\": &same\n        protocol: HTTP\n        defaultActions: []\n      443:\n";
    check(
        replaced("      443:\n", twice),
        expect![[r#"
        line 53: loadBalancers.durable-dev-alb.listeners.443.defaultActions: at least one action is wanted
        line 54: loadBalancers.durable-dev-alb.listeners.443: this key stands twice, first on line 51"#]],
    );
    for key in ["0443", "0x1bb", "+443", "4_43", "443.0"] {
        let said = replaced("      443:\n", &format!("      {key}:\n"));
        assert!(said.contains(&format!("`{key}` is not a number from 0 to 65535")), "{key}: {said}");
    }
    // Whatever was said first, it is not replaced by what is said last.
    check(
        replaced("region: us-west-2\n", "region: us-west-2\n\"region\": eu-west-1\n'region': eu-west-2\n"),
        expect![[r#"
            line 6: region: this key stands twice, first on line 5
            line 7: region: this key stands twice, first on line 5"#]],
    );
}

#[test]
fn a_tag_is_told() {
    check(
        replaced("  durable-dev-alb:\n    scheme", "  durable-dev-alb: !Ref\n    scheme"),
        expect!["line 35: loadBalancers.durable-dev-alb: the tag `!Ref` is not understood: write what it stands for"],
    );
    check(
        replaced("region: us-west-2", "region: !Sub us-west-2"),
        expect!["line 5: region: the tag `!Sub` is not understood: write what it stands for"],
    );
    check(
        replaced("region: us-west-2", "region: !!str us-west-2"),
        expect!["line 5: region: the tag `!!str` is not understood: write what it stands for"],
    );
    check(
        replaced("region: us-west-2", "region: ! us-west-2"),
        expect!["line 5: region: the tag `!` is not understood: write what it stands for"],
    );
    check(
        replaced("cluster: ", "!!bool cluster: "),
        expect!["line 7: the tag `!!bool` is not understood: write what it stands for"],
    );
}

#[test]
fn a_merge_key_is_told() {
    check(
        replaced("    scheme: ", "    <<: {ipAddressType: dualstack}\n    scheme: "),
        expect![
            "line 36: loadBalancers.durable-dev-alb: merge keys (`<<`) are not read: repeat the fields, or let an alias stand for all of them"
        ],
    );
    check(
        replaced("  Purpose: development\n", "  <<: {a: b}\n"),
        expect![
            "line 15: tags: merge keys (`<<`) are not read: repeat the fields, or let an alias stand for all of them"
        ],
    );
}

#[test]
fn an_alias_stands_for_what_it_names_and_not_for_what_it_is_part_of() {
    let text = example_text("durable").replacen("  Purpose: development\n", "  a: &word same\n  b: *word\n", 1);
    let blueprint = Blueprint::parse(&text).expect("it is right");
    assert_eq!(blueprint.tags.get("b").map(String::as_str), Some("same"));
    check(
        replaced("tags:\n", "tags: &all\n  a: *all\n"),
        expect!["line 11: tags.a: this alias stands for what it is itself a part of"],
    );
    check(
        replaced("Purpose: development", "Purpose: *nobody"),
        expect!["line 15: this is not YAML: while parsing node, found unknown anchor"],
    );
    let laughs: String =
        (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))).collect();
    check(
        told(&format!("a0: &a0 [lol]\n{laughs}")),
        expect!["line 5: a4[5]: the aliases of this text stand for more than 10000 values"],
    );
}

#[test]
fn nothing_where_something_is_wanted_is_told() {
    check(
        replaced("    securityGroups: [sg-0d1a000000000001a]\n", "    securityGroups:\n"),
        expect![
            "line 39: loadBalancers.durable-dev-alb.securityGroups: nothing is written here: give it a value, or leave the whole field out"
        ],
    );
    // What may be left out may be `null`, but not what a template left empty.
    check(
        replaced("cluster: ", "holidays:\ncluster: "),
        expect!["line 7: holidays: nothing is written here: give it a value, or leave the whole field out"],
    );
    assert!(Blueprint::parse(&example_text("durable").replacen("cluster: ", "holidays: null\ncluster: ", 1)).is_ok());
    check(
        replaced(
            "    securityGroups: [sg-0d1a000000000001a]\n",
            "    securityGroups: [sg-0d1a000000000001a, ]\n    tags: {a}\n",
        ),
        expect![
            "line 40: loadBalancers.durable-dev-alb.tags.a: nothing is written here: give it a value, or leave the whole field out"
        ],
    );
    check(
        replaced("addresses:\n  egress:\n    whileDown: keep\n", "addresses: null\n"),
        expect![[r#"
        line 17: addresses: wanted: fields (name: value), found: nothing
        line 22: natGateways.egress.address: there is no address `egress` under `addresses`"#]],
    );
}

#[test]
fn what_readers_of_yaml_do_not_agree_on_is_told() {
    let count = |text: &str| replaced("desiredCount: 2", &format!("desiredCount: {text}"));
    check(
        count("010"),
        expect![
            "line 78: services.durable-dev-backend.desiredCount: `010` is one number to some readers of YAML and another one, or a text, to others: write a plain decimal number, or put it in quotes if it is a text"
        ],
    );
    for ambiguous in ["0x2", "0o2", "0b10", "+2", "1_0", "00"] {
        let said = count(ambiguous);
        assert!(said.contains(&format!("`{ambiguous}` is one number to some")), "{said}");
    }
    check(
        count(".nan"),
        expect![
            "line 78: services.durable-dev-backend.desiredCount: `.nan` is not a number; put it in quotes if it is a text"
        ],
    );
    check(
        count("-.inf"),
        expect![
            "line 78: services.durable-dev-backend.desiredCount: `-.inf` is not a number; put it in quotes if it is a text"
        ],
    );
    check(
        count("99999999999999999999"),
        expect![
            "line 78: services.durable-dev-backend.desiredCount: `99999999999999999999` is too large for a number; put it in quotes if it is a text"
        ],
    );
    check(
        count("2.0"),
        expect![
            "line 78: services.durable-dev-backend.desiredCount: wanted: a whole number, found: a number with a fraction"
        ],
    );
    check(
        count("1e1"),
        expect![
            "line 78: services.durable-dev-backend.desiredCount: wanted: a whole number, found: a number with a fraction"
        ],
    );
    check(
        replaced("cluster: ", "retain: on\ncluster: "),
        expect!["line 7: retain: wanted: true or false, found: a text"],
    );
    check(
        replaced("cluster: ", "retain: \"true\"\ncluster: "),
        expect!["line 7: retain: wanted: true or false, found: a text"],
    );
    check(
        replaced("Purpose: development", "Account: 012345678901"),
        expect![
            "line 15: tags.Account: `012345678901` is one number to some readers of YAML and another one, or a text, to others: write a plain decimal number, or put it in quotes if it is a text"
        ],
    );
    let text = example_text("durable").replacen("tags:\n", "tags:\n  a: on\n  b: no\n  c: 2026-01-01\n  d: 12:30\n", 1);
    let tags = Blueprint::parse(&text).expect("texts are texts").tags;
    assert_eq!(["a", "b", "c", "d"].map(|key| tags[key].as_str()), ["on", "no", "2026-01-01", "12:30"]);
}

#[test]
fn one_text_is_one_document() {
    let text = example_text("durable");
    check(told(&format!("{text}---\n")), expect!["line 83: one document is wanted; another one begins here"]);
    check(
        told(&format!("{text}...\nversion: 1\n")),
        expect!["line 84: one document is wanted; another one begins here"],
    );
    for same in [format!("\u{feff}{text}"), format!("%YAML 1.2\n---\n{text}...\n"), text.replace('\n', "\r\n")] {
        assert_eq!(Blueprint::parse(&same), Blueprint::parse(&text), "{}", &same[..12]);
    }
}

#[test]
fn a_text_is_read_however_deep_it_is() {
    for deep in ["[".repeat(50_000), "{a: ".repeat(50_000), "- ".repeat(50_000), "? ".repeat(50_000)] {
        assert!(Blueprint::parse(&deep).is_err());
    }
    check(told(&"- ".repeat(50_000)), expect!["line 1: lists and mappings are nested more than 64 deep"]);
}

#[test]
fn what_is_not_understood_and_what_is_wrong_are_told_together() {
    let text = example_text("durable")
        .replace("region: us-west-2", "region: !Ref AWS::Region")
        .replace("      443:\n", "      {{ port }}:\n")
        .replace("desiredCount: 2", "desiredCount: two");
    check(
        told(&text),
        expect![[r#"
            line 5: region: the tag `!Ref` is not understood: write what it stands for
            line 51: loadBalancers.durable-dev-alb.listeners: a key is a text or a number; here stands a list or a mapping, as where `{{ … }}` of a template was not filled in
            line 78: services.durable-dev-backend.desiredCount: wanted: a whole number, found: a text
            line 81: services.durable-dev-frontend.desiredCount: wanted: a whole number, found: a text"#]],
    );
}

#[test]
fn schedules_in_other_grammars_are_read_as_strictly() {
    let said = |text: &str| Schedule::parse(text, Some(Grammar::InstanceScheduler), None).expect_err(text).to_string();
    check(
        said("{\"begintime\": \"09:00\", \"begintime\": \"10:00\"}"),
        expect![[r#"
        this key stands twice, first on line 1
          {"begintime": "09:00", "begintime": "10:00"}
                                 ^"#]],
    );
    // Whatever wrote the JSON, it is read.
    for description in ["\\/", "\\u00e9"] {
        let json = format!("{{\n\t\"begintime\": \"09:00\",\r\n\t\"description\": \"{description}\"\n}}\n");
        let read = Schedule::parse(json.as_str(), Some(Grammar::InstanceScheduler), None);
        assert_eq!(read.err().map(|error| error.to_string()), None, "{json}");
    }
    check(
        said("begintime: !Ref Begin\nendtime: \"17:00\"\n"),
        expect![[r#"
        the tag `!Ref` is not understood: write what it stands for
          begintime: !Ref Begin
                     ^"#]],
    );
}
