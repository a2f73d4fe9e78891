//! When an environment should be up, to the second, also when clocks are changed.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use curfew_core::schedule::{Schedule, State};
use expect_test::{Expect, expect};
use proptest::prelude::*;
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

#[test]
fn what_is_no_schedule_is_told_by_the_part_that_is_wrong() {
    let texts = [
        "",
        "always",
        "Mon-Fri 08:00-20:00",
        "Mon-Fri 08:00-20:00 New York",
        "Mon-Fri 08:00-20:00 EST5",
        "Mo-Fr 08:00-20:00 UTC",
        "Mon,Tue 08:00-20:00 UTC",
        "Mon-Fri 8:00-20:00 UTC",
        "Mon-Fri 08:00-20:60 UTC",
        "Mon-Fri 08:00-24:01 UTC",
        "Mon-Fri 24:00-08:00 UTC",
        "Mon-Fri 08:00-08:00 UTC",
        "Mon-Fri 08:00 UTC",
        "Mon-Fri +8:00-20:00 UTC",
    ];
    let told: Vec<String> = texts
        .map(|text| text.parse::<Schedule>().expect_err(text).to_string())
        .iter()
        .map(|message| message.lines().next().unwrap_or_default().to_owned())
        .collect();
    let expected: Expect = expect![[r#"
        `` is not days, times and a time zone
        `always` is not days, times and a time zone
        `Mon-Fri 08:00-20:00` is not days, times and a time zone
        `Mon-Fri 08:00-20:00 New York` is not days, times and a time zone
        `EST5` is not a time zone of the IANA database
        `Mo-Fr` is not a day (Mon) or days (Mon-Fri)
        `Mon,Tue` is not a day (Mon) or days (Mon-Fri)
        `8:00-20:00` is not a time from and a time to (08:00-20:00)
        `08:00-20:60` is not a time from and a time to (08:00-20:00)
        `08:00-24:01` is not a time from and a time to (08:00-20:00)
        `24:00-08:00` is not a time from and a time to (08:00-20:00)
        `08:00-08:00` is not a time from and a time to (08:00-20:00)
        `08:00` is not a time from and a time to (08:00-20:00)
        `+8:00-20:00` is not a time from and a time to (08:00-20:00)"#]];
    expected.assert_eq(&told.join("\n"));
}

const ZONES: [Tz; 7] = [
    Tz::America__New_York,
    Tz::Europe__Berlin,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Apia,
    Tz::Africa__Casablanca,
    Tz::Asia__Kolkata,
    Tz::UTC,
];

/// When clocks were or will be changed somewhere in [`ZONES`].
const TRANSITIONS: [&str; 11] = [
    "2026-03-08T07:00:00Z",
    "2026-11-01T06:00:00Z",
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-10-03T15:30:00Z",
    "2026-04-04T15:00:00Z",
    "2011-12-30T10:00:00Z",
    "2012-04-01T00:00:00Z",
    "2026-02-15T02:00:00Z",
    "2026-03-22T02:00:00Z",
    "2026-07-01T12:00:00Z",
];

const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A schedule as its parts.
#[derive(Debug, Clone, Copy)]
struct Parts {
    first: usize,
    last: usize,
    start: i64,
    end: i64,
    zone: Tz,
}

impl Parts {
    fn text(self) -> String {
        let time = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let days = if self.first == self.last {
            DAYS[self.first].to_string()
        } else {
            format!("{}-{}", DAYS[self.first], DAYS[self.last])
        };
        format!("{days} {}-{} {}", time(self.start), time(self.end), self.zone)
    }

    /// Reads the definition literally, minute by minute.
    fn is_up(self, now: DateTime<Utc>) -> bool {
        let today = now.with_timezone(&self.zone).date_naive();
        (0..6).map(|ago| today + Days::new(2) - Days::new(ago)).any(|day| {
            let number = day.weekday().num_days_from_monday() as usize;
            let length = (self.last + 7 - self.first) % 7;
            if (number + 7 - self.first) % 7 > length {
                return false;
            }
            let last_day = if self.end <= self.start { day + Days::new(1) } else { day };
            self.instant(day, self.start, true) <= now && now < self.instant(last_day, self.end, false)
        })
    }

    /// Walks through all minutes in which this local time could be.
    fn instant(self, day: NaiveDate, minutes: i64, first: bool) -> DateTime<Utc> {
        let wanted = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
        let local = |minute: i64| -> (DateTime<Utc>, NaiveDateTime) {
            let instant = (wanted + TimeDelta::minutes(minute)).and_utc();
            (instant, instant.with_timezone(&self.zone).naive_local())
        };
        let around: Vec<_> = (-15 * 60..15 * 60).map(local).collect();
        let mut occurrences = around.iter().filter(|(_, local)| *local == wanted);
        let found = if first { occurrences.next() } else { occurrences.next_back() };
        found.or_else(|| around.iter().find(|(_, local)| *local > wanted)).expect("it comes").0
    }
}

fn parts() -> impl Strategy<Value = Parts> {
    let quarter = |range: std::ops::RangeInclusive<i64>| range.prop_map(|quarters| quarters * 15);
    (0..7_usize, 0..7_usize, quarter(0..=95), quarter(0..=96), prop::sample::select(&ZONES[..]))
        .prop_map(|(first, last, start, end, zone)| Parts { first, last, start, end, zone })
        .prop_filter("a window has a length", |parts| parts.start != parts.end)
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (prop::sample::select(&TRANSITIONS[..]), -2 * 24 * 60..2 * 24 * 60_i64)
        .prop_map(|(transition, minutes)| at(transition) + TimeDelta::minutes(minutes))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_schedule_written_and_read_again_is_the_same(parts in parts()) {
        let schedule = schedule(&parts.text());
        prop_assert_eq!(&schedule.to_string().parse::<Schedule>(), &Ok(schedule.clone()));
        prop_assert_eq!(schedule.zone(), parts.zone);
    }

    #[test]
    fn it_is_up_when_a_naive_reading_says_so(parts in parts(), now in instant()) {
        prop_assert_eq!(schedule(&parts.text()).at(now) == State::Up, parts.is_up(now), "{} at {}", parts.text(), now);
    }

    #[test]
    fn the_next_change_is_exact_and_none_is_skipped(parts in parts(), now in instant()) {
        let schedule = schedule(&parts.text());
        let state = schedule.at(now);
        if let Some(change) = schedule.next_change(now) {
            prop_assert!(change.at > now);
            prop_assert_eq!(schedule.at(change.at), change.to);
            prop_assert!(change.to != state);
            prop_assert_eq!(schedule.at(change.at - TimeDelta::milliseconds(1)), state);
            let minutes = (change.at - now).num_minutes();
            for minute in 0..minutes {
                prop_assert_eq!(schedule.at(now + TimeDelta::minutes(minute)), state, "{} at {}", parts.text(), now);
            }
        } else {
            for quarter in 0..20 * 96 {
                prop_assert_eq!(schedule.at(now + TimeDelta::minutes(15 * quarter)), state);
            }
        }
    }
}
