//! How long a night may wait before it goes on.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};
use serde::{Serialize, Serializer};

/// How long a night waits for something, counted from the beginning of its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NightWait(Duration);

impl NightWait {
    /// Not at all.
    pub const NONE: Self = Self(Duration::ZERO);

    /// So long.
    pub(crate) const fn of(duration: Duration) -> Self {
        Self(duration)
    }

    /// Counted from the beginning of the night's work.
    pub fn duration(self) -> Duration {
        self.0
    }
}

/// What waits longer than a night is not waiting.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// Why a text is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of none, or a duration such as 30m, up to 12h")]
pub struct InvalidNightWait(pub String);

impl FromStr for NightWait {
    type Err = InvalidNightWait;

    fn from_str(text: &str) -> Result<Self, InvalidNightWait> {
        if text == "none" {
            return Ok(Self::NONE);
        }
        let limit = humantime::parse_duration(text).ok();
        let sensible = limit.filter(|one| !one.is_zero() && *one <= LONGEST && one.subsec_nanos() == 0);
        sensible.map(Self).ok_or_else(|| InvalidNightWait(text.to_owned()))
    }
}

impl fmt::Display for NightWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NONE { f.write_str("none") } else { humantime::format_duration(self.0).fmt(f) }
    }
}

impl Serialize for NightWait {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<E: DeserializeError> Deserr<E> for NightWait {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let error = match value {
            Value::String(text) => match text.parse() {
                Ok(limit) => return Ok(limit),
                Err(error) => ErrorKind::Unexpected { msg: InvalidNightWait::to_string(&error) },
            },
            actual => ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String] },
        };
        Err(take_cf_content(E::error::<V>(None, error, location)))
    }
}
