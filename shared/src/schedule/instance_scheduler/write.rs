//! A schedule as JSON, with its periods inside.

use std::fmt;

use chrono::Weekday;
use serde_json::{Map, Value, json};

use super::{Flags, InstanceScheduler, MonthDayRule, OverrideStatus, Period, Times, WeekdayRule};
use crate::schedule::dates::{Months, Nth};

impl fmt::Display for InstanceScheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = Map::new();
        put(&mut fields, "name", self.name.as_ref());
        if !self.periods.is_empty() {
            put(&mut fields, "periods", Some(self.periods.iter().map(period).collect::<Vec<_>>()));
        }
        put(&mut fields, "timezone", Some(self.zone.name()));
        let status = self.override_status.map(|status| match status {
            OverrideStatus::Running => "running",
            OverrideStatus::Stopped => "stopped",
        });
        put(&mut fields, "override_status", status);
        flags(&mut fields, &self.flags);
        write!(f, "{}", Value::Object(fields))
    }
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Option<impl serde::Serialize>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), json!(value));
    }
}

fn flags(fields: &mut Map<String, Value>, flags: &Flags) {
    put(fields, "retain_running", flags.retain_running);
    put(fields, "enforced", flags.enforced);
    put(fields, "hibernate", flags.hibernate);
    put(fields, "stop_new_instances", flags.stop_new_instances);
    put(fields, "use_maintenance_window", flags.use_maintenance_window);
    let windows = &flags.maintenance_windows;
    put(fields, "ssm_maintenance_window", (!windows.is_empty()).then_some(windows));
}

fn period(period: &Period) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "name", period.name.as_ref());
    let (begin, end) = match period.times {
        Times::AllDay => (None, None),
        Times::Between(begin, end) => (Some(begin), Some(end)),
        Times::From(begin) => (Some(begin), None),
        Times::Until(end) => (None, Some(end)),
    };
    put(&mut fields, "begintime", begin.map(|time| time.to_string()));
    put(&mut fields, "endtime", end.map(|time| time.to_string()));
    let recurrence = &period.recurrence;
    put(&mut fields, "weekdays", recurrence.weekdays.map(weekdays));
    put(&mut fields, "monthdays", recurrence.month_days.map(month_days));
    put(&mut fields, "months", recurrence.months.map(months));
    put(&mut fields, "instancetype", period.instance_type.as_ref());
    if period.times == Times::AllDay && *recurrence == Default::default() {
        put(&mut fields, "weekdays", Some(["*"]));
    }
    Value::Object(fields)
}

const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "mon"),
    (Weekday::Tue, "tue"),
    (Weekday::Wed, "wed"),
    (Weekday::Thu, "thu"),
    (Weekday::Fri, "fri"),
    (Weekday::Sat, "sat"),
    (Weekday::Sun, "sun"),
];

fn weekdays(rule: WeekdayRule) -> Vec<String> {
    let each = WEEKDAYS.iter().filter(|(day, _)| rule.each.contains(*day)).map(|(_, name)| (*name).to_owned());
    let in_month = Nth::ALL.into_iter().flat_map(|nth| {
        let days = WEEKDAYS.iter().filter(move |(day, _)| rule.in_month.of(nth).contains(*day));
        days.map(move |(_, name)| match nth {
            Nth::First => format!("{name}#1"),
            Nth::Second => format!("{name}#2"),
            Nth::Third => format!("{name}#3"),
            Nth::Fourth => format!("{name}#4"),
            Nth::Fifth => format!("{name}#5"),
            Nth::Last => format!("{name}L"),
        })
    });
    each.chain(in_month).collect()
}

fn month_days(rule: MonthDayRule) -> Vec<String> {
    let days = (1..=31).filter(|day| rule.days.contains(*day)).map(|day| day.to_string());
    let last = rule.days.last.then(|| "L".to_owned());
    let nearest = (1..=31).filter(|day| rule.nearest & (1 << day) != 0).map(|day| format!("{day}W"));
    days.chain(last).chain(nearest).collect()
}

fn months(months: Months) -> Vec<String> {
    (1..=12).filter(|month| months.contains(*month)).map(|month| month.to_string()).collect()
}
