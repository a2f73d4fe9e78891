//! The rules of zones: what the newest laws say, and what holds for every zone.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Datelike, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use curfew_core::schedule::Schedule;
use curfew_core::zones::{Instants, RELEASE, Zone};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn zone(name: &str) -> Zone {
    name.parse().expect("a zone")
}

fn seconds_ahead(zone: Zone, instant: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
}

/// Zones whose clocks a law of 2026 changed, an instant from which on it counts, and how many hours they are ahead then.
const LAWS_OF_2026: [(&[&str], &str, i32); 6] = [
    (&["Africa/Casablanca", "Africa/El_Aaiun"], "2026-09-20T02:00:00Z", 0),
    (&["America/Vancouver", "Canada/Pacific"], "2026-11-01T09:00:00Z", -7),
    (&["America/Edmonton", "America/Yellowknife", "Canada/Mountain"], "2026-11-01T08:00:00Z", -6),
    (&["America/Inuvik"], "2026-11-01T08:00:00Z", -6),
    (&["America/Winnipeg", "America/Rainy_River", "Canada/Central"], "2026-11-01T07:00:00Z", -5),
    (&["America/Havana", "Cuba"], "2026-11-01T05:00:00Z", -4),
];

#[test]
fn the_laws_of_2026_are_known() {
    for (zones, since, hours) in LAWS_OF_2026 {
        for name in zones {
            for instant in [at(since), at("2026-11-30T12:00:00Z"), at("2027-01-15T12:00:00Z")] {
                assert_eq!(seconds_ahead(zone(name), instant), hours * 3600, "{name} at {instant}");
            }
        }
    }
}

#[test]
fn a_working_day_follows_the_laws_of_2026() {
    for (name, begins, ends) in [
        ("America/Vancouver", "2026-11-30T15:00:00Z", "2026-12-01T03:00:00Z"),
        ("America/Edmonton", "2026-11-30T14:00:00Z", "2026-12-01T02:00:00Z"),
        ("America/Winnipeg", "2026-11-30T13:00:00Z", "2026-12-01T01:00:00Z"),
        ("America/Havana", "2026-11-30T12:00:00Z", "2026-12-01T00:00:00Z"),
        ("Africa/Casablanca", "2026-11-30T08:00:00Z", "2026-11-30T20:00:00Z"),
    ] {
        let schedule: Schedule = format!("Mon-Fri 08:00-20:00 {name}").parse().expect("a schedule");
        let changes = schedule.changes(at("2026-11-30T00:00:00Z") + TimeDelta::hours(6)).take(2);
        assert_eq!(changes.map(|change| change.at).collect::<Vec<_>>(), [at(begins), at(ends)], "{name}");
    }
}

#[test]
fn rules_go_on_after_the_last_listed_change() {
    let new_york = zone("America/New_York");
    let hours = |instant| seconds_ahead(new_york, at(instant)) / 3600;
    assert_eq!((hours("2150-01-15T12:00:00Z"), hours("2150-07-15T12:00:00Z")), (-5, -4));
    // `jiff` ends with the year 9999.
    let far = |year: i32, month: u32| new_york.with_ymd_and_hms(year, month, 15, 12, 0, 0).single().expect("once");
    let offset = |time: DateTime<Zone>| time.offset().fix().local_minus_utc() / 3600;
    assert_eq!((offset(far(12_000, 1)), offset(far(12_000, 7))), (-5, -4));
    let spring = NaiveDateTime::parse_from_str("+12026-03-08T02:30:00", "%Y-%m-%dT%H:%M:%S").expect("a time");
    let shown = Some(Instants::Skipped(spring.and_utc() + TimeDelta::minutes(4 * 60 + 30)));
    assert_eq!(new_york.instants(spring), shown, "the calendar of 12026 is that of 2026");
}

#[test]
fn every_zone_can_be_read_and_told_by_its_name() {
    assert!(RELEASE.len() == 5 && RELEASE.starts_with("20"), "{RELEASE}");
    assert!(Zone::all().count() > 590, "{}", Zone::all().count());
    for zone in Zone::all() {
        assert_eq!(Zone::named(zone.name()), Some(zone));
        assert_eq!(Zone::in_any_case(&zone.name().to_uppercase()), Some(zone));
        assert!(seconds_ahead(zone, at("2026-11-30T12:00:00Z")).abs() <= 14 * 3600, "{zone}");
    }
    assert_eq!(Zone::named("america/new_york"), None);
    assert_eq!(
        "Europe/Berlim".parse::<Zone>().map_err(|error| error.to_string()).expect_err("none"),
        "`Europe/Berlim` is not a time zone of the IANA database"
    );
}

#[test]
fn after_2101_every_year_of_a_kind_is_like_the_others() {
    // What `Schedule::next_change` rests on where no change comes: a year's rules follow from its calendar.
    for zone in Zone::all() {
        for (year, same) in [(2102, 2113), (2104, 2132), (2109, 2115)] {
            let day = |year: i32, day: i64| {
                let begins = at(&format!("{year}-01-01T00:00:00Z"));
                seconds_ahead(zone, begins + TimeDelta::days(day))
            };
            let first = |year| at(&format!("{year}-01-01T00:00:00Z")).weekday();
            assert_eq!(first(year), first(same), "{year} and {same} begin on the same day");
            assert!((0..365).all(|number| day(year, number) == day(same, number)), "{zone} in {year} and {same}");
        }
    }
}

fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(Zone::all().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn clocks_show_an_instants_time_at_that_instant(zone in any_zone(), seconds in -400_000_000_000_i64..400_000_000_000) {
        let instant = DateTime::from_timestamp(seconds, 0).expect("an instant");
        let local = instant.with_timezone(&zone).naive_local();
        let found = zone.instants(local);
        let is_found = match found {
            Some(Instants::Once(only)) => only == instant,
            Some(Instants::Twice(first, last)) => first < last && (first == instant || last == instant),
            Some(Instants::Skipped(_)) | None => false,
        };
        prop_assert!(is_found, "{} {}: {:?}", zone, instant, found);
    }
}
