//! Where a capture begins.

use std::fmt;

use crate::model::*;
use crate::schedule::Schedule;

/// What an environment is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// All in a VPC.
    Vpc(VpcId),
    /// All in the VPC that a cluster's tasks live in.
    Cluster(ClusterName),
    /// All that a CloudFormation stack made.
    Stack(String),
    /// All that carries a tag.
    Tag {
        /// Its key.
        key: String,
        /// Its value.
        value: String,
    },
}

/// The tag that CloudFormation puts on what a stack makes.
const STACK_TAG: &str = "aws:cloudformation:stack-name";

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Where to begin.
    pub origin: Origin,
    /// The cluster, where several have tasks there.
    pub cluster: Option<ClusterName>,
    /// What the environment is called; else its tags tell.
    pub environment: Option<EnvironmentName>,
    /// Where it is.
    pub region: Region,
    /// When it is to be up: nothing in an account tells that.
    pub schedule: Schedule,
}

impl Origin {
    /// The tag that everything must carry, if the origin is one.
    pub fn tag(&self) -> Option<(&str, &str)> {
        match self {
            Self::Vpc(_) | Self::Cluster(_) => None,
            Self::Stack(name) => Some((STACK_TAG, name)),
            Self::Tag { key, value } => Some((key, value)),
        }
    }

    /// Whether something carries the origin's tag; everything does if that is none.
    pub fn is_on(&self, tags: &Tags) -> bool {
        self.tag().is_none_or(|(key, value)| tags.get(key).is_some_and(|found| found == value))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vpc(id) => write!(f, "the VPC {id}"),
            Self::Cluster(name) => write!(f, "the cluster {name}"),
            Self::Stack(name) => write!(f, "the CloudFormation stack {name}"),
            Self::Tag { key, value } => write!(f, "the tag {key}={value}"),
        }
    }
}
