//! When an environment should be up, to the second, also when clocks are changed.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use chrono::TimeDelta;
use curfew_core::schedule::{Defaults, Schedule, State};
use expect_test::{Expect, expect};
use support::at;

fn schedule(text: &str) -> Schedule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Checks that after an instant at which it is down, it goes up and down at these.
fn check(text: &str, after: &str, changes: &[&str]) {
    let schedule = schedule(text);
    let (mut now, mut state) = (at(after), State::Down);
    assert_eq!(schedule.at(now), state, "{text} at {now}");
    for change in changes {
        let found = schedule.next_change(now).expect("it changes");
        now = found.at;
        assert_eq!(now, at(change), "{text}");
        assert_eq!(schedule.at(now - TimeDelta::seconds(1)), state, "{text} just before {now}");
        state = found.to;
        assert_eq!(schedule.at(now), state, "{text} at {now}: windows are half-open");
    }
}

#[test]
fn a_window_is_read_in_its_zone() {
    check(
        "Mon-Fri 08:00-20:00 America/New_York",
        "2026-11-21T12:00:00Z",
        &["2026-11-23T13:00:00Z", "2026-11-24T01:00:00Z", "2026-11-24T13:00:00Z", "2026-11-25T01:00:00Z"],
    );
    check("Sat 09:30-10:00 Asia/Kolkata", "2026-11-20T12:00:00Z", &["2026-11-21T04:00:00Z", "2026-11-21T04:30:00Z"]);
}

#[test]
fn a_window_that_ends_before_it_begins_ends_the_next_day() {
    check(
        "Fri 22:00-06:00 UTC",
        "2026-11-20T12:00:00Z",
        &["2026-11-20T22:00:00Z", "2026-11-21T06:00:00Z", "2026-11-27T22:00:00Z"],
    );
    check("Mon 12:00-00:00 UTC", "2026-11-23T11:59:59Z", &["2026-11-23T12:00:00Z", "2026-11-24T00:00:00Z"]);
}

#[test]
fn windows_that_touch_are_one() {
    check("Mon-Fri 00:00-24:00 UTC", "2026-11-22T00:00:00Z", &["2026-11-23T00:00:00Z", "2026-11-28T00:00:00Z"]);
}

#[test]
fn days_go_over_the_weekend_where_that_is_the_way() {
    check(
        "Sun-Mon 08:00-20:00 UTC",
        "2026-11-21T00:00:00Z",
        &[
            "2026-11-22T08:00:00Z",
            "2026-11-22T20:00:00Z",
            "2026-11-23T08:00:00Z",
            "2026-11-23T20:00:00Z",
            "2026-11-29T08:00:00Z",
        ],
    );
    check("Fri-Mon 00:00-24:00 UTC", "2026-11-19T00:00:00Z", &["2026-11-20T00:00:00Z", "2026-11-24T00:00:00Z"]);
}

#[test]
fn a_schedule_that_is_always_up_never_changes() {
    let always = schedule("Mon-Sun 00:00-24:00 Europe/Berlin");
    assert_eq!(always.next_change(at("2026-11-21T00:00:00Z")), None);
    assert_eq!(always.at(at("2026-10-25T00:59:59Z")), State::Up);
}

#[test]
fn a_boundary_in_a_spring_gap_takes_effect_at_the_first_instant_after_it() {
    // New York, 8 March 2026: 02:00 is 03:00. Berlin, 29 March. Lord Howe, 4 October, by half an hour.
    check(
        "Sun 02:30-12:00 America/New_York",
        "2026-03-08T00:00:00Z",
        &["2026-03-08T07:00:00Z", "2026-03-08T16:00:00Z"],
    );
    check(
        "Sat 20:00-02:30 America/New_York",
        "2026-03-08T00:00:00Z",
        &["2026-03-08T01:00:00Z", "2026-03-08T07:00:00Z"],
    );
    check("Sun 02:30-12:00 Europe/Berlin", "2026-03-28T12:00:00Z", &["2026-03-29T01:00:00Z", "2026-03-29T10:00:00Z"]);
    check(
        "Sun 02:15-12:00 Australia/Lord_Howe",
        "2026-10-03T00:00:00Z",
        &["2026-10-03T15:30:00Z", "2026-10-04T01:00:00Z"],
    );
    check(
        "Sun 02:30-12:00 Africa/Casablanca",
        "2026-03-21T12:30:00Z",
        &["2026-03-22T02:00:00Z", "2026-03-22T11:00:00Z"],
    );
    check("Sun 02:15-02:45 Europe/Berlin", "2026-03-28T12:00:00Z", &["2026-04-05T00:15:00Z", "2026-04-05T00:45:00Z"]);
}

