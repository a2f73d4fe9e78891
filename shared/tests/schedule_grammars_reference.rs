//! The other tools' grammars against a reading of their definitions that is as plain as can be, around the nights on
//! which clocks change.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use curfew_core::schedule::{Grammar, Schedule, State};
use curfew_core::zones::Zone;
use proptest::prelude::*;
use serde_json::{Value, json};

const ZONES: [&str; 10] = [
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Havana",
    "Asia/Beirut",
    "Pacific/Apia",
];

/// Instants near which clocks change in one of the zones.
const TRANSITIONS: [&str; 12] = [
    "2026-03-08T07:00:00Z",
    "2026-11-01T06:00:00Z",
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-04-04T15:00:00Z",
    "2026-10-03T15:30:00Z",
    "2026-02-15T02:00:00Z",
    "2026-03-22T02:00:00Z",
    "2026-03-28T22:00:00Z",
    "2026-11-01T05:00:00Z",
    "2011-12-30T10:00:00Z",
    "2024-02-29T12:00:00Z",
];

/// Whether the clocks have reached a local time: as a start at its first occurrence, as an end at its last; in a gap, where
/// the clocks go on.
fn reached(now: DateTime<Utc>, date: NaiveDate, minutes: i64, zone: Zone, is_start: bool) -> bool {
    let wanted = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
    // No clock is further from UTC.
    if (wanted.and_utc() - now).abs() > TimeDelta::hours(27) {
        return wanted.and_utc() < now;
    }
    let local = |minute: i64| -> (DateTime<Utc>, NaiveDateTime) {
        let instant = (wanted + TimeDelta::minutes(minute)).and_utc();
        (instant, zone.from_utc_datetime(&instant.naive_utc()).naive_local())
    };
    let mut around = (-26 * 60..26 * 60).map(local);
    let occurs = |(_, local): &(DateTime<Utc>, NaiveDateTime)| *local == wanted;
    let found = if is_start { around.clone().find(occurs) } else { around.clone().rfind(occurs) };
    found.or_else(|| around.find(|(_, local)| *local > wanted)).expect("it comes").0 <= now
}

/// The dates whose windows may be around an instant.
fn dates_around(now: DateTime<Utc>, back: u64) -> impl Iterator<Item = NaiveDate> {
    let first = now.date_naive() - Days::new(back);
    first.iter_days().take(usize::try_from(back).expect("few") + 3)
}

fn day_number(date: NaiveDate) -> u32 {
    date.weekday().num_days_from_monday()
}

/// Whether a day is in a range of days that may go over the end.
fn in_range(day: u32, first: u32, last: u32) -> bool {
    if first <= last { (first..=last).contains(&day) } else { day >= first || day <= last }
}

fn written(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The state is the same until the next change, and another one there; a quarter of an hour is the shortest step.
fn changes_exactly(schedule: &Schedule, now: DateTime<Utc>) -> Result<(), TestCaseError> {
    let state = schedule.at(now);
    let change = schedule.next_change(now);
    if let Some(change) = change {
        prop_assert!(change.at > now && change.to != state);
        prop_assert_eq!(schedule.at(change.at), change.to);
        prop_assert_eq!(schedule.at(change.at - TimeDelta::milliseconds(1)), state);
    }
    let end = change.map_or(now + TimeDelta::days(40), |change| change.at.min(now + TimeDelta::days(40)));
    let mut instant = now;
    while instant < end {
        prop_assert_eq!(schedule.at(instant), state, "{} at {}", schedule, instant);
        instant += TimeDelta::minutes(15);
    }
    Ok(())
}

/// What is printed is read as the same, also of the native form.
fn reads_back(schedule: &Schedule, grammar: Grammar) -> Result<(), TestCaseError> {
    let printed = schedule.to_string();
    let again = Schedule::parse(printed.as_str(), Some(grammar), None);
    prop_assert_eq!(again.as_ref(), Ok(schedule));
    let (native, _) = schedule.to_native();
    let again = Schedule::parse(native.to_string().as_str(), Some(Grammar::Native), None);
    prop_assert_eq!(again, Ok(native));
    Ok(())
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let near = (prop::sample::select(&TRANSITIONS[..]), -3 * 24 * 60..3 * 24 * 60_i64);
    near.prop_map(|(transition, minutes)| {
        transition.parse::<DateTime<Utc>>().expect("an instant") + TimeDelta::minutes(minutes)
    })
}

fn zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(&ZONES[..]).prop_map(|name| name.parse().expect("a zone"))
}

