//! Custodian's names for zones.

use crate::zones::Zone;

/// Custodian's own short names. Each means a place, with its daylight saving time, also those that sound as if not.
const ALIASES: [(&str, &str); 27] = [
    ("aet", "Australia/Sydney"),
    ("ast", "America/Phoenix"),
    ("at", "America/Phoenix"),
    ("brt", "America/Sao_Paulo"),
    ("bst", "Europe/London"),
    ("cdt", "America/Chicago"),
    ("cet", "Europe/Berlin"),
    ("cst", "America/Chicago"),
    ("ct", "America/Chicago"),
    ("edt", "America/New_York"),
    ("est", "America/New_York"),
    ("et", "America/New_York"),
    ("gmt", "Etc/GMT"),
    ("gt", "Etc/GMT"),
    ("ist", "Europe/Dublin"),
    ("it", "Asia/Kolkata"),
    ("jst", "Asia/Tokyo"),
    ("kst", "Asia/Seoul"),
    ("mdt", "America/Denver"),
    ("mst", "America/Denver"),
    ("mt", "America/Denver"),
    ("nzst", "Pacific/Auckland"),
    ("pdt", "America/Los_Angeles"),
    ("pst", "America/Los_Angeles"),
    ("pt", "America/Los_Angeles"),
    ("sgt", "Asia/Singapore"),
    ("utc", "Etc/UTC"),
];

/// The zone of a policy that names none.
pub(super) fn default() -> Zone {
    Zone::known("America/New_York")
}

/// The zone that Custodian takes a name for: its own short names first, else the IANA database's in any case.
pub(in crate::schedule) fn named(name: &str) -> Option<Zone> {
    alias(name).or_else(|| Zone::in_any_case(name))
}

/// The zone of one of Custodian's own short names.
pub(super) fn alias(name: &str) -> Option<Zone> {
    ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map(|(_, zone)| Zone::known(zone))
}

/// The zones that `utc+3` or `gmt-5` may mean: what Custodian takes it for, and what it says. The first has the other sign
/// of the second: Custodian reads it as POSIX does, where what is ahead of UTC is negative, and so do the names of `Etc`.
pub(super) fn of_distance(text: &str) -> Option<(Zone, Zone)> {
    let lower = text.to_ascii_lowercase();
    let distance = lower.strip_prefix("utc").or_else(|| lower.strip_prefix("gmt"))?;
    let (sign, hours) = distance.split_at_checked(1)?;
    let hours = hours.trim_end_matches(":00").trim_start_matches('0');
    let zone = |sign: &str| Zone::named(&format!("Etc/GMT{sign}{hours}"));
    match sign {
        "+" => Some((zone("+")?, zone("-")?)),
        "-" => Some((zone("-")?, zone("+")?)),
        _ => None,
    }
}

/// Zones whose IANA name is a short name of Custodian's for another one, with a zone of the same clocks.
const MISTAKEN: [(&str, &str); 5] = [
    ("CET", "Europe/Brussels"),
    ("EST", "America/Panama"),
    ("GMT", "Etc/GMT"),
    ("MST", "America/Phoenix"),
    ("UTC", "Etc/UTC"),
];

/// The zone under a name that a tag can say.
pub(super) fn sayable(zone: Zone) -> Zone {
    MISTAKEN.iter().find(|(mistaken, _)| *mistaken == zone.name()).map_or(zone, |(_, same)| Zone::known(same))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_behind_another_name_is_in_the_database() {
        assert_eq!(default().name(), "America/New_York");
        assert!(ALIASES.iter().all(|(alias, zone)| self::alias(alias) == Zone::named(zone)));
        assert!(MISTAKEN.iter().all(|(mistaken, same)| sayable(Zone::known(mistaken)) == Zone::known(same)));
    }
}
