//! The schedule against a second, simple reading of the same words, in every zone and around every change of clocks.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod naive;
mod written;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use curfew_core::schedule::{Schedule, State};
use curfew_core::zones::Zone;
use naive::{Span, is_up, next_change_of_clocks, spans};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use written::{Group, When, Window, Written, any_zone, written};

/// How far ahead changes are looked for.
const DAYS_AHEAD: u64 = 40;

fn config(cases: u32) -> ProptestConfig {
    let file = FileFailurePersistence::Direct("tests/schedule_reference/regressions.txt");
    // Four times as many with PROPTEST_CASES=1024.
    let cases = cases * ProptestConfig::default().cases / 256;
    ProptestConfig { cases, failure_persistence: Some(Box::new(file)), ..ProptestConfig::default() }
}

fn schedule(written: &Written) -> Schedule {
    let text = written.to_string();
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn spans_around(written: &Written, now: DateTime<Utc>) -> Vec<Span> {
    let today = now.date_naive();
    spans(written, today - Days::new(4), today + Days::new(DAYS_AHEAD + 3))
}

fn state(spans: &[Span], instant: DateTime<Utc>) -> State {
    if is_up(spans, instant) { State::Up } else { State::Down }
}

/// Any second from 1950 to 2100, mostly within two days of a change of the zone's clocks.
fn instant(zone: Zone) -> impl Strategy<Value = DateTime<Utc>> {
    let (first, last) =
        ("1950-01-01T00:00:00Z".parse::<DateTime<Utc>>(), "2100-01-01T00:00:00Z".parse::<DateTime<Utc>>());
    let seconds = first.expect("an instant").timestamp()..last.expect("an instant").timestamp();
    (seconds, prop::option::weighted(0.75, -2 * 1440..2 * 1440_i64), prop::sample::select(vec![-1, 0, 0, 1])).prop_map(
        move |(seconds, near, second)| {
            let any = DateTime::from_timestamp(seconds, 0).expect("an instant");
            match near.and_then(|near| Some(next_change_of_clocks(zone, any)? + TimeDelta::minutes(near))) {
                Some(near) => near + TimeDelta::seconds(second),
                None => any,
            }
        },
    )
}

fn case() -> impl Strategy<Value = (Written, DateTime<Utc>)> {
    any_zone().prop_flat_map(|zone| instant(zone).prop_flat_map(move |now| (written(now, zone), Just(now))))
}

proptest! {
    #![proptest_config(config(384))]

    #[test]
    fn it_is_up_when_a_simple_reading_says_so((written, now) in case()) {
        let (schedule, spans) = (schedule(&written), spans_around(&written, now));
        prop_assert_eq!(schedule.at(now), state(&spans, now), "{} at {}", written, now);
        let boundaries = spans.iter().flat_map(|(start, end)| [*start, *end]);
        // Around the listed dates' ends, what began before them or begins after them is missing.
        for boundary in boundaries.filter(|boundary| (*boundary - now).abs() < TimeDelta::days(2)) {
            for instant in [boundary, boundary - TimeDelta::nanoseconds(1)] {
                prop_assert_eq!(schedule.at(instant), state(&spans, instant), "{} at {}", written, instant);
            }
        }
    }

    #[test]
    fn a_schedule_written_and_read_again_is_the_same((written, _) in case()) {
        let schedule = schedule(&written);
        let text = schedule.to_string();
        prop_assert_eq!(&text.parse::<Schedule>(), &Ok(schedule), "{} -> {}", written, text);
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn the_next_change_is_the_first_instant_with_another_state((written, now) in case()) {
        let (schedule, spans) = (schedule(&written), spans_around(&written, now));
        let before = state(&spans, now);
        let horizon = now + Days::new(DAYS_AHEAD);
        let change = schedule.next_change(now);
        if let Some(change) = change {
            prop_assert!(change.at > now && change.to != before, "{} after {}", written, now);
            prop_assert_eq!(schedule.at(change.at), change.to);
            prop_assert_eq!(schedule.at(change.at - TimeDelta::nanoseconds(1)), before);
        }
        let until = change.map_or(horizon, |change| change.at.min(horizon));
        if let Some(change) = change.filter(|change| change.at < horizon) {
            prop_assert_eq!(state(&spans, change.at), change.to, "{} after {}", written, now);
        }
        // Until then it stays as it is: at every boundary, and minute by minute for three days.
        let minutes = (0..3 * 1440).map(|minute| now + TimeDelta::minutes(minute));
        for instant in spans.iter().flat_map(|(start, end)| [*start, *end]).chain(minutes) {
            if now <= instant && instant < until {
                prop_assert_eq!(state(&spans, instant), before, "{} after {}: {}", written, now, instant);
            }
        }
    }

    #[test]
    fn where_no_change_comes_it_stays_so_for_good((written, now) in case(), later in prop::collection::vec(1..400 * 365_u64, 20)) {
        let schedule = schedule(&written);
        if schedule.next_change(now).is_none() {
            for instant in later.into_iter().map(|days| now + Days::new(days)) {
                let spans = spans_around(&written, instant);
                prop_assert_eq!(state(&spans, instant), schedule.at(now), "{} after {}: {}", written, now, instant);
            }
        }
    }
}

/// One change of each kind (from one offset to another) of a zone's clocks, from 1900 to 2100: the last.
fn kinds_of_changes(zone: Zone) -> BTreeMap<(i32, i32), DateTime<Utc>> {
    use chrono::{Offset, TimeZone};
    let offset = |instant: DateTime<Utc>| zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc();
    let mut kinds = BTreeMap::new();
    let mut month: DateTime<Utc> = "1900-01-01T00:00:00Z".parse().expect("an instant");
    let step = TimeDelta::days(27);
    while month < "2100-01-01T00:00:00Z".parse::<DateTime<Utc>>().expect("an instant") {
        if offset(month) != offset(month + step)
            && let Some(change) = next_change_of_clocks(zone, month)
        {
            kinds.insert((offset(change - TimeDelta::seconds(1)), offset(change)), change);
        }
        month += step;
    }
    kinds
}

#[test]
fn each_kind_of_change_of_every_zone_is_read_right() {
    // Many names are of the same clocks.
    let clocks: BTreeMap<_, Zone> = Zone::all().map(|zone| (kinds_of_changes(zone), zone)).collect();
    let mut changes = 0;
    for (kinds, zone) in clocks {
        for change in kinds.into_values() {
            changes += 1;
            // Boundaries before, within and after what the clocks leave out or repeat, at midnight too.
            let local = change.with_timezone(&zone).naive_local();
            let minute = i64::from(chrono::Timelike::num_seconds_from_midnight(&local.time())) / 60;
            let times = [-90, -45, -15, 0, 15, 45]
                .map(|minutes| ((minute + minutes).rem_euclid(1440), (minute + 60).rem_euclid(1440)));
            let times = times.into_iter().chain([(0, 1440 - 60)]).filter(|(start, end)| start != end).collect();
            let written = Written {
                groups: vec![Group {
                    windows: vec![When::Repeated(Window { weekdays: vec![(0, 6)], times, ..Window::default() })],
                    zone,
                    except: Vec::new(),
                }],
            };
            let schedule = schedule(&written);
            let spans = spans(&written, change.date_naive() - Days::new(3), change.date_naive() + Days::new(3));
            let mut now = change - TimeDelta::days(1);
            while now < change + TimeDelta::days(1) {
                assert_eq!(schedule.at(now), state(&spans, now), "{written} at {now}");
                let next = schedule.next_change(now).map(|change| change.at);
                let boundaries = spans.iter().flat_map(|(start, end)| [*start, *end]);
                let expected = boundaries.filter(|at| *at > now && state(&spans, *at) != state(&spans, now)).min();
                let is_listed = |at: &DateTime<Utc>| *at < change + TimeDelta::days(1);
                assert_eq!(next.filter(is_listed), expected.filter(is_listed), "{written} after {now}");
                let Some(next) = next else { break };
                now = next;
            }
        }
    }
    assert!(changes > 500, "{changes} changes are too few to be all");
}

#[test]
fn the_reference_knows_the_days_that_were_left_out_and_repeated() {
    let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
    let daily = |zone| Written {
        groups: vec![Group {
            windows: vec![When::Repeated(Window {
                weekdays: vec![(0, 6)],
                times: vec![(480, 1200)],
                ..Window::default()
            })],
            zone,
            except: Vec::new(),
        }],
    };
    let left_out = spans(&daily(Zone::named("Pacific/Apia").expect("a zone")), date("2011-12-30"), date("2011-12-30"));
    assert!(left_out.iter().all(|(start, end)| start == end), "{left_out:?}");
    // Kwajalein went from the evening of 20 to 22 August 1993.
    let left_out =
        spans(&daily(Zone::named("Pacific/Kwajalein").expect("a zone")), date("1993-08-21"), date("1993-08-21"));
    assert!(left_out.iter().all(|(start, end)| start == end), "{left_out:?}");
}