/// A range of days and an hour.
type Edge = (u32, u32, i64);

const LETTERS: [&str; 7] = ["m", "t", "w", "h", "f", "s", "u"];

fn edges() -> impl Strategy<Value = Vec<Edge>> {
    // Hours at night, so that many fall on the nights on which clocks change.
    let hour = prop_oneof![0..5_i64, 0..24_i64];
    prop::collection::vec((0..7_u32, 0..7_u32, hour), 1..4)
}

fn tag(off: &[Edge], on: &[Edge], zone: Zone) -> String {
    let list = |edges: &[Edge]| {
        let item = |edge: &Edge| format!("({}-{},{})", LETTERS[edge.0 as usize], LETTERS[edge.1 as usize], edge.2);
        edges.iter().map(item).collect::<Vec<_>>().join(",")
    };
    format!("off=[{}];on=[{}];tz={}", list(off), list(on), zone.name())
}

/// Goes through the edges one after the other, in the clock's order. At one hour `on` beats `off`.
fn custodian_says(off: &[Edge], on: &[Edge], skip: &[NaiveDate], zone: Zone, now: DateTime<Utc>) -> State {
    let mut state = State::Down;
    for date in dates_around(now, 16).filter(|date| !skip.contains(date)) {
        for hour in 0..24 {
            let has = |edges: &[Edge]| edges.iter().any(|e| e.2 == hour && in_range(day_number(date), e.0, e.1));
            let (is_start, to) = match (has(on), has(off)) {
                (true, _) => (true, State::Up),
                (false, true) => (false, State::Down),
                (false, false) => continue,
            };
            if reached(now, date, hour * 60, zone, is_start) {
                state = to;
            }
        }
    }
    state
}

#[derive(Debug, Clone, Copy)]
struct Item {
    first: u32,
    last: u32,
    from: i64,
    to: i64,
    zone: Zone,
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Item {
    fn text(&self) -> String {
        let (first, last) = (DAYS[self.first as usize], DAYS[self.last as usize]);
        format!("{first}-{last} {}-{} {}", written(self.from), written(self.to), self.zone.name())
    }

    fn matches(&self, now: DateTime<Utc>) -> bool {
        let stretches =
            if self.from <= self.to { vec![(self.from, self.to)] } else { vec![(0, self.to), (self.from, 1440)] };
        dates_around(now, 3).filter(|date| in_range(day_number(*date), self.first, self.last)).any(|date| {
            let is_in = |(from, to): &(i64, i64)| {
                reached(now, date, *from, self.zone, true) && !reached(now, date, *to, self.zone, false)
            };
            stretches.iter().any(is_in)
        })
    }
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let quarters = || prop_oneof![0..=20_i64, 0..=96_i64].prop_map(|quarters| quarters * 15);
    let item = (0..7_u32, 0..7_u32, quarters(), quarters(), zone());
    let item = item.prop_filter("it matches at some time", |(.., from, to, _)| from != to && (*from, *to) != (1440, 0));
    let item = item.prop_map(|(first, last, from, to, zone)| Item { first, last, from, to, zone });
    prop::collection::vec(item, 1..4)
}

/// A period with its expressions: each as a text and as what it means.
#[derive(Debug, Clone)]
struct Period {
    begin: Option<i64>,
    end: Option<i64>,
    weekdays: Option<WeekdayTerm>,
    month_days: Option<MonthDayTerm>,
    months: Option<(u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
enum WeekdayTerm {
    Range(u32, u32),
    Nth(u32, u32),
    Last(u32),
}

#[derive(Debug, Clone, Copy)]
enum MonthDayTerm {
    Step(u32, u32),
    Nearest(u32),
    Last,
}

impl WeekdayTerm {
    fn text(self) -> String {
        match self {
            Self::Range(first, last) => format!("{first}-{last}"),
            Self::Nth(day, nth) => format!("{}#{nth}", DAYS[day as usize]),
            Self::Last(day) => format!("{day}L"),
        }
    }

    fn has(self, date: NaiveDate) -> bool {
        let day = day_number(date);
        match self {
            Self::Range(first, last) => in_range(day, first, last),
            Self::Nth(wanted, nth) => day == wanted && date.day().div_ceil(7) == nth,
            Self::Last(wanted) => day == wanted && (date + Days::new(7)).month() != date.month(),
        }
    }
}

impl MonthDayTerm {
    fn text(self) -> String {
        match self {
            Self::Step(first, step) => format!("{first}/{step}"),
            Self::Nearest(day) => format!("{day}W"),
            Self::Last => "L".to_owned(),
        }
    }

    fn has(self, date: NaiveDate) -> bool {
        match self {
            Self::Step(first, step) => date.day() >= first && (date.day() - first).is_multiple_of(step),
            Self::Last => (date + Days::new(1)).month() != date.month(),
            Self::Nearest(day) => {
                let Some(asked) = date.with_day(day) else { return false };
                let is_workday = |date: &NaiveDate| day_number(*date) < 5 && date.month() == asked.month();
                let away = (0..4).flat_map(|n| [asked - Days::new(n), asked + Days::new(n)]);
                away.filter(is_workday).take(1).any(|nearest| nearest == date)
            }
        }
    }
}

impl Period {
    fn value(&self) -> Value {
        let mut fields = json!({ "name": "p" });
        let mut put = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                fields[name] = json!(text);
            }
        };
        put("begintime", self.begin.map(written));
        put("endtime", self.end.map(written));
        put("weekdays", Some(self.weekdays.map_or("*".to_owned(), WeekdayTerm::text)));
        put("monthdays", self.month_days.map(MonthDayTerm::text));
        put("months", self.months.map(|(first, last)| format!("{first}-{last}")));
        fields
    }

