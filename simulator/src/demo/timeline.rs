//! What happened and why, one entry for each thing worth telling. Ticks that did nothing are counted.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::Because;
use curfew_core::model::Target;
use curfew_core::overrides::Override;
use curfew_core::report::{Outcome, Report};
use curfew_core::zones::Zone;
use serde::Serialize;

use super::hours::Day;
use super::mornings::Morning;
use super::play::{Played, Run};
use crate::events::Event;
use crate::people::{Deed, Done};

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The story begins.
    Begins,
    /// The environment came up.
    Up,
    /// It went down.
    Down,
    /// A run touched nothing, or not everything.
    LeftAlone,
    /// A run died.
    Died,
    /// Somebody did something by hand.
    ByHand,
    /// A whole day on which there was nothing to do.
    Quiet,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of thing.
    pub sign: Sign,
    /// Who did it: `start`, `stop`, `tick`, or a person.
    pub who: String,
    /// What, and why.
    pub text: String,
}

/// Everything worth telling, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timeline {
    /// What happened.
    pub entries: Vec<Entry>,
    /// So many ticks there were.
    pub ticks: usize,
    /// So many of them found everything as it should be.
    pub idle_ticks: usize,
    /// So many met another run at work.
    pub busy_ticks: usize,
}

impl Timeline {
    /// Tells what was played.
    pub fn of(blueprint: &Blueprint, played: &Played, mornings: &[Morning], days: &[Day]) -> Self {
        let text = format!("{} has been up around the clock; from now on Curfew looks after it", blueprint.environment);
        let begin =
            days.first().map(|day| Entry { at: day.stretch.from, sign: Sign::Begins, who: String::new(), text });
        let mut teller = Teller { mornings, override_until: None, last_start: None, told: BTreeSet::new() };
        let runs = played.runs.iter().filter_map(|run| teller.tell(run));
        let mut entries: Vec<Entry> =
            begin.into_iter().chain(runs).chain(by_hand(played, blueprint.schedule.zone())).collect();
        let quiet = quiet_days(&entries, played, days);
        entries.extend(quiet);
        entries.sort_by_key(|entry| entry.at);
        let count = |outcome| ticks(&played.runs).filter(|report| report.outcome == outcome).count();
        let all = ticks(&played.runs).count();
        Self { entries, ticks: all, idle_ticks: count(Outcome::Unchanged), busy_ticks: count(Outcome::Busy) }
    }
}

fn ticks(runs: &[Run]) -> impl Iterator<Item = &Report> {
    runs.iter().filter(|run| run.event == Event::Tick).filter_map(|run| run.report.as_ref())
}

fn by_hand(played: &Played, zone: Zone) -> impl Iterator<Item = Entry> {
    played.acts.iter().map(move |(act, done)| {
        let remark = match done {
            Done::Yes => by_the_clock(&act.deed, zone),
            Done::NothingThere => ": there is none".to_owned(),
        };
        let text = format!("{}{remark}", act.deed);
        Entry { at: act.at, sign: Sign::ByHand, who: act.who.to_string(), text }
    })
}

/// When an override is over, as people there would say it.
fn by_the_clock(deed: &Deed, zone: Zone) -> String {
    let Deed::TagCluster(Some(value)) = deed else { return String::new() };
    let until = value.parse::<Override>().ok().and_then(|value| value.until);
    until.map(|until| format!(" ({} here)", until.with_timezone(&zone).format("%H:%M"))).unwrap_or_default()
}

