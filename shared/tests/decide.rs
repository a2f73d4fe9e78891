//! What the environment should be now, why, and until when: the whole table, and the laws over it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::at;
use crate::support::world::{EVENING, NIGHT, NOON};
use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::decide::{Because, Command, Decision, Hold, Verdict, decide, hold_change};
use curfew_core::model::{Action, OVERRIDE_TAG, Target};
use curfew_core::overrides::{Override, Overrides};
use curfew_core::ports::FoundOverride;
use curfew_core::schedule::Schedule;
use expect_test::expect;
use proptest::prelude::*;

fn schedule() -> Schedule {
    "Mon-Fri 08:00-20:00 America/New_York".parse().expect("a schedule")
}

/// Tags as people and Curfew write them: `held:` before a value is Curfew's mark.
fn tags(values: &[&str]) -> Vec<FoundOverride> {
    let found = |(index, value): (usize, &&str)| FoundOverride {
        resource: format!("r{index}"),
        value: value.trim_start_matches("held:").to_owned(),
        held: value.starts_with("held:"),
    };
    values.iter().enumerate().map(found).collect()
}

fn told(decision: &Decision) -> String {
    let verdict = match decision.verdict {
        Verdict::Be(target) => format!("be {target}"),
        Verdict::LeaveAsItIs => "leave it".to_owned(),
    };
    let because = match &decision.because {
        Because::Schedule => "schedule".to_owned(),
        Because::Manual => "manual".to_owned(),
        Because::Ahead { .. } | Because::Retained(_) | Because::UnderWay => decision.because.to_string(),
        Because::Override(tagged) => format!("`{}` on {}", tagged.value, tagged.resource),
        Because::Malformed(malformed) => format!("unreadable `{}` on {}", malformed.value, malformed.resource),
    };
    let until = decision.until.map_or("open".to_owned(), |until| until.format("%a %H:%M").to_string());
    format!("{verdict:8} | {because} | until {until}")
}

fn change(action: Option<Action>) -> String {
    match action {
        None => String::new(),
        Some(Action::TagCluster { tags }) => format!(" | tags `{}`", tags[OVERRIDE_TAG]),
        Some(Action::UntagCluster { .. }) => " | untags".to_owned(),
        Some(other) => panic!("{other} is no change of tags"),
    }
}

/// One line for each set of tags: what is decided, and what becomes of the tags.
fn table(now: &str, commands: &[Option<Command>], sets: &[&[&str]]) -> String {
    let (now, schedule) = (at(now), schedule());
    let mut lines = String::new();
    for set in sets {
        let overrides = Overrides::read(&tags(set), now);
        lines.push_str(&format!("[{}]\n", set.join(", ")));
        for command in commands {
            let decision = decide(now, &(&schedule).into(), &overrides, command.as_ref());
            let change = change(hold_change(now, &(&schedule).into(), &overrides, command.as_ref()));
            lines.push_str(&format!("  {:17} {}{change}\n", name(command.as_ref()), told(&decision)));
        }
    }
    lines
}

fn name(command: Option<&Command>) -> String {
    match command {
        None => "tick".to_owned(),
        Some(Command::Scheduled(target)) => format!("scheduled {target}"),
        Some(Command::Manual { target, .. }) => format!("manual {target}"),
    }
}

fn manual(target: Target, hold: Hold) -> Option<Command> {
    Some(Command::Manual { target, hold })
}

/// Nothing, what people write, what they write wrongly, and what earlier commands hold.
const SETS: [&[&str]; 13] = [
    &[],
    &["up"],
    &["down"],
    &["up until 2026-11-19T00:00:00Z"],
    &["down until 2026-11-19T00:00:00+01:00"],
    &["up until 2026-11-17T00:00:00Z"],
    &["upp"],
    &["down", "up"],
    &["down", "upp"],
    &["up", "upp"],
    &["up until 2026-11-19T00:00:00Z", "up until 2026-11-20T00:00:00Z"],
    &["held:up", "down"],
    &["held:down until 2026-11-19T00:00:00Z"],
];

