//! What a schedule will say: pictures, differences, and answers to questions.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::at;
use chrono::{TimeDelta, Utc};
use curfew_core::outlook::{Answerer, NotShown, Weeks, disagreements, stretches, weeks};
use curfew_core::schedule::{Grammar, Schedule, State};
use curfew_core::zones::Zone;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn schedule(text: &str) -> Schedule {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn picture(weeks: &Weeks) -> String {
    let lines = weeks.days.iter().map(|day| {
        let note = day.clock_change.map(|change| format!("  {change}")).unwrap_or_default();
        format!("{} {}{note}\n", day.date.format("%a %d"), day.strip)
    });
    let windows = weeks.windows.iter().map(|window| {
        let told = |instant: Option<chrono::DateTime<Utc>>| {
            instant.map_or("…".to_owned(), |instant| instant.format("%a %d %H:%M").to_string())
        };
        format!("{} - {}\n", told(window.start), told(window.end))
    });
    lines.chain(windows).collect()
}

fn check(text: &str, now: &str, expected: Expect) {
    let schedule = schedule(text);
    expected.assert_eq(&picture(&weeks(&schedule, schedule.zone(), at(now), 1).expect("a week")));
}

#[test]
fn a_week_is_a_strip_for_each_day_and_its_windows_in_utc() {
    check(
        "Mon-Fri 08:00-20:15 America/New_York",
        "2026-11-18T12:00:00Z",
        expect![[r#"
        Mon 16 ················████████████████████████▌·······
        Tue 17 ················████████████████████████▌·······
        Wed 18 ················████████████████████████▌·······
        Thu 19 ················████████████████████████▌·······
        Fri 20 ················████████████████████████▌·······
        Sat 21 ················································
        Sun 22 ················································
        Mon 16 13:00 - Tue 17 01:15
        Tue 17 13:00 - Wed 18 01:15
        Wed 18 13:00 - Thu 19 01:15
        Thu 19 13:00 - Fri 20 01:15
        Fri 20 13:00 - Sat 21 01:15
    "#]],
    );
}

#[test]
fn the_hours_that_a_zone_skips_and_shows_twice_are_marked() {
    check(
        "Mon-Sun 01:30-02:30 America/New_York",
        "2027-03-14T12:00:00Z",
        expect![[r#"
            Mon 08 ···██···········································
            Tue 09 ···██···········································
            Wed 10 ···██···········································
            Thu 11 ···██···········································
            Fri 12 ···██···········································
            Sat 13 ···██···········································
            Sun 14 ···█  ··········································  clocks go forward from 02:00 to 03:00
            Mon 08 06:30 - Mon 08 07:30
            Tue 09 06:30 - Tue 09 07:30
            Wed 10 06:30 - Wed 10 07:30
            Thu 11 06:30 - Thu 11 07:30
            Fri 12 06:30 - Fri 12 07:30
            Sat 13 06:30 - Sat 13 07:30
            Sun 14 06:30 - Sun 14 07:00
        "#]],
    );
    check(
        "Mon-Sun 01:45-02:00 Australia/Lord_Howe",
        "2027-04-03T12:00:00Z",
        expect![[r#"
        Mon 29 ···▐············································
        Tue 30 ···▐············································
        Wed 31 ···▐············································
        Thu 01 ···▐············································
        Fri 02 ···▐············································
        Sat 03 ···▐············································
        Sun 04 ···█············································  clocks go back from 02:00 to 01:30
        Sun 28 14:45 - Sun 28 15:00
        Mon 29 14:45 - Mon 29 15:00
        Tue 30 14:45 - Tue 30 15:00
        Wed 31 14:45 - Wed 31 15:00
        Thu 01 14:45 - Thu 01 15:00
        Fri 02 14:45 - Fri 02 15:00
        Sat 03 14:45 - Sat 03 15:30
    "#]],
    );
    check(
        "Fri-Sun 22:00-04:00 Pacific/Apia",
        "2011-12-28T12:00:00Z",
        expect![[r#"
            Mon 26 ████████········································
            Tue 27 ················································
            Wed 28 ················································
            Thu 29 ················································
            Fri 30                                                 
            Sat 31 ████████····································████  clocks go forward from Fri 00:00 to Sat 00:00
            Sun 01 ████████····································████
            … - Mon 26 14:00
            Fri 30 10:00 - Fri 30 14:00
            Sat 31 08:00 - Sat 31 14:00
            Sun 01 08:00 - …
        "#]],
    );
}

#[test]
fn what_goes_over_the_edges_of_the_picture_has_no_end_there() {
    check(
        "Sun 22:00-06:00 Europe/Berlin",
        "2026-11-18T12:00:00Z",
        expect![[r#"
        Mon 16 ████████████····································
        Tue 17 ················································
        Wed 18 ················································
        Thu 19 ················································
        Fri 20 ················································
        Sat 21 ················································
        Sun 22 ············································████
        … - Mon 16 05:00
        Sun 22 21:00 - …
    "#]],
    );
    let always = schedule("Mon-Sun 00:00-24:00 UTC");
    let all = weeks(&always, Zone::UTC, at("2026-11-18T12:00:00Z"), 1).expect("a week");
    assert_eq!((all.windows.len(), all.windows[0].start, all.windows[0].end, all.changes.len()), (1, None, None, 0));
    assert_eq!((all.uptime.hours_up_per_week, all.uptime.share_saved), (168.0, 0.0));
}

#[test]
fn what_is_saved_is_an_average_of_whole_weeks() {
    let office = schedule("Mon-Fri 08:00-20:00 America/New_York");
    let uptime = weeks(&office, Zone::UTC, at("2026-11-18T12:34:56Z"), 1).expect("a week").uptime;
    assert_eq!((uptime.hours_up_per_week, uptime.hours_left_per_week), (60.0, 0.0));
    assert!((uptime.share_saved - 108.0 / 168.0).abs() < 1e-9, "{uptime:?}");
    let one_sided = r#"{ "periods": [{ "endtime": "18:00" }], "timezone": "UTC" }"#;
    let leaves = Schedule::parse(one_sided, Some(Grammar::InstanceScheduler), None).expect("a schedule");
    let shown = weeks(&leaves, Zone::UTC, at("2026-11-18T12:34:56Z"), 1).expect("a week");
    assert_eq!((shown.uptime.hours_left_per_week, shown.uptime.share_saved), (126.0, 0.25));
    assert_eq!(shown.days[0].strip.to_string(), "░".repeat(36) + &"·".repeat(12));
}

#[test]
fn a_picture_has_its_limits() {
    let office = schedule("Mon-Fri 08:00-20:00 America/New_York");
    let now = at("2026-11-18T12:00:00Z");
    assert_eq!(weeks(&office, Zone::UTC, now, 0), Err(NotShown::Weeks(0)));
    assert_eq!(weeks(&office, Zone::UTC, now, 54), Err(NotShown::Weeks(54)));
    assert_eq!(weeks(&office, Zone::UTC, now, 53).map(|weeks| weeks.days.len()), Ok(371));
}

#[test]
fn two_schedules_are_compared_stretch_by_stretch() {
    let (a, b) = (schedule("Mon-Fri 08:00-20:00 America/New_York"), schedule("Mon-Thu 09:00-20:00 America/New_York"));
    let (from, to) = (at("2026-11-19T00:00:00Z"), at("2026-11-23T00:00:00Z"));
    let told = |found: Vec<curfew_core::outlook::Disagreement>| {
        let lines = found.iter().map(|one| format!("{} - {} {} {}\n", one.from, one.to, one.a, one.b));
        lines.collect::<String>()
    };
    expect![[r#"
        2026-11-19 13:00:00 UTC - 2026-11-19 14:00:00 UTC up down
        2026-11-20 13:00:00 UTC - 2026-11-21 01:00:00 UTC up down
    "#]]
    .assert_eq(&told(disagreements(&a, &b, from, to)));
    assert_eq!(disagreements(&a, &a.clone(), from, to), []);
    let same = schedule("Mon-Fri 13:00-01:00 UTC");
    assert_eq!(disagreements(&a, &same, from, to), [], "the same by another clock, in winter");
}

fn a_schedule() -> impl Strategy<Value = Schedule> {
    let zone = prop_oneof![Just("America/New_York"), Just("Europe/Berlin"), Just("Australia/Lord_Howe"), Just("UTC")];
    let days = prop_oneof![Just("Mon-Fri"), Just("Sat"), Just("Mon-Sun"), Just("Fri-Mon")];
    (days, 0..24_u32, 1..24_u32, zone).prop_map(|(days, start, length, zone)| {
        schedule(&format!("{days} {start:02}:30-{:02}:30 {zone}", (start + length) % 24))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn differences_are_where_the_two_differ_and_nowhere_else(
        a in a_schedule(), b in a_schedule(), first in 0..(360 * 24_i64), length in 1..300_i64,
    ) {
        let from = at("2026-01-01T00:10:00Z") + TimeDelta::hours(first);
        let to = from + TimeDelta::hours(length);
        let found = disagreements(&a, &b, from, to);
        for quarter in 0..length * 4 {
            let now = from + TimeDelta::minutes(15 * quarter);
            let inside = found.iter().find(|one| one.from <= now && now < one.to).map(|one| (one.a, one.b));
            let (said, other) = (a.at(now), b.at(now));
            prop_assert_eq!(inside, (said != other).then_some((said, other)), "{} and {} at {}", a, b, now);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].to < pair[1].from
            || pair[0].to == pair[1].from && (pair[0].a, pair[0].b) != (pair[1].a, pair[1].b)));
        let whole = stretches(&a, from, to);
        prop_assert_eq!((whole[0].from, whole[whole.len() - 1].to), (from, to));
        prop_assert!(whole.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].state != pair[1].state));
    }
}

#[test]
fn each_line_is_answered_with_one() {
    let mut answerer = Answerer::default();
    let lines = [
        r#"{"id":1,"schedule":"Mon-Fri 08:00-20:00 America/New_York","grammar":"auto","zone":null,"at":"2026-11-18T12:00:00Z"}"#,
        r#"{"id":{"any":[1.50,"ü"]},"schedule":"Mon-Fri 08:00-20:00 America/New_York","at":"2026-11-18T08:00:00-05:00"}"#,
        r#"{"id":12345678901234567890123,"schedule":"Mon-Fri 08:00-20:00 America/New_York","at":null}"#,
        r#"{"schedule":"Mon-Sun 00:00-24:00 UTC","at":"2026-11-18T12:00:00.5Z","note":"for the asker"}"#,
        r#"{"id":"c","schedule":"off=(M-F,19);on=(M-F,7);tz=pt","grammar":"custodian","at":"2026-11-18T12:00:00Z"}"#,
        r#"{"id":"k","schedule":"Mon-Fri 08:00-20:00","grammar":"kube-downscaler","zone":"Europe/Berlin","at":"2026-11-18T12:00:00Z"}"#,
        r#"{"id":"i","schedule":{"periods":[{"endtime":"18:00"}]},"zone":"UTC","at":"2026-11-18T12:00:00Z"}"#,
        r#"{"id":2,"schedule":"Mon-Fri 8-20","at":null}"#,
        r#"{"id":3,"schedule":"Mon-Fri 08:00-20:00 UTC","at":"tomorrow"}"#,
        r#"{"id":4,"schedule":"Mon-Fri 08:00-20:00 UTC","grammar":"cron","at":null}"#,
        r#"{"id":5,"schedule":"Mon-Fri 08:00-20:00 UTC","zone":"Mars/Olympus","at":null}"#,
        r#"{"id":6,"schedule":["Mon-Fri 08:00-20:00 UTC"],"at":null}"#,
        r#"{"id":7,"at":null}"#,
        r#"{"id":8,"schedule":"Mon-Fri 08:00-20:00 UTC","zone":8,"at":null}"#,
        r#"{"id":9,"schedule":"Mon-Fri 08:00-20:00 U\u0054C","at":"2026-11-18T12:00:00Z"}"#,
        r#"{"id":"et","schedule":"off=(m-f,20);on=(m-f,8)","zone":"et","at":"2026-11-18T12:00:00Z"}"#,
        r#"{"id":"pt","schedule":{"offhour":20,"onhour":8},"grammar":"custodian","zone":"PT","at":"2026-11-18T12:00:00Z"}"#,
        r#"{"id":"n","schedule":"Mon-Fri 08:00-20:00","zone":"et","at":null}"#,
        r#"["id"]"#,
        "",
        "nothing of the kind",
    ];
    let answers: String = lines.iter().map(|line| answerer.answer(line.as_bytes()) + "\n").collect();
    expect![[r#"
        {"id":1,"state":"down","until":"2026-11-18T13:00:00Z","then":"up"}
        {"id":{"any":[1.50,"ü"]},"state":"up","until":"2026-11-19T01:00:00Z","then":"down"}
        {"id":12345678901234567890123,"valid":true}
        {"id":null,"state":"up","until":null,"then":null}
        {"id":"c","state":"down","until":"2026-11-18T15:00:00Z","then":"up"}
        {"id":"k","state":"up","until":"2026-11-18T19:00:00Z","then":"down"}
        {"id":"i","state":"leave","until":"2026-11-18T18:00:00Z","then":"down"}
        {"id":2,"error":"schedule: expected a time from `00:00` to `24:00`, found `8`\n  Mon-Fri 8-20\n          ^"}
        {"id":3,"error":"at: `tomorrow` is not an instant such as 2026-11-21T20:00:00Z"}
        {"id":4,"error":"grammar: `cron` is not a grammar; they are native, custodian, kube-downscaler and instance-scheduler, or auto"}
        {"id":5,"error":"zone: `Mars/Olympus` is not a time zone of the IANA database"}
        {"id":6,"error":"schedule: a text or an object is wanted"}
        {"id":7,"error":"schedule: it is missing; a text or an object is wanted"}
        {"id":8,"error":"zone: a text or null is wanted"}
        {"id":9,"state":"up","until":"2026-11-18T20:00:00Z","then":"down"}
        {"id":"et","state":"down","until":"2026-11-18T13:00:00Z","then":"up"}
        {"id":"pt","state":"down","until":"2026-11-18T16:00:00Z","then":"up"}
        {"id":"n","error":"zone: `et` is not a time zone of the IANA database"}
        {"id":null,"error":"the line is no question: a JSON object is wanted"}
        {"id":null,"error":"the line is no question: a JSON object is wanted"}
        {"id":null,"error":"the line is no question: a JSON object is wanted"}
    "#]].assert_eq(&answers);
    assert_eq!(answerer.answer(b"{\"id\":\"\xff\"}").lines().count(), 1, "not even UTF-8");
    let again: String = lines.iter().map(|line| answerer.answer(line.as_bytes()) + "\n").collect();
    assert_eq!(again, answers, "what was read before is answered the same");
}

#[test]
fn more_schedules_than_are_kept_are_answered_all_the_same() {
    let mut answerer = Answerer::default();
    for _ in 0..2 {
        for minute in 0..1440_u32 {
            let (hours, minutes) = (minute / 60, minute % 60);
            let line = format!(
                r#"{{"id":{minute},"schedule":"Mon-Sun {hours:02}:{minutes:02}-24:00 UTC","at":"2026-11-18T00:00:00Z"}}"#
            );
            let answer = answerer.answer(line.as_bytes());
            let state = if minute == 0 { State::Up } else { State::Down };
            assert!(answer.starts_with(&format!(r#"{{"id":{minute},"state":"{state}""#)), "{answer}");
        }
    }
}
