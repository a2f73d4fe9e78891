//! Who else moves in beside an environment, and out again.

use chrono::TimeDelta;
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use fastrand::Rng;

use super::plan::{Happening, Plan};
use crate::account::{Lodger, parsed};
use crate::people::Deed;

const TABLES: [&str; 2] = ["rtb-0ada000000000001", "rtb-0ada000000000002"];
const INSTANCE: &str = "i-0ada000000000001";
const SERVICE: &str = "orders";
const ADDRESS: &str = "10.9.9.9";

/// One of the rules that a blueprint can have for them.
pub(super) fn rule(random: &mut Rng) -> OtherUsersRule {
    let these = [TABLES[0].to_owned(), INSTANCE.to_owned(), format!("service/{SERVICE}"), format!("target/{ADDRESS}")];
    match random.u8(0..4) {
        0 => OtherUsersRule::Allow,
        1 => OtherUsersRule::AllowThese(
            these.iter().filter(|_| random.bool()).filter_map(|id| id.parse().ok()).collect(),
        ),
        _ => OtherUsersRule::Block,
    }
}

impl Plan {
    /// Others come, many of them across an evening, and go again; drawn after all else.
    pub(super) fn add_others(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        for _ in 0..random.u8(0..5) {
            let Some(lodger) = lodger(&blueprint.tier, random) else { return };
            let at = self.instant(blueprint, random);
            let until = at + TimeDelta::minutes(random.i64(2..20 * 60));
            let out = Deed::MoveOut(lodger.id());
            self.add(at, Happening::ByHand("somebody else", Deed::MoveIn(lodger)));
            self.add(until, Happening::ByHand("somebody else", out));
        }
    }
}

fn lodger(tier: &RuntimeTier, random: &mut Rng) -> Option<Lodger> {
    let like = random.choice(tier.routes.keys())?.clone();
    let groups: Vec<TargetGroupArn> = tier.target_groups().into_iter().collect();
    Some(match random.u8(0..4) {
        0 => {
            let route_table = parsed(random.choice(TABLES)?.to_owned());
            Lodger::RouteTable { route: RouteKey { route_table, destination: "0.0.0.0/0".to_owned() }, like }
        }
        1 => Lodger::Instance { id: parsed(INSTANCE.to_owned()), table: like.route_table },
        2 => {
            let target_groups = groups.into_iter().filter(|_| random.bool()).collect();
            Lodger::Service { name: parsed(SERVICE.to_owned()), table: like.route_table, target_groups }
        }
        _ => Lodger::Target { address: ADDRESS.to_owned(), target_group: random.choice(groups)? },
    })
}
