//! What a person is told who writes a schedule that cannot be read.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use curfew_core::schedule::{InvalidSchedule, Schedule};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn error(text: &str) -> InvalidSchedule {
    text.parse::<Schedule>().err().unwrap_or_else(|| panic!("`{text}` can be read"))
}

fn check(texts: &[&str], expected: &Expect) {
    let told: Vec<String> = texts.iter().map(|text| error(text).to_string()).collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn times_that_are_written_otherwise() {
    let texts = [
        "Mon-Fri 8-20 America/New_York",
        "weekdays 9am-5:30 pm berlin",
        "08:00-20:00 Europe/Berlin",
        "08:00-20:00 Mon-Fri Europe/Berlin",
        "Mon 24:00-08:00 UTC",
        "Mon 08:00-08:00 UTC",
        "Mon 00:00-00:00 UTC",
        "Mon 08:00-24:01 UTC",
        "Mon 08:00 UTC",
        "Mon-Fri 0830-1700 UTC",
        "Mon-Fri 8.30-17.00 UTC",
        "Mon-Fri 08:00:00-17:00:00 UTC",
    ];
    check(
        &texts,
        &expect![[r#"
        expected a time from `00:00` to `24:00`, found `8`
          Mon-Fri 8-20 America/New_York
                  ^
          did you mean `Mon-Fri 08:00-20:00 America/New_York`?
        expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `weekdays`
          weekdays 9am-5:30 pm berlin
          ^^^^^^^^
          did you mean `Mon-Fri 09:00-17:30 Europe/Berlin`?
        expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day` before the times, found `08:00`
          08:00-20:00 Europe/Berlin
          ^^^^^
          did you mean `Mon-Fri 08:00-20:00 Europe/Berlin`?
        expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day` before the times, found `08:00`
          08:00-20:00 Mon-Fri Europe/Berlin
          ^^^^^
          did you mean `Mon-Fri 08:00-20:00 Europe/Berlin`?
        nothing begins at 24:00: the next day begins at 00:00
          Mon 24:00-08:00 UTC
              ^^^^^^^^^^^
        it ends when it begins; a whole day is `00:00-24:00`
          Mon 08:00-08:00 UTC
              ^^^^^^^^^^^
        it ends when it begins; a whole day is `00:00-24:00`
          Mon 00:00-00:00 UTC
              ^^^^^^^^^^^
          did you mean `Mon 00:00-24:00 UTC`?
        expected a time from `00:00` to `24:00`, found `24:01`
          Mon 08:00-24:01 UTC
                    ^^^^^
        expected `-` and the time it ends at, such as `-20:00`, found `UTC`
          Mon 08:00 UTC
                    ^^^
        expected a time from `00:00` to `24:00`, found `0830`
          Mon-Fri 0830-1700 UTC
                  ^^^^
          did you mean `Mon-Fri 08:30-17:00 UTC`?
        expected a time from `00:00` to `24:00`, found `8.30`
          Mon-Fri 8.30-17.00 UTC
                  ^^^^
          did you mean `Mon-Fri 08:30-17:00 UTC`?
        expected a time from `00:00` to `24:00`, found `08:00:00`
          Mon-Fri 08:00:00-17:00:00 UTC
                  ^^^^^^^^
          did you mean `Mon-Fri 08:00-17:00 UTC`?"#]],
    );
}

#[test]
fn days_that_are_written_otherwise() {
    let texts = [
        "Mon–Fri 08:00–20:00 Europe/Berlin",
        "Mon to Fri 08:00 to 20:00 Europe/Berlin",
        "Mon-Fri 08:00-20:00 Sat 10:00-12:00 UTC",
        "Mo-Fr 08:00-20:00 UTC",
        "M-F 08:00-20:00 UTC",
        "Mondays and Wednesdays 08:00-20:00 UTC",
        "Mno 08:00-20:00 UTC",
        "first Mon,Tue 08:00-20:00 UTC",
        "Mon,first Tue 08:00-20:00 UTC",
        "Mon, day 1 08:00-20:00 UTC",
        "first day 08:00-20:00 UTC",
        "day 32 08:00-20:00 UTC",
        "day 25-5 08:00-20:00 UTC",
        "Mon,08:00-20:00 UTC",
        "Mon Mon 08:00-17:00 UTC",
    ];
    check(
        &texts,
        &expect![[r#"
        expected times such as `08:00-20:00`, found `–`
          Mon–Fri 08:00–20:00 Europe/Berlin
             ^
          did you mean `Mon-Fri 08:00-20:00 Europe/Berlin`?
        expected times such as `08:00-20:00`, found `to`
          Mon to Fri 08:00 to 20:00 Europe/Berlin
              ^^
          did you mean `Mon-Fri 08:00-20:00 Europe/Berlin`?
        expected `;` and another window, or the end, found `Sat`
          Mon-Fri 08:00-20:00 Sat 10:00-12:00 UTC
                              ^^^
          did you mean `Mon-Fri 08:00-20:00; Sat 10:00-12:00 UTC`?
        expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `Mo`
          Mo-Fr 08:00-20:00 UTC
          ^^
          did you mean `Mon-Fri 08:00-20:00 UTC`?
        expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `M`
          M-F 08:00-20:00 UTC
          ^
          did you mean `Mon-Fri 08:00-20:00 UTC`?
        expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `Mondays`
          Mondays and Wednesdays 08:00-20:00 UTC
          ^^^^^^^
          did you mean `Mon,Wed 08:00-20:00 UTC`?
        expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `Mno`
          Mno 08:00-20:00 UTC
          ^^^
          did you mean `Mon 08:00-20:00 UTC`?
        expected `first`, `last` or the like, as every such day needs a window of its own, found `Tue`
          first Mon,Tue 08:00-20:00 UTC
                    ^^^
          did you mean `first Mon,first Tue 08:00-20:00 UTC`?
        expected another of the same kind, as days of another kind need a window of their own, found `first`
          Mon,first Tue 08:00-20:00 UTC
              ^^^^^
        expected another of the same kind, as days of another kind need a window of their own, found `day`
          Mon, day 1 08:00-20:00 UTC
               ^^^
        a day of the month is written with its number, such as `day 1`
          first day 08:00-20:00 UTC
          ^^^^^^^^^
          did you mean `day 1 08:00-20:00 UTC`?
        expected a day of the month from 1 to 31, found `32`
          day 32 08:00-20:00 UTC
              ^^
        days of the month do not go over its end, but may be two ranges
          day 25-5 08:00-20:00 UTC
              ^^^^
          did you mean `day 1-5,25-31 08:00-20:00 UTC`?
        expected times such as `08:00-20:00`, found `,`
          Mon,08:00-20:00 UTC
             ^
          did you mean `Mon 08:00-20:00 UTC`?
        expected times such as `08:00-20:00`, as a list goes on after a comma, found `Mon`
          Mon Mon 08:00-17:00 UTC
              ^^^"#]],
    );
}

#[test]
fn zones_that_are_missing_or_unknown() {
    let texts = [
        "Mon-Fri 08:00-20:00",
        "Mon-Fri 08:00-20:00 New York",
        "Mon-Fri 08:00-20:00 europe/berlin",
        "Mon-Fri 08:00-20:00 PST",
        "Mon-Fri 08:00-20:00 UTC+2",
        "Mon-Fri 08:00-20:00 Europe/Berln",
        "Mon-Fri 08:00-20:00 Mars/Olympus",
        "Mon-Fri 08:00-20:00 Europe/Berlin; Sat 10:00-14:00",
    ];
    check(
        &texts,
        &expect![[r#"
        the time zone is missing: name one of the IANA database, such as `America/New_York`
          Mon-Fri 08:00-20:00
                             ^
        `New York` is not a time zone of the IANA database, such as `America/New_York`
          Mon-Fri 08:00-20:00 New York
                              ^^^^^^^^
          did you mean `Mon-Fri 08:00-20:00 America/New_York`?
        `europe/berlin` is not a time zone of the IANA database, such as `America/New_York`
          Mon-Fri 08:00-20:00 europe/berlin
                              ^^^^^^^^^^^^^
          did you mean `Mon-Fri 08:00-20:00 Europe/Berlin`?
        `PST` is not a time zone of the IANA database, such as `America/New_York`
          Mon-Fri 08:00-20:00 PST
                              ^^^
          did you mean `Mon-Fri 08:00-20:00 America/Los_Angeles`?
        `UTC+2` is a distance from UTC, which does not say when clocks change: name a zone of the IANA database
          Mon-Fri 08:00-20:00 UTC+2
                              ^^^^^
        `Europe/Berln` is not a time zone of the IANA database, such as `America/New_York`
          Mon-Fri 08:00-20:00 Europe/Berln
                              ^^^^^^^^^^^^
          did you mean `Mon-Fri 08:00-20:00 Europe/Berlin`?
        `Mars/Olympus` is not a time zone of the IANA database, such as `America/New_York`
          Mon-Fri 08:00-20:00 Mars/Olympus
                              ^^^^^^^^^^^^
        the time zone is missing: name one of the IANA database, such as `America/New_York`
          Mon-Fri 08:00-20:00 Europe/Berlin; Sat 10:00-14:00
                                                            ^
          did you mean `Mon-Fri 08:00-20:00; Sat 10:00-14:00 Europe/Berlin`?"#]],
    );
}

#[test]
fn dates_and_exceptions_that_cannot_be() {
    let texts = [
        "Mon 08:00-20:00 UTC except",
        "Mon 08:00-20:00 UTC except holidays",
        "Mon 08:00-20:00 UTC except 2026-02-30",
        "Mon 08:00-20:00 UTC except 2026-12-28-2027-01-01",
        "Mon 08:00-20:00 UTC except 2026-12-28..2026-12-01",
        "Mon 08:00-20:00 UTC except 2026-12-28T08:00",
        "Mon 08:00-20:00 UTC except Sun",
        "2026-12-21..2027-01-02 UTC",
        "2027-12-21T00:00-2027-01-02T00:00 UTC",
        "2026-12-21T00:00-2027-01-02T00:00 UTC except 2026-12-25",
        "except 2026-12-25",
    ];
    check(
        &texts,
        &expect![[r#"
        expected a date such as `2026-12-25`, dates such as `2026-12-28..2027-01-01`, or `holidays`, found the end
          Mon 08:00-20:00 UTC except
                                    ^
        `holidays` needs a calendar: put an iCalendar text under `holidays` in the blueprint
          Mon 08:00-20:00 UTC except holidays
                                     ^^^^^^^^
        there is no such date
          Mon 08:00-20:00 UTC except 2026-02-30
                                     ^^^^^^^^^^
        expected `..` between the first and the last date, found `-`
          Mon 08:00-20:00 UTC except 2026-12-28-2027-01-01
                                               ^
          did you mean `Mon 08:00-20:00 UTC except 2026-12-28..2027-01-01`?
        the last date is before the first
          Mon 08:00-20:00 UTC except 2026-12-28..2026-12-01
                                     ^^^^^^^^^^^^^^^^^^^^^^
        expected a whole date: exceptions have no times, found `T08:00`
          Mon 08:00-20:00 UTC except 2026-12-28T08:00
                                               ^^^^^^
        expected a date such as `2026-12-25`, dates such as `2026-12-28..2027-01-01`, or `holidays`, found `Sun`
          Mon 08:00-20:00 UTC except Sun
                                     ^^^
        expected `T` and a time behind the date, such as `2026-12-21T08:00`, found `..`
          2026-12-21..2027-01-02 UTC
                    ^
          did you mean `2026-12-21T00:00-2027-01-03T00:00 UTC`?
        the range ends before it begins
          2027-12-21T00:00-2027-01-02T00:00 UTC
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        expected `;` or the end: a single range has no exceptions, but may be two ranges, found `except`
          2026-12-21T00:00-2027-01-02T00:00 UTC except 2026-12-25
                                                ^^^^^^
        expected a window beside the exceptions, such as `Mon-Fri 08:00-20:00 America/New_York`, found the end
          except 2026-12-25
                           ^"#]],
    );
}

#[test]
fn what_is_something_else_altogether() {
    let texts = [
        "never; Mon 08:00-20:00 UTC",
        "Mon 08:00-20:00 UTC;; Tue 08:00-20:00 UTC",
        r#""Mon-Fri 08:00-20:00 UTC""#,
        "0 8 * * 1-5",
        "Mon 08:00-17:00 UTC UTC",
        "",
        "\u{feff}",
        "Mon-Fri 08:00-20:00 UTC 😀",
    ];
    check(
        &texts,
        &expect![[r#"
            expected the end, as `never` stands alone, found `Mon`
              never; Mon 08:00-20:00 UTC
                     ^^^
            expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `;`
              Mon 08:00-20:00 UTC;; Tue 08:00-20:00 UTC
                                  ^
            expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `"`
              "Mon-Fri 08:00-20:00 UTC"
              ^
              did you mean `Mon-Fri 08:00-20:00 UTC`?
            expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day` before the times, found `0`
              0 8 * * 1-5
              ^
            expected `;` and another window, or the end, found `UTC`
              Mon 08:00-17:00 UTC UTC
                                  ^^^
            a schedule is missing, such as `Mon-Fri 08:00-20:00 America/New_York`
            expected days such as `Mon-Fri`, `first Mon`, `day 1-7` or `last day`, found `﻿`
              ﻿
              ^
            expected `;` and another window, or the end, found `😀`
              Mon-Fri 08:00-20:00 UTC 😀
                                      ^"#]],
    );
}

#[test]
fn a_long_text_is_shown_around_the_place() {
    let windows = "Mon-Fri 08:00-12:00 Europe/Berlin; ".repeat(9);
    check(
        &[&format!("{windows}Sat 8-12 Europe/Berlin; {windows}")],
        &expect![[r#"
        expected a time from `00:00` to `24:00`, found `8`
          …12:00 Europe/Berlin; Mon-Fri 08:00-12:00 Europe/Berlin; Sat 8-12 Europe/Berlin; Mon-Fri 08:00-12:00 Europe/Berlin; Mon-F…
                                                                       ^
          did you mean `Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Sat 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00; Mon-Fri 08:00-12:00 Europe/Berlin`?"#]],
    );
    check(
        &["Mon-Fri 08:00-20:00 UTC;\n  Sat 10-14 UTC;\n  Sun 10:00-14:00 UTC"],
        &expect![[r#"
        expected a time from `00:00` to `24:00`, found `10`
            Sat 10-14 UTC;
                ^^
          did you mean `Mon-Fri 08:00-20:00; Sat 10:00-14:00; Sun 10:00-14:00 UTC`?"#]],
    );
    check(
        &[&"Mon 08:00-12:00 UTC;".repeat(300)],
        &expect![[r#"
        a schedule has 4096 bytes at most, this one has 6000
          Mon 08:00-12:00 UTC;Mon 08:00-12:00 UTC;Mon 08:00-12:00 UTC;…
          ^"#]],
    );
}

/// Pieces of schedules and of what is none.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Mon",
        "Fri",
        "-",
        "–",
        ",",
        ";",
        " ",
        "\n",
        "08:00",
        "20:00",
        "24:00",
        "8",
        "9am",
        "first",
        "last",
        "day",
        "31",
        "Jan",
        "Dec",
        "always",
        "never",
        "except",
        "holidays",
        "2026-12-25",
        "..",
        "T",
        "UTC",
        "Europe/Berlin",
        "new york",
        "+",
        "/",
        "é",
        "日",
        "\u{0}",
        "\"",
        "weekdays",
        "to",
        "and",
        "99999999999999999999",
        "0000-00-00",
        "9999-12-31",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_read_panics(text in prop_oneof![any::<String>(), pieces()]) {
        match text.parse::<Schedule>() {
            Ok(schedule) => prop_assert_eq!(&schedule.to_string().parse::<Schedule>(), &Ok(schedule)),
            Err(error) => {
                prop_assert!(!error.to_string().is_empty());
                if let Some(suggestion) = error.suggestion() {
                    prop_assert!(suggestion.parse::<Schedule>().is_ok(), "{} suggests {}", text, suggestion);
                }
            }
        }
    }
}
