//! A schedule as an object: with its periods inside, as a document that has both, or as one period alone.

use serde_json::{Map, Value};

use super::fields::{Field, Fields, plain};
use super::{Flags, InstanceScheduler, OverrideStatus, Period, period};
use crate::schedule::InvalidSchedule;
use crate::zones::Zone;

/// A schedule's fields, those of a period included that it may be itself.
const FIELDS: [&str; 18] = [
    "name",
    "description",
    "timezone",
    "periods",
    "override_status",
    "retain_running",
    "enforced",
    "hibernate",
    "stop_new_instances",
    "use_maintenance_window",
    "ssm_maintenance_window",
    "begintime",
    "endtime",
    "weekdays",
    "monthdays",
    "months",
    "instancetype",
    "overwrite",
];

/// Fields of the table and of the CloudFormation resource that say nothing here.
const PASSED_OVER: [&str; 6] = ["type", "configured_in_stack", "ServiceToken", "NoStackPrefix", "Timeout", "Metrics"];

/// The zone of a schedule without one, as a deployment of Instance Scheduler has it unless it is told otherwise.
const DEFAULT_ZONE: Zone = Zone::UTC;

/// Reads a value; a schedule without a zone is in the given one.
pub(in crate::schedule) fn read(value: &Value, zone: Option<Zone>) -> Result<InstanceScheduler, InvalidSchedule> {
    let (place, value) = unwrapped(value);
    let zone = zone.unwrap_or(DEFAULT_ZONE);
    match value {
        Value::Array(items) => items_of_a_table(items, zone),
        Value::Object(object) => {
            let fields = Fields::of(&place, object)?;
            match fields.get("schedules").or_else(|| fields.get("items")) {
                Some(field) if fields.has("items") => match field.value {
                    Value::Array(items) => items_of_a_table(items, zone),
                    _ => Err(field.invalid("a list is wanted")),
                },
                Some(schedules) => {
                    fields.only(&["schedules", "periods"], &[])?;
                    let periods = match fields.get("periods") {
                        Some(field) => objects(&field)?,
                        None => Vec::new(),
                    };
                    schedule_of(&objects(&schedules)?, &periods, &schedules, zone)
                }
                None => schedule(&fields, &[], zone),
            }
        }
        _ => Err(Field { place: "schedule".to_owned(), value }.invalid("an object is wanted: a schedule, or a period")),
    }
}

/// What is inside a CloudFormation resource, and inside a template with one.
fn unwrapped(value: &Value) -> (String, &Value) {
    let (mut place, mut value) = (String::new(), value);
    // A template's resources, one of them, and its properties.
    for _ in 0..3 {
        let Value::Object(object) = value else { break };
        let inner = match object.get("Properties").map(|inner| ("Properties", inner)) {
            Some(found) => Some(found),
            None => object.get("Resources").map(|inner| ("Resources", inner)).or_else(|| only_resource(object)),
        };
        let Some((name, inner)) = inner else { break };
        place = if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
        value = inner;
    }
    (place, value)
}

fn only_resource(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, inner) = object.iter().next().filter(|_| object.len() == 1)?;
    inner.get("Properties").is_some().then_some((name.as_str(), inner))
}

/// Objects with their names and places: of a list, or of an object by name.
fn objects<'a>(field: &Field<'a>) -> Result<Vec<(Option<&'a str>, Fields<'a>)>, InvalidSchedule> {
    let of = |name: Option<&'a str>, place: String, value: &'a Value| match plain(value) {
        Value::Object(object) => Ok((name, Fields::of(&place, object)?)),
        value => Err(Field { place, value }.invalid("an object is wanted")),
    };
    match field.value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| of(None, format!("{}[{index}]", field.place), item)).collect()
        }
        Value::Object(entries) => {
            entries.iter().map(|(name, entry)| of(Some(name), format!("{}.{name}", field.place), entry)).collect()
        }
        _ => Err(field.invalid("a list is wanted")),
    }
}

/// The items of the configuration table, of which each says its type.
fn items_of_a_table(items: &[Value], zone: Zone) -> Result<InstanceScheduler, InvalidSchedule> {
    let all = Value::Array(items.to_vec());
    let field = Field { place: "items".to_owned(), value: &all };
    let (mut schedules, mut periods) = (Vec::new(), Vec::new());
    for (name, item) in objects(&field)? {
        match item.text("type")? {
            Some((_, "schedule")) => schedules.push((name, item)),
            Some((_, "period")) => periods.push((name, item)),
            Some((_, "config")) => {}
            Some((field, other)) => return Err(field.holds_wrong(other, "`schedule` or `period` is wanted")),
            None if Period::is_in(&item) => periods.push((name, item)),
            None => schedules.push((name, item)),
        }
    }
    schedule_of(&schedules, &periods, &field, zone)
}

type Named<'a> = (Option<&'a str>, Fields<'a>);