/// Days of which there is nothing else to tell, and days that are shorter or longer than others.
fn quiet_days(entries: &[Entry], played: &Played, days: &[Day]) -> Vec<Entry> {
    let within = |at: DateTime<Utc>, day: &Day| day.stretch.from <= at && at < day.stretch.to;
    let quiet = days.iter().filter(|day| !entries.iter().any(|entry| within(entry.at, day)));
    let tell = |day: &Day| {
        let ticks: Vec<&Report> = ticks(&played.runs).filter(|report| within(report.started_at, day)).collect();
        let first = ticks.first()?;
        let mut text = format!("{}: {}; {} ticks had nothing to do", first.message, first.because, ticks.len());
        match day.hours() {
            24 => {}
            hours if hours > 24 => text.push_str(&format!("; the clocks go back, so it has {hours} hours")),
            hours => text.push_str(&format!("; the clocks go forward, so it has {hours} hours")),
        }
        Some(Entry { at: day.stretch.from, sign: Sign::Quiet, who: String::new(), text })
    };
    quiet.filter_map(tell).collect()
}

/// Tells of runs, and remembers what it need not tell again.
struct Teller<'a> {
    mornings: &'a [Morning],
    /// Until when an override kept the schedule from its way.
    override_until: Option<DateTime<Utc>>,
    /// When it last started, by the clock of UTC.
    last_start: Option<NaiveTime>,
    told: BTreeSet<String>,
}

impl Teller<'_> {
    fn tell(&mut self, run: &Run) -> Option<Entry> {
        let (sign, text) = match &run.report {
            None => (Sign::Died, died(run)),
            Some(report) => self.tell_report(run, report)?,
        };
        Some(Entry { at: run.at, sign, who: run.event.to_string(), text })
    }

    fn tell_report(&mut self, run: &Run, report: &Report) -> Option<(Sign, String)> {
        let (sign, mut text) = match (report.outcome, report.target) {
            (Outcome::Unchanged | Outcome::Busy, _) if run.event == Event::Tick => return None,
            (Outcome::Converged, Some(Target::Up)) => (Sign::Up, self.moved(report)),
            (Outcome::Converged, Some(Target::Down)) => (Sign::Down, self.moved(report)),
            (Outcome::Converged, None)
            | (
                Outcome::Unchanged
                | Outcome::InProgress
                | Outcome::Skipped
                | Outcome::Busy
                | Outcome::Blocked
                | Outcome::Failed,
                _,
            ) => (Sign::LeftAlone, report.message.clone()),
        };
        if let Some(Because::Override(tagged)) = report.decision.as_ref().map(|decision| &decision.because) {
            self.override_until = tagged.value.until;
            text = text.replace(&tagged.resource, "the cluster");
        }
        let morning = self.mornings.iter().find(|morning| morning.at == run.at && sign == Sign::Up);
        let since = morning.map(|morning| morning.since.clone()).unwrap_or_default();
        let clocks = self.other_hour(run);
        let notes = report.notes.iter().filter(|note| self.told.insert((*note).clone())).cloned();
        for more in clocks.into_iter().chain(since).chain(notes) {
            text.push_str(&format!("; {more}"));
        }
        Some((sign, text))
    }

    /// A start that comes at another hour of UTC than the one before it: the clocks have changed.
    fn other_hour(&mut self, run: &Run) -> Option<String> {
        if run.event != Event::Scheduled(Target::Up) {
            return None;
        }
        let now = run.at.time();
        let before = self.last_start.replace(now).filter(|before| *before != now)?;
        Some(format!("{} UTC, where it was {} UTC before", now.format("%H:%M"), before.format("%H:%M")))
    }

    /// What a run did that ended as it should.
    fn moved(&mut self, report: &Report) -> String {
        let is_over = self.override_until.take_if(|until| *until <= report.started_at).is_some();
        let because = match (is_over, report.moving_since) {
            (true, _) => format!("the override is over and {}", report.because),
            (false, Some(since)) if since < report.started_at => "it went on from what was there".to_owned(),
            (false, _) => report.because.clone(),
        };
        format!("{}, {} actions: {because}", report.message, report.actions.len())
    }
}

fn died(run: &Run) -> String {
    match &run.last_words {
        Some(action) => format!("its function dies in the middle, after {action}"),
        None => "its function dies before it does anything".to_owned(),
    }
}
