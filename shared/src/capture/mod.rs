//! From what already runs to a blueprint: adopting an environment, read-only.
//!
//! ```text
//!   Ask ──> find ──> place (VPC, cluster, name) ──> choose ──> places of a tier ──> observe ──> declare ──> YAML
//!            │                                        │
//!         Finder                                  what is left out, and why
//! ```
//!
//! A [`Finder`] says what there is and what leads where. What of it is meant is decided here, each kind in a file of its
//! own under `choose`. How it is configured is then looked at through [`Cloud`], as every run does, and put into words by
//! the recording's own hand: so a blueprint says of a load balancer what a recording of it would.
//!
//! What an account cannot tell takes the blueprint's defaults: what becomes of addresses, services and names at night.
//! A capture of what a start made from a blueprint therefore gives that blueprint back.

mod choose;
mod comments;
mod declared;
mod finder;
pub mod found;
mod left_out;
mod names;
mod origin;
mod place;
mod places;
mod tenants;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::alarms;
use crate::blueprint::document::Document;
use crate::blueprint::{Blueprint, Problem, warnings};
use crate::lead::Lead;
use crate::mentions;
use crate::model::*;
use crate::money::{self, HourlyCost, Prices};
use crate::outlook::weeks;
use crate::ports::{Cloud, Scope};
use crate::recording;
use crate::safety::{self, Reason};
use choose::{Chosen, View, choose};
use place::{Found, Place};

pub use finder::Finder;
pub use left_out::{LeftOut, LeftOutKind};
pub use origin::{Ask, Origin};
pub use place::NoCapture;

/// A captured environment: its blueprint, and what is to be known of it before anybody relies on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Captured {
    /// What the environment is called.
    pub environment: EnvironmentName,
    /// The blueprint as a document, which is a blueprint in JSON.
    pub blueprint: Value,
    /// The same in YAML, with remarks.
    pub yaml: String,
    /// What is wrong with it, because something that is there cannot be said in a blueprint.
    pub problems: Vec<Problem>,
    /// What is there and does not stand in it.
    pub left_out: Vec<LeftOut>,
    /// Why Curfew would not take it down as it is.
    pub refused: Vec<Reason>,
    /// What is worth knowing.
    pub notes: Vec<String>,
    /// What it costs an hour, in USD, where the region's prices are known.
    pub cost: Option<HourlyCost>,
    /// The share of all hours in which the schedule has it down; none where the calendar ends.
    pub share_down: Option<f64>,
}

