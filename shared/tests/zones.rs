//! The rules of zones: what the newest laws say, and what holds for every zone.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use curfew_core::schedule::{RulesFrom, Schedule, ZoneRules};
use curfew_core::zones::{Instants, InvalidRules, InvalidTzif, RELEASE, Release, StoredZones, Zone};
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

/// TZif data, version 2, of clocks that are so many hours ahead of UTC for good; `leap` leap seconds, changes as listed.
fn tzif(hours: i32, leap: u8, changes: &[i64]) -> Vec<u8> {
    let mut data = Vec::new();
    for (size, changes) in [(4, &[][..]), (8, changes)] {
        data.extend(b"TZif2");
        data.extend([0; 15]);
        let count = u32::try_from(changes.len()).expect("few");
        let leap = if size == 8 { u32::from(leap) } else { 0 };
        [0, 0, leap, count, 1, 4].into_iter().for_each(|number: u32| data.extend(number.to_be_bytes()));
        changes.iter().for_each(|at| data.extend(at.to_be_bytes()));
        data.extend(changes.iter().map(|_| 0));
        data.extend((hours * 3600).to_be_bytes());
        data.extend([0, 0]);
        data.extend(b"NEW\0");
        (0..leap).for_each(|_| data.extend([0; 12]));
    }
    data.extend(format!("\nNEW{}\n", -hours).as_bytes());
    data
}

