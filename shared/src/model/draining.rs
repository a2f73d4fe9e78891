//! How a night takes leave of whoever still comes.

use deserr::Deserr;
use serde::Serialize;

use super::night_wait::NightWait;
use crate::blueprint::Problems;

/// What a night does for clients that still know the addresses that names led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Draining {
    /// For so long after a night has begun, which moves the names first, services behind load balancers keep running.
    #[deserr(default = NightWait::NONE)]
    pub grace: NightWait,
}

impl Default for Draining {
    fn default() -> Self {
        Self { grace: NightWait::NONE }
    }
}

impl Draining {
    /// Whether nothing was said of it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