#[test]
fn a_start_in_the_repeated_hour_counts_at_its_first_occurrence_and_an_end_at_its_last() {
    check(
        "Sun 01:30-12:00 America/New_York",
        "2026-11-01T00:00:00Z",
        &["2026-11-01T05:30:00Z", "2026-11-01T17:00:00Z"],
    );
    check(
        "Sat 20:00-01:30 America/New_York",
        "2026-10-31T12:00:00Z",
        &["2026-11-01T00:00:00Z", "2026-11-01T06:30:00Z"],
    );
    check("Sun 02:30-12:00 Europe/Berlin", "2026-10-24T12:00:00Z", &["2026-10-25T00:30:00Z", "2026-10-25T11:00:00Z"]);
    check("Sun 02:15-02:45 Europe/Berlin", "2026-10-24T12:00:00Z", &["2026-10-25T00:15:00Z", "2026-10-25T01:45:00Z"]);
    check(
        "Sun 01:45-12:00 Australia/Lord_Howe",
        "2026-04-04T00:00:00Z",
        &["2026-04-04T14:45:00Z", "2026-04-05T01:30:00Z"],
    );
    check(
        "Sat 20:00-01:45 Australia/Lord_Howe",
        "2026-04-04T00:00:00Z",
        &["2026-04-04T09:00:00Z", "2026-04-04T15:15:00Z"],
    );
    check(
        "Sun 02:30-12:00 Africa/Casablanca",
        "2026-02-14T12:30:00Z",
        &["2026-02-15T01:30:00Z", "2026-02-15T12:00:00Z"],
    );
}

#[test]
fn a_day_that_a_zone_leaves_out_has_no_window() {
    // Apia went from 29 to 31 December 2011.
    check("Fri 08:00-20:00 Pacific/Apia", "2011-12-24T07:00:00Z", &["2012-01-05T18:00:00Z", "2012-01-06T06:00:00Z"]);
    check(
        "Thu-Sat 08:00-20:00 Pacific/Apia",
        "2011-12-29T17:00:00Z",
        &["2011-12-29T18:00:00Z", "2011-12-30T06:00:00Z", "2011-12-30T18:00:00Z"],
    );
}

/// Shows the state at an instant and the next changes, in UTC.
fn changes(text: &str, from: &str, count: usize) -> String {
    let schedule = schedule(text);
    let mut now = at(from);
    let mut told = vec![format!("{} -> {}", schedule, schedule.at(now))];
    for _ in 0..count {
        let Some(change) = schedule.next_change(now) else {
            told.push("for good".to_owned());
            break;
        };
        now = change.at;
        told.push(format!("{} {}", now.format("%a %Y-%m-%d %H:%M"), change.to));
    }
    told.join("\n")
}

fn shows(text: &str, from: &str, count: usize, expected: &Expect) {
    expected.assert_eq(&changes(text, from, count));
}

