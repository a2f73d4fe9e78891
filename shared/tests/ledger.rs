//! How long an environment was down this month, and what that saved.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::sync::LazyLock;

use crate::support::at;
use crate::support::world::{EVENING, MORNING, NEXT_EVENING, World};
use crate::support::{example, id};
use curfew_core::blueprint::Blueprint;
use curfew_core::ledger::{Counted, Ledger, Saved};
use curfew_core::zones::Zone;
use proptest::prelude::*;

static ZONE: LazyLock<Zone> = LazyLock::new(|| "America/New_York".parse().expect("a zone"));

fn hours_and_usd(saved: &Saved) -> (f64, Option<f64>) {
    (saved.down_seconds as f64 / 3600.0, saved.usd)
}

#[test]
fn a_night_counts_from_down_until_a_run_sets_out() {
    let ledger = Ledger::went_down(None, at("2026-11-10T01:00:00Z"), Some(0.25), *ZONE);
    assert_eq!(hours_and_usd(&ledger.saved(at("2026-11-10T01:00:00Z"), *ZONE)), (0.0, Some(0.0)));
    assert_eq!(hours_and_usd(&ledger.saved(at("2026-11-10T05:00:00Z"), *ZONE)), (4.0, Some(1.0)));
    let ledger = ledger.comes_up(at("2026-11-10T13:00:00Z"), *ZONE);
    assert_eq!(hours_and_usd(&ledger.saved(at("2026-11-10T20:00:00Z"), *ZONE)), (12.0, Some(3.0)));
    let ledger = Ledger::went_down(Some(ledger), at("2026-11-11T01:00:00Z"), Some(0.5), *ZONE);
    assert_eq!(hours_and_usd(&ledger.saved(at("2026-11-11T03:00:00Z"), *ZONE)), (14.0, Some(4.0)), "at its own price");
}

#[test]
fn a_month_begins_at_midnight_in_the_schedules_zone() {
    let ledger = Ledger::went_down(None, at("2026-10-30T00:00:00Z"), Some(1.0), *ZONE);
    let october = ledger.saved(at("2026-11-01T03:59:00Z"), *ZONE);
    assert_eq!((october.month.to_string().as_str(), october.counted), ("2026-10-01", Counted::FromItsMiddle));
    let november = ledger.saved(at("2026-11-01T06:00:00Z"), *ZONE);
    assert_eq!((november.month.to_string().as_str(), november.counted), ("2026-11-01", Counted::FromItsBeginning));
    assert_eq!(hours_and_usd(&november), (2.0, Some(2.0)));
    let december = ledger.comes_up(at("2026-11-01T13:00:00Z"), *ZONE).saved(at("2026-12-01T12:00:00Z"), *ZONE);
    assert_eq!(hours_and_usd(&december), (0.0, Some(0.0)), "a month in which it was never down");
}

#[test]
fn a_night_without_a_price_leaves_its_month_without_a_sum() {
    let ledger = Ledger::went_down(None, at("2026-11-10T01:00:00Z"), None, *ZONE);
    let ledger = ledger.comes_up(at("2026-11-10T13:00:00Z"), *ZONE);
    let ledger = Ledger::went_down(Some(ledger), at("2026-11-11T01:00:00Z"), Some(1.0), *ZONE);
    assert_eq!(hours_and_usd(&ledger.saved(at("2026-11-11T02:00:00Z"), *ZONE)), (13.0, None));
    assert_eq!(
        hours_and_usd(&ledger.saved(at("2026-12-01T06:00:00Z"), *ZONE)),
        (1.0, Some(1.0)),
        "the next month has one"
    );
}

proptest! {
    /// However often it is looked at and written down in between, the sum is that of the nights.
    #[test]
    fn nights_add_up(nights in proptest::collection::vec((1i64..40_000, 1i64..40_000), 1..20)) {
        let mut now = at("2026-11-01T04:00:00Z");
        let (mut ledger, mut down) = (None, 0);
        for (day, night) in nights {
            now += chrono::TimeDelta::seconds(day);
            let whole = Ledger::went_down(ledger.take(), now, Some(0.36), *ZONE);
            let halfway = now + chrono::TimeDelta::seconds(night / 2);
            let seen = whole.saved(halfway, *ZONE).down_seconds;
            prop_assert_eq!(seen, down + night / 2);
            now += chrono::TimeDelta::seconds(night);
            down += night;
            ledger = Some(whole.comes_up(now, *ZONE));
        }
        let ledger = ledger.expect("there was a night");
        let json = serde_json::to_string(&ledger).expect("it can be written");
        prop_assert_eq!(&serde_json::from_str::<Ledger>(&json).expect("and read"), &ledger);
        if now < at("2026-12-01T05:00:00Z") {
            let saved = ledger.saved(now, *ZONE);
            prop_assert_eq!(saved.down_seconds, down);
            // Each night is rounded down to a millionth.
            prop_assert!((saved.usd.expect("prices are known") - down as f64 * 0.0001).abs() < 0.0001);
        }
    }
}

#[test]
fn evenings_tell_what_was_saved_once_there_was_a_night() {
    let world = World::known(example("durable"));
    world.at(EVENING).stop();
    world.at(MORNING).start();
    world.at(NEXT_EVENING).stop();
    let evenings: Vec<String> =
        world.messages().into_iter().filter(|message| message.json["event"] == "down").map(|m| m.text).collect();
    expect_test::expect![[r#"
        dev is down, after 6 min 36 s.

        While it is down it costs 0.005 USD an hour instead of 0.16 USD. An estimate by list prices, without traffic, logs and tax.

        Why: the schedule says so.

        Started by the schedule's stop (run run-2).
        dev is down, after 6 min 36 s.

        Saved so far this month: 1.80 USD in 11 h 53 min down, counted since Tue 17 Nov 20:06. While it is down it costs 0.005 USD an hour instead of 0.16 USD. An estimate by list prices, without traffic, logs and tax.

        Why: the schedule says so.

        Started by the schedule's stop (run run-4).
    "#]].assert_eq(&evenings.concat());
    world.assert_unchanged();
}

#[test]
fn a_state_from_before_the_ledger_begins_it_with_the_next_evening() {
    let world = World::known(example("durable"));
    world.at(EVENING).stop();
    world.edit_state(|state| state.ledger = None);
    world.at(MORNING).start();
    assert_eq!(world.state().ledger, None, "nothing is guessed");
    world.at(NEXT_EVENING).stop();
    let ledger = world.state().ledger.expect("it is counted from now on");
    assert_eq!((ledger.since > at(NEXT_EVENING), ledger.down_seconds), (true, 0));
}

#[test]
fn an_evening_that_a_run_does_not_finish_counts_from_when_it_is_down() {
    let world = World::known(example("durable"));
    let stop =
        world.at(EVENING).request(Some(curfew_core::decide::Command::Scheduled(curfew_core::model::Target::Down)));
    assert!(world.run_cut(&stop, support::world::Cut::After(4)).is_none());
    assert_eq!(world.state().ledger, None);
    world.pass(std::time::Duration::from_secs(300));
    world.tick_until_unchanged();
    world.assert_down();
    let ledger = world.state().ledger.expect("it is down");
    assert!(ledger.since > at(EVENING) + chrono::TimeDelta::minutes(5), "{ledger:?}");
}

#[test]
fn where_prices_are_not_known_there_is_no_line_about_money() {
    let world = World::known(Blueprint { region: id("xx-north-9"), ..example("durable") });
    world.at(EVENING).stop();
    let text = world.messages().pop().expect("a message").text;
    assert!(!text.contains("USD"), "{text}");
}
