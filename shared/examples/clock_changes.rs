//! Every zone's offset and the changes of its clocks in a span of years, as JSON: what `tests/zones` compares with Python's
//! reading of the newest data. `cargo run -p curfew-core --no-default-features --example clock_changes -- 2024 2037`
#![allow(clippy::print_stdout, reason = "that is what it is for")]

use chrono::{DateTime, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use curfew_core::zones::{RELEASE, Zone};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let years: Vec<i32> = std::env::args().skip(1).map(|year| year.parse()).collect::<Result<_, _>>()?;
    let [first, last] = years[..] else { return Err("the first and the last year are wanted".into()) };
    let begin =
        |year| NaiveDate::from_ymd_opt(year, 1, 1).map(|date| date.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc());
    let (from, to) = begin(first).zip(begin(last + 1)).ok_or("these are no years")?;
    println!("{}", json!({ "release": RELEASE, "from": from.timestamp(), "to": to.timestamp() }));
    for zone in Zone::all() {
        println!(
            "{}",
            json!({ "zone": zone.name(), "offset": offset(zone, from), "changes": changes(zone, from, to) })
        );
    }
    Ok(())
}

fn offset(zone: Zone, instant: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
}

/// When the offset becomes another one, and which: looked for every half an hour, then to the second.
fn changes(zone: Zone, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(i64, i32)> {
    let mut found = Vec::new();
    let mut instant = from;
    while instant < to {
        let next = instant + TimeDelta::minutes(30);
        let (before, after) = (offset(zone, instant), offset(zone, next));
        if before != after {
            let (mut low, mut high) = (instant, next);
            while high - low > TimeDelta::seconds(1) {
                let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
                if offset(zone, middle) == before { low = middle } else { high = middle }
            }
            found.push((high.timestamp(), after));
        }
        instant = next;
    }
    found
}
