//! How many API calls and how much time a night and a morning take as an environment grows.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::time::Duration;

use curfew_core::blueprint::Blueprint;
use curfew_core::model::Target;

use super::Engine;
use super::history::{Spoiled, drive, evening, laid};
use crate::environment::BaseTier;
use crate::in_virtual_time;
use crate::latency::Draw;
use crate::world::Simulation;

/// An environment that is made to be large in one way. One NAT gateway, one task for each service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// So many services without targets.
    Services(usize),
    /// So many services, each with a target group and a rule, as many behind one load balancer as AWS allows.
    ServicesBehindRules(usize),
    /// One service and so many rules that forward to it, on one listener.
    Rules(usize),
}

/// The most rules of a listener, and target groups of a load balancer (facts §2 "Quotas").
const MOST_RULES: usize = 100;
/// As quick as those of the durable example.
const BASE: BaseTier = BaseTier { interval: Duration::from_secs(10), deregistration_delay: Duration::from_secs(15) };

impl Size {
    /// The sizes that are compared.
    pub const ALL: [Self; 11] = [
        Self::Services(1),
        Self::Services(10),
        Self::Services(100),
        Self::Services(1000),
        Self::ServicesBehindRules(1),
        Self::ServicesBehindRules(10),
        Self::ServicesBehindRules(100),
        Self::ServicesBehindRules(1000),
        Self::Rules(1),
        Self::Rules(10),
        Self::Rules(100),
    ];

    /// How many of what it is large in.
    pub fn count(self) -> usize {
        match self {
            Self::Services(count) | Self::ServicesBehindRules(count) | Self::Rules(count) => count,
        }
    }

    /// How many services.
    pub fn services(self) -> usize {
        match self {
            Self::Services(count) | Self::ServicesBehindRules(count) => count,
            Self::Rules(_) => 1,
        }
    }

    /// How many target groups.
    pub fn target_groups(self) -> usize {
        match self {
            Self::Services(_) => 0,
            Self::ServicesBehindRules(count) => count,
            Self::Rules(_) => 1,
        }
    }

    /// How many load balancers.
    pub fn load_balancers(self) -> usize {
        match self {
            Self::Services(_) => 0,
            Self::ServicesBehindRules(count) => count.div_ceil(MOST_RULES),
            Self::Rules(_) => 1,
        }
    }

    /// How many rules.
    pub fn rules(self) -> usize {
        match self {
            Self::Services(_) => 0,
            Self::ServicesBehindRules(count) | Self::Rules(count) => count,
        }
    }

    /// Its blueprint, as a person would write it.
    fn text(self) -> String {
        let mut text = "\
version: 1
environment: dev
region: us-west-2
schedule: Mon-Fri 08:00-20:00 America/New_York
cluster: large
addresses: { egress: {} }
natGateways: { egress: { subnet: subnet-0a, address: egress } }
routes: [{ routeTable: rtb-0a, destination: 0.0.0.0/0, natGateway: egress }]
"
        .to_owned();
        if self.load_balancers() > 0 {
            text.push_str("loadBalancers:\n");
        }
        for number in 0..self.load_balancers() {
            self.write_load_balancer(&mut text, number);
        }
        text.push_str("services:\n");
        for number in 0..self.services() {
            let _ = writeln!(text, "  service-{number:04}: {{ desiredCount: 1, tasks: {{ cpu: 256, memory: 512 }} }}");
        }
        text
    }

    fn write_load_balancer(self, text: &mut String, number: usize) {
        let _ = write!(
            text,
            "  front-{number}:
    scheme: internet-facing
    ipAddressType: ipv4
    subnets: [subnet-0a, subnet-0b]
    securityGroups: [sg-0a]
    listeners:
      80:
        protocol: HTTP
        defaultActions: [{{ type: fixed-response, statusCode: '404' }}]
        rules:
"
        );
        for rule in (number * MOST_RULES..self.rules()).take(MOST_RULES) {
            let service = match self {
                Self::Services(_) | Self::ServicesBehindRules(_) => rule,
                Self::Rules(_) => 0,
            };
            let group = format!(
                "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/service-{service:04}/{service:016x}"
            );
            let _ = writeln!(
                text,
                "          {}: {{ conditions: [{{ field: path-pattern, values: [/{rule}/*] }}], \
                 actions: [{{ type: forward, targetGroups: [{{ arn: '{group}' }}] }}] }}",
                rule % MOST_RULES + 1
            );
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Services(1) => f.write_str("1 service"),
            Self::Services(count) => write!(f, "{count} services"),
            Self::ServicesBehindRules(1) => f.write_str("1 service behind 1 rule"),
            Self::ServicesBehindRules(count) => write!(f, "{count} services behind {count} rules"),
            Self::Rules(1) => f.write_str("1 rule"),
            Self::Rules(count) => write!(f, "{count} rules"),
        }
    }
}

/// What a night or a morning took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// API calls by what they do.
    pub calls: BTreeMap<&'static str, u64>,
    /// From the event to the end of the run.
    pub time: Duration,
}

impl Effort {
    /// All calls.
    pub fn total(&self) -> u64 {
        self.calls.values().sum()
    }
}

/// A night and the morning after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Efforts {
    /// Of which environment.
    pub size: Size,
    /// The night.
    pub night: Effort,
    /// The morning.
    pub morning: Effort,
}

impl Efforts {
    /// How many calls of a kind both took.
    pub fn calls(&self, call: &str) -> u64 {
        [&self.night, &self.morning].into_iter().filter_map(|effort| effort.calls.get(call)).sum()
    }
}

/// Plays a night and a morning of an environment of a size, every duration its median.
///
/// # Errors
/// If a run did not converge.
pub fn efforts(size: Size) -> Result<Efforts, Spoiled> {
    let blueprint = Blueprint::parse(&size.text())
        .map_err(|problems| Spoiled::Broken { engine: Engine::Curfew, what: problems.to_string() })?;
    in_virtual_time(async {
        let simulation = laid(&blueprint, BASE, Draw::Median);
        simulation.advance_to(evening()).await;
        let night = effort(&simulation, &blueprint, Target::Down).await?;
        simulation.advance_to(evening() + chrono::TimeDelta::hours(12)).await;
        let morning = effort(&simulation, &blueprint, Target::Up).await?;
        Ok(Efforts { size, night, morning })
    })
}

async fn effort(simulation: &Simulation, blueprint: &Blueprint, target: Target) -> Result<Effort, Spoiled> {
    let begun = simulation.now();
    simulation.now_inner().calls.clear();
    drive(simulation, blueprint, Engine::Curfew, target).await?;
    let mut calls = simulation.now_inner().calls.clone();
    calls.retain(|_, count| *count > 0);
    Ok(Effort { calls, time: (simulation.now() - begun).to_std().unwrap_or_default() })
}