fn stored(release: &str, zones: &[(&'static str, i32)]) -> StoredZones {
    let data = zones.iter().map(|(name, hours)| (*name, tzif(*hours, 0, &[]))).collect();
    StoredZones::new(release.parse().expect("a release"), &data).expect("they can be stored")
}

const OFFICE: &str = "Mon-Fri 08:00-20:00 Europe/Berlin";

fn next(schedule: &Schedule) -> DateTime<Utc> {
    schedule.next_change(at("2026-12-05T12:00:00Z")).expect("a change").at
}

#[test]
fn releases_follow_each_other_as_iana_names_them() {
    let release = |text: &str| text.parse::<Release>();
    let order = ["1996n", "2024b", "2025a", "2026f", "2026z", "2026za", "2026zb", "2027a"]
        .map(|text| release(text).expect("a release"));
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!(Release::of_the_binary().to_string(), RELEASE);
    for wrong in ["", "2026", "26f", "2026F", "2026-f", "2026abcd", "+026f", "version 2026f"] {
        assert!(release(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn rules_that_are_newer_than_the_binarys_count_and_are_told() {
    let written: Schedule = OFFICE.parse().expect("a schedule");
    let now = at("2026-12-05T12:00:00Z");
    let newer = stored("2099a", &[("Europe/Berlin", 3)]);
    let by_newer = written.by(Some(&newer)).into_owned();
    assert_eq!((next(&written), next(&by_newer)), (at("2026-12-07T07:00:00Z"), at("2026-12-07T05:00:00Z")));
    assert_eq!(by_newer.to_string(), OFFICE);
    assert_ne!(by_newer, written);
    let rules = ZoneRules::of(&written, Some(&newer));
    assert_eq!((rules.to_string(), rules.from), ("IANA 2099a (from the state)".to_owned(), RulesFrom::State));
    let warnings = rules.warnings(&written, Some(&newer), now);
    assert_eq!(
        warnings,
        [
            format!(
                "this program carries the time zones of IANA {RELEASE}, older than those of 2099a in the state, which count"
            ),
            format!(
                "IANA {RELEASE} and 2099a disagree about the next 10 changes of this schedule: one has 2026-12-07 07:00 UTC, the \
                 other 2026-12-07 05:00 UTC"
            )
        ]
    );
}

#[test]
fn rules_that_are_not_newer_do_not_count() {
    let written: Schedule = OFFICE.parse().expect("a schedule");
    for release in [RELEASE, "2020a"] {
        let old = stored(release, &[("Europe/Berlin", 3)]);
        assert_eq!(*written.by(Some(&old)), written, "{release}");
        assert_eq!(ZoneRules::of(&written, Some(&old)), ZoneRules::default());
    }
    assert_eq!(ZoneRules::default().warnings(&written, None, at("2026-12-05T12:00:00Z")), Vec::<String>::new());
}

#[test]
fn a_zone_that_is_not_stored_keeps_the_binarys_rules_and_is_told() {
    let written: Schedule = format!("{OFFICE}; Sat 10:00-12:00 Asia/Tokyo").parse().expect("a schedule");
    let newer = stored("2099a", &[("Asia/Tokyo", 8)]);
    let by_newer = written.by(Some(&newer)).into_owned();
    assert_eq!(next(&by_newer), at("2026-12-07T07:00:00Z"), "Berlin as before");
    let saturday = by_newer.changes(at("2026-12-11T22:00:00Z")).next().expect("a change");
    assert_eq!(saturday.at, at("2026-12-12T02:00:00Z"), "Tokyo an hour later");
    let warnings = ZoneRules::of(&written, Some(&newer)).warnings(&written, Some(&newer), at("2026-12-05T12:00:00Z"));
    let told = "the state has no rules of Europe/Berlin, so those of";
    assert!(warnings.iter().any(|warning| warning.starts_with(told)), "{warnings:?}");
}

#[test]
fn every_grammar_goes_by_stored_rules() {
    let newer = stored("2099a", &[("Europe/Berlin", 3)]);
    for text in [
        OFFICE,
        "off=(m-f,20);on=(m-f,8);tz=europe/berlin",
        "Mon-Fri 08:00-20:00 Europe/Berlin, from 2090-01-01T00:00:00Z",
        r#"{"begintime": "08:00", "endtime": "20:00", "weekdays": "mon-fri", "timezone": "Europe/Berlin"}"#,
    ] {
        let written: Schedule = text.parse().expect("a schedule");
        assert_eq!(written.zones().len(), 1, "{text}");
        assert_eq!(next(&written.by(Some(&newer))), at("2026-12-07T05:00:00Z"), "{text}");
    }
}

#[test]
fn rules_are_stored_as_text_and_read_again() {
    let newer = stored("2099a", &[("Europe/Berlin", 3)]);
    let text = serde_json::to_string(&newer).expect("JSON");
    assert_eq!(serde_json::from_str::<StoredZones>(&text).expect("what was written"), newer);
    let zones: Vec<Zone> = Zone::all().filter(|zone| zone.name().starts_with("Australia/")).take(16).collect();
    let own = StoredZones::of_the_binary(&zones).expect("the binary's own can be stored");
    assert!(zones.iter().all(|zone| own.has(*zone)));
    assert!(serde_json::to_string(&own).expect("JSON").len() < 64 * 1024, "a tick reads it");
    // Of what cannot be read nothing counts, and nothing fails.
    let broken: StoredZones =
        serde_json::from_str(r#"{"release": "2099a", "zones": {"Europe/Berlin": "VFppZg=="}}"#).expect("JSON");
    let written: Schedule = OFFICE.parse().expect("a schedule");
    assert_eq!(next(&written.by(Some(&broken))), next(&written));
}

#[test]
fn data_that_cannot_be_relied_upon_is_refused() {
    let refused = |data: Vec<u8>| match StoredZones::new(
        "2099a".parse().expect("a release"),
        &BTreeMap::from([("Europe/Berlin", data)]),
    ) {
        Err(InvalidRules::Zone { wrong, .. }) => Some(wrong),
        Err(InvalidRules::TooMany(_)) | Ok(_) => None,
    };
    assert_eq!(refused(tzif(3, 0, &[])), None);
    assert_eq!(refused(tzif(3, 0, &[1_800_000_000])), None);
    assert_eq!(refused(tzif(3, 1, &[])), Some(InvalidTzif::LeapSeconds));
    assert_eq!(refused(tzif(3, 0, &[4_200_000_000])), Some(InvalidTzif::TooFar));
    assert_eq!(refused(vec![b'T'; 20_000]), Some(InvalidTzif::TooLong(20_000)));
    let whole = tzif(3, 0, &[1_800_000_000]);
    let (mut first_version, mut other) = (whole.clone(), whole.clone());
    first_version[4] = 0;
    other[0] = b'x';
    for data in [first_version, other, Vec::new(), b"TZif2".to_vec()] {
        assert_eq!(refused(data), Some(InvalidTzif::Shape));
    }
    for length in 0..whole.len() {
        assert_eq!(refused(whole[..length].to_vec()), Some(InvalidTzif::Shape), "cut after {length} bytes");
    }
    let data = Zone::all().take(17).map(|zone| (zone.name(), tzif(3, 0, &[]))).collect();
    assert_eq!(
        StoredZones::new("2099a".parse().expect("a release"), &data).expect_err("too many"),
        InvalidRules::TooMany(17)
    );
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
