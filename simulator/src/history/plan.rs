//! What will happen in a history, and when: drawn from the seed before anything is played.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Days, TimeDelta, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::decide::{Command, Hold};
use curfew_core::model::*;
use curfew_core::schedule::State;
use fastrand::Rng;

use super::losses::Loss;
use super::mishaps::{Trouble, troubles};
use crate::account::Push;
use crate::events::{Event, events};
use crate::faults::Rates;
use crate::people::{Deed, Tagged};
use crate::world::Moment;

/// An invocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// What it is asked for.
    pub command: Option<Command>,
    /// Whether it dies.
    pub crash: Moment,
    /// How far its clock is ahead.
    pub skew: TimeDelta,
}

/// Something that happens from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// Curfew is started.
    Invoke(Invocation),
    /// A person, or CI, does something.
    ByHand(&'static str, Deed),
    /// AWS has a bad day.
    Trouble(Trouble),
    /// Somebody loses a document of Curfew's.
    Loses(Loss),
    /// And puts the version before back.
    Repairs,
}

/// All that happens, in its order.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What happens when.
    pub happenings: Vec<(DateTime<Utc>, Happening)>,
    /// How often calls go wrong meanwhile.
    pub rates: Rates,
    /// When it begins.
    pub begins: DateTime<Utc>,
    /// When things stop going wrong.
    pub calms_down: DateTime<Utc>,
}

/// So many of the ticks of quiet hours are played; one that finds nothing to do only costs time.
const QUIET_TICK: u32 = 12;

impl Plan {
    /// Draws a plan of one to three days, or of as many as are asked for.
    pub fn draw(blueprint: &Blueprint, days: Option<u16>, random: &mut Rng) -> Self {
        let begins = up_from(blueprint, beginning(random));
        let drawn = random.i64(1..=3);
        let days = days.map_or(drawn, i64::from);
        let calms_down = begins + TimeDelta::days(days) + TimeDelta::minutes(random.i64(0..24 * 60));
        let mut plan = Self { happenings: Vec::new(), rates: rates(random), begins, calms_down };
        plan.send_events(blueprint, random);
        // As much happens in three days of a long history as in a whole short one.
        for _ in 0..(days / 3).max(1) {
            plan.add_people(blueprint, random);
            plan.happenings.extend(troubles(begins, calms_down, random));
            plan.add_scaling(blueprint, random);
            plan.add_tasks(blueprint, random);
            plan.delete_vpc_endpoints(blueprint, random);
            plan.copy_and_strip_tags(blueprint, random);
            plan.add_others(blueprint, random);
            plan.delete_base_tier(blueprint, random);
        }
        plan.lose_documents(random);
        plan.set_clocks_wrong(random);
        for _ in 0..(days / 3).max(1) {
            plan.spoil_the_base_tier(blueprint, random);
        }
        plan.happenings.sort_by_key(|(at, _)| *at);
        plan
    }

    pub(super) fn add(&mut self, at: DateTime<Utc>, what: Happening) {
        if at < self.calms_down {
            self.happenings.push((at, what));
        }
    }

    fn invoke(&mut self, at: DateTime<Utc>, command: Option<Command>, random: &mut Rng) {
        let crash = match random.u8(0..10) {
            0 => Moment::Before(random.u32(0..25)),
            1 => Moment::After(random.u32(0..25)),
            _ => Moment::Never,
        };
        let skew = TimeDelta::milliseconds(random.i64(-10_000..=10_000));
        self.add(at, Happening::Invoke(Invocation { command, crash, skew }));
    }

    /// EventBridge's events: lost, late, and more than once (facts §6 "At-least-once").
    fn send_events(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        let mut last_change = self.begins;
        for (count, (at, event)) in events(&blueprint.schedule, self.begins, self.calms_down).into_iter().enumerate() {
            match event {
                Event::Tick => {
                    let busy = at - last_change < TimeDelta::minutes(60);
                    if busy || (count as u32).is_multiple_of(QUIET_TICK) {
                        self.invoke(at + TimeDelta::seconds(random.i64(0..20)), None, random);
                    }
                }
                Event::Scheduled(_) => {
                    last_change = at;
                    let late = if random.u8(0..4) == 0 { random.i64(0..900) } else { random.i64(0..10) };
                    if random.u8(0..20) > 0 {
                        self.invoke(at + TimeDelta::seconds(late), event.command(), random);
                    }
                    if random.u8(0..6) == 0 {
                        self.invoke(at + TimeDelta::seconds(late + random.i64(0..90)), event.command(), random);
                    }
                }
            }
        }
    }

