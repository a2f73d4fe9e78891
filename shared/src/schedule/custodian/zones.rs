//! Custodian's names for zones.

use chrono_tz::Tz;

/// Custodian's own short names. Each means a place, with its daylight saving time, also those that sound as if not.
const ALIASES: [(&str, Tz); 27] = [
    ("aet", Tz::Australia__Sydney),
    ("ast", Tz::America__Phoenix),
    ("at", Tz::America__Phoenix),
    ("brt", Tz::America__Sao_Paulo),
    ("bst", Tz::Europe__London),
    ("cdt", Tz::America__Chicago),
    ("cet", Tz::Europe__Berlin),
    ("cst", Tz::America__Chicago),
    ("ct", Tz::America__Chicago),
    ("edt", Tz::America__New_York),
    ("est", Tz::America__New_York),
    ("et", Tz::America__New_York),
    ("gmt", Tz::Etc__GMT),
    ("gt", Tz::Etc__GMT),
    ("ist", Tz::Europe__Dublin),
    ("it", Tz::Asia__Kolkata),
    ("jst", Tz::Asia__Tokyo),
    ("kst", Tz::Asia__Seoul),
    ("mdt", Tz::America__Denver),
    ("mst", Tz::America__Denver),
    ("mt", Tz::America__Denver),
    ("nzst", Tz::Pacific__Auckland),
    ("pdt", Tz::America__Los_Angeles),
    ("pst", Tz::America__Los_Angeles),
    ("pt", Tz::America__Los_Angeles),
    ("sgt", Tz::Asia__Singapore),
    ("utc", Tz::Etc__UTC),
];

/// The zone of a policy that names none.
pub(super) const DEFAULT: Tz = Tz::America__New_York;

/// The zone that Custodian takes a name for: its own short names first, else the IANA database's in any case.
pub(super) fn named(name: &str) -> Option<Tz> {
    alias(name).or_else(|| chrono_tz::TZ_VARIANTS.into_iter().find(|zone| zone.name().eq_ignore_ascii_case(name)))
}

/// The zone of one of Custodian's own short names.
pub(super) fn alias(name: &str) -> Option<Tz> {
    ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map(|(_, zone)| *zone)
}

/// Zones whose IANA name is a short name of Custodian's for another one, with a zone of the same clocks.
const MISTAKEN: [(Tz, Tz); 5] = [
    (Tz::CET, Tz::Europe__Brussels),
    (Tz::EST, Tz::America__Panama),
    (Tz::GMT, Tz::Etc__GMT),
    (Tz::MST, Tz::America__Phoenix),
    (Tz::UTC, Tz::Etc__UTC),
];

/// The zone under a name that a tag can say.
pub(super) fn sayable(zone: Tz) -> Tz {
    MISTAKEN.iter().find(|(mistaken, _)| *mistaken == zone).map_or(zone, |(_, same)| *same)
}