fn schedule_of(
    schedules: &[Named<'_>],
    periods: &[Named<'_>],
    field: &Field<'_>,
    zone: Zone,
) -> Result<InstanceScheduler, InvalidSchedule> {
    match schedules {
        [(_, fields)] => schedule(fields, periods, zone),
        _ => Err(field.invalid(format!("one schedule is wanted, and there are {}", schedules.len()))),
    }
}

fn schedule(fields: &Fields<'_>, known: &[Named<'_>], zone: Zone) -> Result<InstanceScheduler, InvalidSchedule> {
    fields.only(&FIELDS, &PASSED_OVER)?;
    if let Some(field) = fields.get("name").filter(|field| field.value == "") {
        return Err(field.invalid("a name is wanted, or no such field"));
    }
    let override_status = override_status(fields)?;
    let windows = fields.texts_or_none("ssmmaintenancewindow")?;
    let periods = periods(fields, known)?;
    if periods.is_empty() && override_status.is_none() {
        let message = match windows.is_empty() {
            true => "one of begintime, endtime, weekdays, monthdays, months, periods or override_status is wanted",
            false => "the times of SSM maintenance windows are not known here: periods are wanted",
        };
        return Err(fields.invalid(message));
    }
    let mut schedule = InstanceScheduler {
        name: fields.text("name")?.map(|(_, name)| name.to_owned()),
        periods,
        zone: self::zone(fields)?.unwrap_or(zone),
        override_status,
        flags: Flags {
            retain_running: fields.flag("retainrunning")?,
            enforced: fields.flag("enforced")?,
            hibernate: fields.flag("hibernate")?,
            stop_new_instances: fields.flag("stopnewinstances")?,
            use_maintenance_window: fields.flag("usemaintenancewindow")?,
            maintenance_windows: windows,
        },
        is_always: false,
    };
    schedule.is_always = schedule.leave_nothing_out();
    Ok(schedule)
}

fn override_status(fields: &Fields<'_>) -> Result<Option<OverrideStatus>, InvalidSchedule> {
    match fields.text("overridestatus")? {
        None => Ok(None),
        Some((_, text)) if text.eq_ignore_ascii_case("running") => Ok(Some(OverrideStatus::Running)),
        Some((_, text)) if text.eq_ignore_ascii_case("stopped") => Ok(Some(OverrideStatus::Stopped)),
        Some((field, text)) => Err(field.holds_wrong(text, "`running` or `stopped` is wanted")),
    }
}

fn zone(fields: &Fields<'_>) -> Result<Option<Zone>, InvalidSchedule> {
    let Some((field, name)) = fields.text("timezone")? else { return Ok(None) };
    let zone = name.parse().map(Some);
    zone.map_err(|_| field.holds_wrong(name, "this is no zone of the IANA database (`Europe/Berlin`)"))
}

/// The periods of a schedule: inside it, by name, or itself one.
fn periods(fields: &Fields<'_>, known: &[Named<'_>]) -> Result<Vec<Period>, InvalidSchedule> {
    let Some(field) = fields.get("periods") else {
        return match Period::is_in(fields) {
            true => Ok(vec![Period::read(fields)?]),
            false => Ok(Vec::new()),
        };
    };
    if let Some(both) = period::WHEN.iter().find_map(|name| fields.get(name)) {
        return Err(both.invalid("this belongs into a period, under `periods`"));
    }
    let inside = match field.value {
        Value::Array(items) => items.iter().any(|item| plain(item).is_object()),
        Value::Object(_) => true,
        _ => false,
    };
    if inside {
        return objects(&field)?.iter().map(|(name, fields)| inline(*name, fields)).collect();
    }
    let names = fields.texts_or_none("periods")?;
    names.iter().map(|name| named(name, known, &field)).collect()
}

fn inline(name: Option<&str>, fields: &Fields<'_>) -> Result<Period, InvalidSchedule> {
    fields.only(&period::FIELDS, &period::PASSED_OVER)?;
    if let Some(field) = fields.get("name").filter(|field| field.value == "") {
        return Err(field.invalid("a name is wanted, or no such field"));
    }
    if !Period::is_in(fields) {
        return Err(fields.invalid("one of begintime, endtime, weekdays, monthdays, months is wanted"));
    }
    let period = Period::read(fields)?;
    Ok(Period { name: period.name.or_else(|| name.map(str::to_owned)), ..period })
}

/// `office-hours`, or `office-hours@t3.large` with the type of instance to run.
fn named(name: &str, known: &[Named<'_>], field: &Field<'_>) -> Result<Period, InvalidSchedule> {
    let (wanted, instance_type) = match name.split_once('@') {
        Some((wanted, instance_type)) => (wanted.trim(), Some(instance_type.trim().to_owned())),
        None => (name, None),
    };
    for (key, fields) in known {
        let own = fields.text("name")?.map(|(_, own)| own);
        if own.or(*key) == Some(wanted) {
            let period = inline(*key, fields)?;
            return Ok(Period { instance_type: instance_type.or(period.instance_type), ..period });
        }
    }
    Err(field.holds_wrong(name, "this period is not here; its own fields have to stand here too, under `periods`"))
}