    fn add_people(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        for _ in 0..random.u8(0..12) {
            let at = self.instant(blueprint, random);
            match random.u8(0..10) {
                0 | 1 => self.override_for_a_while(at, blueprint, random),
                2 | 3 => {
                    let target = if random.bool() { Target::Up } else { Target::Down };
                    let hold = hold(at, random);
                    self.invoke(at, Some(Command::Manual { target, hold }), random);
                    self.invoke(at + TimeDelta::minutes(5), None, random);
                }
                _ => {
                    if let Some((who, deed)) = deed(blueprint, random) {
                        self.add(at, Happening::ByHand(who, deed));
                    }
                }
            }
        }
    }

    /// Half of the time in the middle of a night's or a morning's work.
    pub(super) fn instant(&self, blueprint: &Blueprint, random: &mut Rng) -> DateTime<Utc> {
        let anywhere = self.begins + TimeDelta::seconds(random.i64(0..(self.calms_down - self.begins).num_seconds()));
        match blueprint.schedule.next_change(anywhere) {
            Some(change) if random.bool() => change.at + TimeDelta::seconds(random.i64(-30..400)),
            Some(_) | None => anywhere,
        }
    }

    fn override_for_a_while(&mut self, at: DateTime<Utc>, blueprint: &Blueprint, random: &mut Rng) {
        let value = match random.u8(0..6) {
            0 => "UP".to_owned(),
            1 => "down".to_owned(),
            2 => "up til tomorrow".to_owned(),
            3 | 4 => format!("up until {}", (at + TimeDelta::hours(random.i64(1..20))).format("%Y-%m-%dT%H:%M:%SZ")),
            _ => format!("down until {}", (at + TimeDelta::hours(random.i64(1..20))).format("%Y-%m-%dT%H:%M:%SZ")),
        };
        let elsewhere = blueprint.tier.services.keys().next().filter(|_| random.u8(0..3) == 0);
        let tag = |value: Option<String>| match elsewhere {
            Some(service) => Deed::TagResource { resource: format!("the service {service}"), value },
            None => Deed::TagCluster(value),
        };
        let over = at + TimeDelta::minutes(random.i64(1..30 * 60));
        self.add(at, Happening::ByHand("somebody", tag(Some(value))));
        self.invoke(at + TimeDelta::minutes(4), None, random);
        self.add(over, Happening::ByHand("somebody", tag(None)));
        self.invoke(over + TimeDelta::minutes(4), None, random);
    }
}

/// What auto scaling does by itself, and what people do to it; drawn last, so that it changes nothing else of a seed.
impl Plan {
    fn add_scaling(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        let scaled = blueprint.tier.services.iter().filter(|(_, service)| service.scaling.is_some());
        let scaled: Vec<ServiceName> = scaled.map(|(name, _)| name.clone()).collect();
        for _ in 0..random.u8(0..12) {
            let Some(service) = random.choice(&scaled).cloned() else { return };
            let at = self.instant(blueprint, random);
            let (who, deed) = match random.u8(0..8) {
                0..=2 => ("an alarm", Deed::Push { service, push: Push::Out }),
                3 => ("an alarm", Deed::Push { service, push: Push::In }),
                4 => ("a schedule", Deed::Push { service, push: Push::Scheduled(3) }),
                5 => ("somebody", Deed::Suspend { service, suspended: BTreeSet::new() }),
                _ => {
                    let suspended = Suspension::all().into_iter().filter(|_| random.bool()).collect();
                    ("somebody", Deed::Suspend { service, suspended })
                }
            };
            self.add(at, Happening::ByHand(who, deed));
        }
    }
}

