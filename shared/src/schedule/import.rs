//! A schedule of another grammar in the native one, and what differs in meaning.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::Serialize;

use super::custodian::{Custodian, Hours};
use super::dates::{Dates, WeekdayRule};
use super::instance_scheduler::{InstanceScheduler, OverrideStatus, Period, Times};
use super::kube_downscaler::{Item, KubeDownscaler, Weekly};
use super::local::ClockTime;
use super::native::{Native, Window};
use super::week::WEEKDAYS;
use super::{Form, Schedule};
use crate::zones::Zone;

/// One thing that the native form does otherwise than the tool it came from, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Difference(String);

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The native form, as it grows.
#[derive(Default)]
struct Import {
    windows: Vec<Window>,
    differences: Vec<Difference>,
}

impl Schedule {
    /// The same in the native grammar, and what differs in meaning from the tool it came from. A native schedule is
    /// itself, without any difference.
    pub fn to_native(&self) -> (Self, Vec<Difference>) {
        let mut import = Import::default();
        let native = match &self.form {
            Form::Native(_) => return (self.clone(), Vec::new()),
            Form::Custodian(custodian) => import.custodian(custodian),
            Form::KubeDownscaler(spec) => import.kube_downscaler(spec),
            Form::InstanceScheduler(schedule) => import.instance_scheduler(schedule),
        };
        (Self { form: Form::Native(native) }, import.differences)
    }
}

impl Import {
    fn tell(&mut self, sentence: impl Into<String>) {
        self.differences.push(Difference(sentence.into()));
    }

    fn finish(&mut self, zone: Zone) -> Native {
        Native::of(std::mem::take(&mut self.windows), zone)
    }

    fn custodian(&mut self, custodian: &Custodian) -> Native {
        match custodian {
            Custodian::OptOut(zone) => {
                self.tell(
                    "`off` alone leaves the environment as it is; no native schedule does, and `always` starts it too.",
                );
                Native::always(*zone)
            }
            Custodian::Hours(hours) => {
                self.tell(
                    "Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays \
                     so until the next such hour; here the schedule counts all the time, and an override beats it.",
                );
                self.hours(hours)
            }
        }
    }

    fn hours(&mut self, hours: &Hours) -> Native {
        if hours.never_stops() {
            return Native::always(hours.zone);
        }
        let week = hours.week();
        if !hours.skip_days.is_empty() && !week.is_day_by_day() {
            self.tell(
                "On a skipped date Cloud Custodian neither starts nor stops, and what is up stays up; here no window begins \
                 on it.",
            );
        }
        self.windows = Window::weekly(&week, hours.zone, &hours.skip_days);
        self.finish(hours.zone)
    }

    fn kube_downscaler(&mut self, spec: &KubeDownscaler) -> Native {
        self.tell("The time spec is read as an uptime; where it is a downtime, it is up when this says down.");
        if spec.items.contains(&Item::Always) {
            return Native::always(spec.zone);
        }
        for item in &spec.items {
            match item {
                Item::Always | Item::Never => {}
                Item::Weekly(weekly) => self.weekly(weekly),
                Item::Between(from, to) => self.once(*from, *to),
                Item::From(from) => self.once(*from, at_midnight(9999)),
                Item::Until(until) => self.once(at_midnight(1970), *until),
            }
        }
        self.finish(spec.zone)
    }

    fn weekly(&mut self, weekly: &Weekly) {
        if weekly.from > weekly.to {
            self.tell(format!(
                "`{weekly}` matches before {} and from {} on, on each of its days, as in the Go flavour; the Python flavour \
                 never matches it. A native `{}-{}` would go on into the day after.",
                weekly.to, weekly.from, weekly.from, weekly.to
            ));
        }
        let days = weekly.days();
        let is_every = WEEKDAYS.iter().all(|day| days.contains(*day));
        let dates = Dates { weekdays: (!is_every).then_some(WeekdayRule::Each(days)), ..Dates::default() };
        self.windows.push(Window::recurring(dates, &weekly.stretches(), weekly.zone));
    }