#[test]
fn an_overnight_window_belongs_to_the_day_it_starts_on() {
    // Saturday until 06:00 is up, Monday until 06:00 is not.
    shows(
        "Mon-Fri 22:00-06:00 UTC",
        "2026-11-20T12:00:00Z",
        4,
        &expect![[r#"
        Mon-Fri 22:00-06:00 UTC -> down
        Fri 2026-11-20 22:00 up
        Sat 2026-11-21 06:00 down
        Mon 2026-11-23 22:00 up
        Tue 2026-11-24 06:00 down"#]],
    );
}

#[test]
fn windows_that_touch_or_overlap_are_one() {
    shows(
        "Mon 08:00-12:00, 12:00-20:00, 19:00-21:00 UTC",
        "2026-11-23T09:00:00Z",
        2,
        &expect![[r#"
        Mon 08:00-12:00, 12:00-20:00, 19:00-21:00 UTC -> up
        Mon 2026-11-23 21:00 down
        Mon 2026-11-30 08:00 up"#]],
    );
    shows(
        "Mon-Fri 00:00-24:00; Sat-Sun 00:00-24:00 UTC",
        "2026-11-23T09:00:00Z",
        1,
        &expect![[r#"
        Mon-Fri 00:00-24:00; Sat-Sun 00:00-24:00 UTC -> up
        for good"#]],
    );
    shows(
        "Jan-Jun 00:00-24:00; Jul-Dec 00:00-24:00 UTC",
        "2026-11-23T09:00:00Z",
        1,
        &expect![[r#"
        Jan-Jun 00:00-24:00; Jul-Dec 00:00-24:00 UTC -> up
        for good"#]],
    );
}

#[test]
fn always_and_never_do_not_change_but_for_exceptions() {
    shows(
        "always",
        "2026-11-23T09:00:00Z",
        1,
        &expect![[r#"
        always -> up
        for good"#]],
    );
    shows(
        "Never Europe/Berlin",
        "2026-11-23T09:00:00Z",
        1,
        &expect![[r#"
        never Europe/Berlin -> down
        for good"#]],
    );
    shows(
        "always Europe/Berlin except 2026-12-25",
        "2026-11-23T09:00:00Z",
        3,
        &expect![[r#"
        always Europe/Berlin except 2026-12-25 -> up
        Thu 2026-12-24 23:00 down
        Fri 2026-12-25 23:00 up
        for good"#]],
    );
}

#[test]
fn each_window_has_its_zone_or_that_of_the_next() {
    let zones = "Mon 08:00-09:00; Tue 08:00-09:00 Europe/Berlin, Wed 08:00-09:00 Asia/Kathmandu";
    shows(
        zones,
        "2026-11-22T00:00:00Z",
        6,
        &expect![[r#"
        Mon 08:00-09:00; Tue 08:00-09:00 Europe/Berlin; Wed 08:00-09:00 Asia/Kathmandu -> down
        Mon 2026-11-23 07:00 up
        Mon 2026-11-23 08:00 down
        Tue 2026-11-24 07:00 up
        Tue 2026-11-24 08:00 down
        Wed 2026-11-25 02:15 up
        Wed 2026-11-25 03:15 down"#]],
    );
}

#[test]
fn days_of_the_month_are_counted_in_each_month() {
    shows(
        "first,third Mon, last Fri 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        5,
        &expect![[r#"
        first Mon,third Mon,last Fri 08:00-20:00 UTC -> down
        Mon 2026-11-02 08:00 up
        Mon 2026-11-02 20:00 down
        Mon 2026-11-16 08:00 up
        Mon 2026-11-16 20:00 down
        Fri 2026-11-27 08:00 up"#]],
    );
    shows(
        "fifth Sat 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        3,
        &expect![[r#"
        fifth Sat 08:00-20:00 UTC -> down
        Sat 2027-01-30 08:00 up
        Sat 2027-01-30 20:00 down
        Sat 2027-05-29 08:00 up"#]],
    );
    shows(
        "last day 22:00-06:00 UTC",
        "2027-01-31T00:00:00Z",
        4,
        &expect![[r#"
        last day 22:00-06:00 UTC -> down
        Sun 2027-01-31 22:00 up
        Mon 2027-02-01 06:00 down
        Sun 2027-02-28 22:00 up
        Mon 2027-03-01 06:00 down"#]],
    );
    shows(
        "day 15,30,last 08:00-20:00 UTC",
        "2027-01-31T00:00:00Z",
        8,
        &expect![[r#"
        day 15,30,last 08:00-20:00 UTC -> down
        Sun 2027-01-31 08:00 up
        Sun 2027-01-31 20:00 down
        Mon 2027-02-15 08:00 up
        Mon 2027-02-15 20:00 down
        Sun 2027-02-28 08:00 up
        Sun 2027-02-28 20:00 down
        Mon 2027-03-15 08:00 up
        Mon 2027-03-15 20:00 down"#]],
    );
    shows(
        "day 1-7 Mon 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        3,
        &expect![[r#"
        Mon day 1-7 08:00-20:00 UTC -> down
        Mon 2026-11-02 08:00 up
        Mon 2026-11-02 20:00 down
        Mon 2026-12-07 08:00 up"#]],
    );
}

#[test]
fn months_go_over_the_new_year_where_that_is_the_way() {
    shows(
        "Nov-Feb last Sun 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        9,
        &expect![[r#"
        Nov-Feb last Sun 08:00-20:00 UTC -> down
        Sun 2026-11-29 08:00 up
        Sun 2026-11-29 20:00 down
        Sun 2026-12-27 08:00 up
        Sun 2026-12-27 20:00 down
        Sun 2027-01-31 08:00 up
        Sun 2027-01-31 20:00 down
        Sun 2027-02-28 08:00 up
        Sun 2027-02-28 20:00 down
        Sun 2027-11-28 08:00 up"#]],
    );
}

#[test]
fn dates_that_are_rare_or_never_come_are_found_at_once() {
    shows(
        "Feb Mon day 29 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        3,
        &expect![[r#"
        Feb Mon day 29 08:00-20:00 UTC -> down
        Mon 2044-02-29 08:00 up
        Mon 2044-02-29 20:00 down
        Mon 2072-02-29 08:00 up"#]],
    );
    shows(
        "Feb day 29 Mon 08:00-20:00 UTC",
        "2080-01-01T00:00:00Z",
        3,
        &expect![[r#"
        Feb Mon day 29 08:00-20:00 UTC -> down
        Mon 2112-02-29 08:00 up
        Mon 2112-02-29 20:00 down
        Mon 2140-02-29 08:00 up"#]],
    );
    shows(
        "Feb day 30 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        1,
        &expect![[r#"
        Feb day 30 08:00-20:00 UTC -> down
        for good"#]],
    );
}

#[test]
fn a_single_range_comes_once() {
    shows(
        "2026-12-21T00:00-2027-01-02T00:00 Europe/Berlin",
        "2026-11-01T00:00:00Z",
        3,
        &expect![[r#"
        2026-12-21T00:00-2027-01-02T00:00 Europe/Berlin -> down
        Sun 2026-12-20 23:00 up
        Fri 2027-01-01 23:00 down
        for good"#]],
    );
    let beside = "Mon-Fri 08:00-20:00 UTC; 2026-11-27T18:00-2026-11-30T09:00 UTC";
    shows(
        beside,
        "2026-11-27T12:00:00Z",
        2,
        &expect![[r#"
        Mon-Fri 08:00-20:00; 2026-11-27T18:00-2026-11-30T09:00 UTC -> up
        Mon 2026-11-30 20:00 down
        Tue 2026-12-01 08:00 up"#]],
    );
}

#[test]
fn no_window_begins_on_an_exception() {
    // The night that began the evening before goes on; a single range names its dates itself.
    let night = "Mon-Sun 22:00-06:00 UTC except 2026-12-24..2026-12-25";
    shows(
        night,
        "2026-12-23T12:00:00Z",
        4,
        &expect![[r#"
        Mon-Sun 22:00-06:00 UTC except 2026-12-24..2026-12-25 -> down
        Wed 2026-12-23 22:00 up
        Thu 2026-12-24 06:00 down
        Sat 2026-12-26 22:00 up
        Sun 2026-12-27 06:00 down"#]],
    );
    let beside = "Mon-Fri 08:00-20:00 UTC except 2026-12-21..2027-01-01; 2026-12-28T08:00-2026-12-28T12:00 UTC";
    shows(
        beside,
        "2026-12-18T21:00:00Z",
        4,
        &expect![[r#"
        Mon-Fri 08:00-20:00 UTC except 2026-12-21..2027-01-01; 2026-12-28T08:00-2026-12-28T12:00 UTC -> down
        Mon 2026-12-28 08:00 up
        Mon 2026-12-28 12:00 down
        Mon 2027-01-04 08:00 up
        Mon 2027-01-04 20:00 down"#]],
    );
    let shared = "Mon 08:00-20:00; Tue 08:00-20:00 UTC except 2026-11-23, 2026-11-24; Wed 08:00-09:00 UTC";
    shows(
        shared,
        "2026-11-22T00:00:00Z",
        3,
        &expect![[r#"
        Mon 08:00-20:00; Tue 08:00-20:00 UTC except 2026-11-23..2026-11-24; Wed 08:00-09:00 UTC -> down
        Wed 2026-11-25 08:00 up
        Wed 2026-11-25 09:00 down
        Mon 2026-11-30 08:00 up"#]],
    );
    let all = "Mon 08:00-20:00 UTC; Tue 08:00-20:00 Europe/Berlin; except 2026-11-23..2026-11-24";
    shows(
        all,
        "2026-11-22T00:00:00Z",
        1,
        &expect![[r#"
        Mon 08:00-20:00 UTC except 2026-11-23..2026-11-24; Tue 08:00-20:00 Europe/Berlin except 2026-11-23..2026-11-24 -> down
        Mon 2026-11-30 08:00 up"#]],
    );
}

#[test]
fn case_and_spaces_do_not_matter() {
    let text = "  MONDAY - thu,sat 08:00 - 12:00 ,13:00-18:00\n Europe/Berlin  EXCEPT 2026-11-24 .. 2026-11-26 ; ";
    shows(
        text,
        "2026-11-23T12:30:00Z",
        4,
        &expect![[r#"
        Mon-Thu,Sat 08:00-12:00, 13:00-18:00 Europe/Berlin except 2026-11-24..2026-11-26 -> up
        Mon 2026-11-23 17:00 down
        Sat 2026-11-28 07:00 up
        Sat 2026-11-28 11:00 down
        Sat 2026-11-28 12:00 up"#]],
    );
}

#[test]
fn a_zone_may_be_given_from_outside() {
    let defaults = Defaults { zone: Some(chrono_tz::Tz::Asia__Tokyo), holidays: None };
    let read = |text: &str| Schedule::parse_with(text, &defaults).expect("a schedule").to_string();
    assert_eq!(read("Mon 08:00-20:00"), "Mon 08:00-20:00 Asia/Tokyo");
    assert_eq!(read("Mon 08:00-20:00 UTC; Tue 08:00-20:00"), "Mon 08:00-20:00 UTC; Tue 08:00-20:00 Asia/Tokyo");
    assert_eq!(read("always"), "always Asia/Tokyo");
}

#[test]
fn windows_that_fill_the_week_are_left_by_exceptions_alone() {
    let nights = "Mon-Fri 00:00-24:00; Sat-Mon 00:00-08:00; Sat-Sun 07:00-24:00 UTC except 2026-12-26";
    shows(
        nights,
        "2026-12-25T09:00:00Z",
        3,
        &expect![[r#"
        Mon-Fri 00:00-24:00; Sat-Mon 00:00-08:00; Sat-Sun 07:00-24:00 UTC except 2026-12-26 -> up
        Sat 2026-12-26 00:00 down
        Sun 2026-12-27 00:00 up
        for good"#]],
    );
    let around_the_clock = "Mon-Sun 06:00-18:00, 18:00-06:00 Europe/Berlin except 2026-12-25";
    shows(
        around_the_clock,
        "2026-12-24T09:00:00Z",
        3,
        &expect![[r#"
        Mon-Sun 06:00-18:00, 18:00-06:00 Europe/Berlin except 2026-12-25 -> up
        Fri 2026-12-25 05:00 down
        Sat 2026-12-26 05:00 up
        for good"#]],
    );
    let holed = "Mon-Sun 06:00-18:00, 18:01-06:00 UTC";
    shows(
        holed,
        "2026-12-24T09:00:00Z",
        2,
        &expect![[r#"
        Mon-Sun 06:00-18:00, 18:01-06:00 UTC -> up
        Thu 2026-12-24 18:00 down
        Thu 2026-12-24 18:01 up"#]],
    );
}