/// Tasks that a schedule or somebody runs, many of them across the evening; drawn after all else too.
impl Plan {
    fn add_tasks(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        for _ in 0..random.u8(0..8) {
            let at = self.instant(blueprint, random);
            self.add(at, Happening::ByHand("a schedule", run_task(random)));
        }
    }
}

/// A task that may last longer than a night waits for it.
pub(super) fn run_task(random: &mut Rng) -> Deed {
    let family = random.choice(["report", "migrate", "backup"]).unwrap_or("report");
    Deed::RunTask { family, lasts: TimeDelta::minutes(random.i64(1..90)) }
}

impl Plan {
    /// Somebody deletes VPC endpoints; drawn after all else.
    fn delete_vpc_endpoints(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        for endpoint in blueprint.tier.vpc_endpoints.values() {
            if random.u8(0..3) == 0 {
                let at = self.instant(blueprint, random);
                self.add(at, Happening::ByHand("somebody", Deed::DeleteVpcEndpoint(endpoint.service.clone())));
            }
        }
    }
}

impl Plan {
    /// Tools put the environment's tags on other things, and take them from its own, for a while; drawn after all else.
    fn copy_and_strip_tags(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        for _ in 0..random.u8(0..4) {
            let Some(what) = tagged(blueprint, random) else { return };
            let at = self.instant(blueprint, random);
            if random.bool() {
                self.add(at, Happening::ByHand("a module", Deed::CopyTags(what)));
            } else {
                let over = at + TimeDelta::minutes(random.i64(1..20 * 60));
                self.add(at, Happening::ByHand("an apply", Deed::StripTags(what)));
                self.add(over, Happening::ByHand("somebody", Deed::RestoreTags));
                self.invoke(over + TimeDelta::minutes(4), None, random);
            }
        }
    }
}

impl Plan {
    /// Somebody deletes something of the base tier, and makes it again hours later; drawn after all else.
    fn delete_base_tier(&mut self, blueprint: &Blueprint, random: &mut Rng) {
        let tier = &blueprint.tier;
        let groups = tier.target_groups().into_iter().map(BaseResource::TargetGroup);
        let tables = tier.routes.keys().map(|key| BaseResource::RouteTable(key.route_table.clone()));
        let zones = tier.dns_records.keys().map(|key| BaseResource::HostedZone(key.zone.clone()));
        let all: BTreeSet<BaseResource> = groups.chain(tables).chain(zones).collect();
        for what in all {
            if random.u8(0..4) == 0 {
                let at = self.instant(blueprint, random);
                let again = at + TimeDelta::minutes(random.i64(30..30 * 60));
                self.add(at, Happening::ByHand("somebody", Deed::DeleteBase(what.clone())));
                self.add(again, Happening::ByHand("somebody", Deed::RestoreBase(what)));
            }
        }
    }
}

/// Something that the state remembers by its id.
fn tagged(blueprint: &Blueprint, random: &mut Rng) -> Option<Tagged> {
    Some(match random.u8(0..5) {
        0 | 1 => Tagged::Address(random.choice(blueprint.tier.addresses.keys())?.clone()),
        2 | 3 => Tagged::NatGateway(random.choice(blueprint.tier.nat_gateways.keys())?.clone()),
        _ => Tagged::LoadBalancer(random.choice(blueprint.tier.load_balancers.keys())?.clone()),
    })
}

/// Clocks that are off by minutes, and laptops that are off by a day; drawn after all else.
impl Plan {
    fn set_clocks_wrong(&mut self, random: &mut Rng) {
        if random.u8(0..3) > 0 {
            return;
        }
        for (_, what) in &mut self.happenings {
            if let Happening::Invoke(invocation) = what {
                match random.u8(0..24) {
                    0..=2 => invocation.skew = TimeDelta::seconds(random.i64(-240..=240)),
                    3 => invocation.skew = TimeDelta::hours(if random.bool() { 25 } else { -25 }),
                    _ => {}
                }
            }
        }
    }

