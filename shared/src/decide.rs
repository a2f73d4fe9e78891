//! What the environment should be now, why, and until when. Pure: the instant is an argument.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::lead::AppliedLead;
use crate::model::{Action, HOLD_TAG, OVERRIDE_TAG, Tags, Target};
use crate::overrides::{MalformedOverride, Origin, Override, Overrides, TaggedOverride};
use crate::retain::Retained;
use crate::schedule::State;
use crate::timetable::Timetable;

/// What somebody or something asked for. Ticks ask for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// The schedule's own event. It may be late, early or come twice, so it is only a reason to look.
    Scheduled(Target),
    /// A person's.
    Manual {
        /// What they want.
        target: Target,
        /// For how long, against the schedule.
        hold: Hold,
    },
}

impl Command {
    /// What it asks for.
    pub fn target(&self) -> Target {
        match self {
            Self::Scheduled(target) | Self::Manual { target, .. } => *target,
        }
    }
}

/// For how long a manual start or stop holds against the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// Until the schedule's next change (the thermostat rule).
    #[default]
    UntilNext,
    /// Not at all: the next tick does as the schedule says.
    None,
    /// Until the override is removed.
    Forever,
    /// For so long.
    For(#[serde(serialize_with = "seconds")] TimeDelta),
    /// Until an instant.
    Until(DateTime<Utc>),
}

/// Why a text says nothing about how long to hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not one of until-next, none, forever, a duration such as 4h, or an instant such as 2026-11-21T20:00:00Z"
)]
pub struct InvalidHold(pub String);

impl std::str::FromStr for Hold {
    type Err = InvalidHold;

    fn from_str(text: &str) -> Result<Self, InvalidHold> {
        let invalid = || InvalidHold(text.to_owned());
        match text {
            "until-next" => return Ok(Self::UntilNext),
            "none" => return Ok(Self::None),
            "forever" => return Ok(Self::Forever),
            _ => {}
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            let instant = instant.with_timezone(&Utc);
            return Override::can_say(instant).then_some(Self::Until(instant)).ok_or_else(invalid);
        }
        hold_duration(text).map(Self::For).map_err(|_| invalid())
    }
}

/// Why a text says nothing about for how long to hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a duration such as 4h of at most a year; to hold it without an end, leave the duration out")]
pub struct InvalidDuration(pub String);

/// Reads for how long something is held: more than nothing, and at most a year.
///
/// # Errors
/// It is something else.
pub fn hold_duration(text: &str) -> Result<TimeDelta, InvalidDuration> {
    let invalid = || InvalidDuration(text.to_owned());
    let duration = humantime::parse_duration(text).map_err(|_| invalid())?;
    let duration = TimeDelta::from_std(duration).map_err(|_| invalid())?;
    let sensible = TimeDelta::zero() < duration && duration <= LONGEST_HOLD;
    sensible.then_some(duration).ok_or_else(invalid)
}

/// A duration longer than a year is a slip of the pen; `forever` says what it means.
const LONGEST_HOLD: TimeDelta = TimeDelta::days(366);

fn seconds<S: serde::Serializer>(delta: &TimeDelta, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(delta.num_seconds())
}

/// What a decision says to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Make it so.
    Be(Target),
    /// Touch nothing.
    LeaveAsItIs,
}

impl From<State> for Verdict {
    fn from(state: State) -> Self {
        match state {
            State::Up => Self::Be(Target::Up),
            State::Down => Self::Be(Target::Down),
            State::Leave => Self::LeaveAsItIs,
        }
    }
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// The schedule says so.
    Schedule,
    /// A window begins soon, and it is to be ready by then.
    Ahead {
        /// When it begins.
        window: DateTime<Utc>,
        /// How much earlier it is started, and why so much.
        lead: AppliedLead,
    },
    /// The window is over, but somebody started it by hand before.
    Retained(Retained),
    /// The schedule leaves it as it is, and what was begun is finished.
    UnderWay,
    /// An override says so.
    Override(TaggedOverride),
    /// An override cannot be read, so nobody knows what its writer wants.
    Malformed(MalformedOverride),
    /// Somebody asked for it.
    Manual,
}

/// What the environment should be, why, and until when.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// What to do.
    pub verdict: Verdict,
    /// Why.
    pub because: Because,
    /// Until when it holds, as far as is known now.
    pub until: Option<DateTime<Utc>>,
}

/// Decides.
///
/// An `up` override of a person beats everything; a malformed override never lets anything be torn down; a manual
/// command beats the schedule and what an earlier manual command holds.
///
/// # Example
/// ```
/// use curfew_core::decide::{Verdict, decide};
/// use curfew_core::model::Target;
/// use curfew_core::overrides::Overrides;
/// use curfew_core::schedule::Schedule;
///
/// let schedule: Schedule = "Mon-Fri 08:00-20:00 America/New_York".parse()?;
/// let saturday = "2026-11-21T12:00:00Z".parse()?;
/// let decision = decide(saturday, &(&schedule).into(), &Overrides::default(), None);
/// assert_eq!(decision.verdict, Verdict::Be(Target::Down));
/// assert_eq!(decision.until, Some("2026-11-23T13:00:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(
    now: DateTime<Utc>,
    timetable: &Timetable<'_>,
    overrides: &Overrides,
    command: Option<&Command>,
) -> Decision {
    let manual = match command {
        Some(Command::Manual { target, hold }) => Some((*target, *hold)),
        Some(Command::Scheduled(_)) | None => None,
    };
    let counts = |tagged: &TaggedOverride| manual.is_none() || tagged.origin == Origin::Person;
    if let Some(tagged) = overrides.strongest(counts)
        && (tagged.value.target == Target::Up || overrides.malformed.is_empty())
    {
        let until = tagged.value.until;
        return Decision {
            verdict: Verdict::Be(tagged.value.target),
            because: Because::Override(tagged.clone()),
            until,
        };
    }
    let malformed = overrides.malformed.first().map(|malformed| Decision {
        verdict: Verdict::LeaveAsItIs,
        because: Because::Malformed(malformed.clone()),
        until: None,
    });
    match (manual, malformed) {
        (Some((Target::Up, hold)), _) | (Some((Target::Down, hold)), None) => {
            let target = manual.map_or(Target::Up, |(target, _)| target);
            let until = match hold_until(now, timetable, target, hold) {
                Some(value) => value.until,
                None if timetable.at(now) == target.into() => next_change(now, timetable),
                None => None,
            };
            Decision { verdict: Verdict::Be(target), because: Because::Manual, until }
        }
        (Some((Target::Down, _)) | None, Some(leave)) => leave,
        (None, None) => by_timetable(now, timetable),
    }
}

