//! Tasks that no service started: scheduled ones, and those that somebody runs by hand.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};
use serde::{Serialize, Serializer};

use crate::blueprint::Problems;

/// What a night does for them: nobody stops them, and what they may need stays for them up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct StandaloneTasks {
    /// For so long after a night has begun, NAT gateways and databases stay while such a task runs.
    #[deserr(default)]
    pub wait_up_to: WaitUpTo,
}

impl StandaloneTasks {
    /// Whether nothing was said of them.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How long a night waits for something at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WaitUpTo(Duration);

impl WaitUpTo {
    /// Not at all.
    pub const NONE: Self = Self(Duration::ZERO);

    /// The limit, counted from the beginning of the night's work.
    pub fn duration(self) -> Duration {
        self.0
    }
}

/// Long enough for what is run every hour, short enough to cost cents.
impl Default for WaitUpTo {
    fn default() -> Self {
        Self(Duration::from_secs(30 * 60))
    }
}

/// What waits longer than a night is not waiting.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// Why a text is not such a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of none, or a duration such as 30m, up to 12h")]
pub struct InvalidWaitUpTo(pub String);

impl FromStr for WaitUpTo {
    type Err = InvalidWaitUpTo;

    fn from_str(text: &str) -> Result<Self, InvalidWaitUpTo> {
        if text == "none" {
            return Ok(Self::NONE);
        }
        let limit = humantime::parse_duration(text).ok();
        let sensible = limit.filter(|one| !one.is_zero() && *one <= LONGEST && one.subsec_nanos() == 0);
        sensible.map(Self).ok_or_else(|| InvalidWaitUpTo(text.to_owned()))
    }
}

impl fmt::Display for WaitUpTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NONE { f.write_str("none") } else { humantime::format_duration(self.0).fmt(f) }
    }
}

impl Serialize for WaitUpTo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<E: DeserializeError> Deserr<E> for WaitUpTo {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let error = match value {
            Value::String(text) => match text.parse() {
                Ok(limit) => return Ok(limit),
                Err(error) => ErrorKind::Unexpected { msg: InvalidWaitUpTo::to_string(&error) },
            },
            actual => ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String] },
        };
        Err(take_cf_content(E::error::<V>(None, error, location)))
    }
}

/// A task of the environment's cluster that no service started, and that nobody has told to stop.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StandaloneTask {
    /// Its task definition with its revision: `report:7`.
    pub task_definition: String,
    /// Its id: the last part of its ARN.
    pub id: String,
}

/// So many are named; of more, only how many there are.
const NAMED: usize = 5;

/// Names tasks by their definitions, as people know them.
pub fn named(tasks: &BTreeSet<StandaloneTask>) -> String {
    let mut names: Vec<&str> = tasks.iter().take(NAMED).map(|task| task.task_definition.as_str()).collect();
    let more = format!("{} more", tasks.len().saturating_sub(NAMED));
    if tasks.len() > NAMED {
        names.push(&more);
    }
    names.join(", ")
}