/// Captures an environment. `tell` hears what is done, while it is done.
///
/// # Errors
/// If it is not clear what is meant, or the network could not be looked at. Whatever else could not be looked at is left
/// out, with the reason.
pub async fn capture<W: Cloud + Finder>(
    world: &W,
    ask: &Ask,
    now: DateTime<Utc>,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Captured, NoCapture> {
    let mut left_out = Vec::new();
    tell("looking for VPCs, NAT gateways, load balancers, services and databases");
    let found = find(world, &mut left_out).await?;
    let place = match place::place(ask, &found) {
        Err(NoCapture::EmptyCluster { cluster }) => return Err(in_empty_cluster(world, cluster).await),
        place => place?,
    };
    tell(&format!("{} is in {}, its cluster is {}", place.environment, place.vpc, place.cluster));
    let view = View { origin: &ask.origin, place: &place, found: &found };
    let mut chosen = choose(view, &mut left_out);
    let (records, sizes, tenants) =
        tokio::join!(records(world, &chosen, tell), sizes(world, &chosen), world.tenants(&place.vpc));
    let tenants = tenants.or_left_out("instances and Lambda functions", &mut left_out);
    let affected = tenants::affected(&found.network, &chosen, &tenants);
    chosen.records = choose::records(records.or_left_out("DNS records", &mut left_out), &mut left_out);
    let sizes = sizes.or_left_out("the sizes of tasks", &mut left_out);
    let places = places::places(view, &ask.region, &chosen, &sizes);
    tell("looking at how all of it is configured");
    let scope =
        Scope { environment: &place.environment, cluster: &place.cluster, tier: &places, identities: &NOTHING_KNOWN };
    // Whether targets are healthy is of no concern.
    let parts: BTreeSet<Part> =
        Part::all().into_iter().chain([Part::Alarms]).filter(|part| *part != Part::TargetHealth).collect();
    let mut seen = world.observe(scope, &parts, &Observation::default()).await;
    let others = world.observe(scope, &[Part::OtherUsers].into(), &seen).await;
    seen.update(others);
    left_out.extend(seen.unknowns().into_iter().map(|(resource, why)| LeftOut::not_observed(resource, why)));
    let tier = declared::without_loose_ends(recording::capture(&places, &seen));
    let tier = declared::without_what_is_new(tier, &mut left_out);
    left_out.sort();
    left_out.dedup();
    let refused = safety::reasons(&tier, &seen, Target::Down);
    let comments = comments::comments(&found, &chosen);
    let watched = alarms::of_tier(&tier, &seen);
    tell("looking for what names ids and names that are others each morning");
    let mentioned = mentioned(world, &tier, &seen, &found.ecs, &place.cluster).await;
    let nothing = nothing_to_take_down(&tier, &left_out);
    let captured = put_together(ask, &place, now, tier, comments)?;
    let notes = affected.into_iter().chain(watched).chain(mentioned).chain(captured.notes).chain(nothing).collect();
    Ok(Captured { left_out, refused, notes, ..captured })
}

/// Where else the ids and names are written that a night ends, as notes for people. Read-only.
pub async fn mentioned(
    finder: &impl Finder,
    tier: &RuntimeTier,
    seen: &Observation,
    ecs: &found::Ecs,
    cluster: &ClusterName,
) -> Vec<String> {
    let of_cluster = ecs.services.iter().filter(|one| one.cluster == *cluster);
    let definitions = of_cluster.map(|one| one.task_definition.clone()).collect();
    let own = tier.load_balancers.keys().map(ToString::to_string).collect();
    let mentions = finder.mentions(&mentions::needles(tier, seen), &definitions, &own).await;
    mentions.notes().into_iter().chain(mentions::callbacks(tier)).collect()
}

/// Why a cluster without services leads nowhere: whether anything else runs in it.
async fn in_empty_cluster(finder: &impl Finder, cluster: ClusterName) -> NoCapture {
    match finder.standalone_tasks(&cluster).await {
        Ok(tasks) if tasks.is_empty() => NoCapture::EmptyCluster { cluster },
        Ok(tasks) => NoCapture::OnlyTasks { cluster, tasks },
        Err(why) => NoCapture::Unobserved(why),
    }
}

/// Whatever could not be looked at is left out.
trait OrLeftOut<T> {
    fn or_left_out(self, what: &str, left_out: &mut Vec<LeftOut>) -> T;
}

impl<T: Default> OrLeftOut<T> for Result<T, Unobserved> {
    fn or_left_out(self, what: &str, left_out: &mut Vec<LeftOut>) -> T {
        self.unwrap_or_else(|why| {
            left_out.push(LeftOut::not_observed(what, &why));
            T::default()
        })
    }
}

/// All there is of each kind.
async fn find(finder: &impl Finder, left_out: &mut Vec<LeftOut>) -> Result<Found, NoCapture> {
    let (network, nat_gateways, addresses, load_balancers, ecs, databases, vpc_endpoints, compute) = tokio::join!(
        finder.network(),
        finder.nat_gateways(),
        finder.addresses(),
        finder.load_balancers(),
        finder.ecs(),
        finder.databases(),
        finder.vpc_endpoints(),
        finder.compute()
    );
    Ok(Found {
        network: network?,
        nat_gateways: nat_gateways.or_left_out("NAT gateways", left_out),
        addresses: addresses.or_left_out("elastic IPs", left_out),
        load_balancers: load_balancers.or_left_out("load balancers", left_out),
        // Without them nobody can say what is shared.
        ecs: ecs?,
        databases: databases.or_left_out("databases", left_out),
        vpc_endpoints: vpc_endpoints.or_left_out("VPC endpoints", left_out),
        compute: compute.or_left_out("instances and Auto Scaling groups", left_out),
    })
}

async fn records(
    finder: &impl Finder,
    chosen: &Chosen<'_>,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<found::Records, Unobserved> {
    let names: BTreeSet<String> = chosen.load_balancers.iter().map(|one| one.dns_name.clone()).collect();
    if names.is_empty() {
        return Ok(found::Records::default());
    }
    tell("looking for DNS records that lead to the load balancers, in all zones");
    finder.records(&names).await
}

async fn sizes(finder: &impl Finder, chosen: &Chosen<'_>) -> Result<BTreeMap<String, TaskSize>, Unobserved> {
    let definitions: BTreeSet<String> = chosen.services.iter().map(|one| one.task_definition.clone()).collect();
    if definitions.is_empty() { Ok(BTreeMap::new()) } else { finder.task_sizes(&definitions).await }
}

/// The blueprint of a tier, and what follows from it alone.
fn put_together(
    ask: &Ask,
    place: &Place,
    now: DateTime<Utc>,
    tier: RuntimeTier,
    comments: written::Comments,
) -> Result<Captured, NoCapture> {
    let mut tier = declared::without_defaults(tier);
    let whole = tier.clone();
    let blueprint = Blueprint {
        environment: place.environment.clone(),
        region: ask.region.clone(),
        schedule: ask.schedule.clone(),
        lead: Lead::default(),
        retain: true,
        holidays: None,
        cluster: place.cluster.clone(),
        tags: declared::common_tags(&mut tier),
        tier: whole,
    };
    let document = serde_json::to_value(Document::of(&blueprint, &tier));
    let document = written::shortened(document.map_err(|error| NoCapture::Unwritten(error.to_string()))?);
    let yaml = written::written(&head(ask, &blueprint), &document, &comments)?;
    // What it says is what its reader will understand, so that is asked.
    let problems = match Blueprint::parse(&yaml) {
        Ok(read) if read == blueprint => Vec::new(),
        Ok(_) => {
            vec![Problem { field: String::new(), line: None, message: "it does not say what was found".to_owned() }]
        }
        Err(problems) => problems.0,
    };
    let cost = Prices::of(&ask.region).map(|prices| money::hourly(&blueprint.tier, &prices));
    let share_down = weeks(&ask.schedule, ask.schedule.zone(), now, 1).ok().map(|weeks| weeks.uptime.share_saved);
    let notes = notes(&blueprint);
    Ok(Captured {
        environment: blueprint.environment,
        blueprint: document,
        yaml,
        problems,
        left_out: Vec::new(),
        refused: Vec::new(),
        notes,
        cost,
        share_down,
    })
}

fn head(ask: &Ask, blueprint: &Blueprint) -> String {
    format!(
        "{} ({}), captured from {}.\nWhat is `adopted` existed before Curfew; all other ids are those of the base tier, which Curfew never changes.",
        blueprint.environment, blueprint.region, ask.origin
    )
}

fn notes(blueprint: &Blueprint) -> Vec<String> {
    let tier = &blueprint.tier;
    let mut notes = warnings(blueprint);
    for (name, service) in &tier.services {
        if service.desired_count == 0 {
            notes.push(format!(
                "service {name} has no tasks now, and so would have none in the morning: write how many it should have"
            ));
        }
    }
    notes
}

/// That there is nothing a night could take down, unless it is there and was left out.
fn nothing_to_take_down(tier: &RuntimeTier, left_out: &[LeftOut]) -> Option<String> {
    let is_one = |one: &LeftOut| ["NAT gateway", "load balancer"].iter().any(|kind| one.resource.starts_with(kind));
    if !tier.nat_gateways.is_empty() || !tier.load_balancers.is_empty() {
        return None;
    }
    let note = match left_out.iter().any(is_one) {
        true => "no NAT gateway and no load balancer is in this blueprint, because those that there are were left out",
        false => "there is no NAT gateway and no load balancer: if the environment is down, capture it while it is up",
    };
    Some(note.to_owned())
}
