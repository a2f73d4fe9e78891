//! Where a blueprint's calendar of holidays is: in it, or in a file or a parameter of its own that it names.

use serde_json::Value;

use super::problems::Problems;
use super::source::Source;
use crate::schedule::Holidays;

/// How an iCalendar text begins.
const INLINE: &str = "BEGIN:";

/// The calendar that a blueprint names instead of holding it, such as `holidays.ics`; whoever reads the blueprint reads it
/// too and gives it to [`super::Blueprint::parse_with`]. None if it holds its calendar, has none, or cannot be read.
pub fn named_calendar(blueprint: &str) -> Option<String> {
    let source = Source::parse(blueprint).ok()?;
    name(&source.value).filter(|name| is_plain(name)).map(str::to_owned)
}

fn name(document: &Value) -> Option<&str> {
    document["holidays"].as_str().map(str::trim).filter(|text| !text.to_ascii_uppercase().starts_with(INLINE))
}

/// One word that is a file's name and a parameter's too; nothing that leads to another folder.
fn is_plain(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (1..=64).contains(&name.len()) && name.chars().all(allowed) && !name.starts_with('.')
}

/// The holidays of a document, wherever their calendar is.
///
/// # Errors
/// Everything that is wrong with it has been added to the problems.
pub(super) fn holidays(document: &Value, named: Option<&str>, problems: &mut Problems) -> Result<Option<Holidays>, ()> {
    let (text, of) = match (document["holidays"].as_str(), name(document), named) {
        (None, ..) => return Ok(None),
        (Some(inline), None, _) => (inline, String::new()),
        (Some(_), Some(name), Some(calendar)) => (calendar, format!("{name}: ")),
        (Some(_), Some(name), None) if is_plain(name) => {
            problems.add("holidays", format!("the calendar {name} was not found where the blueprint is"));
            return Err(());
        }
        (Some(text), Some(_), None) => (text, String::new()),
    };
    Holidays::parse(text).map(Some).map_err(|error| problems.add("holidays", format!("{of}{error}")))
}
