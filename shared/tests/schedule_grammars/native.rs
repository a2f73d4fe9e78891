//! Curfew's own grammar.

use curfew_core::schedule::{Defaults, Grammar, Schedule};
use curfew_core::zones::Zone;
use expect_test::{Expect, expect};

fn shows(text: &str, from: &str, count: usize, expected: &Expect) {
    super::shows(Grammar::Native, text, from, count, expected);
}

#[test]
fn an_overnight_window_belongs_to_the_day_it_starts_on() {
    // Saturday until 06:00 is up, Monday until 06:00 is not.
    shows(
        "Mon-Fri 22:00-06:00 UTC",
        "2026-11-20T12:00:00Z",
        4,
        &expect![[r#"
            Mon-Fri 22:00-06:00 UTC
            down
            Fri 2026-11-20 22:00 +00:00 up
            Sat 2026-11-21 06:00 +00:00 down
            Mon 2026-11-23 22:00 +00:00 up
            Tue 2026-11-24 06:00 +00:00 down"#]],
    );
}

#[test]
fn windows_that_touch_or_overlap_are_one() {
    shows(
        "Mon 08:00-12:00, 12:00-20:00, 19:00-21:00 UTC",
        "2026-11-23T09:00:00Z",
        2,
        &expect![[r#"
            Mon 08:00-12:00, 12:00-20:00, 19:00-21:00 UTC
            up
            Mon 2026-11-23 21:00 +00:00 down
            Mon 2026-11-30 08:00 +00:00 up"#]],
    );
    shows(
        "Mon-Fri 00:00-24:00; Sat-Sun 00:00-24:00 UTC",
        "2026-11-23T09:00:00Z",
        1,
        &expect![[r#"
            Mon-Fri 00:00-24:00; Sat-Sun 00:00-24:00 UTC
            up
            for good"#]],
    );
    shows(
        "Jan-Jun 00:00-24:00; Jul-Dec 00:00-24:00 UTC",
        "2026-11-23T09:00:00Z",
        1,
        &expect![[r#"
            Jan-Jun 00:00-24:00; Jul-Dec 00:00-24:00 UTC
            up
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
            always
            up
            for good"#]],
    );
    shows(
        "Never Europe/Berlin",
        "2026-11-23T09:00:00Z",
        1,
        &expect![[r#"
            never Europe/Berlin
            down
            for good"#]],
    );
    shows(
        "always Europe/Berlin except 2026-12-25",
        "2026-11-23T09:00:00Z",
        3,
        &expect![[r#"
            always Europe/Berlin except 2026-12-25
            up
            Fri 2026-12-25 00:00 +01:00 down
            Sat 2026-12-26 00:00 +01:00 up
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
            Mon 08:00-09:00; Tue 08:00-09:00 Europe/Berlin; Wed 08:00-09:00 Asia/Kathmandu
            down
            Mon 2026-11-23 08:00 +01:00 up
            Mon 2026-11-23 09:00 +01:00 down
            Tue 2026-11-24 08:00 +01:00 up
            Tue 2026-11-24 09:00 +01:00 down
            Wed 2026-11-25 03:15 +01:00 up
            Wed 2026-11-25 04:15 +01:00 down"#]],
    );
}

#[test]
fn days_of_the_month_are_counted_in_each_month() {
    shows(
        "first,third Mon, last Fri 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        5,
        &expect![[r#"
            first Mon,third Mon,last Fri 08:00-20:00 UTC
            down
            Mon 2026-11-02 08:00 +00:00 up
            Mon 2026-11-02 20:00 +00:00 down
            Mon 2026-11-16 08:00 +00:00 up
            Mon 2026-11-16 20:00 +00:00 down
            Fri 2026-11-27 08:00 +00:00 up"#]],
    );
    shows(
        "fifth Sat 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        3,
        &expect![[r#"
            fifth Sat 08:00-20:00 UTC
            down
            Sat 2027-01-30 08:00 +00:00 up
            Sat 2027-01-30 20:00 +00:00 down
            Sat 2027-05-29 08:00 +00:00 up"#]],
    );
    shows(
        "last day 22:00-06:00 UTC",
        "2027-01-31T00:00:00Z",
        4,
        &expect![[r#"
            last day 22:00-06:00 UTC
            down
            Sun 2027-01-31 22:00 +00:00 up
            Mon 2027-02-01 06:00 +00:00 down
            Sun 2027-02-28 22:00 +00:00 up
            Mon 2027-03-01 06:00 +00:00 down"#]],
    );
    shows(
        "day 15,30,last 08:00-20:00 UTC",
        "2027-01-31T00:00:00Z",
        8,
        &expect![[r#"
            day 15,30,last 08:00-20:00 UTC
            down
            Sun 2027-01-31 08:00 +00:00 up
            Sun 2027-01-31 20:00 +00:00 down
            Mon 2027-02-15 08:00 +00:00 up
            Mon 2027-02-15 20:00 +00:00 down
            Sun 2027-02-28 08:00 +00:00 up
            Sun 2027-02-28 20:00 +00:00 down
            Mon 2027-03-15 08:00 +00:00 up
            Mon 2027-03-15 20:00 +00:00 down"#]],
    );
    shows(
        "day 1-7 Mon 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        3,
        &expect![[r#"
            Mon day 1-7 08:00-20:00 UTC
            down
            Mon 2026-11-02 08:00 +00:00 up
            Mon 2026-11-02 20:00 +00:00 down
            Mon 2026-12-07 08:00 +00:00 up"#]],
    );
}

#[test]
fn months_go_over_the_new_year_where_that_is_the_way() {
    shows(
        "Nov-Feb last Sun 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        9,
        &expect![[r#"
            Nov-Feb last Sun 08:00-20:00 UTC
            down
            Sun 2026-11-29 08:00 +00:00 up
            Sun 2026-11-29 20:00 +00:00 down
            Sun 2026-12-27 08:00 +00:00 up
            Sun 2026-12-27 20:00 +00:00 down
            Sun 2027-01-31 08:00 +00:00 up
            Sun 2027-01-31 20:00 +00:00 down
            Sun 2027-02-28 08:00 +00:00 up
            Sun 2027-02-28 20:00 +00:00 down
            Sun 2027-11-28 08:00 +00:00 up"#]],
    );
}

#[test]
fn dates_that_are_rare_or_never_come_are_found_at_once() {
    shows(
        "Feb Mon day 29 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        3,
        &expect![[r#"
            Feb Mon day 29 08:00-20:00 UTC
            down
            Mon 2044-02-29 08:00 +00:00 up
            Mon 2044-02-29 20:00 +00:00 down
            Mon 2072-02-29 08:00 +00:00 up"#]],
    );
    shows(
        "Feb day 29 Mon 08:00-20:00 UTC",
        "2080-01-01T00:00:00Z",
        3,
        &expect![[r#"
            Feb Mon day 29 08:00-20:00 UTC
            down
            Mon 2112-02-29 08:00 +00:00 up
            Mon 2112-02-29 20:00 +00:00 down
            Mon 2140-02-29 08:00 +00:00 up"#]],
    );
    shows(
        "Feb day 30 08:00-20:00 UTC",
        "2026-11-01T00:00:00Z",
        1,
        &expect![[r#"
            Feb day 30 08:00-20:00 UTC
            down
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
            2026-12-21T00:00-2027-01-02T00:00 Europe/Berlin
            down
            Mon 2026-12-21 00:00 +01:00 up
            Sat 2027-01-02 00:00 +01:00 down
            for good"#]],
    );
    let beside = "Mon-Fri 08:00-20:00 UTC; 2026-11-27T18:00-2026-11-30T09:00 UTC";
    shows(
        beside,
        "2026-11-27T12:00:00Z",
        2,
        &expect![[r#"
            Mon-Fri 08:00-20:00; 2026-11-27T18:00-2026-11-30T09:00 UTC
            up
            Mon 2026-11-30 20:00 +00:00 down
            Tue 2026-12-01 08:00 +00:00 up"#]],
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
            Mon-Sun 22:00-06:00 UTC except 2026-12-24..2026-12-25
            down
            Wed 2026-12-23 22:00 +00:00 up
            Thu 2026-12-24 06:00 +00:00 down
            Sat 2026-12-26 22:00 +00:00 up
            Sun 2026-12-27 06:00 +00:00 down"#]],
    );
    let beside = "Mon-Fri 08:00-20:00 UTC except 2026-12-21..2027-01-01; 2026-12-28T08:00-2026-12-28T12:00 UTC";
    shows(
        beside,
        "2026-12-18T21:00:00Z",
        4,
        &expect![[r#"
            Mon-Fri 08:00-20:00 UTC except 2026-12-21..2027-01-01; 2026-12-28T08:00-2026-12-28T12:00 UTC
            down
            Mon 2026-12-28 08:00 +00:00 up
            Mon 2026-12-28 12:00 +00:00 down
            Mon 2027-01-04 08:00 +00:00 up
            Mon 2027-01-04 20:00 +00:00 down"#]],
    );
    let shared = "Mon 08:00-20:00; Tue 08:00-20:00 UTC except 2026-11-23, 2026-11-24; Wed 08:00-09:00 UTC";
    shows(
        shared,
        "2026-11-22T00:00:00Z",
        3,
        &expect![[r#"
            Mon 08:00-20:00; Tue 08:00-20:00 UTC except 2026-11-23..2026-11-24; Wed 08:00-09:00 UTC
            down
            Wed 2026-11-25 08:00 +00:00 up
            Wed 2026-11-25 09:00 +00:00 down
            Mon 2026-11-30 08:00 +00:00 up"#]],
    );
    let all = "Mon 08:00-20:00 UTC; Tue 08:00-20:00 Europe/Berlin; except 2026-11-23..2026-11-24";
    shows(
        all,
        "2026-11-22T00:00:00Z",
        1,
        &expect![[r#"
            Mon 08:00-20:00 UTC except 2026-11-23..2026-11-24; Tue 08:00-20:00 Europe/Berlin except 2026-11-23..2026-11-24
            down
            Mon 2026-11-30 08:00 +00:00 up"#]],
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
            Mon-Thu,Sat 08:00-12:00, 13:00-18:00 Europe/Berlin except 2026-11-24..2026-11-26
            up
            Mon 2026-11-23 18:00 +01:00 down
            Sat 2026-11-28 08:00 +01:00 up
            Sat 2026-11-28 12:00 +01:00 down
            Sat 2026-11-28 13:00 +01:00 up"#]],
    );
}

#[test]
fn a_zone_may_be_given_from_outside() {
    let defaults = Defaults { zone: Some(Zone::named("Asia/Tokyo").expect("a zone")), holidays: None };
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
            Mon-Fri 00:00-24:00; Sat-Mon 00:00-08:00; Sat-Sun 07:00-24:00 UTC except 2026-12-26
            up
            Sat 2026-12-26 00:00 +00:00 down
            Sun 2026-12-27 00:00 +00:00 up
            for good"#]],
    );
    let around_the_clock = "Mon-Sun 06:00-18:00, 18:00-06:00 Europe/Berlin except 2026-12-25";
    shows(
        around_the_clock,
        "2026-12-24T09:00:00Z",
        3,
        &expect![[r#"
            Mon-Sun 06:00-18:00, 18:00-06:00 Europe/Berlin except 2026-12-25
            up
            Fri 2026-12-25 06:00 +01:00 down
            Sat 2026-12-26 06:00 +01:00 up
            for good"#]],
    );
    let holed = "Mon-Sun 06:00-18:00, 18:01-06:00 UTC";
    shows(
        holed,
        "2026-12-24T09:00:00Z",
        2,
        &expect![[r#"
            Mon-Sun 06:00-18:00, 18:01-06:00 UTC
            up
            Thu 2026-12-24 18:00 +00:00 down
            Thu 2026-12-24 18:01 +00:00 up"#]],
    );
}
