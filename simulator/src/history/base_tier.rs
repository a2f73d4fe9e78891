//! Certificates that expire, and people who delete what the next morning needs, and put it right again.

use chrono::TimeDelta;
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use fastrand::Rng;

use super::plan::{Happening, Plan};
use crate::people::Deed;

impl Plan {
    /// Draws what is spoilt, much of it just before an evening; drawn after all else, so that it changes nothing else of a seed.
    pub(super) fn spoil_the_base_tier(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        let (certificates, others): (Vec<Needed>, Vec<Needed>) = blueprint
            .tier
            .needs()
            .into_keys()
            .filter(may_be_spoilt)
            .partition(|one| matches!(one, Needed::Certificate(_)));
        for _ in 0..random.u8(0..4) {
            let all = if random.bool() && !certificates.is_empty() { &certificates } else { &others };
            let Some(needed) = random.choice(all).cloned() else { return };
            let at = self.instant(blueprint, random) - TimeDelta::minutes(random.i64(0..30));
            let over = at + TimeDelta::minutes(random.i64(2..20 * 60));
            self.add(at.max(self.begins), Happening::ByHand("somebody", Deed::Spoil(needed.clone())));
            self.add(over, Happening::ByHand("somebody", Deed::Repair(needed)));
        }
    }
}

fn may_be_spoilt(needed: &Needed) -> bool {
    match needed {
        Needed::Certificate(_) | Needed::Subnet(_) | Needed::SecurityGroup(_) => true,
        Needed::TlsPolicy(_) | Needed::TargetGroup(_) => false,
    }
}
