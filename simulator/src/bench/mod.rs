//! How long nights and mornings take: Curfew, two engines that go one step after the other, and the least that AWS
//! allows, all in the same accounts.

pub mod bound;
pub mod growth;
pub mod growth_table;
mod history;
pub mod limits;
mod moment;
mod sequential;
pub mod statistics;
mod survey;
pub mod table;

use std::fmt;
use std::time::Duration;

use curfew_core::next::POLL;
use serde::{Serialize, Serializer};

pub use history::{Spoiled, Times, history};
pub use survey::{Failed, Sample, Survey, Taker, survey};

/// Who brings an environment down and up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The real run.
    Curfew,
    /// Kind after kind of resource, as infrastructure-as-code tools order them, with so long between two looks.
    Sequential {
        /// Between two looks at what AWS is doing.
        poll: Duration,
    },
}

/// Between two looks of the SDK's own waiters (facts §1).
const WAITER_POLL: Duration = Duration::from_secs(15);

impl Engine {
    /// All that are compared.
    pub const ALL: [Self; 3] = [Self::Curfew, Self::Sequential { poll: POLL }, Self::Sequential { poll: WAITER_POLL }];
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Curfew => f.pad("Curfew"),
            Self::Sequential { poll } => f.pad(&format!("sequential, {} s polls", poll.as_secs())),
        }
    }
}

impl Serialize for Engine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