    /// How much the clocks of two runs may differ that Curfew lets work.
    pub fn clocks_differ_by(&self) -> TimeDelta {
        let skews = self.happenings.iter().filter_map(|(_, what)| match what {
            Happening::Invoke(invocation) => Some(invocation.skew.abs()),
            Happening::ByHand(..) | Happening::Trouble(_) | Happening::Loses(_) | Happening::Repairs => None,
        });
        let most = skews.filter(|skew| *skew < TimeDelta::minutes(15)).max().unwrap_or_default();
        most * 2 + TimeDelta::seconds(10)
    }
}

/// Noon of a working day, in the weeks around which clocks change or in any other.
fn beginning(random: &mut Rng) -> DateTime<Utc> {
    let days = random.u64(0..400);
    let start = DateTime::from_timestamp(1_798_822_800, 0).unwrap_or_default();
    start.checked_add_days(Days::new(days)).unwrap_or(start)
}

/// The first instant from which the schedule wants it up: it is laid as it is by day.
fn up_from(blueprint: &Blueprint, instant: DateTime<Utc>) -> DateTime<Utc> {
    match blueprint.schedule.at(instant) {
        State::Up => instant,
        State::Down | State::Leave => blueprint.schedule.next_change(instant).map_or(instant, |change| change.at),
    }
}

fn rates(random: &mut Rng) -> Rates {
    if random.u8(0..4) == 0 {
        return Rates::default();
    }
    let mut rate = |most: u32| if random.bool() { random.u32(0..most) } else { 0 };
    Rates {
        refused: rate(150),
        lost_answer: rate(60),
        lost_request: rate(60),
        blind: rate(60),
        stale: rate(200),
        store: rate(60),
        message: rate(200),
    }
}

fn hold(at: DateTime<Utc>, random: &mut Rng) -> Hold {
    match random.u8(0..5) {
        0 => Hold::None,
        1 => Hold::For(TimeDelta::minutes(random.i64(10..600))),
        2 => Hold::Until(at + TimeDelta::minutes(random.i64(10..600))),
        _ => Hold::UntilNext,
    }
}

/// What a person or CI may do to this environment.
fn deed(blueprint: &Blueprint, random: &mut Rng) -> Option<(&'static str, Deed)> {
    let service = random.choice(blueprint.tier.services.keys())?.clone();
    let (load_balancer, wanted) = random.choice(&blueprint.tier.load_balancers)?;
    let port = *random.choice(wanted.listeners.keys())?;
    let load_balancer = load_balancer.clone();
    if let Some(database) = random.choice(blueprint.tier.databases.values()).filter(|_| random.u8(0..6) == 0) {
        let to = if random.bool() { DatabaseWhileUp::Running } else { DatabaseWhileUp::Stopped };
        return Some(("somebody", Deed::SwitchDatabase { database: database.id(), to }));
    }
    if let Some(instance) = random.choice(blueprint.tier.instances.values()).filter(|_| random.u8(0..6) == 0) {
        let to = if random.bool() { InstanceWhileUp::Running } else { InstanceWhileUp::Stopped };
        return Some(("somebody", Deed::SwitchInstance { instance: instance.id.clone(), to }));
    }
    let group = random.choice(blueprint.tier.auto_scaling_groups.values());
    if let Some(group) = group.filter(|_| random.u8(0..6) == 0) {
        let desired = random.u32(0..4);
        let capacity = GroupCapacity { min: random.u32(0..=desired), desired, max: random.u32(4..6) };
        return Some(("somebody", Deed::ResizeGroup { group: group.name.clone(), capacity }));
    }
    Some(match random.u8(0..9) {
        0..=2 => ("somebody", Deed::AddRule { load_balancer, port, priority: random.u16(500..520) }),
        3 => ("somebody", Deed::RemoveRule { load_balancer, port, priority: random.u16(500..520) }),
        4 if !blueprint.tier.services.get(&service)?.singleton => {
            ("somebody", Deed::Scale { service, count: random.u32(1..5) })
        }
        4..=7 => ("CI", Deed::Deploy { service }),
        _ => ("somebody", Deed::DeleteLoadBalancer(load_balancer)),
    })
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.command, self.crash)
    }
}
