//! When an environment should be up, to the second, also when clocks are changed.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::at;
use chrono::TimeDelta;
use curfew_core::schedule::{Schedule, State};

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