#[test]
fn by_day() {
    let commands = [
        None,
        Some(Command::Scheduled(Target::Down)),
        manual(Target::Up, Hold::UntilNext),
        manual(Target::Down, Hold::UntilNext),
    ];
    expect![[r#"
        []
          tick              be up    | schedule | until Wed 01:00
          scheduled down    be up    | schedule | until Wed 01:00
          manual up         be up    | manual | until Wed 01:00
          manual down       be down  | manual | until Wed 01:00 | tags `down until 2026-11-18T01:00:00Z`
        [up]
          tick              be up    | `up` on r0 | until open
          scheduled down    be up    | `up` on r0 | until open
          manual up         be up    | `up` on r0 | until open
          manual down       be up    | `up` on r0 | until open
        [down]
          tick              be down  | `down` on r0 | until open
          scheduled down    be down  | `down` on r0 | until open
          manual up         be down  | `down` on r0 | until open
          manual down       be down  | `down` on r0 | until open
        [up until 2026-11-19T00:00:00Z]
          tick              be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          scheduled down    be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          manual up         be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          manual down       be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
        [down until 2026-11-19T00:00:00+01:00]
          tick              be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
          scheduled down    be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
          manual up         be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
          manual down       be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
        [up until 2026-11-17T00:00:00Z]
          tick              be up    | schedule | until Wed 01:00
          scheduled down    be up    | schedule | until Wed 01:00
          manual up         be up    | manual | until Wed 01:00
          manual down       be down  | manual | until Wed 01:00 | tags `down until 2026-11-18T01:00:00Z`
        [upp]
          tick              leave it | unreadable `upp` on r0 | until open
          scheduled down    leave it | unreadable `upp` on r0 | until open
          manual up         be up    | manual | until Wed 01:00
          manual down       leave it | unreadable `upp` on r0 | until open
        [down, up]
          tick              be up    | `up` on r1 | until open
          scheduled down    be up    | `up` on r1 | until open
          manual up         be up    | `up` on r1 | until open
          manual down       be up    | `up` on r1 | until open
        [down, upp]
          tick              leave it | unreadable `upp` on r1 | until open
          scheduled down    leave it | unreadable `upp` on r1 | until open
          manual up         be up    | manual | until Wed 01:00
          manual down       leave it | unreadable `upp` on r1 | until open
        [up, upp]
          tick              be up    | `up` on r0 | until open
          scheduled down    be up    | `up` on r0 | until open
          manual up         be up    | `up` on r0 | until open
          manual down       be up    | `up` on r0 | until open
        [up until 2026-11-19T00:00:00Z, up until 2026-11-20T00:00:00Z]
          tick              be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
          scheduled down    be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
          manual up         be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
          manual down       be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
        [held:up, down]
          tick              be up    | `up` on r0 | until open
          scheduled down    be up    | `up` on r0 | until open
          manual up         be down  | `down` on r1 | until open
          manual down       be down  | `down` on r1 | until open
        [held:down until 2026-11-19T00:00:00Z]
          tick              be down  | `down until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          scheduled down    be down  | `down until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          manual up         be up    | manual | until Wed 01:00 | untags
          manual down       be down  | manual | until Wed 01:00 | tags `down until 2026-11-18T01:00:00Z`
    "#]]
    .assert_eq(&table(NOON, &commands, &SETS));
}

#[test]
fn by_night() {
    let commands = [
        None,
        Some(Command::Scheduled(Target::Up)),
        manual(Target::Up, Hold::UntilNext),
        manual(Target::Down, Hold::UntilNext),
    ];
    expect![[r#"
        []
          tick              be down  | schedule | until Wed 13:00
          scheduled up      be down  | schedule | until Wed 13:00
          manual up         be up    | manual | until Wed 13:00 | tags `up until 2026-11-18T13:00:00Z`
          manual down       be down  | manual | until Wed 13:00
        [up]
          tick              be up    | `up` on r0 | until open
          scheduled up      be up    | `up` on r0 | until open
          manual up         be up    | `up` on r0 | until open
          manual down       be up    | `up` on r0 | until open
        [down]
          tick              be down  | `down` on r0 | until open
          scheduled up      be down  | `down` on r0 | until open
          manual up         be down  | `down` on r0 | until open
          manual down       be down  | `down` on r0 | until open
        [up until 2026-11-19T00:00:00Z]
          tick              be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          scheduled up      be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          manual up         be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          manual down       be up    | `up until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
        [down until 2026-11-19T00:00:00+01:00]
          tick              be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
          scheduled up      be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
          manual up         be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
          manual down       be down  | `down until 2026-11-18T23:00:00Z` on r0 | until Wed 23:00
        [up until 2026-11-17T00:00:00Z]
          tick              be down  | schedule | until Wed 13:00
          scheduled up      be down  | schedule | until Wed 13:00
          manual up         be up    | manual | until Wed 13:00 | tags `up until 2026-11-18T13:00:00Z`
          manual down       be down  | manual | until Wed 13:00
        [upp]
          tick              leave it | unreadable `upp` on r0 | until open
          scheduled up      leave it | unreadable `upp` on r0 | until open
          manual up         be up    | manual | until Wed 13:00
          manual down       leave it | unreadable `upp` on r0 | until open
        [down, up]
          tick              be up    | `up` on r1 | until open
          scheduled up      be up    | `up` on r1 | until open
          manual up         be up    | `up` on r1 | until open
          manual down       be up    | `up` on r1 | until open
        [down, upp]
          tick              leave it | unreadable `upp` on r1 | until open
          scheduled up      leave it | unreadable `upp` on r1 | until open
          manual up         be up    | manual | until Wed 13:00
          manual down       leave it | unreadable `upp` on r1 | until open
        [up, upp]
          tick              be up    | `up` on r0 | until open
          scheduled up      be up    | `up` on r0 | until open
          manual up         be up    | `up` on r0 | until open
          manual down       be up    | `up` on r0 | until open
        [up until 2026-11-19T00:00:00Z, up until 2026-11-20T00:00:00Z]
          tick              be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
          scheduled up      be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
          manual up         be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
          manual down       be up    | `up until 2026-11-20T00:00:00Z` on r1 | until Fri 00:00
        [held:up, down]
          tick              be up    | `up` on r0 | until open
          scheduled up      be up    | `up` on r0 | until open
          manual up         be down  | `down` on r1 | until open
          manual down       be down  | `down` on r1 | until open
        [held:down until 2026-11-19T00:00:00Z]
          tick              be down  | `down until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          scheduled up      be down  | `down until 2026-11-19T00:00:00Z` on r0 | until Thu 00:00
          manual up         be up    | manual | until Wed 13:00 | tags `up until 2026-11-18T13:00:00Z`
          manual down       be down  | manual | until Wed 13:00 | untags
    "#]]
    .assert_eq(&table(NIGHT, &commands, &SETS));
}

#[test]
fn how_long_a_manual_command_holds() {
    let holds = ["until-next", "none", "forever", "4h", "90m", "2026-11-20T00:00:00Z"];
    let mut lines = String::new();
    for target in [Target::Up, Target::Down] {
        for text in holds {
            let hold: Hold = text.parse().expect(text);
            let overrides = Overrides::read(&tags(&["held:up until 2026-11-18T05:00:00Z"]), at(NIGHT));
            let command = manual(target, hold);
            let decision = decide(at(NIGHT), &(&schedule()).into(), &overrides, command.as_ref());
            let change = change(hold_change(at(NIGHT), &(&schedule()).into(), &overrides, command.as_ref()));
            lines.push_str(&format!("{target:4} {text:20} {}{change}\n", told(&decision)));
        }
    }
    expect![[r#"
        up   until-next           be up    | manual | until Wed 13:00 | tags `up until 2026-11-18T13:00:00Z`
        up   none                 be up    | manual | until open | untags
        up   forever              be up    | manual | until open | tags `up`
        up   4h                   be up    | manual | until Wed 08:00 | tags `up until 2026-11-18T08:00:00Z`
        up   90m                  be up    | manual | until Wed 05:30 | tags `up until 2026-11-18T05:30:00Z`
        up   2026-11-20T00:00:00Z be up    | manual | until Fri 00:00 | tags `up until 2026-11-20T00:00:00Z`
        down until-next           be down  | manual | until Wed 13:00 | untags
        down none                 be down  | manual | until Wed 13:00 | untags
        down forever              be down  | manual | until open | tags `down`
        down 4h                   be down  | manual | until Wed 08:00 | tags `down until 2026-11-18T08:00:00Z`
        down 90m                  be down  | manual | until Wed 05:30 | tags `down until 2026-11-18T05:30:00Z`
        down 2026-11-20T00:00:00Z be down  | manual | until Fri 00:00 | tags `down until 2026-11-20T00:00:00Z`
    "#]]
    .assert_eq(&lines);
}

#[test]
fn what_is_no_hold_is_told() {
    for text in ["", "4", "yes", "-4h", "0s", "10 years", "tomorrow", "2026-11-20"] {
        let message = text.parse::<Hold>().expect_err(text).to_string();
        assert!(message.starts_with(&format!("`{text}` is not one of until-next, none, forever")), "{message}");
    }
}

#[test]
fn a_hold_that_is_over_is_cleared_by_whoever_comes_next_and_a_persons_tag_never() {
    let clears = |values: &[&str], command: Option<Command>| {
        let overrides = Overrides::read(&tags(values), at(NOON));
        hold_change(at(NOON), &(&schedule()).into(), &overrides, command.as_ref()).is_some()
    };
    assert!(clears(&["held:up until 2026-11-17T13:00:00Z"], None));
    assert!(clears(&["held:up until 2026-11-17T13:00:00Z"], Some(Command::Scheduled(Target::Up))));
    assert!(clears(&["held:up until 2026-11-17T13:00:00Z"], manual(Target::Up, Hold::UntilNext)));
    assert!(!clears(&["up until 2026-11-17T13:00:00Z"], None));
    assert!(!clears(&["up until 2026-11-17T13:00:00Z"], manual(Target::Up, Hold::UntilNext)));
}

#[test]
fn what_an_override_tag_can_say() {
    for text in ["up", "down", "up until 2026-11-21T20:00:00Z", "down until 2026-11-21T20:00:00Z"] {
        assert_eq!(text.parse::<Override>().expect(text).to_string(), text);
    }
    let elsewhere: Override = " up  until 2026-11-21T20:00:00+01:00 ".parse().expect("spaces do no harm");
    assert_eq!(elsewhere.to_string(), "up until 2026-11-21T19:00:00Z");
    for text in ["UP", "Up Until 2026-11-21T20:00:00Z", "DOWN"] {
        let said = text.parse::<Override>().expect("a person's capitals do no harm").to_string();
        assert!(said.eq_ignore_ascii_case(text), "{said}");
    }
    for text in [
        "",
        "UPS",
        "on",
        "up until 9999-12-31T23:59:59-01:00",
        "up until +10000-01-01T00:00:00Z",
        "up until",
        "up until tomorrow",
        "up until 2026-11-21",
        "up for 4h",
        "up down",
    ] {
        assert!(text.parse::<Override>().is_err(), "{text}");
    }
}

#[test]
fn an_override_ends_at_its_instant() {
    let found = tags(&["up until 2026-11-18T01:30:00Z"]);
    let active = |instant: DateTime<Utc>| !Overrides::read(&found, instant).active.is_empty();
    assert!(active(at("2026-11-18T01:29:59Z")));
    assert!(!active(at("2026-11-18T01:30:00Z")));
}

fn a_value() -> impl Strategy<Value = (String, bool)> {
    let instant = (-200..200_i64).prop_map(|hours| (at(EVENING) + TimeDelta::hours(hours)).to_rfc3339());
    let value = prop_oneof![
        Just("up".to_owned()),
        Just("down".to_owned()),
        instant.clone().prop_map(|instant| format!("up until {instant}")),
        instant.prop_map(|instant| format!("down until {instant}")),
        "[a-z ]{0,8}",
    ];
    (value, any::<bool>())
}

fn a_command() -> impl Strategy<Value = Option<Command>> {
    let target = prop_oneof![Just(Target::Up), Just(Target::Down)];
    let hold = prop_oneof![Just(Hold::UntilNext), Just(Hold::None), Just(Hold::Forever)];
    prop_oneof![
        Just(None),
        target.clone().prop_map(|target| Some(Command::Scheduled(target))),
        (target, hold).prop_map(|(target, hold)| Some(Command::Manual { target, hold })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn nothing_goes_down_against_a_persons_up_or_an_unreadable_override(
        values in prop::collection::vec(a_value(), 0..4),
        command in a_command(),
        hours in -200..200_i64,
    ) {
        let now = at(EVENING) + TimeDelta::hours(hours);
        let found: Vec<_> = values
            .into_iter()
            .enumerate()
            .map(|(index, (value, held))| FoundOverride { resource: format!("r{index}"), value, held })
            .collect();
        let overrides = Overrides::read(&found, now);
        let decision = decide(now, &(&schedule()).into(), &overrides, command.as_ref());
        let lasts = |value: &str| match value.split_once(" until ") {
            Some((_, instant)) => DateTime::parse_from_rfc3339(instant).is_ok_and(|instant| instant > now),
            None => true,
        };
        let says_up = |tag: &FoundOverride| tag.value.split(' ').next() == Some("up") && lasts(&tag.value);
        let readable = |tag: &FoundOverride| tag.value.parse::<Override>().is_ok();
        let a_person_says_up = found.iter().any(|tag| !tag.held && readable(tag) && says_up(tag));
        let somebody_is_unreadable = !found.iter().all(readable);
        if a_person_says_up {
            prop_assert_eq!(decision.verdict, Verdict::Be(Target::Up));
        } else if somebody_is_unreadable {
            prop_assert_ne!(decision.verdict, Verdict::Be(Target::Down));
        } else if found.is_empty() && !matches!(command, Some(Command::Manual { .. })) {
            prop_assert_eq!(decision.verdict, Verdict::from(schedule().at(now)));
        }
        prop_assert!(decision.until.is_none_or(|until| until > now), "it holds until later than now");
        let change = hold_change(now, &(&schedule()).into(), &overrides, command.as_ref());
        if !matches!(command, Some(Command::Manual { .. })) {
            prop_assert!(!matches!(change, Some(Action::TagCluster { .. })), "only a manual command leaves a hold");
        }
    }
}
