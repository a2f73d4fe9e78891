//! From spans of time to a level, and to the instants at which it changes: for every grammar the same.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::local::{self, ClockTime, Edge};
use super::{Change, State};
use crate::zones::Zone;

/// A stretch of time, `[start, end)`, in which a state is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub state: State,
}

impl Span {
    /// From one time of a date to a later one; none where a gap swallows all of it.
    pub fn on(date: NaiveDate, from: ClockTime, to: ClockTime, zone: Zone, state: State) -> Option<Self> {
        let start = local::instant(from.on(date)?, zone, Edge::Start)?;
        let end = local::instant(to.on(date)?, zone, Edge::End)?;
        (start < end).then_some(Self { start, end, state })
    }
}

/// The end of a span that has none.
pub(super) const FOR_GOOD: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

/// What says which spans begin on which date. At any instant the greatest state of the spans around it counts.
pub(super) trait Timeline {
    /// Lists the spans that begin on a date, each by the clocks of its own zone.
    fn spans_on(&self, date: NaiveDate, spans: &mut Vec<Span>);

    /// The first date, from this one on, on which a span begins; none if there is none ever again.
    ///
    /// It may name a date on which none begins, but must leave out none on which one does.
    fn next_date(&self, from: NaiveDate) -> Option<NaiveDate>;

    /// On which date, counted from the one it begins on, the longest span is over: 1 for one that ends at 24:00.
    fn reach(&self) -> u16;

    /// Lists the spans that no rule of dates brings, however long they are.
    fn fixed(&self, _spans: &mut Vec<Span>) {}

    /// What counts where no span is.
    fn otherwise(&self) -> State {
        State::Down
    }

    /// The state, if it is known to be the same for good and always was. Only spares work: `None` is never wrong.
    fn constant(&self) -> Option<State> {
        None
    }

    /// After so many days, dates are treated in the same way again; seven where only the day of the week counts.
    fn cycle(&self) -> u64 {
        CALENDAR_CYCLE
    }

    /// The date from which on the state is known to be the same for good. Only spares work, as well.
    fn constant_from(&self) -> Option<NaiveDate> {
        None
    }

    /// The last date that is treated in a way of its own; after it, what the calendar and the clocks do decides alone.
    fn last_exception(&self) -> Option<NaiveDate> {
        None
    }
}

/// The state at an instant.
pub(super) fn at(timeline: &impl Timeline, instant: DateTime<Utc>) -> State {
    timeline.constant().unwrap_or_else(|| Sweep::to(timeline, instant).level(instant))
}

/// The first instant after this one at which the state is another; none if it stays for good.
pub(super) fn next_change(timeline: &impl Timeline, after: DateTime<Utc>) -> Option<Change> {
    if timeline.constant().is_some() {
        return None;
    }
    let mut sweep = Sweep::to(timeline, after);
    let (state, last) = (sweep.level(after), sweep.repeated_after(after));
    let mut now = after;
    while now < last {
        now = sweep.next_boundary(now)?;
        let to = sweep.level(now);
        if to != state {
            return (now < FOR_GOOD).then_some(Change { at: now, to });
        }
    }
    None
}

/// No zone's clocks are further from UTC; the date line's neighbours jump by as much.
const LARGEST_OFFSET: TimeDelta = TimeDelta::days(1);

/// Dates on which a zone's clocks may be ahead of or behind UTC's date, or which they may show again.
const MARGIN: u64 = 2;

/// The year after which every zone's clocks only do what they do each year, by a rule of months and days of the week.
const LAST_YEAR_OF_CHANGES: i32 = 2101;

/// After so many days, years of each kind (which day they begin on, whether they are leap years) have come twice over,
/// one behind the other as they always do, also around a century without a leap day.
const YEARS_OF_EACH_KIND: u64 = 65 * 366;

/// After so many days, dates fall on the same days of the week again (400 years).
pub(super) const CALENDAR_CYCLE: u64 = 146_097;