/// What the schedule says, and what is begun before or lasts longer than its windows.
fn by_timetable(now: DateTime<Utc>, timetable: &Timetable<'_>) -> Decision {
    let state = timetable.at(now);
    let next = next_change(now, timetable);
    let (verdict, because, until) = match state {
        State::Up => match timetable.window_ahead(now) {
            Some((window, lead)) => (state.into(), Because::Ahead { window, lead }, next),
            None => (state.into(), Because::Schedule, next),
        },
        State::Down => match timetable.retained(now) {
            Some(retained) => {
                let until = Some(retained.until);
                (Verdict::Be(Target::Up), Because::Retained(retained), until)
            }
            None => (state.into(), Because::Schedule, next),
        },
        State::Leave => match timetable.under_way {
            Some(target) => (Verdict::Be(target), Because::UnderWay, next),
            None => (state.into(), Because::Schedule, next),
        },
    };
    Decision { verdict, because, until }
}

fn next_change(now: DateTime<Utc>, timetable: &Timetable<'_>) -> Option<DateTime<Utc>> {
    timetable.next_change(now).map(|change| change.at)
}

/// The override that a manual command leaves behind; none if it asks for what the schedule says anyway.
pub fn hold_until(now: DateTime<Utc>, timetable: &Timetable<'_>, target: Target, hold: Hold) -> Option<Override> {
    let until = match hold {
        Hold::None => return None,
        Hold::UntilNext if timetable.at(now) == target.into() => return None,
        // A learned lead may be shorter in the morning than it is now: what is up stays up until the window itself.
        Hold::UntilNext if target == Target::Up => timetable.schedule.next_change(now).map(|change| change.at),
        Hold::UntilNext => next_change(now, timetable),
        Hold::Forever => None,
        Hold::For(duration) => Some(now + duration),
        Hold::Until(instant) => Some(instant),
    };
    Some(Override { target, until })
}

/// The change of the cluster's tags that a decision brings with it, if any: a manual command's hold replaces the one
/// before it, and a hold that is over is cleared away. A person's override is never touched.
pub fn hold_change(
    now: DateTime<Utc>,
    timetable: &Timetable<'_>,
    overrides: &Overrides,
    command: Option<&Command>,
) -> Option<Action> {
    let is_hold = |tagged: &&TaggedOverride| tagged.origin == Origin::Hold;
    let active = overrides.active.iter().find(is_hold);
    let clear = || Action::UntagCluster { keys: [OVERRIDE_TAG.to_owned(), HOLD_TAG.to_owned()].into() };
    // Where a person's override decides, or one that nobody can read, a hold would only write over their tag.
    let is_theirs = |tagged: &TaggedOverride| tagged.origin == Origin::Person;
    let others_decide = !overrides.malformed.is_empty() || overrides.active.iter().any(is_theirs);
    match command {
        Some(Command::Manual { .. }) if others_decide => None,
        Some(Command::Manual { target, hold }) => match hold_until(now, timetable, *target, *hold) {
            Some(wanted) if active.is_some_and(|tagged| tagged.value == wanted) => None,
            Some(wanted) => {
                let value = wanted.to_string();
                let tags = Tags::from([(OVERRIDE_TAG.to_owned(), value.clone()), (HOLD_TAG.to_owned(), value)]);
                Some(Action::TagCluster { tags })
            }
            None => active.or(overrides.expired.iter().find(is_hold)).map(|_| clear()),
        },
        Some(Command::Scheduled(_)) | None => overrides.expired.iter().find(is_hold).map(|_| clear()),
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schedule => f.write_str("the schedule says so"),
            Self::Ahead { window, lead } => {
                write!(f, "it is to be ready at {}, when the window begins: {lead}", window.format("%F %H:%M UTC"))
            }
            Self::Retained(retained) => retained.fmt(f),
            Self::UnderWay => f.write_str("the schedule leaves it as it is, and what was begun is finished"),
            Self::Override(tagged) => match tagged.origin {
                Origin::Person => write!(f, "the override `{}` on {} says so", tagged.value, tagged.resource),
                Origin::Hold => write!(f, "a manual command or a budget holds it `{}`", tagged.value),
            },
            Self::Malformed(malformed) => write!(
                f,
                "the override `{}` on {} cannot be read (write up, down, or up until 2026-11-21T20:00:00Z)",
                malformed.value, malformed.resource
            ),
            Self::Manual => f.write_str("somebody asked for it"),
        }
    }
}
