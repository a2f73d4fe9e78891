//! Whether windows leave no hole, so that nobody has to look for one through all years to come.

use chrono::NaiveDate;

use super::{Native, Times, When, Window};
use crate::schedule::dates::{Dates, WeekdayRule, Weekdays};
use crate::schedule::local::ClockTime;
use crate::zones::Zone;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

impl Native {
    /// The first date from which on the windows of one zone that come every week fill it: the one after their last
    /// exception, or the calendar's first.
    ///
    /// Then it is up for good, whatever the clocks do: an end is never before a start at the same local time.
    pub(super) fn full_from(&self) -> Option<NaiveDate> {
        let windows = self.windows();
        let zones = windows.iter().enumerate().filter_map(|(index, window)| {
            let is_first_of_zone = windows[..index].iter().all(|before| before.zone != window.zone);
            (is_first_of_zone && fills_week(windows, window.zone)).then_some(window.zone)
        });
        zones.filter_map(|zone| after_exceptions(windows, zone)).min()
    }
}

fn after_exceptions(windows: &[Window], zone: Zone) -> Option<NaiveDate> {
    let last = |window: &Window| match &window.when {
        When::Recurring { except, .. } => except.last(),
        When::Absolute { .. } => None,
    };
    match windows.iter().filter(|window| window.zone == zone).filter_map(last).max() {
        Some(last) => last.succ_opt(),
        None => Some(NaiveDate::MIN),
    }
}

fn fills_week(windows: &[Window], zone: Zone) -> bool {
    let weekly = windows.iter().filter(|window| window.zone == zone).filter_map(|window| window.when.weekly());
    let pairs = || weekly.clone().flat_map(|(days, times)| times.iter().map(move |times| (days, *times)));
    // Nearly every schedule is told by its hours alone.
    if pairs().map(|(days, times)| days.count() * times.minutes()).sum::<u32>() < WEEK {
        return false;
    }
    let mut minutes: Vec<(u32, u32)> = pairs().flat_map(|(days, times)| in_week(days, times)).collect();
    minutes.sort_unstable();
    let first = minutes.first().map_or(0, |(start, _)| *start);
    let reached =
        minutes.iter().try_fold(first, |reached, (start, end)| (*start <= reached).then_some(reached.max(*end)));
    reached.is_some_and(|reached| reached >= first + WEEK)
}

/// From which minute to which, from Monday on.
fn in_week(days: Weekdays, times: Times) -> impl Iterator<Item = (u32, u32)> {
    let start = u32::from(times.start.minutes());
    days.iter().map(move |day| {
        let start = day.num_days_from_monday() * DAY + start;
        (start, start + times.minutes())
    })
}

impl When {
    /// The days and times of windows that come each week, but for exceptions.
    fn weekly(&self) -> Option<(Weekdays, &[Times])> {
        match self {
            Self::Recurring { dates: Dates { months: None, weekdays, month_days: None }, times, .. } => {
                match weekdays {
                    None => Some((Weekdays::ALL, times)),
                    Some(WeekdayRule::Each(days)) => Some((*days, times)),
                    Some(WeekdayRule::InMonth(_)) => None,
                }
            }
            Self::Recurring { .. } | Self::Absolute { .. } => None,
        }
    }
}

impl Times {
    /// How long it lasts by the clock.
    fn minutes(self) -> u32 {
        let (start, end) = (u32::from(self.start.minutes()), u32::from(self.end.minutes()));
        if self.end <= self.start { end + u32::from(ClockTime::DAY_END.minutes()) - start } else { end - start }
    }
}