/// The spans around an instant that moves on.
struct Sweep<'a, T: Timeline> {
    timeline: &'a T,
    /// Those listed and not over yet.
    spans: Vec<Span>,
    /// The next date to list; none if all are.
    next_date: Option<NaiveDate>,
}

impl<'a, T: Timeline> Sweep<'a, T> {
    fn to(timeline: &'a T, instant: DateTime<Utc>) -> Self {
        let mut sweep = Self { timeline, spans: Vec::new(), next_date: Some(NaiveDate::MIN) };
        timeline.fixed(&mut sweep.spans);
        sweep.skip_to(instant);
        sweep.list_to(instant);
        sweep
    }

    fn level(&self, instant: DateTime<Utc>) -> State {
        let around = self.spans.iter().filter(|span| span.start <= instant && instant < span.end);
        around.map(|span| span.state).max().unwrap_or_else(|| self.timeline.otherwise())
    }

    /// The next instant at which the level may change. Nothing can raise it while it is `Up`, so that it lasts as long
    /// as the span that lasts longest.
    fn next_boundary(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.spans.retain(|span| span.end > now);
        let is_up = |span: &&Span| span.state == State::Up && span.start <= now;
        if let Some(end) = self.spans.iter().filter(is_up).map(|span| span.end).max() {
            self.skip_to(end);
            self.list_to(end);
            return Some(end);
        }
        loop {
            let boundaries = self.spans.iter().flat_map(|span| [span.start, span.end]);
            let boundary = boundaries.filter(|boundary| *boundary > now).min();
            match self.next_date {
                Some(date) if boundary.is_none_or(|boundary| earliest(date) <= boundary) => self.list(date),
                Some(_) | None => return boundary,
            }
        }
    }

    /// Leaves out the dates whose spans are over before an instant.
    fn skip_to(&mut self, instant: DateTime<Utc>) {
        let back = Days::new(MARGIN + u64::from(self.timeline.reach()));
        let first = instant.date_naive().checked_sub_days(back).unwrap_or(NaiveDate::MIN);
        if self.next_date.is_some_and(|date| date < first) {
            self.next_date = self.timeline.next_date(first);
        }
    }

    /// Lists every date on which a span may begin until an instant, that instant included.
    fn list_to(&mut self, instant: DateTime<Utc>) {
        while let Some(date) = self.next_date.filter(|date| earliest(*date) <= instant) {
            self.list(date);
        }
    }

    fn list(&mut self, date: NaiveDate) {
        self.timeline.spans_on(date, &mut self.spans);
        self.next_date = date.succ_opt().and_then(|next| self.timeline.next_date(next));
    }

    /// The instant by which all has happened that ever will: what has not changed until then never does.
    fn repeated_after(&self, after: DateTime<Utc>) -> DateTime<Utc> {
        let around = 2 * (MARGIN + u64::from(self.timeline.reach()));
        let (settled, days) = match self.timeline.constant_from() {
            Some(date) => (date, around),
            None => {
                let clocks = NaiveDate::from_ymd_opt(LAST_YEAR_OF_CHANGES, 1, 1);
                let ends = self.spans.iter().map(|span| span.end).filter(|end| *end < FOR_GOOD);
                let fixed = ends.map(|end| end.date_naive()).max();
                let last = [clocks, fixed, self.timeline.last_exception()].into_iter().flatten().max();
                (last.unwrap_or(NaiveDate::MIN), self.timeline.cycle().max(YEARS_OF_EACH_KIND) + around)
            }
        };
        let last = settled.max(after.date_naive()).checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        last.and_time(NaiveTime::MIN).and_utc()
    }
}

/// No span that begins on a date begins before this.
fn earliest(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc().checked_sub_signed(LARGEST_OFFSET).unwrap_or(DateTime::<Utc>::MIN_UTC)
}
