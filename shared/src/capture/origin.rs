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
    /// All that a CloudFormation stack made, and the stacks nested in it.
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
        let Some((key, value)) = self.tag() else { return true };
        tags.get(key).is_some_and(|found| match self {
            Self::Stack(root) => found == value || is_nested_in(found, root),
            Self::Vpc(_) | Self::Cluster(_) | Self::Tag { .. } => found == value,
        })
    }
}

/// Whether a stack is nested in another one, however deep. CloudFormation names a nested stack after its parent, the
/// logical ID that it has there and 12 or 13 random characters: `shop-Network-1ABCDEFGHIJKL`. What it makes carries its
/// own name, never the root's.
fn is_nested_in(stack: &str, root: &str) -> bool {
    let Some(rest) = stack.strip_prefix(root).and_then(|rest| rest.strip_prefix('-')) else { return false };
    let words: Vec<&str> = rest.split('-').collect();
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    let is_random = |word: &str| matches!(word.len(), 12 | 13);
    words.iter().all(is_word) && words.chunks(2).all(|pair| pair.get(1).is_some_and(|random| is_random(random)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_stacks_are_followed_and_other_stacks_are_not() {
        let of = |stack: &str| {
            let tags = Tags::from([(STACK_TAG.to_owned(), stack.to_owned())]);
            Origin::Stack("shop".to_owned()).is_on(&tags)
        };
        for nested in ["shop", "shop-Network-1ABCDEFGHIJKL", "shop-Network-1ABCDEFGHIJKL-Vpc-ABCDEFGHIJKL"] {
            assert!(of(nested), "{nested}");
        }
        for other in ["shopping", "shop-", "shop-staging", "shop-Network-1", "shop-Network-1ABCDEFGHIJKL-Vpc", "eshop"]
        {
            assert!(!of(other), "{other}");
        }
        assert!(!Origin::Stack("shop".to_owned()).is_on(&Tags::new()));
    }
}
