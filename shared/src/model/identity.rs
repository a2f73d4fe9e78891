//! Which resource is the one that the blueprint means. A tag can be copied and lost, so an id is remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::ids::*;
use super::tags::{RUN_TAG, Tags};

/// One creation of one run: the value of the tag `curfew:run`. No two creations of an environment have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(String);

impl Mark {
    /// The mark of a run's creation; `number` counts all creations of the environment.
    pub fn new(run: &str, number: u64) -> Self {
        Self(format!("{run}/{number}"))
    }

    /// The mark that a resource carries.
    pub fn of(tags: &Tags) -> Option<Self> {
        tags.get(RUN_TAG).cloned().map(Self)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Where a remembered resource comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// Curfew made it.
    Made(Mark),
    /// It stood in its place when this run first saw it.
    Found(String),
}

/// A resource that is remembered as the one in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Known<Id> {
    /// Which.
    pub id: Id,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Whether a look found that it does not exist any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// A creation that a run wrote down before it asked for it: the call's answer may never arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Creation<Name, Id> {
    /// The tag that what is made carries.
    pub mark: Mark,
    /// For which place.
    pub name: Name,
    /// The call's token: repeated with it, the call makes nothing new.
    pub token: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What it made, once that was seen.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// Whether that has been in use: an address then is one that others may know.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

fn none<T>() -> Option<T> {
    None
}

/// What is remembered of one kind of resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[serde(bound(
    serialize = "Name: Ord + Serialize, Id: Serialize",
    deserialize = "Name: Ord + Deserialize<'de>, Id: Deserialize<'de>"
))]
pub struct Registry<Name, Id> {
    /// The one in each place.
    pub known: BTreeMap<Name, Known<Id>>,
    /// Late creations, oldest first.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub creations: Vec<Creation<Name, Id>>,
}

impl<Name, Id> Default for Registry<Name, Id> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), creations: Vec::new() }
    }
}

impl<Name: Ord, Id: PartialEq> Registry<Name, Id> {
    /// The one that is remembered in a place.
    pub fn id_of(&self, name: &Name) -> Option<&Id> {
        self.known.get(name).map(|known| &known.id)
    }

    /// The place in which something is remembered.
    pub fn name_of(&self, id: &Id) -> Option<&Name> {
        self.known.iter().find(|(_, known)| known.id == *id).map(|(name, _)| name)
    }

    /// Whether something is remembered as made by Curfew.
    pub fn is_made(&self, id: &Id) -> bool {
        self.known.values().any(|known| known.id == *id && matches!(known.provenance, Provenance::Made(_)))
    }
}

/// The public address of a name, as far as the world outside may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicAddress {
    /// The address.
    pub public_ip: String,
    /// The one before it, although it was to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Replaced>,
}

/// A public address that was to be kept and is another one now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Replaced {
    /// The address that it was.
    pub public_ip: String,
    /// When the other one was first seen in its place.
    pub at: DateTime<Utc>,
}

/// What is remembered of an environment's resources: which is the one in each place, and what Curfew made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identities {
    /// Elastic IPs.
    #[serde(default)]
    pub addresses: Registry<LogicalName, AllocationId>,
    /// Their public addresses.
    #[serde(default)]
    pub public_addresses: BTreeMap<LogicalName, PublicAddress>,
    /// NAT gateways.
    #[serde(default)]
    pub nat_gateways: Registry<LogicalName, NatGatewayId>,
    /// The NAT gateways that were remembered before those, the latest last: metrics know no other name of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub former_nat_gateways: BTreeMap<LogicalName, Vec<NatGatewayId>>,
    /// Load balancers.
    #[serde(default)]
    pub load_balancers: Registry<LoadBalancerName, LoadBalancerArn>,
    /// VPC endpoints.
    #[serde(default)]
    pub vpc_endpoints: Registry<LogicalName, VpcEndpointId>,
    /// How many creations there were.
    #[serde(default)]
    pub creations: u64,
}

/// Nothing is remembered.
pub static NOTHING_KNOWN: Identities = Identities {
    addresses: Registry { known: BTreeMap::new(), creations: Vec::new() },
    public_addresses: BTreeMap::new(),
    nat_gateways: Registry { known: BTreeMap::new(), creations: Vec::new() },
    former_nat_gateways: BTreeMap::new(),
    load_balancers: Registry { known: BTreeMap::new(), creations: Vec::new() },
    vpc_endpoints: Registry { known: BTreeMap::new(), creations: Vec::new() },
    creations: 0,
};

/// An address that was to be kept and is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplacedAddress {
    /// Which.
    pub name: LogicalName,
    /// The public address that it is now.
    pub public_ip: String,
    /// What it was, and when the other one was first seen.
    pub replaced: Replaced,
}

/// What people have to hear first.
impl fmt::Display for ReplacedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, public_ip, replaced } = self;
        write!(
            f,
            "address {name} is {public_ip} since {}, and was {}: whoever allows traffic from the old address has to be told",
            replaced.at.format("%F %H:%M UTC"),
            replaced.public_ip
        )
    }
}

/// So long it is said first of all that an address is another one.
const REPLACED_IS_NEWS: TimeDelta = TimeDelta::days(7);

impl Identities {
    /// Every id by which a NAT gateway of a name is or was known.
    pub fn ids_of_nat_gateway(&self, name: &LogicalName) -> BTreeSet<NatGatewayId> {
        let former = self.former_nat_gateways.get(name).into_iter().flatten();
        former.chain(self.nat_gateways.id_of(name)).cloned().collect()
    }

    /// The addresses that were to be kept and have lately become others.
    pub fn replaced_addresses(&self, now: DateTime<Utc>) -> Vec<ReplacedAddress> {
        let replaced = self.public_addresses.iter().filter_map(|(name, one)| {
            let replaced = one.replaced.clone().filter(|replaced| now - replaced.at < REPLACED_IS_NEWS)?;
            Some(ReplacedAddress { name: name.clone(), public_ip: one.public_ip.clone(), replaced })
        });
        replaced.collect()
    }
}