    fn is_on(&self, date: NaiveDate) -> bool {
        self.weekdays.is_none_or(|term| term.has(date))
            && self.month_days.is_none_or(|term| term.has(date))
            && self.months.is_none_or(|(first, last)| in_range(date.month(), first, last))
    }

    fn stretches(&self) -> Vec<(i64, i64, State)> {
        match (self.begin, self.end) {
            (None, None) => vec![(0, 1440, State::Up)],
            (Some(begin), Some(end)) => vec![(begin, end, State::Up)],
            (Some(begin), None) => vec![(0, begin, State::Leave), (begin, 1440, State::Up)],
            (None, Some(end)) => vec![(0, end, State::Leave)],
        }
    }
}

/// What the clock's face says at a minute of a date.
fn on_the_clock(periods: &[Period], date: NaiveDate, minute: i64) -> State {
    let said = periods.iter().filter(|period| period.is_on(date)).flat_map(Period::stretches);
    let said = said.filter(|(from, to, _)| *from <= minute && minute < *to).map(|(_, _, state)| state);
    said.max().unwrap_or(State::Down)
}

/// A minute between two running ones counts as running.
fn is_gap(periods: &[Period], date: NaiveDate, minute: i64) -> bool {
    let at = |minute: i64| {
        let time = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
        on_the_clock(periods, time.date(), (time - time.date().and_time(NaiveTime::MIN)).num_minutes())
    };
    periods.len() > 1 && [at(minute - 1), at(minute), at(minute + 1)] == [State::Up, State::Down, State::Up]
}

fn instance_scheduler_says(periods: &[Period], zone: Zone, now: DateTime<Utc>) -> State {
    let is_in = |date, from, to| reached(now, date, from, zone, true) && !reached(now, date, to, zone, false);
    let mut state = State::Down;
    for date in dates_around(now, 3) {
        for (from, to, said) in periods.iter().filter(|period| period.is_on(date)).flat_map(Period::stretches) {
            if said > state && from < to && is_in(date, from, to) {
                state = said;
            }
        }
        for minute in periods.iter().flat_map(Period::stretches).map(|(_, to, _)| to % 1440) {
            if is_gap(periods, date, minute) && is_in(date, minute, minute + 1) {
                state = State::Up;
            }
        }
    }
    state
}

fn periods() -> impl Strategy<Value = Vec<Period>> {
    // So few times that periods often touch, or leave a minute between them.
    let time = || prop::sample::select(vec![0_i64, 60, 90, 120, 150, 151, 180, 181, 720, 721, 1200, 1439]);
    let times = prop_oneof![
        3 => (time(), time())
            .prop_filter("it has a length", |(a, b)| a != b)
            .prop_map(|(a, b)| (Some(a.min(b)), Some(a.max(b)))),
        1 => time().prop_map(|begin| (Some(begin), None)),
        1 => time().prop_map(|end| (None, Some(end))),
        1 => Just((None, None)),
    ];
    let weekdays = prop_oneof![
        (0..7_u32, 0..7_u32).prop_map(|(first, last)| WeekdayTerm::Range(first, last)),
        (0..7_u32, 1..6_u32).prop_map(|(day, nth)| WeekdayTerm::Nth(day, nth)),
        (0..7_u32).prop_map(WeekdayTerm::Last),
    ];
    let month_days = prop_oneof![
        (1..32_u32, 1..9_u32).prop_map(|(first, step)| MonthDayTerm::Step(first, step)),
        (1..32_u32).prop_map(MonthDayTerm::Nearest),
        Just(MonthDayTerm::Last),
    ];
    let period = (
        times,
        prop::option::of(weekdays),
        prop::option::weighted(0.3, month_days),
        prop::option::weighted(0.2, (1..13_u32, 1..13_u32)),
    );
    let period = period.prop_map(|((begin, end), weekdays, month_days, months)| Period {
        begin,
        end,
        weekdays,
        month_days,
        months,
    });
    prop::collection::vec(period, 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_tag_is_what_its_edges_make_one_after_the_other(off in edges(), on in edges(), zone in zone(), now in instant()) {
        let text = tag(&off, &on, zone);
        let schedule = Schedule::parse(text.as_str(), None, None).expect(&text);
        prop_assert_eq!(schedule.grammar(), Grammar::Custodian);
        prop_assert_eq!(schedule.at(now), custodian_says(&off, &on, &[], zone, now), "{} at {}", text, now);
        changes_exactly(&schedule, now)?;
        reads_back(&schedule, Grammar::Custodian)?;
        let (native, _) = schedule.to_native();
        prop_assert_eq!(native.at(now), schedule.at(now), "{} for {} at {}", native, text, now);
    }

    #[test]
    fn skipped_days_have_no_edges(off in edges(), on in edges(), zone in zone(), now in instant(), skip in prop::collection::vec(-4..3_i64, 0..3)) {
        let skip: Vec<NaiveDate> = skip.iter().map(|days| now.date_naive() + TimeDelta::days(*days)).collect();
        let policy = json!({ "fallback-schedule": tag(&off, &on, zone), "skip-days": skip });
        let schedule = Schedule::parse(&policy, None, None).expect("a policy");
        // So many days back, every edge has been at least twice.
        prop_assert_eq!(schedule.at(now), custodian_says(&off, &on, &skip, zone, now), "{} at {}", policy, now);
        changes_exactly(&schedule, now)?;
        reads_back(&schedule, Grammar::Custodian)?;
    }

    #[test]
    fn a_spec_is_up_while_an_item_matches(items in items(), now in instant()) {
        let text = items.iter().map(Item::text).collect::<Vec<_>>().join(", ");
        let schedule = Schedule::parse(text.as_str(), Some(Grammar::KubeDownscaler), None).expect(&text);
        let matches = items.iter().any(|item| item.matches(now));
        prop_assert_eq!(schedule.at(now) == State::Up, matches, "{} at {}", text, now);
        changes_exactly(&schedule, now)?;
        reads_back(&schedule, Grammar::KubeDownscaler)?;
        let (native, _) = schedule.to_native();
        prop_assert_eq!(native.at(now), schedule.at(now), "{} for {} at {}", native, text, now);
    }

    #[test]
    fn periods_say_what_each_of_them_says(periods in periods(), zone in zone(), now in instant()) {
        let value = json!({ "periods": periods.iter().map(Period::value).collect::<Vec<_>>(), "timezone": zone.name() });
        let schedule = Schedule::parse(&value, None, None).expect("a schedule");
        prop_assert_eq!(schedule.grammar(), Grammar::InstanceScheduler);
        prop_assert_eq!(schedule.at(now), instance_scheduler_says(&periods, zone, now), "{} at {}", value, now);
        changes_exactly(&schedule, now)?;
        reads_back(&schedule, Grammar::InstanceScheduler)?;
        let (native, _) = schedule.to_native();
        let is_weekly = |period: &Period| {
            let is_range = period.weekdays.is_none_or(|term| matches!(term, WeekdayTerm::Range(..)));
            is_range && period.month_days.is_none() && period.months.is_none() && period.begin.is_some() == period.end.is_some()
        };
        if periods.iter().all(is_weekly) {
            prop_assert_eq!(native.at(now), schedule.at(now), "{} for {} at {}", native, value, now);
        }
    }
}
