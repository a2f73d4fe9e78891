//! Calendars of holidays: which dates they mean, and what is said of those that cannot be understood.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use chrono::{Datelike, NaiveDate};
use curfew_core::schedule::{Defaults, Holidays, Schedule};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn calendar(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}\r\nEND:VCALENDAR\r\n", lines.replace('\n', "\r\n"))
}

fn event(lines: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\nUID:1@example.com\nSUMMARY:Feast\n{lines}\nEND:VEVENT"))
}

/// The holidays of some years, as text.
fn dates(text: &str, years: [i32; 2]) -> String {
    let holidays = Holidays::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let first = NaiveDate::from_ymd_opt(years[0], 1, 1).expect("a date");
    let all = first.iter_days().take_while(|date| date.year() <= years[1]);
    all.filter(|date| holidays.contain(*date)).map(|date| date.to_string()).collect::<Vec<_>>().join(" ")
}

fn check(text: &str, years: [i32; 2], expected: &Expect) {
    expected.assert_eq(&dates(text, years));
}

#[test]
fn whole_days_once_or_several() {
    check(&event("DTSTART;VALUE=DATE:20261225"), [2026, 2027], &expect!["2026-12-25"]);
    check(
        &event("DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270103"),
        [2026, 2027],
        &expect!["2026-12-31 2027-01-01 2027-01-02"],
    );
    check(&event("DTSTART;VALUE=DATE:20261225\nDURATION:P2D"), [2026, 2027], &expect!["2026-12-25 2026-12-26"]);
    check(&event("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225"), [2026, 2027], &expect!["2026-12-25"]);
    check(&event("DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED"), [2026, 2027], &expect![[r#""#]]);
}

#[test]
fn days_that_come_again() {
    check(
        &event("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY"),
        [2026, 2028],
        &expect!["2026-01-01 2027-01-01 2028-01-01"],
    );
    // Thanksgiving, and the Friday after it.
    let thanksgiving = "DTSTART;VALUE=DATE:20201126\nDTEND;VALUE=DATE:20201128\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH";
    check(
        &event(thanksgiving),
        [2026, 2028],
        &expect!["2026-11-26 2026-11-27 2027-11-25 2027-11-26 2028-11-23 2028-11-24"],
    );
    let until = "DTSTART;VALUE=DATE:20250501\nRRULE:FREQ=YEARLY;UNTIL=20270501";
    check(&event(until), [2024, 2029], &expect!["2025-05-01 2026-05-01 2027-05-01"]);
    let count = "DTSTART;VALUE=DATE:20250501\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=2\nRDATE;VALUE=DATE:20260601,20260603\nEXDATE;VALUE=DATE:20270501";
    check(&event(count), [2024, 2029], &expect!["2025-05-01 2026-06-01 2026-06-03"]);
    check(
        &event("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY"),
        [2024, 2032],
        &expect!["2024-02-29 2028-02-29 2032-02-29"],
    );
    check(&event("DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=YEARLY"), [2198, 2201], &expect!["2198-01-01 2199-01-01"]);
}

#[test]
fn long_lines_are_folded_and_zones_are_no_holidays() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE";
    let folded =
        "BEGIN:VEVENT\nUID:1\nSUMMARY:A feast with a very\n  long name\nDTSTART;VALUE=DATE:20261\n 225\nEND:VEVENT";
    check(&calendar(&format!("{zone}\n{folded}")), [2026, 2027], &expect!["2026-12-25"]);
    check(&calendar(""), [2026, 2027], &expect![[r#""#]]);
}

#[test]
fn what_cannot_be_understood_is_told_by_the_name_of_its_event() {
    let mistakes = [
        "Christmas".to_owned(),
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\n".to_owned(),
        calendar("") + &event("DTSTART;VALUE=DATE:20261225"),
        event("DTSTART;VALUE=DATE:20261225") + "\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261226\nEND:VEVENT",
        calendar("BEGIN:VTODO\nUID:1\nEND:VTODO"),
        event("UID:2"),
        event("DTSTART:20261225T000000Z"),
        event("DTSTART;VALUE=DATE:20260230"),
        event("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261224"),
        event("DTSTART;VALUE=DATE:20261225\nDURATION:PT8H"),
        event("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;BYEASTER=1"),
        event("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        event("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=SECONDLY"),
        event("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
        event("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY\nRRULE:FREQ=MONTHLY"),
        event("DTSTART;VALUE=DATE:20261225\nRECURRENCE-ID;VALUE=DATE:20261225"),
        event("DTSTART;VALUE=DATE:20261225\nEXDATE:20261225T000000Z"),
        calendar("BEGIN:VEVENT\nDTSTART:20261225T080000\nEND:VEVENT"),
    ];
    let told: Vec<String> = mistakes.iter().map(|text| Holidays::parse(text).expect_err(text).to_string()).collect();
    let expected: Expect = expect![[r#"
        this is no iCalendar text: one calendar, from `BEGIN:VCALENDAR` to `END:VCALENDAR`
        this is no iCalendar text: one calendar, from `BEGIN:VCALENDAR` to `END:VCALENDAR`
        this is no iCalendar text: one calendar, from `BEGIN:VCALENDAR` to `END:VCALENDAR`
        this is no iCalendar text: one calendar, from `BEGIN:VCALENDAR` to `END:VCALENDAR`
        `VTODO` is no event: only VEVENT has dates of holidays
        the event `Feast`: DTSTART is missing
        the event `Feast`: DTSTART `20261225T000000Z` is not a date such as 20261225; a holiday has no times of the day
        the event `Feast`: DTSTART `20260230` is not a date such as 20261225; a holiday has no times of the day
        the event `Feast`: DTEND is before DTSTART
        the event `Feast`: DURATION `PT8H` is not one of whole days, such as P1D
        the event `Feast`: RRULE `FREQ=YEARLY;BYEASTER=1`: RRule parsing error: `BYEASTER` is not a valid property parameter.
        the event `Feast`: RRULE `FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30`: it does not come on its own first day, 2026-12-25
        the event `Feast`: RRULE `FREQ=SECONDLY`: a holiday comes again on days, not at times of the day
        the event `Feast`: RRULE `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`: it does not come on its own first day, 2026-12-25
        the event `Feast`: there is more than one RRULE
        the event `Feast`: RECURRENCE-ID is not supported: write the dates with RDATE and EXDATE
        the event `Feast`: EXDATE `20261225T000000Z` is not a date such as 20261225; a holiday has no times of the day
        the event `without a name`: DTSTART `20261225T080000` is not a date such as 20261225; a holiday has no times of the day"#]];
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn no_window_begins_on_a_holiday() {
    let text = event("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY");
    let holidays = Holidays::parse(&text).expect("a calendar");
    assert_eq!(holidays.to_string(), text);
    let defaults = Defaults { zone: None, holidays: Some(&holidays) };
    let schedule =
        Schedule::parse_with("Mon-Sun 08:00-20:00 UTC except 2026-12-24, Holidays", &defaults).expect("it is right");
    assert_eq!(schedule.to_string(), "Mon-Sun 08:00-20:00 UTC except 2026-12-24, holidays");
    let next = schedule.next_change("2026-12-23T20:00:00Z".parse().expect("an instant")).expect("a change");
    assert_eq!(next.at.to_string(), "2026-12-26 08:00:00 UTC");
    assert_eq!(Schedule::parse_with(&schedule.to_string(), &defaults), Ok(schedule));
}

/// Lines of calendars and of what is none.
#[test]
fn how_far_a_calendar_reaches_is_told_60_days_before() {
    let fixed = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY\nEND:VEVENT\n";
    let listed = |date: &str| format!("BEGIN:VEVENT\nDTSTART;VALUE=DATE:{date}\nEND:VEVENT\n");
    let until = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20250701\nRRULE:FREQ=YEARLY;UNTIL=20270701\nEND:VEVENT\n";
    let told = |events: &str, now: &str| {
        let holidays = Holidays::parse(&calendar(events.trim_end())).expect("a calendar");
        let defaults = Defaults { holidays: Some(&holidays), ..Defaults::default() };
        let schedule = Schedule::parse_with("Mon-Fri 08:00-20:00 America/Vancouver except holidays", &defaults);
        let ending = schedule.expect("a schedule").running_out(now.parse().expect("an instant"));
        ending.map(|ending| (ending.last.to_string(), ending.years))
    };
    let of_2026 = listed("20260701") + &listed("20261225");
    let christmas = |years| Some(("2026-12-25".to_owned(), years));
    assert_eq!(told(&of_2026, "2026-10-26T06:59:00Z"), None, "in Vancouver it is the 25th");
    assert_eq!(told(&of_2026, "2026-10-26T07:00:00Z"), christmas(0));
    assert_eq!(told(&of_2026, "2027-06-30T12:00:00Z"), christmas(0));
    assert_eq!(told(&of_2026, "2027-10-27T12:00:00Z"), christmas(1));
    assert_eq!(told(until, "2027-05-01T12:00:00Z"), None);
    assert_eq!(told(until, "2027-05-03T12:00:00Z"), Some(("2027-07-01".to_owned(), 0)));
    // What comes every year does not end, whatever day off stands beside it; what is listed year by year does.
    assert_eq!(told(fixed, "2030-01-01T12:00:00Z"), None);
    assert_eq!(told(&(fixed.repeat(2) + &listed("20261224")), "2030-01-01T12:00:00Z"), None);
    assert_eq!(told(&(fixed.to_owned() + &of_2026), "2027-01-01T12:00:00Z"), christmas(0));
    let unused: Schedule = "Mon-Fri 08:00-20:00 UTC".parse().expect("a schedule");
    assert_eq!(unused.running_out("2030-01-01T12:00:00Z".parse().expect("an instant")), None);
}

fn lines() -> impl Strategy<Value = String> {
    let lines = prop::sample::select(vec![
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "SUMMARY:é",
        "DTSTART;VALUE=DATE:20261225",
        "DTSTART:00000000",
        "DTEND;VALUE=DATE:99991231",
        "DURATION:P9999999999D",
        "DURATION:P1W",
        "RRULE:FREQ=YEARLY",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=YEARLY;BYMONTH=13",
        "RRULE:FREQ=MONTHLY;BYDAY=-9MO;COUNT=99999999",
        "RRULE:FREQ=WEEKLY;BYSETPOS=366;UNTIL=20270101",
        "RRULE:",
        "EXDATE;VALUE=DATE:20261225,",
        "RDATE:,",
        " folded",
        ":",
        ";",
    ]);
    prop::collection::vec(lines, 0..10).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_read_panics(lines in lines()) {
        for text in [&lines, &event(&lines)] {
            match Holidays::parse(text) {
                Ok(holidays) => prop_assert_eq!(&holidays.to_string(), text),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