    /// An absolute range, whose minutes are written in UTC: its own offset is no zone.
    fn once(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) {
        let minute = |instant: DateTime<Utc>| {
            let time = instant.naive_utc();
            let seconds = TimeDelta::seconds(time.and_utc().timestamp().rem_euclid(60));
            let nanoseconds = TimeDelta::nanoseconds(instant.timestamp_subsec_nanos().into());
            let whole = time - seconds - nanoseconds;
            (whole, time > whole)
        };
        let ((from, cuts), (to, cuts_too)) = (minute(from), minute(to));
        if cuts || cuts_too {
            self.tell("Native times are whole minutes: a range begins with its first minute and ends with its last.");
        }
        let to = if cuts_too { to + TimeDelta::minutes(1) } else { to };
        self.windows.push(Window::absolute(from, to, Zone::UTC));
    }

    fn instance_scheduler(&mut self, schedule: &InstanceScheduler) -> Native {
        self.flags(schedule);
        match schedule.override_status {
            Some(OverrideStatus::Running) => return Native::always(schedule.zone),
            Some(OverrideStatus::Stopped) => return Native::of(Vec::new(), schedule.zone),
            None => {}
        }
        if schedule.periods.iter().any(|period| matches!(period.times, Times::From(_) | Times::Until(_))) {
            self.tell(
                "A period with one end leaves the environment as it is before that time; here it is as it would be if \
                 nobody touched it.",
            );
        }
        match schedule.week() {
            Some(week) => self.windows = Window::weekly(&week, schedule.zone, &[]),
            None => schedule.periods.iter().for_each(|period| self.period(period, schedule.zone)),
        }
        self.finish(schedule.zone)
    }

    fn flags(&mut self, schedule: &InstanceScheduler) {
        let flags = &schedule.flags;
        match flags.enforced {
            Some(true) => {}
            Some(false) | None => self.tell(
                "Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand \
                 stays so until then; here the schedule counts all the time, and an override beats it.",
            ),
        }
        if flags.retain_running == Some(true) {
            self.tell("`retain_running` is no part of a native schedule: Curfew has a setting of its own for it.");
        }
        if flags.hibernate == Some(true) {
            self.tell("`hibernate` is left out: an environment has nothing to hibernate.");
        }
        if flags.stop_new_instances == Some(false) {
            self.tell("`stop_new_instances: false` is left out: a new environment outside its hours is stopped.");
        }
        if !flags.maintenance_windows.is_empty() {
            self.tell("SSM maintenance windows are left out: Curfew does not know their times.");
        }
        if schedule.periods.iter().any(|period| period.instance_type.is_some()) {
            self.tell("Instance types are left out: an environment has none.");
        }
    }

    /// A period by itself, in its native form.
    fn period(&mut self, period: &Period, zone: Zone) {
        let times = match period.times {
            Times::AllDay => (ClockTime::MIDNIGHT, ClockTime::DAY_END),
            Times::Between(begin, end) => (begin, end),
            Times::From(begin) => (begin, ClockTime::DAY_END),
            Times::Until(_) => return,
        };
        if times.0 >= times.1 {
            return;
        }
        if times.1 == ClockTime::new(23, 59).unwrap_or(ClockTime::DAY_END) {
            self.tell("A period that ends at 23:59 is down for a minute, also where another one goes on at 00:00.");
        }
        if period.recurrence.month_days.is_some_and(|days| days.nearest != 0) {
            self.tell("The workday nearest to a day of the month (`15W`) has no native form, and is left out.");
        }
        let dates = period.recurrence.native();
        self.windows.extend(dates.into_iter().map(|dates| Window::recurring(dates, &[times], zone)));
    }
}

fn at_midnight(year: i32) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
    NaiveDateTime::new(date, NaiveTime::MIN).and_utc()
}
