//! EC2 instances: stopped at night, never made and never terminated.

use std::fmt;
use std::net::Ipv4Addr;

use deserr::Deserr;
use serde::Serialize;

use super::ids::InstanceId;
use super::ownership::Ownership;
use super::seen::Seen;
use crate::blueprint::Problems;

/// What becomes of an instance in the morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum InstanceWhileUp {
    /// It is started.
    #[default]
    #[deserr(rename = "running")]
    Running,
    /// It stays stopped: so a recording remembers one that a person had stopped by day.
    #[deserr(rename = "stopped")]
    Stopped,
}

/// An EC2 instance, which is base tier: only whether it runs comes and goes. The blueprint proves by its id that it may
/// be stopped and started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields, error = Problems)]
pub struct Instance {
    /// Its id in EC2.
    pub id: InstanceId,
    /// What becomes of it in the morning.
    #[deserr(default)]
    pub while_up: InstanceWhileUp,
}

/// What EC2 says that an instance is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceState {
    /// It will run.
    Pending,
    /// It runs, and can be stopped.
    Running,
    /// It will be stopped.
    Stopping,
    /// It is stopped, and can be started.
    Stopped,
    /// It is being terminated; never by Curfew.
    ShuttingDown,
    /// It is gone, and stays listed for about an hour.
    Terminated,
}

impl InstanceState {
    /// Reads a state as EC2 writes it; none of a word that its API does not have.
    pub fn read(word: &str) -> Option<Self> {
        let all = [Self::Pending, Self::Running, Self::Stopping, Self::Stopped, Self::ShuttingDown, Self::Terminated];
        all.into_iter().find(|state| state.word() == word)
    }

    /// EC2's own word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::ShuttingDown => "shutting-down",
            Self::Terminated => "terminated",
        }
    }
}

impl fmt::Display for InstanceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// An instance as EC2 describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObservedInstance {
    /// Whose it is.
    pub ownership: Ownership<InstanceId>,
    /// What it is doing.
    pub state: InstanceState,
    /// The public IPv4 address that it loses when it stops; none if it has none or an elastic one.
    pub passing_address: Option<Ipv4Addr>,
    /// Whether routes lead through it: a NAT instance, without which nobody behind it has a way out.
    pub is_way_out: bool,
    /// Why it could not be stopped, or not come back as it was, in words.
    pub unsupported: Vec<String>,
}

impl From<ObservedInstance> for Seen<ObservedInstance> {
    fn from(instance: ObservedInstance) -> Self {
        match instance.state {
            InstanceState::Running | InstanceState::Stopped => Self::Ready(instance),
            InstanceState::Pending | InstanceState::Stopping => Self::Pending(instance),
            InstanceState::ShuttingDown => Self::Leaving(instance),
            InstanceState::Terminated => Self::Absent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ec2_does_not_say_is_no_state() {
        for word in ["", "Running", "rebooting", "hibernated"] {
            assert_eq!(InstanceState::read(word), None, "{word}");
        }
        assert_eq!(InstanceState::read("shutting-down"), Some(InstanceState::ShuttingDown));
    }
}
