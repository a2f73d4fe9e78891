//! Names of time zones, and what people write in their place.

use crate::zones::Zone;

/// How alike two names have to be for one to be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.8;

/// The zone that a text may mean.
pub(super) fn meant_by(text: &str) -> Option<Zone> {
    let wanted = text.to_ascii_lowercase().replace(' ', "_");
    if let Some(zone) = abbreviated(&wanted) {
        return Some(zone);
    }
    let alike = |zone: Zone| {
        let name = zone.name().to_ascii_lowercase();
        let city = name.rsplit('/').next().unwrap_or(&name);
        // A city is meant by its name alone; of two places with a like name the whole name decides.
        let by_city = if city == wanted { 0.99 } else { likeness(city, &wanted) * 0.98 };
        likeness(&name, &wanted).max(by_city)
    };
    let scored = Zone::all().map(|zone| (alike(zone), zone));
    let best = scored.fold(None, |best: Option<(f64, Zone)>, this| match best {
        Some(best) if best.0 >= this.0 => Some(best),
        Some(_) | None => Some(this),
    });
    best.filter(|(alike, _)| *alike >= ALIKE).map(|(_, zone)| zone)
}

/// From 0 to 1, by the slips that lead from one to the other; 0 at once where their lengths differ too much.
fn likeness(one: &str, other: &str) -> f64 {
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    if (shorter as f64) < ALIKE * longer as f64 { 0.0 } else { strsim::normalized_damerau_levenshtein(one, other) }
}

/// What an abbreviation that is no name of the database means to most who write it.
fn abbreviated(text: &str) -> Option<Zone> {
    Some(Zone::known(match text {
        "et" | "edt" | "est/edt" => "America/New_York",
        "ct" | "cst" | "cdt" => "America/Chicago",
        "mt" | "mdt" => "America/Denver",
        "pt" | "pst" | "pdt" => "America/Los_Angeles",
        "bst" => "Europe/London",
        "cest" => "Europe/Berlin",
        "ist" => "Asia/Kolkata",
        "jst" => "Asia/Tokyo",
        "aest" | "aedt" => "Australia/Sydney",
        "z" | "utc+0" | "gmt+0" => "UTC",
        _ => return None,
    }))
}

/// Whether a text is a distance from UTC, which says nothing of when clocks change.
pub(super) fn is_offset(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    let rest = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(&text);
    rest.starts_with(['+', '-']) && rest[1..].starts_with(|c: char| c.is_ascii_digit())
}
