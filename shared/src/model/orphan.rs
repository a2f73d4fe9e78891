//! What carries the environment's tags and has no place: an orphan that Curfew made and may remove, or something foreign.

use std::fmt;

use serde::Serialize;

use super::identity::{Identities, Mark};
use super::ids::*;
use super::ownership::Owned;
use super::tags::Tags;
use super::tier::{Address, AddressWhileDown};

/// Something that Curfew made and that has no place: a second one of a name, left by a run that was cut off, or one that the
/// blueprint no longer names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Orphan {
    /// A NAT gateway.
    NatGateway {
        /// Which.
        nat_gateway: Owned<NatGatewayId>,
        /// The value of its tag `curfew:name`.
        name: LogicalName,
    },
    /// An elastic IP that nothing holds, and nothing ever has.
    Address(OrphanAddress),
    /// A load balancer.
    LoadBalancer {
        /// Which.
        arn: Owned<LoadBalancerArn>,
        /// What it is called.
        name: LoadBalancerName,
        /// Whether AWS would refuse to delete it.
        protected: bool,
    },
    /// A VPC endpoint: a second one of a name that the blueprint has, or one that could not be made.
    VpcEndpoint {
        /// Which.
        vpc_endpoint: Owned<VpcEndpointId>,
        /// The value of its tag `curfew:name`.
        name: LogicalName,
    },
}

/// An elastic IP that a run allocated and nobody ever used: the answer to its call was lost, or the run was cut off.
///
/// It can only be made by [`OrphanAddress::prove`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrphanAddress {
    allocation: Owned<AllocationId>,
    name: LogicalName,
}

impl OrphanAddress {
    /// Judges an address by what the state remembers: a run wrote down that it would allocate one, this one carries that
    /// creation's mark, it was never used, and it is not the address of any name.
    ///
    /// `copies` is how many addresses carry the mark. While the state does not know which of several is meant, none is.
    pub fn prove(
        identities: &Identities,
        allocation: &Owned<AllocationId>,
        name: &LogicalName,
        tags: &Tags,
        copies: usize,
    ) -> Option<Self> {
        let mark = Mark::of(tags)?;
        let id = allocation.id();
        let creation = identities.addresses.creations.iter().find(|one| one.mark == mark && one.name == *name)?;
        let is_it = creation.id.as_ref().map_or(copies == 1, |made| made == id);
        let is_remembered = identities.addresses.name_of(id).is_some();
        let orphan = Self { allocation: allocation.clone(), name: name.clone() };
        (is_it && !creation.used && !is_remembered).then_some(orphan)
    }

    /// Which.
    pub fn allocation(&self) -> &Owned<AllocationId> {
        &self.allocation
    }

    /// The value of its tag `curfew:name`.
    pub fn name(&self) -> &LogicalName {
        &self.name
    }
}

/// An elastic IP that may be released.
///
/// Made only for an address that the blueprint declares `whileDown: release`, or for one that nobody ever used: there is no
/// way to name one that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Releasable {
    allocation: Owned<AllocationId>,
}

impl Releasable {
    /// The address of a name, if the blueprint says that it is released.
    pub fn declared(declared: &Address, allocation: &Owned<AllocationId>) -> Option<Self> {
        match declared.while_down {
            AddressWhileDown::Release => Some(Self { allocation: allocation.clone() }),
            AddressWhileDown::Keep => None,
        }
    }

    /// Which.
    pub fn id(&self) -> &AllocationId {
        self.allocation.id()
    }
}

impl From<&OrphanAddress> for Releasable {
    fn from(orphan: &OrphanAddress) -> Self {
        Self { allocation: orphan.allocation.clone() }
    }
}

impl fmt::Display for Releasable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.allocation.fmt(f)
    }
}

/// Something that carries a name of the environment and is not what the blueprint means by it. It is told of, and never
/// touched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Foreign {
    /// What it is.
    pub what: ForeignResource,
    /// How it stands to what the blueprint means.
    pub position: ForeignPosition,
}

/// A foreign resource, with the name that it carries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ForeignResource {
    /// An elastic IP.
    Address {
        /// Which.
        allocation: AllocationId,
        /// The address itself.
        public_ip: String,
        /// The value of its tag `curfew:name`.
        name: LogicalName,
    },
    /// A NAT gateway.
    NatGateway {
        /// Which.
        nat_gateway: NatGatewayId,
        /// The value of its tag `curfew:name`.
        name: LogicalName,
    },
    /// A load balancer.
    LoadBalancer {
        /// Which.
        arn: LoadBalancerArn,
        /// What it is called.
        name: LoadBalancerName,
    },
    /// A VPC endpoint.
    VpcEndpoint {
        /// Which.
        vpc_endpoint: VpcEndpointId,
        /// The value of its tag `curfew:name`.
        name: LogicalName,
    },
}

impl ForeignResource {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Self::Address { allocation, .. } => allocation.as_str(),
            Self::NatGateway { nat_gateway, .. } => nat_gateway.as_str(),
            Self::LoadBalancer { arn, .. } => arn.as_str(),
            Self::VpcEndpoint { vpc_endpoint, .. } => vpc_endpoint.as_str(),
        }
    }
}

/// What is said of it: `NAT gateway egress (nat-1)`.
impl fmt::Display for ForeignResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { allocation, public_ip, name } => write!(f, "address {name} ({allocation}, {public_ip})"),
            Self::NatGateway { nat_gateway, name } => write!(f, "NAT gateway {name} ({nat_gateway})"),
            Self::LoadBalancer { arn, name } => write!(f, "load balancer {name} ({arn})"),
            Self::VpcEndpoint { vpc_endpoint, name } => write!(f, "VPC endpoint {name} ({vpc_endpoint})"),
        }
    }
}

/// How something foreign stands to what the blueprint means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForeignPosition {
    /// Beside it, or elsewhere: it hinders nothing.
    Beside,
    /// Where it should be, and it is another one than the one that is remembered: nothing can be made there.
    InItsPlace,
    /// One of several of which nothing says which is meant.
    Contested,
}
