//! How long the environment was up, day by day.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use curfew_core::model::Target;
use curfew_core::report::Outcome;
use curfew_core::zones::Zone;
use serde::Serialize;

use super::play::Run;

/// A stretch of time, `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
}

impl Stretch {
    /// How long it is.
    pub fn length(self) -> TimeDelta {
        self.to - self.from
    }

    /// The part that lies in another one; empty if none does.
    pub fn within(self, other: Self) -> Self {
        let from = self.from.max(other.from);
        Self { from, to: self.to.min(other.to).max(from) }
    }
}

/// A day of the zone's calendar.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// From midnight to midnight: 23 or 25 hours where the clocks change.
    #[serde(flatten)]
    pub stretch: Stretch,
    /// How long the environment was up, in hours.
    pub hours_up: f64,
    /// How long it was up in each half hour, as a share.
    pub half_hours: Vec<f64>,
}

impl Day {
    /// How many hours it has.
    pub fn hours(&self) -> i64 {
        self.stretch.length().num_hours()
    }

    /// Its name, `Mon 26 Oct`.
    pub fn name(&self) -> String {
        format!("{} {:>2} {}", self.date.weekday(), self.date.day(), self.date.format("%b"))
    }
}

/// When the environment was up: from the end of the run that brought it up to the start of the one that began to take
/// it down. In the beginning it is up.
pub fn up(runs: &[Run], whole: Stretch) -> Vec<Stretch> {
    let mut since = Some(whole.from);
    let mut stretches = Vec::new();
    for report in runs.iter().filter_map(|run| run.report.as_ref()) {
        match (report.outcome, report.target) {
            (Outcome::Converged, Some(Target::Up)) => since = since.or(Some(report.ended_at)),
            (Outcome::Converged, Some(Target::Down)) => {
                let to = report.moving_since.unwrap_or(report.started_at);
                stretches.extend(since.take().map(|from| Stretch { from, to }));
            }
            (Outcome::Converged, None)
            | (
                Outcome::Unchanged
                | Outcome::InProgress
                | Outcome::Skipped
                | Outcome::Busy
                | Outcome::Blocked
                | Outcome::Failed,
                _,
            ) => {}
        }
    }
    stretches.extend(since.map(|from| Stretch { from, to: whole.to }));
    stretches.into_iter().map(|stretch| stretch.within(whole)).filter(|one| one.length() > TimeDelta::zero()).collect()
}

/// The days of a stretch that begins and ends at midnight.
pub fn days(whole: Stretch, up: &[Stretch], zone: Zone) -> Vec<Day> {
    let first = whole.from.with_timezone(&zone).date_naive();
    let dates = (0..).map(|day| first + Days::new(day)).take_while(|date| midnight(*date, zone) < whole.to);
    dates.map(|date| day(date, up, zone)).collect()
}

fn day(date: NaiveDate, up: &[Stretch], zone: Zone) -> Day {
    let stretch = Stretch { from: midnight(date, zone), to: midnight(date + Days::new(1), zone) };
    let half_hours = (0..stretch.length().num_minutes() / 30).map(|number| {
        let from = stretch.from + TimeDelta::minutes(30 * number);
        hours_within(up, Stretch { from, to: from + TimeDelta::minutes(30) }) * 2.0
    });
    Day { date, stretch, hours_up: hours_within(up, stretch), half_hours: half_hours.collect() }
}

fn hours_within(up: &[Stretch], part: Stretch) -> f64 {
    up.iter().map(|one| one.within(part).length().as_seconds_f64() / 3600.0).sum()
}

fn midnight(date: NaiveDate, zone: Zone) -> DateTime<Utc> {
    let local = zone.from_local_datetime(&date.and_time(NaiveTime::MIN)).earliest();
    local.map_or(DateTime::<Utc>::MAX_UTC, |local| local.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_as_many_hours_as_its_clocks_show() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().expect("an instant") };
        let zone = Zone::named("America/New_York").expect("a zone");
        let autumn = Stretch { from: at("2026-10-31T04:00:00Z"), to: at("2026-11-03T05:00:00Z") };
        let spring = Stretch { from: at("2027-03-13T05:00:00Z"), to: at("2027-03-15T04:00:00Z") };
        let hours = |whole| days(whole, &[whole], zone).iter().map(Day::hours).collect::<Vec<_>>();
        assert_eq!((hours(autumn), hours(spring)), (vec![24, 25, 24], vec![24, 23]));
        let up = Stretch { from: at("2026-11-01T04:45:00Z"), to: at("2026-11-01T06:00:00Z") };
        let sunday = days(autumn, &[up], zone).swap_remove(1);
        assert_eq!((sunday.name(), sunday.hours_up), ("Sun  1 Nov".to_owned(), 1.25));
        assert_eq!(sunday.half_hours[..5], [0.0, 0.5, 1.0, 1.0, 0.0]);
    }
}
